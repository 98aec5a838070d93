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
