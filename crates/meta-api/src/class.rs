//! Who has to act on a failure.

use crate::names::names;

/// Who has to act on a failure, and whether the token is at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Nobody: the failure is temporary. Retry with growing delays.
    Retry,
    /// Nobody: too many calls. Wait for the stated time.
    BackOff,
    /// The account's owner must log in again: the token is dead, or the login was never completed.
    Reconnect,
    /// The account's owner must fix the account (a checkpoint, say); the token may then work again.
    AccountOwner,
    /// The app's owner must act in Meta's dashboard: roles, permissions, review.
    AppOwner,
    /// The configuration is wrong: secret, id or kind of token. The token is unaffected.
    Config,
    /// Unknown. Retry slowly, notify a person if it persists, and never treat the token as dead.
    Unknown,
}

names!(Class {
    Retry = "retry",
    BackOff = "back-off",
    Reconnect = "reconnect",
    AccountOwner = "account-owner",
    AppOwner = "app-owner",
    Config = "config",
    Unknown = "unknown",
});
