//! How an account stands, from what is stored about it and about the last run over it.

use everlit_advice::{Exit, date_and_time};
use everlit_engine::{AccountStore, notes_on_copies};
use everlit_host::{Runtime, in_parallel};
use everlit_keeper::{
    AccountName, Decision, Health, Outcome, Policy, Record, Report, Step, Store, StoreError, StoreErrorClass, Stored,
    decide,
};
use everlit_meta_api::{DAY, Timestamp};
use everlit_store::{LastRun, RUNS_UNKNOWN};

use super::view::View;
use crate::context::Context;

/// How one account stands, with what Meta has just answered, and when the last run over it was.
pub fn view_of(
    context: &Context<'_>,
    store: &AccountStore,
    runtime: &Runtime,
    name: &AccountName,
    is_check: bool,
    answer: Option<Report>,
) -> (View, Option<Timestamp>) {
    let now = context.now();
    let run = store.last_run(name, now);
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
    let unknown = match &run {
        Some(run) => run.is_ahead(now),
        None => store.runs_unknown(name),
    };
    let view = if run.is_some() || unknown.is_none() { of_run(view, run.as_ref(), now) } else { view };
    let mut view = unknown.into_iter().fold(view, |view, why| runs_unknown(view, why, is_check));
    let policy = context.settings.policy(false);
    let overlooked = view.record.as_ref().and_then(|record| overlooked(run.as_ref(), record, &policy, now));
    if let Some(why) = overlooked.filter(|_| view.health != Health::Stopped) {
        view.worsen(Health::Stopped, why, Step::everlit_args(["refresh", "--account", name.as_str()]));
    }
    let is_waiting = !matches!(view.health, Health::Healthy | Health::TooYoung);
    if let Some(why) = store.cannot_save(name, is_waiting, now) {
        view.worsen(Health::NotSaved, why, Step::everlit("doctor"));
    }
    (view, last_run)
}

/// Adds the new tokens that wait on this machine for the vault to the views of their accounts; if `is_about_all`, the others
/// as views of their own.
pub fn add_waiting(store: &AccountStore, runtime: &Runtime, views: &mut Vec<View>, is_about_all: bool) {
    let AccountStore::Vault(vault, _) = store else { return };
    let waiting = match runtime.block_on(vault.waiting()) {
        Ok(waiting) => waiting,
        Err(error) => {
            // Another user's folder: whoever may not read it cannot tell.
            let error = StoreError::new(StoreErrorClass::Unreachable, error.message);
            return views.push(View::of_store_error("waiting tokens", &error));
        }
    };
    for waiting in waiting {
        let of_account = |view: &&mut View| waiting.account.as_ref().is_some_and(|name| name.as_str() == view.name);
        match (waiting.error(), views.iter_mut().find(of_account)) {
            (None, Some(view)) => view.worsen(Health::NotSaved, waiting.to_string(), waiting.next()),
            (error, _) if is_about_all => {
                let error = error.unwrap_or_else(|| StoreError::new(StoreErrorClass::NotSaved, waiting.to_string()));
                let view = View::of_store_error(waiting.subject().as_str(), &error);
                views.push(View { next: Some(waiting.next()), ..view });
            }
            _ => {}
        }
    }
}

/// A paused account, if it was asked for by its name.
pub fn paused_view(context: &Context<'_>, store: &AccountStore, runtime: &Runtime, name: &AccountName) -> View {
    let mut view = match runtime.block_on(store.load(name, context.now())) {
        Ok(stored) => of_stored(context, name, &stored, false),
        Err(error) => View::of_store_error(name.as_str(), &error).with(&context.settings),
    };
    view.outcome = Some("paused");
    view.lines.push("nothing refreshes it".to_owned());
    view.raise(Exit::Person, Step::everlit_args(["account", "resume", name.as_str()]));
    view
}

/// The paused accounts whose tokens no longer work: to resume them is not enough.
pub fn dead_and_paused<'a>(context: &'a Context<'_>, store: &AccountStore, runtime: &Runtime) -> Vec<&'a AccountName> {
    let paused: Vec<&AccountName> = context.settings.paused.iter().collect();
    let is_dead = |name: &&'a AccountName| {
        let stored = runtime.block_on(store.load(name, context.now()));
        stored.is_ok_and(|stored| stored.record.is_dead(context.now())).then_some(*name)
    };
    in_parallel(&paused, is_dead).into_iter().flatten().collect()
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
fn of_run(mut view: View, run: Option<&LastRun>, now: Timestamp) -> View {
    let verified = view.record.as_ref().and_then(|record| record.last_verified_at);
    // A token that a person has given since is not what that run could not save.
    let failed = run.filter(|run| verified.is_none_or(|verified| verified <= run.at));
    if let Some((health, why)) = failed.and_then(|run| run.failure.as_ref()) {
        view.worsen(*health, format!("the last run failed: {why}"), Step::everlit("doctor"));
    }
    if let Some((why, next)) = has_stopped(run, verified, now) {
        view.worsen(Health::Stopped, why, next);
    }
    view
}

/// How late a daily run may be: it was missed three times over.
const LATEST: i64 = 3 * DAY;

/// Why runs seem to leave out this account, whatever they do for others: it has been due for days, and there was a run since.
pub fn overlooked(run: Option<&LastRun>, record: &Record, policy: &Policy, now: Timestamp) -> Option<String> {
    let since = record.next_check_at.filter(|at| now.since(*at) > LATEST)?;
    run.filter(|run| run.at > since)?;
    let is_due = matches!(decide(record, now, policy), Decision::Due { .. });
    is_due.then(|| format!("due since {}, and no run has looked at it", date_and_time(since)))
}

/// Why nothing seems to look at the account regularly, and what to do: the last run over it is too long ago, or there was none
/// since its token was `verified`, by `connect` say, days ago.
pub fn has_stopped(run: Option<&LastRun>, verified: Option<Timestamp>, now: Timestamp) -> Option<(String, Step)> {
    match (run, verified) {
        (Some(run), _) if run.has_stopped(now) => Some((
            format!("no run since {}: has its schedule stopped?", date_and_time(run.at)),
            Step::everlit("refresh").with_note("then `everlit schedule show`"),
        )),
        (None, Some(verified)) if now.since(verified) > LATEST => Some((
            format!("no run since {}: there is no schedule", date_and_time(verified)),
            Step::everlit("schedule install"),
        )),
        _ => None,
    }
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

/// Whether nobody can tell if runs happen.
pub fn has_unknown_runs(view: &View) -> bool {
    view.lines.iter().any(|line| line.starts_with(RUNS_UNKNOWN))
}
