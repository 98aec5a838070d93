//! `everlit status`: how things stand, from what is on the disk; `--live` asks Meta.

use everlit_engine::undelivered;
use everlit_host::in_parallel;
use everlit_keeper::{AccountName, Health, Step, Undelivered};
use everlit_meta_api::{DAY, Timestamp};
use serde_json::json;

use crate::cli::Status;
use crate::context::Context;
use crate::output::{
    Exit, Mark, Problem, Screen, Serving, View, add_waiting, check_line, dead_and_paused, dim, few, has_unknown_runs,
    next_step, notifiers, paused_view, relative, settings_json, show_most, step, view_of, worst,
};
use crate::runtime::runtime;

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
    // A clock that was wrong says nothing; the account does.
    let last_run = each.iter().filter_map(|(_, at)| *at).filter(|at| at.since(now) <= DAY).max();
    let is_about_all = context.global.account.is_empty();
    let paused = context.settings.paused.iter().filter(|_| !is_about_all);
    let paused = paused.map(|name| paused_view(context, &store, &runtime, name));
    let mut views: Vec<View> = each.into_iter().map(|(view, _)| view).chain(paused).collect();
    if let Some(why) = if flags.check { store.cannot_write(now) } else { None } {
        for view in &mut views {
            view.worsen(Health::NotSaved, why.clone(), Step::everlit("doctor"));
        }
    }
    add_waiting(&store, &runtime, &mut views, is_about_all);
    let dead_and_paused = if is_about_all { dead_and_paused(context, &store, &runtime) } else { Vec::new() };
    let undelivered = runtime.block_on(undelivered(context, &*store));
    context.warn_of_settings(screen);
    let serving = Serving::of(context);
    let found = Found { views, last_run, serving, undelivered, dead_and_paused };
    show(context, flags, &found, now, screen);
    Ok(exit_of(context, &found.views))
}

/// The state of the accounts, for text and JSON.
struct Found<'a> {
    views: Vec<View>,
    last_run: Option<Timestamp>,
    serving: Option<Serving>,
    undelivered: Vec<Undelivered>,
    dead_and_paused: Vec<&'a AccountName>,
}

fn exit_of(context: &Context<'_>, views: &[View]) -> Exit {
    // A vault in which nothing is kept alive is not well: it may be the wrong one.
    let nobody = if views.is_empty() { Exit::Config } else { Exit::Success };
    worst(views).max(nobody).max(crate::output::exit_of_settings(&context.settings))
}

fn show(context: &Context<'_>, flags: &Status, found: &Found<'_>, now: Timestamp, screen: &mut Screen) {
    let Found { views, last_run, serving, undelivered, dead_and_paused } = found;
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
            "dead_and_paused": dead_and_paused.iter().map(|name| name.as_str()).collect::<Vec<_>>(),
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
        return screen.say(check_line(context, views, dead_and_paused.len(), undelivered, exit));
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
    if let Some(names) = few(dead_and_paused) {
        let connect = dim("(`everlit account resume NAME`, then `everlit connect NAME`)");
        screen.say(format!("{} paused, and the token no longer works: {names} {connect}", Mark::Bad.painted()));
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
    } else if !views.iter().any(|view| has_unknown_runs(view) || view.outcome == Some("paused")) {
        screen.say(dim("no run has been recorded yet; `everlit schedule install` runs it daily"));
    }
    let is_idle = exit == Exit::Success && !failures.is_empty() && views.iter().all(|view| view.next.is_none());
    screen.next(&if is_idle { Step::everlit("notify test") } else { next_step(views, &context.settings) });
}
