//! Tokens that are not in use: which one counts where a person, an interrupted run and Meta disagree, and what is kept.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::time::Duration;

use everlit_keeper::{AccountName, Candidate, Cause, Expiry, Health, Origin, Outcome, Record, Replace};
use everlit_meta_api::{AccountId, Class, DAY, Timestamp, Token};
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, MetaError, State};
use serde_json::Value;
use support::World;

fn issue(username: &str) -> Issue {
    Issue::new(Kind::Instagram).username(username).aged_days(31)
}

fn token(world: &World, username: &str) -> Token {
    Token::parse(&world.issue(&issue(username))).unwrap()
}

fn inject(world: &World, injection: Injection) {
    world.meta.with(|meta| meta.inject(injection));
}

async fn owner(world: &World, token: &Token) -> AccountId {
    world.keeper.examine(token.clone()).await.unwrap().me.identity().unwrap().clone()
}

/// An interrupted run has left a token of `username` for the account; then a person has put in a token of `shop`.
async fn disagreement(username: &str) -> (World, AccountName, Token, Token) {
    let world = World::new(Config::friendly(), 7);
    let shop = world.account("shop", &issue("shop"));
    let (left, put_in) = (token(&world, username), token(&world, "shop"));
    let now = Timestamp::from_unix(world.now());
    let candidate = Candidate {
        token: left.clone(),
        replaces: world.store.token(&shop).fingerprint(),
        received_at: now,
        expiry: Expiry::At(now + Duration::from_secs(5_000_000)),
        account: Some(owner(&world, &left).await),
        origin: Origin::Refresh,
    };
    // A login has put it in: its owner is known.
    let provided = world.keeper.examine(put_in.clone()).await.unwrap();
    let report = world.keeper.connect(&shop, &provided, Replace::AnyAccount).await;
    assert_eq!(report.outcome, Outcome::Connected);
    world.store.leave(&shop, candidate);
    (world, shop, left, put_in)
}

#[tokio::test]
async fn a_persons_token_that_works_counts() {
    for username in ["shop", "blog"] {
        let (world, shop, left, put_in) = disagreement(username).await;
        world.run(&shop).await;
        let in_use = world.store.token(&shop);
        assert!(in_use == put_in || world.is_alive(&shop), "{username}");
        assert_ne!(in_use, left, "{username}");
    }
}

/// Nor by two, if the token that waits is of another account.
#[tokio::test]
async fn p1_never_worse_no_refusal_swaps_in_another_account() {
    for error in [MetaError::new(190, "Error validating access token"), MetaError::new(190, "").subcode(460)] {
        let (world, shop, left, put_in) = disagreement("blog").await;
        inject(&world, Injection::new(Fault::Error(error)).for_account("shop"));
        for _ in 0..3 {
            world.run(&shop).await;
            assert_eq!(world.store.token(&shop), put_in);
            world.advance(DAY);
        }
        assert_eq!(world.store.kept(&shop), [None, None, Some(left)], "it is out of the way, and kept");
    }
}

#[tokio::test]
async fn one_undecided_refusal_does_not_replace_a_persons_token() {
    let (world, shop, left, put_in) = disagreement("shop").await;
    inject(&world, Injection::new(Fault::Error(MetaError::new(190, "Not now"))).at(Endpoint::Me).times(2));
    world.run(&shop).await;
    assert_eq!((world.store.token(&shop), &world.store.kept(&shop)[0]), (put_in.clone(), &Some(left)));
    world.advance(DAY);
    world.run(&shop).await;
    assert!(world.is_alive(&shop));
    assert_eq!(world.store.kept(&shop)[0], None);
}

#[tokio::test]
async fn a_dead_token_gives_way_to_one_of_the_same_account() {
    let (world, shop, left, put_in) = disagreement("shop").await;
    world.meta.with(|meta| meta.set_state(put_in.expose(), State::Revoked));
    let outcome = world.run(&shop).await.outcome;
    assert!(matches!(outcome, Outcome::Recovered { .. }), "{outcome:?}");
    assert_eq!(world.store.token(&shop), left);
}

/// An account whose owner is known and whose token is due; Meta cannot say whether any token works.
async fn unverifiable() -> (World, AccountName, Token) {
    let world = World::new(Config::friendly(), 7);
    let shop = world.account("shop", &issue("shop"));
    inject(&world, Injection::new(Fault::Error(MetaError::new(4, "Limit"))).at(Endpoint::Refresh).times(1));
    world.run(&shop).await;
    world.advance(DAY);
    inject(&world, Injection::new(Fault::Empty { status: 500 }).at(Endpoint::Me).times(4));
    let old = world.store.token(&shop);
    (world, shop, old)
}

/// A new token is in use that has not proved itself.
async fn unproven() -> (World, AccountName, Token, Token) {
    let (world, shop, old) = unverifiable().await;
    let outcome = world.run(&shop).await.outcome;
    assert!(matches!(outcome, Outcome::Refreshed { .. }), "{outcome:?}");
    let new = world.store.token(&shop);
    assert_eq!(world.store.kept(&shop), [None, Some(old.clone()), None], "kept until the new one has proved itself");
    (world, shop, old, new)
}

#[tokio::test]
async fn the_token_before_is_forgotten_once_the_new_one_works() {
    let (world, shop, _, new) = unproven().await;
    world.run(&shop).await;
    assert_eq!((world.store.token(&shop), world.store.kept(&shop)), (new, [None, None, None]));
}

#[tokio::test]
async fn the_token_before_returns_if_the_new_one_is_refused() {
    let (world, shop, old, new) = unproven().await;
    world.meta.with(|meta| meta.set_state(new.expose(), State::Revoked));
    let outcome = world.run(&shop).await.outcome;
    assert!(matches!(outcome, Outcome::Recovered { .. }), "{outcome:?}");
    assert_eq!(world.store.token(&shop), old);
    world.advance(DAY);
    let outcome = world.run(&shop).await.outcome;
    assert!(matches!(outcome, Outcome::Refreshed { .. }), "{outcome:?}");
    assert_eq!(world.store.kept(&shop), [None, None, None]);
}

#[tokio::test]
async fn an_unproven_token_of_another_account_gives_way() {
    let (world, shop, old) = unverifiable().await;
    inject(&world, Injection::new(Fault::OtherAccount).at(Endpoint::Refresh).times(1));
    world.run(&shop).await;
    assert_ne!(world.store.token(&shop), old, "or this test shows nothing");
    let outcome = world.run(&shop).await.outcome;
    assert!(matches!(outcome, Outcome::Recovered { .. }), "{outcome:?}");
    assert_eq!(world.store.token(&shop), old);
}

/// A person has put in a token since, and it is dead: whose it was cannot be found out.
#[tokio::test]
async fn the_token_before_replaces_only_its_own_successor() {
    let (world, shop, old, _) = unproven().await;
    let persons = token(&world, "blog");
    world.store.put_another(&shop, persons.clone());
    world.meta.with(|meta| meta.set_state(persons.expose(), State::Revoked));
    world.run(&shop).await;
    assert_eq!(world.store.token(&shop), persons);
    assert_eq!(world.store.kept(&shop)[1], Some(old), "it is still there");
}

/// Meta does not answer when the token before is to be tried: nobody is sent to log in.
#[tokio::test]
async fn the_token_before_is_tried_again_later() {
    let (world, shop, old, new) = unproven().await;
    world.meta.with(|meta| meta.set_state(new.expose(), State::Revoked));
    let refused = Fault::Error(MetaError::new(190, "Invalidated").subcode(467));
    inject(&world, Injection::new(refused).at(Endpoint::Me).times(1));
    inject(&world, Injection::new(Fault::Empty { status: 500 }).at(Endpoint::Me).times(4));
    assert_eq!(world.run(&shop).await.cause(), Some(Cause::Meta(Class::Retry)));
    world.advance(DAY);
    let outcome = world.run(&shop).await.outcome;
    assert!(matches!(outcome, Outcome::Recovered { .. }), "{outcome:?}");
    assert_eq!(world.store.token(&shop), old);
    assert_eq!(world.store.refused(&shop), [new], "and the refused one is kept for people");
}

#[tokio::test]
async fn where_the_token_before_cannot_be_kept_nothing_changes() {
    let (world, shop, old) = unverifiable().await;
    world.store.fail_at(&[support::SaveStep::KeepPrevious]);
    world.run(&shop).await;
    assert_eq!(world.store.token(&shop), old);
    assert!(world.store.kept(&shop)[0].is_some(), "the new one waits");
    world.store.fail_at(&[]);
    assert!(matches!(world.run(&shop).await.outcome, Outcome::Recovered { .. }));
}

/// An hour, an earlier end, another account: none of them is put in use, and none is thrown away.
#[tokio::test]
async fn a_reply_that_is_refused_is_kept_for_people() {
    let alter = |value: i64| Fault::Alter { field: "expires_in".to_owned(), value: value.into() };
    let table = [
        (alter(3_600), Cause::ShortLived),
        (alter(10), Cause::Meta(Class::Unknown)),
        (Fault::OtherAccount, Cause::AnotherAccount),
        (
            Fault::Alter { field: "access_token".to_owned(), value: format!("THAAfake{}", "x".repeat(90)).into() },
            Cause::NewTokenRefused,
        ),
    ];
    for (fault, cause) in table {
        let world = World::new(Config::friendly(), 7);
        let shop = world.account("shop", &issue("shop"));
        let before = world.store.token(&shop);
        inject(&world, Injection::new(fault).at(Endpoint::Refresh).times(1));
        assert_eq!(world.run(&shop).await.cause(), Some(cause));
        assert_eq!(world.store.token(&shop), before);
        assert!(matches!(world.store.kept(&shop), [None, None, Some(_)]), "{cause:?}");
        world.advance(DAY);
        assert!(
            matches!(world.run(&shop).await.outcome, Outcome::Refreshed { .. }),
            "{cause:?}: one reply decides nothing"
        );
    }
}

/// A run was killed between the reply and the check of what it says.
#[tokio::test]
async fn p1_never_worse_a_candidate_that_waits_is_judged_too() {
    let world = World::new(Config::friendly(), 7);
    let shop = world.account("shop", &issue("shop"));
    let before = world.store.token(&shop);
    let received_at = Timestamp::from_unix(world.now());
    let candidate = Candidate {
        token: token(&world, "shop"),
        replaces: before.fingerprint(),
        received_at,
        expiry: Expiry::At(received_at + Duration::from_secs(3_600)),
        account: None,
        origin: Origin::Refresh,
    };
    world.store.leave(&shop, candidate);
    assert_eq!(world.run(&shop).await.cause(), Some(Cause::ShortLived));
    assert_eq!(world.store.token(&shop), before);
}

/// Meta names two ids of an Instagram account, and sometimes only one of them.
#[tokio::test]
async fn an_account_is_recognized_by_either_of_its_ids() {
    let without_user_id = || Fault::Alter { field: "user_id".to_owned(), value: Value::Null };
    for (times, is_other) in [(1, false), (2, false), (3, false), (1, true), (2, true), (3, true)] {
        let world = World::new(Config::friendly(), 7);
        let shop = world.account("shop", &issue("shop"));
        let before = world.store.token(&shop);
        world.run(&shop).await;
        world.advance(31 * DAY);
        inject(&world, Injection::new(without_user_id()).at(Endpoint::Me).times(times));
        if is_other {
            inject(&world, Injection::new(Fault::OtherAccount).at(Endpoint::Refresh).times(1));
        }
        let report = world.run(&shop).await;
        let expected = is_other.then_some(Cause::AnotherAccount);
        assert_eq!(report.cause(), expected, "{times}: {:?}", report.outcome);
        assert_ne!(world.store.token(&shop), before);
    }
}

/// An import can name the wrong owner: waiting makes the token nobody else's.
#[tokio::test]
async fn a_token_in_use_of_another_owner_needs_a_person() {
    let world = World::new(Config::friendly(), 7);
    let shop = world.account("shop", &issue("shop"));
    world.run(&shop).await;
    let known = world.store.record(&shop).unwrap();
    let blog = owner(&world, &token(&world, "blog")).await;
    let of_blog = Record { account: Some(blog), last_verified_at: None, ..known.clone() };
    world.store.put_record(&shop, of_blog.clone());
    let report = world.run(&shop).await;
    assert_eq!((report.cause(), report.health()), (Some(Cause::WrongOwner), Health::NeedsPerson));
    // Once the owner is right, nothing of it is left, whoever asks first.
    let failure = world.store.record(&shop).unwrap().failure;
    world.store.put_record(&shop, Record { failure, ..known });
    assert!(world.keeper.verify(&shop).await.health().is_well());
}

/// The recorded expiry has passed (a clock, a copied file), and the owner was never recorded.
#[tokio::test]
async fn the_owner_is_known_before_an_expired_token_is_replaced() {
    let world = World::new(Config::friendly(), 7);
    let shop = world.account("shop", &issue("shop"));
    world.run(&shop).await;
    let mut record = world.store.record(&shop).unwrap();
    (record.account, record.failure) = (None, None);
    record.expiry = Expiry::At(Timestamp::from_unix(world.now()));
    world.advance(2 * DAY);
    world.store.put_record(&shop, record);
    let before = world.store.token(&shop);
    inject(&world, Injection::new(Fault::OtherAccount).at(Endpoint::Refresh).times(1));
    assert_eq!(world.run(&shop).await.cause(), Some(Cause::AnotherAccount));
    assert_eq!(world.store.token(&shop), before);
}
