//! Channels to people, and what is sent through them.

use std::io;

use everlit_meta_api::{BoxFuture, Timestamp};

use crate::{AccountName, Expiry, Report, Step};

/// A channel to people. A message that cannot be sent never changes how a run ends.
pub trait Notifier: Send + Sync + std::fmt::Debug {
    /// The channel's name in the settings, such as `ops`.
    fn name(&self) -> &str;

    /// The host or the program that it goes to, for error messages; never the address, which may be secret. `None` where
    /// there is none.
    fn goes_to(&self) -> Option<&str>;

    /// Sends the notice. Gives up within a deadline of its own.
    fn notify<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>>;
}

/// Suggests next steps: the keeper knows what happened, the program knows its commands.
pub trait RemediationHints: Send + Sync + std::fmt::Debug {
    /// What to do about these accounts, at least one, which all have the same cause.
    fn advice(&self, reports: &[&Report]) -> Option<Step>;
}

/// One message about one cause, for all accounts that share it. Plain text: channels escape what their markup would
/// interpret. Holds no token.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The same for every attempt and every channel, so that receivers recognize repetitions: at most 64 lower-case
    /// letters, digits and dashes.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
    /// What kind of news it is.
    pub news: News,
    /// What happened and why, in a sentence.
    pub message: String,
    /// The accounts concerned; empty only for [`News::Test`].
    pub accounts: Vec<Affected>,
    /// The one thing to do.
    pub next: Option<Step>,
    /// Channels that could not deliver this notice, each with the reason.
    pub unreached: Vec<String>,
}

/// The kind of news in a [`Notice`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum News {
    /// Only a person can help.
    NeedsPerson,
    /// A new token or a delivery could not be saved.
    NotSaved,
    /// Nothing but failures for days, and everlit goes on trying: a person should see why.
    FailingForLong,
    /// An expiry is near, and nothing averts it.
    Expiring {
        /// Days left for the account that is worst off, counting one that has begun; 0 once it has expired.
        days: u32,
    },
    /// All is well again after one of the above.
    Recovered,
    /// A test whether messages arrive.
    Test,
}

/// An account that a [`Notice`] is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Affected {
    /// Its name in the settings.
    pub name: AccountName,
    /// Its user name at Meta, where known.
    pub username: Option<String>,
    /// Since when this has been the case.
    pub since: Option<Timestamp>,
    /// When its token expires, and whatever uses the token stops.
    pub expiry: Expiry,
}

/// Why a channel did not take a message. Holds no secret.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct NotifyError {
    /// Whether it passes, or who can help.
    pub class: NotifyErrorClass,
    /// The HTTP status of the answer, where there was one.
    pub http_status: Option<u16>,
    /// What the system answered, where it was asked.
    pub io: Option<io::ErrorKind>,
    /// What happened and what to do, for people.
    pub message: String,
}

/// Whether a [`NotifyError`] passes, or who can help.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum NotifyErrorClass {
    /// It passes: no connection, a limit, a failure on the other side.
    Temporary,
    /// The other side refuses the address, the credential or the message: a person has to correct the settings.
    Refused,
    /// Nothing was sent: the channel cannot work as it is set up.
    Misconfigured,
    /// everlit itself failed.
    Bug,
}

impl NotifyError {
    /// An error without a status or a system's answer.
    pub fn new(class: NotifyErrorClass, message: impl Into<String>) -> Self {
        Self { class, http_status: None, io: None, message: message.into() }
    }

    /// Whether a person has to correct something before it can work.
    pub fn is_permanent(&self) -> bool {
        matches!(self.class, NotifyErrorClass::Refused | NotifyErrorClass::Misconfigured)
    }
}
