#!/usr/bin/env bash
# Publishes the packages of a release to npm, those of the platforms first: `everlit` must never name one that is not there.
# What an interrupted run has published is left out.
#
#   packaging/publish-npm.sh VERSION FOLDER
#
# NPM: the version of npm to use; without it, the one that is installed.
set -euo pipefail
version=${1:?usage: packaging/publish-npm.sh VERSION FOLDER}
folder=${2:?usage: packaging/publish-npm.sh VERSION FOLDER}

npm=(npm)
[ -z "${NPM:-}" ] || npm=(npx --yes "npm@$NPM")
# `npm install everlit` takes what is tagged `latest`: never a prerelease.
tag=latest
[[ $version != *-* ]] || tag=next

for package in "$folder"/everlit-{linux,darwin,win32}-*.tgz "$folder/everlit-$version.tgz"; do
  name=$(tar -xzOf "$package" package/package.json | jq -r .name)
  if [ "$(npm view "$name@$version" version 2>/dev/null)" = "$version" ]; then
    echo "$name $version is there already"
  else
    "${npm[@]}" publish "./${package#./}" --tag "$tag" --provenance --access public
  fi
done
