//! When are people notified? This file is the whole answer: pure, no clock, no disk, no network.
//!
//! Once on each change: a person is needed, something could not be saved, all is well again. Before an end that nothing
//! averts, again on the days of [`REMINDERS`]. About a failure that is being retried only once it has lasted.

use everlit_meta_api::{Class, DAY, Evidence, Timestamp};

use crate::policy::{EXPIRING, LASTING, LONGEST_LIFE};
use crate::{Alarm, Decision, FailureState, Health, News, Outcome, Report, StoreError, StoreErrorClass};

/// The days before an end that nothing averts on which people are reminded, each once.
pub const REMINDERS: [u32; 6] = [
    21, // the owner of the account may be on holiday for two weeks
    7,  // a week's work is planned by now
    3,  // a weekend may lie before the end
    2,  // from here on daily
    1,  //
    0,  // it has come; whatever uses the token has stopped
];

const _: () =
    assert!(REMINDERS[0] as u64 * 24 * 60 * 60 == EXPIRING.as_secs(), "a token is expiring from the first on");

/// How an account stands after a run, as far as alerts go.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Condition {
    pub(crate) health: Health,
    /// The cause, in a word that stays the same as long as the cause does.
    pub(crate) cause: &'static str,
    /// The cause, in a sentence.
    pub(crate) message: String,
    /// Meta's code and subcode, where it gave them.
    pub(crate) code: Option<(Option<i64>, Option<i64>)>,
    pub(crate) since: Option<Timestamp>,
    /// When the token or its data access ends, unless everlit averts it.
    pub(crate) end: Option<Timestamp>,
}

/// A pending alert and the state to store.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Item {
    pub(crate) news: News,
    pub(crate) since: Option<Timestamp>,
    pub(crate) alarm: Option<Alarm>,
}

/// Decides what to send. A change comes first, then relief, then a reminder; one message covers whatever is due.
/// `told` is the bad news that people have.
pub(crate) fn news(condition: &Condition, told: Option<&Alarm>, now: Timestamp) -> Option<Item> {
    let left = condition.end.map(|end| end.since(now));
    let due = left.and_then(nearest_reminder);
    // An expiry that has moved away again is a new one.
    let reminded = told.and_then(|told| told.reminded).filter(|sent| due.is_some_and(|due| due <= *sent));
    let bad_news = bad_news(condition.health).or_else(|| lasting(condition, told, now));
    // How long it has been out of reach stands there too, so that nobody could wait for it to last.
    let bad_news = bad_news.or_else(|| (condition.cause == UNREACHABLE).then_some(News::NotSaved));
    let bad_news_told = told.and_then(|told| self::bad_news(told.health));
    let is_told = bad_news_told == bad_news && told.is_some_and(|told| told.cause == condition.cause);
    let news = match bad_news {
        Some(bad_news) if !is_told => bad_news,
        None if condition.health.is_well() && told.is_some_and(|told| !told.health.is_well() || due.is_none()) => {
            return Some(Item { news: News::Recovered, since: told.map(|told| told.since), alarm: None });
        }
        _ if due.is_some_and(|due| reminded.is_none_or(|sent| due < sent)) => {
            News::Expiring { days: days(left.unwrap_or_default()) }
        }
        _ => return None,
    };
    let since = told.map(|told| told.since).or(condition.since);
    // A reminder during a retry does not erase what a person was needed for.
    let kept = told.filter(|_| bad_news_told.is_some() && bad_news.is_none());
    let alarm = Alarm {
        health: kept.map_or(condition.health, |told| told.health),
        cause: kept.map_or_else(|| condition.cause.to_owned(), |told| told.cause.clone()),
        since: since.unwrap_or(now),
        at: now,
        reminded: due,
    };
    Some(Item { news, since, alarm: Some(alarm) })
}

/// The news again, for a channel that missed it while another took it. `None` if it is no longer true.
///
/// What is repeated is what somebody would be told who knows nothing yet.
pub(crate) fn repeated(condition: &Condition, told: Option<&Alarm>, now: Timestamp) -> Option<Item> {
    match told {
        None => condition.health.is_well().then_some(Item { news: News::Recovered, since: None, alarm: None }),
        Some(told) => news(condition, None, now).map(|item| Item { since: Some(told.since), ..item }),
    }
}

/// The states that are reported at once.
fn bad_news(health: Health) -> Option<News> {
    match health {
        Health::NotSaved | Health::NotDelivered => Some(News::NotSaved),
        Health::NeedsPerson | Health::Expired | Health::NoToken | Health::Unreadable => Some(News::NeedsPerson),
        Health::Healthy | Health::Due | Health::TooYoung | Health::Retrying | Health::Expiring | Health::Stopped => {
            None
        }
    }
}

/// News of a failure that has been retried for long and was never reported. Near the expiry, a reminder reports it.
fn lasting(condition: &Condition, told: Option<&Alarm>, now: Timestamp) -> Option<News> {
    let since = condition.since.filter(|_| condition.health.is_retrying() && told.is_none())?;
    let is_reminded = condition.end.is_some_and(|end| nearest_reminder(end.since(now)).is_some());
    (!is_reminded && since + LASTING <= now).then_some(News::FailingForLong)
}

/// Only the nearest reminder is sent, however late the first run is.
fn nearest_reminder(left: i64) -> Option<u32> {
    REMINDERS.into_iter().filter(|reminder| left <= i64::from(*reminder) * DAY).min()
}

/// Days that are left, counting one that has begun.
fn days(left: i64) -> u32 {
    u32::try_from(left.max(0).saturating_add(DAY - 1) / DAY).unwrap_or(u32::MAX)
}

impl Condition {
    /// The condition of the account of `report`.
    pub(crate) fn of(report: &Report, now: Timestamp) -> Self {
        let record = report.record.as_ref();
        let failure = record.and_then(|record| record.failure.as_ref());
        let health = match report.health() {
            // Only Meta's word makes it news of its own; the reminders tell of the date.
            Health::Expired if !is_confirmed(failure) => Health::Expiring,
            health => health,
        };
        let (cause, message) = match &report.outcome {
            Outcome::NotSaved { error, .. } => ("not_saved", error.to_string()),
            Outcome::Refused(error) => (code_of(error), error.to_string()),
            Outcome::Internal { message } => ("internal", message.clone()),
            _ if health == Health::NotDelivered => ("not_delivered", undelivered(report, now)),
            outcome => match (failure, outcome) {
                (Some(failure), _) => (failure.cause.code(), with_metas_words(failure)),
                (None, Outcome::Idle(Decision::NeedsPerson { cause })) => (cause.code(), cause.message().to_owned()),
                _ if health == Health::Expiring => {
                    ("expiring", "the token ends before Meta refreshes it; its owner has to connect again".to_owned())
                }
                _ => ("data_access_ends", "Meta's 90 days of data access behind this token are ending".to_owned()),
            },
        };
        let code = failure.and_then(|failure| failure.evidence.as_ref()).map(|said| (said.code, said.subcode));
        let is_locked = matches!(&report.outcome, Outcome::Refused(error) if error.is_locked());
        // A locked account has not been checked since its last check was due.
        let overdue = record.filter(|_| is_locked).and_then(|record| record.next_check_at);
        let since = failure.map(|failure| failure.first_at).or(overdue);
        Self { health, cause, message, code, since, end: end_that_nothing_averts(report, now) }
    }
}

/// Whether Meta has said that the token no longer works.
fn is_confirmed(failure: Option<&FailureState>) -> bool {
    failure.is_some_and(|failure| failure.cause.class() == Class::Reconnect)
}

/// The failure in plain words, and what Meta said: people search for its words.
fn with_metas_words(failure: &FailureState) -> String {
    let quote = failure.evidence.as_ref().and_then(Evidence::quote);
    quote.map_or_else(|| failure.message.clone(), |quote| format!("{} {quote}", failure.message))
}

/// The place that keeps the token did not answer.
const UNREACHABLE: &str = "unreachable";

fn code_of(error: &StoreError) -> &'static str {
    match error.class {
        StoreErrorClass::Missing => "missing",
        StoreErrorClass::NoToken => "no_token",
        StoreErrorClass::Unusable => "unusable",
        StoreErrorClass::NotAToken => "not_a_token",
        StoreErrorClass::Locked => "locked",
        StoreErrorClass::Unreachable => UNREACHABLE,
        StoreErrorClass::NotSaved => "not_saved",
    }
}

fn undelivered(report: &Report, now: Timestamp) -> String {
    let failure = |(target, why): &(String, _)| {
        let ends = report.old_token_ends(target).filter(|end| *end > now);
        let still = ends.map(|end| match days(end.since(now)) {
            1 => "; it still has the old token, which dies within a day".to_owned(),
            left => format!("; it still has the old token, which dies in {left} days"),
        });
        format!("not delivered to {target}: {why}{}", still.unwrap_or_default())
    };
    report.undelivered.iter().map(failure).collect::<Vec<_>>().join("; ")
}

/// When the token or its data access ends, unless everlit averts it. A healthy token is refreshed in time; one that is too
/// young is, if it lives long enough. Data access behind a Facebook token is renewed only by its owner's login.
fn end_that_nothing_averts(report: &Report, now: Timestamp) -> Option<Timestamp> {
    let record = report.record.as_ref()?;
    let expiry = record.ends_by().filter(|end| *end <= now + LONGEST_LIFE);
    let is_averted = match &report.outcome {
        Outcome::TooYoung { until, .. } | Outcome::Idle(Decision::TooYoung { until }) => {
            expiry.is_none_or(|end| *until < end)
        }
        _ => report.health().is_well(),
    };
    let data_access = record.data_access_ends.filter(|end| *end > now);
    expiry.filter(|_| !is_averted).into_iter().chain(data_access).min()
}

#[cfg(test)]
mod tests {
    use everlit_meta_api::{Token, TokenKind};

    use super::*;
    use crate::cause::Cause;
    use crate::record::{AccountName, Expiry, Record};
    use crate::report::Safety;
    use crate::target::{DeliveryError, DeliveryErrorClass};

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn at(days: i64) -> Timestamp {
        Timestamp::from_unix(NOW.as_unix() + days * DAY)
    }

    fn condition(health: Health, cause: &'static str, end: Option<i64>) -> Condition {
        Condition { health, cause, message: String::new(), code: None, since: Some(at(-1)), end: end.map(at) }
    }

    fn failing(days: i64, end: Option<i64>) -> Condition {
        Condition { since: Some(at(-days)), ..condition(Health::Retrying, "a", end) }
    }

    #[allow(clippy::unnecessary_wraps, reason = "so that the table reads as `news` takes it")]
    fn told(health: Health, cause: &str, reminded: Option<u32>) -> Option<Alarm> {
        Some(Alarm { health, cause: cause.to_owned(), since: at(-9), at: at(-8), reminded })
    }

    #[test]
    fn changes_and_due_reminders_are_reported_once() {
        use Health as S;
        use News::{Expiring, FailingForLong, NeedsPerson, NotSaved, Recovered};
        let table = [
            // A change is reported at once.
            (condition(S::NeedsPerson, "a", Some(50)), None, Some(NeedsPerson)),
            (condition(S::NotSaved, "a", Some(50)), None, Some(NotSaved)),
            (condition(S::NeedsPerson, "b", Some(50)), told(S::NeedsPerson, "a", None), Some(NeedsPerson)),
            (condition(S::NotSaved, "a", Some(50)), told(S::NeedsPerson, "a", None), Some(NotSaved)),
            // And only once.
            (condition(S::NeedsPerson, "a", Some(50)), told(S::NeedsPerson, "a", None), None),
            (condition(S::NeedsPerson, "a", None), told(S::NeedsPerson, "a", None), None),
            // A retry is not news, whatever came before.
            (condition(S::Retrying, "a", Some(29)), None, None),
            (condition(S::Retrying, "a", None), told(S::NeedsPerson, "a", None), None),
            // Unless it has lasted and was never reported.
            (failing(2, Some(29)), None, None),
            (failing(3, Some(29)), None, Some(FailingForLong)),
            (failing(3, None), None, Some(FailingForLong)),
            (failing(9, Some(29)), told(S::Retrying, "a", None), None),
            (failing(9, Some(29)), told(S::NeedsPerson, "b", None), None),
            (failing(9, Some(20)), None, Some(Expiring { days: 20 })),
            (condition(S::Healthy, "a", Some(60)), told(S::Retrying, "a", None), Some(Recovered)),
            // Healthy accounts are not news.
            (condition(S::Healthy, "a", None), None, None),
            (condition(S::Healthy, "a", Some(60)), None, None),
            // All is well again.
            (condition(S::Healthy, "a", None), told(S::NeedsPerson, "a", Some(3)), Some(Recovered)),
            (condition(S::Healthy, "a", None), told(S::NotSaved, "a", None), Some(Recovered)),
            (condition(S::Healthy, "a", None), told(S::Retrying, "a", Some(21)), Some(Recovered)),
            // Reminders, each once.
            (condition(S::Retrying, "a", Some(21)), None, Some(Expiring { days: 21 })),
            (condition(S::Retrying, "a", Some(20)), told(S::Retrying, "a", Some(21)), None),
            (condition(S::Retrying, "a", Some(7)), told(S::Retrying, "a", Some(21)), Some(Expiring { days: 7 })),
            (condition(S::NeedsPerson, "a", Some(3)), told(S::NeedsPerson, "a", Some(7)), Some(Expiring { days: 3 })),
            (condition(S::NeedsPerson, "a", Some(2)), told(S::NeedsPerson, "a", Some(3)), Some(Expiring { days: 2 })),
            (condition(S::NeedsPerson, "a", Some(0)), told(S::NeedsPerson, "a", Some(1)), Some(Expiring { days: 0 })),
            (condition(S::NeedsPerson, "a", Some(-90)), told(S::NeedsPerson, "a", Some(0)), None),
            // A late run sends only the nearest one.
            (condition(S::Retrying, "a", Some(5)), None, Some(Expiring { days: 5 })),
            (condition(S::Retrying, "a", Some(-5)), told(S::Retrying, "a", Some(21)), Some(Expiring { days: 0 })),
            // One message covers both.
            (condition(S::NeedsPerson, "a", Some(5)), None, Some(NeedsPerson)),
            (condition(S::NeedsPerson, "a", Some(5)), told(S::NeedsPerson, "a", Some(7)), None),
            // Another token has another expiry.
            (condition(S::NeedsPerson, "a", Some(50)), told(S::NeedsPerson, "a", Some(1)), None),
            (condition(S::NeedsPerson, "a", Some(21)), told(S::NeedsPerson, "a", Some(1)), Some(Expiring { days: 21 })),
            // Data access ends behind a healthy token.
            (condition(S::Healthy, "a", Some(20)), None, Some(Expiring { days: 20 })),
            (condition(S::Healthy, "a", Some(19)), told(S::Healthy, "a", Some(21)), None),
            (condition(S::Healthy, "a", Some(60)), told(S::Healthy, "a", Some(21)), Some(Recovered)),
            (condition(S::Healthy, "a", Some(19)), told(S::NeedsPerson, "a", None), Some(Recovered)),
        ];
        for (condition, told, expected) in table {
            let item = news(&condition, told.as_ref(), NOW);
            assert_eq!(item.as_ref().map(|item| item.news), expected, "{condition:?} {told:?}");
            // What was just reported is not news.
            let Some(alarm) = item.and_then(|item| item.alarm) else { continue };
            assert_eq!(news(&condition, Some(&alarm), NOW), None, "{condition:?} {told:?}");
        }
    }

    #[test]
    fn the_start_of_a_problem_survives_changes_of_its_cause() {
        let first = news(&condition(Health::NeedsPerson, "a", None), None, NOW).unwrap().alarm.unwrap();
        assert_eq!((first.since, first.at), (at(-1), NOW));
        let second = news(&condition(Health::NotSaved, "b", None), Some(&first), at(3)).unwrap().alarm.unwrap();
        assert_eq!((second.since, second.at), (at(-1), at(3)));
        let end = news(&condition(Health::Healthy, "", None), Some(&second), at(5)).unwrap();
        assert_eq!((end.news, end.since, end.alarm), (News::Recovered, Some(at(-1)), None));
    }

    #[test]
    fn a_reminder_during_a_retry_does_not_repeat_the_last_cause() {
        let needs = told(Health::NeedsPerson, "a", None);
        let reminded = news(&condition(Health::Retrying, "b", Some(7)), needs.as_ref(), NOW).unwrap();
        assert_eq!(reminded.news, News::Expiring { days: 7 });
        assert_eq!(news(&condition(Health::NeedsPerson, "a", Some(7)), reminded.alarm.as_ref(), NOW), None);
    }

    fn failure(class: Class) -> FailureState {
        FailureState {
            cause: Cause::Meta(class),
            message: "Meta's words".to_owned(),
            evidence: None,
            attempts: 1,
            first_at: NOW,
            cause_since: NOW,
            last_at: NOW,
            next_attempt_at: NOW,
            reply_lost: false,
            verifying: false,
        }
    }

    /// A report whose record holds the failure, if there is one.
    fn report(outcome: Outcome, expiry: Expiry) -> Report {
        let token = Token::parse(&format!("IGAAfakeFAKE{}", "x".repeat(60))).unwrap();
        let mut record = Record::of_new_token(TokenKind::Instagram, token.fingerprint(), NOW);
        record.expiry = expiry;
        record.failure = match &outcome {
            Outcome::Failed(failure) => Some(failure.clone()),
            Outcome::Idle(Decision::Expired { .. }) => Some(failure(Class::Reconnect)),
            _ => None,
        };
        Report::new(&AccountName::new("shop"), outcome, Some(record), NOW)
    }

    #[test]
    fn each_bad_outcome_has_its_own_cause_and_message() {
        let not_saved = || StoreError::new(StoreErrorClass::NotSaved, "the disk is full");
        let basic = Cause::BasicDisplay;
        let table = [
            (Outcome::NotSaved { error: not_saved(), token: Safety::Candidate }, "not_saved", "the disk is full"),
            (Outcome::Refused(not_saved()), "not_saved", "the disk is full"),
            (Outcome::Internal { message: "a bug".to_owned() }, "internal", "a bug"),
            (Outcome::Failed(failure(Class::Reconnect)), Cause::Meta(Class::Reconnect).code(), "Meta's words"),
            (Outcome::Idle(Decision::Expired { since: NOW }), Cause::Meta(Class::Reconnect).code(), "Meta's words"),
            (Outcome::Idle(Decision::NeedsPerson { cause: basic }), basic.code(), basic.message()),
            (Outcome::Verified, "data_access_ends", "90 days"),
        ];
        for (outcome, cause, message) in table {
            let condition = Condition::of(&report(outcome, Expiry::Unknown), NOW);
            assert!(
                condition.cause == cause && condition.message.contains(message),
                "{condition:?}, not {cause}: {message}"
            );
        }
        let refused = DeliveryError::new(DeliveryErrorClass::CredentialRefused, "no such secret");
        let undelivered = vec![("github".to_owned(), refused)];
        let report = Report { undelivered, ..report(Outcome::Verified, Expiry::Unknown) };
        let condition = Condition::of(&report, NOW);
        assert_eq!(
            (condition.cause, condition.message.as_str()),
            ("not_delivered", "not delivered to github: no such secret")
        );
    }

    #[test]
    fn an_expiry_is_reported_only_if_nothing_averts_it() {
        let failed = || Outcome::Failed(failure(Class::Retry));
        let young = |days| Outcome::TooYoung { until: at(days), probably_refreshed: false };
        let still_young = |days| Outcome::Idle(Decision::TooYoung { until: at(days) });
        let table = [
            (Outcome::Verified, 50, None, None),
            (failed(), 50, None, Some(50)),
            // No token lives that long: the date is wrong.
            (failed(), 100, None, Some(100)),
            (failed(), 101, None, None),
            // Old enough before its expiry, it is refreshed in time.
            (young(1), 2, None, None),
            (young(1), 1, None, Some(1)),
            (still_young(1), 2, None, None),
            (still_young(1), 1, None, Some(1)),
            // A refresh does not renew data access.
            (Outcome::Verified, 50, Some(20), Some(20)),
            (Outcome::Verified, 50, Some(0), None),
            (failed(), 50, Some(20), Some(20)),
            (failed(), 10, Some(20), Some(10)),
        ];
        for (outcome, expiry, data_access, expected) in table {
            let mut report = report(outcome, Expiry::At(at(expiry)));
            report.record.as_mut().unwrap().data_access_ends = data_access.map(at);
            let end = Condition::of(&report, NOW).end;
            assert_eq!(end, expected.map(at), "{:?}, {expiry}, {data_access:?}", report.outcome);
        }
    }

    /// A day that has begun counts, whatever the hour of the run.
    #[test]
    fn a_day_that_has_begun_counts_as_a_day() {
        for (seconds, expected) in [(-1, 0), (0, 0), (1, 1), (DAY, 1), (DAY + 1, 2), (7 * DAY - 3_600, 7)] {
            assert_eq!(days(seconds), expected, "{seconds}");
        }
        assert_eq!(REMINDERS.map(|days| nearest_reminder(i64::from(days) * DAY)), REMINDERS.map(Some));
        assert_eq!(nearest_reminder(21 * DAY + 1), None);
    }

    #[test]
    fn an_alert_repeats_what_meta_said() {
        let evidence =
            Evidence { code: Some(200), message: Some("API access deactivated.".to_owned()), ..Evidence::default() };
        let failed = FailureState { evidence: Some(evidence), ..failure(Class::AppOwner) };
        let condition = Condition::of(&report(Outcome::Failed(failed), Expiry::Unknown), NOW);
        assert_eq!(condition.message, "Meta's words Meta said (code 200): \"API access deactivated.\"");
    }
}
