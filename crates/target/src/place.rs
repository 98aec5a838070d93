//! A place that can be examined.

use everlit_keeper::{DeliveryError, Receipt, Target};
use everlit_meta_api::{BoxFuture, Token};

/// A target that can be examined without writing.
pub trait Place: Target {
    /// What a delivery would do, as a sentence without a subject: `writes IG_ACCESS_TOKEN into web.env`.
    fn plan(&self) -> String;

    /// Whether the place is there and the credential may write, as far as can be told without writing.
    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>>;

    /// Whether it holds this token.
    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>>;
}

/// Whether a place holds a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Holds {
    /// It does.
    ThisToken,
    /// It holds something else, or nothing.
    Another,
    /// It cannot be read.
    Unreadable,
}
