//! Any token, record and candidate that can be.

use std::time::Duration;

use everlit_keeper::{
    Alarm, AlertState, Candidate, Cause, Delivery, DeliveryError, DeliveryErrorClass, Event, EventKind, Expiry,
    FailureState, Health, Origin, Record, Undelivered,
};
use everlit_meta_api::{AccountId, Evidence, Timestamp, Token};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// A token of one of the kinds that Meta still issues.
fn any_token() -> impl Strategy<Value = Token> {
    "(IGAA|THAA|EAA)fake[A-Za-z0-9_.|-]{43,300}"
        .prop_filter_map("looks like something else", |text| Token::parse(&text).ok())
}

/// Any record of that token.
pub fn any_record(token: Token) -> impl Strategy<Value = Record> {
    let whose = (option::of(any_account()), option::of(any::<String>()));
    let times = (any_expiry(), option::of(any_time()), option::of(any_time()), any_time());
    let more_times = (option::of(any_time()), option::of(any_time()), option::of(any_time()));
    let clock_behind = option::of(any::<i64>());
    let rest = (option::of(any_failure()), vec(any_delivery(), 0..4), vec(any_event(), 0..=50));
    (whose, times, more_times, clock_behind, rest).prop_map(move |(whose, times, more_times, clock_behind, rest)| {
        Record {
            fingerprint: token.fingerprint(),
            kind: token.kind(),
            app: None,
            account: whose.0,
            username: whose.1,
            expiry: times.0,
            data_access_ends: times.1,
            issued_at: times.2,
            first_seen: times.3,
            last_verified_at: more_times.0,
            too_young_until: more_times.1,
            next_check_at: more_times.2,
            clock_behind,
            failure: rest.0,
            deliveries: rest.1,
            events: rest.2,
        }
    })
}

/// Any alert state.
pub fn any_alert_state() -> impl Strategy<Value = AlertState> {
    let alarm = (any_health(), any::<String>(), any_time(), any_time(), option::of(any::<u32>()))
        .prop_map(|(health, cause, since, at, reminded)| Alarm { health, cause, since, at, reminded });
    let undelivered = (any::<String>(), any::<String>(), any_time()).prop_map(|(channel, message, at)| Undelivered {
        channel,
        message,
        at,
    });
    (option::of(alarm), vec(undelivered, 0..3)).prop_map(|(alarm, undelivered)| AlertState { alarm, undelivered })
}

/// Any candidate, for any token.
pub fn any_candidate() -> impl Strategy<Value = Candidate> {
    let origin = prop_oneof![Just(Origin::Refresh), Just(Origin::Person)];
    (any_token(), any_token(), any_time(), any_expiry(), option::of(any_account()), origin).prop_map(
        |(token, old, received_at, expiry, account, origin)| Candidate {
            token,
            replaces: old.fingerprint(),
            received_at,
            expiry,
            account,
            origin,
        },
    )
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    // Years 1 to 9998.
    (-62_000_000_000_i64..253_000_000_000).prop_map(Timestamp::from_unix)
}

fn any_expiry() -> impl Strategy<Value = Expiry> {
    prop_oneof![
        any_time().prop_map(Expiry::At),
        any_time().prop_map(Expiry::Assumed),
        Just(Expiry::Never),
        Just(Expiry::Unknown),
    ]
}

fn any_account() -> impl Strategy<Value = AccountId> {
    "[0-9]{1,32}".prop_map(|digits| AccountId::parse(&digits).unwrap())
}

fn any_failure() -> impl Strategy<Value = FailureState> {
    let times = (any_time(), any_time(), any_time(), any_time());
    (any_cause(), any::<String>(), option::of(any_evidence()), any::<u32>(), times, any::<(bool, bool)>()).prop_map(
        |(cause, message, evidence, attempts, times, (reply_lost, verifying))| FailureState {
            cause,
            message,
            // Evidence of nothing is no evidence.
            evidence: evidence.filter(|evidence| *evidence != Evidence::default()),
            attempts,
            first_at: times.0,
            cause_since: times.1,
            last_at: times.2,
            next_attempt_at: times.3,
            reply_lost,
            verifying,
        },
    )
}

fn any_cause() -> impl Strategy<Value = Cause> {
    proptest::sample::select(Cause::ALL.to_vec())
}

fn any_evidence() -> impl Strategy<Value = Evidence> {
    let text = || option::of(any::<String>());
    let numbers = (option::of(any::<u16>()), option::of(any::<i64>()), option::of(any::<i64>()));
    let wait = option::of((0_u64..1 << 40).prop_map(Duration::from_secs));
    let ids = (text(), text());
    (numbers, text(), text(), text(), text(), ids, option::of(any::<bool>()), wait).prop_map(
        |(numbers, kind, message, user_title, user_message, ids, is_transient, retry_after)| Evidence {
            http_status: numbers.0,
            code: numbers.1,
            subcode: numbers.2,
            kind,
            message,
            user_title,
            user_message,
            trace_id: ids.0,
            is_transient,
            retry_after,
            support_ids: ids.1,
        },
    )
}

fn any_delivery() -> impl Strategy<Value = Delivery> {
    let class = proptest::sample::select(DeliveryErrorClass::ALL.to_vec());
    let wait = option::of((0..1_000_000_u64).prop_map(Duration::from_secs));
    let failure = (class, wait, option::of(any::<u16>()), any::<String>()).prop_map(
        |(class, retry_after, http_status, message)| DeliveryError {
            retry_after,
            http_status,
            ..DeliveryError::new(class, message)
        },
    );
    let times = proptest::array::uniform5(option::of(any_time()));
    (any::<String>(), option::of(any_token()), times, option::of(failure), any::<u32>()).prop_map(
        |(target, delivered, times, failure, attempts)| {
            let [delivered_at, verified_at, delivered_ends_at, credential_ends_at, not_before] = times;
            let delivered = delivered.map(|token| token.fingerprint());
            Delivery {
                target,
                place: None,
                delivered,
                delivered_at,
                verified_at,
                delivered_ends_at,
                credential_ends_at,
                failure,
                attempts,
                not_before,
            }
        },
    )
}

fn any_health() -> impl Strategy<Value = Health> {
    proptest::sample::select(vec![Health::Healthy, Health::Retrying, Health::NotSaved, Health::NeedsPerson])
}

fn any_event() -> impl Strategy<Value = Event> {
    let what = proptest::sample::select(vec![
        EventKind::Adopted,
        EventKind::Connected,
        EventKind::Verified,
        EventKind::Refreshed,
        EventKind::Recovered,
        EventKind::Failed,
        EventKind::Refused,
        EventKind::Delivered,
        EventKind::NotDelivered,
    ]);
    (any_time(), what, any::<String>()).prop_map(|(at, what, detail)| Event { at, what, detail })
}
