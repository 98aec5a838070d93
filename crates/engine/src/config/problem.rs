//! What is wrong with the settings of a project, and whom it concerns.

use everlit_keeper::AccountName;

use crate::ConfigError;

/// A setting that cannot be used. Whatever does not need it goes on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ConfigProblem {
    /// The account that cannot be worked on; `None` if a setting of the whole run is wrong.
    pub account: Option<AccountName>,
    /// What is wrong, and how to correct it.
    pub error: ConfigError,
    /// An account of the vault cannot be read. People are told of each of them, and not of the settings.
    pub(crate) is_unreadable: bool,
}

impl ConfigProblem {
    /// A problem with a setting of the whole run.
    pub(crate) fn of_run(error: ConfigError) -> Self {
        Self { account: None, error, is_unreadable: false }
    }

    /// An account of the vault that cannot be read.
    pub(crate) fn of_unreadable(error: ConfigError) -> Self {
        Self { account: None, error, is_unreadable: true }
    }

    /// A problem that keeps a run from working on this account.
    pub(crate) fn of_account(account: &AccountName, error: ConfigError) -> Self {
        Self { account: Some(account.clone()), error, is_unreadable: false }
    }
}

/// The value of a setting of the whole run, else its default; notes the problem.
pub(crate) fn or_default<T: Default>(read: Result<T, ConfigError>, problems: &mut Vec<ConfigProblem>) -> T {
    read.unwrap_or_else(|error| {
        problems.push(ConfigProblem::of_run(error));
        T::default()
    })
}
