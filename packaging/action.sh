#!/usr/bin/env bash
# The steps of action.yml. The runner sets GITHUB_OUTPUT, GITHUB_STEP_SUMMARY and others: "Variables reference" and "Workflow
# commands for GitHub Actions" on docs.github.com.
set -euo pipefail

main() {
  case "${1:-}" in
    mask) mask ;;
    install) install ;;
    refresh) refresh ;;
    keep-enabled) keep_enabled ;;
    *)
      echo "usage: action.sh mask | install | refresh | keep-enabled" >&2
      exit 64
      ;;
  esac
}

# Has the runner replace the values of secrets in the log. It does so by itself only for what comes from `secrets`.
mask() {
  local name value line
  for name in $(compgen -e); do
    value=${!name}
    case "$name" in
      EVERLIT_*_URL | EVERLIT_*_HOOK | EVERLIT_*_PASSWORD | EVERLIT_*_SERVICE_ACCOUNT) ;;
      *TOKEN* | *SECRET*) ;;
      *) continue ;;
    esac
    printf '%s\n' "$value" | while IFS= read -r line; do
      # A short one, such as a brace of a JSON document, would make the log unreadable. The runner decodes `%25`.
      if [ "${#line}" -ge 8 ]; then echo "::add-mask::${line//%/%25}"; fi
    done
  done
}

# The release's program, with its checksum verified.
install() {
  local here version=${VERSION:-}
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  # A moving version would replace the program overnight.
  [ -n "$version" ] || version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/../Cargo.toml")
  sh "$here/install.sh" --to "$RUNNER_TEMP/everlit-program" --version "$version"
}

refresh() {
  local report=$RUNNER_TEMP/everlit-report code=0
  cd "$FOLDER"
  "$RUNNER_TEMP/everlit-program/everlit" refresh --no-input >"$report" 2>&1 || code=$?
  show "$report"
  echo "exit-code=$code" >>"$GITHUB_OUTPUT"
  {
    echo "### everlit"
    echo
    # Longer than any run of backquotes in the report.
    echo '````text'
    cat "$report"
    echo '````'
  } >>"$GITHUB_STEP_SUMMARY"
  case $code in
    0) ;;
    # Failed and tried again by the next run; another run is in progress.
    4 | 6) echo "::warning title=everlit::exit code $code; the next run tries again" ;;
    *)
      echo "::error title=everlit::exit code $code: a person is needed"
      exit "$code"
      ;;
  esac
}

# Prints a file whose lines are no commands to the runner, whatever they begin with.
show() {
  local end
  end=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$end"
  cat "$1"
  echo "::$end::"
}

# GitHub's way to say that the workflow is wanted, without a commit. Where the token may not, the run says so and goes on.
keep_enabled() {
  local file=${GITHUB_WORKFLOW_REF%@*} url
  file=${file##*/}
  url=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/actions/workflows/$file/enable
  if ! printf 'header = "Authorization: Bearer %s"\n' "$GH_TOKEN" |
    curl --fail --silent --show-error --request PUT --config - --header 'Accept: application/vnd.github+json' "$url"; then
    echo "::warning title=everlit::the workflow could not be kept enabled: give it the permission \"actions: write\""
  fi
}

main "$@"
