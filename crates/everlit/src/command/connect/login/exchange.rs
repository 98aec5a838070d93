//! From the code of a login to a long-lived token, and whose it is.

use everlit_keeper::Step;
use std::time::Duration;

use everlit_keeper::Clock;
use everlit_meta_api::{
    Class, Client, Error, Lifetime, Platform, Reply, Secret, TokenReply, Unreadable, UnreadableBody,
};

use super::LoggedIn;
use super::answer::{Login, exit_of};
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::wire::app_names;

/// A person waits: what has not passed after these pauses is told.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// Exchanges the code. `redirect_uri` is the one of the login.
pub(super) async fn exchange(
    client: &Client,
    clock: &dyn Clock,
    login: &Login<'_>,
    code: &Secret,
    redirect_uri: &str,
) -> Result<LoggedIn, Problem> {
    let platform = login.platform;
    let first = with_patience(clock, async || client.exchange_code(platform, code.expose(), redirect_uri).await).await;
    let first = first.map_err(|failed| failed.problem("the login code was not exchanged for a token", login))?.value;
    let permissions = first.permissions.clone();
    let first = TokenReply { token: first.token.or_kind(platform.into()), ..first };
    let long = match platform {
        Platform::Instagram | Platform::Threads => long_lived(client, clock, login, first).await?,
        // A system user's token, which does not expire.
        Platform::Facebook if first.lifetime == Lifetime::Never => first,
        Platform::Facebook => {
            let reply = with_patience(clock, async || client.fb_exchange(&first.token).await).await;
            reply.map_err(|failed| failed.problem(NOT_LONG_LIVED, login))?.value
        }
    };
    let token = long.token.or_kind(platform.into());
    let me = with_patience(clock, async || client.me(&token).await).await;
    let me =
        me.map_err(|failed| Failed { is_lost: false, ..failed }.problem("Meta does not say whose token it is", login))?;
    Ok(LoggedIn { token, lifetime: long.lifetime, me: me.value, permissions })
}

const NOT_LONG_LIVED: &str = "the token was not exchanged for a long-lived one";

/// The short-lived token as a long-lived one, or as it is where Meta says that it is long-lived already.
async fn long_lived(
    client: &Client,
    clock: &dyn Clock,
    login: &Login<'_>,
    short: TokenReply,
) -> Result<TokenReply, Problem> {
    match with_patience(clock, async || client.exchange(&short.token).await).await {
        Ok(Reply { value, .. }) => Ok(value),
        // Unless an answer was lost before: then the long-lived one went with it.
        Err(Failed { error: Error::AlreadyLongLived(_), is_lost: false }) => {
            Ok(TokenReply { lifetime: Lifetime::Unknown, ..short })
        }
        Err(failed) => Err(failed.problem(NOT_LONG_LIVED, login)),
    }
}

/// A call that came to nothing.
#[derive(Debug)]
struct Failed {
    error: Error,
    /// Meta may have acted on one of the attempts although its answer did not get here.
    is_lost: bool,
}

/// Makes the call again while it fails with what passes by itself.
async fn with_patience<T>(clock: &dyn Clock, call: impl AsyncFn() -> Result<T, Error>) -> Result<T, Failed> {
    let mut is_lost = false;
    let mut pauses = PAUSES.iter();
    loop {
        let error = match call().await {
            Ok(reply) => return Ok(reply),
            Err(error) => error,
        };
        is_lost |= error.reply_lost();
        match pauses.next() {
            Some(pause) if error.class() == Class::Retry => clock.sleep(*pause).await,
            _ => return Err(Failed { error, is_lost }),
        }
    }
}

impl Failed {
    /// What the person is told. The code is spent, so every way out begins anew.
    fn problem(self, what: &str, login: &Login<'_>) -> Problem {
        let Self { error, is_lost } = self;
        let used_up = matches!(error, Error::AlreadyLongLived(_)) || error.class() == Class::Reconnect;
        if is_lost && (used_up || error.reply_lost()) {
            return Problem {
                exit: Exit::Temporary,
                message: format!(
                    "{what}: Meta's answer was lost on the way, and a login is good for one answer. Nothing was changed"
                ),
                next: Step::note(format!("{}, to log in again", login.again)),
            };
        }
        Problem {
            exit: exit_of(&error),
            message: format!("{what}. {}", cause(&error)),
            next: Step::note(way_out(&error, login)),
        }
    }
}

fn cause(error: &Error) -> String {
    match error {
        Error::Unreadable(Unreadable { http_status: 403, body: UnreadableBody::Html, .. }) => {
            "Meta's servers turned this machine's call away with a web page (HTTP 403), which says nothing about the login".to_owned()
        }
        other => other.message(),
    }
}

fn way_out(error: &Error, login: &Login<'_>) -> String {
    let (id, secret) = app_names(login.platform);
    let again = login.again;
    match (error.class(), error.action()) {
        (Class::Config, Some(action)) => format!("{action} Here they are {id} and {secret}. Then {again}"),
        (Class::Retry | Class::BackOff, _) => format!("{again}, in a few minutes or from another network"),
        (Class::Unknown, _) | (_, None) => format!("{again}; if it lasts, see Meta's status page"),
        (_, Some(action)) => format!("{action} Then {again}"),
    }
}
