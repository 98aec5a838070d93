"""Signs requests as AWS's own client does: [{"url", "headers", "body", "region", "service", "id", "secret", "token"}, ...] on stdin.
Prints the headers Authorization, one a line."""
import datetime
import json
import sys

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

for call in json.load(sys.stdin):
    then = datetime.datetime.strptime(call["headers"].pop("x-amz-date"), botocore.auth.SIGV4_TIMESTAMP)
    botocore.auth.get_current_datetime = lambda *_, **__: then
    request = AWSRequest("POST", call["url"], call["headers"], call["body"])
    credentials = Credentials(call["id"], call["secret"], call["token"])
    botocore.auth.SigV4Auth(credentials, call["service"], call["region"]).add_auth(request)
    print(request.headers["Authorization"])
