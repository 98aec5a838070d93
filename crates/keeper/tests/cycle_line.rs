//! How long one run goes on asking when the line to Meta is bad. Time is virtual: minutes pass at once.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;

use everlit_keeper::{Cause, Keeper, Outcome};
use everlit_meta_api::{BoxFuture, Class, Client, HttpReply, HttpRequest, Stage, Transport, TransportError};
use everlit_sandbox::{Config, Endpoint, Fault, InProcess, Injection, Issue, Kind, MetaError, State};
use support::{DAY, World};

/// A line on which nothing comes back: each call waits so many seconds in vain.
#[derive(Debug)]
struct DeadLine {
    clock: InProcess,
    seconds: i64,
    sent: bool,
}

impl Transport for DeadLine {
    fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            self.clock.with(|meta| meta.advance(self.seconds));
            Err(TransportError::new(Stage::Deadline, self.sent, "no complete reply"))
        })
    }
}

#[tokio::test]
async fn a_run_on_a_dead_line_ends_after_about_a_minute() {
    for (seconds, sent) in [(30, true), (30, false), (1, true), (0, false), (300, true)] {
        let world = World::new(Config::friendly(), 1);
        let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(31));
        let line = DeadLine { clock: world.meta.clone(), seconds, sent };
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

#[tokio::test]
async fn a_fault_of_meta_is_tried_four_times_and_then_left_to_the_next_run() {
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
async fn what_is_no_passing_fault_is_asked_once() {
    for fault in [
        Fault::Empty { status: 200 },
        Fault::Huge { bytes: 1 << 20 },
        Fault::Empty { status: 404 },
        Fault::Error(MetaError::new(4, "Application request limit reached")),
    ] {
        let world = World::new(Config::friendly(), 1);
        let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(31));
        world.meta.with(|meta| meta.inject(Injection::new(fault.clone()).at(Endpoint::Refresh)));
        let report = world.run(&shop).await;
        assert!(matches!(report.outcome, Outcome::Failed(_)), "{fault:?}: {:?}", report.outcome);
        assert_eq!(world.meta.with(|meta| meta.calls_to(Endpoint::Refresh)), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_revoked_while_it_is_not_due_is_known_to_be_dead_within_a_week() {
    let world = World::new(Config::friendly(), 1);
    let shop = world.account("shop", &Issue::new(Kind::Instagram).username("shop").aged_days(31));
    assert!(matches!(world.run(&shop).await.outcome, Outcome::Refreshed { .. }));
    let token = world.store.token(&shop);
    world.advance(7 * DAY);
    assert_eq!(world.run(&shop).await.outcome, Outcome::Verified);
    assert!(matches!(world.run(&shop).await.outcome, Outcome::Idle(_)), "once a week");

    // A passing fault of that look changes nothing but when the next one is.
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
    assert_eq!(world.meta.with(|meta| meta.calls_to(Endpoint::Refresh)), 1, "looking refreshes nothing");
    assert_eq!(world.store.token(&shop), token);
}

#[tokio::test]
async fn p2_never_lost_is_a_new_token_because_the_look_at_it_fails_on_the_way() {
    let world = World::new(Config::friendly(), 1);
    let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(31));
    world.run(&shop).await;
    world.advance(31 * DAY);
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Empty { status: 500 }).at(Endpoint::Me)));
    let report = world.run(&shop).await;
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
    assert!(world.is_alive(&shop));
}
