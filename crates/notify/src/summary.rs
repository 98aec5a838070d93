//! The result of a run in numbers, as a monitor receives it.

use std::fmt::Write as _;
use std::time::Duration;

/// The result of a run. Monitors receive no names and no tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many accounts there are.
    pub accounts: u32,
    /// How many of them were checked.
    pub checked: u32,
    /// How many failed and will be retried, not yet for long.
    pub failed: u32,
    /// How many need a person, or have failed for so long that one should look.
    pub needs_person: u32,
    /// How many have a token or a delivery that could not be saved.
    pub not_saved: u32,
    /// The longest time since Meta confirmed a token.
    pub oldest_check: Option<Duration>,
    /// How long the run took.
    pub took: Duration,
    /// The exit code of the program.
    pub exit: u8,
}

/// What the result means to a monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Every account was checked, and nobody has to act.
    Success,
    /// Every account was checked; some will be retried.
    Retrying,
    /// Some accounts were not checked, and nobody has to act yet.
    Incomplete,
    /// A person must act, or something could not be saved.
    Failure,
}

impl Summary {
    /// A failure pages somebody, so it is sent only if a person must act: exit codes 1, 2, 3 and 5.
    ///
    /// Success means "every token was checked", so failures that will be retried count as success: an outage at Meta
    /// must wake nobody, and one that lasts for days is counted as needing a person. A run that could not check
    /// every account sends neither. If that lasts, the missing heartbeat raises the alarm.
    pub(crate) fn signal(&self) -> Signal {
        match self.exit {
            1 | 2 | 3 | 5 => Signal::Failure,
            _ if self.needs_person > 0 || self.not_saved > 0 => Signal::Failure,
            0 | 4 if self.checked < self.accounts => Signal::Incomplete,
            0 if self.failed == 0 => Signal::Success,
            0 | 4 => Signal::Retrying,
            _ => Signal::Incomplete,
        }
    }

    /// `accounts=3 checked=3 ...`: numbers that never change reveal a run that does nothing.
    pub(crate) fn message(&self) -> String {
        let Self { accounts, checked, failed, needs_person, not_saved, oldest_check, took, exit } = self;
        let mut message = format!(
            "accounts={accounts} checked={checked} failed={failed} needs_person={needs_person} not_saved={not_saved}"
        );
        if let Some(age) = oldest_check {
            // Writing to a String cannot fail.
            let _ = write!(message, " oldest_check_age={}s", age.as_secs());
        }
        let _ = write!(message, " took={}s exit={exit}", took.as_secs());
        message
    }
}
