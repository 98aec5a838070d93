"""Verifies a signed webhook with the library of Standard Webhooks: {"secret", "headers", "body"} on stdin, the result on stdout."""
import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

call = json.load(sys.stdin)
try:
    data = Webhook(call["secret"]).verify(call["body"], call["headers"])
    print(json.dumps({"accepted": True, "type": data["type"]}))
except WebhookVerificationError as error:
    print(json.dumps({"accepted": False, "why": str(error)}))
