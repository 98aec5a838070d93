//! The real transport: HTTP/1.1 over TLS, one connection for each call, no redirects, nothing logged.
//!
//! Connections are not kept: a refresh is one call in a month, and a call on a kept connection that the other side has just
//! closed cannot be told from one that Meta has acted on. TLS resumption makes the second connection cheap.

mod connect;
mod proxy;
mod tls;

use std::error::Error as _;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;

pub use self::proxy::Proxy;
pub use self::tls::Roots;

use crate::{BoxFuture, Error, HttpReply, HttpRequest, Method, Stage, Transport, TransportError};

/// How to reach Meta. The defaults: directly, with the bundled roots, in 30 seconds.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long one call may take from the look-up of the name to the last byte of the reply.
    pub deadline: Duration,
    /// Which certificates are trusted.
    pub roots: Roots,
    /// The proxy, and what is reached without it.
    pub proxy: Proxy,
    /// A stand-in for Meta, such as `http://127.0.0.1:4010`: every call goes there, with Meta's host as the first segment of
    /// the path. Plain http only to this machine itself, and then without a proxy.
    pub base_url: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(30), roots: Roots::default(), proxy: Proxy::default(), base_url: None }
    }
}

/// A [`Transport`] over the network. Needs a Tokio runtime with network and time around it when used, none when built.
#[derive(Debug)]
pub struct HttpTransport {
    deadline: Duration,
    base: Option<Destination>,
    connector: connect::Connector,
}

impl HttpTransport {
    /// A transport with these options. Opens nothing and parses no certificate yet.
    ///
    /// [`Error::Config`] when the base URL or the proxy cannot be used.
    pub fn new(options: Options) -> Result<Self, Error> {
        let base = options.base_url.as_deref().map(Destination::base).transpose().map_err(Error::Config)?;
        let connector = connect::Connector::new(&options.proxy, options.roots).map_err(Error::Config)?;
        Ok(Self { deadline: options.deadline, base, connector })
    }

    async fn exchange(&self, request: HttpRequest, sent: &AtomicBool) -> Result<HttpReply, TransportError> {
        let (destination, path) = match &self.base {
            Some(base) => (base.clone(), format!("/{}{}", request.host, request.path)),
            None => (Destination { tls: true, host: request.host.to_owned(), port: 443 }, request.path.clone()),
        };
        let request = hyper_request(&request, &destination, &path)?;
        let stream = self.connector.connect(&destination).await?;
        let (mut sender, connection) = http1::Builder::new()
            .max_buf_size(HttpReply::MAX_BODY)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| TransportError { stage: Stage::Connect, sent: false, detail: describe(&error) })?;
        // Ends with this function, also when its deadline drops it.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        sent.store(true, Ordering::Relaxed);
        let reply = sender.send_request(request).await.map_err(|error| {
            let stage = if error.is_canceled() || error.is_body_write_aborted() { Stage::Send } else { Stage::Headers };
            TransportError { stage, sent: !error.is_canceled(), detail: describe(&error) }
        })?;
        read(reply).await
    }

    fn too_late(&self, sent: bool) -> TransportError {
        let what = if sent { "no complete answer" } else { "no connection" };
        let detail = format!("{what} within {} seconds", self.deadline.as_secs_f32());
        TransportError { stage: Stage::Deadline, sent, detail }
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            let sent = AtomicBool::new(false);
            let result = tokio::time::timeout(self.deadline, self.exchange(request, &sent)).await;
            result.unwrap_or_else(|_| Err(self.too_late(sent.into_inner())))
        })
    }
}

/// Where a connection goes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Destination {
    tls: bool,
    /// A name or an address, an IPv6 one without brackets.
    host: String,
    port: u16,
}

impl Destination {
    /// Reads a stand-in for Meta.
    fn base(url: &str) -> Result<Self, String> {
        let wrong =
            |what: &str| format!("the address that stands in for Meta {what}; it looks like http://127.0.0.1:4010");
        let uri: Uri = url.trim().parse().map_err(|_| wrong("is no URL"))?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong("must begin with https:// or http://")),
        };
        let authority = uri.authority().ok_or_else(|| wrong("has no host"))?;
        if authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(wrong("must be a host and a port, nothing more"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
        if !tls && !is_this_machine(&host) {
            return Err(wrong("may use plain http only on this machine"));
        }
        Ok(Self { tls, host, port })
    }

    /// `host:port`, for `Host` and `CONNECT`; with brackets around an IPv6 address.
    fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}

/// A name counts here, and is looked up to the same effect in `connect`.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn hyper_request(request: &HttpRequest, to: &Destination, path: &str) -> Result<Request<Full<Bytes>>, TransportError> {
    let query = request.encoded_query();
    let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{}", *query) };
    let host = if to.port == 443 { to.host.clone() } else { to.authority() };
    let builder = Request::builder()
        .uri(target)
        .header(HOST, host)
        .header(USER_AGENT, concat!("everlit/", env!("CARGO_PKG_VERSION")))
        .header(ACCEPT, "application/json")
        // Messages come in the reader's language; codes decide, but a person reads them.
        .header(ACCEPT_LANGUAGE, "en-US")
        .header(ACCEPT_ENCODING, "identity");
    let request = match request.method {
        Method::Get => builder.method("GET").body(Full::default()),
        Method::Post => builder
            .method("POST")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(request.encoded_form().as_bytes().to_vec())),
    };
    request.map_err(|_| TransportError {
        stage: Stage::Setup,
        sent: false,
        detail: "the request has no valid address".to_owned(),
    })
}

async fn read(reply: Response<Incoming>) -> Result<HttpReply, TransportError> {
    let (head, mut incoming) = reply.into_parts();
    let header = |name: &'static str| {
        head.headers.get(name).map(|value| (name, String::from_utf8_lossy(value.as_bytes()).into_owned()))
    };
    let headers = HttpReply::HEADERS.into_iter().filter_map(header).collect();
    let mut body = Vec::new();
    while body.len() <= HttpReply::MAX_BODY {
        let Some(frame) = incoming.frame().await else { break };
        let frame =
            frame.map_err(|error| TransportError { stage: Stage::Body, sent: true, detail: describe(&error) })?;
        if let Some(data) = frame.data_ref() {
            let room = HttpReply::MAX_BODY + 1 - body.len();
            body.extend_from_slice(data.get(..room).unwrap_or(data));
        }
    }
    Ok(HttpReply { status: head.status.as_u16(), headers, body })
}

/// What hyper says, without what the other side sent.
fn describe(error: &hyper::Error) -> String {
    if error.is_incomplete_message() || error.is_closed() {
        return "the other side closed the connection".to_owned();
    }
    match error.source().and_then(|source| source.downcast_ref::<io::Error>()) {
        Some(error) => error.to_string(),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(url: &str) -> Result<(bool, String, u16), String> {
        Destination::base(url).map(|to| (to.tls, to.authority(), to.port))
    }

    #[test]
    fn a_stand_in_for_meta_may_use_plain_http_on_this_machine_only() {
        assert_eq!(base("http://127.0.0.1:4010"), Ok((false, "127.0.0.1:4010".to_owned(), 4010)));
        assert_eq!(base(" http://[::1]:4010/ "), Ok((false, "[::1]:4010".to_owned(), 4010)));
        assert_eq!(base("http://localhost"), Ok((false, "localhost:80".to_owned(), 80)));
        assert_eq!(base("https://meta.example"), Ok((true, "meta.example:443".to_owned(), 443)));
        for refused in [
            "http://meta.example",
            "http://10.0.0.1:4010",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "http://user@127.0.0.1",
            "http://127.0.0.1/path",
            "http://127.0.0.1/?query",
            "ftp://127.0.0.1",
            "127.0.0.1:4010",
            "",
        ] {
            assert!(base(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_wrong_stand_in_is_a_configuration_error_before_anything_is_sent() {
        let options = Options { base_url: Some("http://meta.example".to_owned()), ..Options::default() };
        let error = HttpTransport::new(options).unwrap_err();
        assert!(matches!(&error, Error::Config(words) if words.contains("plain http")), "{error}");
    }
}
