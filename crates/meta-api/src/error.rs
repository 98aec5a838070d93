//! Every way in which a call to Meta can fail.

use std::time::Duration;

use everlit_http::{Secret, UrlError};

use crate::table::classify;
use crate::token::{TokenError, TokenKind};
use crate::{Class, Evidence, Stage, TransportError};

/// A failed call. Holds no token, no secret and no URL.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// No reply, or only part of one.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Meta answered with an error.
    #[error("{0}")]
    Api(Box<Evidence>),
    /// The reply cannot be read, so it says nothing about the token.
    #[error("{0}")]
    Unreadable(Unreadable),
    /// Meta reported success, but the reply cannot be true. Its token, if any, must not be put in use: see
    /// [`Error::received`].
    #[error("the reply is not plausible: {0}")]
    Implausible(#[from] Implausible),
    /// The token to exchange is long-lived already (code 452). Keep it.
    #[error("the token is already long-lived, or was exchanged before; keep it ({0})")]
    AlreadyLongLived(Box<Evidence>),
    /// The call cannot be made. Nothing was sent.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl Error {
    /// Who has to act.
    pub fn class(&self) -> Class {
        match self {
            Self::Transport(error) if error.stage == Stage::Setup => Class::Config,
            Self::Transport(_) => Class::Retry,
            Self::Api(evidence) => classify(evidence).class,
            Self::Unreadable(unreadable) => unreadable.class(),
            Self::Implausible(_) => Class::Unknown,
            Self::AlreadyLongLived(_) | Self::Config(_) => Class::Config,
        }
    }

    /// Whether Meta named the reason with an unambiguous subcode (458, 459, 460, 463, 464, 467, ...).
    pub fn is_definite(&self) -> bool {
        matches!(self, Self::Api(evidence) if evidence.is_definite())
    }

    /// Whether to believe this error only once another call and `GET /me` agree: 190 without a subcode, 100/33 and the
    /// like have been sent for good tokens.
    pub fn needs_confirmation(&self) -> bool {
        self.confirmed_after().is_some()
    }

    /// How long after the first such error another one confirms it: ten minutes, or a day for one that has passed by
    /// itself. `None` for an error that needs no confirmation.
    pub fn confirmed_after(&self) -> Option<Duration> {
        match self {
            Self::Api(evidence) => classify(evidence).confirmed_after,
            _ => None,
        }
    }

    /// The shortest time to wait: what Meta asked for, or the usual time for this code.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api(evidence) => {
                let row = classify(evidence);
                evidence.retry_after.or(row.wait).max(row.shortest_wait)
            }
            Self::Unreadable(unreadable) => unreadable.retry_after.or_else(|| unreadable.usual_wait()),
            _ => None,
        }
    }

    /// Whether the limit is that of the app (4, 17, 32, 341, 613, 800xx), so that calls for its other accounts would be
    /// refused too. A block for violating a policy (368) is not a limit.
    pub fn is_app_limit(&self) -> bool {
        const POLICY_BLOCK: i64 = 368;
        matches!(self, Self::Api(evidence) if evidence.code.is_some_and(|code| code != POLICY_BLOCK))
            && self.class() == Class::BackOff
    }

    /// What Meta said, if it said anything.
    pub fn evidence(&self) -> Option<&Evidence> {
        match self {
            Self::Api(evidence) | Self::AlreadyLongLived(evidence) => Some(evidence),
            _ => None,
        }
    }

    /// Whether Meta may have carried out the call although its reply did not arrive: a new token may have been issued
    /// and lost.
    pub fn reply_lost(&self) -> bool {
        match self {
            Self::Transport(error) => error.sent,
            Self::Unreadable(unreadable) => (200..300).contains(&unreadable.http_status),
            Self::Implausible(_) => true,
            Self::Api(_) | Self::AlreadyLongLived(_) | Self::Config(_) => false,
        }
    }

    /// The access token of a reply that must not be put in use. It is worth keeping for a person: Meta may have retired the
    /// old token for it.
    pub fn received(&self) -> Option<&Secret> {
        match self {
            Self::Implausible(Implausible::Token { received, .. } | Implausible::Lifetime { received, .. }) => {
                Some(received)
            }
            _ => None,
        }
    }

    /// What happened, in one or two sentences, without Meta's own words: [`Error::evidence`] has those.
    pub fn meaning(&self) -> String {
        match self {
            Self::Api(evidence) => classify(evidence).meaning.to_owned(),
            other => capitalized(&other.to_string()),
        }
    }

    /// What to do about it, from the table of Meta's errors; `None` if the error is not Meta's.
    pub fn action(&self) -> Option<&'static str> {
        match self {
            Self::Api(evidence) => Some(classify(evidence).action),
            _ => None,
        }
    }

    /// [`Error::meaning`], followed by what Meta said.
    pub fn message(&self) -> String {
        let quote = match self {
            Self::Api(evidence) => evidence.quote(),
            _ => None,
        };
        quote.map_or_else(|| self.meaning(), |quote| format!("{} {quote}", self.meaning()))
    }
}

/// A reply that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{http_status}: {body}")]
pub struct Unreadable {
    /// The HTTP status.
    pub http_status: u16,
    /// What came instead.
    pub body: UnreadableBody,
    /// How long to wait, from the `Retry-After` or usage headers.
    pub retry_after: Option<Duration>,
}

impl Unreadable {
    /// As long as for a limit whose reply can be read.
    fn usual_wait(&self) -> Option<Duration> {
        (self.class() == Class::BackOff).then_some(Duration::from_secs(60 * 60))
    }

    /// A page from something in between (a block, a captive portal, an outage) says nothing about the token. A reply that is
    /// empty or cut off is a connection that broke.
    fn class(&self) -> Class {
        use UnreadableBody::{Empty, Html, Redirect, Truncated};
        match (self.http_status, self.body) {
            (429, _) => Class::BackOff,
            (403 | 500.., _) | (_, Html | Redirect | Empty | Truncated) => Class::Retry,
            _ => Class::Unknown,
        }
    }
}

/// What came instead of a JSON reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum UnreadableBody {
    /// A web page.
    #[error("the reply is a web page, not JSON")]
    Html,
    /// Nothing.
    #[error("the reply is empty")]
    Empty,
    /// JSON that stops in the middle.
    #[error("the reply is cut off")]
    Truncated,
    /// Compressed, although everlit asked for no compression.
    #[error("the reply is compressed, which was not requested")]
    Encoded,
    /// More than [`HttpReply::MAX_BODY`](crate::HttpReply::MAX_BODY) bytes.
    #[error("the reply is far too large")]
    TooLarge,
    /// Something else.
    #[error("the reply is not JSON")]
    NotJson,
    /// JSON, but not an object.
    #[error("the reply is JSON of an unknown shape")]
    NotAnObject,
    /// A redirect. It is not followed: a token never goes to another host.
    #[error("the reply redirects to another address, which is not followed")]
    Redirect,
}

/// Why a reply that reports success cannot be true.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Implausible {
    /// No `access_token`.
    #[error("it has no access token")]
    NoToken,
    /// An `access_token` that is not a token.
    #[error("its access token is invalid: {error}")]
    Token {
        /// Why it is not a token.
        error: TokenError,
        /// What came as the token.
        received: Secret,
    },
    /// `expires_in` is not a number, or not within 1 hour to 100 days.
    #[error("its expires_in is {}", .seconds.map_or_else(|| "not a number".into(), |n| format!("{n} seconds")))]
    Lifetime {
        /// The seconds, if it was a number.
        seconds: Option<i64>,
        /// The token.
        received: Secret,
    },
    /// `/me` without an id.
    #[error("it has no account id")]
    NoAccount,
    /// `debug_token` without `is_valid`.
    #[error("it does not say whether the token is valid")]
    NoValidity,
}

/// Why a call cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The base URL that replaces Meta's hosts is invalid.
    #[error("the base URL {0}; it should look like http://127.0.0.1:4010")]
    BaseUrl(UrlError),
    /// The app's id or secret is missing.
    #[error("this call needs the app's id and secret")]
    NoApp,
    /// The app's id or secret is set and cannot be used; says why, without showing it.
    #[error("{0}")]
    UnusableApp(String),
    /// The prefix of the token is unknown.
    #[error(
        "the token does not begin like a token of Instagram (IGAA), Threads (THAA) or Facebook (EAA), \
         so there is no host to send it to"
    )]
    UnknownKind,
    /// Instagram Basic Display no longer exists.
    #[error(
        "this is a token of Instagram Basic Display, which Meta shut down on 4 December 2024; \
         connect a professional account with Instagram Login"
    )]
    BasicDisplay,
    /// Facebook tokens have no refresh call.
    #[error("Facebook tokens are exchanged, not refreshed, which needs the app's id and secret")]
    NotRefreshable,
    /// The call exists for Facebook tokens only.
    #[error("this call is for Facebook tokens, but this token is of kind {0}")]
    NotFacebook(TokenKind),
    /// Instagram has no `debug_token`.
    #[error("Meta has no call to look up when an Instagram token expires")]
    NoDebugToken,
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
