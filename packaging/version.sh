#!/usr/bin/env bash
# Prints the version to release. Fails if the tag names another one, or if the changelog says nothing about it.
#
#   packaging/version.sh TAG
set -euo pipefail
tag=${1:?usage: packaging/version.sh TAG}

version=$(cargo metadata --locked --no-deps --format-version 1 | jq -r '.packages[] | select(.name == "everlit").version')
if [ "v$version" != "$tag" ]; then
  echo "the tag is $tag, but Cargo.toml says $version" >&2
  exit 1
fi
"$(dirname "${BASH_SOURCE[0]}")/notes.sh" "$version" >&2
echo "$version"
