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

# `cargo test` prints a summary per test program: add them up.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
cargo test "${what[@]}" --no-fail-fast 2>&1 | tee "$log" || status=$?
echo
grep -E '^test .* FAILED$|^error: ' "$log" || true
awk '/^test result:/ { passed += $4; failed += $6; programs++ }
  END { printf "Summary: %d tests passed, %d failed, in %d test programs\n", passed, failed, programs }' "$log"
exit "$status"
