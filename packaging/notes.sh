#!/usr/bin/env bash
# Prints what CHANGELOG.md says about a version, for its release; fails if it says nothing.
#
#   packaging/notes.sh VERSION
set -euo pipefail
version=${1:?usage: packaging/notes.sh VERSION}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

notes=$(awk -v head="## [$version]" '
  index($0, "## [") == 1 { inside = index($0, head) == 1; next }
  /^\[[^]]*\]: / { next }
  inside' "${CHANGELOG:-CHANGELOG.md}")
if [ -z "${notes//[[:space:]]/}" ]; then
  echo "CHANGELOG.md says nothing about $version: it needs a section \"## [$version] - YYYY-MM-DD\"" >&2
  exit 1
fi
sed -e '/./,$!d' <<<"$notes"
