//! When an imported account is checked first, so that many imported together are not asked about together.

use std::time::Duration;

use everlit_keeper::{Expiry, Record};
use everlit_meta_api::Timestamp;

/// A token that ends sooner is checked at once.
const NEAR: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Unknown ends are found out within this time.
const UNKNOWN: Duration = Duration::from_secs(60 * 60);

/// Everything else is checked within this time.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// When the account with this record is to be checked first. The same token always has the same share of the range, so that
/// a repeated import changes nothing.
pub fn first_check(record: &Record, now: Timestamp) -> Timestamp {
    let range = match (record.expiry, record.expiry.left(now)) {
        (Expiry::Unknown, _) => UNKNOWN,
        (_, Some(left)) if left < NEAR => return now,
        (_, Some(left)) => LONGEST.min(left / 4),
        (_, None) => LONGEST,
    };
    let share = (u128::from(range.as_secs()) * u128::from(record.fingerprint.as_u64())) >> 64;
    now + Duration::from_secs(u64::try_from(share).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use everlit_meta_api::{Fingerprint, TokenKind};

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    const HOUR: i64 = 3_600;

    fn wait(number: u32, expiry: Expiry) -> i64 {
        let record = Record::of_new_token(TokenKind::Instagram, Fingerprint::of(&number.to_string()), NOW);
        first_check(&Record { expiry, ..record }, NOW).since(NOW)
    }

    fn in_hours(hours: u64) -> Expiry {
        Expiry::At(NOW + Duration::from_secs(hours * 3_600))
    }

    #[test]
    fn ten_thousand_imports_are_spread_evenly_over_a_day() {
        for (expiry, range) in [(in_hours(24 * 50), 24 * HOUR), (Expiry::Unknown, HOUR), (in_hours(80), 20 * HOUR)] {
            let mut parts = [0_u32; 20];
            for number in 0..10_000 {
                let part = wait(number, expiry) * 20 / range;
                parts[usize::try_from(part).unwrap()] += 1;
            }
            let (least, most) = (parts.iter().min().unwrap(), parts.iter().max().unwrap());
            assert!(*least > 400 && *most < 600, "{parts:?}");
        }
    }

    #[test]
    fn tokens_near_their_end_are_checked_at_once() {
        for hours in [0, 1, 71] {
            assert_eq!(wait(7, in_hours(hours)), 0);
        }
        assert_eq!(wait(7, Expiry::At(Timestamp::from_unix(0))), 0);
        assert_eq!(wait(7, in_hours(1_000)), wait(7, in_hours(1_200)), "the share is the token's own");
    }
}
