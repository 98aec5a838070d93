//! `everlit notify test`: sends a real message through each channel and a real heartbeat to each monitor.

use everlit_engine::{clear_undelivered, heartbeat, notifier};
use everlit_keeper::{News, Notice, NotifyError, NotifyErrorClass, Step};
use everlit_notify::{Kind, Summary};
use serde_json::json;

use super::common::{self, check_name};
use crate::cli::NotifyTest;
use crate::context::Context;
use crate::output::{Exit, Mark, Problem, Screen};
use crate::runtime::runtime;

/// The result for one notifier.
struct Tested {
    name: String,
    kind: &'static Kind,
    outcome: Result<(), NotifyError>,
}

pub(super) fn run(context: &Context<'_>, flags: &NotifyTest, screen: &mut Screen) -> Result<Exit, Problem> {
    let notify = &context.settings.notify;
    if let Some(name) = &flags.name {
        check_name(name)?;
        if !notify.all().any(|known| known.name == *name) {
            let message = format!("no channel or monitor is called {name}");
            return Err(Problem::config(message).with_next(Step::everlit("notify list")));
        }
    }
    if notify.all().next().is_none() {
        return Err(
            Problem::config("nothing to test: no channel or monitor is configured").with_next(common::add_channel())
        );
    }
    let runtime = runtime()?;
    let tested = runtime.block_on(test_all(context, flags.name.as_deref()));
    Ok(show(context, &tested, screen))
}

async fn test_all(context: &Context<'_>, only: Option<&str>) -> Vec<Tested> {
    let notify = &context.settings.notify;
    let is_wanted = |name: &str| only.is_none_or(|only| only == name);
    let run = context.run_number();
    let notice = Notice {
        id: format!("test-{run:032x}"),
        at: context.now(),
        news: News::Test,
        message: "Messages from everlit will arrive here. This is only a test.".to_owned(),
        accounts: Vec::new(),
        next: None,
        unreached: Vec::new(),
    };
    let mut tested = Vec::new();
    for channel in notify.channels.iter().filter(|channel| is_wanted(&channel.name)) {
        let outcome = notifier(context, channel).notify(&notice).await;
        tested.push(Tested { name: channel.name.clone(), kind: channel.kind, outcome });
    }
    for monitor in notify.heartbeats.iter().filter(|monitor| is_wanted(&monitor.name)) {
        let outcome = match heartbeat(context, monitor, run) {
            Ok(heartbeat) => heartbeat.finish(&Summary::default()).await,
            Err(problem) => Err(NotifyError::new(NotifyErrorClass::Misconfigured, problem.message)),
        };
        tested.push(Tested { name: monitor.name.clone(), kind: monitor.kind, outcome });
    }
    let works: Vec<&str> = tested.iter().filter(|one| one.outcome.is_ok()).map(|one| one.name.as_str()).collect();
    clear_undelivered(context, &works).await;
    tested
}

fn show(context: &Context<'_>, tested: &[Tested], screen: &mut Screen) -> Exit {
    let exit_of = |tested: &Tested| match &tested.outcome {
        Ok(()) => Exit::Success,
        Err(error) if error.is_permanent() => Exit::Person,
        Err(_) => Exit::Temporary,
    };
    let exit = tested.iter().map(exit_of).max().unwrap_or(Exit::Success);
    if context.global.json {
        let rows: Vec<_> = tested
            .iter()
            .map(|tested| {
                json!({
                    "name": tested.name,
                    "kind": tested.kind.name,
                    "exit_code": exit_of(tested).code(),
                    "failure": tested.outcome.as_ref().err().map(|error| error.message.as_str()),
                })
            })
            .collect();
        let fields = json!({
            "tested": rows,
        });
        screen.document("notify", context.now(), exit, fields);
        return exit;
    }
    for Tested { name, kind, outcome } in tested {
        match outcome {
            Ok(()) if context.global.quiet => {}
            Ok(()) => {
                let all_that_is_known = if kind.is_confirmed() { "" } else { "; any 2xx answer counts as that" };
                screen.say(format!("{} {name} ({}): accepted{all_that_is_known}", Mark::Good.painted(), kind.name));
            }
            Err(error) => screen.note(format!("{} {name} ({}): {error}", Mark::Bad.painted(), kind.name)),
        }
    }
    if exit == Exit::Success {
        if !context.global.quiet {
            screen.next(&Step::note("check that it has arrived"));
        }
    } else {
        screen.note_next(&Step::everlit("notify test").with_note("once that is corrected"));
    }
    exit
}
