#!/usr/bin/env bash
# Installs the programs that judge schedules and come by pip, for crates/schedule/tests/validators.
# Where to: schedule in $EVERLIT_VALIDATORS, or in target/validators of the workspace. Runs again only if a pinned version changes.
# The others (crontab, systemd-analyze, xmllint) are the machine's; tools/setup-tests.sh installs them.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=${EVERLIT_VALIDATORS:-$here/../../../../target/validators}/schedule
pins=$(cksum <"$here/requirements.txt")

if [ "$(cat "$to/installed" 2>/dev/null)" = "$pins" ]; then
  exit 0
fi

# Tests may ask at the same time; one installs.
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
