//! P5, never falsely well: in worlds where anything may go wrong, a token that nothing will save is known to somebody.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;

use everlit_keeper::{
    AccountName, AlertStore as _, Dispatcher, Expiry, Notice, Notifier, NotifyError, Policy, Record, Report,
    Store as _, Stored,
};
use everlit_meta_api::{BoxFuture, DAY, Timestamp};
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, Meta, State};
use support::{SaveStep, World};

/// What goes wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Problem {
    Nothing,
    MetaIsDown,
    DiskIsFull,
    NoRuns,
    PasswordChanged,
    WrongSettings,
}

/// A problem and the days on which it lasts.
#[derive(Clone, Copy, Debug)]
struct Story {
    problem: Problem,
    from: i64,
    until: i64,
    age: i64,
    is_adopted: bool,
}

impl Story {
    fn any(rng: &mut fastrand::Rng) -> Self {
        use Problem::{DiskIsFull, MetaIsDown, NoRuns, Nothing, PasswordChanged, WrongSettings};
        let problem = [Nothing, MetaIsDown, DiskIsFull, NoRuns, PasswordChanged, WrongSettings][rng.usize(..6)];
        let from = rng.i64(0..90);
        let until = from + if rng.bool() { rng.i64(1..40) } else { 1_000 };
        Self { problem, from, until, age: rng.i64(2..55), is_adopted: rng.bool() }
    }

    fn lasts(&self, problem: Problem, day: i64) -> bool {
        self.problem == problem && (self.from..self.until).contains(&day)
    }
}

/// Somebody who gets every message.
#[derive(Debug)]
struct Somebody;

impl Notifier for Somebody {
    fn name(&self) -> &'static str {
        "somebody"
    }

    fn goes_to(&self) -> Option<&str> {
        None
    }

    fn notify<'a>(&'a self, _: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        Box::pin(async { Ok(()) })
    }
}

/// Begins the day's problem, or ends it.
fn strike(world: &World, story: &Story, day: i64) {
    world.meta.with(Meta::clear_injections);
    if story.lasts(Problem::MetaIsDown, day) {
        for endpoint in [Endpoint::Refresh, Endpoint::Me] {
            let order = Injection::new(Fault::Html { status: 503 }).at(endpoint).times(100);
            world.meta.with(|meta| meta.inject(order));
        }
    }
    world.store.fail_at(if story.lasts(Problem::DiskIsFull, day) { &[SaveStep::Reserve] } else { &[] });
    world.store.refuse(story.lasts(Problem::WrongSettings, day));
    if story.problem == Problem::PasswordChanged && story.from == day {
        world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    }
}

/// Whether a monitor is told that all is well: by the record, and by what the last run has left.
async fn is_called_well(world: &World, shop: &AccountName, last: Option<&(i64, Report)>, day: i64) -> bool {
    let now = Timestamp::from_unix(world.now());
    let Ok(Stored { record, .. }) = world.store.load(shop, now).await else { return false };
    let is_known = record.last_verified_at.is_some();
    let runs = last.is_none_or(|(at, report)| day - at <= 3 && report.unrecorded_failure().is_none());
    Report::idle(shop, record, &Policy::default(), now).health().is_well() && is_known && runs
}

async fn live(story: &Story, seed: u64) {
    let world = World::new(Config::friendly(), seed);
    let shop = world.account("shop", &Issue::new(Kind::Instagram).username("shop").aged_days(story.age));
    if story.is_adopted {
        let token = world.store.token(&shop);
        let now = Timestamp::from_unix(world.now());
        let mut record = Record::of_new_token(token.kind(), token.fingerprint(), now);
        record.expiry = Expiry::At(Timestamp::from_unix(world.now() + (60 - story.age) * DAY));
        world.store.put_record(&shop, record);
    }
    let dispatcher = Dispatcher::new(world.store.clone(), world.clock.clone()).with_notifier(Arc::new(Somebody));
    let mut last = None;
    for day in 0..150 {
        strike(&world, story, day);
        if !story.lasts(Problem::NoRuns, day) {
            let report = world.run(&shop).await;
            dispatcher.notify(std::slice::from_ref(&report)).await;
            last = Some((day, report));
        }
        let is_well = is_called_well(&world, &shop, last.as_ref(), day).await;
        let is_told = world.store.alert_state(&shop).await.alarm.is_some();
        let token = world.store.token(&shop);
        let ends = world.meta.with(|meta| meta.token(token.expose()).unwrap().expires_at.unwrap());
        let is_alive = world.is_alive(&shop);
        let days_left = (ends - world.now()) / DAY;
        let is_revoked = story.problem == Problem::PasswordChanged && day >= story.from;
        let is_lost = match story.problem {
            // A verification comes once a week.
            Problem::PasswordChanged => is_revoked && day > story.from + 7,
            _ => !is_alive || days_left < 7 && story.from <= day && story.until > day + days_left,
        };
        let scene = || format!("seed {seed}, day {day}, {days_left} days left, {story:?}: {last:?}");
        assert!(!is_lost || is_told || !is_well, "nobody knows: {}", scene());
        let is_calm = day < story.from || day > story.until + 1 || story.problem == Problem::Nothing;
        if is_calm && is_alive && !is_revoked && last.is_some() {
            assert!(is_well && !is_told, "a false alarm: {}", scene());
        }
        world.advance(DAY);
    }
}

#[tokio::test]
async fn p5_never_silent_or_wrong_whatever_goes_wrong() {
    let mut seen = [0; 6];
    for seed in 0..300 {
        let story = Story::any(&mut fastrand::Rng::with_seed(seed));
        seen[story.problem as usize] += 1;
        live(&story, seed).await;
    }
    assert!(seen.iter().all(|stories| *stories > 30), "{seen:?}");
}
