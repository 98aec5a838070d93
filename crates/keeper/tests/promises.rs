//! The promises that the keeper keeps with any store, target and notifier.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use everlit_keeper::{AccountName, Decision, DeliveryError, DeliveryErrorClass, Health, Outcome, Receipt, Target};
use everlit_meta_api::{BoxFuture, DAY, Timestamp, Token};
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, MetaError, State};
use support::{Gauge, Place, World};
use tokio::sync::Semaphore;

fn refreshes(world: &World) -> u64 {
    world.meta.with(|meta| meta.calls_to(Endpoint::Refresh))
}

fn due(world: &World, name: &str) -> AccountName {
    world.account(name, &Issue::new(Kind::Instagram).username(name).aged_days(31))
}

#[tokio::test]
async fn p8_a_failed_delivery_is_retried_without_another_refresh() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let (blog, vercel) = (Place::failing("blog", 0), Place::failing("vercel", 3));
    world.keeper =
        world.keeper.clone().with_target(shop.clone(), blog.clone()).with_target(shop.clone(), vercel.clone());

    let report = world.run(&shop).await;
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
    let current = world.store.token(&shop).fingerprint();
    assert_eq!((blog.holds(), vercel.holds()), (Some(current), None), "a failing target does not block the others");
    let undelivered: Vec<_> =
        report.undelivered.iter().map(|(target, error)| (target.as_str(), error.message.as_str())).collect();
    assert_eq!(undelivered, [("vercel", "the shop's host is down")]);
    assert_eq!(report.health(), Health::NotDelivered);

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
    assert_eq!((blog.attempts(), vercel.attempts()), (1, 4), "nothing is delivered twice");
    assert_eq!(refreshes(&world), 1);

    world.advance(31 * DAY);
    world.run(&shop).await;
    let renewed = world.store.token(&shop).fingerprint();
    assert_ne!(renewed, current);
    assert_eq!((blog.holds(), vercel.holds()), (Some(renewed), Some(renewed)), "every target gets the next token");
}

#[tokio::test]
async fn p8_a_failed_refresh_does_not_prevent_deliveries() {
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

/// A target with a bug.
#[derive(Debug)]
struct Panics;

impl Target for Panics {
    fn name(&self) -> &'static str {
        "panics"
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move { panic!("a bug, with a token in its words: {}", token.expose()) })
    }
}

#[tokio::test]
async fn p4_a_panicking_target_harms_no_account_and_no_token() {
    std::panic::set_hook(Box::new(|_| {}));
    let mut world = World::new(Config::friendly(), 1);
    let (first, broken, last) = (due(&world, "first"), due(&world, "broken"), due(&world, "last"));
    let before = world.store.token(&broken);
    world.keeper = world.keeper.clone().with_target(broken.clone(), Arc::new(Panics));
    let accounts = [first.clone(), broken.clone(), last.clone()];
    let reports = world.keeper.refresh_all(&accounts).await;

    assert_eq!(reports.iter().map(|report| report.account.clone()).collect::<Vec<_>>(), accounts);
    for report in &reports {
        assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
    }
    let (target, error) = &reports[1].undelivered[0];
    assert_eq!((target.as_str(), error.class), ("panics", DeliveryErrorClass::Bug));
    assert_eq!(reports[1].health(), Health::NotDelivered);
    let shown = format!("{:?}", reports[1]);
    let token = world.store.token(&broken);
    assert!(!shown.contains(&token.expose()[20..40]), "P3: not even a panic's words are passed on: {shown}");
    assert_ne!(token, before, "its new token was saved before");

    // The locks are released: the next run is not locked out.
    let reports = world.keeper.refresh_all(&accounts).await;
    assert_eq!(reports[1].undelivered[0].1.class, DeliveryErrorClass::Bug);
    assert_eq!(refreshes(&world), 3);
}

#[tokio::test]
async fn p4_a_record_that_panics_the_store_harms_no_other_account() {
    std::panic::set_hook(Box::new(|_| {}));
    let world = World::new(Config::friendly(), 1);
    let (well, haunted) = (due(&world, "well"), due(&world, "haunted"));
    world.store.panic_at(&haunted);
    let reports = world.keeper.refresh_all(&[haunted, well]).await;
    assert!(matches!(reports[0].outcome, Outcome::Internal { .. }), "{:?}", reports[0].outcome);
    assert!(matches!(reports[1].outcome, Outcome::Refreshed { .. }), "{:?}", reports[1].outcome);
}

#[tokio::test]
async fn p4_a_thousand_dead_accounts_do_not_affect_a_living_one() {
    let world = World::new(Config::friendly(), 1);
    let dead = Issue::new(Kind::Instagram).aged_days(31).state(State::Revoked);
    let mut accounts: Vec<AccountName> =
        (0..1_000).map(|number| world.account(&format!("dead-{number}"), &dead)).collect();
    accounts.insert(500, due(&world, "well"));
    let reports = world.keeper.refresh_all(&accounts).await;
    assert!(matches!(reports[500].outcome, Outcome::Refreshed { .. }), "{:?}", reports[500].outcome);
    assert_eq!(reports.iter().filter(|report| matches!(report.outcome, Outcome::Failed(_))).count(), 1_000);
}

#[tokio::test]
async fn p4_a_target_that_hangs_delays_no_other() {
    let mut world = World::new(Config::friendly(), 1);
    let hanging: Vec<AccountName> = ["a", "b", "c"].map(|name| due(&world, name)).to_vec();
    let well: Vec<AccountName> = (0..20).map(|number| due(&world, &format!("well-{number}"))).collect();
    let (hangs, last) = (Arc::new(Hangs::default()), Arc::new(Last::of(well.len())));
    world.keeper = world.keeper.clone().with_concurrency(4);
    for account in &hanging {
        world.keeper = world.keeper.clone().with_target(account.clone(), hangs.clone());
    }
    for account in &well {
        world.keeper = world.keeper.clone().with_target(account.clone(), last.clone());
    }
    let accounts = [hanging, well].concat();
    // The last of the others lets the hanging ones go on: otherwise the run would last until their deadlines.
    let (reports, ()) = tokio::join!(world.keeper.refresh_all(&accounts), async {
        last.has_been_served().await;
        hangs.go_on();
    });
    assert!(reports.iter().all(|report| matches!(report.outcome, Outcome::Refreshed { .. })), "{reports:?}");
}

#[tokio::test]
async fn p4_at_most_sixteen_accounts_are_worked_on_at_once() {
    let world = World::new(Config::friendly(), 1);
    let sixteen = everlit_keeper::policy::CONCURRENCY;
    let accounts: Vec<AccountName> = (0..3 * sixteen).map(|number| due(&world, &format!("n{number}"))).collect();
    for (concurrency, days) in [(sixteen, 0), (1, 31)] {
        world.advance(days * DAY);
        let gauge = Arc::new(Gauge::of(concurrency));
        world.store.measure(gauge.clone());
        world.keeper.clone().with_concurrency(concurrency).refresh_all(&accounts).await;
        assert_eq!(gauge.most.load(Ordering::Relaxed), concurrency);
    }
    assert_eq!(refreshes(&world), 6 * u64::try_from(sixteen).unwrap());
    let allowed = usize::try_from(Config::default().knobs.max_concurrent_calls.unwrap()).unwrap();
    assert_eq!(allowed, sixteen, "the sandbox counts more as a violation");
}

/// A target that does not answer until it is told to.
#[derive(Debug)]
struct Hangs(Semaphore);

impl Default for Hangs {
    fn default() -> Self {
        Self(Semaphore::new(0))
    }
}

impl Hangs {
    fn go_on(&self) {
        self.0.close();
    }
}

impl Target for Hangs {
    fn name(&self) -> &'static str {
        "hangs"
    }

    fn deliver<'a>(&'a self, _: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async {
            let _ = self.0.acquire().await;
            Ok(Receipt::default())
        })
    }
}

/// A target that knows when as many accounts as expected have been served.
#[derive(Debug)]
struct Last {
    expected: u32,
    served: Semaphore,
}

impl Last {
    fn of(expected: usize) -> Self {
        Self { expected: expected.try_into().unwrap(), served: Semaphore::new(0) }
    }

    async fn has_been_served(&self) {
        drop(self.served.acquire_many(self.expected).await);
    }
}

impl Target for Last {
    fn name(&self) -> &'static str {
        "last"
    }

    fn deliver<'a>(&'a self, _: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        self.served.add_permits(1);
        Box::pin(std::future::ready(Ok(Receipt::default())))
    }
}
