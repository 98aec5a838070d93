//! A place where the token is used, besides the one where it is kept.

use std::io;
use std::time::Duration;

use everlit_meta_api::{BoxFuture, Timestamp, Token};

/// A place where the token is used. Each has its own stored state, is retried at every run, and never causes a refresh.
pub trait Target: Send + Sync + std::fmt::Debug {
    /// The name a person gave to it; unique within an account.
    fn name(&self) -> &str;

    /// Puts the token there. Repeating it with the same token is safe.
    fn deliver<'a>(
        &'a self,
        token: &'a Token,
        expires_at: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<(), DeliveryError>>;
}

/// Why a target did not take the token. Holds no secret.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct DeliveryError {
    /// Who can help.
    pub class: DeliveryErrorClass,
    /// The HTTP status of the answer, where there was one.
    pub http_status: Option<u16>,
    /// What the system answered, where it was asked.
    pub io: Option<io::ErrorKind>,
    /// What happened and what to do, for people.
    pub message: String,
}

/// Who can help with a [`DeliveryError`].
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum DeliveryErrorClass {
    /// Nobody: it passes. Not before so long has passed, where the target said so.
    Retry {
        /// What the target asked for.
        after: Option<Duration>,
    },
    /// The owner of the credential for the target: it was refused, or lacks a permission.
    CredentialRefused,
    /// Whoever wrote the settings: the target does not exist.
    NotFound,
    /// The target's owner: one of its own rules refuses the token (a protected environment, a policy, a size limit).
    RefusedByRule,
    /// The authors of everlit.
    Bug,
}

impl DeliveryError {
    /// An error without a status or a system's answer.
    pub fn new(class: DeliveryErrorClass, message: impl Into<String>) -> Self {
        Self { class, http_status: None, io: None, message: message.into() }
    }

    /// How long the target asked to wait, where it did.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.class {
            DeliveryErrorClass::Retry { after } => after,
            _ => None,
        }
    }
}
