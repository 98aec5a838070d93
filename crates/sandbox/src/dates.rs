//! Dates in the formats of Meta's messages, HTTP headers and the page.

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// `Tuesday, 02-Dec-25 03:00:00 PST`, as in Meta's messages about expired sessions.
pub(crate) fn in_message(unix: i64) -> String {
    let date = utc(unix.saturating_sub(8 * 3600));
    // jiff's own `%y` covers the years 1969 to 2068 only.
    let year = date.year().rem_euclid(100);
    date.strftime(&format!("%A, %d-%b-{year:02} %H:%M:%S PST")).to_string()
}

/// `Tue, 02 Dec 2025 03:00:00 GMT`: the `Date` header (RFC 9110, section 5.6.7).
pub(crate) fn in_header(unix: i64) -> String {
    utc(unix).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// `2025-12-02 03:00 UTC`, for the page.
pub(crate) fn on_page(unix: i64) -> String {
    utc(unix).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Clamps to the years 1 to 9999, which every format can show.
fn utc(unix: i64) -> DateTime {
    let unix = unix.clamp(-62_135_596_800, Timestamp::MAX.as_second());
    // Clamped, so it is in range.
    Offset::UTC.to_datetime(Timestamp::from_second(unix).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right_at_leap_days_and_year_ends() {
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
    }

    #[test]
    fn dates_out_of_range_are_clamped() {
        assert_eq!(on_page(i64::MIN), "0001-01-01 00:00 UTC");
        assert_eq!(on_page(i64::MAX), "9999-12-30 22:00 UTC");
        assert!(in_message(i64::MIN).ends_with("PST") && in_header(i64::MAX).ends_with("GMT"));
    }
}
