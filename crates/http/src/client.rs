//! One call: a connection, a request, a reply.
//!
//! A request that may not be repeated gets a connection of its own: if the server has just closed an open one, there is no
//! telling whether it acted on the request. What only asks may use a connection that an earlier reply has left open.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{HOST, USER_AGENT};
use zeroize::Zeroizing;

use crate::connect::{Connector, Resolver};
use crate::connection::{Connection, Idle};
use crate::proxy::Proxy;
use crate::tls::Roots;
use crate::{Error, Response, Secret, Stage, Url};

/// What has arrived by the deadline may be read for this much longer. A process that was stopped meanwhile, as one on a suspended
/// machine is, finds the deadline over before it has read anything; the reply may hold a token that exists nowhere else.
const READING: Duration = Duration::from_millis(250);

/// How to connect. The defaults: no proxy, the bundled roots, a deadline of 30 seconds.
#[derive(Debug, Clone)]
pub struct Options {
    /// The longest that one call may take, from the DNS lookup to the last byte of the reply.
    pub deadline: Duration,
    /// The trusted certificates.
    pub roots: Roots,
    /// The proxy and the hosts that bypass it. Plain http to this machine always bypasses it.
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
    pub method: Method,
    /// The URL to call.
    pub url: Url,
    /// Headers with lower-case names. `host`, `user-agent` and `content-length` are added.
    pub headers: Vec<(&'static str, Secret)>,
    /// The body; may be empty.
    pub body: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} body of {} bytes", self.method, self.url, self.body.len())
    }
}

/// An HTTPS client. [`send`](Self::send) needs a Tokio runtime with I/O and time enabled; [`new`](Self::new) does not.
#[derive(Debug)]
pub struct HttpClient {
    deadline: Duration,
    connector: Connector,
    idle: Idle,
}

impl HttpClient {
    /// A client with these options. Opens no connection and parses no certificate: the first call does.
    ///
    /// Fails at [`Stage::Setup`] if the proxy cannot be used.
    pub fn new(options: Options) -> Result<Self, Error> {
        let Options { deadline, roots, proxy } = options;
        Ok(Self { deadline, connector: Connector::new(&proxy, roots)?, idle: Idle::default() })
    }

    /// Looks up hosts with another function than the system's.
    #[must_use]
    pub fn with_resolver(mut self, resolver: Resolver) -> Self {
        self.connector.resolver = resolver;
        self
    }

    /// Sends `request` once, over a new connection, and returns the reply, whatever its status.
    pub async fn send(&self, request: Request) -> Result<Response, Error> {
        let sent = AtomicBool::new(false);
        self.in_time(self.exchange(request, &sent), &sent).await
    }

    /// Like [`send`](Self::send), for a request that may be repeated (RFC 9110, section 9.2.2): it uses a connection that is
    /// open already, and is sent again over a new one if that fails.
    pub async fn send_idempotent(&self, request: Request) -> Result<Response, Error> {
        let sent = AtomicBool::new(false);
        let exchange = async {
            if let Some(connection) = self.idle.take(request.url.origin()) {
                sent.store(true, Ordering::Relaxed);
                if let Ok(response) = self.over(connection, request.clone()).await {
                    return Ok(response);
                }
                sent.store(false, Ordering::Relaxed);
            }
            self.exchange(request, &sent).await
        };
        self.in_time(exchange, &sent).await
    }

    async fn in_time(
        &self,
        exchange: impl Future<Output = Result<Response, Error>>,
        sent: &AtomicBool,
    ) -> Result<Response, Error> {
        // Boxed because the state of a call is large: every caller's future would have to reserve room for it.
        let mut exchange = Box::pin(exchange);
        let mut result = tokio::time::timeout(self.deadline, &mut exchange).await;
        if result.is_err() && sent.load(Ordering::Relaxed) {
            result = tokio::time::timeout(READING, &mut exchange).await;
        }
        result.unwrap_or_else(|_| Err(self.timed_out(sent.load(Ordering::Relaxed))))
    }

    async fn exchange(&self, request: Request, sent: &AtomicBool) -> Result<Response, Error> {
        let connection = Connection::new(self.connector.connect(request.url.origin()).await?).await?;
        sent.store(true, Ordering::Relaxed);
        self.over(connection, request).await
    }

    async fn over(&self, mut connection: Connection, request: Request) -> Result<Response, Error> {
        let origin = request.url.origin().clone();
        let response = read(connection.send(hyper_request(request)?).await?).await?;
        self.idle.keep(origin, connection);
        Ok(response)
    }

    fn timed_out(&self, sent: bool) -> Error {
        let what = if sent { "no complete reply" } else { "no connection" };
        let detail = format!("{what} within {} s", self.deadline.as_secs_f32());
        Error { kind: Some(io::ErrorKind::TimedOut), ..Error::new(Stage::Deadline, sent, detail) }
    }
}

fn hyper_request(request: Request) -> Result<hyper::Request<Full<Bytes>>, Error> {
    let Request { method, url, headers, body } = request;
    let mut builder = hyper::Request::builder()
        .method(method)
        .uri(url.target())
        .header(HOST, url.origin().host_header())
        .header(USER_AGENT, concat!("everlit/", env!("CARGO_PKG_VERSION")));
    for (name, value) in &headers {
        builder = builder.header(*name, value.expose());
    }
    builder
        .body(Full::from(body.to_vec()))
        .map_err(|_| Error::unsent(Stage::Setup, "the request has an invalid URL or header"))
}

async fn read(reply: hyper::Response<Incoming>) -> Result<Response, Error> {
    let (head, mut incoming) = reply.into_parts();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect();
    let mut body = Vec::new();
    while body.len() <= Response::MAX_BODY {
        let Some(frame) = incoming.frame().await else { break };
        let frame = frame.map_err(|error| Error::hyper(Stage::Body, true, &error))?;
        if let Some(data) = frame.data_ref() {
            let room = Response::MAX_BODY + 1 - body.len();
            body.extend_from_slice(data.get(..room).unwrap_or(data));
        }
    }
    Ok(Response { status: head.status.as_u16(), headers, body })
}
