"""Holds a Cloud Run job against Google's own description of the API: cloud_run.py DESCRIPTION FILE. Every field must be known and
have its type. `gcloud run jobs replace` sends the file as it is."""
import json
import sys

import yaml

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}


def check(value, schema, schemas):
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    assert isinstance(value, TYPES[schema["type"]]), (value, schema)
    assert value in schema.get("enum", [value]), (value, schema)
    if schema.get("format") == "int64":
        int(value)
    if isinstance(value, list):
        for item in value:
            check(item, schema["items"], schemas)
    if isinstance(value, dict):
        for name, inner in value.items():
            known = schema.get("properties", {})
            assert name in known or "additionalProperties" in schema, f"no field {name} in {schema.get('id')}"
            check(inner, known.get(name) or schema["additionalProperties"], schemas)


with open(sys.argv[1]) as description, open(sys.argv[2]) as file:
    check(yaml.safe_load(file), {"$ref": "Job"}, json.load(description)["schemas"])
