//! `everlit status`: how things stand, from what is on the disk; `--live` asks Meta.

use std::cmp::Reverse;

use everlit_engine::undelivered;
use everlit_host::in_parallel;
use everlit_keeper::{AccountName, Health, Record, Step, Undelivered};
use everlit_meta_api::Timestamp;
use serde_json::json;

use crate::cli::Status;
use crate::context::Context;
use crate::output::{
    Exit, Mark, Problem, Screen, Serving, View, counted, dim, few, has_unknown_runs, next_step, notifiers, paused_view,
    relative, settings_json, show_most, step, view_of, worst,
};
use crate::runtime::runtime;

/// How many failures stand in the one line for monitors.
const MOST_NAMED: usize = 3;

pub(crate) fn run(context: &Context<'_>, flags: &Status, screen: &mut Screen) -> Result<Exit, Problem> {
    let now = context.now();
    let store = context.store();
    let keeper = if flags.live { Some(context.keeper(&context.store())?) } else { None };
    let runtime = runtime()?;
    let names = context.settings.names();
    let one = |name: &AccountName| {
        let answer = keeper.as_ref().map(|keeper| runtime.block_on(keeper.verify(name)));
        view_of(context, &store, &runtime, name, flags.check, answer)
    };
    // What Meta is asked, it is asked in turn.
    let each = if flags.live { names.iter().map(one).collect() } else { in_parallel(&names, one) };
    let last_run = each.iter().filter_map(|(_, at)| *at).max();
    let paused = context.settings.paused.iter().filter(|_| !context.global.account.is_empty());
    let paused = paused.map(|name| paused_view(context, &store, &runtime, name));
    let mut views: Vec<View> = each.into_iter().map(|(view, _)| view).chain(paused).collect();
    if let Some(why) = if flags.check { store.cannot_write(now) } else { None } {
        for view in &mut views {
            view.worsen(Health::NotSaved, why.clone(), Step::everlit("doctor"));
        }
    }
    let undelivered = runtime.block_on(undelivered(context, &*store));
    context.warn_of_settings(screen);
    let serving = Serving::of(context);
    let found = Found { views, last_run, serving, undelivered };
    show(context, flags, &found, now, screen);
    Ok(exit_of(context, &found.views))
}

/// The state of the accounts, for text and JSON.
struct Found {
    views: Vec<View>,
    last_run: Option<Timestamp>,
    serving: Option<Serving>,
    undelivered: Vec<Undelivered>,
}

fn exit_of(context: &Context<'_>, views: &[View]) -> Exit {
    // A vault in which nothing is kept alive is not well: it may be the wrong one.
    let nobody = if views.is_empty() { Exit::Config } else { Exit::Success };
    worst(views).max(nobody).max(crate::output::exit_of_settings(&context.settings))
}

fn show(context: &Context<'_>, flags: &Status, found: &Found, now: Timestamp, screen: &mut Screen) {
    let Found { views, last_run, serving, undelivered } = found;
    let (views, serving) = (&views[..], serving.as_ref());
    let exit = exit_of(context, views);
    if context.global.json {
        let count = |end: Exit| views.iter().filter(|view| view.exit == end).count();
        let accounts: Vec<_> = views.iter().map(|view| view.to_json(now)).collect();
        let (notify, heartbeats) = notifiers::to_json(context, undelivered);
        let (workers, queue) = serving.map(Serving::to_json).unzip();
        let fields = json!({
            "last_run_at": last_run.map(everlit_store::rfc3339),
            "summary": {
                "total": views.len(),
                "well": count(Exit::Success),
                "retrying": count(Exit::Temporary),
                "needs_person": count(Exit::Person),
                "unusable": count(Exit::Config),
            },
            "accounts": accounts,
            "paused": context.settings.paused.iter().map(AccountName::as_str).collect::<Vec<_>>(),
            "workers": workers,
            "queue": queue,
            "problems": settings_json(&context.settings),
            "notify": notify,
            "heartbeats": heartbeats,
            "next": step::json(Some(&next_step(views, &context.settings))),
        });
        return screen.document("status", now, exit, fields);
    }
    if flags.check {
        return screen.say(check_line(context, views, exit));
    }
    let failures = notifiers::lines(context, undelivered);
    if context.global.quiet && exit == Exit::Success && failures.is_empty() {
        return;
    }
    show_most(views, flags.all, screen);
    let paused = context.settings.paused.iter().filter(|_| context.global.account.is_empty());
    if let Some(names) = few(paused) {
        let resume = dim("(`everlit account resume NAME`)");
        screen.say(format!("{} paused, and not refreshed: {names} {resume}", Mark::Warning.painted()));
    }
    if views.is_empty() {
        screen.say(format!("{} no account of the vault is kept alive", Mark::Bad.painted()));
        screen.next(&Step::everlit("account list"));
        return;
    }
    for failure in &failures {
        screen.say(format!("{} {failure}", Mark::Warning.painted()));
    }
    if let Some(serving) = serving {
        serving.show(now, screen);
    }
    if serving.is_some_and(Serving::is_served) {
        // That is more than a run.
    } else if let Some(at) = *last_run {
        screen.say(dim(&format!("last run {}", relative(at, now))));
    } else if !views.iter().any(has_unknown_runs) {
        screen.say(dim("no run has been recorded yet; `everlit schedule install` runs it daily"));
    }
    let is_idle = exit == Exit::Success && !failures.is_empty() && views.iter().all(|view| view.next.is_none());
    screen.next(&if is_idle { Step::everlit("notify test") } else { next_step(views, &context.settings) });
}

/// `OK: 3 tokens are safe` or `NEEDS A PERSON: shop: expired 2 days ago`.
fn check_line(context: &Context<'_>, views: &[View], exit: Exit) -> String {
    if exit == Exit::Success {
        let paused = match context.settings.paused.len() {
            0 => String::new(),
            count => format!(", {count} paused and not refreshed"),
        };
        return format!("OK: {} safe{paused}", counted(views.len(), "token"));
    }
    if views.is_empty() {
        let paused = context.settings.paused.len();
        return format!("ERROR: no account of the vault is kept alive ({paused} paused)");
    }
    let unverified = |record: &Record| record.last_verified_at.is_none();
    let is_unverified = |view: &View| view.health.is_well() && view.record.as_ref().is_some_and(unverified);
    let failing = || views.iter().filter(|view| view.exit != Exit::Success);
    let word = match exit {
        Exit::Person => "NEEDS A PERSON",
        Exit::Temporary if failing().all(is_unverified) => "NOT VERIFIED YET",
        Exit::Temporary if failing().all(has_unknown_runs) => "NOT KNOWN",
        Exit::Temporary => "RETRYING",
        _ => "ERROR",
    };
    let problems = context.settings.problems_of_run().map(|error| (Exit::Config, error.message.clone()));
    let mut failures: Vec<(Exit, String)> =
        failing().map(|view| (view.exit, format!("{}: {}", view.name, why(view)))).chain(problems).collect();
    // What asks for the most comes first.
    failures.sort_by_key(|(exit, _)| Reverse(*exit));
    let more = failures.len().saturating_sub(MOST_NAMED);
    let failures: Vec<String> = failures.into_iter().take(MOST_NAMED).map(|(_, failure)| failure).collect();
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{word}: {}{more}", failures.join("; "))
}

/// What a monitor is told of an account that is not well.
fn why(view: &View) -> String {
    let failure = view.record.as_ref().and_then(|record| record.failure.as_ref()).map(|failure| &failure.message);
    if let Some(failure) = failure.filter(|_| view.exit != Exit::NotSaved && view.health != Health::Stopped) {
        return failure.clone();
    }
    let undelivered: Vec<&str> = view.lines.iter().filter_map(|line| line.strip_prefix("not delivered to ")).collect();
    let line = match view.health {
        Health::Expired => view.lines.first(),
        _ if undelivered.len() > 1 && view.health.is_well() => {
            return format!("not delivered to {}", undelivered.join("; to "));
        }
        _ => view.lines.last(),
    };
    line.cloned().unwrap_or_else(|| view.health.label().to_owned())
}
