//! The promises that the keeper makes whatever store, targets and notifiers it is given.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use everlit_keeper::{
    AccountName, Decision, DeliveryError, DeliveryErrorClass, Health, Keeper, Lease, Outcome, Store, StoreError,
    Stored, Target,
};
use everlit_meta_api::{BoxFuture, Client, Fingerprint, Timestamp, Token};
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, MetaError, State};
use support::{DAY, MemoryStore, World};

fn refreshes(world: &World) -> u64 {
    world.meta.with(|meta| meta.calls_to(Endpoint::Refresh))
}

fn due(world: &World, name: &str) -> AccountName {
    world.account(name, &Issue::new(Kind::Instagram).username(name).aged_days(31))
}

/// A place of use that fails so many times, then takes what it is given.
#[derive(Debug)]
struct Place {
    name: &'static str,
    failures: AtomicU32,
    holds: Mutex<Option<Fingerprint>>,
    failed_call: AtomicU32,
}

impl Place {
    fn failing(name: &'static str, times: u32) -> Arc<Self> {
        Arc::new(Self { name, failures: times.into(), holds: Mutex::new(None), failed_call: 0.into() })
    }

    fn failed_call(&self) -> u32 {
        self.failed_call.load(Ordering::Relaxed)
    }

    fn holds(&self) -> Option<Fingerprint> {
        *self.holds.lock().unwrap()
    }
}

impl Target for Place {
    fn name(&self) -> &str {
        self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move {
            self.failed_call.fetch_add(1, Ordering::Relaxed);
            let fails = self.failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
            if fails.is_ok() {
                return Err(DeliveryError::new(DeliveryErrorClass::Retry { after: None }, "the shop's host is down"));
            }
            *self.holds.lock().unwrap() = Some(token.fingerprint());
            Ok(())
        })
    }
}

#[tokio::test]
async fn p8_saved_is_not_delivered_and_is_tried_again_without_another_refresh() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let (blog, vercel) = (Place::failing("blog", 0), Place::failing("vercel", 3));
    world.keeper =
        world.keeper.clone().with_target(shop.clone(), blog.clone()).with_target(shop.clone(), vercel.clone());

    let report = world.run(&shop).await;
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
    let current = world.store.token(&shop).fingerprint();
    assert_eq!((blog.holds(), vercel.holds()), (Some(current), None), "one that fails holds up no other");
    assert_eq!(report.undelivered, [("vercel".to_owned(), "the shop's host is down".to_owned())]);
    assert_eq!(report.health(), Health::NotSaved);

    for attempts in 2..=3 {
        world.advance(60);
        let report = world.run(&shop).await;
        assert!(matches!(report.outcome, Outcome::Idle(Decision::NotDue { .. })), "{:?}", report.outcome);
        assert_eq!(report.undelivered.len(), 1, "it counts as a failure until it is done");
        let record = world.store.record(&shop).unwrap();
        let delivery = record.deliveries.iter().find(|delivery| delivery.target == "vercel").unwrap();
        assert_eq!((delivery.attempts, delivery.delivered), (attempts, None));
    }

    world.advance(60);
    let report = world.run(&shop).await;
    assert_eq!((report.undelivered.len(), report.health()), (0, Health::Healthy));
    assert_eq!(vercel.holds(), Some(current));
    world.run(&shop).await;
    assert_eq!((blog.failed_call(), vercel.failed_call()), (1, 4), "what is delivered is not delivered again");
    assert_eq!(refreshes(&world), 1);

    world.advance(31 * DAY);
    world.run(&shop).await;
    let renewed = world.store.token(&shop).fingerprint();
    assert_ne!(renewed, current);
    assert_eq!((blog.holds(), vercel.holds()), (Some(renewed), Some(renewed)), "the next token goes everywhere");
}

#[tokio::test]
async fn p8_a_refresh_that_fails_does_not_keep_the_last_token_from_being_delivered() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let vercel = Place::failing("vercel", 1);
    world.keeper = world.keeper.clone().with_target(shop.clone(), vercel.clone());
    world.run(&shop).await;
    world.advance(31 * DAY);
    world
        .meta
        .with(|meta| meta.inject(Injection::new(Fault::Error(MetaError::new(4, "Application request limit reached")))));
    let report = world.run(&shop).await;
    assert!(matches!(report.outcome, Outcome::Failed(_)), "{:?}", report.outcome);
    assert_eq!(vercel.holds(), Some(world.store.token(&shop).fingerprint()));
}

/// A place of use with a bug.
#[derive(Debug)]
struct Panics;

impl Target for Panics {
    fn name(&self) -> &'static str {
        "panics"
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move { panic!("a bug, with a token in its words: {}", token.expose()) })
    }
}

#[tokio::test]
async fn p4_a_target_that_panics_harms_neither_other_accounts_nor_the_token_of_its_own() {
    std::panic::set_hook(Box::new(|_| {}));
    let mut world = World::new(Config::friendly(), 1);
    let (first, broken, last) = (due(&world, "first"), due(&world, "broken"), due(&world, "last"));
    let before = world.store.token(&broken);
    world.keeper = world.keeper.clone().with_target(broken.clone(), Arc::new(Panics));
    let accounts = [first.clone(), broken.clone(), last.clone()];
    let reports = world.keeper.refresh_all(&accounts).await;

    assert_eq!(reports.iter().map(|report| report.account.clone()).collect::<Vec<_>>(), accounts);
    for report in [&reports[0], &reports[2]] {
        assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
    }
    assert!(matches!(&reports[1].outcome, Outcome::Internal { .. }), "{:?}", reports[1].outcome);
    assert_eq!(reports[1].health(), Health::NeedsPerson);
    let shown = format!("{:?}", reports[1]);
    let token = world.store.token(&broken);
    assert!(!shown.contains(&token.expose()[20..40]), "P3: not even a panic's words are passed on: {shown}");
    assert_ne!(token, before, "its new token was saved before");

    // The lease is given back: the next run is not locked out.
    let reports = world.keeper.refresh_all(&accounts).await;
    assert!(matches!(reports[1].outcome, Outcome::Internal { .. }), "{:?}", reports[1].outcome);
    assert_eq!(refreshes(&world), 3);
}

/// A store in which one account cannot be read without a panic.
#[derive(Debug)]
struct HauntedStore {
    inner: Arc<MemoryStore>,
    haunted: AccountName,
}

impl Store for HauntedStore {
    fn load<'a>(&'a self, account: &'a AccountName, now: Timestamp) -> BoxFuture<'a, Result<Stored, StoreError>> {
        assert!(*account != self.haunted, "a record that nobody can read");
        self.inner.load(account, now)
    }

    fn lease<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Box<dyn Lease + 'a>, StoreError>> {
        self.inner.lease(account, now)
    }

    fn due(&self, now: Timestamp, limit: usize) -> BoxFuture<'_, Result<Vec<AccountName>, StoreError>> {
        self.inner.due(now, limit)
    }
}

#[tokio::test]
async fn p4_a_record_that_makes_the_store_panic_harms_no_other_account() {
    std::panic::set_hook(Box::new(|_| {}));
    let world = World::new(Config::friendly(), 1);
    let (well, haunted) = (due(&world, "well"), due(&world, "haunted"));
    let store = Arc::new(HauntedStore { inner: world.store.clone(), haunted: haunted.clone() });
    let client = Client::new(Arc::new(world.meta.clone()));
    let keeper = Keeper::new(client, store, world.clock.clone(), 1);
    let reports = keeper.refresh_all(&[haunted, well]).await;
    assert!(matches!(reports[0].outcome, Outcome::Internal { .. }), "{:?}", reports[0].outcome);
    assert!(matches!(reports[1].outcome, Outcome::Refreshed { .. }), "{:?}", reports[1].outcome);
}

#[tokio::test]
async fn p4_a_thousand_dead_neighbours_change_nothing_for_one_that_lives() {
    let world = World::new(Config::friendly(), 1);
    let dead = Issue::new(Kind::Instagram).aged_days(31).state(State::Revoked);
    let mut accounts: Vec<AccountName> =
        (0..1_000).map(|number| world.account(&format!("dead-{number}"), &dead)).collect();
    accounts.insert(500, due(&world, "well"));
    let reports = world.keeper.refresh_all(&accounts).await;
    assert!(matches!(reports[500].outcome, Outcome::Refreshed { .. }), "{:?}", reports[500].outcome);
    assert_eq!(reports.iter().filter(|report| matches!(report.outcome, Outcome::Failed(_))).count(), 1_000);
}
