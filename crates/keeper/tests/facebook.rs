//! Facebook tokens: one prefix, three kinds with their own rules, told apart by Meta.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::{Cause, Clock, Decision, Expiry, Health, Keeper, Outcome, Policy, next_check};
use everlit_meta_api::{App, Class, Client, DAY, Secret};
use everlit_sandbox::{Config, Endpoint, Fault, FbReexchange, Injection, Issue, Kind, MetaError, Product, State};
use everlit_testkit::Shifted;
use support::World;

/// A world with the app's id and secret.
fn world(config: Config) -> World {
    let mut world = World::new(config, 7);
    world.keeper = Keeper::new(client(&world), world.store.clone(), world.clock.clone(), 7);
    world
}

fn client(world: &World) -> Client {
    let app = world.meta.with(|meta| {
        let app = meta.app(Product::Facebook).unwrap();
        App { id: app.id.clone(), secret: Secret::new(app.secret.clone()) }
    });
    Client::new(Arc::new(world.meta.clone())).with_app(app)
}

fn exchanges(world: &World) -> u64 {
    world.meta.with(|meta| meta.calls_to(Endpoint::FacebookExchange) + meta.calls_to(Endpoint::SystemUserRefresh))
}

#[tokio::test]
async fn a_system_user_token_is_refreshed_for_sixty_days() {
    let world = world(Config::friendly());
    let account = world.account("crm", &Issue::new(Kind::SystemUser).aged_days(40).ttl(60 * DAY));
    let before = world.store.token(&account);
    let report = world.run(&account).await;
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
    assert_ne!(world.store.token(&account), before);
    let left = report.record.unwrap().expiry.instant().unwrap().as_unix() - world.now();
    assert!(left > 59 * DAY, "{left}");
}

#[tokio::test]
async fn a_page_token_that_never_expires_is_verified_only() {
    let world = world(Config::friendly());
    let account = world.account("page", &Issue::new(Kind::FacebookPage).ttl(0));
    let report = world.run(&account).await;
    assert_eq!(report.outcome, Outcome::Verified);
    let record = report.record.unwrap();
    assert_eq!(record.expiry, Expiry::Never);
    assert!(record.data_access_ends.is_some());
    assert!(matches!(world.run(&account).await.outcome, Outcome::Idle(Decision::NotDue { .. })));
    assert_eq!(exchanges(&world), 0);
}

#[tokio::test]
async fn a_person_is_needed_when_data_access_ends() {
    let world = world(Config::friendly());
    let account = world.account("page", &Issue::new(Kind::FacebookPage).ttl(0));
    for _ in 0..100 {
        world.run(&account).await;
        world.advance(DAY);
    }
    let report = world.run(&account).await;
    assert_eq!((report.cause(), report.health()), (Some(Cause::DataAccessEnded), Health::NeedsPerson));
}

/// For one run, the clock was so far ahead that Meta's 90 days seemed to be over.
#[tokio::test]
async fn a_clock_that_was_ahead_ends_no_data_access() {
    let world = world(Config::friendly());
    let account = world.account("page", &Issue::new(Kind::FacebookPage).ttl(0));
    let ahead = Arc::new(Shifted { clock: world.clock.clone(), by_seconds: 100 * DAY });
    let report = Keeper::new(client(&world), world.store.clone(), ahead, 1).refresh(&account).await;
    assert_eq!(report.cause(), Some(Cause::DataAccessEnded));
    world.advance(DAY);
    assert_eq!(world.run(&account).await.outcome, Outcome::Verified);
}

#[tokio::test]
async fn a_token_that_meta_does_not_extend_is_tried_daily() {
    let mut config = Config::friendly();
    config.knobs.fb_reexchange = FbReexchange::CountsDown;
    let world = world(config);
    let account = world.account("me", &Issue::new(Kind::FacebookUser).aged_days(40));
    let before = world.store.token(&account);
    match world.run(&account).await.outcome {
        Outcome::Failed(failure) => assert_eq!(failure.cause, Cause::CannotExtend),
        other => panic!("{other:?}"),
    }
    for _ in 0..5 {
        world.advance(DAY / 2);
        let cause = Cause::CannotExtend;
        assert_eq!(world.run(&account).await.outcome, Outcome::Idle(Decision::NeedsPerson { cause }));
        world.advance(DAY / 2);
        assert_eq!(world.run(&account).await.cause(), Some(cause));
    }
    assert_eq!(exchanges(&world), 6);
    assert_eq!(world.store.token(&account), before, "a token that lives no longer replaces nothing");
}

#[tokio::test]
async fn a_user_token_that_meta_does_extend_is_saved() {
    let mut config = Config::friendly();
    config.knobs.fb_reexchange = FbReexchange::Extends;
    let world = world(config);
    let account = world.account("me", &Issue::new(Kind::FacebookUser).aged_days(40));
    let report = world.run(&account).await;
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
}

/// A login cures neither.
#[tokio::test]
async fn what_meta_says_of_the_app_is_told_as_that() {
    for (code, message, class, word) in [
        (200, "API access deactivated.", Class::AppOwner, "deactivated"),
        (2635, "You are calling a deprecated version of the Ads API", Class::Config, "API version"),
        (1, "Error validating client secret.", Class::Config, "app secret"),
        (190, "Invalid OAuth access token.", Class::Config, "id and secret"),
        (190, "Cannot parse access token", Class::Config, "id and secret"),
    ] {
        let world = world(Config::friendly());
        let account = world.account("me", &Issue::new(Kind::FacebookUser).aged_days(40));
        let error = Fault::Error(MetaError::new(code, message));
        world.meta.with(|meta| meta.inject(Injection::new(error).at(Endpoint::DebugToken)));
        let Outcome::Failed(failure) = world.run(&account).await.outcome else { panic!("{code}") };
        assert_eq!(failure.cause, Cause::Meta(class), "{code}");
        assert!(failure.message.contains(word), "{code}: {}", failure.message);
        assert_eq!(failure.blames_app(), word.contains("secret"), "{code}: {message}");
    }
}

/// The exchange reply does not say how long the token lives, and `debug_token` is down: the next run measures.
#[tokio::test]
async fn a_life_that_no_reply_names_is_measured_later() {
    let mut config = Config::friendly();
    config.knobs.fb_reexchange = FbReexchange::Extends;
    let world = world(config);
    let account = world.account("me", &Issue::new(Kind::FacebookUser).aged_days(40));
    let before = world.store.token(&account);
    let silent = Fault::Alter { field: "expires_in".to_owned(), value: serde_json::Value::Null };
    world.meta.with(|meta| meta.inject(Injection::new(silent).at(Endpoint::FacebookExchange)));
    world.store.fail_at(&[support::SaveStep::Promote]);
    world.run(&account).await;
    world.store.fail_at(&[]);
    world.meta.with(|meta| {
        meta.inject(Injection::new(Fault::Error(MetaError::new(2, "Down"))).at(Endpoint::DebugToken).times(4));
    });
    let report = world.run(&account).await;
    assert_eq!(report.record.unwrap().expiry, Expiry::Unknown, "never \"never\" by silence");
    assert_ne!(world.store.token(&account), before);
    let left = world.run(&account).await.record.unwrap().expiry.instant().unwrap().as_unix() - world.now();
    assert!(left > 59 * DAY, "{left}");
}

/// The minimum age of 24 hours is a rule of Instagram and Threads; a lost reply of an exchange leaves the old token as it was.
#[tokio::test]
async fn a_refused_exchange_is_never_called_too_young() {
    let world = world(Config::friendly());
    let account = world.account("me", &Issue::new(Kind::FacebookUser).aged_days(40));
    world.meta.with(|meta| {
        meta.inject(Injection::new(Fault::LostReply).at(Endpoint::FacebookExchange).times(1));
        meta.inject(Injection::new(Fault::Error(MetaError::new(190, "Not now"))).at(Endpoint::FacebookExchange));
    });
    let report = world.run(&account).await;
    assert!(!report.health().is_well(), "{:?}", report.outcome);
    let Outcome::Failed(failure) = report.outcome else { panic!("{:?}", report.outcome) };
    assert_eq!(failure.cause, Cause::Meta(Class::Unknown));
}

#[tokio::test]
async fn a_facebook_token_that_is_not_due_is_verified_only() {
    let world = world(Config::friendly());
    let account = world.account("me", &Issue::new(Kind::FacebookUser).aged_days(5));
    assert_eq!(world.run(&account).await.outcome, Outcome::Verified);
    assert!(matches!(world.run(&account).await.outcome, Outcome::Idle(Decision::NotDue { .. })));
    assert_eq!(exchanges(&world), 0);
}

/// The refusal concerns the app, not the token that is asked about.
#[tokio::test]
async fn a_refused_debug_token_call_is_a_config_error_of_the_app() {
    let down = MetaError::new(2, "Service temporarily unavailable").status(503).transient(true);
    let table = [
        (Fault::Error(MetaError::new(190, "Invalid OAuth access token")), Class::Config),
        (Fault::Error(MetaError::new(4, "Application request limit reached")), Class::BackOff),
        (Fault::Error(down), Class::Retry),
        (Fault::Dropped, Class::Retry),
    ];
    for (fault, class) in table {
        let world = world(Config::friendly());
        let account = world.account("me", &Issue::new(Kind::FacebookUser).aged_days(40));
        world.meta.with(|meta| meta.inject(Injection::new(fault.clone()).at(Endpoint::DebugToken)));
        match world.run(&account).await.outcome {
            Outcome::Failed(failure) => {
                assert_eq!(failure.cause, Cause::Meta(class), "{fault:?}");
                let of_app = failure.message.contains("the app's id and secret");
                assert_eq!(of_app, class == Class::Config, "{}", failure.message);
            }
            other => panic!("{fault:?}: {other:?}"),
        }
        assert_eq!(exchanges(&world), 0);
    }
}

#[tokio::test]
async fn without_app_credentials_meta_is_not_asked() {
    let world = World::new(Config::friendly(), 7);
    let account = world.account("me", &Issue::new(Kind::FacebookUser).aged_days(40));
    match world.run(&account).await.outcome {
        Outcome::Failed(failure) => {
            assert_eq!(failure.cause, Cause::Meta(Class::Config));
            assert!(failure.message.contains("app"), "{}", failure.message);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.meta.with(|meta| meta.log().len()), 0);
}

/// A token at a checkpoint works again once its owner has been there.
#[tokio::test]
async fn a_checkpoint_in_debug_token_is_not_a_dead_token() {
    let world = world(Config::friendly());
    let account = world.account("page", &Issue::new(Kind::FacebookPage).username("page").ttl(0));
    world.meta.with(|meta| meta.set_state("page", State::Checkpoint));
    let Outcome::Failed(failure) = world.run(&account).await.outcome else { panic!("it failed") };
    assert_eq!(failure.cause, Cause::Meta(Class::AccountOwner));
    world.meta.with(|meta| meta.set_state("page", State::Live));
    world.advance(2 * DAY);
    assert_eq!(world.run(&account).await.outcome, Outcome::Verified, "it is asked again");
}

#[tokio::test]
async fn one_word_of_debug_token_without_a_reason_ends_nothing() {
    let world = world(Config::friendly());
    let account = world.account("page", &Issue::new(Kind::FacebookPage).ttl(0));
    let word = Fault::Alter { field: "is_valid".to_owned(), value: false.into() };
    world.meta.with(|meta| meta.inject(Injection::new(word).at(Endpoint::DebugToken).times(1)));
    let Outcome::Failed(failure) = world.run(&account).await.outcome else { panic!("it failed") };
    assert_eq!(failure.cause, Cause::Meta(Class::Unknown));
    world.advance(2 * DAY);
    assert_eq!(world.run(&account).await.outcome, Outcome::Verified, "it is asked again");
}

#[tokio::test]
async fn a_token_due_before_the_threshold_is_exchanged_at_once() {
    let policy = Policy { spread: Duration::from_secs(10 * 86_400), ..Policy::default() };
    let world = world(Config::friendly());
    let keeper = Keeper::new(client(&world), world.store.clone(), world.clock.clone(), 7).with_policy(policy);
    let mut early = 0;
    for number in 0..12 {
        let account = world.account(&format!("crm {number}"), &Issue::new(Kind::SystemUser).aged_days(2).ttl(60 * DAY));
        let (outcome, left) = loop {
            let outcome = keeper.refresh(&account).await.outcome;
            let record = world.store.record(&account).unwrap();
            match outcome {
                Outcome::Verified => {
                    let wait = next_check(&record, world.clock.now(), &policy).as_unix() - world.now();
                    assert!(wait > 0, "due again at once");
                    world.advance(wait);
                }
                Outcome::Refreshed { before, .. } => break (outcome, before.left(world.clock.now()).unwrap()),
                other => panic!("{other:?}"),
            }
        };
        assert!(left <= Duration::from_secs(40 * 86_400), "{outcome:?}");
        early += u32::from(left > policy.threshold);
    }
    assert!((2..=10).contains(&early), "{early} of 12 were due before the threshold");
}
