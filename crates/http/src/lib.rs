//! A small HTTPS client for secret URLs and short replies.
//!
//! HTTP/1.1, a new connection for each request that may not be repeated, no redirects, no cookies, no logging. An [`Error`]
//! names the host and how far the call got, never a path, a query, a header or a body. Plain http is allowed to this machine
//! only, and to a cloud's metadata service where the caller says so. The crate reads neither the environment nor files:
//! everything is passed in.

#[cfg(feature = "network")]
mod client;
#[cfg(feature = "network")]
mod connect;
#[cfg(feature = "network")]
mod connection;
mod database;
mod error;
#[cfg(feature = "network")]
mod proxy;
mod response;
mod secret;
#[cfg(feature = "network")]
mod stream;
#[cfg(feature = "network")]
mod tls;
mod url;

#[cfg(feature = "network")]
pub use client::{HttpClient, Options, Request};
#[cfg(feature = "network")]
pub use connect::{Resolver, dial};
pub use database::DatabaseUrl;
pub use error::{Error, Stage};
pub use http::Method;
#[cfg(feature = "network")]
pub use proxy::Proxy;
pub use response::Response;
pub use secret::Secret;
#[cfg(feature = "network")]
pub use tls::{Roots, Tls};
#[cfg(feature = "network")]
pub use tokio_rustls::client::TlsStream;
pub use url::{Origin, Url, UrlError};
