#!/usr/bin/env bash
# Times README's three commands in a new Node project, from npm install to a scheduled refresh. Linux with Node.
#
# The packages are built from this tree and installed from files, so no download is timed. Meta is the sandbox, and the
# crontab is a file, so that this machine's own stays as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
target=${CARGO_TARGET_DIR:-$root/target}

work=$(mktemp -d)
started=()
end() {
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  rm -rf "$work"
}
trap end EXIT

main() {
  cargo build --locked --quiet --release -p everlit
  local platform=linux-x64
  [ "$(uname -m)" = x86_64 ] || platform=linux-arm64
  cargo run --locked --quiet -p xtask -- npm --version 0.0.0 --binary "$platform=$target/release/everlit" --out "$work/packages"
  (cd "$work/packages" && npm pack --silent "./everlit" "./$platform" >/dev/null)

  machine
  sandbox
  mkdir "$work/site" && cd "$work/site"
  echo '{ "name": "site", "private": true }' >package.json

  local first
  first=$(now)
  timed "npm install --save-dev everlit" npm install --save-dev --offline --no-audit --no-fund --silent "$work"/packages/*.tgz
  timed "npx everlit connect" npx --no everlit connect --stdin <"$work/token"
  timed "npx everlit schedule install" npx --no everlit schedule install --with cron
  echo "all three                       $(seconds "$first" "$(now)") s"
}

timed() {
  local what=$1 before status=0
  shift
  before=$(now)
  "$@" >"$work/output" 2>&1 || status=$?
  printf '%-31s %s s\n' "$what" "$(seconds "$before" "$(now)")"
  if [ "$status" -ne 0 ]; then
    cat "$work/output" >&2
    exit "$status"
  fi
}

# Fakes cron: a crontab in a file, and a process named cron.
machine() {
  mkdir "$work/bin"
  cat >"$work/bin/crontab" <<EOF
#!/bin/sh
case "\$*" in
  -l) cat "$work/table" 2>/dev/null || { echo "no crontab for you" >&2; exit 1; } ;;
  -) cat >"$work/table" ;;
esac
EOF
  chmod 755 "$work/bin/crontab"
  ln -s "$(command -v sleep)" "$work/bin/cron"
  "$work/bin/cron" 600 &
  started+=($!)
  export PATH=$work/bin:$PATH
}

# Starts the sandbox and gets a token that is 10 days old.
sandbox() {
  mkfifo "$work/said"
  "$target/release/everlit" sandbox --friendly --port 0 >"$work/said" 2>&1 &
  started+=($!)
  exec 3<"$work/said"
  local line
  read -r line <&3
  export EVERLIT_META_URL=${line#Sandbox on }
  echo "EVERLIT_META_URL=$EVERLIT_META_URL" >"$work/table"
  curl --silent --fail -H 'content-type: application/json' -d '{"kind": "instagram", "age_days": 10}' \
    "$EVERLIT_META_URL/_sandbox/tokens" | grep -o 'IGAA[A-Za-z0-9_-]*' | head -n 1 >"$work/token"
}

now() { date +%s%N; }

seconds() { awk -v from="$1" -v to="$2" 'BEGIN { printf "%.1f", (to - from) / 1e9 }'; }

main
