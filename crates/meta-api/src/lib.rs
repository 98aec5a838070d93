//! A client for the token endpoints of Instagram, Facebook and Threads: typed requests, tolerant replies, errors sorted
//! by what to do about them.
//!
//! [`Client`] makes the calls over a [`Transport`], and every failure becomes an [`Error`] whose [`Class`] says who has
//! to act. The crate has no clock and reads neither the environment nor files: everything is passed in.
//!
//! Three rules hold everywhere:
//!
//! * The kind of a token determines its host; a token is never tried at a second platform.
//! * Meta's JSON code and subcode decide the class of a failure; the HTTP status comes last, because Threads answers
//!   500 for
//!   a dead token.
//! * All outside text passes [`redact()`] before it is kept, so no echoed token reaches a log.

mod account;
mod class;
mod client;
mod error;
mod evidence;
mod familiar;
mod fingerprint;
#[cfg(feature = "http")]
mod http;
mod known_error;
mod names;
mod parse;
mod platform;
mod redact;
mod reply;
mod request;
mod table;
mod time;
mod token;
mod transport;
mod usage;

pub use account::{AccountId, AccountIdError};
pub use class::Class;
pub use client::Client;
pub use error::{ConfigError, Error, Implausible, Unreadable, UnreadableBody};
pub use everlit_http::{Error as TransportError, Method, Response as HttpReply, Secret, Stage, UrlError};
#[cfg(feature = "http")]
pub use everlit_http::{Proxy, Roots};
pub use evidence::Evidence;
pub use familiar::FAMILIAR;
pub use fingerprint::{Fingerprint, FingerprintError};
#[cfg(feature = "http")]
pub use http::{HttpTransport, Options};
pub use known_error::KnownError;
pub use names::UnknownName;
pub use parse::error_page;
pub use platform::{App, Platform};
pub use redact::{clean, hide_addresses, redact, redact_tokens};
pub use reply::{Expiry, InfoType, Me, PageToken, Reply, TokenInfo, TokenReply};
pub use request::GRAPH_VERSION;
pub use table::{explain, explanations, recognize};
pub use time::{DAY, Lifetime, Timestamp};
pub use token::{Token, TokenError, TokenKind};
pub use transport::{BoxFuture, HttpRequest, Param, Transport, encode};
pub use usage::Usage;

#[cfg(test)]
mod tests {
    use crate::{Client, Error, Token};

    /// A service moves these between threads.
    #[test]
    fn clients_errors_and_futures_are_send() {
        fn moves<T: Send + Sync>() {}
        fn moves_future<T: Send>(_: impl Fn(&'static Client, &'static Token) -> T) {}
        moves::<(Client, Error, Token)>();
        moves_future(Client::refresh);
        moves_future(Client::exchange);
        moves_future(Client::fb_exchange);
        moves_future(Client::refresh_system_user);
        moves_future(Client::me);
        moves_future(Client::debug_token);
        moves_future(Client::page_tokens);
        moves_future(|client, _| client.exchange_code(crate::Platform::Threads, "code", "https://example.com/"));
    }
}
