//! A place where the fresh token is used, besides the one where it is kept.

use everlit_meta_api::{BoxFuture, Timestamp, Token};

/// A place of use: each has its own stored state, is tried again at every run, and never costs another refresh.
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

/// Why a place of use did not take the token, in words without secrets.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct DeliveryError {
    /// What happened and what to do.
    pub message: String,
}
