//! What can decide whether a command runs.

/// Why a command may not run, or may not refresh.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Guard {
    /// `[ ... ] && everlit refresh`.
    Test,
    /// `if ...; then everlit refresh; fi`.
    Condition,
    /// `other && everlit refresh`, `other || everlit refresh`.
    Command,
    /// `flock -n lock everlit refresh`.
    Lock,
    /// `other everlit refresh`.
    Program,
    /// `everlit refresh --threshold-days 5`.
    Setting,
    /// `timeout 1 everlit refresh`.
    Timeout,
}

impl Guard {
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Test => "the test in front of it decides whether it runs",
            Self::Condition => "it runs only under a condition",
            Self::Command => "the command in front of it decides whether it runs",
            Self::Lock => "flock -n skips the run while the lock is held",
            Self::Program => "the program in front of it decides whether it runs",
            Self::Timeout => "timeout may end it before Meta has answered: give it a minute or more",
            Self::Setting => {
                "it has a threshold or a stand-in for Meta of its own, which is not simulated: put the setting into everlit.toml"
            }
        }
    }
}
