"""AWS on this machine. Prints its URL; then calls it with AWS's own client: a line [[service, method, parameters], ...] on stdin is
answered with a line. Ends with stdin."""
import functools
import json
import logging
import sys

import boto3
from moto.core.config import default_user_config
from moto.secretsmanager.models import FakeSecret
from moto.server import ThreadedMotoServer

# A function of Lambda is there and does nothing: tests call everlit in its place.
default_user_config["lambda"] = {"use_docker": False}


def in_use(secret):
    return next((id for id, version in secret.versions.items() if "AWSCURRENT" in version["version_stages"]), None)


# moto does not notice that a label has been moved.
FakeSecret.default_version_id = property(in_use, lambda secret, version: None)
# Nobody reads what it logs.
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
url = "http://{}:{}".format(*server.get_host_and_port())
print(url, flush=True)

session = boto3.Session("AKIAFAKE", "fake", region_name="eu-central-1")
client = functools.cache(lambda service: session.client(service, endpoint_url=url))
for line in sys.stdin:
    answers = [getattr(client(service), method)(**parameters) for service, method, parameters in json.loads(line)]
    print(json.dumps(answers, default=str), flush=True)
