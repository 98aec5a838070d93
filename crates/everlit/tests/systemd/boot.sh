#!/bin/sh
# Boots this machine's systemd in a container, runs a script there as root, and exits with its exit code:
#   boot.sh PROGRAM SCRIPT
# SCRIPT is a file of this folder; PROGRAM becomes /opt/everlit. Exit code 77: no container can boot here; stderr says why.
#
# The container has a small file system of its own and only this machine's /usr, read-only. It has other users, and its root
# cannot undo mounts, so even a mistake in there cannot reach this machine.
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
# The service manager adds the users that its own services need.
cat >etc/passwd <<'END'
root:x:0:0::/root:/bin/sh
messagebus:x:100:100::/nonexistent:/usr/sbin/nologin
ada:x:1000:1000::/home/ada:/bin/sh
nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin
END
printf 'root:x:0:\nmessagebus:x:100:\nada:x:1000:\nnogroup:x:65534:\n' >etc/group
printf 'passwd: files\ngroup: files\n' >etc/nsswitch.conf
# For the service managers of users.
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

# Its processes get a control group of their own: from the service manager if one runs, otherwise from here.
name=$(basename "$tree")
groups=
if ! [ -d /run/systemd/system ]; then
  for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    if [ -f "$hierarchy/cgroup.procs" ]; then groups="$groups $hierarchy/$name"; fi
  done
  # Unquoted, because the names have no blanks.
  trap 'rm -rf --one-file-system "$tree"; for group in $groups; do find "$group" -depth -type d -exec rmdir {} +; done' EXIT
  for group in $groups; do mkdir "$group" || exit 77; done
fi
contained() (
  for group in $groups; do sh -c 'echo $PPID' >"$group/cgroup.procs"; done
  if [ -n "$groups" ]; then set -- --keep-unit "$@"; fi
  exec systemd-nspawn --quiet --register=no --directory="$tree" --bind-ro=/usr --bind-ro="$program":/opt/everlit \
    --private-network --private-users=pick --private-users-ownership=chown --console=pipe "$@" </dev/null
)

# Tries on purpose what a mistake would do: it must fail.
if ! contained --as-pid2 /bin/sh -c '! mount -o remount,rw,bind /usr && ! umount -l /usr && ! touch /usr/everlit-was-here' >probe 2>&1; then
  echo "cannot boot systemd here: $(head -n 1 probe)" >&2
  exit 77
fi
code=0
contained --boot -- --unit=script.service --log-target=console >boot 2>&1 || code=$?
cat opt/stdout || cat boot >&2
cat opt/stderr >&2 || true
exit "$code"
