//! Checks that targets can be written, that their credentials last, and that those which can be read hold the token. Writes
//! nothing: `everlit target test` does.

use std::sync::Arc;

use everlit_engine::AccountStore;
use everlit_engine::{TargetSettings, places};
use everlit_keeper::{AccountName, Delivery, Holds, Step, Store as _, in_time};
use everlit_meta_api::{DAY, Timestamp};
use everlit_target::Place;

use everlit_engine::without_name;

use super::finding::Finding;
use crate::context::Context;
use crate::output::{Exit, counted, date_and_time};

pub(super) async fn of(context: &Context<'_>, store: &AccountStore) -> Vec<Finding> {
    let mut findings = Vec::new();
    for target in &context.settings.targets {
        for (account, place) in places(context, store, target) {
            let finding = match place {
                Ok(place) => one(context, store, target, &account, &place).await,
                Err(error) => {
                    let message = format!("{} cannot work: {}", target.name, error.message);
                    Finding::problem("target", Exit::Config, message).fix(error.next)
                }
            };
            findings.push((account, finding));
        }
    }
    if context.vault().is_some() {
        return unnamed(context, store, findings);
    }
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// The findings without the names of accounts; those that are then alike, once.
fn unnamed(context: &Context<'_>, store: &AccountStore, findings: Vec<(AccountName, Finding)>) -> Vec<Finding> {
    let mut alike: Vec<(Finding, usize)> = Vec::new();
    for (account, mut finding) in findings {
        let key = store.key(&account).unwrap_or_default();
        finding.message = without_name(&finding.message.replace(&key, "KEY"), &account);
        match alike.iter_mut().find(|(known, _)| known.level == finding.level && known.message == finding.message) {
            Some((_, count)) => *count += 1,
            None => alike.push((finding, 1)),
        }
    }
    let accounts = &context.settings.all_accounts;
    let shown = |(finding, count): (Finding, usize)| {
        // One account may be in the way of another.
        let message = accounts.iter().fold(finding.message.clone(), |text, other| without_name(&text, &other.name));
        let whose = if accounts.len() > 1 { format!("{}: ", counted(count, "account")) } else { String::new() };
        Finding { message: format!("{whose}{message}"), ..finding }
    };
    alike.into_iter().map(shown).collect()
}

async fn one(
    context: &Context<'_>,
    store: &AccountStore,
    target: &TargetSettings,
    account: &AccountName,
    place: &Arc<dyn Place>,
) -> Finding {
    let (name, now) = (&target.name, context.now());
    let again = || Step::everlit_args(["target", "test", &**name]);
    let checked = in_time(place.timeout(), place.check()).await;
    let usable = if target.kind.room.is_unasked() {
        format!("{name} is configured; only a delivery shows whether it works")
    } else {
        format!("{name} {}", place.checked())
    };
    let receipt = match checked {
        Ok(receipt) => receipt,
        Err(error) if error.needs_person() => {
            return Finding::problem("target", Exit::NotSaved, format!("{name}: {error}")).fix(again());
        }
        Err(error) => return Finding::warning("target", format!("{name} could not be checked: {error}")).fix(again()),
    };
    // What is wrong with the account's own files is another finding.
    let Ok(stored) = store.load(account, now).await else {
        return Finding::ok("target", usable);
    };
    let delivery = stored.record.deliveries.iter().find(|delivery| delivery.target == *name);
    let ends_at = receipt.credential_ends_at.or_else(|| delivery?.credential_ends_at);
    if let Some(finding) = ends_at.and_then(|end| ending(target, end, now)) {
        return finding;
    }
    let is_delivered = |delivery: &Delivery| delivery.delivered == Some(stored.record.fingerprint);
    if !delivery.is_some_and(is_delivered) {
        return Finding::ok("target", usable);
    }
    match in_time(place.timeout(), place.verify(&stored.current)).await {
        Ok(Holds::Another) => {
            let message = format!("{name} no longer holds the token that was delivered to it");
            Finding::problem("target", Exit::NotSaved, message).fix(again().with_note("delivers it once more"))
        }
        Ok(Holds::ThisToken) => Finding::ok("target", format!("{name} holds the token")),
        Ok(Holds::Unreadable) => Finding::ok("target", format!("{usable}; the token cannot be read back")),
        Err(error) => Finding::warning("target", format!("{name} could not be read: {error}")).fix(again()),
    }
}

/// A credential that ends soon: the next token would not arrive.
fn ending(target: &TargetSettings, end: Timestamp, now: Timestamp) -> Option<Finding> {
    let message = format!("the credential for {} ends on {}", target.name, date_and_time(end));
    let fix = Step::everlit_args(["target", "add", &target.name, "--kind", target.kind.name, "--stdin"]);
    let fix = fix.with_note("with a new credential on stdin");
    match end.since(now) {
        left if left <= 7 * DAY => Some(Finding::problem("target", Exit::Person, message).fix(fix)),
        left if left <= 30 * DAY => Some(Finding::warning("target", message).fix(fix)),
        _ => None,
    }
}
