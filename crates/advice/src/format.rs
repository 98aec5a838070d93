//! Times and counts as a person says them.

use std::fmt::Display;

use everlit_keeper::{Expiry, Record, policy::LONGEST_LIFE};
use everlit_meta_api::{DAY, Timestamp};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// `3 Jan 2027`, in UTC.
pub fn date(at: Timestamp) -> String {
    instant(at).map_or_else(|| "an unknown date".to_owned(), |when| when.strftime("%-d %b %Y").to_string())
}

/// `3 Jan 2027 04:17 UTC`.
pub fn date_and_time(at: Timestamp) -> String {
    instant(at).map_or_else(|| "an unknown time".to_owned(), |when| when.strftime("%-d %b %Y %H:%M UTC").to_string())
}

fn instant(at: Timestamp) -> Option<jiff::Zoned> {
    jiff::Timestamp::from_second(at.as_unix()).ok().map(|when| when.to_zoned(jiff::tz::TimeZone::UTC))
}

/// `41 days`, `5 hours`, `3 minutes`: the largest unit that is not zero.
pub fn span(seconds: i64) -> String {
    let (count, unit) = match seconds.max(0) {
        seconds if seconds >= 2 * DAY => (whole_days(seconds), "day"),
        seconds if seconds >= 2 * HOUR => (seconds / HOUR, "hour"),
        seconds if seconds >= MINUTE => (seconds / MINUTE, "minute"),
        seconds => (seconds, "second"),
    };
    counted(count, unit)
}

/// Whole days; one that lacks less than an hour counts, since a token lives 60 days less some seconds.
fn whole_days(seconds: i64) -> i64 {
    seconds.saturating_add(HOUR) / DAY
}

/// `1 day`, `2 days`.
pub fn counted<N: Copy + From<u8> + PartialEq + Display>(count: N, unit: &str) -> String {
    format!("{count} {unit}{}", if count == N::from(1) { "" } else { "s" })
}

/// `a, b, c and 4 more`: of many names, the first ones. `None` if there are none.
pub fn few(names: impl IntoIterator<Item = impl Display>) -> Option<String> {
    const NAMED: usize = 3;
    let mut names = names.into_iter();
    let first: Vec<String> = names.by_ref().take(NAMED).map(|name| name.to_string()).collect();
    let more = names.count();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!first.is_empty()).then(|| format!("{}{more}", first.join(", ")))
}

/// `in 5 hours`, `just now`, `3 minutes ago`.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    match at.since(now) {
        0 => "just now".to_owned(),
        ahead if ahead > 0 => format!("in {}", span(ahead)),
        behind => format!("{} ago", span(-behind)),
    }
}

/// `41 days left (3 Jan 2027)`, `expired 2 days ago (3 Jan 2027)`, `never expires`, `expiry not known yet`.
pub fn left(expiry: Expiry, now: Timestamp) -> String {
    match expiry {
        Expiry::At(end) | Expiry::Assumed(end) if end > now + LONGEST_LIFE => {
            format!("the noted expiry cannot be true ({})", date(end))
        }
        Expiry::At(end) if end > now => format!("{} left ({})", span(end.since(now)), date(end)),
        Expiry::Assumed(end) if end > now => format!("about {} left ({}, assumed)", span(end.since(now)), date(end)),
        Expiry::At(end) | Expiry::Assumed(end) => format!("expired {} ({})", relative(end, now), date(end)),
        Expiry::Never => "never expires".to_owned(),
        Expiry::Unknown => "expiry not known yet".to_owned(),
    }
}

/// The same for a token that is known: without an expiry, it is the longest that the token can live.
pub fn life(record: &Record, now: Timestamp) -> String {
    match (record.expiry, record.ends_by()) {
        (Expiry::Unknown, Some(end)) if end > now => {
            format!("expiry not known yet; at most {} left ({}, assumed)", span(end.since(now)), date(end))
        }
        (Expiry::Unknown, Some(end)) => left(Expiry::Assumed(end), now),
        (expiry, _) => left(expiry, now),
    }
}

/// What a clock that differs from Meta's by this many seconds means.
pub fn clock(behind: i64) -> String {
    format!("this machine's clock is {} Meta's, so every date here is off by that much", apart(behind.saturating_neg()))
}

/// `30 days ahead of`, `5 minutes behind`: a clock that differs from another by this many seconds.
pub fn apart(ahead: i64) -> String {
    format!("{} {}", span(ahead.saturating_abs()), if ahead < 0 { "behind" } else { "ahead of" })
}

/// `28`, `never`, `?`: days left, for `28 → 60 days left`.
pub fn days(expiry: Expiry, now: Timestamp) -> String {
    match expiry.left(now) {
        // No token lives that long.
        Some(left) if left > LONGEST_LIFE => "?".to_owned(),
        Some(left) => whole_days(i64::try_from(left.as_secs()).unwrap_or(i64::MAX)).to_string(),
        None if expiry == Expiry::Never => "never".to_owned(),
        None => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(NOW.as_unix() + seconds)
    }

    #[test]
    fn durations_are_shown_in_plain_english() {
        let cases = [
            (0, "just now"),
            (1, "in 1 second"),
            (60, "in 1 minute"),
            (-119, "1 minute ago"),
            (3 * HOUR, "in 3 hours"),
            (47 * HOUR, "in 47 hours"),
            (48 * HOUR, "in 2 days"),
            (60 * DAY - 17, "in 60 days"),
            (60 * DAY - 2 * HOUR, "in 59 days"),
            (-60 * DAY, "60 days ago"),
        ];
        for (seconds, message) in cases {
            assert_eq!(relative(at(seconds), NOW), message);
        }
    }

    #[test]
    fn an_expiry_shows_time_left_and_date() {
        assert_eq!(left(Expiry::At(at(41 * DAY)), NOW), "41 days left (25 Feb 2027)");
        assert_eq!(left(Expiry::At(at(-2 * DAY)), NOW), "expired 2 days ago (13 Jan 2027)");
        assert_eq!(left(Expiry::Assumed(at(3 * DAY)), NOW), "about 3 days left (18 Jan 2027, assumed)");
        assert_eq!(left(Expiry::Never, NOW), "never expires");
        assert_eq!(left(Expiry::Unknown, NOW), "expiry not known yet");
        let token = everlit_meta_api::Token::parse(&"IGAAfakeFAKE".repeat(6)).unwrap();
        let mut record = Record::of_new_token(token.kind(), token.fingerprint(), at(-20 * DAY));
        assert_eq!(life(&record, NOW), "expiry not known yet; at most 40 days left (24 Feb 2027, assumed)");
        record.expiry = Expiry::Never;
        assert_eq!(life(&record, NOW), "never expires");
        let far = Expiry::At(Timestamp::from_unix(i64::MAX));
        assert_eq!(left(far, NOW), "the noted expiry cannot be true (an unknown date)");
    }
}
