//! From the code of a login to a long-lived token and its owner.

use std::time::Duration;

use everlit_keeper::{Clock, ProvidedToken};
use everlit_meta_api::{Class, Client, Error, Lifetime, Platform, Reply, Secret, TokenReply};

use crate::{LoginError, Stage};

/// A person is waiting: after these pauses the error is reported.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// Exchanges the code for a long-lived token; nothing of it is saved yet. `redirect_uri` must equal that of the authorize URL.
///
/// # Errors
/// [`LoginError::Exchange`]. The code is spent: only a new login helps.
pub async fn exchange(
    client: &Client,
    clock: &dyn Clock,
    platform: Platform,
    code: &Secret,
    redirect_uri: &str,
) -> Result<ProvidedToken, LoginError> {
    let first = with_retries(clock, async || client.exchange_code(platform, code.expose(), redirect_uri).await).await;
    let first = first.map_err(|failed| failed.at(Stage::Code))?.value;
    let permissions = first.permissions.clone();
    let first = TokenReply { token: first.token.or_kind(platform.into()), ..first };
    let is_stated = first.lifetime != Lifetime::Unknown;
    let long = match platform {
        Platform::Instagram | Platform::Threads => long_lived(client, clock, first).await?,
        Platform::Facebook => match measured(client, clock, first).await {
            // A system user's token, or one of which Meta only says when asked that it is long-lived.
            first if first.lifetime == Lifetime::Never || !is_stated && is_long_lived(first.lifetime) => first,
            first => {
                let reply = with_retries(clock, async || client.fb_exchange(&first.token).await).await;
                measured(client, clock, reply.map_err(|failed| failed.at(Stage::LongLived))?.value).await
            }
        },
    };
    let token = long.token.or_kind(platform.into());
    let me = with_retries(clock, async || client.me(&token).await).await;
    let me = me.map_err(|failed| Failed { reply_lost: false, ..failed }.at(Stage::Identity))?;
    // The permissions are those that the person granted, which only the code's reply states.
    Ok(ProvidedToken::fresh(TokenReply { token, permissions, ..long }, me.value, clock.now()))
}

/// Whether an exchange could not make it longer: a short-lived Facebook token lives for an hour or two.
fn is_long_lived(lifetime: Lifetime) -> bool {
    const DAY: u64 = 24 * 60 * 60;
    matches!(lifetime, Lifetime::Seconds(DAY..))
}

/// A Facebook token with the lifetime that `debug_token` knows, where the reply states none.
async fn measured(client: &Client, clock: &dyn Clock, reply: TokenReply) -> TokenReply {
    if reply.lifetime != Lifetime::Unknown {
        return reply;
    }
    let info = with_retries(clock, async || client.debug_token(&reply.token).await).await;
    let lifetime = info.map_or(Lifetime::Unknown, |info| info.value.lifetime(clock.now()));
    TokenReply { lifetime, ..reply }
}

/// Exchanges a short-lived token for a long-lived one; keeps one that Meta says is long-lived already.
async fn long_lived(client: &Client, clock: &dyn Clock, short: TokenReply) -> Result<TokenReply, LoginError> {
    match with_retries(clock, async || client.exchange(&short.token).await).await {
        Ok(Reply { value, .. }) => Ok(value),
        // Unless a reply was lost: then the long-lived token was in it.
        Err(Failed { error: Error::AlreadyLongLived(_), reply_lost: false }) => {
            Ok(TokenReply { lifetime: Lifetime::Unknown, ..short })
        }
        Err(failed) => Err(failed.at(Stage::LongLived)),
    }
}

/// A call that failed.
#[derive(Debug)]
struct Failed {
    error: Error,
    /// Meta may have acted on one of the attempts although no reply arrived.
    reply_lost: bool,
}

/// Retries the call while its error is transient.
async fn with_retries<T>(clock: &dyn Clock, call: impl AsyncFn() -> Result<T, Error>) -> Result<T, Failed> {
    let mut reply_lost = false;
    let mut pauses = PAUSES.iter();
    loop {
        let error = match call().await {
            Ok(reply) => return Ok(reply),
            Err(error) => error,
        };
        reply_lost |= error.reply_lost();
        match pauses.next() {
            Some(pause) if error.class() == Class::Retry => clock.sleep(*pause).await,
            _ => return Err(Failed { error, reply_lost }),
        }
    }
}

impl Failed {
    fn at(self, stage: Stage) -> LoginError {
        let used_up = matches!(self.error, Error::AlreadyLongLived(_)) || self.error.class() == Class::Reconnect;
        let reply_lost = self.reply_lost && (used_up || self.error.reply_lost());
        LoginError::Exchange { stage, error: Box::new(self.error), reply_lost }
    }
}
