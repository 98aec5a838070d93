#!/usr/bin/env bash
# Installs the Next.js site that tests put everlit into, with its dependencies, and builds it.
# Where to: nextjs in Cargo's target folder. Runs again only if a file of the site changes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=${CARGO_TARGET_DIR:-$here/../../../../target}/nextjs
site=$(cd "$here" && cat package.json package-lock.json app/* | cksum)

for tool in node npm; do
  command -v "$tool" >/dev/null || { echo "setup.sh: $tool is needed to build the Next.js site, and is not installed" >&2; exit 1; }
done
if [ "$(cat "$to.installed" 2>/dev/null)" = "$site" ]; then
  exit 0
fi

echo "setup: installing and building the Next.js site of the tests (350 MB)" >&2
rm -rf "$to" "$to.installed"
mkdir -p "$to"
cp -R "$here/package.json" "$here/package-lock.json" "$here/app" "$to/"
# Not `npm ci`: the lock file knows Linux alone, and npm would refuse it for the platforms that are missing.
npm install --prefix "$to" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
(cd "$to" && NEXT_TELEMETRY_DISABLED=1 npm run --silent build) >"$to.log" 2>&1 || { cat "$to.log" >&2; exit 1; }
echo "$site" >"$to.installed"
