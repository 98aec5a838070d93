//! `everlit status`: how things stand, from what is on the disk; `--live` asks Meta.

use everlit_engine::AccountStore;
use everlit_engine::{notes_on_copies, undelivered};
use everlit_host::{Runtime, in_parallel};
use everlit_keeper::{AccountName, Health, Outcome, Record, Report, Step, Store, Stored, Undelivered};
use everlit_meta_api::{DAY, Timestamp};
use everlit_store::{LastRun, RUNS_UNKNOWN};
use serde_json::json;

use crate::cli::Status;
use crate::context::Context;
use crate::output::{
    Exit, Mark, Problem, Screen, View, counted, date_and_time, dim, few, next_step, relative, settings_json, show_most,
    worst,
};
use crate::output::{Serving, notifiers, step};
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

/// How one account stands, and when the last run was.
fn view_of(
    context: &Context<'_>,
    store: &AccountStore,
    runtime: &Runtime,
    name: &AccountName,
    is_check: bool,
    answer: Option<Report>,
) -> (View, Option<Timestamp>) {
    let now = context.now();
    let run = store.last_run(name);
    let last_run = run.as_ref().map(|run| run.at);
    let view = match runtime.block_on(store.load(name, now)) {
        Ok(stored) => {
            let mut view = of_stored(context, name, &stored, is_check);
            view.lines.extend(notes_on_copies(context, store, name, &stored));
            view
        }
        Err(error) => View::of_store_error(name.as_str(), &error).with(&context.settings),
    };
    let view = answer.into_iter().fold(view, |view, answer| live(view, &answer));
    let mut view = match run {
        Some(run) => match run.is_ahead(now) {
            Some(why) => runs_unknown(of_run(view, &run, now), why, is_check),
            None => of_run(view, &run, now),
        },
        None => match store.runs_unknown(name) {
            Some(why) => runs_unknown(view, why, is_check),
            None => never_run(view, now),
        },
    };
    let is_waiting = !matches!(view.health, Health::Healthy | Health::TooYoung);
    if let Some(why) = store.cannot_save(name, is_waiting) {
        view.worsen(Health::NotSaved, why, Step::everlit("doctor"));
    }
    (view, last_run)
}

/// A paused account, if it was asked for by its name.
fn paused_view(context: &Context<'_>, store: &AccountStore, runtime: &Runtime, name: &AccountName) -> View {
    let mut view = match runtime.block_on(store.load(name, context.now())) {
        Ok(stored) => of_stored(context, name, &stored, false),
        Err(error) => View::of_store_error(name.as_str(), &error).with(&context.settings),
    };
    view.outcome = Some("paused");
    view.lines.push("nothing refreshes it".to_owned());
    view.raise(Exit::Person, Step::everlit_args(["account", "resume", name.as_str()]));
    view
}

/// What is on the disk about an account.
fn of_stored(context: &Context<'_>, name: &AccountName, stored: &Stored, is_check: bool) -> View {
    let record = &stored.record;
    let now = record.latest_time(context.now());
    let report = Report::idle(name, record.clone(), &context.settings.policy(false), now);
    let mut view = View::of_report(&report).with(&context.settings);
    view.lines.extend(stored.notes.iter().cloned());
    // Nobody knows yet that the token works, and a monitor must not take it for granted.
    if is_check && view.health.is_well() && record.last_verified_at.is_none() {
        view.raise(Exit::Temporary, Step::everlit("refresh"));
    }
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
        view.raise(Exit::Temporary, Step::everlit("refresh"));
    }
    view
}

/// Adds what the last run says: that it failed, or that it is too long ago.
fn of_run(mut view: View, run: &LastRun, now: Timestamp) -> View {
    let verified = view.record.as_ref().and_then(|record| record.last_verified_at);
    // A token that a person has given since is not what that run could not save.
    if let Some((health, why)) = run.failure.as_ref().filter(|_| verified.is_none_or(|at| at <= run.at)) {
        view.worsen(*health, format!("the last run failed: {why}"), Step::everlit("doctor"));
    }
    if run.has_stopped(now) {
        let why = format!("no run since {}: has its schedule stopped?", date_and_time(run.at));
        view.worsen(Health::Stopped, why, Step::everlit("refresh").with_note("then `everlit schedule show`"));
    }
    view
}

/// Adds that no run has looked at the account since its token was verified, by `connect` say, days ago.
fn never_run(mut view: View, now: Timestamp) -> View {
    const LATEST_FIRST_RUN: i64 = 3 * DAY;
    let verified = view.record.as_ref().and_then(|record| record.last_verified_at);
    if let Some(at) = verified.filter(|at| now.since(*at) > LATEST_FIRST_RUN) {
        let why = format!("no run since {}: there is no schedule", date_and_time(at));
        view.worsen(Health::Stopped, why, Step::everlit("schedule install"));
    }
    view
}

/// Adds that its schedule may have stopped without a sign.
fn runs_unknown(mut view: View, why: String, is_check: bool) -> View {
    view.lines.push(why);
    if is_check && view.health.is_well() {
        view.raise(Exit::Temporary, Step::everlit("status").with_note("as the user that runs everlit"));
    }
    view
}

/// Adds what Meta has just said. What it says of the token is stored, and stands in the view already.
fn live(mut view: View, answer: &Report) -> View {
    match &answer.outcome {
        Outcome::Verified => {
            let who = answer.record.as_ref().and_then(|record| record.username.as_deref());
            let who = who.map_or_else(String::new, |name| format!(" as @{name}"));
            view.lines.push(format!("Meta confirms the token{who}"));
        }
        Outcome::Failed(failure) if !failure.cause.needs_person() => {
            view.lines.push(format!("asked live: {}", failure.message));
            view.raise(Exit::Temporary, Step::everlit("refresh --force"));
        }
        Outcome::NotSaved { error, .. } | Outcome::Refused(error) => {
            view.lines.push(format!("asked live: {error}"));
            view.raise(Exit::of(answer), Step::everlit("doctor"));
        }
        _ => {}
    }
    view
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

fn has_unknown_runs(view: &View) -> bool {
    view.lines.iter().any(|line| line.starts_with(RUNS_UNKNOWN))
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
    let failures = failing().map(|view| {
        let failure = view.record.as_ref().and_then(|record| record.failure.as_ref()).map(|t| t.message.as_str());
        let failure = failure.filter(|_| view.exit != Exit::NotSaved && view.health != Health::Stopped);
        let line = if view.health == Health::Expired { view.lines.first() } else { view.lines.last() };
        let message = failure.or_else(|| line.map(String::as_str)).unwrap_or_else(|| view.health.label());
        format!("{}: {message}", view.name)
    });
    let mut failures: Vec<String> =
        failures.chain(context.settings.problems_of_run().map(|error| error.message.clone())).collect();
    let more = failures.len().saturating_sub(MOST_NAMED);
    failures.truncate(MOST_NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{word}: {}{more}", failures.join("; "))
}
