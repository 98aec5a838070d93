//! What must not be believed at once: a refusal without a reason, which may be a blip, an incident or a dead token; a clock.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::{AccountName, Cause, Deadlines, Health, Keeper, Outcome, Report};
use everlit_meta_api::{Class, Client, DAY};
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, MetaError};
use everlit_testkit::Shifted;
use support::{Disk, World};

const DEAD: Cause = Cause::Meta(Class::Reconnect);

/// This many accounts that are due.
fn accounts(world: &World, count: usize) -> Vec<AccountName> {
    let issue = |name: &str| Issue::new(Kind::Instagram).username(name).aged_days(31);
    (0..count).map(|number| format!("shop-{number}")).map(|name| world.account(&name, &issue(&name))).collect()
}

/// Meta refuses these accounts as it refused good tokens in May 2026.
fn refuse(world: &World, accounts: &[AccountName]) {
    let error = MetaError::new(100, "Unsupported get request. Object does not exist").subcode(33);
    for account in accounts {
        let order = Injection::new(Fault::Error(error.clone())).for_account(account.as_str());
        world.meta.with(|meta| meta.inject(order));
    }
}

/// Runs on two days; returns the cause of each account on the second.
async fn on_the_second_day(world: &World, accounts: &[AccountName]) -> Vec<Option<Cause>> {
    for report in world.keeper.refresh_all(accounts).await {
        assert_ne!(report.health(), Health::NeedsPerson, "one refusal decides nothing: {report:?}");
    }
    world.advance(DAY);
    world.keeper.refresh_all(accounts).await.iter().map(cause).collect()
}

fn cause(report: &Report) -> Option<Cause> {
    match &report.outcome {
        Outcome::Failed(failure) => Some(failure.cause),
        _ => None,
    }
}

fn calls(world: &World) -> u64 {
    world.meta.with(|meta| meta.calls_to(Endpoint::Refresh) + meta.calls_to(Endpoint::Me))
}

#[tokio::test]
async fn many_equal_refusals_are_an_incident_and_few_are_not() {
    for (all, refused, verdict) in
        [(1, 1, DEAD), (2, 2, DEAD), (8, 3, DEAD), (3, 3, Cause::Incident), (8, 4, Cause::Incident)]
    {
        let world = World::new(Config::friendly(), 1);
        let accounts = accounts(&world, all);
        refuse(&world, &accounts[..refused]);
        let causes = on_the_second_day(&world, &accounts).await;
        let expected: Vec<_> = (0..all).map(|number| (number < refused).then_some(verdict)).collect();
        assert_eq!(causes, expected, "{refused} of {all}");
    }
}

/// Its permission lasts for 90 days after the login, however often the token is refreshed.
#[tokio::test]
async fn a_private_threads_profile_is_connected_again_after_90_days() {
    let world = World::new(Config::friendly(), 1);
    let account = world.account("knots", &Issue::new(Kind::Threads).private().aged_days(31));
    while world.now() < everlit_testkit::START + 58 * DAY {
        assert!(world.run(&account).await.health().is_well());
        world.advance(DAY);
    }
    world.advance(10 * DAY);
    assert_eq!(on_the_second_day(&world, &[account]).await, [Some(DEAD)]);
}

#[tokio::test]
async fn p4_a_record_that_never_loads_does_not_block_the_others() {
    let mut world = World::new(Config::friendly(), 1);
    let accounts = accounts(&world, 4);
    refuse(&world, &accounts[..3]);
    on_the_second_day(&world, &accounts[..3]).await;
    world.store.hang_at(&accounts[3], Disk::Load);
    world.advance(DAY);
    let deadlines = Deadlines { load: Duration::from_millis(100), ..Deadlines::default() };
    world.keeper = world.keeper.clone().with_deadlines(deadlines);
    world.keeper.refresh_all(&accounts).await;
    for account in &accounts[..3] {
        let failure = world.store.record(account).unwrap().failure.unwrap();
        assert_eq!((failure.cause, failure.last_at.as_unix()), (Cause::Incident, world.now()), "{account}");
    }
    world.store.answer_again();
}

/// Twenty people do not change their passwords in one hour. Nor does Facebook take a permission from twenty accounts one
/// by one.
#[tokio::test]
async fn many_definite_refusals_in_one_run_are_an_incident() {
    let invalidated = MetaError::new(190, "The session has been invalidated").subcode(467);
    let no_permission = MetaError::new(10, "Application does not have permission for this action");
    let no_capability = MetaError::new(3, "Application does not have the capability to make this API call");
    for error in [invalidated, no_permission, no_capability] {
        let world = World::new(Config::friendly(), 1);
        let accounts = accounts(&world, 20);
        world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(error.clone()))));
        let reports = world.keeper.refresh_all(&accounts).await;
        assert_eq!(reports.iter().map(cause).collect::<Vec<_>>(), [Some(Cause::Incident); 20], "{error:?}");
        let saved = |account| world.store.record(account).unwrap().failure.unwrap().cause;
        assert!(accounts.iter().all(|account| saved(account) == Cause::Incident), "{error:?}");

        world.meta.with(everlit_sandbox::Meta::clear_injections);
        world.advance(DAY);
        let reports = world.keeper.refresh_all(&accounts).await;
        assert!(reports.iter().all(|report| matches!(report.outcome, Outcome::Refreshed { .. })), "{reports:?}");
    }
}

/// An app that its owners have really lost is not an incident for ever.
#[tokio::test]
async fn definite_refusals_are_believed_after_a_week() {
    let world = World::new(Config::friendly(), 1);
    let accounts = accounts(&world, 5);
    let invalidated = MetaError::new(190, "The session has been invalidated").subcode(467);
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(invalidated))));
    for _ in 0..7 {
        let reports = world.keeper.refresh_all(&accounts).await;
        assert_eq!(reports.iter().map(cause).collect::<Vec<_>>(), [Some(Cause::Incident); 5]);
        world.advance(DAY);
    }
    let reports = world.keeper.refresh_all(&accounts).await;
    assert_eq!(reports.iter().map(cause).collect::<Vec<_>>(), [Some(DEAD); 5]);
}

/// The run that saw it was killed before it had compared the accounts.
#[tokio::test]
async fn an_incident_is_recognized_by_the_next_run_too() {
    let world = World::new(Config::friendly(), 1);
    let accounts = accounts(&world, 5);
    let invalidated = MetaError::new(190, "The session has been invalidated").subcode(467);
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(invalidated))));
    for account in &accounts {
        assert_eq!(cause(&world.run(account).await), Some(DEAD));
    }
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    world.advance(DAY);
    world.keeper.refresh_all(&accounts).await;
    world.advance(DAY);
    let reports = world.keeper.refresh_all(&accounts).await;
    assert!(reports.iter().all(|report| matches!(report.outcome, Outcome::Refreshed { .. })), "{reports:?}");
}

/// A laptop that was closed for three months: no incident, but tokens that have expired.
#[tokio::test]
async fn tokens_that_have_all_expired_are_no_incident() {
    for (is_known, health) in [(true, Health::Expired), (false, Health::NeedsPerson)] {
        let world = World::new(Config::friendly(), 1);
        let accounts = accounts(&world, 5);
        if is_known {
            world.keeper.refresh_all(&accounts).await;
        }
        world.advance(90 * DAY);
        for report in world.keeper.refresh_all(&accounts).await {
            assert_eq!((cause(&report), report.health()), (Some(DEAD), health));
        }
    }
}

/// Offline for days, then one refusal: the week of doubt begins with the refusal.
#[tokio::test]
async fn p6_the_week_of_doubt_begins_with_the_first_refusal() {
    let world = World::new(Config::friendly(), 1);
    let accounts = accounts(&world, 1);
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Empty { status: 500 })));
    for _ in 0..8 {
        world.run(&accounts[0]).await;
        world.advance(DAY);
    }
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    refuse(&world, &accounts);
    assert_eq!(on_the_second_day(&world, &accounts).await, [Some(DEAD)]);
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    world.advance(5 * DAY);
    let report = world.run(&accounts[0]).await;
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
}

/// In October 2022 it passed by itself.
#[tokio::test]
async fn a_code_100_that_is_not_known_needs_a_second_opinion() {
    let world = World::new(Config::friendly(), 1);
    let shop = world.account("shop", &Issue::new(Kind::Instagram).username("shop").aged_days(31));
    assert!(matches!(world.run(&shop).await.outcome, Outcome::Refreshed { .. }));
    world.advance(40 * DAY);
    let refusal = MetaError::new(100, "(#100) Param fields must be a list");
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(refusal)).at(Endpoint::Refresh)));
    let cause = async || world.run(&shop).await.record.unwrap().failure.map(|failure| failure.cause);
    assert_eq!(cause().await, Some(Cause::Meta(Class::Unknown)));
    world.advance(DAY);
    assert_eq!(cause().await, Some(Cause::Meta(Class::Config)));
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    world.advance(DAY);
    assert_eq!(cause().await, None, "it is asked again");
}

#[tokio::test]
async fn an_app_switched_off_is_blamed_on_any_endpoint() {
    for endpoint in [Endpoint::Refresh, Endpoint::Me] {
        let world = World::new(Config::friendly(), 1);
        let shop = world.account("shop", &Issue::new(Kind::Instagram).username("shop").aged_days(31));
        assert!(matches!(world.run(&shop).await.outcome, Outcome::Refreshed { .. }));
        world.advance(40 * DAY);
        let vague = MetaError::new(190, "Invalid OAuth access token");
        let off = MetaError::new(200, "API access deactivated. To reactivate, go to the app dashboard.").status(200);
        world.meta.with(|meta| {
            meta.inject(Injection::new(Fault::Error(off)).at(endpoint));
            if endpoint == Endpoint::Me {
                meta.inject(Injection::new(Fault::Error(vague)).at(Endpoint::Refresh));
            }
        });
        let failure = world.run(&shop).await.record.unwrap().failure.unwrap();
        assert_eq!(failure.cause, Cause::Meta(Class::AppOwner), "{endpoint:?}");
        assert!(failure.evidence.unwrap().message.unwrap().contains("deactivated"), "{endpoint:?}");
    }
}

#[tokio::test]
async fn an_app_without_access_is_blamed_after_a_day() {
    let world = World::new(Config::friendly(), 1);
    let accounts = accounts(&world, 1);
    let error = MetaError::new(100, "Unsupported request - method type: get").kind("IGApiException");
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(error)).at(Endpoint::Refresh)));
    for expected in [Class::Unknown, Class::Unknown, Class::AppOwner, Class::AppOwner] {
        assert_eq!(cause(&world.run(&accounts[0]).await), Some(Cause::Meta(expected)));
        world.advance(DAY / 2);
    }
}

/// Another product has its own failures.
#[tokio::test]
async fn accounts_of_another_kind_do_not_hide_an_incident() {
    let world = World::new(Config::friendly(), 1);
    let mut accounts = accounts(&world, 3);
    refuse(&world, &accounts);
    accounts.extend(
        (0..9).map(|number| world.account(&format!("thread-{number}"), &Issue::new(Kind::Threads).aged_days(31))),
    );
    let causes = on_the_second_day(&world, &accounts).await;
    assert_eq!(causes[..3], [Some(Cause::Incident); 3]);
    assert_eq!(causes[3..], [None; 9]);
}

#[tokio::test]
async fn an_incident_is_reported_at_once_and_ends_by_itself() {
    let world = World::new(Config::friendly(), 1);
    let accounts = accounts(&world, 5);
    refuse(&world, &accounts);
    on_the_second_day(&world, &accounts).await;
    for _ in 0..20 {
        world.advance(DAY);
        let reports = world.keeper.refresh_all(&accounts).await;
        assert!(reports.iter().all(|report| report.health() == Health::NeedsPerson), "{reports:?}");
    }
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    world.advance(DAY);
    let reports = world.keeper.refresh_all(&accounts).await;
    assert!(reports.iter().all(|report| matches!(report.outcome, Outcome::Refreshed { .. })), "{reports:?}");
}

#[tokio::test]
async fn after_an_incident_a_token_that_stays_refused_is_dead() {
    let world = World::new(Config::friendly(), 1);
    let accounts = accounts(&world, 5);
    refuse(&world, &accounts);
    assert_eq!(on_the_second_day(&world, &accounts).await, [Some(Cause::Incident); 5]);
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    refuse(&world, &accounts[..1]);
    world.advance(DAY);
    world.keeper.refresh_all(&accounts).await;
    world.advance(DAY);
    let reports = world.keeper.refresh_all(&accounts).await;
    assert_eq!(cause(&reports[0]), Some(DEAD));
}

#[tokio::test]
async fn a_refusal_without_a_reason_can_be_taken_back() {
    let world = World::new(Config::friendly(), 1);
    let accounts = accounts(&world, 1);
    refuse(&world, &accounts);
    assert_eq!(on_the_second_day(&world, &accounts).await, [Some(DEAD)]);
    world.advance(2 * DAY);
    world.meta.with(everlit_sandbox::Meta::clear_injections);
    let report = world.run(&accounts[0]).await;
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{:?}", report.outcome);
    assert!(world.is_alive(&accounts[0]));
}

/// The token may have one day left: it is refreshed and not taken for too young.
#[tokio::test]
async fn one_undecided_refusal_does_not_prevent_a_refresh() {
    for (code, message) in [(190, "Error validating access token"), (100, "Unsupported get request")] {
        let world = World::new(Config::friendly(), 1);
        let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(59));
        let blip = Injection::new(Fault::Error(MetaError::new(code, message))).at(Endpoint::Me).times(1);
        world.meta.with(|meta| meta.inject(blip));
        let report = world.run(&shop).await;
        assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{code}: {:?}", report.outcome);
    }
}

/// Wrong on the day of a refresh and right on all others.
#[tokio::test]
async fn a_clock_that_was_ahead_for_a_day_costs_no_token() {
    for days in [31, 40, 59, 75] {
        let world = World::new(Config::friendly(), 1);
        let shop = world.account("shop", &Issue::new(Kind::Instagram).aged_days(31));
        let wrong = Arc::new(Shifted { clock: world.clock.clone(), by_seconds: days * DAY });
        let client = Client::new(Arc::new(world.meta.clone()));
        let report = Keeper::new(client, world.store.clone(), wrong, 1).refresh(&shop).await;
        assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{days}: {:?}", report.outcome);
        for day in 0..130 {
            world.advance(DAY);
            world.run(&shop).await;
            assert!(world.is_alive(&shop), "{days} days ahead: dead on day {day}");
        }
    }
}

#[tokio::test]
async fn p6_a_token_refused_without_reason_is_asked_about_for_a_week() {
    let world = World::new(Config::friendly(), 1);
    let accounts = accounts(&world, 1);
    refuse(&world, &accounts);
    on_the_second_day(&world, &accounts).await;
    let after_the_verdict = calls(&world);
    for _ in 0..7 {
        world.advance(DAY);
        world.run(&accounts[0]).await;
    }
    let after_a_week = calls(&world);
    assert!((1..=14).contains(&(after_a_week - after_the_verdict)), "{} calls", after_a_week - after_the_verdict);
    for _ in 0..30 {
        world.advance(DAY);
        let health = world.run(&accounts[0]).await.health();
        assert!(matches!(health, Health::NeedsPerson | Health::Expired), "{health:?}");
    }
    assert_eq!(calls(&world), after_a_week);
}

#[tokio::test]
async fn p6_a_token_refused_with_a_reason_is_not_asked_about_again() {
    let world = World::new(Config::friendly(), 1);
    let accounts = accounts(&world, 5);
    for account in &accounts[..2] {
        let changed = MetaError::new(190, "The session has been invalidated because the user changed the password");
        let order = Injection::new(Fault::Error(changed.subcode(460))).for_account(account.as_str());
        world.meta.with(|meta| meta.inject(order));
    }
    let reports = world.keeper.refresh_all(&accounts).await;
    assert_eq!(reports.iter().map(cause).collect::<Vec<_>>(), [Some(DEAD), Some(DEAD), None, None, None]);
    let after_the_verdict = calls(&world);
    world.advance(DAY);
    world.keeper.refresh_all(&accounts).await;
    assert_eq!(calls(&world), after_the_verdict);
}
