"""Cuts the API specifications of GitHub, Netlify and Google down to the calls that everlit makes, so that they load fast:
specs.py NODE_MODULES DISCOVERY_DOCUMENTS OUT."""
import json
import pathlib
import sys

modules, documents, out = map(pathlib.Path, sys.argv[1:])
out.mkdir(exist_ok=True)


def keep(spec, paths):
    spec["paths"] = {path: spec["paths"][path] for path in paths}
    return spec


def write(name, spec):
    (out / name).write_text(json.dumps(spec))


secrets = ("/repos/{owner}/{repo}/actions/secrets", "/repos/{owner}/{repo}/environments/{environment_name}/secrets", "/orgs/{org}/actions/secrets")
paths = [place + end for place in secrets for end in ("/public-key", "/{secret_name}")]
paths += ["/orgs/{org}/actions/secrets/{secret_name}/repositories", "/repos/{owner}/{repo}"]
paths += ["/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches"]
github = json.loads((modules / "@octokit/openapi/generated/api.github.com.deref.json").read_text())
github = keep({name: github[name] for name in ("openapi", "info", "paths")}, paths)
# These answers have dozens of fields, of which everlit reads one: only the calls are held against the specification.
for path in ("/repos/{owner}/{repo}", "/orgs/{org}/actions/secrets/{secret_name}/repositories"):
    del github["paths"][path]["get"]["responses"]["200"]["content"]
write("github.json", github)

netlify = json.loads((modules / "@netlify/open-api/dist/swagger.json").read_text())
accounts = ["/accounts/{account_id}/env", "/accounts/{account_id}/env/{key}"]
netlify = keep(netlify, [*accounts, "/sites/{site_id}", "/sites/{site_id}/builds"])
# Prism looks for the paths at the root.
base = netlify.pop("basePath")
netlify["paths"] = {base + path: calls for path, calls in netlify["paths"].items()}
write("netlify.json", netlify)

write("google.json", json.loads((documents / "secretmanager.v1.json").read_text()))
