#!/usr/bin/env bash
# Runs shellcheck on every shell script of the repository, found by its name or first line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts=()
while IFS= read -r file; do
  [ -f "$file" ] || continue
  case "$file" in
    *.sh) scripts+=("$file") ;;
    *) if head -n 1 "$file" | grep -aqE '^#!.*\b(ba|da)?sh\b'; then scripts+=("$file"); fi ;;
  esac
done < <(git ls-files --cached --others --exclude-standard)

exec shellcheck "${scripts[@]}"
