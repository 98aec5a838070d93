//! The accounts of a vault: counted, not named. There may be thousands, and their names are those of customers.

use everlit_engine::AccountStore;
use everlit_keeper::{AccountName, Health, Report, Step};
use everlit_meta_api::{Timestamp, TokenKind};

use super::finding::{AccountCheck, Finding};
use super::{health, token};
use crate::context::Context;
use crate::output::{Exit, Serving, View, counted, overlooked};

const CHECK: &str = "accounts";

pub(super) fn of(
    context: &Context<'_>,
    store: &AccountStore,
    checks: &[AccountCheck<'_>],
    now: Timestamp,
) -> Vec<Finding> {
    let stands: Vec<(Health, Exit)> = checks.iter().map(|check| stands(context, store, check, now)).collect();
    let mut findings: Vec<Finding> = Health::ALL.into_iter().filter_map(|health| of_state(health, &stands)).collect();
    if checks.is_empty() {
        let message = "no account of the vault is kept alive";
        findings.push(Finding::problem(CHECK, Exit::Config, message).fix(Step::everlit("account list")));
    }
    let paused = context.settings.paused.len();
    if paused > 0 {
        let message = format!("{} paused, and not refreshed", are(paused));
        findings.push(Finding::warning(CHECK, message).fix(Step::everlit("account list")));
    }
    let read = || checks.iter().filter_map(|check| Some((check.account, check.found.as_ref().ok()?)));
    let ending = read().filter(|(_, stored)| health::data_access(&stored.record, now).is_some()).count();
    if ending > 0 {
        let message = format!("Meta's 90 days of data access end soon for {}", counted(ending, "account"));
        findings.push(Finding::warning(CHECK, message).fix(names_them()));
    }
    let facebook = read().find(|(_, stored)| stored.current.kind() == TokenKind::Facebook);
    findings.extend(facebook.map(|(account, stored)| token::app(context, account, stored)));
    // A run is about the whole vault.
    let any =
        checks.first().map_or_else(|| AccountName::new(AccountName::NAMELESS), |check| check.account.name.clone());
    let is_new_to_service = store.last_run(&any, now).is_none() && Serving::worker_of(context).is_some();
    let verified = read().filter_map(|(_, stored)| stored.record.last_verified_at).min();
    findings.extend((!is_new_to_service).then(|| health::schedule(store, &any, verified, now)));
    findings
}

/// How an account stands, and the exit code that it asks for.
fn stands(context: &Context<'_>, store: &AccountStore, check: &AccountCheck<'_>, now: Timestamp) -> (Health, Exit) {
    let name = &check.account.name;
    match &check.found {
        Ok(stored) => {
            let policy = context.settings.policy(false);
            let run = store.last_run(name, now);
            if overlooked(run.as_ref(), &stored.record, &policy, now).is_some() {
                return (Health::Stopped, Exit::Person);
            }
            let report = Report::idle(name, stored.record.clone(), &policy, now);
            (report.health(), Exit::of(&report))
        }
        Err(error) => {
            let view = View::of_store_error(name.as_str(), error);
            (view.health, view.exit)
        }
    }
}

/// The accounts that stand like this; `None` if there are none.
fn of_state(health: Health, stands: &[(Health, Exit)]) -> Option<Finding> {
    let exits = || stands.iter().filter(|(state, _)| *state == health).map(|(_, exit)| *exit);
    let worst = exits().max()?;
    let message = format!("{}: {}", counted(exits().count(), "account"), health.label());
    Some(match worst {
        Exit::Success => Finding::ok(CHECK, message),
        Exit::Locked | Exit::Temporary => Finding::warning(CHECK, message).fix(names_them()),
        exit => Finding::problem(CHECK, exit, message).fix(names_them()),
    })
}

fn names_them() -> Step {
    Step::everlit("status").with_note("names them, and says what to do")
}

fn are(count: usize) -> String {
    format!("{} {}", counted(count, "account"), if count == 1 { "is" } else { "are" })
}
