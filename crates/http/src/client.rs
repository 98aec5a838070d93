//! One call: a connection, a request, a reply.
//!
//! Connections are not kept: calls are days apart, and a call on a kept connection that the other side has just closed cannot
//! be told from one that it has acted on. TLS resumption makes the second connection cheap.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{HOST, USER_AGENT};
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;
use zeroize::Zeroizing;

use crate::connect::Connector;
use crate::{Error, Proxy, Roots, Secret, Stage, Url};

/// How to reach others. The defaults: directly, with the bundled roots, in 30 seconds.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long one call may take from the look-up of the name to the last byte of the reply.
    pub deadline: Duration,
    /// Which certificates are trusted.
    pub roots: Roots,
    /// The proxy, and what is reached without it. Plain http to this machine never goes through it.
    pub proxy: Proxy,
}

impl Default for Options {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(30), roots: Roots::default(), proxy: Proxy::default() }
    }
}

/// One request. `Debug` shows the method and the host.
#[derive(Clone)]
pub struct Request {
    /// `GET`, `POST`, ...
    pub method: &'static str,
    /// Where to.
    pub url: Url,
    /// Lower-case names and values. `host`, `user-agent` and `content-length` are added.
    pub headers: Vec<(&'static str, Secret)>,
    /// The body; empty for none.
    pub body: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} body of {} bytes", self.method, self.url, self.body.len())
    }
}

/// A reply as it came. `Debug` shows the status, the names of the headers, and the length of the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Every header; names in lower case. Bytes that are no UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body. Longer than [`Response::MAX_BODY`] means that the rest was not read.
    pub body: Vec<u8>,
}

impl Response {
    /// What is read of a body, less one byte: 64 KiB. No reply that is waited for here is sensibly longer.
    pub const MAX_BODY: usize = 64 * 1024;

    /// The value of the first header with this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        write!(f, "HTTP {} headers {names:?} body of {} bytes", self.status, self.body.len())
    }
}

/// The client. Needs a Tokio runtime with network and time around it when used, none when built.
#[derive(Debug)]
pub struct Http {
    deadline: Duration,
    connector: Connector,
}

impl Http {
    /// A client with these options. Opens nothing and parses no certificate yet.
    ///
    /// Fails at [`Stage::Setup`] when the proxy cannot be used.
    pub fn new(options: Options) -> Result<Self, Error> {
        let Options { deadline, roots, proxy } = options;
        Ok(Self { deadline, connector: Connector::new(&proxy, roots)? })
    }

    /// Sends `request` and returns the reply, whatever its status.
    pub async fn send(&self, request: Request) -> Result<Response, Error> {
        let sent = AtomicBool::new(false);
        // On the heap: the state of a call is large, and whoever may make one would carry the room for it on the stack.
        let exchange = Box::pin(self.exchange(request, &sent));
        let result = tokio::time::timeout(self.deadline, exchange).await;
        result.unwrap_or_else(|_| Err(self.too_late(sent.into_inner())))
    }

    async fn exchange(&self, request: Request, sent: &AtomicBool) -> Result<Response, Error> {
        let stream = self.connector.connect(request.url.origin()).await?;
        let request = hyper_request(request)?;
        let (mut sender, connection) = http1::Builder::new()
            .max_buf_size(Response::MAX_BODY)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| Error::unsent(Stage::Connect, describe(&error)))?;
        // Ends with this function, also when its deadline drops it.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        sent.store(true, Ordering::Relaxed);
        let reply = sender.send_request(request).await.map_err(|error| {
            let stage = if error.is_canceled() || error.is_body_write_aborted() { Stage::Send } else { Stage::Headers };
            Error { stage, sent: !error.is_canceled(), detail: describe(&error) }
        })?;
        read(reply).await
    }

    fn too_late(&self, sent: bool) -> Error {
        let what = if sent { "no complete answer" } else { "no connection" };
        let detail = format!("{what} within {} seconds", self.deadline.as_secs_f32());
        Error { stage: Stage::Deadline, sent, detail }
    }
}

fn hyper_request(request: Request) -> Result<hyper::Request<Full<Bytes>>, Error> {
    let Request { method, url, headers, body } = request;
    let origin = url.origin();
    let host = if origin.port() == 443 { origin.host().to_owned() } else { origin.authority() };
    let mut builder = hyper::Request::builder()
        .method(method)
        .uri(url.target())
        .header(HOST, host)
        .header(USER_AGENT, concat!("everlit/", env!("CARGO_PKG_VERSION")));
    for (name, value) in &headers {
        builder = builder.header(*name, value.expose());
    }
    builder
        .body(Full::from(body.to_vec()))
        .map_err(|_| Error::unsent(Stage::Setup, "the request has no valid address or header"))
}

async fn read(reply: hyper::Response<Incoming>) -> Result<Response, Error> {
    let (head, mut incoming) = reply.into_parts();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect();
    let mut body = Vec::new();
    while body.len() <= Response::MAX_BODY {
        let Some(frame) = incoming.frame().await else { break };
        let frame = frame.map_err(|error| Error { stage: Stage::Body, sent: true, detail: describe(&error) })?;
        if let Some(data) = frame.data_ref() {
            let room = Response::MAX_BODY + 1 - body.len();
            body.extend_from_slice(data.get(..room).unwrap_or(data));
        }
    }
    Ok(Response { status: head.status.as_u16(), headers, body })
}

/// What hyper says, without what the other side sent.
pub(crate) fn describe(error: &hyper::Error) -> String {
    if error.is_incomplete_message() || error.is_closed() {
        return "the other side closed the connection".to_owned();
    }
    match error.source().and_then(|source| source.downcast_ref::<io::Error>()) {
        Some(error) => error.to_string(),
        None => error.to_string(),
    }
}
