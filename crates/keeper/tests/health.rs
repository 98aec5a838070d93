//! How an account stands: nothing is well that is not known to be.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::sync::Arc;

use everlit_keeper::{AccountName, Expiry, Health, Keeper, Outcome, Record, Report};
use everlit_meta_api::{Client, DAY, Timestamp};
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, State};
use everlit_testkit::{START, Shifted};
use support::World;

fn day(day: i64) -> Timestamp {
    Timestamp::from_unix(START + day * DAY)
}

/// An account whose token is that old, with the record that an older script would have left.
fn adopted(world: &World, age: i64) -> AccountName {
    let shop = world.account("shop", &Issue::new(Kind::Instagram).username("shop").aged_days(age));
    let token = world.store.token(&shop);
    let mut record = Record::of_new_token(token.kind(), token.fingerprint(), day(0));
    (record.expiry, record.issued_at) = (Expiry::At(day(60 - age)), Some(day(-age)));
    world.store.put_record(&shop, record);
    shop
}

/// Meta is down from now on.
fn outage(world: &World) {
    for endpoint in [Endpoint::Refresh, Endpoint::Me] {
        down(world, endpoint, u32::MAX);
    }
}

fn down(world: &World, endpoint: Endpoint, times: u32) {
    let order = Injection::new(Fault::Html { status: 503 }).at(endpoint).times(times);
    world.meta.with(|meta| meta.inject(order));
}

#[tokio::test]
async fn a_token_past_its_expiry_is_expired_whatever_failed() {
    let world = World::new(Config::friendly(), 1);
    let shop = adopted(&world, 55);
    outage(&world);
    let mut seen = Vec::new();
    for _ in 0..7 {
        seen.push(world.run(&shop).await.health());
        world.advance(DAY);
    }
    assert_eq!(seen[..5], [Health::Expiring; 5]);
    assert_eq!(seen[5..], [Health::Expired; 2]);
}

#[tokio::test]
async fn an_unknown_expiry_ends_sixty_days_after_first_sight() {
    let world = World::new(Config::friendly(), 1);
    let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(3));
    outage(&world);
    let (mut seen, mut alarms) = (Vec::new(), Vec::new());
    for _ in 0..62 {
        let report = world.run(&shop).await;
        seen.push(report.health());
        alarms.push(report.is_failing_for_long());
        world.advance(DAY);
    }
    let first = |health| seen.iter().position(|it| *it == health);
    assert_eq!([Health::Retrying, Health::Expiring, Health::Expired].map(first), [Some(0), Some(39), Some(60)]);
    assert_eq!(alarms.iter().position(|alarm| *alarm), Some(3), "three days of nothing but failures");
}

#[tokio::test]
async fn little_time_makes_the_first_failure_an_alarm() {
    for (age, is_alarming) in [(45, false), (47, true)] {
        let world = World::new(Config::friendly(), 1);
        let shop = adopted(&world, age);
        outage(&world);
        let report = world.run(&shop).await;
        assert_eq!((report.health(), report.is_failing_for_long()), (Health::Expiring, is_alarming), "{age}");
    }
}

#[tokio::test]
async fn a_token_that_ends_before_the_next_attempt_is_expiring() {
    let world = World::new(Config::friendly(), 1);
    let shop = adopted(&world, 31);
    outage(&world);
    let Report { outcome: Outcome::Failed(mut failure), record, .. } = world.run(&shop).await else { panic!() };
    let mut record = record.unwrap();
    failure.next_attempt_at = day(40);
    record.failure = Some(failure.clone());
    assert_eq!(Outcome::Failed(failure).health(Some(&record), day(0)), Health::Expiring);
}

#[tokio::test]
async fn an_adopted_token_is_verified_on_the_first_run() {
    let world = World::new(Config::friendly(), 1);
    let shop = adopted(&world, 10);
    assert_eq!(world.run(&shop).await.outcome, Outcome::Verified);
    assert!(matches!(world.run(&shop).await.outcome, Outcome::Idle(_)));
    assert_eq!(world.store.record(&shop).unwrap().last_verified_at, Some(day(0)));
}

#[tokio::test]
async fn what_meta_says_when_asked_at_once_is_stored() {
    let world = World::new(Config::friendly(), 1);
    let shop = adopted(&world, 10);
    assert_eq!(world.keeper.verify(&shop).await.outcome, Outcome::Verified);
    let verified = world.store.record(&shop).unwrap();
    // No answer says nothing about the token, and puts off no refresh.
    down(&world, Endpoint::Me, 4);
    assert_eq!(world.keeper.verify(&shop).await.health(), Health::Retrying);
    assert_eq!(world.store.record(&shop).unwrap().failure, None);
    assert_eq!(world.store.record(&shop).unwrap().last_verified_at, verified.last_verified_at);
    world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    assert_eq!(world.keeper.verify(&shop).await.health(), Health::NeedsPerson);
    assert!(world.store.record(&shop).unwrap().failure.unwrap().cause.needs_person());
    assert_eq!(world.run(&shop).await.health(), Health::NeedsPerson);
}

#[tokio::test]
async fn a_failed_refresh_outlasts_a_verification_by_hand() {
    let world = World::new(Config::friendly(), 1);
    let shop = adopted(&world, 31);
    down(&world, Endpoint::Refresh, 4);
    assert_eq!(world.run(&shop).await.health(), Health::Retrying);
    let failure = world.store.record(&shop).unwrap().failure;
    assert_eq!(world.keeper.verify(&shop).await.health(), Health::Healthy);
    assert_eq!(world.store.record(&shop).unwrap().failure, failure);
}

#[tokio::test]
async fn a_clock_that_is_behind_hides_no_due_token() {
    let world = World::new(Config::friendly(), 1);
    let shop = adopted(&world, 45);
    let wrong = Arc::new(Shifted { clock: world.clock.clone(), by_seconds: -40 * DAY });
    let client = Client::new(Arc::new(world.meta.clone()));
    let report = Keeper::new(client, world.store.clone(), wrong, 1).refresh(&shop).await;
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
    assert_eq!(report.record.unwrap().clock_behind, Some(40 * DAY));
}
