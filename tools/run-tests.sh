#!/usr/bin/env bash
# Runs every test and ends with the count of what passed and failed. With cargo-nextest where that is installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The same tree gets the same verdict every day; `make fuzz` is what looks for new cases.
export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261123}
what=(--workspace --all-features --locked)

if cargo nextest --version >/dev/null 2>&1; then
  # nextest does not run the examples in the documentation; they go first, so that its summary stands last.
  cargo test "${what[@]}" --doc --quiet
  exec cargo nextest run "${what[@]}" --no-fail-fast
fi

# `cargo test` counts each program by itself: add up.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
cargo test "${what[@]}" --no-fail-fast 2>&1 | tee "$log" || status=$?
echo
grep -E '^test .* FAILED$|^error: ' "$log" || true
awk '/^test result:/ { passed += $4; failed += $6; programs++ }
  END { printf "Summary: %d tests passed, %d failed, in %d test programs\n", passed, failed, programs }' "$log"
exit "$status"
