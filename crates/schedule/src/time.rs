//! When in the day.

use std::fmt;

/// A minute of the day, in the scheduler's time zone.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
}

impl TimeOfDay {
    /// `None` where there is no such minute.
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute })
    }

    /// The minute for this folder on this host: always the same one, and another one elsewhere.
    ///
    /// In the hours when a laptop is awake and somebody is there to read what went wrong; clocks are not moved then
    /// either. Never a minute that ends in 0 or 5: everybody else's jobs run then, and schedulers in the cloud come late.
    pub fn of_host(host: &str, folder: &str) -> Self {
        const FIRST_HOUR: u8 = 9;
        const HOURS: u64 = 8;
        const MINUTES: u64 = 48;
        let slot = hash(&[host, folder]) % (HOURS * MINUTES);
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
}

/// `09:17`.
impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

/// FNV-1a of the parts, each followed by a NUL: the same on every machine and in every version, which `std`'s is not.
pub(crate) fn hash(parts: &[&str]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn hosts_are_spread_over_the_day_and_none_runs_at_a_full_hour_or_any_other_round_minute() {
        let times: Vec<TimeOfDay> = (0..2000).map(|n| TimeOfDay::of_host(&format!("web{n}"), "/srv/site")).collect();
        assert!(times.iter().all(|time| (9..=16).contains(&time.hour) && time.minute < 60 && time.minute % 5 != 0));
        let different: BTreeSet<_> = times.iter().collect();
        assert!(different.len() > 350, "{}", different.len());
    }

    #[test]
    fn a_folder_on_a_host_keeps_its_minute() {
        assert_eq!(TimeOfDay::of_host("web1", "/srv/bakery").to_string(), "14:52");
        assert_eq!(TimeOfDay::of_host("web2", "/srv/bakery").to_string(), "12:58");
        assert_eq!(TimeOfDay::of_host("web1", "/srv/florist").to_string(), "09:31");
    }

    #[test]
    fn there_is_no_minute_past_the_day() {
        assert_eq!(TimeOfDay::new(24, 0), None);
        assert_eq!(TimeOfDay::new(0, 60), None);
        assert_eq!(TimeOfDay::new(7, 5).map(|time| time.to_string()), Some("07:05".to_owned()));
    }
}
