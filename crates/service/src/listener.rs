//! Answers about health and metrics, for service managers and Prometheus. It shows no name and no secret, and changes nothing.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::metrics::exposition;
use crate::state::State;

/// More calls than this wait to be accepted.
const MOST_CONNECTIONS: usize = 32;

/// How long a connection may last: an answer takes milliseconds.
const LONGEST_CONNECTION: Duration = Duration::from_secs(30);

/// How long a request may take to arrive.
const LONGEST_REQUEST: Duration = Duration::from_secs(5);

/// The largest request line and headers.
const LARGEST_REQUEST: usize = 16 << 10;

/// Answers until it is dropped.
pub(crate) async fn listen(listener: TcpListener, state: &'static State) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            stream = accept(&listener), if connections.len() < MOST_CONNECTIONS => {
                connections.spawn(tokio::time::timeout(LONGEST_CONNECTION, converse(stream, state)));
            }
        }
    }
}

/// Listens at an address; at a free port of the same host if `may_move` and the port is taken.
pub(crate) async fn bind(address: SocketAddr, may_move: bool) -> std::io::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Err(error) if may_move && error.kind() == std::io::ErrorKind::AddrInUse => {
            TcpListener::bind(SocketAddr::new(address.ip(), 0)).await
        }
        listener => listener,
    }
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // Out of descriptors, perhaps: some may be free again in a moment.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn converse(stream: TcpStream, state: &'static State) {
    let service = service_fn(async |request| Ok::<_, Infallible>(answer(&request, state)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(LONGEST_REQUEST).max_buf_size(LARGEST_REQUEST);
    // Whoever called may have gone.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

fn answer(request: &Request<Incoming>, state: &State) -> Response<Full<Bytes>> {
    const TEXT: &str = "text/plain; charset=utf-8";
    const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return response(StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET is answered here\n".to_owned());
    }
    let health = |why_not: Option<String>| match why_not {
        None => response(StatusCode::OK, TEXT, "ok\n".to_owned()),
        Some(why) => response(StatusCode::SERVICE_UNAVAILABLE, TEXT, format!("{why}\n")),
    };
    let snapshot = state.snapshot();
    match request.uri().path() {
        "/healthz" => health(snapshot.why_not_alive()),
        "/readyz" => health(snapshot.why_not_ready()),
        "/metrics" => response(StatusCode::OK, METRICS, exposition(&snapshot)),
        _ => response(StatusCode::NOT_FOUND, TEXT, "there are /healthz, /readyz and /metrics\n".to_owned()),
    }
}

fn response(status: StatusCode, content_type: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}
