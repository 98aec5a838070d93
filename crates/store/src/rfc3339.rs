//! Points in time as text: RFC 3339, UTC, whole seconds.

use everlit_meta_api::Timestamp;

/// `2027-01-03T03:17:00Z`; the nearest representable instant for dates outside the years -9999 to 9999.
pub fn rfc3339(at: Timestamp) -> String {
    let clamped = at.as_unix().clamp(jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
    jiff::Timestamp::from_second(clamped).map_or_else(|_| clamped.to_string(), |instant| instant.to_string())
}

/// Reads such a text; fractions of a second and other offsets are understood.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    text.trim().parse::<jiff::Timestamp>().ok().map(|instant| Timestamp::from_unix(instant.as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for unix in [0, -1, 1_798_773_420, 253_370_764_799, -62_000_000_000] {
            let at = Timestamp::from_unix(unix);
            assert_eq!(parse(&rfc3339(at)), Some(at));
        }
        assert_eq!(rfc3339(Timestamp::from_unix(1_798_773_420)), "2027-01-01T03:17:00Z");
    }

    #[test]
    fn the_ends_of_time_are_the_ends_of_the_calendar() {
        for unix in [i64::MIN, i64::MAX] {
            assert!(parse(&rfc3339(Timestamp::from_unix(unix))).is_some());
        }
    }

    #[test]
    fn other_ways_to_write_an_instant_are_understood_and_no_others() {
        for text in ["2027-01-01T03:17:00.999Z", "2027-01-01T05:17:00+02:00", " 2027-01-01T03:17:00Z\n"] {
            assert_eq!(parse(text), Some(Timestamp::from_unix(1_798_773_420)), "{text}");
        }
        for text in ["", "soon", "2027-01-01", "2027-01-01T03:17:00", "1798773420", "2027-02-30T00:00:00Z"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
