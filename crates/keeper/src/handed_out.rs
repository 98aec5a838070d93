//! Accounts that hold the same token: within one run, Meta is asked once for its successor.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use everlit_meta_api::{Client, Error, Fingerprint, Lifetime, Reply, Timestamp, Token, TokenReply};

use crate::ask::FailedCall;
use crate::run::Run;

/// What Meta has handed out in one run, by the token that it replaces.
#[derive(Debug, Default)]
pub(crate) struct HandedOut {
    by_token: Mutex<HashMap<Fingerprint, Arc<Turn>>>,
}

/// Held while Meta is asked, so that the other accounts with this token wait for the reply.
type Turn = tokio::sync::Mutex<Option<(Reply<TokenReply>, Timestamp)>>;

impl HandedOut {
    fn turn(&self, token: &Token) -> Arc<Turn> {
        let mut by_token = self.by_token.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(by_token.entry(token.fingerprint()).or_default())
    }
}

impl Run<'_> {
    /// Asks for the successor of a token, or takes the one that Meta has handed out to another account of this run with the
    /// same token. A failure is not shared: it is the next account's turn to ask.
    pub(crate) async fn ask_for_successor<'c, F>(
        &mut self,
        current: &Token,
        call: impl Fn(&'c Client) -> F,
    ) -> Result<Reply<TokenReply>, FailedCall>
    where
        F: Future<Output = Result<Reply<TokenReply>, Error>>,
        Self: 'c,
    {
        let Some(turn) = self.keeper.handed_out.as_ref().map(|handed_out| handed_out.turn(current)) else {
            return self.ask(call).await;
        };
        let mut handed_out = turn.lock().await;
        if let Some((reply, at)) = &*handed_out {
            let age = Duration::from_secs(u64::try_from(self.now().since(*at)).unwrap_or(0));
            return Ok(aged(reply.clone(), age));
        }
        let reply = self.ask(call).await?;
        *handed_out = Some((reply.clone(), self.now()));
        Ok(reply)
    }
}

/// The reply as it would be after this time.
fn aged(mut reply: Reply<TokenReply>, age: Duration) -> Reply<TokenReply> {
    if let Lifetime::Seconds(life) = &mut reply.value.lifetime {
        *life = life.saturating_sub(age.as_secs());
    }
    reply
}
