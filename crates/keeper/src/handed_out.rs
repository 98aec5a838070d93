//! Accounts that hold the same token: within one run, Meta is asked once for its successor.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use everlit_meta_api::{Fingerprint, Lifetime, Reply, Timestamp, Token, TokenReply};

/// What Meta has handed out in one run, by the token that it replaces.
#[derive(Debug, Default)]
pub(crate) struct HandedOut {
    by_token: Mutex<HashMap<Fingerprint, Arc<Turn>>>,
}

/// Held while Meta is asked, so that the other accounts with this token wait for the reply.
pub(crate) type Turn = tokio::sync::Mutex<Option<(Reply<TokenReply>, Timestamp)>>;

impl HandedOut {
    pub(crate) fn turn(&self, token: &Token) -> Arc<Turn> {
        let mut by_token = self.by_token.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(by_token.entry(token.fingerprint()).or_default())
    }
}

/// The reply as it would be after this time.
pub(crate) fn aged(mut reply: Reply<TokenReply>, age: Duration) -> Reply<TokenReply> {
    if let Lifetime::Seconds(life) = &mut reply.value.lifetime {
        *life = life.saturating_sub(age.as_secs());
    }
    reply
}
