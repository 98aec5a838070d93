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

# Not as they are released: that takes minutes longer to build, and is hardly faster.
cargo build --locked --quiet --profile chaos --package everlit --package everlit-bench --bin everlit --bin chaos
folder=${CARGO_TARGET_DIR:-target}/chaos
strike=("$folder/chaos" --program "$PWD/$folder/everlit")
case $folder in /*) strike=("$folder/chaos" --program "$folder/everlit") ;; esac

# Root can give each worker a small disk that fills up. Whatever is started or mounted ends with the run. The shell is the first
# process, which has to take note of the end of all others, as Patroni needs.
if [ "$(id -u)" = 0 ] && unshare --mount --pid --fork --mount-proc true 2>/dev/null; then
  exec unshare --mount --pid --fork --kill-child --mount-proc bash -c '"$@"; exit $?' bash "${strike[@]}" --small-disks "$@"
fi
exec "${strike[@]}" "$@"
