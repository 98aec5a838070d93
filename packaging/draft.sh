#!/usr/bin/env bash
# Makes the draft of a release on GitHub, with its notes and files.
#
#   packaging/draft.sh VERSION FOLDER
set -euo pipefail
version=${1:?usage: packaging/draft.sh VERSION FOLDER}
folder=${2:?usage: packaging/draft.sh VERSION FOLDER}

notes=$("$(dirname "${BASH_SOURCE[0]}")/notes.sh" "$version")
flags=(--draft --verify-tag)
# The installers take the latest release that is not marked as one.
[[ $version != *-* ]] || flags+=(--prerelease)
gh release create "v$version" "${flags[@]}" --title "$version" --notes "$notes" "$folder"/*
