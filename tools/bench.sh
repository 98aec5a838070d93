#!/usr/bin/env bash
# Builds everlit as it is released and measures it. Linux releases are linked against musl; `make setup` installs the
# library. Without it, the measured program is linked against the system's libc and starts more slowly.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${CARGO_TARGET_DIR:-target}
options=(--locked --quiet --release -p everlit -p everlit-bench)
musl=$(uname -m)-unknown-linux-musl
if [ "$(uname -s)" = Linux ] && [ -d "$(rustc --print target-libdir --target "$musl")" ]; then
  options+=(--target "$musl")
  folder+=/$musl
fi
cargo build "${options[@]}"
exec "$folder/release/everlit-bench" "$@"
