#!/usr/bin/env bash
# Installs what building and testing need and this machine lacks. Says nothing and changes nothing when all is there.
#
# Debian and Ubuntu: through apt-get, with sudo unless root. Anywhere else: prints what to install and fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

main() {
  have cargo || die "Rust is missing: install it from https://rustup.rs, then run this again"

  local missing
  missing=$(missing_tools)
  if [ -n "$missing" ]; then
    if have apt-get; then
      apt_install "$missing"
    else
      die "install these first: $(echo "$missing" | advice | paste -sd ';' - | sed 's/;/; /g')"
    fi
    missing=$(missing_tools)
    [ -z "$missing" ] || die "still missing after the installation: $(echo "$missing" | tr '\n' ' ')"
  fi

  # The parsers of other languages, which tests of `.env` editing ask how they read a file.
  if [ -f crates/envfile/tests/oracles/setup.sh ]; then
    bash crates/envfile/tests/oracles/setup.sh
  fi
  # A mail server, verifiers and Prometheus' tools, which judge what everlit tells others.
  if [ -f crates/notify/tests/delivered/validators/setup.sh ]; then
    bash crates/notify/tests/delivered/validators/setup.sh
  fi
  # Another reader of cron expressions, what validators the files that are written for schedulers, and the Next.js site
  # that tests put everlit into.
  if [ "$(uname -s)" = Linux ]; then
    bash crates/schedule/tests/calendars/setup.sh
    bash crates/schedule/tests/validators/setup.sh
    bash crates/everlit/tests/nextjs/setup.sh
    add_musl
  fi
}

# One name per line. What only Linux tests use is asked for on Linux alone.
missing_tools() {
  have cc || echo cc
  have git || echo git
  have make || echo make
  have shellcheck || echo shellcheck
  have node || echo node
  have npm || echo npm
  have dash || echo dash
  python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || echo python
  has_browser || echo browser
  if [ "$(uname -s)" = Linux ]; then
    have strace || echo strace
    have crontab || echo crontab
    have faketime || echo faketime
    have systemd-analyze || echo systemd-analyze
    have systemd-nspawn || echo systemd-nspawn
    have xmllint || echo xmllint
    # Packages are made, judged and installed.
    have buildah || echo buildah
    have curl || echo curl
    have lintian || echo lintian
    have musl-gcc || echo musl-gcc
    have ruby || echo ruby
    have wget || echo wget
  fi
}

# Releases for Linux are built against musl, and so is the program that tests put into packages.
add_musl() {
  local target
  target=$(uname -m)-unknown-linux-musl
  if ! [ -d "$(rustc --print target-libdir --target "$target")" ]; then
    rustup target add "$target" >&2 || echo "setup: without Rust's library for $target, tests link glibc statically instead" >&2
  fi
}

has_browser() {
  have chromium || have chromium-browser || have google-chrome || [ -d "/Applications/Google Chrome.app" ] || [ -d /Applications/Chromium.app ]
}

apt_install() {
  local packages=() tool
  for tool in $1; do
    case "$tool" in
      cc) packages+=(gcc libc6-dev) ;;
      node) packages+=(nodejs) ;;
      python) packages+=(python3 python3-venv) ;;
      musl-gcc) packages+=(musl-tools) ;;
      browser) packages+=(chromium) ;;
      crontab) packages+=(cron) ;;
      systemd-analyze) packages+=(systemd) ;;
      systemd-nspawn) packages+=(systemd-container) ;;
      xmllint) packages+=(libxml2-utils) ;;
      *) packages+=("$tool") ;;
    esac
  done

  local run=()
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || die "run this as root: apt-get install ${packages[*]}"
    run=(sudo)
  fi
  run+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq)

  echo "setup: installing ${packages[*]}" >&2
  "${run[@]}" update
  "${run[@]}" install --yes --no-install-recommends "${packages[@]}" >/dev/null
}

# What to do about each missing tool where there is no apt-get.
advice() {
  local tool brew=true
  [ "$(uname -s)" = Darwin ] || brew=false
  while read -r tool; do
    if ! $brew; then
      echo "$tool"
      continue
    fi
    case "$tool" in
      cc | git | make) echo "$tool (xcode-select --install)" ;;
      browser) echo "a browser (brew install --cask google-chrome)" ;;
      npm) echo "npm (brew install node)" ;;
      *) echo "$tool (brew install $tool)" ;;
    esac
  done
}

have() {
  command -v "$1" >/dev/null 2>&1
}

die() {
  echo "setup: $1" >&2
  exit 1
}

main "$@"
