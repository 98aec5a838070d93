//! What failed between this program and PostgreSQL.

use std::error::Error as _;
use std::io;

use tokio_postgres::Error;

/// What failed. Holds neither the user's name nor the password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Failure {
    /// Nothing answers at the host, or what answers has a certificate that is not trusted.
    Unreached(everlit_http::Error),
    /// The server says no.
    Refused {
        /// One of <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
        code: String,
        /// Its message, shortened and without secrets.
        message: String,
    },
    /// The connection has ended; whether what was sent last was done is not known.
    Closed(Option<(io::ErrorKind, String)>),
    /// TLS was asked for, and the server does not offer it.
    NoTls,
    /// The server asks for a password, and the URL has none.
    NoPassword,
    /// `channel_binding=require` was asked for, and the server does not bind logins.
    NoChannelBinding,
    /// The login failed in another way.
    Login(String),
    /// Something else: a phrase that follows the host's name.
    Other(String),
}

impl Failure {
    pub(crate) fn of(error: &Error, user: &str) -> Self {
        if let Some(refusal) = error.as_db_error() {
            // Reports may be pasted in public, and promise to hold no user name.
            let message = refusal.message().replace(&format!("\"{user}\""), "[redacted]");
            return Self::Refused { code: refusal.code().code().to_owned(), message: said(&message) };
        }
        let shown = error.to_string();
        match error.source() {
            Some(source) => Self::before_an_answer(&shown, source),
            None if error.is_closed() => Self::Closed(None),
            None => Self::Other(format!("did not answer as PostgreSQL does: {}", said(&shown))),
        }
    }

    fn before_an_answer(shown: &str, source: &(dyn std::error::Error + 'static)) -> Self {
        if let Some(unencrypted) = source.downcast_ref::<everlit_http::Error>() {
            return Self::Unreached(unencrypted.clone());
        }
        let detail = said(&source.to_string());
        if let Some(io) = source.downcast_ref::<io::Error>() {
            return Self::Closed(Some((io.kind(), detail)));
        }
        match &*detail {
            "server does not support TLS" => Self::NoTls,
            "password missing" => Self::NoPassword,
            "server did not use channel binding" => Self::NoChannelBinding,
            _ if shown == "authentication error" => Self::Login(detail),
            _ => Self::Other(format!("could not be used: {shown}: {detail}")),
        }
    }
}

/// What a server says, without anything that looks like a secret.
fn said(text: &str) -> String {
    const LONGEST: usize = 200;
    everlit_meta_api::clean(text).chars().take(LONGEST).collect()
}
