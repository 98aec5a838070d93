#!/usr/bin/env bash
# Fails on lines that must not be in the repository, and prints them: paths of one machine, hosts of package registries,
# references to files outside it, what looks like a real token, tests that do not run, long names, and private words.
#
# Each pattern is written so that it does not match itself: `[.]` for a dot, `[f]` for a letter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=0

main() {
  forbid 'paths of one machine' \
    '/[r]oot/|/[w]ork/(main|shared)|/tmp/[t]arget-|/[U]sers/[a-z]+/|/home/[a-z]+/[.](cargo|rustup)'
  forbid 'hosts of package registries (leave them out of lock files: npm --omit-lockfile-registry-resolved)' \
    'registry[.]npmjs|registry[.]yarnpkg|pypi[.]org|files[.]pythonhosted|(static|index)[.]crates[.]io|proxy[.]golang[.]org|[a]rtifactory|"resolved": *"[h]ttp'
  forbid 'references to files outside the repository' \
    '[.][.]/shared|shared/(design|reference)|\bdesign[.]md\b'
  forbid 'what looks like a real token (write fake ones like IGAAfakeFAKE...)' \
    '\b(IGAA|IGQV|EAA|THAA)[A-Za-z0-9_-]{60,}' -i 'fake|canary|example|x{8}'
  forbid 'tests that do not run' '^[[:space:]]*#\[[i]gnore' -- '*.rs'
  forbid 'names of tests and functions with more than 60 characters' '\bfn [a-z0-9_]{61,}\b' -- '*.rs'
  forbid 'private words as names in code (CONTRIBUTING.md has the words we use)' \
    '\b(Plight|Trouble|Happening|Setback|Standing|Told|Mailbag|Unadvised|Patient|Discretion|Telling|looked_at|become_owner_of|passed_on)\b' \
    -i ':[[:space:]]*//' -- '*.rs'
  return "$failed"
}

# forbid WHAT PATTERN [-i HARMLESS] [-- PATHSPEC]: fails on lines that match PATTERN but not HARMLESS, and prints them.
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
