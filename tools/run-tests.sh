#!/usr/bin/env bash
# Runs every test and ends with the number of tests that passed and failed. Uses cargo-nextest if it is installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The same tree gives the same result every day; `make fuzz` looks for new cases.
export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261123}
what=(--workspace --all-features --locked)

if cargo nextest --version >/dev/null 2>&1; then
  # nextest does not run doc tests. They run first, so that its summary comes last.
  cargo test "${what[@]}" --doc --quiet
  exec cargo nextest run "${what[@]}" --no-fail-fast
fi

exec tools/cargo-test.sh "${what[@]}"
