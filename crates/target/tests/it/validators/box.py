"""A holder of a key for sealed boxes: without arguments it prints a new key pair, with a private key it opens the box on stdin."""
import base64
import json
import sys

from nacl.public import PrivateKey, SealedBox

if len(sys.argv) == 1:
    key = PrivateKey.generate()
    pair = {"private": key.encode(), "public": key.public_key.encode()}
    print(json.dumps({name: base64.b64encode(value).decode() for name, value in pair.items()}))
else:
    key = PrivateKey(base64.b64decode(sys.argv[1]))
    print(SealedBox(key).decrypt(base64.b64decode(sys.stdin.read())).decode(), end="")
