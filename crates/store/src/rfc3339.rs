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
