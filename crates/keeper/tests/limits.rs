//! Meta's limits are those of an app: what one account hears counts for the others, now and at the next run.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::sync::Arc;

use everlit_keeper::{AccountName, Cause, Health, Outcome, Record, Report, Store as _};
use everlit_meta_api::{Class, Timestamp};
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, MetaError, OneOf, State, UsageHeaders};
use support::World;

const LIMITED: Cause = Cause::Meta(Class::BackOff);
const HOUR: i64 = 60 * 60;

fn due(world: &World, kind: Kind, count: usize) -> Vec<AccountName> {
    let account = |name: &str| world.account(name, &Issue::new(kind).username(name).aged_days(31));
    (0..count).map(|number| account(&format!("{kind:?}-{number}"))).collect()
}

/// One account after the other, so that the first is asked alone.
fn one_by_one(config: Config) -> World {
    let mut world = World::new(config, 1);
    world.keeper = world.keeper.clone().with_concurrency(1);
    world
}

fn with_usage(headers: UsageHeaders, percent: u8, minutes: u32) -> World {
    let mut config = Config::friendly();
    config.knobs.usage_headers = OneOf::only(headers);
    (config.knobs.usage_percent, config.knobs.usage_regain_minutes) = (percent, minutes);
    one_by_one(config)
}

fn refuse(world: &World, code: i64) {
    let error = MetaError::new(code, "(#4) Application request limit reached").status(400);
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(error))));
}

fn calls(world: &World) -> u64 {
    world.meta.with(|meta| meta.calls_to(Endpoint::Refresh) + meta.calls_to(Endpoint::Me))
}

fn is_refreshed(report: &Report) -> bool {
    matches!(report.outcome, Outcome::Refreshed { .. })
}

/// In seconds from now.
fn stored_wait(world: &World, account: &AccountName) -> i64 {
    let failure = world.store.record(account).unwrap().failure.unwrap();
    assert_eq!(failure.cause, LIMITED);
    failure.next_attempt_at.as_unix() - world.now()
}

#[tokio::test]
async fn a_meta_that_answers_nobody_is_not_asked_about_everybody() {
    let world = World::new(Config::friendly(), 1);
    let accounts = [due(&world, Kind::Instagram, 100), due(&world, Kind::Threads, 1)].concat();
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Dropped)));
    let reports = world.keeper.refresh_all(&accounts).await;
    let message = |report: &Report| match &report.outcome {
        Outcome::Failed(failure) if failure.cause == Cause::Meta(Class::Retry) => failure.message.clone(),
        outcome => panic!("{outcome:?}"),
    };
    let not_asked =
        |report: &&Report| message(report).starts_with("No call was made: Meta has answered none of the last ");
    let left_out = reports.iter().filter(not_asked).count();
    // Five have failed before, while up to 15 others had begun.
    assert!((80..=95).contains(&left_out), "{left_out}");
    assert!(!not_asked(&&reports[100]), "another platform may answer");
}

#[tokio::test]
async fn one_answer_from_meta_ends_the_silence() {
    let world = one_by_one(Config::friendly());
    let accounts = due(&world, Kind::Instagram, 10);
    // Each of four accounts fails four times, then one is answered.
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Dropped).times(16)));
    let reports = world.keeper.refresh_all(&accounts).await;
    let refreshed: Vec<bool> = reports.iter().map(is_refreshed).collect();
    assert_eq!(refreshed, [[false; 4].as_slice(), &[true; 6]].concat());
}

#[tokio::test]
async fn p6_the_first_limit_of_an_app_stops_its_other_accounts() {
    for code in [4, 17, 32, 341, 613, 80_002] {
        let world = one_by_one(Config::friendly());
        let accounts = due(&world, Kind::Instagram, 5);
        refuse(&world, code);
        let reports = world.keeper.refresh_all(&accounts).await;
        assert_eq!(calls(&world), 1, "code {code}");
        for (report, account) in reports.iter().zip(&accounts) {
            assert_eq!((report.cause(), report.health()), (Some(LIMITED), Health::Retrying), "code {code}");
            assert_eq!(stored_wait(&world, account), HOUR, "code {code}");
        }
        let told = |report: &Report| report.record.as_ref().unwrap().failure.as_ref().unwrap().message.clone();
        let waiting = "the Meta app has used up its calls, as another account heard; Meta was not asked about this one";
        assert_eq!(reports.iter().filter(|report| told(report) == waiting).count(), 4, "code {code}");
    }
}

#[tokio::test]
async fn p6_a_policy_block_of_one_account_stops_no_other() {
    let world = one_by_one(Config::friendly());
    let accounts = due(&world, Kind::Instagram, 3);
    refuse(&world, 368);
    world.keeper.refresh_all(&accounts).await;
    assert_eq!(calls(&world), 3);
}

#[tokio::test]
async fn p4_the_limit_of_one_platform_is_not_that_of_another() {
    let world = one_by_one(Config::friendly());
    let accounts = [due(&world, Kind::Instagram, 2), due(&world, Kind::Threads, 2)].concat();
    let error = MetaError::new(4, "Application request limit reached");
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(error)).times(1)));
    let reports = world.keeper.refresh_all(&accounts).await;
    let refreshed: Vec<bool> = reports.iter().map(is_refreshed).collect();
    assert!(refreshed == [false, false, true, true] || refreshed == [true, true, false, false], "{refreshed:?}");
}

/// After the wait, all are due at once; only one of them finds out whether the limit still holds.
#[tokio::test]
async fn p6_one_account_tries_whether_the_limit_is_over() {
    let mut world = one_by_one(Config::friendly());
    let accounts = due(&world, Kind::Instagram, 8);
    refuse(&world, 4);
    world.keeper.refresh_all(&accounts).await;
    world.keeper = world.keeper.clone().with_concurrency(8);
    world.keeper.refresh_all(&accounts).await;
    assert_eq!(calls(&world), 1, "the stored time holds");

    world.advance(HOUR);
    world.keeper.refresh_all(&accounts).await;
    assert_eq!(calls(&world), 2, "the limit holds");

    world.meta.with(everlit_sandbox::Meta::clear_injections);
    world.advance(2 * HOUR);
    let reports = world.keeper.refresh_all(&accounts).await;
    assert!(reports.iter().all(is_refreshed), "the limit is over: {reports:?}");
}

#[tokio::test]
async fn p6_at_95_percent_of_any_figure_the_app_is_left_alone() {
    let cases = [
        (UsageHeaders::Facebook, 95, 0, Some(HOUR)),
        (UsageHeaders::Instagram, 95, 0, Some(HOUR)),
        (UsageHeaders::Business, 96, 25, Some(25 * 60)),
        (UsageHeaders::Instagram, 94, 0, None),
        (UsageHeaders::Malformed, 99, 0, None),
    ];
    for (headers, percent, minutes, wait) in cases {
        let world = with_usage(headers, percent, minutes);
        let accounts = due(&world, Kind::Instagram, 4);
        let reports = world.keeper.refresh_all(&accounts).await;
        let refreshed = reports.iter().filter(|report| is_refreshed(report)).count();
        assert_eq!(refreshed, if wait.is_some() { 1 } else { 4 }, "{headers:?} at {percent}");
        for (account, _) in accounts.iter().zip(&reports).filter(|(_, report)| !is_refreshed(report)) {
            assert_eq!(Some(stored_wait(&world, account)), wait, "{headers:?} at {percent}");
        }
    }
}

/// The clock is virtual: only rests move it.
#[tokio::test]
async fn p6_at_75_percent_a_run_halves_its_pace() {
    for (percent, rests) in [(74, 0), (75, 3), (94, 3)] {
        let world = with_usage(UsageHeaders::Instagram, percent, 0);
        let accounts = due(&world, Kind::Instagram, 4);
        let began = world.now();
        let reports = world.keeper.refresh_all(&accounts).await;
        assert!(reports.iter().all(is_refreshed), "{reports:?}");
        assert_eq!(world.now() - began, rests, "at {percent} %");
    }
}

/// What Meta has said about a token is not forgotten over a limit.
#[tokio::test]
async fn a_refusal_outlasts_the_wait_for_the_app() {
    let world = one_by_one(Config::friendly());
    let accounts = due(&world, Kind::Instagram, 2);
    let checkpoint = MetaError::new(190, "The user is enrolled in a checkpoint").subcode(459);
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(checkpoint))));
    world.keeper.refresh_all(&accounts).await;
    let before = world.store.record(&accounts[1]).unwrap().failure.unwrap();
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    refuse(&world, 4);
    world.advance(26 * HOUR);
    world.keeper.refresh_all(&accounts).await;
    let kept: Vec<_> = accounts.iter().map(|it| world.store.record(it).unwrap().failure.unwrap()).collect();
    let waits = kept.iter().find(|failure| failure.cause == before.cause).unwrap();
    assert_eq!(waits.evidence, before.evidence);
    assert_eq!(waits.next_attempt_at.as_unix() - world.now(), HOUR);
}

#[tokio::test]
async fn p6_the_limit_of_one_app_stops_no_other() {
    let world = one_by_one(Config::friendly());
    let accounts = due(&world, Kind::Instagram, 3);
    for (account, app) in accounts.iter().zip(["agency", "agency", "platform"]) {
        let token = world.store.token(account);
        let record = Record::of_new_token(token.kind(), token.fingerprint(), Timestamp::from_unix(world.now()));
        world.store.put_record(account, Record { app: Some(app.to_owned()), ..record });
    }
    refuse(&world, 4);
    assert!(!is_refreshed(&world.keeper.refresh(&accounts[0]).await));
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    assert!(is_refreshed(&world.keeper.refresh(&accounts[2]).await), "the other app has calls left");
    let asked = calls(&world);
    assert!(!is_refreshed(&world.keeper.refresh(&accounts[1]).await));
    assert_eq!(calls(&world), asked, "Meta was not asked about an account of the app that has none");
    assert_eq!(stored_wait(&world, &accounts[1]), HOUR);
}

/// A service works on these accounts, if they are due.
async fn serve(world: &World, accounts: &[AccountName]) -> Vec<Report> {
    let mut reports = Vec::new();
    for account in accounts {
        // The lease moves into a task of its own, which outlives every borrow.
        let (store, name) = (Box::leak(Box::new(Arc::clone(&world.store))), Box::leak(Box::new(account.clone())));
        let lease = store.lease(name, Timestamp::from_unix(world.now())).await.unwrap();
        reports.push(world.keeper.refresh_claimed(account, lease).await);
    }
    Arc::new(world.keeper.clone()).recognize_incidents(&mut reports).await;
    reports
}

#[tokio::test]
async fn p6_an_incident_stops_its_app_until_meta_accepts_one() {
    const HALF_AN_HOUR: i64 = HOUR / 2;
    let world = World::new(Config::friendly(), 1);
    let accounts = [due(&world, Kind::Instagram, 50), due(&world, Kind::Threads, 1)].concat();
    assert!(serve(&world, &accounts).await.iter().all(is_refreshed));
    world.advance(31 * 24 * HOUR);
    refuse(&world, 190);
    let before = calls(&world);
    let calls = |world: &World| calls(world) - before;
    serve(&world, &accounts[..50]).await;
    // The refresh, and /me.
    assert_eq!(calls(&world), 20 * 2);
    for waiting in &accounts[20..50] {
        assert!((600..=1_200).contains(&stored_wait(&world, waiting)));
    }

    world.advance(HALF_AN_HOUR);
    let reports = serve(&world, &accounts[..50]).await;
    assert_eq!(calls(&world), 21 * 2, "one asks whether it is over");
    let is_kept = |report: &Report| report.health() == Health::Retrying || report.cause() == Some(Cause::Incident);
    assert!(reports.iter().all(is_kept), "no token is called dead: {reports:?}");

    world.meta.with(everlit_sandbox::Meta::clear_injections);
    let reports = serve(&world, &accounts).await;
    let refreshed: Vec<_> =
        reports.iter().filter(|report| is_refreshed(report)).map(|report| &report.account).collect();
    assert_eq!(refreshed, [&accounts[50]], "another platform");
    world.advance(HALF_AN_HOUR);
    let reports = serve(&world, &accounts[..50]).await;
    assert!(reports.iter().all(is_refreshed), "the first that Meta accepts lets all go on: {reports:?}");
}

#[tokio::test]
async fn p4_an_import_of_dead_tokens_holds_up_nobody() {
    let world = World::new(Config::friendly(), 1);
    let dead = |number| {
        let name = format!("old-{number}");
        let issue = Issue::new(Kind::Instagram).username(&name).aged_days(31).state(State::PasswordChanged);
        world.account(&name, &issue)
    };
    let imported: Vec<_> = (0..50).map(dead).collect();
    assert!(!serve(&world, &imported).await.iter().any(is_refreshed));
    let reports = serve(&world, &due(&world, Kind::Instagram, 1)).await;
    assert!(is_refreshed(&reports[0]), "{reports:?}");
}
