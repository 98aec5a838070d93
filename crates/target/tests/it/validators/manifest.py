"""Holds an object, as JSON on stdin, against the schema of Kubernetes: every field must be known and have its type."""
import json
import sys

import kubernetes_validate

kubernetes_validate.validate(json.load(sys.stdin), kubernetes_validate.latest_version(), strict=True)
