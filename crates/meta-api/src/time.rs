//! Points in time and lifetimes, as Meta gives them. No clock: who wants to know the time passes it in.

use std::ops::{Add, Sub};
use std::time::Duration;

use serde_json::Value;

use crate::error::Implausible;

/// A point in time: seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From Unix seconds.
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// As Unix seconds.
    pub const fn as_unix(self) -> i64 {
        self.0
    }

    /// Later by `duration` (whole seconds), or the last representable moment.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.as_secs()))
    }

    /// Earlier by `duration` (whole seconds), or the first representable moment.
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(duration.as_secs()))
    }

    /// Seconds from `earlier` to `self`; negative when `earlier` is the later one.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads a `Date` header in the one form that servers may send, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
    pub(crate) fn from_http_date(text: &str) -> Option<Self> {
        const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
        let (_, rest) = text.trim().split_once(", ")?;
        let mut parts = rest.split(' ');
        let day: i64 = parts.next()?.parse().ok().filter(|day| (1..=31).contains(day))?;
        let month = parts.next().filter(|name| name.len() == 3).and_then(|name| MONTHS.find(name))?;
        let month = i64::try_from(month).ok().filter(|at| at % 3 == 0)? / 3 + 1;
        let year: i64 = parts.next()?.parse().ok().filter(|year| (1970..=9999).contains(year))?;
        let mut clock = parts.next()?.splitn(3, ':').map(|n| n.parse::<i64>().ok().filter(|n| (0..=60).contains(n)));
        let (hours, minutes, seconds) = (clock.next()??, clock.next()??, clock.next()??);
        (parts.next()? == "GMT" && hours < 24 && minutes < 60)
            .then(|| Self(days_since_1970(year, month, day) * 86_400 + hours * 3_600 + minutes * 60 + seconds))
    }
}

/// [`Timestamp::saturating_add`].
impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        self.saturating_add(duration)
    }
}

/// [`Timestamp::saturating_sub`].
impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        self.saturating_sub(duration)
    }
}

/// How long a token will live, counted from the reply that carried it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifetime {
    /// This many seconds.
    Seconds(u64),
    /// It does not expire: what Facebook means where it documents a reply without `expires_in`.
    Never,
    /// Meta did not say.
    Unknown,
}

impl Lifetime {
    /// The shortest plausible life of a long-lived token: 1 hour.
    pub const MIN: Duration = Duration::from_secs(3_600);
    /// The longest plausible life of any token: 100 days. Meta documents 60.
    pub const MAX: Duration = Duration::from_secs(100 * 86_400);

    /// Reads `expires_in`: a number, a number as text, or missing. `least` is the shortest life to believe.
    pub(crate) fn from_json(value: Option<&Value>, least: Duration) -> Result<Self, Implausible> {
        let seconds = match value {
            None | Some(Value::Null) => return Ok(Self::Unknown),
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.trim().parse::<f64>().ok(),
            Some(_) => None,
        };
        let plausible = least.as_secs_f64()..=Self::MAX.as_secs_f64();
        match seconds {
            Some(seconds) if plausible.contains(&seconds) => Ok(Self::Seconds(whole(seconds))),
            Some(seconds) if seconds.is_finite() => Err(Implausible::Lifetime { seconds: Some(rounded(seconds)) }),
            _ => Err(Implausible::Lifetime { seconds: None }),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 100 days, checked by the caller"
)]
fn whole(seconds: f64) -> u64 {
    seconds as u64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates, which is what a message about a wild number needs"
)]
fn rounded(seconds: f64) -> i64 {
    seconds as i64
}

/// Days from 1970-01-01 in the Gregorian calendar, for years from 1970 on.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Counted from 1 March, so that the leap day is the last of its year; a year of March starts one earlier for January and February.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_date_header_is_read_or_ignored() {
        let read = |text| Timestamp::from_http_date(text).map(Timestamp::as_unix);
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(read("Thu, 29 Feb 2024 23:59:59 GMT"), Some(1_709_251_199));
        assert_eq!(read("Mon, 23 Nov 2026 10:00:00 GMT"), Some(1_795_428_000));
        for wrong in [
            "",
            "soon",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 anF 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 999999999999 08:49:37 GMT",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_ends_of_time_are_not_passed() {
        let last = Timestamp::from_unix(i64::MAX);
        let first = Timestamp::from_unix(i64::MIN);
        assert_eq!(last.saturating_add(Duration::MAX), last);
        assert_eq!(first.saturating_sub(Duration::MAX), first);
        assert_eq!(last.since(first), i64::MAX);
        assert_eq!(Timestamp::from_unix(5).since(Timestamp::from_unix(8)), -3);
    }

    proptest! {
        #[test]
        fn no_header_is_too_odd(text in ".*") {
            let _ = Timestamp::from_http_date(&text);
        }

        #[test]
        fn each_day_of_the_calendar_follows_the_one_before(year in 1970i64..9999, month in 1i64..=12, day in 1i64..=31) {
            let day = day.min(days_in(year, month));
            let next = if day < days_in(year, month) {
                days_since_1970(year, month, day + 1)
            } else if month < 12 {
                days_since_1970(year, month + 1, 1)
            } else {
                days_since_1970(year + 1, 1, 1)
            };
            prop_assert_eq!(days_since_1970(year, month, day) + 1, next);
        }
    }

    fn days_in(year: i64, month: i64) -> i64 {
        match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }
}
