//! An account of a vault, as people and programs read it.

use everlit_engine::Project;
use everlit_keeper::{Health, Report};
use everlit_store::rfc3339;
use everlit_vault::Account;
use serde_json::{Value, json};

use super::{Mark, View, left};

/// How it stands, in words.
pub fn account_state(project: &Project<'_>, account: &Account) -> (Mark, String) {
    let now = project.now();
    if account.is_paused {
        let is_dead = account.record.as_ref().is_some_and(|record| record.is_dead(now));
        let token = if is_dead { ", and its token no longer works" } else { "" };
        return (Mark::Warning, format!("paused: nothing is refreshed{token}"));
    }
    let Some(record) = &account.record else { return (Mark::Bad, Health::NoToken.label().to_owned()) };
    let report = Report::idle(&account.name, record.clone(), &project.settings.policy(false), now);
    let view = View::of_report(&report);
    let end = record.expiry.instant().filter(|_| !record.is_dead(now));
    let expiry = end.map_or_else(String::new, |_| format!(", {}", left(record.expiry, now)));
    (view.mark, format!("{}{expiry}", view.word()))
}

/// The same for programs.
pub fn account_json(project: &Project<'_>, account: &Account) -> Value {
    let record = account.record.as_ref();
    let state = match record {
        _ if account.is_paused => "paused",
        None => Health::NoToken.code(),
        Some(record) => {
            let policy = project.settings.policy(false);
            Report::idle(&account.name, record.clone(), &policy, project.now()).health().code()
        }
    };
    json!({
        "name": account.name.as_str(),
        "state": state,
        "platform": record.and_then(|record| record.kind.platform()).map(everlit_meta_api::Platform::as_str),
        "user_name": record.and_then(|record| record.username.as_deref()),
        "expires_at": record.and_then(|record| record.expiry.instant()).map(rfc3339),
        "app": account.app,
        "tags": account.tags,
    })
}
