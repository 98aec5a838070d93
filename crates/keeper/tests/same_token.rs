//! Accounts that hold the same token.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use everlit_keeper::{AccountName, Outcome};
use everlit_meta_api::Token;
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, MetaError};
use support::World;

/// A world with three accounts that hold one due token.
fn world() -> (World, Vec<AccountName>) {
    let world = World::new(Config::friendly(), 7);
    let token = world.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(40));
    let accounts: Vec<AccountName> = ["a", "b", "c"].map(AccountName::new).into();
    for account in &accounts {
        world.store.put(account, Token::parse(&token).unwrap());
    }
    (world, accounts)
}

fn refreshes(world: &World) -> u64 {
    world.meta.with(|meta| meta.calls_to(Endpoint::Refresh))
}

#[tokio::test]
async fn accounts_with_one_token_get_one_successor() {
    let (world, accounts) = world();
    let reports = world.keeper.refresh_all(&accounts).await;
    let successor = world.store.token(&accounts[0]);
    for (account, report) in accounts.iter().zip(reports) {
        assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
        assert_eq!(world.store.token(account), successor);
        assert!(world.is_alive(account));
    }
    assert_eq!(refreshes(&world), 1);
}

#[tokio::test]
async fn a_failure_is_not_shared_between_accounts() {
    let (world, accounts) = world();
    let refusal = Injection::new(Fault::Error(MetaError::new(190, "Not now"))).at(Endpoint::Refresh);
    world.meta.with(|meta| meta.inject(refusal.times(1)));
    let reports = world.keeper.refresh_all(&accounts).await;
    let refreshed = reports.iter().filter(|report| matches!(report.outcome, Outcome::Refreshed { .. })).count();
    assert_eq!((refreshed, refreshes(&world)), (2, 2));
}
