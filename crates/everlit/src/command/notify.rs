//! `everlit notify`: who is told, and who waits for a heartbeat.

mod add;
mod remove;
mod secret;
mod test;

use serde_json::json;
use toml_edit::{DocumentMut, Item, Table};

use everlit_store::rfc3339;

use crate::channels;
use crate::cli::Notify;
use crate::command::runtime;
use crate::messages;
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::{Mark, Screen, dim};
use crate::settings::telling::{ChannelKind, is_name};
use crate::wire::Context;

pub(crate) fn run(context: &Context<'_>, command: &Notify, screen: &mut Screen) -> Result<Exit, Problem> {
    match command {
        Notify::Add(flags) => add::run(context, flags, screen),
        Notify::List => list(context, screen),
        Notify::Test(flags) => test::run(context, flags, screen),
        Notify::Remove(flags) => remove::run(context, flags, screen),
    }
}

fn list(context: &Context<'_>, screen: &mut Screen) -> Result<Exit, Problem> {
    let runtime = runtime()?;
    let undelivered = runtime.block_on(messages::undelivered(context, &*context.store()));
    let telling = &context.settings.telling;
    let (mut channels, mut heartbeats) = messages::to_json(context, &undelivered);
    let hosts: Vec<_> =
        telling.channels.iter().map(|channel| place_of(context, &channel.name, &channel.kind)).collect();
    let beat_hosts: Vec<_> =
        telling.heartbeats.iter().map(|beat| channels::host(context, "heartbeat", &beat.name)).collect();
    for (row, host) in channels.iter_mut().zip(&hosts).chain(heartbeats.iter_mut().zip(&beat_hosts)) {
        row["goes_to"] = json!(host);
    }
    if context.global.json {
        screen.json(&json!({
            "schema": "everlit.notify/1",
            "generated_at": rfc3339(context.now()),
            "exit_code": Exit::Success.code(),
            "notify": channels,
            "heartbeats": heartbeats,
            "metrics_file": telling.metrics_file,
        }));
        return Ok(Exit::Success);
    }
    let mut row = |name: &str, kind: &str, host: Option<&String>, more: &str| {
        let place = host.map_or_else(|| "its address is not set".to_owned(), Clone::clone);
        screen.say(format!("{name:<12}  {kind:<12}  {place}{more}"));
    };
    for (channel, host) in telling.channels.iter().zip(&hosts) {
        let more = if channel.is_fallback { ", only when another one fails" } else { "" };
        row(&channel.name, channel.kind.word(), host.as_ref(), more);
    }
    for (beat, host) in telling.heartbeats.iter().zip(&beat_hosts) {
        row(&beat.name, beat.kind.word(), host.as_ref(), ", a heartbeat after each run");
    }
    for failure in messages::lines(context, &undelivered) {
        screen.note(format!("{} {failure}", Mark::Warning.painted()));
    }
    if telling.channels.is_empty() && telling.heartbeats.is_empty() {
        screen.say(dim("Nobody is told when a person is needed."));
        screen.next("everlit notify add NAME --kind slack (or discord, teams, ntfy, email, webhook, command)");
    } else {
        screen.next("everlit notify test");
    }
    Ok(Exit::Success)
}

/// Where messages go, as far as that is no secret.
fn place_of(context: &Context<'_>, name: &str, kind: &ChannelKind) -> Option<String> {
    match kind {
        ChannelKind::Email(mail) => Some(format!("{} by {}", mail.to.join(", "), mail.server)),
        // Its arguments may be secret.
        ChannelKind::Command(argv) => argv.first().cloned(),
        _ => channels::host(context, "notify", name),
    }
}

/// A name that the settings can have; what is none may be a secret in the wrong place, and is not repeated.
fn check_name(name: &str) -> Result<(), Problem> {
    if is_name(name) {
        return Ok(());
    }
    Err(Problem::config("a name has at most 40 letters, digits, `-` and `_`").with_next("everlit notify list"))
}

/// `[section.name]`, set to `table`; `false` if it was so already.
fn put(document: &mut DocumentMut, section: &str, name: &str, table: Table) -> bool {
    let tables = document.entry(section).or_insert_with(|| {
        let mut tables = Table::new();
        tables.set_implicit(true);
        Item::Table(tables)
    });
    // Settings in which it is something else have not been read.
    let Some(tables) = tables.as_table_like_mut() else { return false };
    let same = |old: &Item| {
        old.as_table_like().is_some_and(|old| {
            old.len() == table.len()
                && table.iter().all(|(key, new)| old.get(key).is_some_and(|old| text(old) == text(new)))
        })
    };
    if tables.get(name).is_some_and(same) {
        return false;
    }
    tables.insert(name, Item::Table(table));
    true
}

/// A value without the blanks and comments round it.
fn text(item: &Item) -> String {
    item.as_value().map_or_else(String::new, |value| {
        let mut value = value.clone();
        value.decor_mut().clear();
        value.to_string()
    })
}
