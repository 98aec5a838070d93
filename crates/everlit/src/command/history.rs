//! `everlit history`: what happened to each token and when, oldest first.

use everlit_keeper::{Event, EventKind, Step, Store};
use everlit_store::rfc3339;
use serde_json::json;

use crate::cli::History;
use crate::context::Context;
use crate::output::{Exit, Mark, Problem, Screen, View, date_and_time, dim, strong, worst};
use crate::runtime::runtime;

pub(crate) fn run(context: &Context<'_>, flags: &History, screen: &mut Screen) -> Result<Exit, Problem> {
    let now = context.now();
    let store = context.store();
    let runtime = runtime()?;
    let mut entries = Vec::new();
    let mut unusable = Vec::new();
    for name in context.settings.names().into_iter().chain(context.settings.paused.iter().cloned()) {
        match runtime.block_on(store.load(&name, now)) {
            Ok(stored) => {
                let account = name.as_str();
                entries
                    .extend(stored.record.events.into_iter().map(|event| Entry { account: account.to_owned(), event }));
            }
            Err(error) => unusable.push(View::of_store_error(name.as_str(), &error).with(&context.settings)),
        }
    }
    // A stable sort keeps an account's events of one second in order.
    entries.sort_by_key(|entry| entry.event.at);
    let older = entries.len().saturating_sub(flags.limit);
    entries.drain(..older);
    let exit = worst(&unusable);
    if context.global.json {
        let fields = json!({
            "older_events": older,
            "events": entries.iter().map(Entry::to_json).collect::<Vec<_>>(),
            "unusable": unusable.iter().map(|view| json!({ "account": view.name, "message": view.lines.join("; "), "next": crate::output::step::json(view.next.as_ref()) })).collect::<Vec<_>>(),
        });
        screen.document("history", now, exit, fields);
        return Ok(exit);
    }
    show(&entries, older, context.settings.accounts.len() + context.settings.paused.len() > 1, screen);
    let width = unusable.iter().map(|view| view.name.len()).max().unwrap_or(0);
    for view in &unusable {
        view.show(screen, width);
    }
    match unusable.into_iter().find_map(|view| view.next) {
        Some(next) => screen.note_next(&next),
        None if entries.is_empty() && older == 0 => screen.next(&Step::everlit("refresh")),
        None => screen.next(&Step::everlit("status")),
    }
    Ok(exit)
}

struct Entry {
    account: String,
    event: Event,
}

impl Entry {
    fn to_json(&self) -> serde_json::Value {
        json!({
            "at": rfc3339(self.event.at),
            "account": self.account,
            "what": self.event.what.code(),
            "detail": self.event.detail,
        })
    }
}

fn show(entries: &[Entry], older: usize, named: bool, screen: &mut Screen) {
    if entries.is_empty() && older == 0 {
        screen.say("Nothing has happened yet. Each run records here what it does to a token.");
    }
    if older > 0 {
        let all = older + entries.len();
        screen
            .say(dim(&format!("the latest {} of {all} events (`everlit history -n {all}` shows all)", entries.len())));
    }
    let name_width = if named { entries.iter().map(|entry| entry.account.len()).max().unwrap_or(0) + 2 } else { 0 };
    for Entry { account, event } in entries {
        let name = if named { account.as_str() } else { "" };
        let what = strong(&format!("{:<13}", event.what.code()));
        screen.say(format!(
            "{} {:>21}  {name:<name_width$}{what}  {}",
            mark(event.what).painted(),
            date_and_time(event.at),
            event.detail
        ));
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
