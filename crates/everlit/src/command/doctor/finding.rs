//! A finding of the doctor, and what it examines.

use everlit_engine::Account;
use everlit_engine::AccountStore;
use everlit_keeper::{AccountName, Step, StoreError, Stored};

use crate::output::{Exit, Mark};

/// One account and what could be read of it.
pub(super) struct AccountCheck<'a> {
    pub(super) account: &'a Account,
    pub(super) found: Result<Stored, StoreError>,
}

impl AccountCheck<'_> {
    /// The key that holds the token.
    pub(super) fn key(&self, store: &AccountStore) -> String {
        store.key(&self.account.name).unwrap_or_else(|_| everlit_store::DEFAULT_KEY.to_owned())
    }
}

/// The result of one check.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// What was checked, in a word or two.
    pub(super) check: &'static str,
    pub(super) level: Level,
    pub(super) message: String,
    /// What to run or do.
    pub(super) fix: Option<Step>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Level {
    Ok,
    /// It works, but somebody should look at it.
    Warning,
    /// It does not work; the program ends with this code.
    Problem(Exit),
}

impl Finding {
    pub(super) fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, level: Level::Ok, message: message.into(), fix: None }
    }

    pub(super) fn warning(check: &'static str, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::ok(check, message) }
    }

    pub(super) fn problem(check: &'static str, exit: Exit, message: impl Into<String>) -> Self {
        Self { level: Level::Problem(exit), ..Self::ok(check, message) }
    }

    pub(super) fn fix(self, fix: Step) -> Self {
        Self { fix: Some(fix), ..self }
    }

    pub(super) fn about(self, account: &AccountName) -> Self {
        Self { message: format!("{account}: {}", self.message), ..self }
    }
}

impl Level {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem(_) => "problem",
        }
    }

    pub(super) fn mark(self) -> Mark {
        match self {
            Self::Ok => Mark::Good,
            Self::Warning => Mark::Warning,
            Self::Problem(_) => Mark::Bad,
        }
    }

    /// The worst first.
    pub(super) fn order(self) -> u8 {
        match self {
            Self::Problem(_) => 0,
            Self::Warning => 1,
            Self::Ok => 2,
        }
    }

    pub(super) fn exit(self) -> Exit {
        match self {
            Self::Ok | Self::Warning => Exit::Success,
            Self::Problem(exit) => exit,
        }
    }
}
