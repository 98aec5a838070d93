//! The client of `everlit-meta-api` against the state machine, without a socket.

use std::sync::Arc;

use everlit_meta_api::{Class, Client, Error, Secret, Stage, Token};
use everlit_sandbox::{Config, Endpoint, Fault, InProcess, Injection, Issue, Kind, Meta, State};

use crate::{DAY, NOW};

fn connected(config: Config, seed: u64) -> (InProcess, Client) {
    let transport = InProcess::new(Meta::new(config.clock_at(NOW), seed));
    let client = Client::new(Arc::new(transport.clone()));
    (transport, client)
}

/// Polls once: the in-process transport never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("an in-process call never waits"),
    }
}

#[test]
fn a_client_refreshes_and_checks_a_token() {
    let (meta, client) = connected(Config::friendly(), 1);
    let issue = Issue::new(Kind::Instagram).user_id("30927608773521030").aged_days(31);
    let token = Token::parse(&meta.with(|meta| meta.issue(&issue))).unwrap();
    let new = now(client.refresh(&token)).unwrap().value.token;
    assert_ne!(new.expose(), token.expose());
    let me = now(client.me(&new)).unwrap().value;
    assert!(format!("{me:?}").contains("30927608773521030"), "{me:?}");
    assert!(meta.with(|meta| meta.violations().len() == 0));
}

#[test]
fn lost_and_late_responses_are_errors_after_sending() {
    let (meta, client) = connected(Config::friendly(), 1);
    let token = Token::parse(&meta.with(|meta| meta.issue(&Issue::new(Kind::Instagram).aged_days(31)))).unwrap();
    let table = [
        (Fault::Dropped, Stage::Headers, 0),
        (Fault::LostReply, Stage::Headers, 1),
        (Fault::Truncated, Stage::Body, 1),
        (Fault::Slow { millis: 1 }, Stage::Deadline, 1),
        (Fault::Drip { millis: 1 }, Stage::Deadline, 1),
    ];
    for (fault, stage, issued) in table {
        let before = meta.with(|meta| {
            meta.inject(Injection::new(fault.clone()).times(1));
            meta.tokens().count()
        });
        match now(client.refresh(&token)) {
            Err(Error::Transport(error)) => assert_eq!((error.stage, error.sent), (stage, true), "{fault:?}"),
            other => panic!("{fault:?} gave {other:?}"),
        }
        assert_eq!(meta.with(|meta| meta.tokens().count()), before + issued, "{fault:?}");
    }
}

#[test]
fn a_huge_response_is_an_error_and_not_read_to_the_end() {
    let (meta, client) = connected(Config::friendly(), 1);
    let token = Token::parse(&meta.with(|meta| meta.issue(&Issue::new(Kind::Instagram).aged_days(31)))).unwrap();
    meta.with(|meta| meta.inject(Injection::new(Fault::Huge { bytes: 1 << 40 })));
    assert!(now(client.refresh(&token)).is_err());
}

#[test]
fn every_call_of_the_client_reaches_its_endpoint() {
    let (meta, client) = connected(Config::friendly(), 1);
    let app = |number: u8| everlit_meta_api::App {
        id: format!("100000000000000{number}"),
        secret: Secret::new(format!("fa4e5a4db0c50000000000000000000{number}")),
    };
    let issue = |issue: Issue| Token::parse(&meta.with(|meta| meta.issue(&issue))).unwrap();
    let facebook = client.clone().with_app(app(2));
    let user = issue(Issue::new(Kind::FacebookUser).short());
    let long = now(facebook.fb_exchange(&user)).unwrap().value.token;
    let pages = now(facebook.page_tokens(&long)).unwrap().value;
    assert_eq!(pages.len(), 1);
    now(facebook.me(&long)).unwrap();
    now(facebook.debug_token(&long)).unwrap();
    now(facebook.refresh_system_user(&issue(Issue::new(Kind::SystemUser).aged_days(9).ttl(60 * DAY)))).unwrap();

    let threads = client.clone().with_app(app(3));
    let short = issue(Issue::new(Kind::Threads).short());
    let long = now(threads.exchange(&short)).unwrap().value.token;
    now(threads.debug_token(&long)).unwrap();
    now(threads.me(&long)).unwrap();
    let instagram = client.with_app(app(1));
    let dashboard = issue(Issue::new(Kind::Instagram));
    assert!(matches!(now(instagram.exchange(&dashboard)), Err(Error::AlreadyLongLived(_))));
    assert_eq!(meta.with(|meta| meta.calls_to(Endpoint::Unknown)), 0);
    assert_eq!(meta.with(|meta| meta.violations().cloned().collect::<Vec<_>>()), []);
}

/// The simplest client that could work: once a token is 30 days old it tries every six hours, and keeps the new
/// token unless `/me` rejects it for good.
#[test]
fn fifty_tokens_stay_valid_for_ten_unfriendly_years() {
    let (meta, client) = connected(Config::default(), 5);
    let mut tokens: Vec<(Token, i64)> = (0..50)
        .map(|number| {
            let issue = Issue::new(Kind::Instagram).username(&format!("shop_{number}")).aged_days(number);
            (Token::parse(&meta.with(|meta| meta.issue(&issue))).unwrap(), NOW - number * DAY)
        })
        .collect();
    for _ in 0..4 * 3650 {
        let today = meta.with(|meta| {
            meta.advance(DAY / 4);
            meta.now
        });
        for (token, renewed_at) in &mut tokens {
            if today - *renewed_at > 30 * DAY
                && let Ok(reply) = now(client.refresh(token))
                && now(client.me(&reply.value.token)).map_or_else(|error| error.class() != Class::Reconnect, |_| true)
            {
                (*token, *renewed_at) = (reply.value.token, today);
            }
        }
    }
    meta.with(|meta| {
        for (token, _) in &tokens {
            assert_eq!(meta.token(token.expose()).unwrap().state_at(meta.now), State::Live);
        }
        assert!(meta.calls_to(Endpoint::Refresh) > 50 * 115);
        assert!(
            meta.outcomes().any(|(outcome, count)| outcome == "lost_reply" && count > 20),
            "there were lost replies"
        );
        assert_eq!(meta.violations().len(), 0, "{:?}", meta.violations().next());
    });
}
