#!/usr/bin/env bash
# Installs a published version from npm in a new folder and runs it. A new version takes a while to be seen everywhere.
#
#   packaging/try-npm.sh VERSION
#
# PAUSE: seconds between two attempts; without it, 30.
set -euo pipefail
version=${1:?usage: packaging/try-npm.sh VERSION}

cd "$(mktemp -d)"
npm init --yes >/dev/null
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  if npm install "everlit@$version"; then break; fi
  echo "attempt $attempt found no everlit $version"
  sleep "${PAUSE:-30}"
done
test "$(npx --no -- everlit --version)" = "everlit $version"
npx --no -- everlit demo --fast
