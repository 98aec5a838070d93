#!/usr/bin/env bash
# Looks for what must not stand in the repository: paths of one machine, hosts of package registries, references to
# things outside it, what looks like a real token, and tests that do not run. Prints each line found and fails.
#
# Each pattern is written so that it does not match itself: `[.]` for a point, `[f]` for a letter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=0

main() {
  forbid 'paths of one machine' \
    '/[r]oot/|/[w]ork/(main|shared)|/tmp/[t]arget-|/[U]sers/[a-z]+/|/home/[a-z]+/[.](cargo|rustup)'
  forbid 'hosts of package registries (a lock file gets them from one machine: npm --omit-lockfile-registry-resolved)' \
    'registry[.]npmjs|registry[.]yarnpkg|pypi[.]org|files[.]pythonhosted|(static|index)[.]crates[.]io|proxy[.]golang[.]org|[a]rtifactory|"resolved": *"[h]ttp'
  forbid 'references to what is not in the repository' \
    '[.][.]/shared|shared/(design|reference)|\bdesign[.]md\b'
  forbid 'what looks like a real token (an invented one says so: IGAAfakeFAKE...)' \
    '\b(IGAA|IGQV|EAA|THAA)[A-Za-z0-9_-]{60,}' -i 'fake|canary|example|x{8}'
  forbid 'tests that do not run' '^[[:space:]]*#\[[i]gnore' -- '*.rs'
  return "$failed"
}

# forbid WHAT PATTERN [-i HARMLESS] [-- PATHSPEC]: lines that match PATTERN and not HARMLESS are printed and counted.
forbid() {
  local what=$1 pattern=$2 harmless='' found
  shift 2
  if [ "${1:-}" = -i ]; then
    harmless=$2
    shift 2
  fi
  found=$(git grep --untracked -InP -e "$pattern" "$@" || true)
  if [ -n "$harmless" ]; then
    found=$(grep -viE "$harmless" <<<"$found" || true)
  fi
  if [ -n "$found" ]; then
    printf 'forbidden: %s\n%s\n\n' "$what" "$(cut -c 1-200 <<<"$found")" >&2
    failed=1
  fi
}

main "$@"
