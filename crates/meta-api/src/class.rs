//! Who has to act on a failure.

use std::fmt;
use std::str::FromStr;

/// Who has to act on a failure, and whether the token is at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Nobody: it will pass. Try again, ever more slowly.
    Retry,
    /// Nobody: too many calls. Wait for the stated time.
    BackOff,
    /// The account's owner must log in again; the token is dead, or the login never was complete.
    Reconnect,
    /// The account's owner must put the account in order (a checkpoint, say); the token may revive.
    AccountOwner,
    /// The app's owner must act in Meta's dashboard: roles, permissions, review.
    AppOwner,
    /// What was configured is wrong: secret, id, kind of token. The token is untouched.
    Config,
    /// Not known. Try again slowly, tell a person if it lasts, and never take the token for dead.
    Unknown,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 7] =
        [Self::Retry, Self::BackOff, Self::Reconnect, Self::AccountOwner, Self::AppOwner, Self::Config, Self::Unknown];

    /// The name used in files and JSON: `retry`, `back-off`, `reconnect`, `account-owner`, `app-owner`, `config`, `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::BackOff => "back-off",
            Self::Reconnect => "reconnect",
            Self::AccountOwner => "account-owner",
            Self::AppOwner => "app-owner",
            Self::Config => "config",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Class {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Self, UnknownClass> {
        Self::ALL.into_iter().find(|class| class.as_str() == text).ok_or(UnknownClass)
    }
}

/// The text names no [`Class`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a class of errors")]
pub struct UnknownClass;
