//! Spreads due times, so that accounts imported together, or refreshed together after an outage, do not become due together.
//! Where a token falls is fixed by its fingerprint: every worker and every run finds the same time.

use std::time::Duration;

use everlit_meta_api::{Fingerprint, Timestamp};

use crate::policy::LONGEST_UNKNOWN;
use crate::{Policy, Record};

/// When a token that ends at `end` becomes due: with the threshold left, give or take the spread.
///
/// With a spread, no token is due before a quarter of its life has passed: the range of 20 to 40 days left, which suits 60
/// days, becomes 11 to 22 for a token that lives 30. What is left is never less than a quarter of its life and half the
/// threshold at once.
pub(crate) fn refresh_at(record: &Record, end: Timestamp, policy: &Policy) -> Timestamp {
    let (threshold, spread) = (policy.threshold.as_secs(), spread(policy));
    if spread == 0 {
        return end - policy.threshold;
    }
    let (least, most) = (threshold - spread, threshold.saturating_add(spread));
    let most_allowed = life(record, end) / 4 * 3;
    let (least, most) =
        if most > most_allowed { (scaled(least, most_allowed, most), most_allowed) } else { (least, most) };
    end - Duration::from_secs(least + share(record.fingerprint, most - least))
}

/// How long after one verification the token's next is due.
pub(crate) fn verify_every(record: &Record, policy: &Policy) -> Duration {
    let (every, spread) = (policy.verify_every.as_secs(), spread(policy));
    if spread == 0 {
        return policy.verify_every;
    }
    let most = scaled(every, spread, policy.threshold.as_secs());
    Duration::from_secs((every - most).saturating_add(share(record.fingerprint, most.saturating_mul(2))))
}

/// The spread in seconds: at most half the threshold, so that enough is left for retries.
fn spread(policy: &Policy) -> u64 {
    policy.spread.as_secs().min(policy.threshold.as_secs() / 2)
}

/// The token's whole life in seconds; as long as Meta documents, where the day of issue is not known.
fn life(record: &Record, end: Timestamp) -> u64 {
    let between = |start| u64::try_from(end.since(start)).unwrap_or(0);
    record.issued_at.map_or_else(|| between(record.first_seen).max(LONGEST_UNKNOWN.as_secs()), between)
}

/// The token's place in a range that begins at zero, evenly distributed: the fingerprint is taken for a binary fraction.
fn share(fingerprint: Fingerprint, range: u64) -> u64 {
    let product = u128::from(range) * u128::from(fingerprint.as_u64());
    u64::try_from(product >> 64).unwrap_or(range)
}

/// `value * part / whole`, for a part that is no larger than the whole.
fn scaled(value: u64, part: u64, whole: u64) -> u64 {
    let result = u128::from(value) * u128::from(part) / u128::from(whole.max(1));
    u64::try_from(result).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use everlit_meta_api::TokenKind;
    use proptest::prelude::*;

    use super::*;
    use crate::{Decision, Expiry, Why, decide, next_check};

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    const DAY: u64 = 24 * 60 * 60;
    const DAYS: Duration = Duration::from_secs(DAY);
    const SERVED: Policy = Policy { threshold: days(30), verify_every: days(7), spread: days(10), force: false };

    const fn days(number: u64) -> Duration {
        Duration::from_secs(number * DAY)
    }

    /// A token issued and verified now that lives this many seconds.
    fn issued(number: u64, life: u64) -> Record {
        let record = Record::of_new_token(TokenKind::Instagram, Fingerprint::of(&format!("token {number}")), NOW);
        let expiry = Expiry::At(NOW + Duration::from_secs(life));
        Record { expiry, issued_at: Some(NOW), last_verified_at: Some(NOW), ..record }
    }

    /// Seconds from the issue to the refresh.
    fn age_when_due(record: &Record, policy: &Policy) -> u64 {
        let at = refresh_at(record, record.expiry.instant().unwrap(), policy);
        u64::try_from(at.since(NOW)).unwrap()
    }

    /// Counts how many of `samples` fall in each of 20 equal parts of `range`, and tells how far they are from even.
    fn chi_square(samples: &[u64], range: std::ops::Range<u64>) -> f64 {
        let mut parts = [0_u32; 20];
        for sample in samples {
            let part = (sample - range.start) * 20 / (range.end - range.start);
            parts[usize::try_from(part).unwrap().min(19)] += 1;
        }
        let expected = f64::from(u32::try_from(samples.len()).unwrap()) / 20.0;
        parts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
    }

    #[test]
    fn sixty_day_tokens_are_refreshed_after_20_to_40_days() {
        let ages: Vec<u64> = (0..20_000).map(|number| age_when_due(&issued(number, 60 * DAY), &SERVED)).collect();
        assert!(ages.iter().all(|age| (20 * DAY..=40 * DAY).contains(age)));
        // 43.8 is exceeded by one even sample in a thousand.
        assert!(chi_square(&ages, 20 * DAY..40 * DAY) < 43.8, "{}", chi_square(&ages, 20 * DAY..40 * DAY));
    }

    #[test]
    fn verifications_are_spread_evenly_around_a_week() {
        let every = |number| verify_every(&issued(number, 60 * DAY), &SERVED).as_secs();
        let waits: Vec<u64> = (0..20_000).map(every).collect();
        let (least, most) = (7 * DAY * 2 / 3, 7 * DAY * 4 / 3);
        assert!(waits.iter().all(|wait| (least..=most).contains(wait)));
        assert!(chi_square(&waits, least..most) < 43.8, "{}", chi_square(&waits, least..most));
    }

    #[test]
    fn without_a_spread_nothing_moves() {
        let policy = Policy { spread: Duration::ZERO, ..SERVED };
        for life in [7, 20, 40, 60] {
            let record = issued(life, life * DAY);
            let end = record.expiry.instant().unwrap();
            assert_eq!(refresh_at(&record, end, &policy), end - policy.threshold);
            assert_eq!(verify_every(&record, &policy), policy.verify_every);
        }
    }

    #[test]
    fn shorter_lives_have_a_smaller_spread() {
        for (life, earliest, latest) in
            [(60, 20.0, 40.0), (45, 11.25, 28.125), (30, 7.5, 18.75), (14, 3.5, 8.75), (7, 1.75, 4.375)]
        {
            let ages: Vec<u64> = (0..2_000).map(|number| age_when_due(&issued(number, life * DAY), &SERVED)).collect();
            let in_days = |age: &u64| Duration::from_secs(*age).div_duration_f64(DAYS);
            let (first, last) = (ages.iter().min().map(in_days).unwrap(), ages.iter().max().map(in_days).unwrap());
            assert!((first - earliest).abs() < 0.05 && (last - latest).abs() < 0.05, "{life} days: {first} to {last}");
        }
    }

    #[test]
    fn a_token_of_unknown_age_is_taken_for_a_full_life() {
        let imported = |left: u64| Record { issued_at: None, ..issued(1, left * DAY) };
        let due = |record: &Record| decide(record, NOW, &SERVED) == Decision::Due { why: Why::NearExpiry };
        assert!(due(&imported(19)), "a token near its end does not pass for a new one with a short life");
        assert!(!due(&imported(41)));
    }

    proptest! {
        /// From a week to a hundred days, with any policy: neither at once, nor in the last quarter.
        #[test]
        fn no_token_is_due_too_early_or_too_late(
            number: u64, life in 7 * DAY..100 * DAY, threshold in DAY..90 * DAY, spread in 1..100 * DAY
        ) {
            let policy = Policy { threshold: Duration::from_secs(threshold), spread: Duration::from_secs(spread), ..SERVED };
            let record = issued(number, life);
            let left = life - age_when_due(&record, &policy);
            prop_assert!(left <= life / 4 * 3);
            prop_assert!(left + 1 >= (life / 4).min(threshold / 2), "{left} left of {life}");
            prop_assert!(decide(&record, NOW, &policy) == decide(&record.clone(), NOW, &policy));
        }

        /// What is refreshed when `next_check` says so is refreshed a few times in its life at most, and never dies.
        #[test]
        fn no_life_makes_a_loop(number: u64, life in 7 * DAY..61 * DAY) {
            let (mut record, mut now, mut calls) = (issued(number, life), NOW, 0);
            while now < NOW + days(120) {
                now = next_check(&record, now, &SERVED);
                prop_assert!(record.expiry.left(now).unwrap() > Duration::from_secs(life / 5));
                match decide(&record, now, &SERVED) {
                    Decision::Due { why: Why::NearExpiry } => {
                        record = Record { expiry: Expiry::At(now + Duration::from_secs(life)), issued_at: Some(now), ..record };
                    }
                    decision => prop_assert_eq!(decision, Decision::Due { why: Why::VerificationDue }),
                }
                record.last_verified_at = Some(now);
                calls += 1;
            }
            let most = 120 * DAY / (life / 4) + 120 / 4;
            prop_assert!(calls <= most + 1, "{calls} calls for a life of {life} seconds");
        }

        #[test]
        fn a_spread_token_is_never_checked_late(number: u64, age in 0..60 * DAY, verified in 0..20 * DAY, later in 0..60 * DAY) {
            let record = Record { last_verified_at: Some(NOW - Duration::from_secs(verified)), ..issued(number, 60 * DAY) };
            let now = NOW + Duration::from_secs(age);
            let next = next_check(&record, now, &SERVED);
            prop_assert!(next >= now);
            let between = now + Duration::from_secs(later);
            let is_due_before = between < next && matches!(decide(&record, between, &SERVED), Decision::Due { .. });
            prop_assert!(!is_due_before);
            if next > now {
                let finds_work = matches!(decide(&record, next, &SERVED), Decision::Due { .. });
                prop_assert!(finds_work);
            }
        }
    }
}
