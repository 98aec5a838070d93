//! A place that can be examined, and one that a token can be read from.

use everlit_keeper::{DeliveryError, Receipt, Target};
use everlit_meta_api::{BoxFuture, Secret, Timestamp};
use serde_json::Value;

/// A target that can be examined without writing.
pub trait Place: Target {
    /// What a delivery would do, as a sentence without a subject: `writes IG_ACCESS_TOKEN into web.env`.
    fn plan(&self) -> String;

    /// Whether the place is there and the credential may write, as far as can be told without writing.
    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>>;

    /// What a check that succeeds has shown, as a sentence without a subject.
    fn checked(&self) -> &'static str {
        "can be written"
    }

    /// The place as one that a token can be read from; `None` if it can only be written.
    fn source(&self) -> Option<&dyn Source> {
        None
    }

    /// The place as one whose service rotates what it keeps; `None` if it does not.
    fn rotation(&self) -> Option<&dyn Rotation> {
        None
    }
}

/// A place that a run on a machine without a disk of its own reads the token from. It keeps everlit's state beside the token:
/// in a second parameter, secret, key or column.
pub trait Source: Send + Sync {
    /// The text in the token's place; `None` if there is nothing.
    fn token(&self) -> BoxFuture<'_, Result<Option<Secret>, DeliveryError>>;

    /// What [`Source::save_state`] saved last; `None` if there is nothing.
    fn state(&self) -> BoxFuture<'_, Result<Option<Secret>, DeliveryError>>;

    /// Keeps a JSON document beside the token. It may contain a newer token, so it is as secret as the token itself.
    fn save_state<'a>(&'a self, state: &'a Secret) -> BoxFuture<'a, Result<(), DeliveryError>>;

    /// The longest document that it takes, in bytes.
    fn room(&self) -> usize;
}

/// A place whose service rotates what it keeps: a new version waits, and is put in use by the last of several steps.
pub trait Rotation: Send + Sync {
    /// Whether the service means this place by that name or address of its own.
    fn is_of(&self, secret: &str) -> bool;

    /// Where the rotation to this version is; an error if the secret is another, or has no rotation to it.
    fn stage<'a>(&'a self, secret: &'a str, version: &'a str) -> BoxFuture<'a, Result<Stage, DeliveryError>>;

    /// The text of the version that waits; `None` if there is none yet.
    fn waiting<'a>(&'a self, version: &'a str) -> BoxFuture<'a, Result<Option<Secret>, DeliveryError>>;

    /// Lets a text wait as this version. Repeating it is safe.
    fn hold<'a>(&'a self, version: &'a str, text: &'a Secret) -> BoxFuture<'a, Result<(), DeliveryError>>;

    /// Puts the version that waits in use.
    fn finish<'a>(&'a self, version: &'a str) -> BoxFuture<'a, Result<(), DeliveryError>>;
}

/// Where a rotation is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// The new version is not in use yet.
    Waiting,
    /// It is in use: nothing is left to do.
    InUse,
}

/// What [`Place::checked`] says where a service does not tell whether a credential may write.
pub(crate) const ONLY_READ: &str = "can be read; only a delivery shows whether it can be written";

/// A place that keeps texts under keys: a [`Source`], with the state under a key beside that of the token.
pub(crate) trait Texts: Send + Sync {
    /// The longest text, in bytes.
    const ROOM: usize;

    /// The token's key.
    fn key(&self) -> &str;

    /// The text under a key; `None` if there is nothing.
    fn read(&self, key: &str) -> impl Future<Output = Result<Option<Secret>, DeliveryError>> + Send;

    fn write(&self, key: &str, text: &str) -> impl Future<Output = Result<(), DeliveryError>> + Send;
}

impl<T: Texts> Source for T {
    fn token(&self) -> BoxFuture<'_, Result<Option<Secret>, DeliveryError>> {
        Box::pin(self.read(self.key()))
    }

    fn state(&self) -> BoxFuture<'_, Result<Option<Secret>, DeliveryError>> {
        Box::pin(async move { self.read(&format!("{}{STATE}", self.key())).await })
    }

    fn save_state<'a>(&'a self, state: &'a Secret) -> BoxFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move { self.write(&format!("{}{STATE}", self.key()), state.expose()).await })
    }

    fn room(&self) -> usize {
        T::ROOM
    }
}

/// Ends the key under which a [`Source`] keeps everlit's state, beside the token's.
pub const STATE: &str = "-everlit";

/// A receipt with the end of the credential, from a time as services write it (RFC 3339); without one where there is none.
pub(crate) fn ends_at(time: &Value) -> Receipt {
    let end = time.as_str().and_then(|time| time.parse::<jiff::Timestamp>().ok());
    Receipt { credential_ends_at: end.map(|end| Timestamp::from_unix(end.as_second())) }
}
