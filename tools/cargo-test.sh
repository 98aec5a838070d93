#!/usr/bin/env bash
# Runs `cargo test` with these arguments and ends with the number of tests that passed and failed.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
cargo test --no-fail-fast "$@" 2>&1 | tee "$log" || status=$?
# A summary per test program: add them up.
echo
grep -E '^test .* FAILED$|^error: ' "$log" || true
awk '/^test result:/ { passed += $4; failed += $6; programs++ }
  END { printf "Summary: %d tests passed, %d failed, in %d test programs\n", passed, failed, programs }' "$log"
exit "$status"
