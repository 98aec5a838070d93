//! A provided token that turns out to be unusable changes nothing.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::time::Duration;

use everlit_keeper::{AccountName, Candidate, Cause, Expiry, Origin, Outcome, ProvidedToken, Replace, Store as _};
use everlit_meta_api::{Lifetime, Timestamp, Token, TokenReply};
use everlit_sandbox::{Config, Issue, Kind, State};
use support::World;

fn world_with_account() -> (World, AccountName) {
    let world = World::new(Config::friendly(), 7);
    let name = world.account("default", &shop());
    (world, name)
}

fn shop() -> Issue {
    Issue::new(Kind::Instagram).username("shop").aged_days(20)
}

fn another_token(world: &World) -> Token {
    Token::parse(&world.meta.with(|meta| meta.issue(&shop()))).unwrap()
}

#[tokio::test]
async fn p1_never_worse_a_one_hour_token_from_a_login_is_not_used() {
    let (world, name) = world_with_account();
    let (before, token) = (world.store.token(&name), another_token(&world));
    let provided = world.keeper.examine(token.clone()).await.unwrap();
    let lifetime = Lifetime::Seconds(3_600);
    let reply = TokenReply { token, token_type: None, lifetime, user_id: None, permissions: None };
    let provided = ProvidedToken::fresh(reply, provided.me, Timestamp::from_unix(world.now()));
    let report = world.keeper.connect(&name, &provided, Replace::SameAccount).await;
    assert!(matches!(report.outcome, Outcome::NotConnected { cause: Cause::ShortLived, .. }), "{:?}", report.outcome);
    assert_eq!(world.store.token(&name), before);
}

#[tokio::test]
async fn p2_never_lost_a_waiting_candidate_survives_a_refused_login() {
    let (world, name) = world_with_account();
    let (waiting, refused) = (another_token(&world), another_token(&world));
    let now = Timestamp::from_unix(world.now());
    let replaces = world.store.token(&name).fingerprint();
    let candidate = Candidate {
        token: waiting.clone(),
        replaces,
        received_at: now,
        expiry: Expiry::At(now + Duration::from_secs(5_000_000)),
        account: None,
        origin: Origin::Refresh,
    };
    world.store.lease(&name, now).await.unwrap().save_candidate(&candidate).await.unwrap();
    let provided = world.keeper.examine(refused.clone()).await.unwrap();
    world.meta.with(|meta| meta.set_state(refused.expose(), State::Revoked));
    let report = world.keeper.connect(&name, &provided, Replace::SameAccount).await;
    assert!(
        matches!(report.outcome, Outcome::NotConnected { cause: Cause::NewTokenRefused, .. }),
        "{:?}",
        report.outcome
    );
    assert!(matches!(world.run(&name).await.outcome, Outcome::Recovered { .. }));
    assert_eq!(world.store.token(&name), waiting);
}
