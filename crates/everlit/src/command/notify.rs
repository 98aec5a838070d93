//! `everlit notify`: the channels that people are notified through, and the monitors that expect heartbeats.

mod add;
mod common;
mod remove;
mod secret;
mod test;

use everlit_engine::{NotifierSettings, notifier_host, undelivered};
use everlit_keeper::Step;
use serde_json::json;

use crate::cli::Notify;
use crate::context::Context;
use crate::output::notifiers;
use crate::output::{Exit, Mark, Problem, Screen, dim};
use crate::runtime::runtime;

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
    let undelivered = runtime.block_on(undelivered(context, &*context.store()));
    let notify = &context.settings.notify;
    if context.global.json {
        let (mut channels, mut heartbeats) = notifiers::to_json(context, &undelivered);
        for (row, notifier) in channels.iter_mut().chain(&mut heartbeats).zip(notify.all()) {
            row["goes_to"] = json!(destination(context, notifier));
        }
        let fields = json!({
            "notify": channels,
            "heartbeats": heartbeats,
            "metrics_file": notify.metrics_file,
        });
        screen.document("notify", context.now(), Exit::Success, fields);
        return Ok(Exit::Success);
    }
    for notifier in notify.all() {
        let destination = destination(context, notifier).unwrap_or_else(|| "its URL is not set".to_owned());
        let more = match notifier {
            notifier if notifier.kind.is_monitor() => ", a heartbeat after each run",
            notifier if notifier.is_fallback => ", only when another channel fails",
            _ => "",
        };
        screen.say(format!("{:<12}  {:<12}  {destination}{more}", notifier.name, notifier.kind.name));
    }
    for failure in notifiers::lines(context, &undelivered) {
        screen.note(format!("{} {failure}", Mark::Warning.painted()));
    }
    if notify.all().next().is_none() {
        screen.say(dim("Nobody is notified when a person is needed."));
        screen.next(&common::add_channel());
    } else {
        screen.next(&Step::everlit("notify test"));
    }
    Ok(Exit::Success)
}

/// Where messages go, as far as that is not secret: the arguments of a command may be.
fn destination(context: &Context<'_>, notifier: &NotifierSettings) -> Option<String> {
    let options = &notifier.options;
    if let Some(server) = options.text("server") {
        return Some(format!("{} via {server}", options.list("to").join(", ")));
    }
    options.text("command").map(str::to_owned).or_else(|| notifier_host(context, notifier))
}
