"""Calls AWS with its own client: the URL as argument, [[service, method, parameters], ...] on stdin. Prints the answers."""
import json
import sys

import boto3

session = boto3.Session("AKIAFAKE", "fake", region_name="eu-central-1")
answers = []
for service, method, parameters in json.load(sys.stdin):
    client = session.client(service, endpoint_url=sys.argv[1])
    answers.append(getattr(client, method)(**parameters))
print(json.dumps(answers, default=str))
