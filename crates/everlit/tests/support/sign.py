"""Signs a call with the library of Standard Webhooks: secret, id and body as arguments, the time now. Prints a JSON object of headers."""
import datetime
import json
import sys

from standardwebhooks.webhooks import Webhook

secret, id, body = sys.argv[1:]
now = datetime.datetime.now(tz=datetime.timezone.utc)
signature = Webhook(secret).sign(id, now, body)
print(json.dumps({"webhook-id": id, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}))
