#!/usr/bin/env bash
# Installs what receivers of tokens use: libsodium's sealed boxes as GitHub opens them, and the verifier of Standard Webhooks.
# Target: $EVERLIT_VALIDATORS/target, or target/validators/target. Does nothing unless a pinned version has changed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=${EVERLIT_VALIDATORS:-$here/../../../../../target/validators}/target
pins=$(cat "$here/requirements.txt" "${BASH_SOURCE[0]}" | cksum)

if [ "$(cat "$to/installed" 2>/dev/null)" = "$pins" ]; then
  exit 0
fi
mkdir -p "$to"
to=$(cd "$to" && pwd)
rm -f "$to/installed"
python3 -m venv --clear "$to/python" >&2
"$to/python/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
echo "$pins" >"$to/installed"
