//! A place that keeps a text under a name, as a target and as a source of tokens.

use std::fmt::Debug;
use std::sync::Arc;

use everlit_keeper::{DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Secret, Timestamp, Token};
use everlit_options::{OptionSpec, Shape};

use crate::kind::optional;
use crate::place::{ONLY_READ, Place, Rotation, Source};
use crate::setup::Setup;

/// The settings of both services.
pub(crate) const OPTIONS: &[OptionSpec] = &[
    optional("region", Shape::Text),
    optional("profile", Shape::Text),
    optional("kms_key", Shape::Text),
    optional("url", Shape::Text),
];

/// A service that keeps texts under names.
pub(crate) trait Vault: Debug + Send + Sync + Sized + 'static {
    /// What the service calls one: `parameter` or `secret`.
    const WHAT: &'static str;
    /// The longest text that it can keep and give back, in bytes.
    const ROOM: usize;

    /// The name of its region.
    fn region(&self) -> &str;

    /// What stands under the name; `None` if nothing does.
    fn read(&self, name: &str) -> impl Future<Output = Result<Option<Stored>, DeliveryError>> + Send;

    /// Puts the text there, over what has been read.
    fn write(
        &self,
        name: &str,
        text: &Secret,
        over: Option<&Stored>,
    ) -> impl Future<Output = Result<(), DeliveryError>> + Send;

    /// The place as one whose service rotates what it keeps; `None` if it does not.
    fn rotation(_: &VaultPlace<Self>) -> Option<&dyn Rotation> {
        None
    }
}

/// A text as it was read.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) text: Secret,
    /// What distinguishes it from the same text before and after.
    pub(crate) version: String,
}

/// The place for one account's token in a vault.
pub(crate) fn place(setup: &Setup<'_>, vault: impl Vault) -> Arc<dyn Place> {
    Arc::new(VaultPlace { vault, name: setup.name.to_owned(), key: setup.key.clone() })
}

/// The place of one account's token, and beside it that of the state.
#[derive(Debug)]
pub(crate) struct VaultPlace<V> {
    pub(crate) vault: V,
    name: String,
    pub(crate) key: String,
}

impl<V: Vault> VaultPlace<V> {
    /// Where the state stands.
    fn state_key(&self) -> String {
        format!("{}-everlit", self.key)
    }

    /// What is in the token's place: an earlier token or nothing. Anything else would be lost.
    async fn stored(&self) -> Result<Option<Stored>, DeliveryError> {
        let stored = self.vault.read(&self.key).await?;
        if stored.as_ref().is_some_and(|stored| Token::parse(stored.text.expose()).is_err()) {
            let message = format!(
                "the {} {} holds something other than a token and was left alone: delete it, or choose another `key`",
                V::WHAT,
                self.key
            );
            return Err(DeliveryError::new(DeliveryErrorClass::RefusedByRule, message));
        }
        Ok(stored)
    }

    /// Writes the text unless it is there: each write is a version, and versions are limited.
    async fn put(&self, name: &str, text: &Secret, stored: Option<&Stored>) -> Result<(), DeliveryError> {
        if stored.is_some_and(|stored| stored.text == *text) {
            return Ok(());
        }
        self.vault.write(name, text, stored).await
    }
}

impl<V: Vault> Target for VaultPlace<V> {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let stored = self.stored().await?;
            let text = Secret::new(token.expose());
            self.put(&self.key, &text, stored.as_ref()).await.map(|()| Receipt::default())
        })
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(async move {
            let stored = self.vault.read(&self.key).await?;
            let is_this = stored.is_some_and(|stored| stored.text.is(token.expose()));
            Ok(if is_this { Holds::ThisToken } else { Holds::Another })
        })
    }
}

impl<V: Vault> Place for VaultPlace<V> {
    fn plan(&self) -> String {
        format!("writes the {} {} in {} (a check can only read it)", V::WHAT, self.key, self.vault.region())
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move { self.stored().await.map(|_| Receipt::default()) })
    }

    fn checked(&self) -> &'static str {
        ONLY_READ
    }

    fn source(&self) -> Option<&dyn Source> {
        Some(self)
    }

    fn rotation(&self) -> Option<&dyn Rotation> {
        V::rotation(self)
    }
}

impl<V: Vault> Source for VaultPlace<V> {
    fn token(&self) -> BoxFuture<'_, Result<Option<Secret>, DeliveryError>> {
        Box::pin(async move { Ok(self.vault.read(&self.key).await?.map(|stored| stored.text)) })
    }

    fn state(&self) -> BoxFuture<'_, Result<Option<Secret>, DeliveryError>> {
        Box::pin(async move { Ok(self.vault.read(&self.state_key()).await?.map(|stored| stored.text)) })
    }

    fn save_state<'a>(&'a self, state: &'a Secret) -> BoxFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move {
            let (key, length) = (self.state_key(), state.expose().len());
            if length > V::ROOM {
                let message = format!("the {} {key} has room for {} bytes, not for {length}", V::WHAT, V::ROOM);
                return Err(DeliveryError::new(DeliveryErrorClass::RefusedByRule, message));
            }
            let stored = self.vault.read(&key).await?;
            self.put(&key, state, stored.as_ref()).await
        })
    }

    fn room(&self) -> usize {
        V::ROOM
    }
}
