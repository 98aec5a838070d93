//! The loopback listener for the redirect URI (RFC 8252, 7.3): one path, one answer.

use std::convert::Infallible;
use std::future::ready;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::{LoginError, Redirect, RedirectError, read_redirect};
use bytes::Bytes;
use everlit_meta_api::{Secret, Timestamp};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::certificate::SelfSigned;
use crate::page::page;

const PATH: &str = "/callback";

/// Browsers open a few connections speculatively; more than this is not a browser.
const MOST_CONNECTIONS: usize = 32;

/// The longest a connection may last.
const LONGEST_CONNECTION: Duration = Duration::from_secs(10);

/// Meta's answer is small, but `localhost` may carry cookies of every site developed on this machine.
const LARGEST_REQUEST: usize = 64 * 1024;

/// A listener on the loopback addresses; dropping it closes the port.
#[derive(Debug)]
pub struct Listener {
    sockets: Vec<TcpListener>,
    port: u16,
    tls: Option<Arc<ServerConfig>>,
    redirect_uri: String,
}

/// The code, or why there is none.
type Outcome = Result<Secret, RedirectError>;

impl Listener {
    /// Binds the port on 127.0.0.1 and, where there is IPv6, on `::1`: `localhost` may resolve to either. Port 0 picks a free
    /// one. `now` dates the certificate if `is_secure`.
    ///
    /// # Errors
    /// [`LoginError::Listen`], [`LoginError::Certificate`].
    pub async fn bind(port: u16, is_secure: bool, now: Timestamp) -> Result<Self, LoginError> {
        let failed = |error: io::Error| LoginError::Listen { port, error };
        let first = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(failed)?;
        let port = first.local_addr().map_err(failed)?.port();
        let mut sockets = vec![first];
        match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
            Ok(second) => sockets.push(second),
            // Another program would receive the answer.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(failed(error)),
            // A machine without IPv6.
            Err(_) => {}
        }
        let tls = if is_secure { Some(SelfSigned::for_loopback(now)?.config) } else { None };
        let scheme = if is_secure { "https" } else { "http" };
        Ok(Self { sockets, port, tls, redirect_uri: format!("{scheme}://localhost:{port}{PATH}") })
    }

    /// The redirect URI to register with the app and to send in the authorize URL.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Whether it speaks TLS.
    pub fn is_secure(&self) -> bool {
        self.tls.is_some()
    }

    /// Waits for the answer that carries `state`; rejects every other request.
    ///
    /// # Errors
    /// The person or Meta refused.
    pub async fn answer(self, state: &str) -> Result<Secret, RedirectError> {
        let callback_state = Arc::new(CallbackState::new(state, self.port, self.is_secure()));
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                // The connection that brought the answer ends once its page has been sent.
                Some(ended) = connections.join_next() => {
                    if let Ok(Some(outcome)) = ended {
                        return outcome;
                    }
                }
                stream = self.accept(), if connections.len() < MOST_CONNECTIONS => {
                    connections.spawn(serve(stream, self.tls.clone(), Arc::clone(&callback_state)));
                }
            }
        }
    }

    async fn accept(&self) -> TcpStream {
        loop {
            let accepted = match self.sockets.as_slice() {
                [first, second] => tokio::select! { a = first.accept() => a, b = second.accept() => b },
                [only, ..] => only.accept().await,
                [] => std::future::pending().await,
            };
            match accepted {
                Ok((stream, _)) => return stream,
                // Most likely out of file descriptors: wait for other connections to end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

/// The state that all connections share.
struct CallbackState {
    state: String,
    port: u16,
    /// Browsers leave the scheme's default port out of `Host` (RFC 9110, 4.2.3).
    port_is_default: bool,
    /// The answer has arrived; a state is good for one.
    is_answered: AtomicBool,
}

/// Serves one request on one connection. Returns the outcome once the page has been sent, or cannot be.
async fn serve(
    stream: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    callback_state: Arc<CallbackState>,
) -> Option<Outcome> {
    let outcome = Mutex::new(None);
    let service = service_fn(|request| {
        // Replies at once; a request body is never read.
        ready(Ok::<_, Infallible>(callback_state.reply(&request, &outcome)))
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(LONGEST_CONNECTION);
    http.keep_alive(false).max_buf_size(LARGEST_REQUEST);
    // Connection errors are ignored: a browser that rejects the certificate retries by itself.
    let _ = tokio::time::timeout(LONGEST_CONNECTION, async {
        match tls {
            Some(tls) => {
                if let Ok(stream) = TlsAcceptor::from(tls).accept(stream).await {
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                }
            }
            None => drop(http.serve_connection(TokioIo::new(stream), service).await),
        }
    })
    .await;
    outcome.into_inner().unwrap_or_else(PoisonError::into_inner)
}

impl CallbackState {
    fn new(state: &str, port: u16, is_secure: bool) -> Self {
        let default_port = if is_secure { 443 } else { 80 };
        Self {
            state: state.to_owned(),
            port,
            port_is_default: port == default_port,
            is_answered: AtomicBool::new(false),
        }
    }

    fn reply(&self, request: &Request<Incoming>, outcome: &Mutex<Option<Outcome>>) -> Response<Full<Bytes>> {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        if !self.is_for_this_listener(host) {
            return respond(StatusCode::MISDIRECTED_REQUEST, "This is not this login's address.");
        }
        if request.uri().path() != PATH {
            return respond(StatusCode::NOT_FOUND, "There is nothing here.");
        }
        if request.method() != Method::GET {
            return respond(StatusCode::METHOD_NOT_ALLOWED, "Only GET is allowed.");
        }
        let found = match read_redirect(&format!("?{}", request.uri().query().unwrap_or_default()), &self.state) {
            Ok(Redirect::Answer(code)) => Ok(code),
            Ok(Redirect::BareCode(_)) => Err(RedirectError::MissingState),
            Err(error) => Err(error),
        };
        let message = match &found {
            Ok(_) => "everlit has the answer. You can close this tab; the terminal shows the result.".to_owned(),
            Err(error) if ends_login(error) => format!("The login has ended: {error}. The terminal shows what to do."),
            // Not the answer to this login: keep waiting.
            Err(error) => return respond(StatusCode::BAD_REQUEST, &format!("Not taken: {error}.")),
        };
        if self.is_answered.swap(true, Ordering::Relaxed) {
            return respond(StatusCode::GONE, "This login already has its answer.");
        }
        *outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        respond(StatusCode::OK, &message)
    }

    /// Rejects foreign host names that resolve to this machine (DNS rebinding).
    fn is_for_this_listener(&self, host: &str) -> bool {
        let names = ["localhost", "127.0.0.1", "[::1]"];
        let is_with_port = |name: &str| host.eq_ignore_ascii_case(&format!("{name}:{}", self.port));
        names.iter().any(|name| is_with_port(name) || (self.port_is_default && host.eq_ignore_ascii_case(name)))
    }
}

/// A page without scripts or external resources, not cached, sent without a `Referer`: its address holds the code.
fn respond(status: StatusCode, message: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(page(message))));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    response
}

/// Whether the error ends this login. Any other may be a slip, or somebody else's request.
pub fn ends_login(error: &RedirectError) -> bool {
    matches!(error, RedirectError::Denied | RedirectError::Refused(_) | RedirectError::Meta(_))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::redirect::RedirectError;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::task::JoinHandle;

    use super::*;

    const STATE: &str = "5f0000fake0000state";
    const CODE: &str = "AQfakeCODEfakeCODEfakeCODEfakeCODEfakeCODE";

    /// A waiting listener without TLS.
    async fn waiting() -> (u16, JoinHandle<Outcome>) {
        let listener = Listener::bind(0, false, Timestamp::from_unix(0)).await.unwrap();
        (listener.port, tokio::spawn(listener.answer(STATE)))
    }

    /// The reply to these bytes.
    async fn sent(port: u16, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        // The listener may close the connection before everything is written.
        let _ = stream.write_all(bytes.as_ref()).await;
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply).await;
        String::from_utf8_lossy(&reply).into_owned()
    }

    async fn get(port: u16, target: &str) -> String {
        sent(port, format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n")).await
    }

    #[track_caller]
    fn code_of(outcome: Outcome) -> String {
        outcome.unwrap().expose().to_owned()
    }

    #[tokio::test]
    async fn the_answer_is_taken_and_the_page_loads_nothing_external() {
        let (port, outcome) = waiting().await;
        let reply = get(port, &format!("/callback?code={CODE}&state={STATE}")).await;
        assert_eq!(code_of(outcome.await.unwrap()), CODE);
        assert!(reply.starts_with("HTTP/1.1 200 ") && reply.contains("You can close this tab"), "{reply}");
        let head = reply.to_lowercase();
        for header in [
            "content-security-policy: default-src 'none'; style-src 'unsafe-inline'",
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "connection: close",
        ] {
            assert!(head.contains(header), "no {header}\n{reply}");
        }
        assert!(!reply.contains(CODE) && !reply.contains(STATE), "{reply}");
        assert!(["<script", "src=", "href=", "http:", "https:"].iter().all(|other| !reply.contains(other)), "{reply}");
    }

    #[tokio::test]
    async fn a_refusal_ends_the_login_only_with_the_right_state() {
        let (port, outcome) = waiting().await;
        for target in [
            format!("/callback?code={CODE}&state=another"),
            format!("/callback?code={CODE}"),
            "/callback?error=access_denied".to_owned(),
            "/callback?error=access_denied&state=another".to_owned(),
            format!("/callback?{CODE}"),
            format!("/callback?state={STATE}"),
            "/callback".to_owned(),
        ] {
            let reply = get(port, &target).await;
            assert!(reply.starts_with("HTTP/1.1 400 ") && reply.contains("Not taken"), "{target}: {reply}");
        }
        let reply = get(port, &format!("/callback?error=access_denied&state={STATE}")).await;
        assert!(reply.contains("The login has ended"), "{reply}");
        assert_eq!(outcome.await.unwrap().unwrap_err(), RedirectError::Denied);
    }

    #[tokio::test]
    async fn other_requests_are_rejected_and_the_wait_goes_on() {
        let (port, outcome) = waiting().await;
        let host = format!("Host: localhost:{port}\r\n");
        let good = format!("/callback?code={CODE}&state={STATE}");
        for (bytes, status) in [
            (format!("GET / HTTP/1.1\r\n{host}\r\n"), "404"),
            (format!("GET /favicon.ico HTTP/1.1\r\n{host}\r\n"), "404"),
            (format!("GET /callback/../x?code={CODE}&state={STATE} HTTP/1.1\r\n{host}\r\n"), "404"),
            (format!("POST {good} HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n"), "405"),
            (format!("HEAD {good} HTTP/1.1\r\n{host}\r\n"), "405"),
            (format!("GET {good} HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n"), "421"),
            (format!("GET {good} HTTP/1.1\r\nHost: localhost\r\n\r\n"), "421"),
            (format!("GET {good} HTTP/1.1\r\n\r\n"), "421"),
            (format!("GET / HTTP/1.1\r\n{host}Cookie: {}\r\n\r\n", "x".repeat(40_000)), "404"),
            (format!("GET {good} HTTP/1.1\r\n{host}X-Large: {}\r\n\r\n", "x".repeat(300_000)), "431"),
            (format!("GET /{} HTTP/1.1\r\n{host}\r\n", "x".repeat(300_000)), "431"),
            ("\u{1}\u{2}\u{3}garbage\r\n\r\n".to_owned(), "400"),
        ] {
            let reply = sent(port, &bytes).await;
            // A large request may still be in flight when the connection ends, and the reply is then lost.
            let is_cut = status == "431" && reply.is_empty();
            assert!(
                is_cut || reply.starts_with(&format!("HTTP/1.1 {status} ")),
                "{}: {reply}",
                &bytes[..40.min(bytes.len())]
            );
        }
        let _ = get(port, &good).await;
        assert_eq!(code_of(outcome.await.unwrap()), CODE);
    }

    #[test]
    fn only_the_default_port_may_be_left_out_of_host() {
        for (port, is_secure, host, is_for_this_listener) in [
            (443, true, "localhost", true),
            (443, true, "LOCALHOST", true),
            (443, true, "localhost:443", true),
            (443, true, "127.0.0.1", true),
            (443, true, "[::1]", true),
            (80, false, "localhost", true),
            (443, true, "localhost:", false),
            (443, true, "localhost:80", false),
            (443, true, "evil.example", false),
            (443, true, "localhost.evil.example", false),
            (443, true, "", false),
            (443, false, "localhost", false),
            (80, true, "localhost", false),
            (8447, true, "localhost", false),
            (8447, true, "localhost:8447", true),
        ] {
            assert_eq!(
                CallbackState::new(STATE, port, is_secure).is_for_this_listener(host),
                is_for_this_listener,
                "{port} {is_secure} {host:?}"
            );
        }
    }

    #[tokio::test]
    async fn only_one_of_two_simultaneous_answers_counts() {
        let (port, outcome) = waiting().await;
        let target = format!("/callback?code={CODE}&state={STATE}");
        let (one, other) = tokio::join!(get(port, &target), get(port, &target));
        let taken = [&one, &other].iter().filter(|reply| reply.starts_with("HTTP/1.1 200 ")).count();
        assert_eq!(taken, 1, "{one}\n{other}");
        assert_eq!(code_of(outcome.await.unwrap()), CODE);
    }

    #[tokio::test]
    async fn silent_connections_do_not_block_the_answer() {
        let (port, outcome) = waiting().await;
        let mut silent = Vec::new();
        for _ in 0..MOST_CONNECTIONS - 1 {
            silent.push(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap());
        }
        let _ = get(port, &format!("/callback?code={CODE}&state={STATE}")).await;
        assert_eq!(code_of(outcome.await.unwrap()), CODE);
    }

    #[tokio::test]
    async fn a_port_in_use_is_named() {
        let first = Listener::bind(0, false, Timestamp::from_unix(0)).await.unwrap();
        let error = Listener::bind(first.port, false, Timestamp::from_unix(0)).await.unwrap_err();
        assert!(error.to_string().contains(&format!("port {} of this machine is in use", first.port)), "{error:?}");
    }

    /// Verified as a browser would.
    #[test]
    fn the_certificate_is_valid_for_loopback_and_today_only() {
        use rustls::client::WebPkiServerVerifier;
        use rustls::client::danger::ServerCertVerifier as _;
        use rustls::pki_types::{ServerName, UnixTime};

        const NOW: i64 = 1_800_000_000;
        let signed = SelfSigned::for_loopback(Timestamp::from_unix(NOW)).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(signed.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let holds = |name: &'static str, at: i64| {
            let at = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at).unwrap()));
            let name = ServerName::try_from(name).unwrap();
            verifier.verify_server_cert(&signed.certificate, &[], &name, &[], at).is_ok()
        };
        for name in ["localhost", "127.0.0.1", "::1"] {
            assert!(holds(name, NOW), "{name}");
        }
        assert!(!holds("example.com", NOW));
        assert!(!holds("localhost", NOW + 3 * 86_400));
        assert!(!holds("localhost", NOW - 3 * 86_400));
    }
}
