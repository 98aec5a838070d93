#!/usr/bin/env bash
# Joins the images of both platforms under one name, and prints its digest.
#
#   packaging/image-index.sh IMAGE VERSION
#
# GITHUB_ACTOR, GH_TOKEN: who logs in to the registry.
set -euo pipefail
image=${1:?usage: packaging/image-index.sh IMAGE VERSION}
version=${2:?usage: packaging/image-index.sh IMAGE VERSION}

docker login "${image%%/*}" --username "$GITHUB_ACTOR" --password-stdin <<<"$GH_TOKEN" >&2
tags=(--tag "$image:$version")
# A version such as 1.2.3-rc.1 is nobody's latest.
[[ $version == *-* ]] || tags+=(--tag "$image:latest")
docker buildx imagetools create "${tags[@]}" "$image:$version-amd64" "$image:$version-arm64" >&2
digest=$(docker buildx imagetools inspect "$image:$version" --format '{{json .Manifest.Digest}}' | tr -d '"')
if [[ $digest != sha256:* ]]; then
  echo "the registry gives no digest for $image:$version" >&2
  exit 1
fi
echo "$digest"
