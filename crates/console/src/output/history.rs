//! What happened, to accounts and to the settings of a vault, as people and programs read it.

use everlit_keeper::{Event, EventKind};
use everlit_store::rfc3339;
use serde_json::{Value, json};

use super::{Mark, Screen, date_and_time, dim, strong};

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// Whom it happened to; `None` for a change of the settings that stand in a vault.
    pub account: Option<String>,
    /// Who did it, where that is known: `ada, pid 4711 on web1`.
    pub by: Option<String>,
    /// When, and what.
    pub event: Event,
}

impl HistoryEntry {
    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "at": rfc3339(self.event.at),
            "account": self.account,
            "what": self.event.what.code(),
            "detail": self.event.detail,
            "by": self.by,
        })
    }
}

/// Shows events, the newest last; `older` ones are left out. Accounts are named where there are several.
pub fn show_history(entries: &[HistoryEntry], older: usize, are_named: bool, screen: &mut Screen) {
    if entries.is_empty() && older == 0 {
        screen.say("Nothing has happened yet. Each run records here what it does to a token.");
    }
    if older > 0 {
        let all = older + entries.len();
        screen
            .say(dim(&format!("the latest {} of {all} events (`everlit history -n {all}` shows all)", entries.len())));
    }
    let name = |entry: &HistoryEntry| entry.account.clone().filter(|_| are_named).unwrap_or_default();
    let width = entries.iter().map(|entry| name(entry).len()).max().filter(|width| *width > 0);
    let width = width.map_or(0, |width| width + 2);
    let what_width = entries.iter().map(|entry| entry.event.what.code().len()).fold(13, usize::max);
    for entry in entries {
        let HistoryEntry { event: Event { at, what, detail }, by, .. } = entry;
        let (mark, at, name) = (mark(*what).painted(), date_and_time(*at), name(entry));
        let what = strong(&format!("{:<what_width$}", what.code()));
        let by = by.as_ref().map_or_else(String::new, |by| format!("; by {by}"));
        screen.say(format!("{mark} {at:>21}  {name:<width$}{what}  {detail}{by}"));
    }
}

fn mark(what: EventKind) -> Mark {
    match what {
        EventKind::Connected
        | EventKind::Refreshed
        | EventKind::Recovered
        | EventKind::Delivered
        | EventKind::Verified => Mark::Good,
        EventKind::Adopted
        | EventKind::Paused
        | EventKind::Resumed
        | EventKind::Renamed
        | EventKind::Tagged
        | EventKind::AppChosen
        | EventKind::SettingsChanged
        | EventKind::Removed => Mark::Waiting,
        EventKind::Refused => Mark::Warning,
        EventKind::Failed | EventKind::NotDelivered => Mark::Bad,
    }
}
