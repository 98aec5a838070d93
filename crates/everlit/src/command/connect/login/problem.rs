//! What a person reads when a login fails.

use everlit_engine::app_variables;
use everlit_keeper::Step;
use everlit_login::{LoginError, RedirectError};
use everlit_meta_api::{Class, Error, Platform};

use crate::output::{Exit, Problem};

/// The problem, with `again` as the command that starts over: a code is spent once Meta has seen it.
pub(super) fn of(error: &LoginError, platform: Platform, again: &Step) -> Problem {
    let exit = match (error, error.class()) {
        (LoginError::Certificate(_), _) => Exit::Internal,
        (_, Some(Class::Retry | Class::BackOff)) => Exit::Temporary,
        (_, Some(Class::Config)) => Exit::Config,
        (LoginError::Redirect(RedirectError::Denied | RedirectError::Refused(_)), _) | (_, Some(_)) => Exit::Person,
        (_, None) => Exit::Config,
    };
    let note = match error {
        LoginError::Redirect(error) => correction(error),
        LoginError::Exchange { reply_lost: true, .. } => Some("log in again, for a new code".to_owned()),
        LoginError::Exchange { error, .. } => Some(exchange_note(error, platform)),
        LoginError::Certificate(_) => None,
        LoginError::Listen { .. } => Some("add --port PORT (and register its redirect URI), or --paste".to_owned()),
    };
    Problem { exit, message: error.to_string(), next: Step { note, ..again.clone() } }
}

/// Where the App Dashboard shows id and secret, and takes the redirect URI.
pub(super) fn where_in_dashboard(platform: Platform) -> &'static str {
    match platform {
        Platform::Instagram => "Instagram > API setup with Instagram login > Business login settings",
        Platform::Threads => "Use cases > Access the Threads API > Settings",
        Platform::Facebook => "Facebook Login > Settings (id and secret: App settings > Basic)",
    }
}

/// What to do differently.
pub(super) fn correction(error: &RedirectError) -> Option<String> {
    let text = match error {
        RedirectError::Meta(error) => return error.action().map(|action| format!("first: {action}")),
        RedirectError::Denied => "and press \"Allow\" when asked",
        RedirectError::Refused(_) => "once the reason that Meta gives has been resolved",
        RedirectError::StateMismatch => "Use the address printed above, not an older tab or a link that you were sent.",
        RedirectError::Token => "A token needs no login: `everlit connect` takes it as it is.",
        RedirectError::AuthorizeUrl => "Finish the login; the address to paste is the one that the browser ends at.",
        RedirectError::MissingState | RedirectError::MultipleAnswers | RedirectError::MissingCode => {
            "Copy the whole address from the address bar, once: it contains `code=` and `state=`."
        }
    };
    Some(text.to_owned())
}

fn exchange_note(error: &Error, platform: Platform) -> String {
    let (id, secret) = app_variables(platform);
    match (error.class(), error.action()) {
        (Class::Config, Some(action)) => format!("first: {action} Here they are {id} and {secret}."),
        (Class::Retry | Class::BackOff, _) => "in a few minutes, or from another network".to_owned(),
        (Class::Unknown, _) | (_, None) => "if it fails again, see Meta's status page".to_owned(),
        (_, Some(action)) => format!("first: {action}"),
    }
}
