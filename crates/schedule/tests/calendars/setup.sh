#!/usr/bin/env bash
# Installs croniter for crates/schedule/tests/calendars.rs into "calendars" below $EVERLIT_VALIDATORS or target/validators.
# Does nothing unless the pinned version has changed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=${EVERLIT_VALIDATORS:-$here/../../../../target/validators}/calendars
pins=$(cksum <"$here/requirements.txt")

if [ "$(cat "$to/installed" 2>/dev/null)" = "$pins" ]; then
  exit 0
fi
command -v python3 >/dev/null || { echo "setup.sh: python3 is not installed, but is needed to check cron expressions" >&2; exit 1; }

mkdir -p "$to"
rm -f "$to/installed"
python3 -m venv --clear "$to/python" >&2
"$to/python/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
echo "$pins" >"$to/installed"
