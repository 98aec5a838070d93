//! A person logs in with the browser, and a long-lived token comes of it.

use everlit_meta_api::{Lifetime, Me, Platform, Token};

use crate::cli::LoginFlags;
use crate::screen::{Problem, Screen};
use crate::wire::{Context, app_names};

/// What a login gives. Nothing of it is saved yet.
#[derive(Debug)]
#[allow(dead_code, reason = "the saving side comes with the rest of the command")]
pub(crate) struct LoggedIn {
    /// Long-lived.
    pub(crate) token: Token,
    /// [`Lifetime::Unknown`] where Meta did not say.
    pub(crate) lifetime: Lifetime,
    /// Whose token it is, by Meta's own word.
    pub(crate) me: Me,
    /// What the person granted; `None` where Meta did not say.
    pub(crate) permissions: Option<Vec<String>>,
}

/// Opens the login of `platform` in the browser, waits for its answer and exchanges it for a long-lived token.
pub(crate) fn log_in(
    context: &Context<'_>,
    platform: Platform,
    _flags: &LoginFlags,
    _screen: &mut Screen,
) -> Result<LoggedIn, Problem> {
    let (id, secret) = app_names(platform);
    match context.app_of(platform)? {
        None => Err(Problem::config(format!("a login with the browser needs the app: {id} and {secret} are not set"))),
        Some(_) => Err(Problem::internal("this command is not part of this build")),
    }
}
