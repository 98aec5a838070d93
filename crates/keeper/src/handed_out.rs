//! Accounts that hold the same token: within a short time, Meta is asked once for its successor.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use everlit_meta_api::{Fingerprint, Lifetime, Reply, Timestamp, Token, TokenReply};

use crate::Clock;

/// What was handed out longer ago is forgotten: accounts with the same token are due at the same time, and Meta may give the
/// same token again when it is next refreshed.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// What Meta has handed out lately, by the token that it replaces.
#[derive(Debug, Default)]
pub(crate) struct HandedOut {
    by_token: Mutex<HashMap<Fingerprint, Arc<Turn>>>,
}

/// Held while Meta is asked, so that the other accounts with this token wait for the reply.
pub(crate) type Turn = tokio::sync::Mutex<Option<(Reply<TokenReply>, Timestamp)>>;

impl HandedOut {
    pub(crate) fn turn(&self, token: &Token, clock: &dyn Clock) -> Arc<Turn> {
        let mut by_token = self.by_token.lock().unwrap_or_else(PoisonError::into_inner);
        if by_token.len() == by_token.capacity() {
            let now = clock.now();
            by_token.retain(|_, turn| turn.try_lock().map_or(true, |turn| is_recent(turn.as_ref(), now)));
        }
        Arc::clone(by_token.entry(token.fingerprint()).or_default())
    }
}

/// Whether another account with the token may have what was handed out.
pub(crate) fn is_recent(handed_out: Option<&(Reply<TokenReply>, Timestamp)>, now: Timestamp) -> bool {
    handed_out.is_some_and(|(_, at)| *at + KEPT > now)
}

/// The reply as it would be after this time.
pub(crate) fn aged(mut reply: Reply<TokenReply>, age: Duration) -> Reply<TokenReply> {
    if let Lifetime::Seconds(life) = &mut reply.value.lifetime {
        *life = life.saturating_sub(age.as_secs());
    }
    reply
}
