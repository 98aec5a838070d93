//! The order in which overdue accounts are worked on.

use std::time::Duration;

use everlit_keeper::policy::ALARM_BEFORE_END;
use everlit_meta_api::Timestamp;

/// An account whose living token has no more than this left is critical: 14 days, when monitors hear of a failure too.
pub const CRITICAL: Duration = ALARM_BEFORE_END;

/// The rank of an overdue account: the smaller, the sooner.
///
/// As SQL, with `:now` and `:critical` (14 days later):
///
/// ```sql
/// ORDER BY CASE WHEN expires_at > :now AND expires_at <= :critical THEN 0 ELSE 1 END,
///          CASE WHEN expires_at > :now AND expires_at <= :critical THEN expires_at ELSE run_at END
/// ```
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Priority {
    /// The token lives, but not for long: the nearest end first.
    Critical {
        /// When the token dies.
        expires_at: Timestamp,
    },
    /// The longest wait first. A dead token belongs here: there is nothing left to save.
    Normal {
        /// Since when the account is due.
        run_at: Timestamp,
    },
}

impl Priority {
    /// The rank of an account that is due since `run_at` and whose token dies at `expires_at`, if ever.
    pub fn of(run_at: Timestamp, expires_at: Option<Timestamp>, now: Timestamp) -> Self {
        match expires_at.filter(|end| *end > now && *end <= now + CRITICAL) {
            Some(expires_at) => Self::Critical { expires_at },
            None => Self::Normal { run_at },
        }
    }

    /// Whether the token is near its end.
    pub fn is_critical(self) -> bool {
        matches!(self, Self::Critical { .. })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    const DAY: i64 = 24 * 60 * 60;

    /// The rank of an account, given in days from now.
    fn rank(run_at: i64, expires_at: Option<i64>) -> Priority {
        let day = |days: i64| Timestamp::from_unix(NOW.as_unix() + days * DAY);
        Priority::of(day(run_at), expires_at.map(day), NOW)
    }

    #[test]
    fn tokens_near_their_end_come_first_then_the_longest_wait() {
        let mut accounts = [
            ("waits for a day", rank(-1, Some(30))),
            ("never expires, waits for nine days", rank(-9, None)),
            ("dead, waits for five days", rank(-5, Some(-2))),
            ("ends in 14 days", rank(0, Some(14))),
            ("ends in 15 days, waits for three", rank(-3, Some(15))),
            ("ends tomorrow", rank(0, Some(1))),
            ("died just now", rank(-2, Some(0))),
        ];
        accounts.sort_by_key(|(_, rank)| *rank);
        assert_eq!(
            accounts.map(|(name, _)| name),
            [
                "ends tomorrow",
                "ends in 14 days",
                "never expires, waits for nine days",
                "dead, waits for five days",
                "ends in 15 days, waits for three",
                "died just now",
                "waits for a day",
            ]
        );
    }

    proptest! {
        #[test]
        fn a_critical_token_is_never_behind_another(
            run_at in -100_i64..1, other in (-100_i64..1, proptest::option::of(-50_i64..100)), end in 1_i64..15
        ) {
            let (critical, other) = (rank(run_at, Some(end)), rank(other.0, other.1));
            prop_assert!(critical.is_critical());
            prop_assert!(critical <= other || other.is_critical());
        }
    }
}
