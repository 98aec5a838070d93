//! The real transport against real but misbehaving servers on this machine.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod meta;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use everlit_meta_api::{
    App, Class, Client, ConfigError, Error, HttpTransport, Options, Platform, Proxy, Roots, Secret, Stage,
    TransportError, UnreadableBody, UrlError,
};
use meta::{APP_SECRET, FRESH, INSTAGRAM, token};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Where nobody listens: port 1 (tcpmux) has been unused for decades.
const NOBODY: &str = "127.0.0.1:1";

/// What a server does after reading a request.
#[derive(Debug, Clone)]
enum Act {
    /// Sends these bytes and closes.
    Say(Vec<u8>),
    /// Sends these bytes over and over until the client closes the connection.
    Flood(Vec<u8>),
    /// Sends one byte every 10 ms.
    Trickle(Vec<u8>),
    /// Sends nothing and keeps the connection open.
    Hang,
}

/// A plain HTTP server on its own port.
struct Server {
    address: SocketAddr,
    /// Every request as received, head and body.
    seen: Arc<Mutex<Vec<String>>>,
    /// How many bytes of replies were written.
    written: Arc<Mutex<usize>>,
}

impl Server {
    async fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Self { address, seen: Arc::default(), written: Arc::default() };
        let (seen, written) = (Arc::clone(&server.seen), Arc::clone(&server.written));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, act.clone(), Arc::clone(&seen), Arc::clone(&written)));
            }
        });
        server
    }

    async fn json(body: &str) -> Self {
        Self::start(Act::Say(response("200 OK", "content-type: application/json\r\n", body.as_bytes()))).await
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn fresh() -> String {
    format!(r#"{{"access_token":"{FRESH}","token_type":"bearer","expires_in":5183944}}"#)
}

async fn answer(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    act: Act,
    seen: Arc<Mutex<Vec<String>>>,
    written: Arc<Mutex<usize>>,
) -> io::Result<()> {
    let request = read_request(&mut stream).await?;
    seen.lock().unwrap().push(request);
    match act {
        Act::Say(bytes) => stream.write_all(&bytes).await?,
        Act::Flood(bytes) => loop {
            stream.write_all(&bytes).await?;
            *written.lock().unwrap() += bytes.len();
        },
        Act::Trickle(bytes) => {
            for byte in bytes {
                stream.write_all(&[byte]).await?;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        Act::Hang => std::future::pending().await,
    }
    stream.shutdown().await
}

/// Reads a head, and a body of the length it states.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut text = String::new();
    loop {
        let wanted = text.find("\r\n\r\n").map(|end| {
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
            end + 4 + length.map_or(0, |length| length.parse::<usize>().unwrap())
        });
        if wanted.is_some_and(|wanted| text.len() >= wanted) {
            return Ok(text);
        }
        text.push(char::from(stream.read_u8().await?));
    }
}

fn options(url: &str) -> Options {
    Options { base_url: Some(url.to_owned()), ..Options::default() }
}

fn client(options: Options) -> Client {
    Client::new(Arc::new(HttpTransport::new(options).unwrap()))
}

/// The error of a refresh.
async fn refused(options: Options) -> Error {
    let error = client(options).refresh(&token(INSTAGRAM)).await.unwrap_err();
    let shown = format!("{error} {error:?} {}", error.message());
    assert!(!shown.contains("IGAA") && !shown.contains("grant_type"), "{shown}");
    error
}

/// The error of a refresh against a server that does this.
async fn after(act: Act) -> Error {
    refused(options(&Server::start(act).await.url())).await
}

fn transport(error: &Error) -> &TransportError {
    match error {
        Error::Transport(error) => error,
        other => panic!("not a failure of the transport: {other:?}"),
    }
}

fn unreadable(error: &Error) -> UnreadableBody {
    match error {
        Error::Unreadable(unreadable) => unreadable.body,
        other => panic!("not unreadable: {other:?}"),
    }
}

#[tokio::test]
async fn a_refresh_sends_the_documented_request() {
    let headers = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-App-Usage: {\"call_volume\":7}\r\n";
    let server = Server::start(Act::Say(response("200 OK", headers, fresh().as_bytes()))).await;
    let reply = client(options(&server.url())).refresh(&token(INSTAGRAM)).await.unwrap();
    assert_eq!(reply.value.token, token(FRESH));
    assert_eq!((reply.usage.percent, reply.date.unwrap().as_unix()), (Some(7), 784_111_777));

    let [request] = server.seen().try_into().unwrap();
    let expected = format!(
        "GET /graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token={INSTAGRAM}&locale=en_US HTTP/1.1\r\n\
         host: {}\r\nuser-agent: everlit/{}\r\naccept: application/json\r\naccept-language: en-US\r\naccept-encoding: identity\r\n\r\n",
        server.address,
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(request, expected);
}

#[tokio::test]
async fn the_code_and_the_app_secret_are_sent_in_the_body() {
    let server = Server::json(&fresh()).await;
    let app = App { id: "1234567890".to_owned(), secret: Secret::new(APP_SECRET) };
    let client = client(options(&server.url())).with_app(app);
    client.exchange_code(Platform::Instagram, "AQfake#_", "https://example.com/").await.unwrap();
    let [request] = server.seen().try_into().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /api.instagram.com/oauth/access_token HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/x-www-form-urlencoded"), "{head}");
    assert!(!head.contains(APP_SECRET) && !head.contains("AQfake"), "{head}");
    let expected = "grant_type=authorization_code&redirect_uri=https%3A%2F%2Fexample.com%2F&code=AQfake";
    assert_eq!(body, format!("client_id=1234567890&client_secret={APP_SECRET}&{expected}"));
}

#[tokio::test]
async fn a_chunked_reply_is_reassembled() {
    let (first, second) = (fresh()[..20].to_owned(), fresh()[20..].to_owned());
    let chunks = format!("{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n", first.len(), second.len());
    let server =
        Server::start(Act::Say(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}").into_bytes()))
            .await;
    assert_eq!(client(options(&server.url())).refresh(&token(INSTAGRAM)).await.unwrap().value.token, token(FRESH));
}

#[tokio::test]
async fn unreadable_replies_are_told_apart() {
    use UnreadableBody::{Empty, Encoded, Html, NotJson, Redirect, Truncated};
    let gzip = [&[0x1f, 0x8b, 8, 0][..], &[0; 200]].concat();
    for (status, headers, body, what, class) in [
        ("502 Bad Gateway", "", &b"<html>Bad gateway</html>"[..], Html, Class::Retry),
        ("500 Internal Server Error", "", b"", Empty, Class::Retry),
        ("200 OK", "", b"{\"access_token\":\"IGAAfake", Truncated, Class::Retry),
        ("200 OK", "", b"fine", NotJson, Class::Unknown),
        ("200 OK", "content-encoding: gzip\r\n", &gzip, Encoded, Class::Unknown),
        ("200 OK", "", &gzip, Encoded, Class::Unknown),
        ("304 Not Modified", "", b"", Redirect, Class::Retry),
    ] {
        let error = after(Act::Say(response(status, headers, body))).await;
        assert_eq!((unreadable(&error), error.class()), (what, class), "{status} {headers}");
    }
}

#[tokio::test]
async fn an_endless_reply_is_read_only_up_to_the_limit() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 104857600\r\n\r\n".to_vec();
    for act in [Act::Flood([head, vec![b'x'; 1 << 16]].concat()), Act::Flood(b"HTTP/1.1 200 OK\r\n\r\n".repeat(4_000))]
    {
        let server = Server::start(act).await;
        let error = refused(options(&server.url())).await;
        assert_eq!(unreadable(&error), UnreadableBody::TooLarge);
        assert!(error.reply_lost());
        // As much as fits into the system's buffers, not the whole 100 MB.
        assert!(*server.written.lock().unwrap() < 50_000_000);
    }
}

#[tokio::test]
async fn an_endless_header_is_an_error() {
    let server = Server::start(Act::Flood(b"HTTP/1.1 200 OK\r\nx: y\r\n".repeat(1_000))).await;
    let error = refused(options(&server.url())).await;
    assert_eq!((transport(&error).stage, error.reply_lost()), (Stage::Headers, true));
}

#[tokio::test]
async fn a_connection_that_closes_early_may_have_lost_the_reply() {
    for (bytes, stage) in [
        (&b""[..], Stage::Headers),
        (b"HTTP/1.1 200 OK\r\ncontent-le", Stage::Headers),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"access_token\"", Stage::Body),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"acc\r\n", Stage::Body),
        (b"SSH-2.0-OpenSSH\r\n", Stage::Headers),
    ] {
        let error = after(Act::Say(bytes.to_vec())).await;
        assert_eq!((transport(&error).stage, transport(&error).sent), (stage, true), "{error}");
        assert_eq!((error.class(), error.reply_lost()), (Class::Retry, true));
    }
}

#[tokio::test]
async fn a_slow_reply_times_out() {
    let body = response("200 OK", "", fresh().repeat(100).as_bytes());
    for act in [Act::Trickle(body), Act::Hang] {
        let server = Server::start(act).await;
        let asked = async {
            while server.seen().is_empty() {
                tokio::task::yield_now().await;
            }
            // From here on, the test's clock jumps ahead to the next timer.
            tokio::time::pause();
        };
        let (error, ()) = tokio::join!(refused(options(&server.url())), asked);
        tokio::time::resume();
        assert_eq!((transport(&error).stage, error.reply_lost()), (Stage::Deadline, true), "{error}");
    }
}

#[tokio::test]
async fn a_failed_connection_has_sent_nothing() {
    let error = refused(options(&format!("http://{NOBODY}"))).await;
    assert_eq!((transport(&error).stage, error.reply_lost()), (Stage::Connect, false), "{error}");

    // Accepts the connection but never answers the handshake.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let error = refused(Options { deadline: Duration::from_millis(200), ..options(&url) }).await;
    assert_eq!((transport(&error).stage, error.reply_lost()), (Stage::Deadline, false), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let elsewhere = Server::json(&fresh()).await;
        let location = format!("location: {}/x\r\n", elsewhere.url());
        let error = after(Act::Say(response(status, &location, fresh().as_bytes()))).await;
        assert_eq!((unreadable(&error), error.class()), (UnreadableBody::Redirect, Class::Retry));
        assert!(elsewhere.seen().is_empty());
    }
}

/// An HTTPS server with a self-signed certificate for `localhost`, and that certificate as PEM.
async fn secure_server(body: &str) -> (SocketAddr, Arc<Mutex<Vec<String>>>, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let act = Act::Say(response("200 OK", "", body.as_bytes()));
    let theirs = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                let _ = answer(stream, act.clone(), Arc::clone(&theirs), Arc::default()).await;
            }
        }
    });
    (address, seen, made.cert.pem())
}

#[tokio::test]
async fn a_certificate_needs_a_trusted_issuer_and_the_right_name() {
    let (address, seen, pem) = secure_server(&fresh()).await;
    let url = format!("https://localhost:{}", address.port());
    let error = refused(options(&url)).await;
    assert_eq!((transport(&error).stage, error.class(), error.reply_lost()), (Stage::Tls, Class::Retry, false));
    assert!(error.to_string().contains("the certificate of localhost is not trusted"), "{error}");
    assert!(error.to_string().contains("--ca-file"), "{error}");
    assert!(seen.lock().unwrap().is_empty());

    for roots in [Roots::BundledAnd(pem.clone().into_bytes()), Roots::Only(pem.clone().into_bytes())] {
        let client = client(Options { roots, ..options(&url) });
        assert_eq!(client.refresh(&token(INSTAGRAM)).await.unwrap().value.token, token(FRESH));
    }
    assert_eq!(seen.lock().unwrap().len(), 2);

    // The right issuer but the wrong name.
    let url = format!("https://127.0.0.1:{}", address.port());
    let error = refused(Options { roots: Roots::Only(pem.into_bytes()), ..options(&url) }).await;
    assert_eq!(transport(&error).stage, Stage::Tls);
    assert_eq!(seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_ca_file_without_certificates_is_a_configuration_error() {
    let (address, _, _) = secure_server(&fresh()).await;
    let url = format!("https://localhost:{}", address.port());
    for pem in ["", "not PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = refused(Options { roots: Roots::BundledAnd(pem.into()), ..options(&url) }).await;
        assert_eq!((transport(&error).stage, error.class(), error.reply_lost()), (Stage::Setup, Class::Config, false));
        assert!(error.to_string().contains("CA file"), "{error}");
    }
}

/// A proxy that connects every tunnel to `target`, and the requests that it received.
async fn proxy(target: SocketAddr, answer: &'static str) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let theirs = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let request = read_request(&mut stream).await.unwrap();
            theirs.lock().unwrap().push(request);
            stream.write_all(answer.as_bytes()).await.unwrap();
            if answer.contains(" 200 ") {
                let mut on = TcpStream::connect(target).await.unwrap();
                let _ = copy_bidirectional(&mut stream, &mut on).await;
            }
        }
    });
    (address, seen)
}

const TUNNEL: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

#[tokio::test]
async fn a_proxy_sees_only_the_host_name() {
    let (address, asked, pem) = secure_server(&fresh()).await;
    let (proxy, seen) = proxy(address, TUNNEL).await;
    let through = |no: Option<&str>| Options {
        roots: Roots::Only(pem.clone().into_bytes()),
        proxy: Proxy {
            https: Some(Secret::new(format!("http://name:fakeword@{proxy}"))),
            no_proxy: no.map(str::to_owned),
        },
        // Only the proxy can reach the server.
        ..options("https://localhost:1")
    };
    let reply = client(through(None)).refresh(&token(INSTAGRAM)).await.unwrap();
    assert_eq!(reply.value.token, token(FRESH));
    assert_eq!(asked.lock().unwrap().len(), 1);
    // printf 'name:fakeword' | base64
    let expected =
        "CONNECT localhost:1 HTTP/1.1\r\nhost: localhost:1\r\nproxy-authorization: Basic bmFtZTpmYWtld29yZA==\r\n\r\n";
    assert_eq!(*seen.lock().unwrap(), [expected]);

    let error = refused(through(Some("example.com,localhost"))).await;
    assert_eq!(transport(&error).stage, Stage::Connect);
    assert_eq!(seen.lock().unwrap().len(), 1, "NO_PROXY bypasses the proxy");
}

#[tokio::test]
async fn a_refusing_proxy_is_reported_and_nothing_was_sent() {
    let nobody: SocketAddr = NOBODY.parse().unwrap();
    let options = |proxy: SocketAddr| Options {
        proxy: Proxy { https: Some(Secret::new(format!("http://name:fakeword@{proxy}"))), no_proxy: None },
        ..options("https://meta.example")
    };
    for (answer, words) in [
        ("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n", "user name"),
        ("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", "403"),
        ("", ""),
        ("no proxy at all\r\n\r\n", ""),
    ] {
        let (proxy, _) = proxy(nobody, answer).await;
        let error = refused(options(proxy)).await;
        assert_eq!((transport(&error).stage, error.class(), error.reply_lost()), (Stage::Proxy, Class::Retry, false));
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(words) && !shown.contains("fakeword"), "{shown}");
    }
    assert_eq!(transport(&refused(options(nobody)).await).stage, Stage::Proxy);
}

#[tokio::test]
async fn plain_http_to_this_machine_bypasses_the_proxy() {
    let server = Server::json(&fresh()).await;
    let proxy = Proxy { https: Some(Secret::new("http://127.0.0.1:1")), no_proxy: None };
    client(Options { proxy, ..options(&server.url()) }).refresh(&token(INSTAGRAM)).await.unwrap();
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_base_url_on_another_host_must_use_tls() {
    let error = HttpTransport::new(options("http://meta.example")).unwrap_err();
    assert_eq!(error, Error::Config(ConfigError::BaseUrl(UrlError::PlainHttp)));
}

#[tokio::test]
async fn a_token_of_the_sandbox_never_goes_to_the_real_meta() {
    let transport = HttpTransport::new(Options::default()).unwrap();
    let client = Client::new(Arc::new(transport));
    let error = client.me(&token(&format!("IGAAfakeSANDBOX{}", "x".repeat(100)))).await.unwrap_err();
    assert_eq!((error.class(), error.reply_lost()), (Class::Config, false));
    assert!(error.to_string().contains("set EVERLIT_META_URL"), "{error}");
}
