//! Exit codes: contracts with cron, systemd, monitors and people.

use std::io;

use everlit_keeper::{Cause, Health, Outcome, Report};
use everlit_meta_api::Class;

/// How the program ends. With several accounts, the greatest in this order wins.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Exit {
    /// All well, or nothing due.
    Success,
    /// Another run holds the lock.
    Locked,
    /// A temporary failure, retried automatically.
    Temporary,
    /// The command of `run` is there and cannot be started.
    NotExecutable,
    /// The command of `run` is not there.
    NotFound,
    /// Usage or configuration.
    Config,
    /// A person must act.
    Person,
    /// everlit itself failed.
    Internal,
    /// A new token could not be saved, or a delivery needs a person.
    NotSaved,
}

/// The exit code of an account that stands like this.
impl From<Health> for Exit {
    fn from(health: Health) -> Self {
        match health {
            Health::Healthy | Health::Due | Health::TooYoung => Self::Success,
            Health::Retrying | Health::Expiring => Self::Temporary,
            Health::Unreadable => Self::Config,
            Health::NeedsPerson | Health::Expired | Health::NoToken | Health::Stopped => Self::Person,
            Health::NotSaved | Health::NotDelivered => Self::NotSaved,
        }
    }
}

impl Exit {
    /// The exit code of a run over one account.
    pub fn of(report: &Report) -> Self {
        match (&report.outcome, report.health(), report.cause()) {
            (Outcome::Internal { .. }, ..) => Self::Internal,
            (Outcome::Refused(error), ..) if error.is_locked() => Self::Locked,
            // The token that was given is wrong, not the one in use.
            (Outcome::NotConnected { cause: Cause::ShortLived, .. }, ..) => Self::Temporary,
            (Outcome::NotConnected { cause: Cause::AnotherAccount, .. }, ..)
            | (_, Health::NeedsPerson, Some(Cause::Meta(Class::Config))) => Self::Config,
            (_, Health::NotDelivered, _) if !report.delivery_needs_person() => Self::Temporary,
            (_, health, _) => health.into(),
        }
    }

    /// For a command that could not be started, as a shell has it.
    pub fn of_start(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::NotFound } else { Self::NotExecutable }
    }

    /// everlit's own, in the order of their numbers.
    pub const ALL: [Self; 7] =
        [Self::Success, Self::Internal, Self::Config, Self::Person, Self::Temporary, Self::NotSaved, Self::Locked];

    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Internal => 1,
            Self::Config => 2,
            Self::Person => 3,
            Self::Temporary => 4,
            Self::NotSaved => 5,
            Self::Locked => 6,
            Self::NotExecutable => 126,
            Self::NotFound => 127,
        }
    }

    /// What it means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Success => "all well, or nothing due",
            Self::Internal => "internal error: a bug in everlit, or a report that could not be written",
            Self::Config => "usage or configuration: a flag or a setting has to be corrected",
            Self::Person => {
                "a person must act: a token is dead, has expired or was never given, the schedule has stopped, or its owner or the app's owner has to act"
            }
            Self::Temporary => "temporary: a failure that everlit retries; the token in use stays",
            Self::NotSaved => "a new token could not be saved, or a delivery needs a person",
            Self::Locked => "another run holds the lock",
            Self::NotExecutable => "the command of `everlit run` could not be started",
            Self::NotFound => "the command of `everlit run` was not found",
        }
    }

    /// What to do.
    pub fn action(self) -> &'static str {
        match self {
            Self::Success => "Nothing.",
            Self::Internal => "Run `everlit doctor` and report it with its output, which holds no token.",
            Self::Config => {
                "Read the message: it names the file or flag. `everlit doctor` shows where each setting comes from."
            }
            Self::Person => "Run `everlit status`: it names the account, the cause and the next step.",
            Self::Temporary => "Nothing, as long as it runs daily. If it lasts for days, run `everlit doctor`.",
            Self::NotSaved => {
                "Make the place writable or free some space, then run `everlit refresh`: it finishes the work without asking Meta for another token."
            }
            Self::Locked => "Wait for the run that the message names, then retry.",
            Self::NotExecutable | Self::NotFound => "Correct the command after `--`.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_worst_account_decides_the_exit_code() {
        let mut ends = vec![Exit::Temporary, Exit::NotSaved, Exit::Success, Exit::Config, Exit::Person, Exit::Locked];
        ends.sort_unstable_by(|a, b| b.cmp(a));
        let codes: Vec<u8> = ends.into_iter().map(Exit::code).collect();
        assert_eq!(codes, [5, 3, 2, 4, 6, 0]);
    }

    #[test]
    fn the_codes_are_zero_to_six() {
        assert_eq!(Exit::ALL.map(Exit::code), [0, 1, 2, 3, 4, 5, 6]);
    }
}
