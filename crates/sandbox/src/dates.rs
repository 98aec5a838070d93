//! Unix seconds in the words that Meta and HTTP use.

/// `Tuesday, 02-Dec-25 03:00:00 PST`, as in Meta's messages about expired sessions.
pub(crate) fn in_message(unix: i64) -> String {
    let at = Moment::of(unix - 8 * 3600);
    format!(
        "{}, {:02}-{}-{:02} {:02}:{:02}:{:02} PST",
        at.weekday(),
        at.day,
        at.month_name(),
        at.year.rem_euclid(100),
        at.hour,
        at.minute,
        at.second
    )
}

/// `Tue, 02 Dec 2025 03:00:00 GMT`: the `Date` header (RFC 9110, section 5.6.7).
pub(crate) fn in_header(unix: i64) -> String {
    let at = Moment::of(unix);
    format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        &at.weekday()[..3],
        at.day,
        at.month_name(),
        at.year,
        at.hour,
        at.minute,
        at.second
    )
}

/// `2025-12-02 03:00 UTC`, for the page.
pub(crate) fn on_page(unix: i64) -> String {
    let at = Moment::of(unix);
    format!("{:04}-{:02}-{:02} {:02}:{:02} UTC", at.year, at.month, at.day, at.hour, at.minute)
}

/// A UTC date and time of day.
struct Moment {
    days: i64,
    year: i64,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Moment {
    /// Civil date from days, by counting from 1 March so that a leap day is the last of its year.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "each is the rest of a division by at most 153"
    )]
    fn of(unix: i64) -> Self {
        const DAYS_TO_1970_FROM_MARCH_OF_YEAR_0: i64 = 719_468;
        const DAYS_IN_400_YEARS: i64 = 146_097;
        // Beyond the year 9999 no format of ours holds.
        let unix = unix.clamp(-62_135_596_800, 253_402_300_799);
        let (days, rest) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
        let shifted = days + DAYS_TO_1970_FROM_MARCH_OF_YEAR_0;
        let (era, day_of_era) = (shifted.div_euclid(DAYS_IN_400_YEARS), shifted.rem_euclid(DAYS_IN_400_YEARS));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let months_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * months_from_march + 2) / 5 + 1;
        let month = if months_from_march < 10 { months_from_march + 3 } else { months_from_march - 9 };
        Self {
            days,
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month: month as u8,
            day: day as u8,
            hour: (rest / 3600) as u8,
            minute: (rest / 60 % 60) as u8,
            second: (rest % 60) as u8,
        }
    }

    fn weekday(&self) -> &'static str {
        let names = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
        names[usize::try_from(self.days.rem_euclid(7)).unwrap_or_default()]
    }

    fn month_name(&self) -> &'static str {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        names[usize::from(self.month) - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right_at_the_turns() {
        let table = [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
            (1_709_251_200, "Fri, 01 Mar 2024 00:00:00 GMT"),
            (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ];
        for (unix, text) in table {
            assert_eq!(in_header(unix), text);
        }
        assert_eq!(in_message(1_639_227_600), "Saturday, 11-Dec-21 05:00:00 PST");
        assert_eq!(on_page(1_639_227_600), "2021-12-11 13:00 UTC");
        let _ = (in_header(i64::MAX), in_message(i64::MIN + 8 * 3600));
    }
}
