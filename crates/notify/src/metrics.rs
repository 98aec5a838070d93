//! Metrics in Prometheus' text format, for the textfile collector of `node_exporter`.
//!
//! Conventions: <https://prometheus.io/docs/practices/naming/> and
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>.
//! Exports timestamps, never "seconds left": a file that is no longer updated must not claim "30 days left" for ever.

use std::collections::BTreeMap;

use everlit_keeper::Health;
use everlit_meta_api::Timestamp;

use crate::exposition::Exposition;

/// Beyond this many, accounts are counted but not named: each name is a time series that Prometheus stores.
pub const MOST_NAMED: usize = 1_000;

/// Everything that is exported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The program's version.
    pub version: String,
    /// The accounts.
    pub accounts: Vec<Account>,
    /// The run that just ended.
    pub run: Option<Run>,
    /// When a run last succeeded for all accounts.
    pub last_success: Option<Timestamp>,
    /// Targets that do not have the current token.
    pub deliveries_failing: u32,
    /// Tokens that could not be saved.
    pub not_saved: u32,
    /// Each channel by name, and whether its last message failed.
    pub channels: Vec<(String, bool)>,
}

/// One account.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Its name in the settings.
    pub name: String,
    /// `instagram`, `facebook`, `threads`.
    pub platform: &'static str,
    /// The state of its token.
    pub state: Health,
    /// When the token expires, at the latest if that is not known.
    pub expiry: Option<Timestamp>,
    /// Since when nothing but failures came.
    pub failing_since: Option<Timestamp>,
    /// When Meta issued or last refreshed the token.
    pub refreshed: Option<Timestamp>,
}

/// Times of the last run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// When it started.
    pub started: Timestamp,
    /// When it ended.
    pub completed: Timestamp,
    /// How long it took.
    pub seconds: f64,
}

/// The snapshot in the text format of Prometheus. Contains no tokens, and no names but those in the settings.
pub fn exposition(snapshot: &Snapshot) -> String {
    let mut text = Exposition::default();
    text.family("build_info", "Version of everlit, as a label.");
    text.sample("build_info", &[("version", &snapshot.version)], 1);
    tokens(&mut text, &snapshot.accounts);
    if let Some(run) = &snapshot.run {
        text.gauge("run_start_timestamp_seconds", "Unix time when the last run started.", run.started.as_unix());
        text.gauge(
            "run_completion_timestamp_seconds",
            "Unix time when the last run ended, whatever the result.",
            run.completed.as_unix(),
        );
        text.gauge("run_duration_seconds", "Duration of the last run.", run.seconds);
    }
    if let Some(last) = snapshot.last_success {
        text.gauge(
            "run_success_timestamp_seconds",
            "Unix time when a run last succeeded for all accounts.",
            last.as_unix(),
        );
    }
    text.gauge("tokens_not_saved", "Number of tokens that could not be saved.", snapshot.not_saved);
    text.gauge(
        "deliveries_failing",
        "Number of targets that do not have the current token.",
        snapshot.deliveries_failing,
    );
    if !snapshot.channels.is_empty() {
        text.family("notification_failed", "Whether the last message to this channel failed (1) or not (0).");
    }
    for (channel, failed) in &snapshot.channels {
        text.sample("notification_failed", &[("channel", channel)], u8::from(*failed));
    }
    text.into_text()
}

fn tokens(text: &mut Exposition, accounts: &[Account]) {
    let mut by_state = BTreeMap::new();
    for account in accounts {
        // Each state of a platform in use has a series, even at 0: PromQL cannot count series that come and go.
        for state in Health::ALL {
            *by_state.entry((account.platform, state.code())).or_insert(0_u32) += u32::from(account.state == state);
        }
    }
    if !by_state.is_empty() {
        text.family("tokens", "Number of tokens by state.");
    }
    for ((platform, state), count) in by_state {
        text.sample("tokens", &[("platform", platform), ("state", state)], count);
    }
    if accounts.len() > MOST_NAMED {
        return;
    }
    let end = |account: &Account| account.expiry;
    instants(text, accounts, "token_expiry", "Unix time when the stored token expires, at the latest.", end);
    let help = "Unix time since which every attempt for the stored token has failed.";
    instants(text, accounts, "token_failing_since", help, |account| account.failing_since);
    let help = "Unix time when Meta issued or last refreshed the stored token.";
    instants(text, accounts, "token_refresh_success", help, |account| account.refreshed);
}

/// A timestamp of each account that has one.
fn instants(
    text: &mut Exposition,
    accounts: &[Account],
    what: &str,
    help: &str,
    of: impl Fn(&Account) -> Option<Timestamp>,
) {
    let name = format!("{what}_timestamp_seconds");
    let known: Vec<_> = accounts.iter().filter_map(|account| Some((account, of(account)?))).collect();
    if !known.is_empty() {
        text.family(&name, help);
    }
    for (account, at) in known {
        text.sample(&name, &[("platform", account.platform), ("account", &account.name)], at.as_unix());
    }
}
