#!/usr/bin/env bash
# Installs what receivers of tokens use: libsodium's sealed boxes as GitHub opens them, the verifier of Standard Webhooks,
# Google's library for tokens, the schemas of Kubernetes; Prism, which holds calls against the API specifications of GitHub and
# Netlify; Vercel's own client; moto, which stands in for AWS, with AWS's own client.
# Target: $EVERLIT_VALIDATORS/target, or target/validators/target. Does nothing unless a pinned version has changed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=${EVERLIT_VALIDATORS:-$here/../../../../../target/validators}/target
# Only its descriptions of the APIs are used.
google_client=google-api-python-client==2.202.0
pins=$(cat "$here/package-lock.json" "$here/requirements.txt" "$here/specs.py" "${BASH_SOURCE[0]}" | cksum)

if [ "$(cat "$to/installed" 2>/dev/null)" = "$pins" ]; then
  exit 0
fi
for tool in node npm python3; do
  command -v "$tool" >/dev/null || { echo "setup.sh: $tool is needed to run the validators, and is not installed" >&2; exit 1; }
done
mkdir -p "$to"
to=$(cd "$to" && pwd)
rm -f "$to/installed"
python3 -m venv --clear "$to/python" >&2
"$to/python/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
cp "$here/package.json" "$here/package-lock.json" "$to/"
npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund --loglevel=error >&2

documents=$(mktemp -d)
trap 'rm -rf "$documents"' EXIT
"$to/python/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$documents" "$google_client" >&2
"$to/python/bin/python" "$here/specs.py" "$to/node_modules" "$documents/googleapiclient/discovery_cache/documents" "$to/specs"
# Hundreds of megabytes, of which the specifications hold what is used.
rm -rf "$to/node_modules/@octokit"
echo "$pins" >"$to/installed"
