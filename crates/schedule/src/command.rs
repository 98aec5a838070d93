//! What a scheduled command does: whether it refreshes tokens, and what decides that it runs at all.

mod guard;
mod program;
mod script;

use std::time::Duration;

use self::guard::Guard;
use self::program::{Effect, effect, is_decisive, is_harmless, is_test, is_too_short, sets_decisive};
use crate::detected::{DetectedSchedule, Warning};

/// What a whole command amounts to: the best of what it runs.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Verdict {
    /// It refreshes each time.
    Refreshes,
    /// It runs another script that seems to refresh.
    Script,
    /// It refreshes, unless something in front of it keeps it from running.
    Guarded(&'static str),
    /// Not understood.
    Unknown,
    /// It runs everlit, but nothing that refreshes.
    Nothing,
}

/// Judges a line or a script for `sh`.
pub(crate) fn of_shell(text: &str) -> Verdict {
    let commands = script::commands(text);
    // `export NAME=value` counts for what follows.
    let setting = commands.iter().any(|command| sets_decisive(&command.words)).then_some(Guard::Setting);
    let judged = commands.iter().filter(|command| !is_harmless(&command.words) && !is_test(&command.words));
    judged.map(|command| of_words(&command.words, command.guard.or(setting))).min().unwrap_or(Verdict::Unknown)
}

/// Judges a program and its arguments.
pub(crate) fn of_argv(argv: &[String]) -> Verdict {
    of_words(argv, None)
}

fn of_words(words: &[String], guard: Option<Guard>) -> Verdict {
    let (effect, own) = effect(words);
    let verdict = match effect {
        Effect::Refreshes => Verdict::Refreshes,
        Effect::Script => Verdict::Script,
        Effect::Nothing => Verdict::Nothing,
        Effect::Unknown => Verdict::Unknown,
        Effect::Shell(text) => of_shell(&text),
    };
    match guard.or(own) {
        Some(guard) if verdict <= Verdict::Script => Verdict::Guarded(guard.message()),
        _ => verdict,
    }
}

/// Adds to a schedule that a variable is set for its command.
pub(crate) fn apply_variable(name: &str, line: usize, found: &mut DetectedSchedule) {
    if is_decisive(name) {
        found.block(line, "guarded", Guard::Setting.message());
    }
}

/// Adds to a schedule that its file sets variables which are not in it, so that nobody knows what they are.
pub(crate) fn apply_unread_variables(setting: &str, line: usize, found: &mut DetectedSchedule) {
    let message = format!("{setting} is not read: a threshold that it sets is not simulated");
    found.warnings.push(Warning { line: Some(line), ..Warning::new("variables-not-read", message) });
}

/// Adds to a schedule that its scheduler ends a run after this time.
pub(crate) fn apply_time_limit(setting: &str, limit: Duration, line: usize, found: &mut DetectedSchedule) {
    if is_too_short(limit) {
        found.block(line, "guarded", Guard::Timeout.message().replacen("timeout", setting, 1));
    }
}

/// Adds to a schedule what the command on a line of its file means for it.
pub(crate) fn apply(verdict: Verdict, line: usize, found: &mut DetectedSchedule) {
    match verdict {
        Verdict::Refreshes => {}
        Verdict::Script => found.warnings.push(Warning::at(line, SCRIPT, "what this command does is not known")),
        Verdict::Guarded(message) => found.block(line, "guarded", message),
        Verdict::Nothing => {
            found.stop(line, "refreshes-nothing", "this command refreshes nothing; everlit refresh does");
        }
        Verdict::Unknown => {
            found.block(line, "unknown-command", "everlit cannot tell whether this command refreshes tokens");
        }
    }
}

/// The code of the warning about a script of somebody else's, which is simulated as if it were everlit.
pub(crate) const SCRIPT: &str = "other-script";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_refreshes_each_time_is_recognized() {
        for line in [
            "everlit refresh",
            "cd /srv/shop && everlit refresh --quiet",
            "cd \"$HOME/my shop\"; $HOME/.cargo/bin/everlit -C /x --account a refresh >>log 2>&1",
            "PATH=/usr/local/bin:/bin /usr/bin/everlit -C '/srv/a b' refresh --quiet --no-input",
            "sleep 600 && everlit -q -C /srv/shop refresh",
            "sleep $((RANDOM % 600)); everlit refresh",
            "sleep 5m; everlit refresh",
            "(cd /srv/shop && npx -y everlit refresh)",
            "cd /srv/shop && npm run refresh-instagram-token",
            "cd /srv/shop || exit 1; everlit refresh",
            "mkdir -p log || true; everlit refresh || echo failed",
            "flock /tmp/lock everlit refresh",
            "flock /tmp/lock -c 'cd /x && everlit refresh'",
            "sudo -u www /usr/bin/everlit refresh",
            "sudo -u www bash -c 'cd /x && everlit refresh'",
            "nice -n 19 timeout 900 chronic everlit refresh",
            "bash -lc 'cd /x && everlit refresh'",
            "su - www -c 'everlit refresh'",
            "for d in a b; do everlit -C /srv/$d refresh; done",
            "docker compose exec -T app everlit refresh",
            "set -e\ncd /x\neverlit refresh\n",
            "code=0\neverlit refresh || code=$?\ncase $code in\n  4 | 6) echo x ;;\n  *) exit \"$code\" ;;\nesac",
            "everlit run -- node app.js",
            "exec everlit refresh",
            "exec >>log 2>&1; everlit refresh",
            "(exec true); everlit refresh",
            "timeout -k 5 --signal=TERM 5m everlit refresh",
            "timeout 0 everlit refresh",
            "everlit run --grace 5 -- node app.js --help",
            "everlit refresh --account a --account=b --color never --json",
            "[ -x /usr/bin/everlit ] || apt install everlit; everlit refresh # comment && x",
        ] {
            assert_eq!(of_shell(line), Verdict::Refreshes, "{line}");
        }
    }

    #[test]
    fn what_stands_in_front_of_a_command_is_named() {
        for (line, guard) in [
            ("[ \"$(date +%u)\" = \"1\" ] && everlit refresh", Guard::Test),
            ("test -f /etc/leader && cd /x && everlit refresh", Guard::Test),
            ("[[ $(hostname) == web1 ]] && { cd /x; everlit refresh; }", Guard::Test),
            ("[ -f x ] && (cd /x; everlit refresh)", Guard::Test),
            ("[ -f x ] || exit 0; everlit refresh", Guard::Test),
            ("if [ -f x ]; then cd /x; everlit refresh; fi", Guard::Condition),
            ("case $(date +%u) in 1) everlit refresh;; esac", Guard::Condition),
            ("while read -r d; do everlit -C $d refresh; done", Guard::Condition),
            ("ping -c1 example.org && everlit refresh", Guard::Command),
            ("(cd x; git pull) && everlit refresh", Guard::Command),
            ("pgrep everlit || everlit refresh", Guard::Command),
            ("flock -n /tmp/lock everlit refresh", Guard::Lock),
            ("flock --nonblock /tmp/lock -c 'everlit refresh'", Guard::Lock),
            ("only-on-mondays everlit refresh", Guard::Program),
            ("everlit status && everlit refresh", Guard::Command),
            ("bash -c '[ -f x ] && everlit refresh'", Guard::Test),
            ("exit 0; everlit refresh", Guard::Condition),
            ("everlit refresh --threshold-days 5", Guard::Setting),
            ("npx everlit --threshold-days=5 refresh", Guard::Setting),
            ("EVERLIT_THRESHOLD_DAYS=5 everlit refresh", Guard::Setting),
            ("export EVERLIT_THRESHOLD_DAYS=5; everlit refresh", Guard::Setting),
            ("exec true; everlit refresh", Guard::Condition),
            ("(exit 1) && everlit refresh", Guard::Condition),
            ("{ false; } && everlit refresh", Guard::Command),
            ("mkdir /tmp/lock && everlit refresh", Guard::Command),
            ("set -e; false; everlit refresh", Guard::Command),
            ("set -eu\ngit pull\neverlit refresh", Guard::Command),
            ("sleep infinity; everlit refresh", Guard::Condition),
            ("sleep 2d && everlit refresh", Guard::Condition),
            ("while true; do sleep 60; done; everlit refresh", Guard::Condition),
            ("timeout 0.1 everlit refresh", Guard::Timeout),
            ("nice timeout --kill-after 9m 30s everlit refresh", Guard::Timeout),
            ("timeout 1 sh -c 'everlit refresh'", Guard::Timeout),
            ("timeout $LIMIT everlit refresh", Guard::Timeout),
            ("env EVERLIT_META_URL=http://127.0.0.1:1 everlit refresh", Guard::Setting),
        ] {
            assert_eq!(of_shell(line), Verdict::Guarded(guard.message()), "{line}");
        }
    }

    #[test]
    fn commands_that_do_not_refresh_are_recognized() {
        for line in [
            "everlit status",
            "cd /x && everlit doctor --json",
            "everlit refresh --dry-run",
            "everlit -C refresh status",
            "everlit --help",
        ] {
            assert_eq!(of_shell(line), Verdict::Nothing, "{line}");
        }
        for line in [
            "/srv/backup.sh",
            "echo everlit refresh",
            "x=$(everlit refresh)",
            "",
            "everlit refresh'",
            "(((",
            "everlit refresh --nonsense",
            "everlit refresh x",
        ] {
            assert_eq!(of_shell(line), Verdict::Unknown, "{line}");
        }
        assert_eq!(of_shell("cd /x && node scripts/refresh-token.js"), Verdict::Script);
        assert_eq!(of_shell("[ -f x ] && node refresh.js"), Verdict::Guarded(Guard::Test.message()));
    }
}
