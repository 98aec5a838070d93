#!/usr/bin/env bash
# Runs the version of cargo-deny that deny.toml is written for. Builds it into target/tools on first use (some minutes).
#
#   tools/cargo-deny.sh check bans licenses sources
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=0.20.2
tools=${CARGO_TARGET_DIR:-target}/tools

for candidate in "$tools/bin/cargo-deny" "$(command -v cargo-deny || true)"; do
  if [ "$("$candidate" --version 2>/dev/null)" = "cargo-deny $version" ]; then
    exec "$candidate" "$@"
  fi
done

echo "building cargo-deny $version into $tools" >&2
cargo install cargo-deny --locked --quiet --version "$version" --root "$tools"
exec "$tools/bin/cargo-deny" "$@"
