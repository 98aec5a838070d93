//! When something runs: at times on days of a calendar, or every so often.
//!
//! The expressions of all schedulers (`cron`, `systemd`) are parsed into the same few sets. Times are UTC, to the minute:
//! the hour makes no difference to a token that lives for two months.

pub mod cron;
pub mod dialect;
pub mod systemd;

use std::time::Duration;

use everlit_meta_api::Timestamp;
use jiff::civil::Date;

/// A set of whole numbers from 0 to 63: days, months, hours, minutes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Set(u64);

impl Set {
    pub(crate) const EMPTY: Self = Self(0);

    /// Every `step`th number from `first` to `last`.
    pub(crate) fn range(first: u32, last: u32, step: u32) -> Self {
        let step = usize::try_from(step.max(1)).unwrap_or(usize::MAX);
        (first..=last.min(63)).step_by(step).fold(Self::EMPTY, Self::with)
    }

    #[must_use]
    pub(crate) fn with(self, number: u32) -> Self {
        Self(self.0 | 1_u64.checked_shl(number).unwrap_or(0))
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn has(self, number: u32) -> bool {
        1_u64.checked_shl(number).is_some_and(|bit| self.0 & bit != 0)
    }

    pub(crate) fn numbers(self) -> impl Iterator<Item = u32> {
        (0..64).filter(move |number| self.has(*number))
    }
}

/// Days, and the times at which something runs on each of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Calendar {
    /// 0 is 2000, 63 is 2063: the simulated years are among them.
    pub(crate) years: Set,
    /// 1 to 12.
    pub(crate) months: Set,
    /// 1 to 31.
    pub(crate) days: Set,
    /// 1 is the last day of the month, 2 the day before.
    pub(crate) days_from_end: Set,
    /// 0 is Sunday, 6 Saturday.
    pub(crate) weekdays: Set,
    /// Either the day of the month or the weekday is enough, as in cron if both are set; otherwise both must match.
    pub(crate) either: bool,
    pub(crate) hours: Set,
    pub(crate) minutes: Set,
}

impl Calendar {
    /// Every minute of every day, from which parsers start.
    pub(crate) fn always() -> Self {
        Self {
            years: Set::range(0, 63, 1),
            months: Set::range(1, 12, 1),
            days: Set::range(1, 31, 1),
            days_from_end: Set::EMPTY,
            weekdays: Set::range(0, 6, 1),
            either: false,
            hours: Set::range(0, 23, 1),
            minutes: Set::range(0, 59, 1),
        }
    }

    /// Every day at this time.
    pub(crate) fn daily(hour: u32, minute: u32) -> Self {
        Self { hours: Set::EMPTY.with(hour), minutes: Set::EMPTY.with(minute), ..Self::always() }
    }

    fn has(&self, date: Date) -> bool {
        let number = |n: i8| u32::from(n.unsigned_abs());
        let day =
            self.days.has(number(date.day())) || self.days_from_end.has(number(date.days_in_month() - date.day()) + 1);
        let weekday = self.weekdays.has(number(date.weekday().to_sunday_zero_offset()));
        self.years.has(u32::from(date.year().abs_diff(2000)))
            && self.months.has(number(date.month()))
            && if self.either { day || weekday } else { day && weekday }
    }
}

/// What starts a run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum When {
    /// A time of the calendar.
    Calendar(Calendar),
    /// This long after the last run.
    Every(Duration),
}

/// The first day of the three simulated years. Fixed, so that a schedule gives the same numbers everywhere. One of the
/// years is a leap year, in which monthly runs fall differently.
pub const FIRST_DAY: Date = jiff::civil::date(2027, 1, 1);

/// 2027-01-01T00:00:00Z, [`FIRST_DAY`] as an instant.
pub const FIRST_INSTANT: Timestamp = Timestamp::from_unix(1_798_761_600);

/// 2030-01-01T00:00:00Z in Unix seconds: the end of 2029.
const LAST_INSTANT: i64 = 1_893_456_000;

/// Minutes in those three years.
const MINUTES: usize = (365 + 366 + 365) * 24 * 60;

/// The planned runs of the years 2027 to 2029, in order.
pub fn firings(runs: &[When]) -> Vec<Timestamp> {
    let mut all: Vec<i64> = Vec::new();
    let mut room = MINUTES;
    for when in runs {
        match when {
            When::Calendar(calendar) => calendar_firings(calendar, &mut all),
            When::Every(pause) => {
                let pause = usize::try_from(pause.as_secs()).unwrap_or(usize::MAX);
                all.extend((FIRST_INSTANT.as_unix()..LAST_INSTANT).step_by(pause.max(60)));
            }
        }
        // Bounds the memory, however many expressions there are.
        if all.len() > room {
            in_order(&mut all);
            room = all.len() + MINUTES;
        }
    }
    in_order(&mut all);
    all.into_iter().map(Timestamp::from_unix).collect()
}

fn in_order(instants: &mut Vec<i64>) {
    instants.sort_unstable();
    instants.dedup();
}

fn calendar_firings(calendar: &Calendar, all: &mut Vec<i64>) {
    let times: Vec<i64> = calendar
        .hours
        .numbers()
        .flat_map(|hour| calendar.minutes.numbers().map(move |minute| i64::from(hour * 60 + minute) * 60))
        .collect();
    let midnights = (FIRST_INSTANT.as_unix()..LAST_INSTANT).step_by(24 * 60 * 60);
    let dates = FIRST_DAY.series(jiff::Span::new().days(1));
    for (midnight, _) in midnights.zip(dates).filter(|(_, date)| calendar.has(*date)) {
        all.extend(times.iter().map(|time| midnight + time));
    }
}

/// Why an expression is invalid.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Misread {
    /// The position in the expression, in characters from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
}

impl Misread {
    pub(crate) fn new(column: usize, message: impl Into<String>) -> Self {
        Self { column, message: message.into() }
    }
}

/// Quotes an input for a message: short, and without control characters.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let shown: String = text.chars().take(LONGEST).collect();
    let more = if shown.len() < text.len() { "..." } else { "" };
    let shown: String = shown.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    format!("\"{shown}{more}\"")
}

/// The index of a name in a list, ignoring case; names have at least three letters.
pub(crate) fn named(names: &[&str], text: &str) -> Option<u32> {
    let matches = |name: &&str| text.len() >= 3 && name.eq_ignore_ascii_case(text);
    names.iter().position(matches).and_then(|at| u32::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_years_begin_and_end_at_midnight() {
        let midnight = |date: Date| date.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
        assert_eq!(midnight(FIRST_DAY), FIRST_INSTANT.as_unix());
        assert_eq!(midnight(jiff::civil::date(2030, 1, 1)), LAST_INSTANT);
        assert_eq!(firings(&[When::Calendar(Calendar::always())]).len(), MINUTES);
    }

    #[test]
    fn a_set_holds_what_was_added() {
        let set = Set::range(1, 31, 30).with(7);
        assert_eq!(set.numbers().collect::<Vec<_>>(), [1, 7, 31]);
        assert!(!set.has(64) && !Set::EMPTY.with(64).has(0));
    }

    #[test]
    fn runs_of_several_calendars_are_sorted_and_unique() {
        let runs = [When::Calendar(Calendar::daily(3, 17)), When::Every(Duration::from_secs(86_400))];
        let all = firings(&runs);
        assert_eq!(all.len(), 2 * 1096);
        assert!(all.is_sorted());
        assert_eq!(firings(&[runs[0].clone(), runs[0].clone()]).len(), 1096);
    }
}
