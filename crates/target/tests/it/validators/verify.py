"""Verifies a signed webhook with the library of Standard Webhooks: {"secret", "headers", "body"} on stdin, the time of the call
as argument."""
import datetime
import json
import sys

import standardwebhooks.webhooks as library


class Then(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(int(sys.argv[1]), tz)


library.datetime = Then
call = json.load(sys.stdin)
print(json.dumps(library.Webhook(call["secret"]).verify(call["body"], call["headers"])))
