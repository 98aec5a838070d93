# shellcheck shell=sh
# Sources every case, in the shell that runs this: <cases>/<n>/.env gives <out>/<n>, what `env -0` prints afterwards.
# There is no PATH, so a line that is a command starts no program.
cases=$1
out=$2
mkdir -p "$out"
env=$(command -v env)
# shellcheck disable=SC2123 # on purpose, see above
PATH=/nonexistent
for case in "$cases"/*; do
  (
    trap '"$env" -0 >"$out/${case##*/}"' EXIT
    set -a
    # shellcheck disable=SC1091 # a case
    . "$case/.env"
    set +a
  ) </dev/null >/dev/null 2>&1
done
# What the last case ended in says nothing about the run.
true
