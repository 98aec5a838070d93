#!/bin/sh
# Installs everlit for one user, without sudo: into ~/.local/bin, or where --to says.
#
#   curl -fsSL https://github.com/everlit/everlit/releases/latest/download/install.sh | sh
#   sh install.sh [--to DIR] [--version X.Y.Z]
#
# EVERLIT_DOWNLOAD_URL: take the files of the release from there, such as from a mirror.
#
# The archive is checked against the release's SHA256SUMS, and the program is put in place in one step, or not at all.
set -eu

releases=https://github.com/everlit/everlit/releases
manual=https://github.com/everlit/everlit/blob/main/docs/install.md

main() {
  to=
  version=
  while [ $# -gt 0 ]; do
    case "$1" in
      --to | --version)
        [ $# -ge 2 ] || stop "$1 needs a value"
        if [ "$1" = --to ]; then to=$2; else version=${2#v}; fi
        shift 2
        ;;
      -h | --help)
        echo "usage: install.sh [--to DIR] [--version X.Y.Z]"
        exit 0
        ;;
      *) stop "$1 is not known; there are --to DIR and --version X.Y.Z" ;;
    esac
  done
  if [ -z "$to" ]; then
    to=${HOME:?HOME is not set: say where to install with --to DIR}/.local/bin
  fi

  # `mv` would put the program into it.
  [ ! -d "$to/everlit" ] || stop "$to/everlit is a folder; move it away, or choose another folder with --to DIR"

  platform=$(platform)
  archive=everlit-$platform.tar.gz
  if [ -n "${EVERLIT_DOWNLOAD_URL:-}" ]; then
    from=$EVERLIT_DOWNLOAD_URL
  elif [ -n "$version" ]; then
    from=$releases/download/v$version
  else
    from=$releases/latest/download
  fi

  work=$(mktemp -d)
  staged=
  trap 'rm -rf "$work" "$staged"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP

  say "Downloading $archive from $from"
  fetch "$from/$archive" "$work/$archive"
  fetch "$from/SHA256SUMS" "$work/SHA256SUMS"
  check "$archive"
  tar -xzf "$work/$archive" -C "$work" || stop "$archive cannot be unpacked"

  mkdir -p "$to" || stop "$to cannot be created; choose another folder with --to DIR"
  to=$(cd "$to" && pwd)
  staged=$(mktemp "$to/.everlit-XXXXXX") || stop "nothing can be written to $to; choose another folder with --to DIR"
  cp "$work/everlit-$platform/everlit" "$staged"
  chmod 755 "$staged"
  said=$("$staged" --version) || stop "the program does not run on this machine"
  mv -f "$staged" "$to/everlit"

  say "Installed $said: $to/everlit"
  advise
}

# The Rust target of this machine, as the archives are named.
platform() {
  system=$(uname -s)
  machine=$(uname -m)
  # A shell that Rosetta translates takes an Apple processor for one of Intel's.
  if [ "$system" = Darwin ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" = 1 ]; then
    machine=arm64
  fi
  case "$machine" in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) stop "there is no everlit for $system on $machine; see $manual" ;;
  esac
  case "$system" in
    Linux) echo "$machine-unknown-linux-musl" ;;
    Darwin) echo "$machine-apple-darwin" ;;
    MINGW* | MSYS* | CYGWIN*) stop "on Windows take install.ps1; see $manual" ;;
    *) stop "there is no everlit for $system; see $manual" ;;
  esac
}

# fetch URL FILE
fetch() {
  case "$1" in
    https://*) only_https=1 ;;
    *) only_https= ;;
  esac
  if has curl; then
    curl --fail --silent --show-error --location ${only_https:+--proto =https --tlsv1.2} --retry 2 --output "$2" "$1" ||
      stop "$1 could not be downloaded"
  elif has wget; then
    wget -q -t 3 -O "$2" "$1" || stop "$1 could not be downloaded"
  else
    stop "neither curl nor wget is installed"
  fi
}

# check NAME: is the downloaded file the one that SHA256SUMS names?
check() {
  wanted=$(awk -v name="$1" '$2 == name { print $1 }' "$work/SHA256SUMS")
  [ -n "$wanted" ] || stop "SHA256SUMS does not name $1: the release is not whole"
  if has sha256sum; then
    is=$(sha256sum "$work/$1")
  elif has shasum; then
    is=$(shasum -a 256 "$work/$1")
  else
    stop "neither sha256sum nor shasum is installed, so that the download cannot be checked"
  fi
  is=${is%% *}
  [ "$is" = "$wanted" ] || stop "$1 is damaged: its SHA-256 is $is and should be $wanted"
}

advise() {
  case ":$PATH:" in
    *":$to:"*) say "Next, in the folder of your .env.local: everlit init" ;;
    *)
      say "$to is not on your PATH. Add this line to your shell's profile, such as ~/.profile, and log in again:"
      say "  export PATH=\"$to:\$PATH\""
      say "Next, in the folder of your .env.local: $to/everlit init"
      ;;
  esac
}

has() {
  command -v "$1" >/dev/null 2>&1
}

say() {
  printf '%s\n' "$1"
}

stop() {
  printf 'everlit is not installed: %s.\n' "$1" >&2
  exit 1
}

# Everything is a function until here: a script that arrives cut off does nothing.
main "$@"
