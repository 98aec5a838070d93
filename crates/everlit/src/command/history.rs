//! `everlit history`: what happened to each token, and to the settings in a vault, and when; oldest first.

use everlit_keeper::{Step, Store};
use serde_json::json;

use crate::cli::History;
use crate::context::Context;
use crate::output::{Exit, HistoryEntry, Problem, Screen, View, show_history, worst};
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
                let entry = |event| HistoryEntry { account: Some(name.to_string()), by: None, event };
                entries.extend(stored.record.events.into_iter().map(entry));
            }
            Err(error) => unusable.push(View::of_store_error(name.as_str(), &error).with(&context.settings)),
        }
    }
    if let Some(vault) = context.vault().filter(|_| context.global.account.is_empty()) {
        let history = context.wait_for_vault(vault.settings_history())?;
        // They come newest first.
        let changes = history.changes.into_iter().rev();
        entries.extend(changes.map(|(who, event)| HistoryEntry { account: None, by: Some(who), event }));
        unusable.extend(View::of_unreadable_changes(history.unreadable));
    }
    // A stable sort keeps an account's events of one second in order.
    entries.sort_by_key(|entry| entry.event.at);
    let older = entries.len().saturating_sub(flags.limit);
    entries.drain(..older);
    let exit = worst(&unusable);
    if context.global.json {
        let fields = json!({
            "older_events": older,
            "events": entries.iter().map(HistoryEntry::to_json).collect::<Vec<_>>(),
            "unusable": unusable.iter().map(|view| json!({ "account": view.name, "message": view.lines.join("; "), "next": crate::output::step::json(view.next.as_ref()) })).collect::<Vec<_>>(),
        });
        screen.document("history", now, exit, fields);
        return Ok(exit);
    }
    show_history(&entries, older, context.settings.accounts.len() + context.settings.paused.len() > 1, screen);
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
