//! What carries a request to Meta: a trait, so that tests, the sandbox and other HTTP stacks can stand in.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::{HttpReply, Method, TransportError};

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one request and returns the reply, whatever its status.
///
/// An implementation follows no redirects, logs neither query nor body, enforces its own deadline, and reads at most
/// one byte more than [`HttpReply::MAX_BODY`].
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends `request`.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>>;
}

/// One request. `Debug` shows the names of the parameters, never a value.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET` or `POST`.
    pub method: Method,
    /// One of Meta's hosts, such as `graph.instagram.com`. Always https.
    pub host: &'static str,
    /// Begins with a slash; holds no secret.
    pub path: String,
    /// The query.
    pub query: Vec<Param>,
    /// The body of a `POST`, to be sent as `application/x-www-form-urlencoded`.
    pub form: Vec<Param>,
    /// Whether it may be sent twice: it asks, and Meta issues no token for it.
    pub idempotent: bool,
}

impl HttpRequest {
    /// The encoded query, without the question mark. Secret.
    pub fn encoded_query(&self) -> Zeroizing<String> {
        encode(&self.query)
    }

    /// The encoded form. Secret.
    pub fn encoded_form(&self) -> Zeroizing<String> {
        encode(&self.form)
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, host, path, query, form, idempotent: _ } = self;
        write!(f, "{method} https://{host}{path} query {query:?} form {form:?}")
    }
}

/// A named value of a query or a form. Always treated as secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Param {
    /// The name, such as `access_token`.
    pub name: &'static str,
    /// The value, before percent-encoding.
    pub value: Zeroizing<String>,
}

impl Param {
    /// A parameter from its name and value.
    pub fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: Zeroizing::new(value.into()) }
    }
}

impl fmt::Debug for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=..", self.name)
    }
}

/// Everything but letters, digits and `-._~`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes as `application/x-www-form-urlencoded`, with `%20` for a space.
pub fn encode(params: &[Param]) -> Zeroizing<String> {
    // Reserved in full: growing would leave copies of secrets in freed memory.
    let longest = params.iter().map(|param| param.name.len() + 3 * param.value.len() + 2).sum();
    let mut text = Zeroizing::new(String::with_capacity(longest));
    for param in params {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(param.name);
        text.push('=');
        text.extend(utf8_percent_encode(&param.value, ENCODED));
    }
    text
}
