#!/usr/bin/env bash
# Makes what a release offers for download out of built programs: archives, Debian packages, installers, checksums.
#
#   packaging/package.sh VERSION PROGRAMS OUT [TARGET...]
#
# PROGRAMS holds a folder for each Rust target with `everlit` or `everlit.exe` in it. Without TARGET all must be there.
# The same input gives the same bytes: times are those of the commit, or of SOURCE_DATE_EPOCH.
set -euo pipefail
umask 022

all_targets=(
  x86_64-unknown-linux-musl aarch64-unknown-linux-musl
  x86_64-apple-darwin aarch64-apple-darwin
  x86_64-pc-windows-msvc aarch64-pc-windows-msvc
)

main() {
  if [ $# -lt 3 ]; then
    sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
  fi
  version=$1 programs=$(cd "$2" && pwd)
  mkdir -p "$3"
  out=$(cd "$3" && pwd)
  shift 3
  cd "$(dirname "${BASH_SOURCE[0]}")/.."
  epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT

  local target
  for target in "${@:-${all_targets[@]}}"; do
    case "$target" in
      *-windows-*) archive "$target" everlit.exe zip ;;
      *) archive "$target" everlit tar.gz ;;
    esac
    case "$target" in
      x86_64-*-linux-*) debian_package "$target" amd64 ;;
      aarch64-*-linux-*) debian_package "$target" arm64 ;;
    esac
  done
  cp packaging/install.sh packaging/install.ps1 "$out"
  rm -f "$out/SHA256SUMS"
  (cd "$out" && sha256sum -- *) >"$work/SHA256SUMS"
  mv "$work/SHA256SUMS" "$out"
}

# archive TARGET PROGRAM FORMAT. Its name holds no version, so that `releases/latest/download/NAME` always works.
archive() {
  local target=$1 program=$2 format=$3
  local name=everlit-$target
  local folder=$work/$name
  install -D -m 755 "$programs/$target/$program" "$folder/$program"
  install -m 644 README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$folder"
  install -D -m 644 -t "$folder/completions" completions/*
  install -D -m 644 -t "$folder/man" man/*
  settle "$folder"
  if [ "$format" = zip ]; then
    rm -f "$out/$name.zip"
    (cd "$work" && python3 -m zipfile -c "$out/$name.zip" "$name")
  else
    tar_settled "$folder" | gzip -9n >"$out/$name.tar.gz"
  fi
}

# debian_package TARGET ARCHITECTURE
debian_package() {
  local target=$1 architecture=$2
  local root=$work/deb-$architecture doc=usr/share/doc/everlit
  install -D -m 755 "$programs/$target/everlit" "$root/usr/bin/everlit"
  install -D -m 644 -t "$root/usr/share/man/man1" man/*.1
  gzip -9n "$root"/usr/share/man/man1/*.1
  install -D -m 644 completions/everlit.bash "$root/usr/share/bash-completion/completions/everlit"
  install -D -m 644 completions/_everlit "$root/usr/share/zsh/vendor-completions/_everlit"
  install -D -m 644 completions/everlit.fish "$root/usr/share/fish/vendor_completions.d/everlit.fish"
  install -D -m 644 packaging/debian/copyright "$root/$doc/copyright"
  sed -n '/^Permission is hereby/,$s/^/ /p' LICENSE-MIT | sed 's/^ $/ ./' >>"$root/$doc/copyright"
  install -D -m 644 packaging/debian/lintian-overrides "$root/usr/share/lintian/overrides/everlit"
  gzip -9nc CHANGELOG.md >"$root/$doc/changelog.gz"
  fill <packaging/debian/changelog | gzip -9nc >"$root/$doc/changelog.Debian.gz"

  mkdir "$root/DEBIAN"
  local size
  size=$(du -sk --apparent-size "$root" | cut -f 1)
  fill <packaging/debian/control | sed "s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/" >"$root/DEBIAN/control"
  (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
  settle "$root"
  SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group -Zxz --build "$root" "$out/everlit_${version}_$architecture.deb" >/dev/null
}

# What every template may hold.
fill() {
  sed "s/@VERSION@/$version/g; s/@DATE@/$(date --utc --date="@$epoch" --rfc-email)/g"
}

# One time for every file.
settle() {
  find "$1" -exec touch --no-dereference --date="@$epoch" {} +
}

tar_settled() {
  tar --create --sort=name --owner=0 --group=0 --numeric-owner --format=ustar --directory "$(dirname "$1")" "$(basename "$1")"
}

main "$@"
