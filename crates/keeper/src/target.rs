//! A place where the token is used, besides the one where it is kept.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use everlit_meta_api::{BoxFuture, Timestamp, Token};

use crate::codes::codes;
use crate::policy::DELIVERY_TIMEOUT;

/// A place where the token is used. Each has its own stored state, is retried at every run, and never causes a refresh.
pub trait Target: Send + Sync + std::fmt::Debug {
    /// The name a person gave to it; unique within an account.
    fn name(&self) -> &str;

    /// Puts the token there. Repeating it with the same token is safe.
    fn deliver<'a>(
        &'a self,
        token: &'a Token,
        expires_at: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Receipt, DeliveryError>>;

    /// Whether it holds this token.
    fn verify<'a>(&'a self, _token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(async { Ok(Holds::Unreadable) })
    }

    /// How long one delivery, or one look at what is there, may take.
    fn timeout(&self) -> Duration {
        DELIVERY_TIMEOUT
    }

    /// What makes a delivered token take effect; `None` where whoever uses it reads it anew.
    fn activation(&self) -> Option<Arc<dyn Activation>> {
        None
    }
}

/// Whether a target holds a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Holds {
    /// It does.
    ThisToken,
    /// It holds something else, or nothing.
    Another,
    /// It cannot be read.
    Unreadable,
}

impl Holds {
    /// What is there, compared with the token.
    pub fn of(held: Option<&str>, token: &Token) -> Self {
        if held == Some(token.expose()) { Self::ThisToken } else { Self::Another }
    }
}

/// Makes delivered tokens take effect: a redeploy, a restart. Once for all deliveries of a run, after the last of them; retried
/// at every run like a delivery.
pub trait Activation: Send + Sync + std::fmt::Debug {
    /// Unique within a project, such as `site: redeploy`. Targets with the same one share it.
    fn name(&self) -> &str;

    /// Starts it. Repeating it is safe.
    fn activate(&self) -> BoxFuture<'_, Result<(), DeliveryError>>;

    /// How long starting it may take.
    fn timeout(&self) -> Duration {
        DELIVERY_TIMEOUT
    }
}

/// What a target said as it took the token.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Receipt {
    /// When the credential for the target ends, where the target told.
    pub credential_ends_at: Option<Timestamp>,
}

/// Why a target did not take the token. Holds no secret.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct DeliveryError {
    /// Who can help.
    pub class: DeliveryErrorClass,
    /// How long the target asked to wait, where it did.
    pub retry_after: Option<Duration>,
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
    /// Nobody: it passes.
    Retry,
    /// The owner of the credential for the target: it was refused, or lacks a permission.
    CredentialRefused,
    /// Whoever wrote the settings: the target does not exist.
    NotFound,
    /// The target's owner: one of its own rules refuses the token (a protected environment, a policy, a size limit).
    RefusedByRule,
    /// The authors of everlit.
    Bug,
}

codes!(DeliveryErrorClass, 5:
    Self::Retry => "retry",
    Self::CredentialRefused => "credential_refused",
    Self::NotFound => "not_found",
    Self::RefusedByRule => "refused_by_rule",
    Self::Bug => "bug",
);

impl DeliveryError {
    /// An error without a status or a system's answer.
    pub fn new(class: DeliveryErrorClass, message: impl Into<String>) -> Self {
        Self { class, retry_after: None, http_status: None, io: None, message: message.into() }
    }

    /// One that passes by itself.
    pub fn retry(message: impl Into<String>) -> Self {
        Self::new(DeliveryErrorClass::Retry, message)
    }

    /// Whether waiting does not help.
    pub fn needs_person(&self) -> bool {
        self.class != DeliveryErrorClass::Retry
    }
}
