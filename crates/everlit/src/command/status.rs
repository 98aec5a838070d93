//! `everlit status`: how things stand, from what is on the disk; `--live` asks Meta.

use everlit_engine::{Account, undelivered};
use everlit_keeper::{Cause, Health, Report, Step, Store, Stored, Undelivered};
use everlit_meta_api::{Class, Client, DAY, Platform, Timestamp};
use everlit_store::UnusableState;
use serde_json::json;

use crate::cli::Status;
use crate::context::Context;
use crate::output::notifiers;
use crate::output::{
    Exit, Mark, Problem, Screen, View, counted, date_and_time, dim, next_step, relative, remedy, show_each, worst,
};
use crate::runtime::runtime;

pub(crate) fn run(context: &Context<'_>, flags: &Status, screen: &mut Screen) -> Result<Exit, Problem> {
    let now = context.now();
    let store = context.store();
    let client = if flags.live { Some(context.client()?) } else { None };
    if flags.live {
        context.warn_of_stand_in(screen);
    }
    let runtime = runtime()?;
    let mut last_run = None;
    let mut views = Vec::with_capacity(context.settings.accounts.len());
    for account in &context.settings.accounts {
        let run_at = store.last_run(&account.name);
        last_run = last_run.max(run_at);
        let view = match runtime.block_on(store.load(&account.name, now)) {
            Ok(stored) => {
                let view = of_stored(context, account, &stored, run_at);
                match &client {
                    Some(client) => {
                        // What is wrong with the app is told by the run that needs it.
                        let with_app = context.with_app(client.clone(), account, Platform::Facebook);
                        runtime.block_on(live(view, &with_app.unwrap_or_else(|_| client.clone()), &stored))
                    }
                    None => view,
                }
            }
            Err(error) => View::of_store_error(account.name.as_str(), &error),
        };
        views.push(match store.unusable_state(&account.name) {
            Some(unusable) => not_savable(view, &unusable),
            None => view,
        });
    }
    let undelivered = runtime.block_on(undelivered(context, &*store));
    show(context, flags, &views, last_run, &undelivered, now, screen);
    Ok(worst(&views))
}

/// What is on the disk about an account whose last run was at `run_at`.
fn of_stored(context: &Context<'_>, account: &Account, stored: &Stored, run_at: Option<Timestamp>) -> View {
    let (now, policy) = (context.now(), context.settings.policy(false));
    let mut view = View::of_report(&Report::idle(&account.name, stored.record.clone(), &policy, now));
    view.lines.extend(stored.notes.iter().cloned());
    if let Some(candidate) = &stored.candidate {
        // One that replaces itself may stand nowhere else yet.
        let is_in_place = candidate.token == stored.current && candidate.replaces != candidate.token.fingerprint();
        let message = if is_in_place {
            "the new token is in place; the notes about it could not be written yet"
        } else {
            "an interrupted run has left a new token unsaved; the next run puts it in place"
        };
        view.lines.push(message.to_owned());
        // Where every run fails to finish it, a monitor is the one that sees it.
        view.exit = view.exit.max(Exit::Temporary);
        view.mark = if view.mark == Mark::Bad { Mark::Bad } else { Mark::Warning };
        view.next.get_or_insert_with(|| Step::everlit("refresh"));
    }
    if let Some(at) = run_at.filter(|at| now.since(*at) > STOPPED_AFTER) {
        view.lines.push(format!("no run since {}: has its schedule stopped?", date_and_time(at)));
        view.exit = view.exit.max(Exit::Temporary);
        view.mark = if view.mark == Mark::Bad { Mark::Bad } else { Mark::Warning };
        view.next.get_or_insert_with(|| Step::everlit("refresh").with_note("then `everlit schedule show`"));
    }
    view
}

/// Whatever the token's state, the next run cannot save a new one: it would end with the same code.
fn not_savable(mut view: View, unusable: &UnusableState) -> View {
    view.lines.insert(0, unusable.to_string());
    view.health = Health::NotSaved;
    view.exit = view.exit.max(Exit::NotSaved);
    view.mark = Mark::Bad;
    view.next = Some(Step::everlit("doctor"));
    view
}

/// A daily run that was missed three times over, in seconds.
const STOPPED_AFTER: i64 = 3 * DAY;

/// Adds what Meta says of the token right now.
async fn live(mut view: View, client: &Client, stored: &Stored) -> View {
    match client.me(&stored.current).await {
        Ok(me) => {
            let who = me.value.username.map_or_else(String::new, |name| format!(" as @{name}"));
            view.lines.push(format!("Meta confirms the token{who}"));
        }
        Err(error) => {
            view.lines.push(format!("asked live: {}", error.message()));
            view.exit = view.exit.max(Exit::Temporary);
            view.mark = if view.mark == Mark::Bad { Mark::Bad } else { Mark::Warning };
            let next = match error.class() {
                Class::Reconnect if !error.needs_confirmation() => {
                    remedy(Cause::Meta(Class::Reconnect), Some(&view.name), stored.record.kind.platform())
                }
                _ => Step::everlit("refresh --force"),
            };
            view.next.get_or_insert(next);
        }
    }
    view
}

fn show(
    context: &Context<'_>,
    flags: &Status,
    views: &[View],
    last_run: Option<Timestamp>,
    undelivered: &[Undelivered],
    now: Timestamp,
    screen: &mut Screen,
) {
    let exit = worst(views);
    if context.global.json {
        let count = |end: Exit| views.iter().filter(|view| view.exit == end).count();
        let accounts: Vec<_> = views.iter().map(|view| view.to_json(now)).collect();
        let (notify, heartbeats) = notifiers::to_json(context, undelivered);
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
            "notify": notify,
            "heartbeats": heartbeats,
        });
        return screen.document("status", now, exit, fields);
    }
    if flags.check {
        return screen.say(check_line(views, exit));
    }
    let failures = notifiers::lines(context, undelivered);
    if context.global.quiet && exit == Exit::Success && failures.is_empty() {
        return;
    }
    show_each(views.iter(), screen);
    for failure in &failures {
        screen.note(format!("{} {failure}", Mark::Warning.painted()));
    }
    screen.say(dim(&last_run.map_or_else(
        || "no run has been recorded yet; `everlit schedule install` runs it daily".to_owned(),
        |at| format!("last run {}", relative(at, now)),
    )));
    let is_idle = exit == Exit::Success && !failures.is_empty() && views.iter().all(|view| view.next.is_none());
    screen.next(&if is_idle { Step::everlit("notify test") } else { next_step(views) });
}

/// `OK: 3 tokens are safe` or `NEEDS A PERSON: shop: expired 2 days ago`.
fn check_line(views: &[View], exit: Exit) -> String {
    if exit == Exit::Success {
        return format!("OK: {} safe", counted(views.len(), "token"));
    }
    let word = match exit {
        Exit::Person => "NEEDS A PERSON",
        Exit::Temporary => "RETRYING",
        _ => "ERROR",
    };
    let failures: Vec<String> = views
        .iter()
        .filter(|view| view.exit != Exit::Success)
        .map(|view| {
            let failure = view.record.as_ref().and_then(|record| record.failure.as_ref()).map(|t| t.message.as_str());
            let failure = failure.filter(|_| view.exit != Exit::NotSaved);
            let message =
                failure.or_else(|| view.lines.first().map(String::as_str)).unwrap_or_else(|| view.health.label());
            format!("{}: {message}", view.name)
        })
        .collect();
    format!("{word}: {}", failures.join("; "))
}
