#!/usr/bin/env bash
# Installs the validators of schedules that come by pip and npm, for crates/schedule/tests/validators, into "schedule" below
# $EVERLIT_VALIDATORS or target/validators: also Google's description of Cloud Run, and what Azure's command line takes for a
# job. Does nothing unless a pinned version has changed. tools/setup-tests.sh installs the others (crontab, systemd-analyze,
# xmllint).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=${EVERLIT_VALIDATORS:-$here/../../../../target/validators}/schedule
google_client=google-api-python-client==2.202.0
azure_cli=azure-cli==2.91.0
pins=$(cat "$here/requirements.txt" "$here/package-lock.json" "${BASH_SOURCE[0]}" | cksum)

if [ "$(cat "$to/installed" 2>/dev/null)" = "$pins" ]; then
  exit 0
fi

# Tests may call this at the same time; only one installs.
mkdir -p "$to"
to=$(cd "$to" && pwd)
exec 9>"$to/lock"
flock 9
if [ "$(cat "$to/installed" 2>/dev/null)" = "$pins" ]; then
  exit 0
fi
rm -f "$to/installed"
pip() {
  "$to/python/bin/python" -m pip --quiet --disable-pip-version-check "$@" >&2
}
python3 -m venv --clear "$to/python" >&2
pip install -r "$here/requirements.txt"
cp "$here/package.json" "$here/package-lock.json" "$to/"
npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund --loglevel=error >&2

# Hundreds of megabytes, of which a few files are used.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
pip download --no-deps --dest "$scratch" "$google_client" "$azure_cli"
"$to/python/bin/python" - "$scratch" "$to" <<'END'
import pathlib
import sys
import zipfile

wheels, to = map(pathlib.Path, sys.argv[1:])
WANTED = {
    "googleapiclient/discovery_cache/documents/run.v1.json": "google/run.v1.json",
    "azure/cli/command_modules/containerapp/_sdk_models.py": "azure/job_models/_sdk_models.py",
    "azure/cli/command_modules/containerapp/_sdk_enums.py": "azure/job_models/_sdk_enums.py",
}
for wheel in wheels.glob("*.whl"):
    with zipfile.ZipFile(wheel) as files:
        for name in WANTED.keys() & set(files.namelist()):
            target = to / WANTED.pop(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(files.read(name))
assert not WANTED, WANTED
END
echo "$pins" >"$to/installed"
