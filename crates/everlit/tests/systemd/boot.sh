#!/bin/sh
# Boots this machine's systemd in a container, runs a script there as root, and ends as the script does:
#   boot.sh PROGRAM SCRIPT
# SCRIPT is one of this folder; PROGRAM is /opt/everlit there. Exit code 77: nothing can be booted here, and stderr says why.
#
# The container has a tree of its own, a few files large; /usr alone is this machine's, read-only. Its users are others
# than this machine's and its root may undo no mount, so that even a mistake in there cannot reach what is out here.
set -eu
program=$1 script=$2
scripts=$(cd "$(dirname "$0")" && pwd)
command -v systemd-nspawn >/dev/null || {
  echo 'systemd-nspawn is missing: run tools/setup-tests.sh' >&2
  exit 99
}

tree=$(mktemp -d /var/tmp/everlit-systemd-XXXXXX)
trap 'rm -rf --one-file-system "$tree"' EXIT
chmod 755 "$tree"
cd "$tree"
mkdir -p usr etc/pam.d etc/systemd/system home/ada srv root opt var/lib var/log var/tmp tmp run
ln -s usr/bin usr/sbin usr/lib .
if [ -e /usr/lib64 ]; then ln -s usr/lib64 .; fi
cp /etc/ld.so.cache etc
cp /usr/lib/os-release etc/os-release
echo 0123456789abcdef0123456789abcdef >etc/machine-id
# The service manager adds those that its own services need.
cat >etc/passwd <<'END'
root:x:0:0::/root:/bin/sh
messagebus:x:100:100::/nonexistent:/usr/sbin/nologin
ada:x:1000:1000::/home/ada:/bin/sh
nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin
END
printf 'root:x:0:\nmessagebus:x:100:\nada:x:1000:\nnogroup:x:65534:\n' >etc/group
printf 'passwd: files\ngroup: files\n' >etc/nsswitch.conf
# For users' own service managers.
printf 'account required pam_permit.so\nsession optional pam_systemd.so\n' >etc/pam.d/systemd-user
chown -R 1000:1000 home/ada
cp "$scripts"/*.sh opt
cat >etc/systemd/system/script.service <<END
[Unit]
Wants=dbus.socket systemd-logind.service
After=basic.target dbus.socket systemd-logind.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'timeout 240 sh /opt/$script; systemctl exit \$?'
StandardOutput=file:/opt/stdout
StandardError=file:/opt/stderr
END

# Its processes are a control group of their own: of the service manager's making where one runs, else of ours.
name=$(basename "$tree")
groups=
if ! [ -d /run/systemd/system ]; then
  for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    if [ -f "$hierarchy/cgroup.procs" ]; then groups="$groups $hierarchy/$name"; fi
  done
  # Without quotes: names without blanks.
  trap 'rm -rf --one-file-system "$tree"; for group in $groups; do find "$group" -depth -type d -exec rmdir {} +; done' EXIT
  for group in $groups; do mkdir "$group" || exit 77; done
fi
contained() (
  for group in $groups; do sh -c 'echo $PPID' >"$group/cgroup.procs"; done
  if [ -n "$groups" ]; then set -- --keep-unit "$@"; fi
  exec systemd-nspawn --quiet --register=no --directory="$tree" --bind-ro=/usr --bind-ro="$program":/opt/everlit \
    --private-network --private-users=pick --private-users-ownership=chown --console=pipe "$@" </dev/null
)

# What a mistake would do, tried on purpose: it has to fail in there.
if ! contained --as-pid2 /bin/sh -c '! mount -o remount,rw,bind /usr && ! umount -l /usr && ! touch /usr/everlit-was-here' >probe 2>&1; then
  echo "no systemd can be booted here: $(head -n 1 probe)" >&2
  exit 77
fi
code=0
contained --boot -- --unit=script.service --log-target=console >boot 2>&1 || code=$?
cat opt/stdout || cat boot >&2
cat opt/stderr >&2 || true
exit "$code"
