//! When the next attempt may be made after a failure. The instant is stored; nobody sleeps until then.

use std::time::Duration;

use everlit_meta_api::Timestamp;

use crate::Expiry;
use crate::policy::{LADDER, LONGEST_WAIT, LONGEST_WAIT_ON_LAST_DAY};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The earliest time of the next attempt after `attempts` consecutive failures (at least one).
///
/// Jitter only shortens a rung, by 2 to 20 %: a run every six hours must not come a minute too early and lose its turn.
/// What Meta asked for (`server_wait`) is obeyed in full, up to a day.
pub fn next_attempt(
    attempts: u32,
    now: Timestamp,
    expiry: Expiry,
    server_wait: Option<Duration>,
    rng: &mut fastrand::Rng,
) -> Timestamp {
    let rung = LADDER[(attempts.saturating_sub(1) as usize).min(LADDER.len() - 1)];
    let is_last_day = expiry.left(now).is_some_and(|left| left <= DAY);
    let rung = if is_last_day { rung.min(LONGEST_WAIT_ON_LAST_DAY) } else { rung };
    let wait = rung.mul_f64(0.80 + 0.18 * rng.f64());
    now + wait.max(server_wait.unwrap_or_default()).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use everlit_meta_api::Timestamp;
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    const DAYS: u64 = 86_400;

    fn wait(attempts: u32, expiry: Expiry, server: Option<u64>, seed: u64) -> i64 {
        let mut rng = fastrand::Rng::with_seed(seed);
        next_attempt(attempts, NOW, expiry, server.map(Duration::from_secs), &mut rng).since(NOW)
    }

    #[test]
    fn waits_grow_from_a_minute_to_six_hours() {
        let far = Expiry::At(NOW + Duration::from_secs(30 * DAYS));
        let rungs = [60, 300, 1_800, 7_200, 21_600, 21_600, 21_600];
        for (attempt, rung) in (1..).zip(rungs) {
            let waited = wait(attempt, far, None, 7);
            assert!(waited <= rung && waited * 10 >= rung * 8 - 10, "attempt {attempt}: {waited} of {rung}");
        }
    }

    #[test]
    fn waits_are_shorter_on_the_last_day() {
        let left = |days_left: f64| Expiry::At(NOW + Duration::from_secs_f64(days_left * 86_400.0));
        assert!(wait(20, left(1.1), None, 1) > 4 * 3_600);
        assert!(wait(20, left(0.9), None, 1) <= 3_600);
        assert!(wait(20, Expiry::At(NOW), None, 1) <= 3_600);
    }

    proptest! {
        #[test]
        fn a_wait_is_as_long_as_meta_asks_up_to_a_day(
            attempts in 0_u32..1_000_000, server in proptest::option::of(0_u64..200_000), left in 0_u64..9_000_000, seed: u64
        ) {
            let expiry = Expiry::At(NOW + Duration::from_secs(left));
            let waited = wait(attempts, expiry, server, seed);
            prop_assert!(waited > 0);
            prop_assert!(waited <= LONGEST_WAIT.as_secs().cast_signed());
            prop_assert!(waited >= server.unwrap_or(0).min(LONGEST_WAIT.as_secs()).cast_signed());
        }

        #[test]
        fn a_run_every_six_hours_finds_the_last_wait_over(attempts in 1_u32..100, seed: u64) {
            let waited = wait(attempts, Expiry::At(NOW + Duration::from_secs(25 * DAYS)), None, seed);
            prop_assert!(waited < 6 * 3_600 - 5 * 60);
        }
    }
}
