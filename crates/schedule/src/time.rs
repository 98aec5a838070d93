//! The minute of the day at which a job runs.

use std::fmt;

use everlit_meta_api::Timestamp;

use crate::hash::hash;

/// A minute of the day, in the scheduler's time zone.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
}

impl TimeOfDay {
    /// `None` if there is no such minute.
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute })
    }

    /// The minute for this folder on this host: stable, and spread over hosts and folders.
    ///
    /// It falls into working hours, when a laptop is awake, somebody can read what went wrong, and clocks do not change.
    /// It never ends in 0 or 5: most other jobs start then, and cloud schedulers run late.
    pub fn of_host(host: &str, folder: &str) -> Self {
        const FIRST_HOUR: u8 = 9;
        const HOURS: u64 = 8;
        const MINUTES: u64 = 48;
        let slot = hash(&[host.as_bytes(), folder.as_bytes()]) % (HOURS * MINUTES);
        let small = |number: u64| u8::try_from(number).unwrap_or_default();
        // 1 2 3 4 6 7 8 9 11 ...: four of every five.
        let nth = slot % MINUTES;
        Self { hour: FIRST_HOUR + small(slot / MINUTES), minute: small(nth / 4 * 5 + nth % 4 + 1) }
    }

    /// 0 to 23.
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// 0 to 59.
    pub fn minute(self) -> u8 {
        self.minute
    }

    /// The next such minute in the machine's time zone, which cron and launchd use.
    pub(crate) fn next_after(self, now: Timestamp) -> Option<Timestamp> {
        let zone = jiff::tz::TimeZone::system();
        let now = jiff::Timestamp::from_second(now.as_unix()).ok()?.to_zoned(zone);
        let time = jiff::civil::time(i8::try_from(self.hour).ok()?, i8::try_from(self.minute).ok()?, 0, 0);
        let at = |date: jiff::civil::Date| date.to_datetime(time).to_zoned(now.time_zone().clone()).ok();
        let today = at(now.date())?;
        let next = if today > now { today } else { at(now.date().tomorrow().ok()?)? };
        Some(Timestamp::from_unix(next.timestamp().as_second()))
    }
}

/// `09:17`.
impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn hosts_are_spread_over_the_day_and_avoid_round_minutes() {
        let times: Vec<TimeOfDay> = (0..2000).map(|n| TimeOfDay::of_host(&format!("web{n}"), "/srv/site")).collect();
        assert!(times.iter().all(|time| (9..=16).contains(&time.hour) && time.minute < 60 && time.minute % 5 != 0));
        let different: BTreeSet<_> = times.iter().collect();
        assert!(different.len() > 350, "{}", different.len());
    }

    #[test]
    fn a_folder_on_a_host_keeps_its_minute() {
        assert_eq!(TimeOfDay::of_host("web1", "/srv/bakery").to_string(), "10:44");
        assert_eq!(TimeOfDay::of_host("web2", "/srv/bakery").to_string(), "13:09");
        assert_eq!(TimeOfDay::of_host("web1", "/srv/florist").to_string(), "14:01");
    }

    #[test]
    fn there_is_no_minute_past_the_day() {
        assert_eq!(TimeOfDay::new(24, 0), None);
        assert_eq!(TimeOfDay::new(0, 60), None);
        assert_eq!(TimeOfDay::new(7, 5).map(|time| time.to_string()), Some("07:05".to_owned()));
    }
}
