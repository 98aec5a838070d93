#!/usr/bin/env bash
# Strikes at `everlit serve`, its database and its disks, and compares the books afterwards: see docs/chaos.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for program in /usr/bin/patroni /usr/bin/etcd /usr/sbin/pgbouncer; do
  [ -x "$program" ] || case " $* " in
    *" --alone "*) ;;
    *)
      echo "$program is missing: apt-get install patroni etcd-server pgbouncer postgresql; or run it with ARGS=--alone" >&2
      exit 2
      ;;
  esac
done
cargo build --locked --quiet --release --package everlit
exec cargo run --locked --quiet --release --package everlit-bench --bin chaos -- \
  --program "${CARGO_TARGET_DIR:-target}/release/everlit" "$@"
