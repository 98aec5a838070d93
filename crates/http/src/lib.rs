//! A small HTTPS client, for calls whose address is a secret and whose reply is short.
//!
//! One connection for each call, HTTP/1.1, no redirects, no cookies, nothing logged. An [`Error`] names the host and how far
//! the call got, never a path, a query, a header or a body. Plain http goes to this machine itself and nowhere else.
//! The crate keeps no clock, reads no environment and no file: everything comes in as an argument.

#[cfg(feature = "network")]
mod client;
#[cfg(feature = "network")]
mod connect;
mod error;
#[cfg(feature = "network")]
mod proxy;
mod secret;
#[cfg(feature = "network")]
mod tls;
mod url;

#[cfg(feature = "network")]
pub use client::{Http, Options, Request, Response};
pub use error::{Error, Stage};
#[cfg(feature = "network")]
pub use proxy::Proxy;
pub use secret::Secret;
#[cfg(feature = "network")]
pub use tls::Roots;
pub use url::{Origin, Url, WrongUrl};
