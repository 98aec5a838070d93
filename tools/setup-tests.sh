#!/usr/bin/env bash
# Installs the tools missing for building and testing, or with the argument `windows` those for testing what is built for
# Windows. Prints and changes nothing if none is missing.
#
# Debian and Ubuntu: uses apt-get, with sudo unless run as root. Elsewhere: prints what to install and fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

main() {
  have cargo || die "Rust is missing: install it from https://rustup.rs, then run this again"

  local list=missing_tools missing
  [ "${1:-}" != windows ] || list=missing_for_windows
  missing=$($list)
  if [ -n "$missing" ]; then
    if have apt-get; then
      apt_install "$missing"
    else
      die "install first: $(echo "$missing" | advice | paste -sd ';' - | sed 's/;/; /g')"
    fi
    missing=$($list)
    [ -z "$missing" ] || die "still missing after the installation: $(echo "$missing" | tr '\n' ' ')"
  fi

  if [ "${1:-}" = windows ]; then
    add_windows
    return
  fi

  # Other languages' parsers of .env files, for the tests of editing.
  bash crates/envfile/tests/oracles/setup.sh
  # A mail server, validators and Prometheus' tools, for the tests of notifications.
  bash crates/notify/tests/delivered/validators/setup.sh
  # Receivers of delivered tokens.
  bash crates/target/tests/it/validators/setup.sh
  # Another parser of cron expressions, validators of schedulers' files, and a Next.js site to install everlit in.
  if [ "$(uname -s)" = Linux ]; then
    bash crates/schedule/tests/calendars/setup.sh
    bash crates/schedule/tests/validators/setup.sh
    bash crates/everlit/tests/nextjs/setup.sh
    add_musl
  fi
}

# Prints one name per line. Tools for Linux-only tests are required on Linux only.
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
    # Databases, for the tests of targets.
    [ -d /usr/lib/postgresql ] || echo postgresql
    [ -x /usr/sbin/pgbouncer ] || echo pgbouncer
    [ -x /usr/sbin/mariadbd ] || echo mariadb-server
    have redis-server || echo redis-server
    # For building, validating and installing packages.
    have buildah || echo buildah
    have curl || echo curl
    have lintian || echo lintian
    have musl-gcc || echo musl-gcc
    have ruby || echo ruby
    have wget || echo wget
  fi
}

missing_for_windows() {
  have x86_64-w64-mingw32-gcc || echo mingw
  have wine || echo wine
}

# Rust's library for Windows: of rustup, or else Debian's compiler with the source of its library, unpacked beside the
# machine's own.
add_windows() {
  local target=x86_64-pc-windows-gnu to=target/windows/rust std llvm deb
  if [ -d "$(rustc --print target-libdir --target "$target")" ] || [ -x "$to/usr/bin/rustc" ] ||
    rustup target add "$target" >&2; then
    return
  fi
  have apt-get || die "Rust has no library for $target here"
  apt_get update
  std=$(apt-cache depends libstd-rust-web-dev | awk '/Depends: libstd-rust-web-1/ { print $2 }')
  llvm=$(apt-cache depends "$std" | awk '/Depends: libllvm/ { print $2 }')
  # LLVM with what it needs; it harms no other compiler.
  apt_get install --yes --no-install-recommends "$llvm" >/dev/null
  rm -rf "$to"
  mkdir -p "$to/debs"
  (cd "$to/debs" && apt-get -qq download rustc-web rust-web-src libstd-rust-web-dev "$std")
  for deb in "$to"/debs/*.deb; do dpkg -x "$deb" "$to"; done
  rm -r "$to/debs"
}

# Linux releases are built against musl, and so is the executable that tests put into packages.
add_musl() {
  local target
  target=$(uname -m)-unknown-linux-musl
  if ! [ -d "$(rustc --print target-libdir --target "$target")" ]; then
    rustup target add "$target" >&2 || echo "setup: no Rust library for $target; tests link glibc statically instead" >&2
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
      mingw) packages+=(gcc-mingw-w64-x86-64) ;;
      musl-gcc) packages+=(musl-tools) ;;
      browser) packages+=(chromium) ;;
      crontab) packages+=(cron) ;;
      systemd-analyze) packages+=(systemd) ;;
      systemd-nspawn) packages+=(systemd-container) ;;
      wine) packages+=(wine wine64) ;;
      xmllint) packages+=(libxml2-utils) ;;
      *) packages+=("$tool") ;;
    esac
  done

  echo "setup: installing ${packages[*]}" >&2
  apt_get update
  apt_get install --yes --no-install-recommends "${packages[@]}" >/dev/null
}

apt_get() {
  local run=()
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || die "run this as root: apt-get $*"
    run=(sudo)
  fi
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@"
}

# How to install each missing tool without apt-get.
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
