//! The recorded health of the account, and whether anything runs at all.

use everlit_keeper::Step;
use everlit_keeper::{Cause, Decision, FailureState, Record, Why, decide};
use everlit_meta_api::{Class, Timestamp};
use everlit_store::ProjectFiles;

use super::finding::{AccountCheck, Finding};
use crate::context::Context;
use crate::output::exit::Exit;
use crate::output::format::{date, date_and_time, left, relative};
use crate::output::view::{remedy, remedy_after};

const DAY: i64 = 24 * 60 * 60;

pub(super) fn of(
    context: &Context<'_>,
    store: &ProjectFiles,
    account_check: &AccountCheck<'_>,
    now: Timestamp,
) -> Vec<Finding> {
    let Ok(stored) = &account_check.found else { return Vec::new() };
    let decision = decide(&stored.record, now, &context.settings.policy(false));
    let mut findings = vec![of_decision(account_check.account.name.as_str(), decision, &stored.record, now)];
    findings.extend(data_access(&stored.record, now));
    findings.extend(stored.record.deliveries.iter().filter_map(|delivery| {
        let failure = delivery.failure.as_ref()?;
        Some(
            Finding::problem(
                "delivery",
                Exit::NotSaved,
                format!("{} does not have the new token: {failure}", delivery.target),
            )
            .fix(Step::everlit("refresh").with_note("retries it")),
        )
    }));
    findings.push(schedule(store.last_run(&account_check.account.name), now));
    findings
}

fn of_decision(name: &str, decision: Decision, record: &Record, now: Timestamp) -> Finding {
    let life = left(record.expiry, now);
    match decision {
        Decision::NotDue { until } => Finding::ok("expiry", format!("{life}; next refresh: {}", date(until))),
        Decision::Due { why } => match record.failure.as_ref().filter(|_| why == Why::MaybeResolved) {
            Some(failure) => of_decision(name, Decision::NeedsPerson { cause: failure.cause }, record, now),
            None => Finding::ok("expiry", format!("{life}; due: the next run refreshes it")),
        },
        Decision::TooYoung { until } => {
            Finding::ok("expiry", format!("{life}; too young to be refreshed until {}", date_and_time(until)))
        }
        Decision::BackedOff { until } => {
            let message =
                format!("{life}; {}; next retry after {}", why(record.failure.as_ref(), None), date_and_time(until));
            with_fix(Finding::warning("expiry", message), record.failure.as_ref(), || {
                Step::note("nothing yet; `everlit refresh --force` retries at once")
            })
        }
        Decision::NeedsPerson { cause } => {
            let exit = if cause == Cause::Meta(Class::Config) { Exit::Config } else { Exit::Person };
            let why = why(record.failure.as_ref(), Some(cause));
            // For a dead token the reason is enough.
            let message = if cause == Cause::Meta(Class::Reconnect) { why } else { format!("{life}; {why}") };
            Finding::problem("expiry", exit, message).fix(remedy_after(record.failure.as_ref(), cause, name))
        }
        Decision::Expired { since } => {
            let message = format!("expired {}: an expired token cannot be refreshed", relative(since, now));
            Finding::problem("expiry", Exit::Person, message).fix(remedy(Cause::Meta(Class::Reconnect), Some(name)))
        }
    }
}

/// The cause and Meta's numbers. Meta's own words may name a person, so they stay in `everlit status`.
fn why(failure: Option<&FailureState>, cause: Option<Cause>) -> String {
    let Some(failure) = failure else { return cause.map_or_else(String::new, |cause| cause.message().to_owned()) };
    let code = code_of(failure).map_or_else(String::new, |code| format!(" (Meta code {code})"));
    let attempts = crate::output::format::counted(failure.attempts.into(), "attempt");
    format!("{}{code}, {attempts} since {}", failure.cause.message(), date_and_time(failure.first_at))
}

fn with_fix(finding: Finding, failure: Option<&FailureState>, otherwise: impl FnOnce() -> Step) -> Finding {
    match failure.and_then(code_of) {
        Some(code) => finding.fix(Step::everlit(&format!("explain {code}"))),
        None => finding.fix(otherwise()),
    }
}

fn code_of(failure: &FailureState) -> Option<String> {
    let evidence = failure.evidence.as_ref()?;
    let code = evidence.code?;
    Some(evidence.subcode.map_or_else(|| code.to_string(), |subcode| format!("{code}/{subcode}")))
}

/// Only the owner's login renews data access, so warn in time.
fn data_access(record: &Record, now: Timestamp) -> Option<Finding> {
    const NEAR: i64 = 14 * DAY;
    let end = record.data_access_ends.filter(|end| end.since(now) < NEAR)?;
    let message =
        format!("Meta's 90 days of data access end {}, although the token itself lives on", relative(end, now));
    Some(
        Finding::warning("expiry", message)
            .fix(Step::everlit("connect --facebook").with_note("the token's owner has to log in again")),
    )
}

fn schedule(last_run: Option<Timestamp>, now: Timestamp) -> Finding {
    match last_run {
        None => Finding::warning("schedule", "no run has been recorded yet")
            .fix(Step::everlit("schedule install").with_note("runs it once a day")),
        Some(at) if now.since(at) > 2 * DAY => {
            let message = format!("the last run was {}: the schedule has stopped, or there is none", relative(at, now));
            Finding::warning("schedule", message).fix(Step::everlit("schedule show"))
        }
        Some(at) => Finding::ok("schedule", format!("last run {}", relative(at, now))),
    }
}
