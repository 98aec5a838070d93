//! Points in time and lifetimes as Meta states them. There is no clock here: callers pass the time in.

use std::ops::{Add, Sub};
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

/// A day in seconds.
pub const DAY: i64 = 24 * 60 * 60;

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

    /// Adds whole seconds; stops at the last representable moment.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.as_secs()))
    }

    /// Subtracts whole seconds; stops at the first representable moment.
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(duration.as_secs()))
    }

    /// Seconds from `earlier` to `self`; negative if `earlier` is in fact later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads the date of an HTTP header; `None` if it is not one, or is before 1970.
    pub fn from_http_date(text: &str) -> Option<Self> {
        let date = httpdate::parse_http_date(text.trim()).ok()?;
        i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok().map(Self)
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

/// How long a token is valid, counted from the reply that carried it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifetime {
    /// This many seconds.
    Seconds(u64),
    /// It does not expire: only `debug_token` says so.
    Never,
    /// Meta did not say. It may still expire: see [`TokenInfo::lifetime`](crate::TokenInfo::lifetime).
    Unknown,
}

impl Lifetime {
    /// The shortest plausible lifetime of a long-lived token: 1 hour.
    pub const MIN: Duration = Duration::from_secs(3_600);
    /// The longest plausible lifetime of any token: 100 days. Meta documents 60.
    pub const MAX: Duration = Duration::from_secs(100 * 86_400);

    /// Reads `expires_in`: a number, a number as text, or nothing. `shortest` is the shortest plausible lifetime. Fails with
    /// the implausible number, or with `None` for what is not a number.
    pub(crate) fn from_json(value: Option<&Value>, shortest: Duration) -> Result<Self, Option<i64>> {
        let seconds = match value {
            None | Some(Value::Null) => return Ok(Self::Unknown),
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.trim().parse::<f64>().ok(),
            Some(_) => None,
        };
        let plausible = shortest.as_secs_f64()..=Self::MAX.as_secs_f64();
        match seconds {
            Some(seconds) if plausible.contains(&seconds) => Ok(Self::Seconds(whole(seconds))),
            Some(seconds) if seconds.is_finite() => Err(Some(rounded(seconds))),
            _ => Err(None),
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

#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, which suits a message about a wild number")]
fn rounded(seconds: f64) -> i64 {
    seconds as i64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_are_read_in_every_form_that_rfc_9110_requires() {
        let read = |text| Timestamp::from_http_date(text).map(Timestamp::as_unix);
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(read("Sunday, 06-Nov-94 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(read("Sun Nov  6 08:49:37 1994"), Some(784_111_777));
        assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(read("Thu, 29 Feb 2024 23:59:59 GMT"), Some(1_709_251_199));
        assert_eq!(read("Mon, 23 Nov 2026 10:00:00 GMT"), Some(1_795_428_000));
        for wrong in [
            "",
            "soon",
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
    fn time_arithmetic_saturates() {
        let last = Timestamp::from_unix(i64::MAX);
        let first = Timestamp::from_unix(i64::MIN);
        assert_eq!(last.saturating_add(Duration::MAX), last);
        assert_eq!(first.saturating_sub(Duration::MAX), first);
        assert_eq!(last.since(first), i64::MAX);
        assert_eq!(Timestamp::from_unix(5).since(Timestamp::from_unix(8)), -3);
    }

    proptest! {
        #[test]
        fn no_date_header_panics(text in ".*") {
            let _ = Timestamp::from_http_date(&text);
        }
    }
}
