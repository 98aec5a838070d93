//! When is somebody told? This file is the whole answer: pure, no clock, no disk, no network.
//!
//! On a change, and once: a person is needed, something could not be saved, all is well again. Before an end that
//! nothing averts, again on the days of [`REMINDERS`]. Of a failure that is being retried, never.

use everlit_meta_api::Timestamp;

use crate::decide::Decision;
use crate::notify::News;
use crate::policy::LONGEST_LIFE;
use crate::record::Standing;
use crate::report::{Outcome, Report};
use crate::store::StoreError;

/// The days before an end that nothing averts on which somebody is reminded, each once.
pub const REMINDERS: [u32; 6] = [
    21, // the owner of the account may be on holiday for two weeks
    7,  // a week's work is planned by now
    3,  // a weekend may lie before the end
    2,  // from here on daily
    1,  //
    0,  // it has come; what uses the token stands still
];

const DAY: i64 = 24 * 60 * 60;

/// What somebody was last told about one account; it outlives records, tokens and runs.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Told {
    /// The bad news that somebody has; `None` when the last word was that all is well.
    pub alarm: Option<Alarm>,
    /// Channels that the last message did not reach.
    pub unsent: Vec<Unsent>,
}

/// Bad news that somebody has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Alarm {
    /// How the account stood.
    pub standing: Standing,
    /// Why, in a word for programs.
    pub cause: String,
    /// Since when it has been bad.
    pub since: Timestamp,
    /// When somebody was told.
    pub at: Timestamp,
    /// The last one of [`REMINDERS`] that has been given, or was overtaken by other news.
    pub reminded: Option<u32>,
}

/// A message that did not reach a channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unsent {
    /// The channel's name in the settings.
    pub channel: String,
    /// Why, in words without secrets.
    pub words: String,
    /// When it was tried.
    pub at: Timestamp,
}

/// How an account stands after a run, as far as telling somebody goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Plight {
    pub(crate) standing: Standing,
    /// Why, in a word that is the same for as long as the cause is.
    pub(crate) cause: &'static str,
    /// Why, in a sentence.
    pub(crate) words: String,
    /// Meta's code and subcode, where it gave them.
    pub(crate) code: Option<(Option<i64>, Option<i64>)>,
    pub(crate) since: Option<Timestamp>,
    /// When the token, or what it may see, ends, unless everlit averts it.
    pub(crate) end: Option<Timestamp>,
}

/// What there is to tell, and what is then remembered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Item {
    pub(crate) news: News,
    pub(crate) since: Option<Timestamp>,
    pub(crate) alarm: Option<Alarm>,
}

/// Decides. A change comes first, then relief, then a reminder; one message covers whatever is due.
pub(crate) fn news(plight: &Plight, told: Option<&Alarm>, now: Timestamp) -> Option<Item> {
    let left = plight.end.map(|end| end.since(now));
    let due = left.and_then(nearest_reminder);
    // An end that has moved away again is a new one.
    let reminded = told.and_then(|told| told.reminded).filter(|given| due.is_some_and(|due| due <= *given));
    let is_told = told.is_some_and(|told| told.standing == plight.standing && told.cause == plight.cause);
    let is_alarmed = told.is_some_and(|told| told.standing.is_alarming());
    let news = if plight.standing.is_alarming() && !is_told {
        if plight.standing == Standing::NotSaved { News::NotSaved } else { News::NeedsPerson }
    } else if plight.standing == Standing::Well && (is_alarmed || told.is_some() && due.is_none()) {
        return Some(Item { news: News::WellAgain, since: told.map(|told| told.since), alarm: None });
    } else if due.is_some_and(|due| reminded.is_none_or(|given| due < given)) {
        News::Expiring { days: days(left.unwrap_or_default()) }
    } else {
        return None;
    };
    let since = told.map(|told| told.since).or(plight.since);
    // A reminder while a retry goes on does not make anybody forget what a person was needed for.
    let kept = told.filter(|_| is_alarmed && !plight.standing.is_alarming());
    let alarm = Alarm {
        standing: kept.map_or(plight.standing, |told| told.standing),
        cause: kept.map_or_else(|| plight.cause.to_owned(), |told| told.cause.clone()),
        since: since.unwrap_or(now),
        at: now,
        reminded: due,
    };
    Some(Item { news, since, alarm: Some(alarm) })
}

/// Whoever comes late gets the nearest one only.
fn nearest_reminder(left: i64) -> Option<u32> {
    REMINDERS.into_iter().filter(|reminder| left <= i64::from(*reminder) * DAY).min()
}

/// Days that are left, one that has begun included.
fn days(left: i64) -> u32 {
    u32::try_from(left.max(0).saturating_add(DAY - 1) / DAY).unwrap_or(u32::MAX)
}

impl Plight {
    /// How the account of `report` stands.
    pub(crate) fn of(report: &Report, now: Timestamp) -> Self {
        let record = report.record.as_ref();
        let trouble = record.and_then(|record| record.trouble.as_ref());
        let standing = report.standing();
        let (cause, words) = match &report.outcome {
            Outcome::NotSaved { error, .. } => ("not-saved", error.to_string()),
            Outcome::Refused(error) => (code_of(error), error.to_string()),
            Outcome::Internal { words } => ("internal", words.clone()),
            _ if standing == Standing::NotSaved => ("not-delivered", undelivered(report)),
            outcome => match (trouble, outcome) {
                (Some(trouble), _) => (trouble.cause.code(), trouble.words.clone()),
                (None, Outcome::Idle(Decision::NeedsPerson { cause })) => (cause.code(), cause.words().to_owned()),
                _ => ("data-access-ends", "Meta's 90 days of data access behind this token are ending".to_owned()),
            },
        };
        let code = trouble.and_then(|trouble| trouble.evidence.as_ref()).map(|said| (said.code, said.subcode));
        let since = trouble.map(|trouble| trouble.first_at);
        Self { standing, cause, words, code, since, end: end_that_nothing_averts(report, now) }
    }
}

fn code_of(error: &StoreError) -> &'static str {
    match error {
        StoreError::Missing { .. } => "missing",
        StoreError::Unusable { .. } => "unusable",
        StoreError::NotAToken { .. } => "not-a-token",
        StoreError::Locked { .. } => "locked",
        StoreError::NotSaved { .. } => "not-saved",
    }
}

fn undelivered(report: &Report) -> String {
    let failures: Vec<String> =
        report.undelivered.iter().map(|(target, why)| format!("not delivered to {target}: {why}")).collect();
    failures.join("; ")
}

/// A token that is well and not due is refreshed in time; one that is too young is, if it lives long enough. The days of
/// data access behind a Facebook token are renewed by its owner's login alone.
fn end_that_nothing_averts(report: &Report, now: Timestamp) -> Option<Timestamp> {
    let record = report.record.as_ref()?;
    let expiry = record.expiry.instant().filter(|end| *end <= now + LONGEST_LIFE);
    let is_averted = match &report.outcome {
        Outcome::TooYoung { until, .. } | Outcome::Idle(Decision::TooYoung { until }) => {
            expiry.is_none_or(|end| *until < end)
        }
        _ => report.standing() == Standing::Well,
    };
    let data_access = record.data_access_ends.filter(|end| *end > now);
    expiry.filter(|_| !is_averted).into_iter().chain(data_access).min()
}

#[cfg(test)]
mod tests {
    use everlit_meta_api::{Class, Token, TokenKind};

    use super::*;
    use crate::record::{AccountName, Cause, Expiry, Record, Trouble};
    use crate::report::Safety;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn at(days: i64) -> Timestamp {
        Timestamp::from_unix(NOW.as_unix() + days * DAY)
    }

    fn plight(standing: Standing, cause: &'static str, end: Option<i64>) -> Plight {
        Plight { standing, cause, words: String::new(), code: None, since: Some(at(-1)), end: end.map(at) }
    }

    #[allow(clippy::unnecessary_wraps, reason = "so that the table reads as `news` takes it")]
    fn told(standing: Standing, cause: &str, reminded: Option<u32>) -> Option<Alarm> {
        Some(Alarm { standing, cause: cause.to_owned(), since: at(-9), at: at(-8), reminded })
    }

    #[test]
    fn what_is_news_and_what_is_not() {
        use News::{Expiring, NeedsPerson, NotSaved, WellAgain};
        use Standing as S;
        let table = [
            // A change is told at once.
            (plight(S::NeedsPerson, "a", Some(50)), None, Some(NeedsPerson)),
            (plight(S::NotSaved, "a", Some(50)), None, Some(NotSaved)),
            (plight(S::NeedsPerson, "b", Some(50)), told(S::NeedsPerson, "a", None), Some(NeedsPerson)),
            (plight(S::NotSaved, "a", Some(50)), told(S::NeedsPerson, "a", None), Some(NotSaved)),
            // And once.
            (plight(S::NeedsPerson, "a", Some(50)), told(S::NeedsPerson, "a", None), None),
            (plight(S::NeedsPerson, "a", None), told(S::NeedsPerson, "a", None), None),
            // A retry is no news, whatever came before.
            (plight(S::Struggling, "a", Some(29)), None, None),
            (plight(S::Struggling, "a", None), told(S::NeedsPerson, "a", None), None),
            // Nothing is said of what is well.
            (plight(S::Well, "a", None), None, None),
            (plight(S::Well, "a", Some(60)), None, None),
            // All is well again.
            (plight(S::Well, "a", None), told(S::NeedsPerson, "a", Some(3)), Some(WellAgain)),
            (plight(S::Well, "a", None), told(S::NotSaved, "a", None), Some(WellAgain)),
            (plight(S::Well, "a", None), told(S::Struggling, "a", Some(21)), Some(WellAgain)),
            // Reminders, each once.
            (plight(S::Struggling, "a", Some(21)), None, Some(Expiring { days: 21 })),
            (plight(S::Struggling, "a", Some(20)), told(S::Struggling, "a", Some(21)), None),
            (plight(S::Struggling, "a", Some(7)), told(S::Struggling, "a", Some(21)), Some(Expiring { days: 7 })),
            (plight(S::NeedsPerson, "a", Some(3)), told(S::NeedsPerson, "a", Some(7)), Some(Expiring { days: 3 })),
            (plight(S::NeedsPerson, "a", Some(2)), told(S::NeedsPerson, "a", Some(3)), Some(Expiring { days: 2 })),
            (plight(S::NeedsPerson, "a", Some(0)), told(S::NeedsPerson, "a", Some(1)), Some(Expiring { days: 0 })),
            (plight(S::NeedsPerson, "a", Some(-90)), told(S::NeedsPerson, "a", Some(0)), None),
            // Whoever comes late gets the nearest one.
            (plight(S::Struggling, "a", Some(5)), None, Some(Expiring { days: 5 })),
            (plight(S::Struggling, "a", Some(-5)), told(S::Struggling, "a", Some(21)), Some(Expiring { days: 0 })),
            // One message covers both.
            (plight(S::NeedsPerson, "a", Some(5)), None, Some(NeedsPerson)),
            (plight(S::NeedsPerson, "a", Some(5)), told(S::NeedsPerson, "a", Some(7)), None),
            // Another token, another end.
            (plight(S::NeedsPerson, "a", Some(50)), told(S::NeedsPerson, "a", Some(1)), None),
            (plight(S::NeedsPerson, "a", Some(21)), told(S::NeedsPerson, "a", Some(1)), Some(Expiring { days: 21 })),
            // Data access runs out behind a token that is well.
            (plight(S::Well, "a", Some(20)), None, Some(Expiring { days: 20 })),
            (plight(S::Well, "a", Some(19)), told(S::Well, "a", Some(21)), None),
            (plight(S::Well, "a", Some(60)), told(S::Well, "a", Some(21)), Some(WellAgain)),
            (plight(S::Well, "a", Some(19)), told(S::NeedsPerson, "a", None), Some(WellAgain)),
        ];
        for (plight, told, expected) in table {
            let item = news(&plight, told.as_ref(), NOW);
            assert_eq!(item.as_ref().map(|item| item.news), expected, "{plight:?} {told:?}");
            // What has been told is no news a second later.
            let Some(alarm) = item.and_then(|item| item.alarm) else { continue };
            assert_eq!(news(&plight, Some(&alarm), NOW), None, "{plight:?} {told:?}");
        }
    }

    #[test]
    fn since_when_it_is_bad_stays_through_changes_and_is_told_at_the_end() {
        let first = news(&plight(Standing::NeedsPerson, "a", None), None, NOW).unwrap().alarm.unwrap();
        assert_eq!((first.since, first.at), (at(-1), NOW));
        let second = news(&plight(Standing::NotSaved, "b", None), Some(&first), at(3)).unwrap().alarm.unwrap();
        assert_eq!((second.since, second.at), (at(-1), at(3)));
        let end = news(&plight(Standing::Well, "", None), Some(&second), at(5)).unwrap();
        assert_eq!((end.news, end.since, end.alarm), (News::WellAgain, Some(at(-1)), None));
    }

    #[test]
    fn a_reminder_while_a_retry_goes_on_does_not_make_the_last_cause_new_again() {
        let needs = told(Standing::NeedsPerson, "a", None);
        let reminded = news(&plight(Standing::Struggling, "b", Some(7)), needs.as_ref(), NOW).unwrap();
        assert_eq!(reminded.news, News::Expiring { days: 7 });
        assert_eq!(news(&plight(Standing::NeedsPerson, "a", Some(7)), reminded.alarm.as_ref(), NOW), None);
    }

    fn trouble(class: Class) -> Trouble {
        Trouble {
            cause: Cause::Meta(class),
            words: "Meta's words".to_owned(),
            evidence: None,
            attempts: 1,
            first_at: NOW,
            last_at: NOW,
            next_attempt_at: NOW,
            reply_lost: false,
        }
    }

    /// The report of a run that leaves what went wrong, if anything did, in the record.
    fn report(outcome: Outcome, expiry: Expiry) -> Report {
        let token = Token::parse(&format!("IGAAfakeFAKE{}", "x".repeat(60))).unwrap();
        let mut record = Record::of_new_token(TokenKind::Instagram, token.fingerprint(), NOW);
        record.expiry = expiry;
        record.trouble = match &outcome {
            Outcome::Failed(trouble) => Some(trouble.clone()),
            Outcome::Idle(Decision::Expired { .. }) => Some(trouble(Class::Reconnect)),
            _ => None,
        };
        Report::new(&AccountName::new("shop"), outcome, Some(record))
    }

    #[test]
    fn each_bad_end_of_a_run_is_told_in_its_own_words() {
        let not_saved = || StoreError::NotSaved { words: "the disk is full".to_owned() };
        let basic = Cause::BasicDisplay;
        let table = [
            (Outcome::NotSaved { error: not_saved(), token: Safety::Candidate }, "not-saved", "the disk is full"),
            (Outcome::Refused(not_saved()), "not-saved", "the disk is full"),
            (Outcome::Internal { words: "a bug".to_owned() }, "internal", "a bug"),
            (Outcome::Failed(trouble(Class::Reconnect)), Cause::Meta(Class::Reconnect).code(), "Meta's words"),
            (Outcome::Idle(Decision::Expired { since: NOW }), Cause::Meta(Class::Reconnect).code(), "Meta's words"),
            (Outcome::Idle(Decision::NeedsPerson { cause: basic }), basic.code(), basic.words()),
            (Outcome::Looked, "data-access-ends", "90 days"),
        ];
        for (outcome, cause, words) in table {
            let plight = Plight::of(&report(outcome, Expiry::Unknown), NOW);
            assert!(plight.cause == cause && plight.words.contains(words), "{plight:?}, not {cause}: {words}");
        }
        let undelivered = vec![("github".to_owned(), "no such secret".to_owned())];
        let report = Report { undelivered, ..report(Outcome::Looked, Expiry::Unknown) };
        let plight = Plight::of(&report, NOW);
        assert_eq!((plight.cause, plight.words.as_str()), ("not-delivered", "not delivered to github: no such secret"));
    }

    #[test]
    fn an_end_is_spoken_of_only_where_nothing_averts_it() {
        let failed = || Outcome::Failed(trouble(Class::Retry));
        let young = |days| Outcome::TooYoung { until: at(days), probably_refreshed: false };
        let still_young = |days| Outcome::Idle(Decision::TooYoung { until: at(days) });
        let table = [
            (Outcome::Looked, 50, None, None),
            (failed(), 50, None, Some(50)),
            // No token lives so long: the date is a wrong one.
            (failed(), 100, None, Some(100)),
            (failed(), 101, None, None),
            // Old enough before its end, it is refreshed in time.
            (young(1), 2, None, None),
            (young(1), 1, None, Some(1)),
            (still_young(1), 2, None, None),
            (still_young(1), 1, None, Some(1)),
            // A refresh does not renew the days of data access.
            (Outcome::Looked, 50, Some(20), Some(20)),
            (Outcome::Looked, 50, Some(0), None),
            (failed(), 50, Some(20), Some(20)),
            (failed(), 10, Some(20), Some(10)),
        ];
        for (outcome, expiry, data_access, expected) in table {
            let mut report = report(outcome, Expiry::At(at(expiry)));
            report.record.as_mut().unwrap().data_access_ends = data_access.map(at);
            let end = Plight::of(&report, NOW).end;
            assert_eq!(end, expected.map(at), "{:?}, {expiry}, {data_access:?}", report.outcome);
        }
    }

    /// Whatever the hour of the run, a day that has begun counts.
    #[test]
    fn days_are_counted_as_a_person_counts_them() {
        for (seconds, expected) in [(-1, 0), (0, 0), (1, 1), (DAY, 1), (DAY + 1, 2), (7 * DAY - 3_600, 7)] {
            assert_eq!(days(seconds), expected, "{seconds}");
        }
        assert_eq!(REMINDERS.map(|days| nearest_reminder(i64::from(days) * DAY)), REMINDERS.map(Some));
        assert_eq!(nearest_reminder(21 * DAY + 1), None);
    }
}
