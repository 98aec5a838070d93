//! `everlit notify test`: one real message through each channel, one real heartbeat to each monitor.

use everlit_keeper::{News, Notice, NotifyError, Store};
use everlit_notify::Summary;
use everlit_store::rfc3339;
use serde_json::json;

use super::check_name;
use crate::channels;
use crate::cli::NotifyTest;
use crate::command::runtime;
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::{Mark, Screen};
use crate::wire::Context;

/// What became of one.
struct Tried {
    name: String,
    kind: &'static str,
    outcome: Result<(), NotifyError>,
}

pub(super) fn run(context: &Context<'_>, flags: &NotifyTest, screen: &mut Screen) -> Result<Exit, Problem> {
    let telling = &context.settings.telling;
    if let Some(name) = &flags.name {
        check_name(name)?;
        let is_there = telling.channels.iter().any(|channel| channel.name == *name)
            || telling.heartbeats.iter().any(|beat| beat.name == *name);
        if !is_there {
            return Err(Problem::config(format!("there is no channel or monitor {name} to test"))
                .with_next("everlit notify list"));
        }
    }
    if telling.channels.is_empty() && telling.heartbeats.is_empty() {
        let next = "everlit notify add NAME --kind slack (or discord, teams, ntfy, email, webhook, command)";
        return Err(Problem::config("nobody is told: there is nothing to test").with_next(next));
    }
    let runtime = runtime()?;
    let tried = runtime.block_on(try_all(context, flags.name.as_deref()));
    Ok(show(context, &tried, screen))
}

async fn try_all(context: &Context<'_>, only: Option<&str>) -> Vec<Tried> {
    let telling = &context.settings.telling;
    let is_wanted = |name: &str| only.is_none_or(|only| only == name);
    let run = context.run_number();
    let notice = Notice {
        id: format!("test-{run:032x}"),
        at: context.now(),
        news: News::Test,
        message: "Messages from everlit arrive here. Nothing has happened.".to_owned(),
        accounts: Vec::new(),
        next: None,
        unreached: Vec::new(),
    };
    let mut tried = Vec::new();
    for channel in telling.channels.iter().filter(|channel| is_wanted(&channel.name)) {
        let outcome = channels::notifier(context, channel).notify(&notice).await;
        tried.push(Tried { name: channel.name.clone(), kind: channel.kind.word(), outcome });
    }
    for beat in telling.heartbeats.iter().filter(|beat| is_wanted(&beat.name)) {
        let outcome = match channels::heartbeat(context, beat, run) {
            Ok(heartbeat) => heartbeat.finish(&Summary::default()).await,
            Err(problem) => Err(NotifyError { message: problem.message, is_permanent: true }),
        };
        tried.push(Tried { name: beat.name.clone(), kind: beat.kind.word(), outcome });
    }
    forget_failures(context, &tried).await;
    tried
}

/// What could not be sent before is no news once something has arrived.
async fn forget_failures(context: &Context<'_>, tried: &[Tried]) {
    let store = context.store();
    // A run that is telling writes the same; it forgets by itself what it has sent.
    let Ok(_guard) = store.lease_alerts(context.now()).await else { return };
    for account in context.settings.names() {
        let mut told = store.alert_state(&account).await;
        let before = told.undelivered.len();
        told.undelivered.retain(|undelivered| {
            !tried.iter().any(|tried| tried.outcome.is_ok() && tried.name == undelivered.channel)
        });
        if told.undelivered.len() < before {
            // Where it cannot be written, the next message does it.
            let _ = store.save_alert_state(&account, &told).await;
        }
    }
}

fn show(context: &Context<'_>, tried: &[Tried], screen: &mut Screen) -> Exit {
    let exit_of = |tried: &Tried| match &tried.outcome {
        Ok(()) => Exit::Success,
        Err(error) if error.is_permanent => Exit::Person,
        Err(_) => Exit::Temporary,
    };
    let exit = tried.iter().map(exit_of).max().unwrap_or(Exit::Success);
    if context.global.json {
        let rows: Vec<_> = tried
            .iter()
            .map(|tried| {
                json!({
                    "name": tried.name,
                    "kind": tried.kind,
                    "exit_code": exit_of(tried).code(),
                    "failure": tried.outcome.as_ref().err().map(|error| error.message.as_str()),
                })
            })
            .collect();
        screen.json(&json!({
            "schema": "everlit.notify/1",
            "generated_at": rfc3339(context.now()),
            "exit_code": exit.code(),
            "tested": rows,
        }));
        return exit;
    }
    for Tried { name, kind, outcome } in tried {
        match outcome {
            Ok(()) if context.global.quiet => {}
            Ok(()) => screen.say(format!("{} {name} ({kind}): sent", Mark::Good.painted())),
            Err(error) => screen.note(format!("{} {name} ({kind}): {error}", Mark::Bad.painted())),
        }
    }
    if exit == Exit::Success {
        if !context.global.quiet {
            screen.next("look whether it has arrived");
        }
    } else {
        screen.note_next("set that right, then everlit notify test");
    }
    exit
}
