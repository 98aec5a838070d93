//! Metrics as a text that `node_exporter`'s textfile collector serves to Prometheus.
//!
//! Names and forms: <https://prometheus.io/docs/practices/naming/>, <https://prometheus.io/docs/instrumenting/exposition_formats/>.
//! Instants are exported, never "seconds left": a file that is not written any more must not stand still at "30 days left".

use std::collections::BTreeMap;
use std::fmt::Write as _;

use everlit_meta_api::Timestamp;

/// More accounts than this are counted and not named: each name is a series that Prometheus keeps for ever.
pub const MOST_NAMED: usize = 1_000;

/// Everything that is exported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The program's version.
    pub version: String,
    /// The accounts.
    pub accounts: Vec<Account>,
    /// The run that has just ended.
    pub run: Option<Run>,
    /// When a run last ended in all being well.
    pub last_success: Option<Timestamp>,
    /// Places of use that do not hold the current token.
    pub deliveries_failing: u32,
    /// Tokens that could not be saved where they belong.
    pub not_saved: u32,
    /// For each channel of notices by its name: whether the last attempt to tell failed.
    pub channels: Vec<(String, bool)>,
}

/// One account.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Its name in the settings.
    pub name: String,
    /// `instagram`, `facebook`, `threads`.
    pub platform: &'static str,
    /// How its token stands.
    pub state: State,
    /// When the token dies, where that is known.
    pub expiry: Option<Timestamp>,
    /// When Meta issued or last refreshed the token.
    pub refreshed: Option<Timestamp>,
}

/// How a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Not due.
    Healthy,
    /// Due at the next run.
    Due,
    /// Failed, and will be tried again by itself.
    Retrying,
    /// Few days are left and nothing averts the end.
    Expiring,
    /// Dead by its date.
    Expired,
    /// Only a person can help.
    NeedsPerson,
}

/// When the last run was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub completed: Timestamp,
    /// How long it took.
    pub seconds: f64,
}

impl State {
    const ALL: [Self; 6] = [Self::Healthy, Self::Due, Self::Retrying, Self::Expiring, Self::Expired, Self::NeedsPerson];

    fn label(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Due => "due",
            Self::Retrying => "retrying",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::NeedsPerson => "needs_person",
        }
    }
}

/// The snapshot in the text format of Prometheus. No token, no user name: names of accounts as in the settings.
pub fn exposition(snapshot: &Snapshot) -> String {
    let mut text = Text::default();
    text.family("build_info", "The version of everlit that wrote this.");
    text.sample("build_info", &[("version", &snapshot.version)], 1);
    tokens(&mut text, &snapshot.accounts);
    if let Some(run) = &snapshot.run {
        text.family("run_start_timestamp_seconds", "Unix time at which the last run began.");
        text.sample("run_start_timestamp_seconds", &[], run.started.as_unix());
        text.family("run_completion_timestamp_seconds", "Unix time at which the last run ended, however it ended.");
        text.sample("run_completion_timestamp_seconds", &[], run.completed.as_unix());
        text.family("run_duration_seconds", "How long the last run took.");
        text.sample("run_duration_seconds", &[], run.seconds);
    }
    if let Some(last) = snapshot.last_success {
        text.family("run_success_timestamp_seconds", "Unix time at which a run last ended with all well.");
        text.sample("run_success_timestamp_seconds", &[], last.as_unix());
    }
    text.family("tokens_not_saved", "Tokens that could not be saved where they belong.");
    text.sample("tokens_not_saved", &[], snapshot.not_saved);
    text.family("deliveries_failing", "Places of use that do not hold the current token.");
    text.sample("deliveries_failing", &[], snapshot.deliveries_failing);
    if !snapshot.channels.is_empty() {
        text.family("notification_failed", "1 where the last attempt to tell somebody through this channel failed.");
    }
    for (channel, failed) in &snapshot.channels {
        text.sample("notification_failed", &[("channel", channel)], u8::from(*failed));
    }
    text.0
}

fn tokens(text: &mut Text, accounts: &[Account]) {
    let mut by_state = BTreeMap::new();
    for account in accounts {
        // Every state of a platform that is in use has a series, also at 0: one that comes and goes cannot be counted.
        for state in State::ALL {
            *by_state.entry((account.platform, state)).or_insert(0_u32) += u32::from(account.state == state);
        }
    }
    if !by_state.is_empty() {
        text.family("tokens", "Number of tokens by state.");
    }
    for ((platform, state), count) in by_state {
        text.sample("tokens", &[("platform", platform), ("state", state.label())], count);
    }
    if accounts.len() > MOST_NAMED {
        return;
    }
    let end = |account: &Account| account.expiry;
    instants(text, accounts, "token_expiry", "Unix time at which the stored token stops working.", end);
    let help = "Unix time at which Meta issued or last refreshed the stored token.";
    instants(text, accounts, "token_refresh_success", help, |account| account.refreshed);
}

/// One instant of each account that has one.
fn instants(text: &mut Text, accounts: &[Account], what: &str, help: &str, of: impl Fn(&Account) -> Option<Timestamp>) {
    let name = format!("{what}_timestamp_seconds");
    let known: Vec<_> = accounts.iter().filter_map(|account| Some((account, of(account)?))).collect();
    if !known.is_empty() {
        text.family(&name, help);
    }
    for (account, at) in known {
        text.sample(&name, &[("platform", account.platform), ("account", &account.name)], at.as_unix());
    }
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn family(&mut self, name: &str, help: &str) {
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(self.0, "# HELP everlit_{name} {help}\n# TYPE everlit_{name} gauge");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "everlit_{name}{labels} {value}");
    }
}

/// A label's value: without secrets, and with the three escapes of the format.
fn escape(value: &str) -> String {
    everlit_meta_api::redact(value).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
