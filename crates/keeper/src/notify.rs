//! Somebody who is told when a person has to know.

use std::io;

use everlit_meta_api::{BoxFuture, Timestamp};

use crate::record::{AccountName, Expiry};
use crate::report::Report;
use crate::step::Step;

/// A way to reach a person. A message that cannot be sent never changes how a run ends.
pub trait Notifier: Send + Sync + std::fmt::Debug {
    /// The channel's name in the settings, such as `ops`.
    fn name(&self) -> &str;

    /// What a failure is to name: the host that it goes to, or the program; never the address, which may be secret. `None`
    /// where there is none.
    fn goes_to(&self) -> Option<&str>;

    /// Tells them. Gives up within a deadline of its own.
    fn notify<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>>;
}

/// Whoever knows the commands: the keeper knows what happened, the program what to run.
pub trait RemediationHints: Send + Sync + std::fmt::Debug {
    /// The one thing to do about these accounts, at least one, which all stand badly for the same cause.
    fn advice(&self, reports: &[&Report]) -> Option<Step>;
}

/// One message about one cause, for however many accounts share it. Plain text throughout: a channel escapes what its
/// markup would take for more. Holds no token.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The same at every attempt and on every channel, so that a receiver can tell a repetition: lower-case letters, digits
    /// and dashes, at most 64.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
    /// What sort of news it is.
    pub news: News,
    /// What happened and why, in a sentence.
    pub message: String,
    /// Whom it concerns; empty for [`News::Test`] alone.
    pub accounts: Vec<Affected>,
    /// The one thing to do.
    pub next: Option<Step>,
    /// Channels that could not be told the same, each with the reason, for whoever reads this one.
    pub unreached: Vec<String>,
}

/// What sort of news a [`Notice`] brings.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum News {
    /// Only a person can help.
    NeedsPerson,
    /// A new token or a delivery could not be saved.
    NotSaved,
    /// An expiry draws near and nothing is averting it.
    Expiring {
        /// Days that are left to the account that is worst off, one that has begun included; 0 once it has expired.
        days: u32,
    },
    /// All is well again after one of the above.
    WellAgain,
    /// Somebody wants to see whether messages arrive.
    Test,
}

/// An account that a [`Notice`] is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Affected {
    /// Its name in the settings.
    pub name: AccountName,
    /// Its user name at Meta, where known.
    pub username: Option<String>,
    /// Since when it has been so.
    pub since: Option<Timestamp>,
    /// When its token dies, and with it whatever uses the token.
    pub expiry: Expiry,
}

/// Why a channel did not take a message. Holds no secret.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct NotifyError {
    /// Whether it passes, and else who can help.
    pub class: NotifyErrorClass,
    /// The HTTP status of the answer, where there was one.
    pub http_status: Option<u16>,
    /// What the system answered, where it was asked.
    pub io: Option<io::ErrorKind>,
    /// What happened and what to do, for people.
    pub message: String,
}

/// Whether a [`NotifyError`] passes, and else who can help.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum NotifyErrorClass {
    /// It passes: no connection, a limit, a failure at the other side.
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
