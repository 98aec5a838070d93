//! Every way in which asking Meta can fail, with the evidence kept.

use std::fmt;
use std::time::Duration;

use crate::classify::classify;
use crate::token::TokenError;
use crate::{Class, Stage, TransportError};

/// A failed call. Holds no token, no secret and no URL.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// No reply, or not all of it.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Meta answered with an error.
    #[error("{0}")]
    Api(Box<Evidence>),
    /// The reply cannot be read, so it says nothing about the token.
    #[error("{0}")]
    Unreadable(Unreadable),
    /// Meta reported success with a reply that cannot be true. It must not be stored.
    #[error("the reply is not plausible: {0}")]
    Implausible(#[from] Implausible),
    /// Exchanging for a long-lived token was refused because the token is long-lived already (code 452). Keep it as it is.
    #[error("the token is long-lived already, or was exchanged before; keep it as it is ({0})")]
    AlreadyLongLived(Box<Evidence>),
    /// Asked for something that cannot be asked. Nothing was sent.
    #[error("{0}")]
    Config(String),
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

    /// Whether Meta named the reason with a subcode that leaves no doubt (458, 459, 460, 463, 464, 467, ...).
    pub fn is_definite(&self) -> bool {
        matches!(self, Self::Api(evidence) if evidence.is_definite())
    }

    /// Whether this verdict on a token counts only when a second call, ten minutes or more later, and `GET /me` agree:
    /// 190 without a subcode, 100/33 and their like have been sent for good tokens.
    pub fn needs_confirmation(&self) -> bool {
        matches!(self, Self::Api(evidence) if classify(evidence).confirm)
    }

    /// How long to wait at least: what Meta asked for, or the customary time for this code.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api(evidence) => evidence.retry_after.or_else(|| classify(evidence).wait),
            Self::Unreadable(unreadable) => unreadable.retry_after,
            _ => None,
        }
    }

    /// What Meta said, where it said something.
    pub fn evidence(&self) -> Option<&Evidence> {
        match self {
            Self::Api(evidence) | Self::AlreadyLongLived(evidence) => Some(evidence),
            _ => None,
        }
    }

    /// Whether Meta may have done what was asked although its answer did not get here: a new token may have been issued and lost.
    pub fn reply_lost(&self) -> bool {
        match self {
            Self::Transport(error) => error.sent,
            Self::Unreadable(unreadable) => (200..300).contains(&unreadable.http_status),
            Self::Implausible(_) => true,
            Self::Api(_) | Self::AlreadyLongLived(_) | Self::Config(_) => false,
        }
    }

    /// What happened, in one or two sentences for a person, without Meta's own words: those stand in [`Error::evidence`].
    pub fn meaning(&self) -> String {
        match self {
            Self::Api(evidence) => classify(evidence).meaning.to_owned(),
            other => capitalized(&other.to_string()),
        }
    }

    /// What to do about it, by the table of Meta's errors; `None` for what Meta did not say.
    pub fn action(&self) -> Option<&'static str> {
        match self {
            Self::Api(evidence) => Some(classify(evidence).action),
            _ => None,
        }
    }

    /// [`Error::meaning`], and what Meta said.
    pub fn cause_in_words(&self) -> String {
        let said = match self {
            Self::Api(evidence) => evidence.said(),
            _ => None,
        };
        said.map_or_else(|| self.meaning(), |said| format!("{} {said}", self.meaning()))
    }
}

/// What Meta said about a failure. Every text is redacted and capped.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// The HTTP status; `None` inside the answer of `debug_token`.
    pub http_status: Option<u16>,
    /// `error.code`
    pub code: Option<i64>,
    /// `error.error_subcode`
    pub subcode: Option<i64>,
    /// `error.type`, such as `OAuthException`.
    pub kind: Option<String>,
    /// `error.message`; may be in any language.
    pub message: Option<String>,
    /// `error.error_user_title`
    pub user_title: Option<String>,
    /// `error.error_user_msg`
    pub user_message: Option<String>,
    /// `error.fbtrace_id`, which Meta's support asks for.
    pub trace_id: Option<String>,
    /// `error.is_transient`. `true` can be trusted; `false` has been sent for failures that passed.
    pub is_transient: Option<bool>,
    /// How long to wait, by the `Retry-After` or usage headers.
    pub retry_after: Option<Duration>,
}

impl Evidence {
    /// `error.code` and `error.error_subcode`: what makes two refusals alike.
    pub fn codes(&self) -> (Option<i64>, Option<i64>) {
        (self.code, self.subcode)
    }

    /// [`Error::is_definite`].
    pub fn is_definite(&self) -> bool {
        classify(self).definite
    }

    /// `Meta said (190/463): "..."`
    fn said(&self) -> Option<String> {
        let code = match (self.code, self.subcode) {
            (Some(code), Some(subcode)) => format!(" (code {code}/{subcode})"),
            (Some(code), None) => format!(" (code {code})"),
            (None, _) => String::new(),
        };
        match &self.message {
            Some(message) => Some(format!("Meta said{code}: \"{message}\"")),
            None if code.is_empty() => None,
            None => Some(format!("Meta gave no message{code}.")),
        }
    }
}

/// Status, Meta's own words, and the codes: `400: Invalid OAuth access token (code 190)`.
impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.http_status {
            write!(f, "{status}: ")?;
        }
        f.write_str(self.message.as_deref().unwrap_or("no message"))?;
        match (self.code, self.subcode) {
            (Some(code), Some(subcode)) => write!(f, " (code {code}, subcode {subcode})"),
            (Some(code), None) => write!(f, " (code {code})"),
            (None, _) => Ok(()),
        }
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
    /// How long to wait, by the `Retry-After` or usage headers.
    pub retry_after: Option<Duration>,
}

impl Unreadable {
    /// A page at the edge (a block, a captive portal, an outage) is no verdict on a token.
    fn class(&self) -> Class {
        match (self.http_status, self.body) {
            (429, _) => Class::BackOff,
            (403 | 500.., _) | (_, UnreadableBody::Html | UnreadableBody::Redirect) => Class::Retry,
            _ => Class::Unknown,
        }
    }
}

/// What came instead of a reply in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum UnreadableBody {
    /// A web page.
    #[error("a web page came instead of an answer")]
    Html,
    /// Nothing.
    #[error("the answer is empty")]
    Empty,
    /// JSON that stops in the middle.
    #[error("the answer is cut off")]
    Truncated,
    /// Compressed, although that was not asked for.
    #[error("the answer is compressed, which was not asked for")]
    Encoded,
    /// More than [`HttpReply::MAX_BODY`](crate::HttpReply::MAX_BODY) bytes.
    #[error("the answer is far too large")]
    TooLarge,
    /// Something else.
    #[error("the answer is not JSON")]
    NotJson,
    /// JSON, but not an object.
    #[error("the answer is JSON of an unknown shape")]
    NotAnObject,
    /// A redirect. It is not followed: a token never goes to another host.
    #[error("the answer points to another address, which is not followed")]
    Redirect,
}

/// Why a reply that reports success cannot be true.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Implausible {
    /// No `access_token`.
    #[error("it holds no access token")]
    NoToken,
    /// An `access_token` that is none.
    #[error("its access token is none: {0}")]
    Token(#[from] TokenError),
    /// `expires_in` is no number, or not within 1 hour to 100 days.
    #[error("its token would live {}", .seconds.map_or_else(|| "no readable time".to_owned(), |seconds| format!("{seconds} seconds")))]
    Lifetime {
        /// The seconds, if it was a number at all.
        seconds: Option<i64>,
    },
    /// `/me` without an id.
    #[error("it names no account")]
    NoAccount,
    /// `debug_token` without `is_valid`.
    #[error("it does not say whether the token is valid")]
    NoVerdict,
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
