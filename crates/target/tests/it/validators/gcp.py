"""Judges calls to Google's Secret Manager. `gcp.py key` prints the key of a service account, with its public half as `public`.
`gcp.py calls` reads {"public", "specification", "now", "calls": [{"method", "target", "authorization", "body"}]} and fails unless Google's
own library accepts each token, and Google's description of the API each call."""
import datetime
import json
import pathlib
import re
import sys
import urllib.parse

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import _helpers, jwt


def key():
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM
    private_pem = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public_pem = private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {
        "type": "service_account",
        "client_email": "everlit@bakery-1.iam.example",
        "private_key_id": "fake1",
        "private_key": private_pem.decode(),
        "public": public_pem.decode(),
    }


def methods(resource):
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods(inner)


def check_body(body, schema, schemas):
    """Every field is one of the schema's and has its type."""
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    types = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    assert isinstance(body, types[schema["type"]]), (body, schema)
    if schema.get("format") == "int64":
        int(body)
    if isinstance(body, list):
        for item in body:
            check_body(item, schema["items"], schemas)
    if isinstance(body, dict):
        for name, value in body.items():
            assert name in schema["properties"], f"no field {name} in {schema['id']}"
            check_body(value, schema["properties"][name], schemas)


def check_call(call, document):
    path, _, query = call["target"].partition("?")
    path = urllib.parse.unquote(path).lstrip("/")

    def is_this(method):
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/:]+", re.escape(method["flatPath"]))
        return method["httpMethod"] == call["method"] and re.fullmatch(pattern, path)

    found = [method for method in methods(document) if is_this(method)]
    assert len(found) == 1, f"{len(found)} methods for {call['method']} {path}"
    for name in urllib.parse.parse_qs(query, strict_parsing=bool(query)):
        assert found[0]["parameters"][name]["location"] == "query", name
    assert bool(call["body"]) == ("request" in found[0]), f"a body for {found[0]['id']}?"
    if call["body"]:
        check_body(json.loads(call["body"]), found[0]["request"], document["schemas"])


def check_token(authorization, case):
    scheme, _, token = authorization.partition(" ")
    assert scheme == "Bearer", scheme
    now = datetime.datetime.fromtimestamp(case["now"], datetime.timezone.utc)
    _helpers.utcnow = lambda: now.replace(tzinfo=None)
    claims = jwt.decode(token, certs={"fake1": case["public"]})
    assert claims["iss"] == claims["sub"] == "everlit@bakery-1.iam.example", claims
    # Google refuses both at once: <https://google.aip.dev/auth/4111>.
    assert "scope" in claims and "aud" not in claims, claims

if sys.argv[1] == "key":
    print(json.dumps(key()))
else:
    case = json.load(sys.stdin)
    document = json.loads(pathlib.Path(case["specification"]).read_text())
    for call in case["calls"]:
        check_token(call["authorization"], case)
        check_call(call, document)
