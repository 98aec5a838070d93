//! When the next attempt may be made after a failure. The instant is stored; nobody sleeps until then.

use std::time::Duration;

use everlit_meta_api::Timestamp;

use crate::Expiry;
use crate::policy::{LADDER, LONGEST_WAIT, TIGHTER};

/// The earliest time of the next attempt after `attempts` consecutive failures (at least one).
///
/// Jitter only shortens a rung, by 2 to 20 %: a daily run must not come a minute too early and lose a day.
/// What Meta asked for (`server_wait`) is obeyed in full, up to a day.
pub fn next_attempt(
    attempts: u32,
    now: Timestamp,
    expiry: Expiry,
    server_wait: Option<Duration>,
    rng: &mut fastrand::Rng,
) -> Timestamp {
    let rung = LADDER[(attempts.saturating_sub(1) as usize).min(LADDER.len() - 1)];
    let rung = match expiry.left(now) {
        Some(left) => TIGHTER.iter().find(|(life, _)| left <= *life).map_or(rung, |(_, longest)| rung.min(*longest)),
        None => rung,
    };
    let wait = rung.mul_f64(0.80 + 0.18 * rng.f64());
    now + wait.max(server_wait.unwrap_or_default()).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use everlit_meta_api::Timestamp;
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    const DAY: u64 = 86_400;

    fn wait(attempts: u32, expiry: Expiry, server: Option<u64>, seed: u64) -> i64 {
        let mut rng = fastrand::Rng::with_seed(seed);
        next_attempt(attempts, NOW, expiry, server.map(Duration::from_secs), &mut rng).since(NOW)
    }

    #[test]
    fn waits_grow_from_a_minute_to_a_day() {
        let far = Expiry::At(NOW + Duration::from_secs(30 * DAY));
        let rungs = [60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400, 86_400];
        for (attempt, rung) in (1..).zip(rungs) {
            let waited = wait(attempt, far, None, 7);
            assert!(waited <= rung && waited * 10 >= rung * 8 - 10, "attempt {attempt}: {waited} of {rung}");
        }
    }

    #[test]
    fn waits_are_shorter_near_the_expiry() {
        let left = |days_left: f64| Expiry::At(NOW + Duration::from_secs_f64(days_left * 86_400.0));
        assert!(wait(20, left(8.0), None, 1) > 6 * 3_600);
        assert!(wait(20, left(6.9), None, 1) <= 6 * 3_600);
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
        fn a_daily_run_is_never_blocked_by_yesterdays_wait(attempts in 1_u32..100, seed: u64) {
            let waited = wait(attempts, Expiry::At(NOW + Duration::from_secs(25 * DAY)), None, seed);
            prop_assert!(waited < 24 * 3_600 - 20 * 60);
        }
    }
}
