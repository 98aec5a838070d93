#!/usr/bin/env bash
# Serves a hundred made-up accounts in a PostgreSQL of its own, which ends with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

port=${PORT:-54329}

main() {
  # Some of these folders do not exist, which find calls a failure.
  bin=$({ find /usr/lib/postgresql /usr/local/opt/postgresql* /opt/homebrew/opt/postgresql* -maxdepth 3 -name initdb 2>/dev/null || true; } | sort | tail -1)
  bin=${bin:-$(command -v initdb || true)}
  [ -n "$bin" ] || die "PostgreSQL is missing: apt-get install postgresql, or brew install postgresql"
  bin=$(dirname "$bin")
  # A release takes minutes to build, and a demo is not measured.
  cargo build --locked --quiet --package everlit
  folder=$(mktemp -d)
  chmod 755 "$folder"
  # Neither `bin` nor `folder` is local: this runs when main has ended.
  trap 'as_server "$bin/pg_ctl" -D "$folder/data" -m fast stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
  fi
  as_server "$bin/initdb" --no-sync --auth=trust --username=postgres -D "$folder/data" >/dev/null
  as_server "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
    -o "-p $port -k $folder -c listen_addresses=127.0.0.1" start >/dev/null
  "$bin/createdb" -h 127.0.0.1 -p "$port" -U postgres everlit
  "${CARGO_TARGET_DIR:-target}/debug/everlit" --vault "postgres://postgres@127.0.0.1:$port/everlit?sslmode=disable" serve --demo
}

# PostgreSQL refuses to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
  else
    "$@"
  fi
}

die() {
  echo "$1" >&2
  exit 2
}

main
