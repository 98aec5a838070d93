#!/usr/bin/env bash
# Installs the programs that check what is sent: a mail server, a verifier of signed webhooks, Prometheus' tools, and a
# parser of Adaptive Cards.
# Target: $EVERLIT_VALIDATORS/notify, or target/validators/notify. Does nothing unless a pinned version has changed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=${EVERLIT_VALIDATORS:-$here/../../../../../target/validators}/notify
pins=$(cat "$here/requirements.txt" "$here/package-lock.json" "${BASH_SOURCE[0]}" | cksum)

for tool in python3 node npm; do
  command -v "$tool" >/dev/null || { echo "setup.sh: $tool is required by the validators of everlit-notify, and is not installed" >&2; exit 1; }
done
if [ "$(cat "$to/installed" 2>/dev/null)" = "$pins" ]; then
  exit 0
fi

mkdir -p "$to/bin"
to=$(cd "$to" && pwd)
rm -f "$to/installed"
python3 -m venv --clear "$to/python" >&2
"$to/python/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
cp "$here/package.json" "$here/package-lock.json" "$to/"
npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund --loglevel=error >&2

# Unpacked rather than installed: the packages would start their servers.
unpack() {
  local package=$1 program=$2
  if command -v "$program" >/dev/null; then
    ln -sf "$(command -v "$program")" "$to/bin/$program"
  elif command -v apt-get >/dev/null; then
    rm -rf "$to/deb" && mkdir "$to/deb"
    (cd "$to/deb" && apt-get -qq download "$package" && dpkg -x ./*.deb .)
    cp "$to/deb/usr/bin/$program" "$to/bin/"
    rm -rf "$to/deb"
  elif [ "$(uname -s)" = Linux ]; then
    echo "setup.sh: install $program (part of Prometheus) so that it is found in PATH, then run this again" >&2
    exit 1
  fi
}
unpack prometheus promtool
unpack prometheus-node-exporter prometheus-node-exporter
echo "$pins" >"$to/installed"
