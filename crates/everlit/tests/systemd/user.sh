#!/bin/sh
# A user timer of ada's, with ada's own systemd.
set -eux
# shellcheck source=crates/everlit/tests/systemd/sandbox.sh
. /opt/sandbox.sh
site=/home/ada/site old=$(token)
ada() {
  setpriv --reuid=ada --regid=ada --clear-groups env HOME=/home/ada USER=ada XDG_RUNTIME_DIR=/run/user/1000 "$@"
}
mkdir "$site"
printf 'IG_ACCESS_TOKEN=%s\n' "$old" >"$site/.env.local"
chown -R ada "$site"
cd "$site"

# Nobody is logged in, so ada's systemd is not running.
ends_with 2 ada /opt/everlit schedule install --with systemd-user

# During a login it runs until logout. Only root may enable lingering here, and everlit prints the command.
systemctl start user@1000.service
ada systemctl --user set-environment "EVERLIT_META_URL=${sandbox:?}"
ends_with 3 ada /opt/everlit schedule install --with systemd-user
loginctl enable-linger ada

ada /opt/everlit schedule install --with systemd-user
timer=$(basename /home/ada/.config/systemd/user/everlit-site-*.timer)
[ "$(ada systemctl --user is-enabled "$timer") $(ada systemctl --user is-active "$timer")" = 'enabled active' ]
new=$(sed -n 's/^IG_ACCESS_TOKEN=//p' .env.local)
[ "$new" != "$old" ]
ada /opt/everlit schedule show
ada /opt/everlit schedule install --with systemd-user | grep 'already installed'
ada /opt/everlit schedule check --quiet

ada /opt/everlit schedule remove
[ -z "$(find /home/ada -name '*everlit-site-*')" ]
ada systemctl --user list-units --all --no-legend 'everlit-*' | wc -l | grep -x 0

printf 'IG_ACCESS_TOKEN=%s\n' "$(token)" >.env.local
token_dies
ends_with 3 ada /opt/everlit schedule install --with systemd-user
ada /opt/everlit schedule show | grep 'last result   exit code 3'
