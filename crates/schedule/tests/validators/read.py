"""Reads the files that are named and prints what each holds, as one JSON list: property lists and YAML."""
import json
import plistlib
import sys

import yaml


def read(path):
    with open(path, "rb") as file:
        return plistlib.load(file) if path.endswith(".plist") else yaml.safe_load(file)


json.dump([read(path) for path in sys.argv[1:]], sys.stdout, default=str)
