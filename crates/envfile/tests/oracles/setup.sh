#!/usr/bin/env bash
# Installs the .env parsers that projects use, for crates/envfile/tests/oracles.rs.
# Where to: $EVERLIT_ORACLES, or target/oracles of the workspace. Runs again only if a pinned version changes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=${EVERLIT_ORACLES:-$here/../../../../target/oracles}
pins=$(cat "$here/package-lock.json" "$here/requirements.txt" | cksum)

for tool in node npm python3 bash dash; do
  command -v "$tool" >/dev/null || { echo "setup.sh: $tool is needed to run the .env parsers, and is not installed" >&2; exit 1; }
done
if [ "$(cat "$to/installed" 2>/dev/null)" = "$pins" ]; then
  exit 0
fi

mkdir -p "$to"
rm -f "$to/installed"
cp "$here/package.json" "$here/package-lock.json" "$to/"
npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
python3 -m venv --clear "$to/python" >&2
"$to/python/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
echo "$pins" >"$to/installed"
