//! The numbers that decide, each with its reason.

use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// When a token counts as due. Built by [`Policy::default`]; a user changes the threshold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Policy {
    /// A token with less than this left is due. 30 days: half of a token's life remains for retries.
    pub threshold: Duration,
    /// Refresh whatever the stored waits and dates say, once; a token under 24 hours old is still left alone.
    pub force: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { threshold: 30 * DAY, force: false }
    }
}

/// Meta refreshes only tokens that are at least 24 hours old
/// (Instagram Platform, reference `refresh_access_token`); ten minutes more absorb two clocks that disagree.
pub const MINIMUM_AGE: Duration = Duration::from_secs(24 * 60 * 60 + 10 * 60);

/// No token that Meta issues lives longer; a date further away is a wrong clock or a damaged file.
pub const LONGEST_LIFE: Duration = Duration::from_secs(100 * 24 * 60 * 60);

/// What Meta documents for a long-lived token, less a day: taken when a reply does not say.
pub const ASSUMED_LIFE: Duration = Duration::from_secs(59 * 24 * 60 * 60);

/// A token that lives no longer than this is a short-lived one (Meta: one hour) that was never exchanged.
pub const SHORT_LIVED: Duration = Duration::from_secs(2 * 60 * 60);

/// A token is looked at this often though it is not due: it can be revoked at any time, and a site must not be blank until
/// the next refresh before anybody hears of it.
pub const VERIFY_EVERY: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Two refusals without a definite subcode must lie this far apart before they count as death.
pub const AGREEING_CALLS_APART: Duration = Duration::from_secs(10 * 60);

/// How long a verdict without a reason is doubted: the longest incident known, in May 2026, took three days.
pub const INCIDENT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// From so many accounts on, refusals alike are no coincidence, if they are also half of all accounts of their kind.
pub const INCIDENT_SIZE: usize = 3;

/// From here on a failing token is called expiring: the first reminder goes out
/// ([`REMINDERS`](crate::REMINDERS)), while three weeks are left to act.
pub const EXPIRING: Duration = Duration::from_secs(21 * 24 * 60 * 60);

/// Accounts that one run works on at once. Enough that slow replies overlap; few enough for 256 open files (macOS), each
/// account needing up to five, and for a rate that Meta does not notice.
pub const CONCURRENCY: usize = 16;

/// Waits between failed attempts: quick while it may be a blip, then daily.
/// After these rungs have gone by, 23.4 hours have passed.
pub const LADDER: [Duration; 8] = [
    MINUTE,
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    HOUR,
    Duration::from_secs(3 * 60 * 60),
    Duration::from_secs(6 * 60 * 60),
    Duration::from_secs(12 * 60 * 60),
    DAY,
];

/// The longest wait while at most so much life is left, most urgent first.
pub const TIGHTER: [(Duration, Duration); 2] =
    [(DAY, HOUR), (Duration::from_secs(7 * 24 * 60 * 60), Duration::from_secs(6 * 60 * 60))];

/// Waits between attempts inside one run; together they stay under a minute, as cron users expect.
pub const WITHIN_ONE_RUN: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(8), Duration::from_secs(20)];

/// Once a run has tried for so long, it leaves the rest to the next one: with slow replies the pauses alone do not end it.
pub const LONGEST_TRY: Duration = MINUTE;

/// A stored wait beyond this was written by a wrong clock: no rung and no obeyed `Retry-After` is longer.
pub const LONGEST_WAIT: Duration = Duration::from_secs(25 * 60 * 60);

/// How long a run waits for another one that holds the lock.
pub const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// Between two looks whether that lock is free.
pub(crate) const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// How long the channels have together to take their messages.
pub const NOTIFY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the fallbacks have after that; 45 seconds together, so that a run ends within a minute of its last account.
pub const FALLBACK_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a run waits for another one that is telling: as long as that may take, and a little more.
pub const DISPATCH_TIMEOUT: Duration = Duration::from_secs(50);
