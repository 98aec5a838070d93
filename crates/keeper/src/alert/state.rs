//! What people were last told about an account, and where that is kept.

use everlit_meta_api::{BoxFuture, Timestamp};

use crate::{AccountName, Guard, Health, StoreError};

/// Where alert states live: beside the accounts, or elsewhere.
pub trait AlertStore: Send + Sync + std::fmt::Debug {
    /// What people were last told about an account, whether or not its record and its token can be read. The default
    /// where nothing is kept or what is kept cannot be understood: then people are told once more.
    fn alert_state<'a>(&'a self, account: &'a AccountName) -> BoxFuture<'a, AlertState>;

    /// Remembers it; [`AlertState::default`] leaves nothing behind.
    fn save_alert_state<'a>(
        &'a self,
        account: &'a AccountName,
        alert_state: &'a AlertState,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// The right to send alerts, or [`StoreErrorClass::Locked`](crate::StoreErrorClass::Locked) at once if another run
    /// has it: of two runs that find the same, one tells.
    fn lease_alerts(&self, now: Timestamp) -> BoxFuture<'_, Result<Guard<'_>, StoreError>>;
}

/// What people were last told about one account; it outlives records, tokens and runs.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AlertState {
    /// The bad news that people have; `None` when the last message said that all is well.
    pub alarm: Option<Alarm>,
    /// Channels that the last message did not reach.
    pub undelivered: Vec<Undelivered>,
}

/// Bad news that people have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Alarm {
    /// The account's health at that time.
    pub health: Health,
    /// The cause, in a word for programs.
    pub cause: String,
    /// Since when it has been bad.
    pub since: Timestamp,
    /// When people were told.
    pub at: Timestamp,
    /// The last of [`REMINDERS`](crate::REMINDERS) that was sent, or was overtaken by other news.
    pub reminded: Option<u32>,
}

/// A message that did not reach a channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Undelivered {
    /// The channel's name in the settings.
    pub channel: String,
    /// Why, for people; free of secrets.
    pub message: String,
    /// When it was tried.
    pub at: Timestamp,
}
