//! Targets: side by side, in order, and tried again until they hold the token.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use everlit_keeper::{
    AccountName, Activation, DeliveryError, DeliveryErrorClass, Health, Holds, Outcome, Receipt, Record, Target,
};
use everlit_meta_api::{BoxFuture, DAY, Fingerprint, Timestamp, Token};
use everlit_sandbox::{Config, Issue, Kind};
use support::{Place, SaveStep, World};
use tokio::sync::Semaphore;

fn due(world: &World, name: &str) -> AccountName {
    world.account(name, &Issue::new(Kind::Instagram).username(name).aged_days(31))
}

/// A target for which a test decides what it answers.
#[derive(Debug)]
struct Service {
    name: &'static str,
    answers: Mutex<Vec<Answer>>,
    received: Mutex<Vec<Fingerprint>>,
    activation: Option<Arc<Redeploy>>,
    waits: Semaphore,
    /// What it answers when it is asked whether it holds the token.
    holds: Mutex<Result<Holds, DeliveryError>>,
}

#[derive(Clone, Debug)]
enum Answer {
    Takes,
    Refuses(DeliveryError),
    /// Takes the token once the test says so.
    Waits,
    Hangs,
}

impl Service {
    /// Gives these answers, the last one again and again.
    fn new(name: &'static str, answers: &[Answer]) -> Self {
        let answers = answers.iter().rev().cloned().collect();
        let (received, waits) = (Mutex::default(), Semaphore::new(0));
        Self {
            name,
            answers: Mutex::new(answers),
            received,
            activation: None,
            waits,
            holds: Mutex::new(Ok(Holds::Unreadable)),
        }
    }

    fn received(&self) -> Vec<Fingerprint> {
        self.received.lock().unwrap().clone()
    }

    fn next(&self) -> Answer {
        let mut answers = self.answers.lock().unwrap();
        let last = answers.len() == 1;
        if last { answers[0].clone() } else { answers.pop().unwrap() }
    }
}

impl Target for Service {
    fn name(&self) -> &str {
        self.name
    }

    fn timeout(&self) -> Duration {
        Duration::from_millis(if matches!(self.answers.lock().unwrap()[0], Answer::Hangs) { 50 } else { 20_000 })
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            match self.next() {
                Answer::Takes => {}
                Answer::Refuses(error) => return Err(error),
                Answer::Waits => drop(self.waits.acquire().await),
                Answer::Hangs => std::future::pending().await,
            }
            self.received.lock().unwrap().push(token.fingerprint());
            Ok(Receipt::default())
        })
    }

    fn verify<'a>(&'a self, _: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(std::future::ready(self.holds.lock().unwrap().clone()))
    }

    fn activation(&self) -> Option<Arc<dyn Activation>> {
        self.activation.clone().map(|it| it as Arc<dyn Activation>)
    }
}

#[derive(Debug, Default)]
struct Redeploy {
    failures: AtomicU32,
    started: AtomicU32,
}

impl Activation for Redeploy {
    fn name(&self) -> &'static str {
        "site: redeploy"
    }

    fn activate(&self) -> BoxFuture<'_, Result<(), DeliveryError>> {
        let fails =
            self.failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
        self.started.fetch_add(1, Ordering::Relaxed);
        let outcome = if fails { Err(DeliveryError::retry("the builders are full")) } else { Ok(()) };
        Box::pin(std::future::ready(outcome))
    }
}

fn delivered(world: &World, account: &AccountName, target: &str) -> Option<Fingerprint> {
    let record: Record = world.store.record(account).unwrap();
    record.deliveries.iter().find(|delivery| delivery.target == target)?.delivered
}

fn current(world: &World, account: &AccountName) -> Fingerprint {
    world.store.token(account).fingerprint()
}

#[tokio::test]
async fn p8_a_dead_target_delays_no_other_and_no_refresh() {
    let mut world = World::new(Config::friendly(), 1);
    let accounts: Vec<AccountName> = (0..20).map(|number| due(&world, &format!("n{number}"))).collect();
    let dead = Arc::new(Service::new("dead", &[Answer::Hangs]));
    let well = Arc::new(Service::new("well", &[Answer::Takes]));
    for account in &accounts {
        let keeper = world.keeper.clone().with_target(account.clone(), dead.clone());
        world.keeper = keeper.with_target(account.clone(), well.clone());
    }
    let reports = world.keeper.refresh_all(&accounts).await;
    assert_eq!((dead.received().len(), well.received().len()), (0, 20));
    for report in reports {
        assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
        assert_eq!(report.health(), Health::NotDelivered);
        let names: Vec<_> = report.undelivered.iter().map(|(target, _)| target.as_str()).collect();
        assert_eq!(names, ["dead"]);
    }
}

#[tokio::test]
async fn p8_one_redeploy_follows_all_deliveries_of_a_run() {
    let mut world = World::new(Config::friendly(), 1);
    let accounts = [due(&world, "shop"), due(&world, "blog")];
    let redeploy = Arc::new(Redeploy { failures: 1.into(), started: 0.into() });
    let site = Service { activation: Some(redeploy.clone()), ..Service::new("site", &[Answer::Takes]) };
    let site = Arc::new(site);
    for account in &accounts {
        world.keeper = world.keeper.clone().with_target(account.clone(), site.clone());
    }
    let reports = world.keeper.refresh_all(&accounts).await;
    assert_eq!((site.received().len(), redeploy.started.load(Ordering::Relaxed)), (2, 1));
    for report in &reports {
        let undelivered: Vec<_> = report.undelivered.iter().map(|(name, error)| format!("{name}: {error}")).collect();
        assert_eq!(undelivered, ["site: redeploy: the builders are full"]);
        assert_eq!(report.health(), Health::NotDelivered, "the value is there, and nobody reads it yet");
    }
    let reports = world.keeper.refresh_all(&accounts).await;
    assert_eq!(
        (site.received().len(), redeploy.started.load(Ordering::Relaxed)),
        (2, 2),
        "only what failed is repeated"
    );
    assert!(reports.iter().all(|report| report.health() == Health::Healthy), "{reports:?}");
    world.keeper.refresh_all(&accounts).await;
    assert_eq!(redeploy.started.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn p8_a_target_that_asks_to_wait_is_left_alone_until_then() {
    let mut world = World::new(Config::friendly(), 1);
    let accounts: Vec<AccountName> = (0..50).map(|number| due(&world, &format!("n{number}"))).collect();
    let wait =
        DeliveryError { retry_after: Some(Duration::from_secs(600)), ..DeliveryError::retry("too many requests") };
    let vercel = Arc::new(Service::new("vercel", &[Answer::Takes, Answer::Refuses(wait), Answer::Takes]));
    for account in &accounts {
        world.keeper = world.keeper.clone().with_target(account.clone(), vercel.clone());
    }
    let reports = world.keeper.refresh_all(&accounts).await;
    let undelivered = reports.iter().filter(|report| !report.undelivered.is_empty()).count();
    let received = vercel.received().len();
    // Those under way when it asked to wait may still arrive.
    assert!((1..=5).contains(&received) && received + undelivered == 50, "{received}, {undelivered}");
    world.advance(300);
    world.keeper.refresh_all(&accounts).await;
    assert_eq!(vercel.received().len(), received, "it asked for ten minutes");
    world.advance(301);
    let reports = world.keeper.refresh_all(&accounts).await;
    assert_eq!(vercel.received().len(), 50);
    assert!(reports.iter().all(|report| report.health() == Health::Healthy));
}

#[tokio::test]
async fn p8_an_older_token_never_follows_a_newer_one() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let site = Arc::new(Service::new("site", &[Answer::Waits, Answer::Takes]));
    world.keeper = world.keeper.clone().with_target(shop.clone(), site.clone());
    let (slow, ()) = tokio::join!(world.keeper.refresh(&shop), async {
        // The slow run has saved the first token and is delivering it.
        while world.store.is_undisturbed(&shop) {
            tokio::task::yield_now().await;
        }
        world.advance(31 * DAY);
        let report = world.keeper.refresh(&shop).await;
        assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
        assert_eq!(report.health(), Health::NotDelivered, "the newer token waits for its turn");
        site.waits.add_permits(1);
    });
    let first = site.received();
    assert_eq!(first.len(), 1);
    assert_ne!(first[0], current(&world, &shop));
    assert_eq!(slow.health(), Health::NotDelivered, "the target holds a token that is no longer in use");
    let report = world.keeper.refresh(&shop).await;
    assert_eq!((site.received(), report.health()), (vec![first[0], current(&world, &shop)], Health::Healthy));
}

#[tokio::test]
async fn p8_a_delivery_that_could_not_be_noted_is_made_again() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let site = Arc::new(Service::new("site", &[Answer::Takes]));
    world.keeper.refresh(&shop).await;
    world.keeper = world.keeper.clone().with_target(shop.clone(), site.clone());
    world.store.fail_at(&[SaveStep::SaveRecord]);
    let report = world.keeper.refresh(&shop).await;
    assert_eq!((report.health(), delivered(&world, &shop, "site")), (Health::NotDelivered, None));
    world.store.fail_at(&[]);
    let report = world.keeper.refresh(&shop).await;
    assert_eq!(report.health(), Health::Healthy);
    assert_eq!(site.received(), [current(&world, &shop); 2]);
}

#[tokio::test]
async fn p8_a_target_that_lost_its_token_gets_it_again() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let site = Place::failing("site", 0);
    world.keeper = world.keeper.clone().with_target(shop.clone(), site.clone());
    world.keeper.refresh(&shop).await;
    site.empty();
    world.advance(6 * DAY);
    world.keeper.refresh(&shop).await;
    assert_eq!((site.attempts(), site.holds()), (1, None), "it is asked once a week");
    world.advance(DAY);
    let report = world.keeper.refresh(&shop).await;
    assert_eq!((report.health(), site.holds()), (Health::Healthy, Some(current(&world, &shop))));
    let record = world.store.record(&shop).unwrap();
    assert!(record.events.iter().any(|event| event.detail == "site: it no longer held the token"));
    // One that holds it is asked, not written.
    world.advance(8 * DAY);
    world.keeper.refresh(&shop).await;
    assert_eq!(site.attempts(), 2);
}

#[tokio::test]
async fn a_site_is_built_again_once_its_lost_token_is_back() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let redeploy = Arc::new(Redeploy::default());
    let mut site = Service::new("site", &[Answer::Takes]);
    (site.activation, site.holds) = (Some(redeploy.clone()), Mutex::new(Ok(Holds::Another)));
    world.keeper = world.keeper.clone().with_target(shop.clone(), Arc::new(site));
    world.keeper.refresh(&shop).await;
    world.advance(8 * DAY);
    let report = world.keeper.refresh(&shop).await;
    assert_eq!((report.health(), redeploy.started.load(Ordering::Relaxed)), (Health::Healthy, 2));
}

#[tokio::test]
async fn a_target_that_refuses_to_be_asked_is_not_called_done() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let site = Arc::new(Service::new("site", &[Answer::Takes]));
    world.keeper = world.keeper.clone().with_target(shop.clone(), site.clone());
    world.keeper.refresh(&shop).await;
    // No answer says nothing; a later run asks again, soon.
    *site.holds.lock().unwrap() = Err(DeliveryError::retry("no answer"));
    world.advance(8 * DAY);
    let report = world.keeper.refresh(&shop).await;
    let next = report.record.as_ref().and_then(|record| record.next_check_at);
    assert!(report.health() == Health::Healthy && next.is_some_and(|at| at.as_unix() <= world.now() + 300));
    let gone = DeliveryError::new(DeliveryErrorClass::NotFound, "has no such table");
    *site.holds.lock().unwrap() = Err(gone);
    let report = world.keeper.refresh(&shop).await;
    assert_eq!((report.health(), report.delivery_needs_person()), (Health::NotDelivered, true));
}

#[tokio::test]
async fn half_of_the_targets_failing_leaves_the_others_done() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let refused = DeliveryError::new(DeliveryErrorClass::CredentialRefused, "the token for GitHub has expired");
    let github = Arc::new(Service::new("github", &[Answer::Refuses(refused)]));
    let (redis, blog) = (Place::failing("redis", 0), Place::failing("blog", 9));
    world.keeper = world.keeper.clone().with_target(shop.clone(), github).with_target(shop.clone(), redis.clone());
    world.keeper = world.keeper.clone().with_target(shop.clone(), blog);
    let report = world.keeper.refresh(&shop).await;
    let classes: Vec<_> = report.undelivered.iter().map(|(name, error)| (name.as_str(), error.class)).collect();
    assert_eq!(classes, [("github", DeliveryErrorClass::CredentialRefused), ("blog", DeliveryErrorClass::Retry)]);
    assert_eq!(redis.holds(), Some(current(&world, &shop)));
    assert!(report.delivery_needs_person(), "GitHub takes no token until somebody renews the credential");
}

#[tokio::test]
async fn a_target_whose_own_token_is_about_to_end_needs_a_person() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let down = Answer::Refuses(DeliveryError::retry("no answer"));
    let site = Arc::new(Service::new("site", &[Answer::Takes, down]));
    world.keeper = world.keeper.clone().with_target(shop.clone(), site);
    // It holds a token for 60 days; the next one comes after 31 and does not arrive.
    world.keeper.refresh(&shop).await;
    for (days, needs_person) in [(31, false), (21, false), (2, true)] {
        world.advance(days * DAY);
        let report = world.keeper.refresh(&shop).await;
        assert_eq!((report.health(), report.delivery_needs_person()), (Health::NotDelivered, needs_person), "{days}");
    }
}

#[tokio::test]
async fn an_undelivered_token_does_not_hide_that_it_is_dead() {
    let mut world = World::new(Config::friendly(), 1);
    let shop = due(&world, "shop");
    let down = Service::new("site", &[Answer::Refuses(DeliveryError::retry("no answer"))]);
    world.keeper = world.keeper.clone().with_target(shop.clone(), Arc::new(down));
    assert_eq!(world.keeper.refresh(&shop).await.health(), Health::NotDelivered);
    world.advance(100 * DAY);
    let report = world.keeper.refresh(&shop).await;
    assert!(matches!(report.health(), Health::Expired | Health::NeedsPerson), "{:?}", report.outcome);
}
