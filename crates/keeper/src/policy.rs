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
    /// A token that was verified longer ago than this is verified again: it can be revoked at any time, and a site must not
    /// stay blank until the next refresh before anybody notices. A week by default.
    pub verify_every: Duration,
    /// Each token is due up to this much earlier or later than the threshold says, at a point that its fingerprint fixes, so
    /// that many accounts never become due together. Verifications are spread in proportion: 10 of 30 days make a week 4.7
    /// to 9.3 days. Zero by default, which suits a few accounts; at most half the threshold counts.
    pub spread: Duration,
    /// Ignore the stored waits and dates once; a token under 24 hours old is still left alone.
    pub force: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { threshold: 30 * DAY, verify_every: 7 * DAY, spread: Duration::ZERO, force: false }
    }
}

/// Meta refreshes only tokens that are at least 24 hours old
/// (Instagram Platform, reference `refresh_access_token`); ten minutes more absorb two clocks that disagree.
pub const MINIMUM_AGE: Duration = Duration::from_secs(24 * 60 * 60 + 10 * 60);

/// No token that Meta issues lives longer; a later date comes from a wrong clock or a damaged file.
pub const LONGEST_LIFE: Duration = Duration::from_secs(100 * 24 * 60 * 60);

/// The life of a long-lived token as Meta documents it, less a day; assumed when a reply does not say.
pub const ASSUMED_LIFE: Duration = Duration::from_secs(59 * 24 * 60 * 60);

/// A token that lives no longer than this is short-lived (one hour, says Meta) and was never exchanged.
pub const SHORT_LIVED: Duration = Duration::from_secs(2 * 60 * 60);

/// Two clocks that differ by more than this are worth a word: a reply takes seconds.
pub const CLOCK_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Two refusals without a definite subcode must be this far apart before the token counts as dead.
pub const AGREEING_CALLS_APART: Duration = Duration::from_secs(10 * 60);

/// How long a token that Meta refuses without a reason is asked about again: the longest known incident, in May 2026, took
/// three days.
pub const INCIDENT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// From this many accounts on, equal refusals are not a coincidence, if they are also half of all accounts of their kind.
pub const INCIDENT_SIZE: usize = 3;

/// From this many accounts of an app on that Meta has refused alike, with none accepted in between, a service asks about no more
/// of them. More than dead tokens explain that happen to be due one after the other.
pub const REFUSED_ALIKE: usize = 20;

/// Refusals that are further apart are not of one incident.
pub const REFUSED_WITHIN: Duration = HOUR;

/// How often a service asks whether such an incident is over: soon enough for a token that has hours left.
pub const INCIDENT_ASK_EVERY: Duration = Duration::from_secs(10 * 60);

/// From here on a failing token is called expiring: the first of [`REMINDERS`](crate::REMINDERS) is sent while three weeks
/// are left to act.
pub const EXPIRING: Duration = Duration::from_secs(21 * 24 * 60 * 60);

/// A failure that is retried for this long is reported: the longest known incident took three days.
pub const LASTING: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// With less than this left, a failure that is retried is no longer left to everlit alone: monitors hear of it at once.
pub const ALARM_BEFORE_END: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// The life of a long-lived token as Meta documents it: one whose expiry is not known ends this long after it was first seen,
/// at the latest.
pub const LONGEST_UNKNOWN: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// How long one account may take in a run, by the monotonic clock.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Deadlines {
    /// For reading its files: a few kilobytes.
    pub load: Duration,
    /// For calls to Meta: none begins later, so that a reply finds somebody who saves it.
    pub calls: Duration,
    /// For everything, with the lock and the disk. Later than the end of the last call; the rest is for saving.
    pub whole: Duration,
}

impl Deadlines {
    /// Deadlines where one call to Meta may take this long, and a host's fallback as long again.
    pub fn with_call_timeout(timeout: Duration) -> Self {
        const SAVING: Duration = Duration::from_secs(30);
        let calls = 2 * MINUTE;
        Self { load: Duration::from_secs(15), calls, whole: calls + 2 * timeout + SAVING }
    }
}

impl Default for Deadlines {
    fn default() -> Self {
        Self::with_call_timeout(Duration::from_secs(30))
    }
}

/// From this part of an app's call limit on, a run halves its pace. Meta refuses calls at 100, and other programs use the
/// app too.
pub const SLOW_AT_PERCENT: u8 = 75;

/// From this part of an app's call limit on, a run asks nothing more of Meta for that app.
pub const STOP_AT_PERCENT: u8 = 95;

/// How long an app is left alone if Meta does not say: its limits are counted by the hour.
pub const WAIT_FOR_APP: Duration = HOUR;

/// The rest after an account while the app is near its limit, at least: an account takes about as long.
pub const SHORTEST_REST: Duration = Duration::from_secs(1);

/// Accounts that one run works on at once. Enough that slow replies overlap; few enough for 256 open files (macOS), each
/// account needing up to five, and for a rate that Meta does not notice.
pub const CONCURRENCY: usize = 16;

/// From this many accounts on that a platform has left without an answer, with none answered in between, a run asks it about
/// no more. Fewer than [`CONCURRENCY`], so that all of them fail within one [`LONGEST_TRY`]; more than bad luck explains.
pub const SILENT_AFTER: usize = 5;

/// How long a silence lasts after the last call that failed: longer than one [`LONGEST_TRY`], so that it covers the rest of a
/// run; short enough for a service, which asks one account after another until one is answered.
pub const SILENCE: Duration = MINUTE;

/// Waits between failed attempts: short while it may be a blip, then every six hours for as long as the token lives. A
/// daily run always finds the wait over.
pub const LADDER: [Duration; 5] = [
    MINUTE,
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(6 * 60 * 60),
];

/// everlit verifies its own conclusions again after this long, so a daily run does it every time.
pub const ASK_AGAIN: Duration = Duration::from_secs(23 * 60 * 60);

/// The longest wait on the last day of a token's life.
pub const LONGEST_WAIT_ON_LAST_DAY: Duration = HOUR;

/// Waits between attempts within one run; together they stay under a minute, as cron users expect.
pub const WITHIN_ONE_RUN: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(8), Duration::from_secs(20)];

/// A run that has tried for this long leaves the rest to the next one. Under a minute, so that a run ends within one if
/// Meta does not answer.
pub const LONGEST_TRY: Duration = Duration::from_secs(57);

/// A longer stored wait was written by a wrong clock: no rung and no obeyed `Retry-After` exceeds it. A policy block of Meta's
/// is waited out for a day.
pub const LONGEST_WAIT: Duration = Duration::from_secs(25 * 60 * 60);

/// How long a run waits for another run that holds the lock.
pub const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// The pause between two attempts to take that lock.
pub(crate) const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// A target whose token ends within this needs a person, however well the delivery may go next time.
pub const STALE_COPY: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long one delivery to a target may take, if the target does not say otherwise.
pub const DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);

/// Deliveries to one target at once, for many accounts: services limit calls by the second.
pub const DELIVERIES_AT_ONCE: usize = 4;

/// A delivery that a run has not got round to is made after this time, if a service looks for work all the time.
pub const DELIVERY_SOON: Duration = Duration::from_secs(5 * 60);

/// How much earlier a target may be asked whether it still holds the token.
pub const VERIFY_SLACK: Duration = Duration::from_secs(12 * 60 * 60);

/// The longest wait that a target may ask for; a daily run finds it over.
pub const LONGEST_DELIVERY_WAIT: Duration = Duration::from_secs(23 * 60 * 60);

/// How long all channels together have to take their messages.
pub const NOTIFY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the fallbacks have after that: 45 seconds in all, so that a run ends within a minute of its last account.
pub const FALLBACK_TIMEOUT: Duration = Duration::from_secs(15);

/// How long an account's file with what people were told may take to be read or written: it has a few hundred bytes.
pub const ALERT_FILE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a run waits for another run's dispatch: as long as that may take, and a little more.
pub const DISPATCH_TIMEOUT: Duration = Duration::from_secs(50);
