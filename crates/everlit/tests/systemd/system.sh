#!/bin/sh
# A system timer with a running systemd. Root installs it; the site is ada's.
set -eux
# shellcheck source=crates/everlit/tests/systemd/sandbox.sh
. /opt/sandbox.sh
systemctl set-environment "EVERLIT_META_URL=${sandbox:?}"
site=/srv/site old=$(token)
mkdir "$site"
printf 'IG_ACCESS_TOKEN=%s\n' "$old" >"$site/.env.local"
chown -R ada "$site"
cd "$site"
mkdir -p /var/lib/systemd/timers
traces() {
  find /etc/systemd/system /var/lib/systemd/timers "$@"
}
traces >/opt/before

# Install: the timer is active, and the test run was ada's, sandboxed, and fetched a new token.
/opt/everlit schedule install --with systemd
timer=$(basename /etc/systemd/system/everlit-site-*.timer)
[ "$(systemctl is-enabled "$timer") $(systemctl is-active "$timer")" = 'enabled active' ]
systemctl show --property=NextElapseUSecRealtime "$timer" | grep -v '=$'
new=$(sed -n 's/^IG_ACCESS_TOKEN=//p' .env.local)
[ "$new" != "$old" ] && [ "$(stat --format=%U .env.local scripts/instagram-token.json | uniq)" = ada ]
/opt/everlit schedule show
/opt/everlit schedule check --quiet

# A second install changes nothing.
traces -type f -newer /opt/before -exec sha256sum {} + | sort >/opt/once
/opt/everlit schedule install --with systemd | grep 'already installed'
traces -type f -newer /opt/before -exec sha256sum {} + | sort | cmp - /opt/once

# The timer itself starts a run.
mkdir "/run/systemd/system/$timer.d"
printf '[Timer]\nOnActiveSec=0\nRandomizedDelaySec=0\n' >"/run/systemd/system/$timer.d/now.conf"
systemctl daemon-reload
systemctl restart "$timer"
until systemctl show --property=LastTriggerUSec "$timer" | grep -v '=$'; do sleep 0.1; done
# Waits for a run in progress.
systemctl start "${timer%.timer}.service"
rm -r "/run/systemd/system/$timer.d"
systemctl daemon-reload
/opt/everlit schedule show | grep '^  last run'

# Disabled by hand: show reports it, and install enables it again.
systemctl disable --now "$timer"
ends_with 3 /opt/everlit schedule show
/opt/everlit schedule install --with systemd --no-run | grep 'updated'

# Removal leaves no trace.
/opt/everlit schedule remove
traces | cmp - /opt/before
systemctl list-units --all --no-legend 'everlit-*' | wc -l | grep -x 0
systemctl list-unit-files --no-legend 'everlit-*' | wc -l | grep -x 0

# A dead token: systemd reports the run's own exit code.
printf 'IG_ACCESS_TOKEN=%s\n' "$(token)" >.env.local
token_dies
ends_with 3 /opt/everlit schedule install --with systemd
/opt/everlit schedule show | grep 'last result   exit code 3'
