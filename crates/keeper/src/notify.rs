//! Somebody who is told when an account's standing changes.

use everlit_meta_api::BoxFuture;

use crate::record::{AccountName, Standing};

/// A way to reach a person. A message that cannot be sent never changes how a run ends.
pub trait Notifier: Send + Sync + std::fmt::Debug {
    /// Tells them.
    fn tell<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>>;
}

/// A change of standing.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Whose.
    pub account: AccountName,
    /// How it stood when somebody was last told.
    pub before: Standing,
    /// How it stands now.
    pub now: Standing,
    /// What happened, in words without secrets.
    pub words: String,
}

/// Why nobody could be told, in words without secrets.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{words}")]
pub struct NotifyError {
    /// What happened.
    pub words: String,
}
