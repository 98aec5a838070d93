#!/usr/bin/env bash
# Runs every fuzz target for SECONDS (default 180). Stops at the first crash and leaves its input in fuzz/artifacts.
#
#   tools/fuzz.sh [SECONDS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-180}
version=0.13.2
tools=${CARGO_TARGET_DIR:-$PWD/target}/tools
PATH=$tools/bin:$PATH

if ! rustup run nightly rustc --version >/dev/null 2>&1; then
  echo "fuzzing needs a nightly compiler: rustup toolchain install nightly --profile minimal" >&2
  exit 1
fi
if ! cargo fuzz --version >/dev/null 2>&1; then
  echo "building cargo-fuzz $version into $tools" >&2
  cargo install cargo-fuzz --locked --quiet --version "$version" --root "$tools"
fi

targets=$(cargo +nightly fuzz list)
[ -n "$targets" ] || { echo "no fuzz targets found" >&2; exit 1; }
for target in $targets; do
  echo "== $target, $seconds s"
  cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" -print_final_stats=0 -verbosity=0
done
