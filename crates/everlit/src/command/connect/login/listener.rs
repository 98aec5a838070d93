//! Takes the browser's answer on this machine: one path, one answer, and nothing else.

use std::convert::Infallible;
use std::future::ready;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use everlit_meta_api::{Redirect, RedirectError, Secret, Timestamp, read_redirect};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::answer::ends_login;
use super::{certificate, page};
use crate::output::problem::Problem;

const PATH: &str = "/callback";

/// A browser opens a few connections ahead of need; more is no browser's doing.
const MOST_CONNECTIONS: usize = 32;

/// From the first byte of a connection to its last.
const LONGEST_CONNECTION: Duration = Duration::from_secs(10);

/// Meta's answer is small, but `localhost` may have collected cookies from every site that was ever developed on this machine.
const LARGEST_REQUEST: usize = 64 * 1024;

/// Listens on the loopback. Its port is closed when it is dropped.
pub(super) struct Listener {
    sockets: Vec<TcpListener>,
    port: u16,
    tls: Option<TlsAcceptor>,
    redirect_uri: String,
}

/// What a login came to.
type Outcome = Result<Secret, RedirectError>;

impl Listener {
    /// On this port of 127.0.0.1, and of `::1` where there is one, for `localhost` may mean either. Port 0 takes a free one.
    /// `again` is the command that begins anew.
    pub(super) async fn bind(port: u16, is_secure: bool, now: Timestamp, again: &str) -> Result<Self, Problem> {
        let failed = |error: io::Error| cannot_listen(port, &error, again);
        let first = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(failed)?;
        let port = first.local_addr().map_err(failed)?.port();
        let mut sockets = vec![first];
        match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
            Ok(second) => sockets.push(second),
            // Somebody else would get what is meant for us.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(failed(error)),
            // A machine without IPv6.
            Err(_) => {}
        }
        let tls = if is_secure { Some(certificate::Made::for_this_machine(now)?.acceptor) } else { None };
        let scheme = if is_secure { "https" } else { "http" };
        Ok(Self { sockets, port, tls, redirect_uri: format!("{scheme}://localhost:{port}{PATH}") })
    }

    pub(super) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    pub(super) fn is_secure(&self) -> bool {
        self.tls.is_some()
    }

    /// Waits for the answer that carries `state`. Whatever else comes is refused, and waiting goes on.
    pub(super) async fn answer(self, state: &str) -> Outcome {
        let callback_state = Arc::new(CallbackState::new(state, self.port, self.is_secure()));
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                // A connection that brought the answer ends once its page has been sent.
                Some(ended) = connections.join_next() => {
                    if let Ok(Some(outcome)) = ended {
                        return outcome;
                    }
                }
                stream = self.accept(), if connections.len() < MOST_CONNECTIONS => {
                    connections.spawn(attend(stream, self.tls.clone(), Arc::clone(&callback_state)));
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
                // Out of file descriptors, most likely: others must end first.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

/// What all connections share.
struct CallbackState {
    state: String,
    port: u16,
    /// The port is the one that a browser leaves out of `Host` (RFC 9110, 4.2.3).
    port_is_usual: bool,
    /// The answer has come; a state is good for one.
    is_taken: AtomicBool,
}

/// One connection, one request. The outcome is handed on when the page has gone out, or cannot.
async fn attend(stream: TcpStream, tls: Option<TlsAcceptor>, callback_state: Arc<CallbackState>) -> Option<Outcome> {
    let outcome = Mutex::new(None);
    let service = service_fn(|request| {
        // It has no reason to wait: whatever is sent along is not read.
        ready(Ok::<_, Infallible>(callback_state.reply(&request, &outcome)))
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(LONGEST_CONNECTION);
    http.keep_alive(false).max_buf_size(LARGEST_REQUEST);
    // Whatever goes wrong is the other side's affair: a browser that distrusts the certificate comes back by itself.
    let _ = tokio::time::timeout(LONGEST_CONNECTION, async {
        match tls {
            Some(tls) => {
                if let Ok(stream) = tls.accept(stream).await {
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
        let usual = if is_secure { 443 } else { 80 };
        Self { state: state.to_owned(), port, port_is_usual: port == usual, is_taken: AtomicBool::new(false) }
    }

    fn reply(&self, request: &Request<Incoming>, outcome: &Mutex<Option<Outcome>>) -> Response<Full<Bytes>> {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        if !self.is_meant(host) {
            return respond(StatusCode::MISDIRECTED_REQUEST, "This is not the address of this login.");
        }
        if request.uri().path() != PATH {
            return respond(StatusCode::NOT_FOUND, "There is nothing here.");
        }
        if request.method() != Method::GET {
            return respond(StatusCode::METHOD_NOT_ALLOWED, "A browser comes here with GET.");
        }
        let found = match read_redirect(&format!("?{}", request.uri().query().unwrap_or_default()), &self.state) {
            Ok(Redirect::Answer(code)) => Ok(code),
            Ok(Redirect::BareCode(_)) => Err(RedirectError::MissingState),
            Err(error) => Err(error),
        };
        let message = match &found {
            Ok(_) => "everlit has the answer. You can close this tab; the terminal shows what comes of it.".to_owned(),
            Err(error) if ends_login(error) => format!("The login has ended: {error}. The terminal shows what to do."),
            // Not the answer to this login: it goes on.
            Err(error) => return respond(StatusCode::BAD_REQUEST, &format!("Not taken: {error}.")),
        };
        if self.is_taken.swap(true, Ordering::Relaxed) {
            return respond(StatusCode::GONE, "This login has had its answer already.");
        }
        *outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        respond(StatusCode::OK, &message)
    }

    /// A name of this machine: a web page elsewhere whose name leads here (DNS rebinding) is sent away.
    fn is_meant(&self, host: &str) -> bool {
        let names = ["localhost", "127.0.0.1", "[::1]"];
        let is_with_port = |name: &str| host.eq_ignore_ascii_case(&format!("{name}:{}", self.port));
        names.iter().any(|name| is_with_port(name) || (self.port_is_usual && host.eq_ignore_ascii_case(name)))
    }
}

/// No script, nothing from elsewhere, kept by nobody; the address, which holds the code, is told to nobody.
fn respond(status: StatusCode, message: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(page::page(message))));
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    response
}

fn cannot_listen(port: u16, error: &io::Error, again: &str) -> Problem {
    let message = match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("port {port} of this machine is in use, perhaps by another login")
        }
        io::ErrorKind::PermissionDenied => format!("port {port} may not be used by this user; ports from 1024 on may"),
        _ => format!("cannot listen on port {port} of this machine: {error}"),
    };
    Problem::config(message)
        .with_next(format!("{again} --port PORT (register its redirect URI, too), or {again} --paste"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use everlit_meta_api::RedirectError;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::task::JoinHandle;

    use super::*;

    const STATE: &str = "5f0000fake0000state";
    const CODE: &str = "AQfakeCODEfakeCODEfakeCODEfakeCODEfakeCODE";

    /// A listener that waits, without TLS.
    async fn waiting() -> (u16, JoinHandle<Outcome>) {
        let listener = Listener::bind(0, false, Timestamp::from_unix(0), "").await.unwrap();
        (listener.port, tokio::spawn(listener.answer(STATE)))
    }

    /// What comes back for these bytes, until the connection ends.
    async fn sent(port: u16, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        // It may have been shown the door before everything was written.
        let _ = stream.write_all(bytes.as_ref()).await;
        let mut reply = Vec::new();
        let _ = stream.read_to_end(&mut reply).await;
        String::from_utf8_lossy(&reply).into_owned()
    }

    async fn failed_call(port: u16, target: &str) -> String {
        sent(port, format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n")).await
    }

    #[track_caller]
    fn code_of(outcome: Outcome) -> String {
        outcome.unwrap().expose().to_owned()
    }

    #[tokio::test]
    async fn the_answer_is_taken_and_the_page_says_so_with_nothing_from_elsewhere() {
        let (port, outcome) = waiting().await;
        let reply = failed_call(port, &format!("/callback?code={CODE}&state={STATE}")).await;
        assert_eq!(code_of(outcome.await.unwrap()), CODE);
        assert!(reply.starts_with("HTTP/1.1 200 ") && reply.contains("You can close this tab"), "{reply}");
        let head = reply.to_lowercase();
        for header in [
            "content-security-policy: default-src 'none'",
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
    async fn a_refusal_ends_the_login_and_nothing_without_the_state_does() {
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
            let reply = failed_call(port, &target).await;
            assert!(reply.starts_with("HTTP/1.1 400 ") && reply.contains("Not taken"), "{target}: {reply}");
        }
        let reply = failed_call(port, &format!("/callback?error=access_denied&state={STATE}")).await;
        assert!(reply.contains("The login has ended"), "{reply}");
        assert_eq!(outcome.await.unwrap().unwrap_err(), RedirectError::Denied);
    }

    #[tokio::test]
    async fn everything_else_is_refused_and_the_wait_goes_on() {
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
            // A large request may still be on its way when the connection ends, which can take the reply with it.
            let is_cut = status == "431" && reply.is_empty();
            assert!(
                is_cut || reply.starts_with(&format!("HTTP/1.1 {status} ")),
                "{}: {reply}",
                &bytes[..40.min(bytes.len())]
            );
        }
        let _ = failed_call(port, &good).await;
        assert_eq!(code_of(outcome.await.unwrap()), CODE);
    }

    #[test]
    fn a_browser_may_leave_out_the_port_that_is_the_usual_one_and_no_other() {
        for (port, is_secure, host, is_meant) in [
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
                CallbackState::new(STATE, port, is_secure).is_meant(host),
                is_meant,
                "{port} {is_secure} {host:?}"
            );
        }
    }

    #[tokio::test]
    async fn of_two_answers_at_once_one_counts() {
        let (port, outcome) = waiting().await;
        let target = format!("/callback?code={CODE}&state={STATE}");
        let (one, other) = tokio::join!(failed_call(port, &target), failed_call(port, &target));
        let taken = [&one, &other].iter().filter(|reply| reply.starts_with("HTTP/1.1 200 ")).count();
        assert_eq!(taken, 1, "{one}\n{other}");
        assert_eq!(code_of(outcome.await.unwrap()), CODE);
    }

    #[tokio::test]
    async fn connections_that_say_nothing_do_not_keep_the_answer_out() {
        let (port, outcome) = waiting().await;
        let mut silent = Vec::new();
        for _ in 0..MOST_CONNECTIONS - 1 {
            silent.push(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap());
        }
        let _ = failed_call(port, &format!("/callback?code={CODE}&state={STATE}")).await;
        assert_eq!(code_of(outcome.await.unwrap()), CODE);
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_named_with_the_way_out() {
        let first = Listener::bind(0, false, Timestamp::from_unix(0), "").await.unwrap();
        let again = "everlit connect --instagram";
        let Err(problem) = Listener::bind(first.port, false, Timestamp::from_unix(0), again).await else {
            panic!("two listeners on one port");
        };
        assert!(problem.message.contains(&format!("port {} of this machine is in use", first.port)), "{problem:?}");
        assert!(problem.next.to_string().contains("everlit connect --instagram --port PORT"));
    }

    /// The browser's view: the certificate is right for these names and no other, and for now and no other time.
    #[test]
    fn the_certificate_is_for_this_machine_and_these_days() {
        use rustls::client::WebPkiServerVerifier;
        use rustls::client::danger::ServerCertVerifier as _;
        use rustls::pki_types::{ServerName, UnixTime};

        const NOW: i64 = 1_800_000_000;
        let made = certificate::Made::for_this_machine(Timestamp::from_unix(NOW)).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(made.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let holds = |name: &'static str, at: i64| {
            let at = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at).unwrap()));
            let name = ServerName::try_from(name).unwrap();
            verifier.verify_server_cert(&made.certificate, &[], &name, &[], at).is_ok()
        };
        for name in ["localhost", "127.0.0.1", "::1"] {
            assert!(holds(name, NOW), "{name}");
        }
        assert!(!holds("example.com", NOW));
        assert!(!holds("localhost", NOW + 3 * 86_400));
        assert!(!holds("localhost", NOW - 3 * 86_400));
    }
}
