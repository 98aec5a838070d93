//! `everlit target list`: what a delivery does, and whether the targets hold the token.

use everlit_engine::places;
use everlit_keeper::{AccountName, Delivery, DeliveryError, Step, Store as _};
use everlit_store::rfc3339;
use serde_json::json;

use super::common::add_target;
use crate::context::Context;
use crate::output::{Exit, Mark, Problem, Screen, date_and_time, dim, relative};
use crate::runtime::runtime;

pub(super) fn run(context: &Context<'_>, screen: &mut Screen) -> Result<Exit, Problem> {
    let (store, runtime, now) = (context.store(), runtime()?, context.now());
    let (mut rows, mut exit) = (Vec::new(), Exit::Success);
    for target in &context.settings.targets {
        let wanted = |(account, _): &(AccountName, _)| context.settings.accounts.iter().any(|it| it.name == *account);
        for (account, place) in places(context, &store, target).into_iter().filter(wanted) {
            let stored = runtime.block_on(store.load(&account, now));
            let record = stored.as_ref().ok().map(|stored| &stored.record);
            let found: Vec<&Delivery> = target
                .deliveries()
                .filter_map(|name| record?.deliveries.iter().find(|delivery| delivery.target == name))
                .collect();
            let current = record.map(|record| record.fingerprint);
            let is_delivered = !found.is_empty() && found.iter().all(|delivery| delivery.delivered == current);
            let failure = found.iter().find_map(|delivery| delivery.failure.as_ref());
            let is_broken = place.is_err();
            let needs_person = is_broken || failure.is_some_and(DeliveryError::needs_person);
            exit = exit.max(match is_delivered && !is_broken {
                true => Exit::Success,
                false if needs_person => Exit::NotSaved,
                false => Exit::Temporary,
            });
            let unread = stored.as_ref().err().map(ToString::to_string);
            let failure = unread.or_else(|| failure.map(ToString::to_string));
            let delivered_at = found.iter().filter_map(|delivery| delivery.delivered_at).max();
            let credential = found.iter().find_map(|delivery| delivery.credential_ends_at);
            let plan = place.map_or_else(|error| error.message, |place| place.plan());
            if context.global.json {
                rows.push(json!({
                    "name": target.name,
                    "kind": target.kind.name,
                    "account": account.as_str(),
                    "plan": plan,
                    "takes_effect": target.kind.effect.message(),
                    "delivered": is_delivered,
                    "delivered_at": delivered_at.map(rfc3339),
                    "failure": failure,
                    "credential_ends_at": credential.map(rfc3339),
                }));
                continue;
            }
            let (mark, state) = match (is_delivered, &failure) {
                _ if is_broken => (Mark::Bad, "cannot work".to_owned()),
                (true, _) => {
                    let ago = delivered_at.map_or_else(String::new, |at| format!(" {}", relative(at, now)));
                    (Mark::Good, format!("delivered{ago}"))
                }
                (false, Some(why)) => (Mark::Bad, format!("not delivered: {why}")),
                (false, None) => (Mark::Waiting, "not delivered yet".to_owned()),
            };
            screen.say(format!("{} {:<12}  {:<14}  {account}: {state}", mark.painted(), target.name, target.kind.name));
            screen.say(format!("  {plan}; {}", target.kind.effect.message()));
            if let Some(end) = credential {
                screen.say(format!("  its credential ends on {}", date_and_time(end)));
            }
        }
    }
    if context.global.json {
        screen.document("targets", now, exit, json!({"targets": rows}));
    } else if context.settings.targets.is_empty() {
        let place = if context.vault().is_some() { "stay in the vault" } else { "go to the env file" };
        screen.say(dim(&format!("Fresh tokens {place} alone.")));
        screen.next(&add_target());
    } else {
        screen.next(&Step::everlit("target push").with_note("delivers now; every run does it too"));
    }
    Ok(exit)
}
