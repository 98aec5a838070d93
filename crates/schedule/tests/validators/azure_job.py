"""Reads a job of Azure Container Apps with the classes with which `az containerapp job create --yaml` reads it:
azure_job.py FOLDER FILE. In addition, every field must be known: az drops others without a word."""
import inspect
import sys

import msrest
import yaml

sys.path.insert(0, sys.argv[1])
from job_models import _sdk_models  # noqa: E402

CLASSES = dict(inspect.getmembers(_sdk_models, inspect.isclass))


def check(value, kind):
    if kind[0] == "[":
        assert isinstance(value, list), (value, kind)
        for item in value:
            check(item, kind[1:-1])
    elif kind[0] == "{":
        assert isinstance(value, dict), (value, kind)
        for item in value.values():
            check(item, kind[1:-1])
    elif kind in CLASSES:
        fields = {field["key"]: field["type"] for field in CLASSES[kind]._attribute_map.values()}
        flat = {}
        for name, inner in value.items():
            if name == "properties":
                flat.update({f"properties.{key}": one for key, one in inner.items()})
            else:
                flat[name] = inner
        for name, inner in flat.items():
            assert name in fields, f"no field {name} in {kind}"
            check(inner, fields[name])
    else:
        types = {"str": str, "int": int, "float": (int, float), "bool": bool}
        assert isinstance(value, types[kind]), (value, kind)


with open(sys.argv[2]) as file:
    job = yaml.safe_load(file)
check(job, "ContainerAppsJob")
read = msrest.Deserializer(CLASSES)("ContainerAppsJob", job)
for name, rules in type(read.configuration)._validation.items():
    assert not rules.get("required") or getattr(read.configuration, name) is not None, f"{name} is missing"
