#!/usr/bin/env bash
# Installs the validators of schedules that come by pip, for crates/schedule/tests/validators, into "schedule" below
# $EVERLIT_VALIDATORS or target/validators. Does nothing unless a pinned version has changed.
# tools/setup-tests.sh installs the others (crontab, systemd-analyze, xmllint).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=${EVERLIT_VALIDATORS:-$here/../../../../target/validators}/schedule
pins=$(cksum <"$here/requirements.txt")

if [ "$(cat "$to/installed" 2>/dev/null)" = "$pins" ]; then
  exit 0
fi

# Tests may call this at the same time; only one installs.
mkdir -p "$to"
exec 9>"$to/lock"
flock 9
if [ "$(cat "$to/installed" 2>/dev/null)" = "$pins" ]; then
  exit 0
fi
rm -f "$to/installed"
python3 -m venv --clear "$to/python" >&2
"$to/python/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
echo "$pins" >"$to/installed"
