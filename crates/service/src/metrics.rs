//! The metrics of the service. Accounts are counted by state, never named: there may be millions, and their names are secret.

use everlit_notify::Exposition;
use everlit_planner::State as Admission;

use crate::state::{Durations, Snapshot};

/// Everything, in Prometheus' text format.
pub(crate) fn exposition(state: &Snapshot) -> String {
    let mut text = Exposition::default();
    text.family("build_info", "Version of everlit, as a label.");
    text.sample("build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    accounts(&mut text, state);
    queue(&mut text, state);
    work(&mut text, state);
    vault(&mut text, state);
    // Every program calls this one alike.
    let started = state.started_at.as_unix();
    let help = "# HELP process_start_time_seconds Unix time when the process started.";
    text.into_text()
        + &format!("{help}\n# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds {started}\n")
}

fn accounts(text: &mut Exposition, state: &Snapshot) {
    text.family("accounts", "Number of accounts by state, as each was when it was last saved, or expired since.");
    let states = everlit_keeper::Health::ALL.map(everlit_keeper::Health::code);
    let known = states.iter().copied().filter(|known| *known != "stopped").chain(["paused"]);
    for known in known {
        let count = state.accounts.iter().find(|(word, _)| word == known).map_or(0, |(_, count)| *count);
        text.sample("accounts", &[("state", known)], count);
    }
    let help = "Number of times that a target lacks the token in use.";
    text.gauge("deliveries_failing", help, state.undelivered);
}

fn queue(text: &mut Exposition, state: &Snapshot) {
    let help = "Number of accounts that are due and that nobody works on; counting stops at 100000.";
    text.gauge("queue_overdue_accounts", help, state.queue.overdue);
    if let Some(oldest) = state.queue.oldest {
        let help = "Unix time since which the account is due that has waited longest.";
        text.gauge("queue_oldest_due_timestamp_seconds", help, oldest);
    }
    if let Some(next) = state.queue.next {
        text.gauge("queue_next_due_timestamp_seconds", "Unix time when the next account is due.", next);
    }
    text.family("admission_state", "Whether accounts are started in this way (1) or not (0).");
    for (admission, name) in [
        (Admission::Normal, "normal"),
        (Admission::Draining, "draining"),
        (Admission::Ramping, "ramping"),
        (Admission::Stopped, "stopped"),
    ] {
        text.sample("admission_state", &[("state", name)], u8::from(state.admission == admission));
    }
    let help = "Number of Meta apps that are left alone because they have used up their calls.";
    text.gauge("apps_stopped", help, state.stopped_apps);
    let help = "Number of refusals that many accounts have in common, and that are going on.";
    text.gauge("incidents", help, state.incidents);
}

fn work(text: &mut Exposition, state: &Snapshot) {
    text.gauge("work_in_flight", "Number of accounts that are being worked on.", state.in_flight);
    let help = "Number of accounts that may be worked on at once.";
    text.gauge("work_in_flight_limit", help, state.concurrency);
    text.counters("attempts_total", "How often work on an account has ended, by outcome.");
    for (attempt, count) in state.attempts {
        text.sample("attempts_total", &[("outcome", attempt.word())], count);
    }
    let Durations { within, sum, count } = &state.durations;
    let bounds: Vec<_> = Durations::BOUNDS.into_iter().zip(within.iter().copied()).collect();
    text.histogram("attempt_duration_seconds", "How long work on an account took.", &bounds, *sum, *count);
    text.counters("notices_total", "How many messages to people a channel took, or did not.");
    text.sample("notices_total", &[("result", "taken")], state.notices_taken);
    text.sample("notices_total", &[("result", "failed")], state.notices_failed);
}

fn vault(text: &mut Exposition, state: &Snapshot) {
    let help = "Whether the vault has taken a write within the last minute and not failed since.";
    text.gauge("vault_up", help, u8::from(state.vault.is_up()));
    if let Some((at, _)) = state.vault.succeeded {
        text.gauge("vault_success_timestamp_seconds", "Unix time when the vault last took a write.", at.as_unix());
    }
    text.counters("vault_errors_total", "How often the vault has failed.");
    text.sample("vault_errors_total", &[], state.vault.errors);
    text.gauge(
        "spill_up",
        "Whether tokens could be kept that the vault cannot take.",
        u8::from(state.cannot_spill.is_none()),
    );
    text.gauge("spilled_tokens", "Number of tokens that wait for the vault.", state.spilled);
    let workers = state.workers.iter().filter(|worker| worker.is_alive()).count();
    text.gauge("workers", "Number of workers that the vault has seen within 90 seconds.", workers);
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::disallowed_methods, reason = "promtool is another program, and the files of operators are real")]
mod tests {
    use std::collections::BTreeSet;
    use std::io::Write as _;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    use everlit_meta_api::Timestamp;
    use everlit_vault::Queue;

    use super::*;
    use crate::state::State;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn promtool() -> Command {
        let usual = root().join("target/validators");
        let folder = std::env::var_os("EVERLIT_VALIDATORS").map_or(usual, PathBuf::from);
        Command::new(folder.join("notify/bin/promtool"))
    }

    /// All that can be exported.
    fn text() -> String {
        let state = State::new(NOW, 64);
        let mut snapshot = state.snapshot();
        snapshot.queue = Queue { overdue: 2, critical: 1, oldest: Some(1_799_999_000), next: Some(1_800_000_500) };
        snapshot.accounts = vec![("healthy".to_owned(), 97), ("paused".to_owned(), 3)];
        snapshot.vault.wrote(NOW);
        exposition(&snapshot)
    }

    fn names(text: &str) -> BTreeSet<String> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words = text.split(|c| !is_name(c)).filter(|word| word.starts_with("everlit_"));
        let family = |word: &str| {
            ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word).to_owned()
        };
        words.map(family).collect()
    }

    #[test]
    fn promtool_accepts_the_metrics() {
        let mut check = promtool();
        check.args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped());
        let mut check = check.spawn().unwrap_or_else(|error| panic!("{error}; run: tools/setup-tests.sh"));
        check.stdin.take().unwrap().write_all(text().as_bytes()).unwrap();
        let output = check.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{said}");
    }

    #[test]
    fn alert_rules_fire_as_intended() {
        let folder = root().join("packaging/prometheus");
        for arguments in [["check", "rules", "serve.rules.yml"], ["test", "rules", "serve.rules.test.yml"]] {
            let output = promtool().args(arguments).current_dir(&folder).output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
        }
    }

    #[test]
    fn rules_and_dashboard_use_only_what_is_exported() {
        let exported = names(&text());
        for file in ["packaging/prometheus/serve.rules.yml", "packaging/grafana/everlit.json"] {
            let used = names(&std::fs::read_to_string(root().join(file)).unwrap());
            let unknown: Vec<_> = used.difference(&exported).collect();
            assert!(used.len() >= 8 && unknown.is_empty(), "{file}: {unknown:?}");
        }
    }

    /// The expressions of the dashboard, as alerts that Prometheus would have to understand.
    #[test]
    fn prometheus_understands_the_dashboard() {
        let text = std::fs::read_to_string(root().join("packaging/grafana/everlit.json")).unwrap();
        let dashboard: serde_json::Value = serde_json::from_str(&text).unwrap();
        let panels = dashboard["panels"].as_array().unwrap();
        let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
        let rules: Vec<_> = targets
            .enumerate()
            .map(|(number, target)| serde_json::json!({ "record": format!("panel:{number}"), "expr": target["expr"] }))
            .collect();
        assert!(panels.len() >= 10 && rules.len() >= panels.len());
        let folder = tempfile::tempdir().unwrap();
        let check = |rules: &[serde_json::Value]| {
            let file = folder.path().join("rules.json");
            let groups = serde_json::json!({ "groups": [{ "name": "panels", "rules": rules }] });
            std::fs::write(&file, groups.to_string()).unwrap();
            promtool().args(["check", "rules"]).arg(&file).output().unwrap()
        };
        let output = check(&rules);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let broken = serde_json::json!({ "record": "panel:x", "expr": "sum(everlit_accounts" });
        assert!(!check(&[broken]).status.success(), "a judge that accepts anything is useless");
    }
}
