//! The recorded health of the account, and whether anything runs at all.

use everlit_engine::AccountStore;
use everlit_keeper::{AccountName, Cause, FailureState, Health, Record, Report, Step};
use everlit_meta_api::{Class, DAY, Timestamp};

use super::finding::{AccountCheck, Finding};
use crate::context::Context;
use crate::output::{Exit, View, counted, date_and_time, has_stopped, life, overlooked, relative};

pub(super) fn of(
    context: &Context<'_>,
    store: &AccountStore,
    account_check: &AccountCheck<'_>,
    now: Timestamp,
) -> Vec<Finding> {
    let Ok(stored) = &account_check.found else { return Vec::new() };
    let policy = context.settings.policy(false);
    let mut report = Report::idle(&account_check.account.name, stored.record.clone(), &policy, now);
    let exit = Exit::of(&report);
    let undelivered = std::mem::take(&mut report.undelivered);
    let mut findings = vec![of_health(&report, &stored.record)];
    findings.extend(data_access(&stored.record, now));
    let run = store.last_run(&account_check.account.name, now);
    findings.extend(overlooked(run.as_ref(), &stored.record, &policy, now).map(|why| {
        Finding::problem("schedule", Exit::Person, why).fix(Step::everlit("refresh").with_note("says what prevents it"))
    }));
    findings.extend(undelivered.iter().map(|(target, why)| {
        let message = format!("{target} does not have the new token: {why}");
        Finding::problem("delivery", exit, message).fix(Step::everlit("refresh").with_note("retries it"))
    }));
    findings.push(schedule(store, &account_check.account.name, stored.record.last_verified_at, now));
    findings
}

fn of_health(report: &Report, record: &Record) -> Finding {
    let (view, health, now) = (View::of_report(report), report.health(), report.at);
    if health.is_well() {
        return Finding::ok("expiry", view.lines.join("; "));
    }
    let failure = record.failure.as_ref();
    let Some(cause) = report.cause() else {
        return Finding { fix: view.next, ..Finding::problem("expiry", view.exit, view.lines.join("; ")) };
    };
    let (life, why) = (life(record, now), why(failure, cause, now));
    let finding = match (health, cause) {
        (Health::Expired, _) => {
            Finding::problem("expiry", view.exit, format!("{life}: an expired token cannot be refreshed"))
        }
        // For a dead token the reason is enough.
        (Health::NeedsPerson, Cause::Meta(Class::Reconnect)) => Finding::problem("expiry", view.exit, why),
        _ if health.is_retrying() => {
            let finding = Finding::warning("expiry", format!("{life}; {why}"));
            match failure.and_then(code_of) {
                Some(code) => return finding.fix(Step::everlit(&format!("explain {code}"))),
                None => finding,
            }
        }
        _ => Finding::problem("expiry", view.exit, format!("{life}; {why}")),
    };
    Finding { fix: view.next, ..finding }
}

/// The cause and Meta's numbers. Meta's own words may name a person, so they stay in `everlit status`.
fn why(failure: Option<&FailureState>, cause: Cause, now: Timestamp) -> String {
    let Some(failure) = failure else { return cause.message().to_owned() };
    let code = code_of(failure).map_or_else(String::new, |code| format!(" (Meta code {code})"));
    let attempts = counted(failure.attempts, "attempt");
    let waits = !failure.cause.needs_person() && failure.next_attempt_at > now;
    let retry =
        if waits { format!("; next retry after {}", date_and_time(failure.next_attempt_at)) } else { String::new() };
    format!("{}{code}, {attempts} since {}{retry}", failure.cause.message(), date_and_time(failure.first_at))
}

fn code_of(failure: &FailureState) -> Option<String> {
    let evidence = failure.evidence.as_ref()?;
    let code = evidence.code?;
    Some(evidence.subcode.map_or_else(|| code.to_string(), |subcode| format!("{code}/{subcode}")))
}

/// Only the owner's login renews data access, so warn in time.
pub(super) fn data_access(record: &Record, now: Timestamp) -> Option<Finding> {
    const NEAR: i64 = 14 * DAY;
    let end = record.data_access_ends.filter(|end| end.since(now) < NEAR)?;
    let message =
        format!("Meta's 90 days of data access end {}, although the token itself lives on", relative(end, now));
    let fix = Step::everlit("connect --facebook").with_note("the token's owner has to log in again");
    Some(Finding::warning("expiry", message).fix(fix))
}

/// Whether runs happen, with when the token was last `verified`.
pub(super) fn schedule(
    store: &AccountStore,
    account: &AccountName,
    verified: Option<Timestamp>,
    now: Timestamp,
) -> Finding {
    let run = store.last_run(account, now);
    if let Some(why) = run.as_ref().and_then(|run| run.is_ahead(now)) {
        return Finding::warning("schedule", why).fix(Step::everlit("refresh").with_note("records a new run"));
    }
    if let Some(why) = store.runs_unknown(account) {
        return Finding::warning("schedule", why).fix(Step::note("run this as the user that runs everlit"));
    }
    if let Some((why, next)) = has_stopped(run.as_ref(), verified, now) {
        return Finding::problem("schedule", Exit::Person, why).fix(next);
    }
    let Some(run) = run else {
        return Finding::warning("schedule", "no run has been recorded yet")
            .fix(Step::everlit("schedule install").with_note("runs it once a day"));
    };
    let at = relative(run.at, now);
    match run.failure {
        Some((health, why)) => {
            Finding::problem("schedule", health.into(), format!("the last run, {at}, failed: {why}"))
                .fix(Step::everlit("refresh").with_note("tries again"))
        }
        None => Finding::ok("schedule", format!("last run {at}")),
    }
}
