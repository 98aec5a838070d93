//! Why a login failed.

use std::io;

use crate::RedirectError;
use everlit_meta_api::{Class, Error, Unreadable, UnreadableBody};

/// Why a login failed.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The redirect carried no usable answer, or the person or Meta refused.
    #[error("{}", redirect_message(.0))]
    Redirect(#[from] RedirectError),
    /// Meta did not turn the code into a long-lived token.
    #[error("{stage}{}", exchange_message(.error.as_ref(), *.reply_lost))]
    Exchange {
        /// Which call failed.
        stage: Stage,
        /// Its last error.
        error: Box<Error>,
        /// The code or the short-lived token was used up by a call whose reply was lost.
        reply_lost: bool,
    },
    /// The loopback port cannot be listened on.
    #[error("{}", listen_message(*.port, .error))]
    Listen {
        /// The port.
        port: u16,
        /// The operating system's error.
        error: io::Error,
    },
    /// The certificate for `localhost` could not be created.
    #[error("cannot create a certificate for localhost: {0}")]
    Certificate(String),
}

/// The calls of an exchange, in order.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Stage {
    /// Code to short-lived token.
    #[error("Meta did not exchange the login code for a token")]
    Code,
    /// Short-lived to long-lived token.
    #[error("Meta did not exchange the token for a long-lived one")]
    LongLived,
    /// `GET /me` with the new token.
    #[error("Meta did not say whose token it is")]
    Identity,
}

impl LoginError {
    /// What to do about it; `None` where Meta was not involved.
    pub fn class(&self) -> Option<Class> {
        match self {
            Self::Exchange { reply_lost: true, .. } => Some(Class::Retry),
            Self::Exchange { error, .. } => Some(error.class()),
            Self::Redirect(RedirectError::Meta(error)) => Some(error.class()),
            _ => None,
        }
    }
}

fn redirect_message(error: &RedirectError) -> String {
    match error {
        RedirectError::Meta(_) => format!("Meta did not start the login. {error}"),
        _ => error.to_string(),
    }
}

fn exchange_message(error: &Error, reply_lost: bool) -> String {
    match error {
        _ if reply_lost => ": its reply was lost on the way, and a code works only once. Nothing was changed".to_owned(),
        Error::Unreadable(Unreadable { http_status: 403, body: UnreadableBody::Html, .. }) => {
            ". Meta's servers rejected this machine's request with a web page (HTTP 403), which says nothing about the login".to_owned()
        }
        other => format!(". {}", other.message()),
    }
}

fn listen_message(port: u16, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!("port {port} of this machine is in use, perhaps by another login"),
        io::ErrorKind::PermissionDenied => {
            format!("this user may not listen on port {port}; ports from 1024 up are open to all")
        }
        _ => format!("cannot listen on port {port} of this machine: {error}"),
    }
}
