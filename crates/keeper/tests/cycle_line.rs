//! How long one run retries when the connection to Meta is bad. Time is virtual.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::{Cause, Keeper, Outcome};
use everlit_meta_api::{BoxFuture, Class, Client, DAY, HttpReply, HttpRequest, Stage, Transport, TransportError};
use everlit_sandbox::{Config, Endpoint, Fault, InProcess, Injection, Issue, Kind, MetaError, State};
use support::World;

/// A connection without replies: each call waits for this long in vain.
#[derive(Debug)]
struct NoReply {
    clock: InProcess,
    seconds: i64,
    sent: bool,
}

impl Transport for NoReply {
    fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            self.clock.with(|meta| meta.advance(self.seconds));
            Err(TransportError::new(Stage::Deadline, self.sent, "no complete reply"))
        })
    }
}

#[tokio::test]
async fn a_run_without_a_connection_ends_after_a_minute() {
    for (seconds, sent) in [(30, true), (30, false), (1, true), (0, false), (300, true)] {
        let world = World::new(Config::friendly(), 1);
        let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(31));
        let line = NoReply { clock: world.meta.clone(), seconds, sent };
        let keeper = Keeper::new(Client::new(Arc::new(line)), world.store.clone(), world.clock.clone(), 1);
        let began = world.now();
        match keeper.refresh(&shop).await.outcome {
            Outcome::Failed(failure) => {
                assert_eq!((failure.cause, failure.reply_lost), (Cause::Meta(Class::Retry), sent));
            }
            other => panic!("{other:?}"),
        }
        let took = world.now() - began;
        assert!(took <= 60 + seconds, "{took} seconds, where a call takes {seconds}");
    }
}

/// A Meta that takes the connection and never answers: each call ends after this long.
#[derive(Debug)]
struct Silence(Duration);

impl Transport for Silence {
    fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            tokio::time::sleep(self.0).await;
            Err(TransportError::new(Stage::Deadline, true, "no complete reply"))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_ends_within_a_minute_if_meta_hangs() {
    for (seconds, longest) in [(30, 60), (20, 60), (90, 90)] {
        let world = World::new(Config::friendly(), 1);
        let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(31));
        let client = Client::new(Arc::new(Silence(Duration::from_secs(seconds))));
        let keeper = Keeper::new(client, world.store.clone(), world.clock.clone(), 1);
        let began = tokio::time::Instant::now();
        let outcome = keeper.refresh(&shop).await.outcome;
        assert!(matches!(&outcome, Outcome::Failed(failure) if failure.reply_lost), "{outcome:?}");
        assert!(began.elapsed().as_secs() <= longest, "{:?}, where a call takes {seconds} s", began.elapsed());
    }
}

#[tokio::test]
async fn a_transient_failure_is_tried_four_times_per_run() {
    let transient = MetaError::new(2, "Service temporarily unavailable").status(503).transient(true);
    for fault in [
        Fault::Html { status: 502 },
        Fault::Html { status: 403 },
        Fault::Empty { status: 500 },
        Fault::Truncated,
        Fault::Dropped,
        Fault::LostReply,
        Fault::Slow { millis: 60_000 },
        Fault::Redirect { location: "https://elsewhere.example/".to_owned() },
        Fault::Empty { status: 200 },
        Fault::Error(transient),
    ] {
        let world = World::new(Config::friendly(), 1);
        let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(31));
        let before = world.store.token(&shop);
        world.meta.with(|meta| meta.inject(Injection::new(fault.clone()).at(Endpoint::Refresh).times(4)));
        let began = world.now();
        let report = world.run(&shop).await;
        let took = world.now() - began;
        assert!((22..=36).contains(&took), "{fault:?}: 2, 8 and 20 seconds apart, or a fifth more or less: {took}");
        assert!(matches!(&report.outcome, Outcome::Failed(failure) if failure.attempts == 1), "{fault:?}: {report:?}");
        assert_eq!(world.meta.with(|meta| meta.calls_to(Endpoint::Refresh)), 4, "{fault:?}");
        assert_eq!(world.store.token(&shop), before, "{fault:?}");
        assert!(report.record.unwrap().failure.unwrap().next_attempt_at.as_unix() > world.now());

        world.advance(25 * 3_600);
        let report = world.run(&shop).await;
        assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{fault:?}: {:?}", report.outcome);
    }
}

#[tokio::test]
async fn a_permanent_failure_is_not_retried_within_a_run() {
    for fault in [Fault::Huge { bytes: 1 << 20 }, Fault::Error(MetaError::new(4, "Application request limit reached"))]
    {
        let world = World::new(Config::friendly(), 1);
        let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(31));
        world.meta.with(|meta| meta.inject(Injection::new(fault.clone()).at(Endpoint::Refresh)));
        let report = world.run(&shop).await;
        assert!(matches!(report.outcome, Outcome::Failed(_)), "{fault:?}: {:?}", report.outcome);
        assert_eq!(world.meta.with(|meta| meta.calls_to(Endpoint::Refresh)), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_revoked_token_that_is_not_due_is_noticed_within_a_week() {
    let world = World::new(Config::friendly(), 1);
    let shop = world.account("shop", &Issue::new(Kind::Instagram).username("shop").aged_days(31));
    assert!(matches!(world.run(&shop).await.outcome, Outcome::Refreshed { .. }));
    let token = world.store.token(&shop);
    world.advance(7 * DAY);
    assert_eq!(world.run(&shop).await.outcome, Outcome::Verified);
    assert!(matches!(world.run(&shop).await.outcome, Outcome::Idle(_)), "once a week");

    // A transient failure of the verification only delays the next one.
    world.advance(7 * DAY);
    let error = MetaError::new(2, "An unexpected error has occurred.").transient(true).status(500);
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(error)).at(Endpoint::Me).times(4)));
    match world.run(&shop).await.outcome {
        Outcome::Failed(failure) => assert_eq!(failure.cause, Cause::Meta(Class::Retry)),
        other => panic!("{other:?}"),
    }
    world.advance(DAY);
    assert_eq!(world.run(&shop).await.outcome, Outcome::Verified);

    world.advance(DAY);
    world.meta.with(|meta| meta.set_state("shop", State::PasswordChanged));
    let mut days = 0;
    let cause = loop {
        days += 1;
        world.advance(DAY);
        if let Outcome::Failed(failure) = world.run(&shop).await.outcome {
            break failure.cause;
        }
    };
    assert_eq!((days, cause), (6, Cause::Meta(Class::Reconnect)));
    assert_eq!(world.meta.with(|meta| meta.calls_to(Endpoint::Refresh)), 1, "verification refreshes nothing");
    assert_eq!(world.store.token(&shop), token);
}

#[tokio::test]
async fn p2_never_lost_a_new_token_is_used_if_verifying_it_fails() {
    let world = World::new(Config::friendly(), 1);
    let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(31));
    world.run(&shop).await;
    world.advance(31 * DAY);
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Empty { status: 500 }).at(Endpoint::Me)));
    let report = world.run(&shop).await;
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
    assert!(world.is_alive(&shop));
}
