//! The client against a server on this machine. TLS, proxies, deadlines and broken replies are tested in
//! `everlit-meta-api`, which knows what they mean for a token.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{ErrorKind, Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use everlit_http::{HttpClient, Method, Options, Request, Secret, Stage, Url};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

/// A server that answers one connection: its URL, and the request that it receives.
async fn server(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"the end") {
            seen.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(seen).unwrap()
    });
    (format!("http://{address}"), seen)
}

fn request(url: &str, headers: Vec<(&'static str, Secret)>) -> Request {
    Request { method: Method::PUT, url: Url::parse(url).unwrap(), headers, body: Zeroizing::new(b"the end".to_vec()) }
}

#[tokio::test]
async fn a_request_is_sent_unchanged_and_the_reply_comes_back_whole() {
    let (url, seen) =
        server("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nX-Odd: \u{e4}\r\ncontent-length: 2\r\n\r\nno").await;
    let sent = request(&format!("{url}/a%20b?c=d"), vec![("x-token", Secret::new("fake-secret"))]);
    assert!(!format!("{sent:?}").contains("a%20b") && !format!("{sent:?}").contains("fake-secret"), "{sent:?}");
    let reply = HttpClient::new(Options::default()).unwrap().send(sent).await.unwrap();
    assert_eq!((reply.status, reply.header("retry-after"), &*reply.body), (429, Some("7"), &b"no"[..]));
    let host = url.strip_prefix("http://").unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!(
        "PUT /a%20b?c=d HTTP/1.1\r\nhost: {host}\r\nuser-agent: everlit/{version}\r\nx-token: fake-secret\r\n\
         content-length: 7\r\n\r\nthe end"
    );
    assert_eq!(seen.await.unwrap(), expected);
}

#[tokio::test]
async fn a_redirect_is_returned_and_not_followed() {
    let (url, _) = server("HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n").await;
    let reply = HttpClient::new(Options::default()).unwrap().send(request(&url, Vec::new())).await.unwrap();
    assert_eq!(reply.status, 307);
}

#[tokio::test]
async fn a_header_with_a_line_break_is_not_sent() {
    let (url, _) = server("").await;
    let http = HttpClient::new(Options::default()).unwrap();
    let error = http.send(request(&url, vec![("x-token", Secret::new("a\r\nx-other: b"))])).await.unwrap_err();
    assert_eq!((error.stage, error.sent), (Stage::Setup, false));
}

#[tokio::test]
async fn an_error_names_the_host_and_no_other_part_of_the_url() {
    // Port 1 (tcpmux) has been unused for decades.
    let http = HttpClient::new(Options::default()).unwrap();
    let error = http.send(request("http://127.0.0.1:1/fake-secret?fake-key", Vec::new())).await.unwrap_err();
    assert_eq!((error.stage, error.sent, error.kind), (Stage::Connect, false, Some(ErrorKind::ConnectionRefused)));
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("127.0.0.1") && !shown.contains("fake"), "{shown}");
}

/// The test would not end if anybody waited for the resolver: neither the call nor the end of the runtime does.
#[test]
fn a_resolver_that_hangs_holds_up_neither_call_nor_exit() {
    let hangs = |_: &str, _: u16| loop {
        std::thread::park();
    };
    let deadline = Duration::from_millis(50);
    let http = HttpClient::new(Options { deadline, ..Options::default() }).unwrap().with_resolver(hangs);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(http.send(request("https://meta.invalid/", Vec::new()))).unwrap_err();
    assert_eq!((error.stage, error.sent, error.kind), (Stage::Deadline, false, Some(ErrorKind::TimedOut)));
}

/// The next connection, once a request has come over it.
fn asked_on(listener: &std::net::TcpListener) -> std::net::TcpStream {
    let (mut stream, _) = listener.accept().unwrap();
    let mut seen = Vec::new();
    while !seen.ends_with(b"the end") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        seen.push(byte[0]);
    }
    stream
}

/// As of a process that is stopped, or on a machine that is suspended, while it waits.
#[test]
fn a_reply_that_came_while_the_process_was_stopped_counts() {
    let deadline = Duration::from_millis(300);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (asked, is_asked) = tokio::sync::oneshot::channel();
    let (stopped, is_stopped) = std::sync::mpsc::channel();
    let (answered, is_answered) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        let mut stream = asked_on(&listener);
        asked.send(()).unwrap();
        is_stopped.recv().unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ntoken").unwrap();
        answered.send(()).unwrap();
        // The connection stays open.
        let _ = is_stopped.recv();
    });
    let reply = runtime.block_on(async {
        let stops = tokio::spawn(async move {
            is_asked.await.unwrap();
            stopped.send(()).unwrap();
            is_answered.recv().unwrap();
            // Nothing comes: this is how long the only thread of the runtime stands still.
            let _ = is_answered.recv_timeout(deadline);
            stopped
        });
        let http = HttpClient::new(Options { deadline, ..Options::default() }).unwrap();
        let reply = http.send(request(&url, Vec::new())).await;
        drop(stops);
        reply
    });
    assert_eq!(reply.unwrap().body, b"token");
}

#[tokio::test]
async fn a_failed_lookup_is_told_apart_from_a_silent_one() {
    let unknown = |_: &str, _: u16| Err(std::io::Error::other("no such host"));
    let http = HttpClient::new(Options::default()).unwrap().with_resolver(unknown);
    let error = http.send(request("https://meta.invalid/", Vec::new())).await.unwrap_err();
    assert_eq!((error.stage, error.sent), (Stage::Resolve, false));
}

/// A client, the URL of a server, and what the server has received: its nth connection answers that many requests, and is
/// closed at the next one.
async fn client_of(answers: &'static [usize]) -> (HttpClient, String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let received = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&received);
    tokio::spawn(async move {
        for answers in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                for answered in 0.. {
                    let mut seen = Vec::new();
                    while !seen.ends_with(b"the end") {
                        let Ok(byte) = stream.read_u8().await else { return };
                        seen.push(byte);
                    }
                    count.fetch_add(1, Ordering::SeqCst);
                    if answered == *answers {
                        return;
                    }
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await.unwrap();
                }
            });
        }
    });
    (HttpClient::new(Options::default()).unwrap(), url, received)
}

#[tokio::test]
async fn a_question_uses_the_connection_of_the_call_before() {
    let (http, url, received) = client_of(&[3]).await;
    assert_eq!(http.send(request(&url, Vec::new())).await.unwrap().body, b"ok");
    for _ in 0..2 {
        assert_eq!(http.send_idempotent(request(&url, Vec::new())).await.unwrap().body, b"ok");
    }
    assert_eq!(received.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_question_is_repeated_if_its_connection_was_closed() {
    let (http, url, received) = client_of(&[1, 1]).await;
    http.send(request(&url, Vec::new())).await.unwrap();
    assert_eq!(http.send_idempotent(request(&url, Vec::new())).await.unwrap().body, b"ok");
    // The second request was received, and not answered.
    assert_eq!(received.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_request_that_acts_is_sent_once_on_a_new_connection() {
    let (http, url, received) = client_of(&[1, 0]).await;
    http.send(request(&url, Vec::new())).await.unwrap();
    let error = http.send(request(&url, Vec::new())).await.unwrap_err();
    assert_eq!((error.stage, error.sent), (Stage::Headers, true));
    assert_eq!(received.load(Ordering::SeqCst), 2);
}

/// The runtime of the first call still exists, and nothing moves on it.
#[test]
fn a_connection_of_another_runtime_is_not_used() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        // Both stay open.
        let answered = |_| {
            let mut stream = asked_on(&listener);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").unwrap();
            stream
        };
        [0, 1].map(answered)
    });
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (first, second) = (runtime(), runtime());
    let http = HttpClient::new(Options { deadline: Duration::from_secs(5), ..Options::default() }).unwrap();
    first.block_on(http.send(request(&url, Vec::new()))).unwrap();
    assert_eq!(second.block_on(http.send_idempotent(request(&url, Vec::new()))).unwrap().body, b"ok");
    drop(server.join().unwrap());
}
