//! When a token is refreshed, case by case.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may panic, and its numbers are small")]

use std::time::Duration;

use everlit_keeper::{Cause, Decision, Expiry, FailureState, Policy, Record, Why, decide, next_check};
use everlit_meta_api::{Class, Evidence, Timestamp, Token, TokenKind};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

fn record(kind: TokenKind) -> Record {
    let token = Token::parse(&format!("IGAAfakeFAKE{}", "x".repeat(60))).unwrap();
    Record::of_new_token(kind, token.fingerprint(), NOW)
}

fn expiring(days: f64) -> Record {
    let expiry = Expiry::At(Timestamp::from_unix(NOW.as_unix() + (days * 86_400.0) as i64));
    Record { expiry, last_verified_at: Some(NOW), ..record(TokenKind::Instagram) }
}

fn failing(days: f64, cause: Cause, next_attempt_in: i64) -> Record {
    let failure = FailureState {
        cause,
        message: "it failed".to_owned(),
        evidence: None,
        attempts: 3,
        first_at: NOW - Duration::from_secs(DAY),
        cause_since: NOW - Duration::from_secs(DAY),
        last_at: NOW - Duration::from_secs(HOUR),
        next_attempt_at: Timestamp::from_unix(NOW.as_unix() + next_attempt_in),
        reply_lost: false,
        verifying: false,
    };
    Record { failure: Some(failure), ..expiring(days) }
}

/// Meta has said that the token was invalidated.
fn dead(days: f64) -> Record {
    let mut record = failing(days, Cause::Meta(Class::Reconnect), -1);
    let evidence = Evidence { code: Some(190), subcode: Some(467), ..Evidence::default() };
    record.failure.as_mut().unwrap().evidence = Some(evidence);
    record
}

fn at(seconds_from_now: u64) -> Timestamp {
    NOW + Duration::from_secs(seconds_from_now)
}

fn due(why: Why) -> Decision {
    Decision::Due { why }
}

fn decided(record: &Record) -> Decision {
    decide(record, NOW, &Policy::default())
}

#[test]
fn a_token_is_due_once_fewer_than_thirty_days_are_left() {
    assert_eq!(decided(&expiring(30.001)), Decision::NotDue { until: at(86) });
    assert_eq!(decided(&expiring(30.0)), due(Why::NearExpiry));
    assert_eq!(decided(&expiring(0.1)), due(Why::NearExpiry));
    assert_eq!(decided(&expiring(60.0)), Decision::NotDue { until: at(30 * DAY) });
}

#[test]
fn the_threshold_can_be_changed() {
    let policy = Policy { threshold: Duration::from_secs(50 * DAY), ..Policy::default() };
    assert_eq!(decide(&expiring(49.0), NOW, &policy), due(Why::NearExpiry));
    assert_eq!(decide(&expiring(51.0), NOW, &policy), Decision::NotDue { until: at(DAY) });
}

#[test]
fn a_token_without_a_record_is_due_at_once() {
    assert_eq!(decided(&record(TokenKind::Instagram)), due(Why::UnknownExpiry));
}

#[test]
fn a_recorded_expiry_that_has_passed_is_checked_with_meta() {
    assert_eq!(decided(&expiring(-1.0)), due(Why::PastExpiry));
    assert_eq!(decided(&expiring(0.0)), due(Why::PastExpiry));
    assert_eq!(decided(&dead(-1.0)), Decision::Expired { since: NOW - Duration::from_secs(DAY) });
}

#[test]
fn an_implausible_date_never_hides_a_refresh() {
    assert_eq!(decided(&expiring(100.0)), Decision::NotDue { until: at(70 * DAY) });
    assert_eq!(decided(&expiring(101.0)), due(Why::UnknownExpiry));
    assert_eq!(decided(&expiring(11_000.0)), due(Why::UnknownExpiry));
    let issued_in_the_future = Record { issued_at: Some(at(400 * DAY)), ..expiring(10.0) };
    assert_eq!(decided(&issued_in_the_future), due(Why::UnknownExpiry));
    let written_by_a_clock_that_was_ahead = Record { issued_at: Some(at(31 * DAY)), ..expiring(91.0) };
    assert_eq!(decided(&written_by_a_clock_that_was_ahead), due(Why::UnknownExpiry));
    let written_by_another_machines_clock = Record { issued_at: Some(at(HOUR)), ..expiring(60.0) };
    assert!(matches!(decided(&written_by_another_machines_clock), Decision::NotDue { .. }));
    let verified_in_the_future = Record { last_verified_at: Some(at(31 * DAY)), ..expiring(50.0) };
    assert_eq!(decided(&verified_in_the_future), due(Why::VerificationDue));
    let wait_written_by_a_wrong_clock = failing(10.0, Cause::Meta(Class::Retry), (400 * DAY).cast_signed());
    assert_eq!(decided(&wait_written_by_a_wrong_clock), due(Why::NearExpiry));
}

#[test]
fn a_token_under_a_day_old_is_left_alone_even_when_forced() {
    let fresh = Record { issued_at: Some(NOW - Duration::from_secs(DAY)), ..expiring(10.0) };
    let until = at(600);
    assert_eq!(decided(&fresh), Decision::TooYoung { until });
    assert_eq!(decide(&fresh, NOW, &Policy { force: true, ..Policy::default() }), Decision::TooYoung { until });
    let ripe = Record { issued_at: Some(NOW - Duration::from_secs(DAY + 600)), ..expiring(10.0) };
    assert_eq!(decided(&ripe), due(Why::NearExpiry));
    let issued_now = Record { issued_at: Some(NOW), ..expiring(10.0) };
    assert_eq!(decided(&issued_now), Decision::TooYoung { until: at(DAY + 600) });
    for until in [at(HOUR), at(25 * HOUR)] {
        let told_by_meta = Record { too_young_until: Some(until), ..record(TokenKind::Instagram) };
        assert_eq!(decided(&told_by_meta), Decision::TooYoung { until });
    }
}

#[test]
fn after_a_failure_the_stored_wait_is_kept() {
    for class in [Class::Retry, Class::BackOff, Class::Unknown] {
        let cause = Cause::Meta(class);
        for wait in [HOUR, 25 * HOUR] {
            assert_eq!(decided(&failing(20.0, cause, wait.cast_signed())), Decision::BackedOff { until: at(wait) });
        }
        assert_eq!(decided(&failing(20.0, cause, 0)), due(Why::NearExpiry));
        assert_eq!(decided(&failing(40.0, cause, -1)), Decision::NotDue { until: at(10 * DAY) });
    }
}

#[test]
fn a_dead_token_is_never_asked_about_again() {
    let cause = Cause::Meta(Class::Reconnect);
    assert_eq!(decided(&dead(20.0)), Decision::NeedsPerson { cause });
    assert_eq!(decided(&dead(50.0)), Decision::NeedsPerson { cause });
    assert_eq!(
        decided(&record(TokenKind::InstagramBasicDisplay)),
        Decision::NeedsPerson { cause: Cause::BasicDisplay }
    );
}

#[test]
fn what_everlit_concluded_by_itself_is_asked_again() {
    for cause in [Cause::ShortLived, Cause::CannotExtend, Cause::DataAccessEnded] {
        for left in [-20.0, 20.0, 50.0] {
            assert_eq!(decided(&failing(left, cause, HOUR.cast_signed())), Decision::NeedsPerson { cause });
            assert_eq!(decided(&failing(left, cause, -1)), due(Why::MaybeResolved));
        }
    }
}

#[test]
fn a_refusal_without_a_reason_is_final_after_a_week() {
    let cause = Cause::Meta(Class::Reconnect);
    let refused = |subcode, days_ago: u64, left| {
        let evidence = Evidence { code: Some(190), subcode, ..Evidence::default() };
        let mut record = failing(left, cause, -1);
        let failure = record.failure.as_mut().unwrap();
        (failure.evidence, failure.cause_since) = (Some(evidence), NOW - Duration::from_secs(days_ago * DAY));
        record
    };
    assert_eq!(decided(&refused(None, 6, 20.0)), due(Why::MaybeResolved));
    assert_eq!(decided(&refused(None, 7, 20.0)), Decision::NeedsPerson { cause });
    assert_eq!(decided(&refused(Some(460), 6, 20.0)), Decision::NeedsPerson { cause });
    assert_eq!(decided(&refused(None, 6, 0.0)), Decision::Expired { since: NOW });
}

#[test]
fn what_a_person_may_have_fixed_is_retried_with_backoff() {
    for class in [Class::AccountOwner, Class::AppOwner, Class::Config] {
        let cause = Cause::Meta(class);
        assert_eq!(decided(&failing(20.0, cause, HOUR.cast_signed())), Decision::NeedsPerson { cause });
        assert_eq!(decided(&failing(20.0, cause, -1)), due(Why::MaybeResolved));
    }
}

#[test]
fn force_ignores_dates_waits_and_refusals() {
    let force = Policy { force: true, ..Policy::default() };
    for record in [
        expiring(55.0),
        failing(20.0, Cause::Meta(Class::Retry), HOUR.cast_signed()),
        failing(20.0, Cause::Meta(Class::Reconnect), HOUR.cast_signed()),
    ] {
        assert_eq!(decide(&record, NOW, &force), due(Why::Forced));
    }
}

#[test]
fn a_token_without_expiry_is_verified_weekly() {
    let never = Record { expiry: Expiry::Never, ..record(TokenKind::Facebook) };
    assert_eq!(decided(&never), due(Why::VerificationDue));
    let verified = Record { last_verified_at: Some(NOW - Duration::from_secs(DAY)), ..never.clone() };
    assert_eq!(decided(&verified), Decision::NotDue { until: at(6 * DAY) });
    let ends_soon = Record { data_access_ends: Some(at(2 * DAY)), ..verified.clone() };
    assert_eq!(decided(&ends_soon), Decision::NotDue { until: at(2 * DAY) });
    let has_ended = Record { data_access_ends: Some(NOW), ..verified };
    assert_eq!(decided(&has_ended), Decision::NotDue { until: at(6 * DAY) }, "it has been verified since");
    let verified_in_the_future = Record { last_verified_at: Some(at(DAY)), ..never };
    assert_eq!(decided(&verified_in_the_future), due(Why::VerificationDue));
}

#[test]
fn a_token_that_is_not_due_is_verified_weekly() {
    let verified =
        |days_ago: u64| Record { last_verified_at: Some(NOW - Duration::from_secs(days_ago * DAY)), ..expiring(50.0) };
    assert_eq!(decided(&verified(6)), Decision::NotDue { until: at(20 * DAY) });
    assert_eq!(decided(&verified(7)), due(Why::VerificationDue));
    let daily = Policy { verify_every: Duration::from_secs(DAY), ..Policy::default() };
    assert_eq!(decide(&verified(1), NOW, &daily), due(Why::VerificationDue));
    let near = Record { last_verified_at: verified(7).last_verified_at, ..expiring(29.0) };
    assert_eq!(decided(&near), due(Why::NearExpiry), "a refresh verifies as well");
}

#[test]
fn a_token_that_was_never_verified_is_due_for_it() {
    let issued_an_hour_ago = Some(NOW - Duration::from_secs(HOUR));
    for issued_at in [None, issued_an_hour_ago] {
        let adopted = Record { last_verified_at: None, issued_at, ..expiring(50.0) };
        assert_eq!(decided(&adopted), due(Why::VerificationDue));
    }
}

prop_compose! {
    fn any_record()(
        expiry in prop_oneof![Just(None), (-200_000_000_i64..400_000_000).prop_map(Some)],
        issued in proptest::option::of(-20_000_000_i64..20_000_000),
        young in proptest::option::of(-200_000_i64..20_000_000),
        verified in proptest::option::of(-20_000_000_i64..20_000_000),
        failure in proptest::option::of((0_usize..7, -200_000_i64..20_000_000)),
    ) -> Record {
        let instant = |seconds: i64| Timestamp::from_unix(NOW.as_unix() + seconds);
        let classes = [Class::Retry, Class::BackOff, Class::Reconnect, Class::AccountOwner, Class::AppOwner, Class::Config, Class::Unknown];
        let base = match failure {
            Some((class, next)) => failing(0.0, Cause::Meta(classes[class]), next),
            None => record(TokenKind::Instagram),
        };
        Record {
            expiry: expiry.map_or(Expiry::Unknown, |seconds| Expiry::At(instant(seconds))),
            issued_at: issued.map(instant),
            too_young_until: young.map(instant),
            last_verified_at: verified.map(instant),
            ..base
        }
    }
}

proptest! {
    /// Whatever the record says, a living token is checked again: at once, or before anything can be lost.
    #[test]
    fn every_wait_ends_in_plausible_time(record in any_record()) {
        match decided(&record) {
            Decision::NotDue { until } => prop_assert!(until > NOW && until <= at(100 * DAY)),
            Decision::TooYoung { until } | Decision::BackedOff { until } => prop_assert!(until > NOW && until <= at(25 * HOUR)),
            Decision::Due { .. } => {}
            Decision::NeedsPerson { .. } | Decision::Expired { .. } => prop_assert!(record.failure.is_some()),
        }
    }

    /// A store that goes by the next check misses no due token, and checks each one at least every hundred days.
    #[test]
    fn a_token_is_checked_no_later_than_it_is_due(record in any_record(), seconds in 0_u64..100 * DAY) {
        let next = next_check(&record, NOW, &Policy::default());
        prop_assert!(next >= NOW && next <= at(100 * DAY));
        if at(seconds) < next {
            let decision = decide(&record, at(seconds), &Policy::default());
            prop_assert!(!matches!(decision, Decision::Due { .. }), "{decision:?} before {next:?}");
        }
    }

    /// Once a wait has passed, the decision changes: nothing waits for ever.
    #[test]
    fn after_the_wait_the_decision_changes(record in any_record()) {
        if let Decision::NotDue { until } | Decision::TooYoung { until } | Decision::BackedOff { until } = decided(&record) {
            let later = decide(&record, until, &Policy::default());
            let moved_on = match later {
                Decision::NotDue { until: next } | Decision::TooYoung { until: next } | Decision::BackedOff { until: next } => next > until,
                Decision::Due { .. } | Decision::NeedsPerson { .. } | Decision::Expired { .. } => true,
            };
            prop_assert!(moved_on);
        }
    }
}
