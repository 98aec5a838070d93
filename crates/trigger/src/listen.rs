//! Listens for signed calls; each starts a run, one at a time.

use std::convert::Infallible;
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use everlit_engine::{ConfigError, Overrides, Project, World};
use everlit_host::{Environment, Signals, runtime};
use everlit_keeper::{Clock, Step};
use everlit_webhook::{Headers, ID, SIGNATURE, TIMESTAMP};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex as Turn, Notify, watch};
use tokio::task::JoinSet;

use crate::call::{Answer, Call, Gate, LARGEST_BODY};
use crate::run::Runner;

/// More calls than this wait to be accepted.
const MOST_CONNECTIONS: usize = 32;

/// How long a call may take to arrive, and its answer to leave.
const LONGEST_TRANSFER: Duration = Duration::from_secs(10);

/// The variable in which platforms name the port, such as Cloud Run.
const PORT: &str = "PORT";

/// Listens until a signal asks to end, and lets the run in progress end first. `flags` go before the command of each run;
/// `ready` learns the address.
///
/// # Errors
/// Without a secret, or if the address cannot be had.
pub fn listen(
    overrides: &Overrides,
    environment: &Environment,
    flags: Vec<OsString>,
    address: Option<SocketAddr>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ConfigError> {
    let world = World::real();
    let clock = Arc::clone(&world.clock);
    let gate = Gate::of(&Project::open(overrides, environment, world)?)?;
    let address = address.map_or_else(|| usual_address(environment), Ok)?;
    let runner = Runner::new(flags).map_err(ConfigError::internal)?;
    let internal = |error: std::io::Error| ConfigError::internal(format!("cannot start: {error}"));
    runtime().map_err(internal)?.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(|error| {
            let next = Step::everlit_args(["listen", "--address", "127.0.0.1:8081"]).with_note("for another address");
            ConfigError::new(format!("cannot listen on {address}: {error}"), next)
        })?;
        let mut signals = Signals::listen().map_err(internal)?;
        ready(listener.local_addr().map_err(internal)?);
        let server = Server::new(gate, runner, clock, LONGEST_TRANSFER);
        server.serve(listener, &mut signals).await;
        Ok(())
    })
}

/// `0.0.0.0` with the port that a platform has chosen, which connects from outside; this machine alone elsewhere.
fn usual_address(environment: &Environment) -> Result<SocketAddr, ConfigError> {
    let Some(port) = environment.variable(PORT) else { return Ok((Ipv4Addr::LOCALHOST, 8080).into()) };
    let port = port.parse::<u16>().map_err(|_| {
        ConfigError::new(format!("{PORT} is not the number of a port"), Step::note("correct it, or give an --address"))
    })?;
    Ok((Ipv4Addr::UNSPECIFIED, port).into())
}

/// What all connections share.
#[derive(Debug)]
struct Server {
    gate: Mutex<Gate>,
    runner: Runner,
    clock: Arc<dyn Clock>,
    longest_transfer: Duration,
    /// One run at a time.
    turn: Turn<()>,
    /// No further run is to begin.
    is_ending: watch::Sender<bool>,
}

impl Server {
    fn new(gate: Gate, runner: Runner, clock: Arc<dyn Clock>, longest_transfer: Duration) -> Arc<Self> {
        let (turn, is_ending) = (Turn::new(()), watch::Sender::new(false));
        Arc::new(Self { gate: Mutex::new(gate), runner, clock, longest_transfer, turn, is_ending })
    }

    /// A second signal ends it at once, and the run with it.
    async fn serve(self: &Arc<Self>, listener: TcpListener, signals: &mut Signals) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                _ = signals.end() => break,
                Some(_) = connections.join_next() => {}
                stream = accept(&listener), if connections.len() < MOST_CONNECTIONS => {
                    let server = Arc::clone(self);
                    connections.spawn(async move { server.converse(stream).await });
                }
            }
        }
        drop(listener);
        self.is_ending.send_replace(true);
        let end = async {
            drop(self.turn.lock().await);
            while connections.join_next().await.is_some() {}
        };
        tokio::select! {
            () = end => {}
            _ = signals.end() => {}
        }
    }

    /// One call on one connection.
    async fn converse(self: &Arc<Self>, stream: TcpStream) {
        let (received, answered) = (Notify::new(), Notify::new());
        let service = service_fn(|request| async {
            let answer = self.answer(request, &received).await;
            answered.notify_one();
            Ok::<_, Infallible>(response(&answer))
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).keep_alive(false).max_buf_size(LARGEST_BODY);
        let mut is_ending = self.is_ending.subscribe();
        let has_given_up = async {
            tokio::select! {
                () = received.notified() => {}
                () = tokio::time::sleep(self.longest_transfer) => return,
                _ = is_ending.wait_for(|is_ending| *is_ending) => return,
            }
            // However long the run takes.
            answered.notified().await;
            tokio::time::sleep(self.longest_transfer).await;
        };
        tokio::select! {
            // Whoever called may have gone.
            _ = http.serve_connection(TokioIo::new(stream), service) => {}
            () = has_given_up => {}
        }
    }

    async fn answer(self: &Arc<Self>, request: Request<Incoming>, received: &Notify) -> Answer {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, LARGEST_BODY).collect().await;
        received.notify_one();
        let Ok(body) = body else { return Answer::error(413, "the body is larger than 64 KB, or incomplete") };
        let body = body.to_bytes();
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let headers = Headers { id: text(ID), timestamp: text(TIMESTAMP), signature: text(SIGNATURE) };
        let call = Call { method: parts.method.as_str(), path: parts.uri.path(), headers, body: &body };
        let admitted = self.gate.lock().unwrap_or_else(PoisonError::into_inner).admit(&call, self.clock.now());
        if let Err(answer) = admitted {
            return answer;
        }
        // Whoever called may hang up: the run goes on.
        let server = Arc::clone(self);
        let run = tokio::spawn(async move { server.run().await });
        run.await.unwrap_or_else(|_| Answer::error(500, "everlit failed"))
    }

    async fn run(&self) -> Answer {
        let _turn = self.turn.lock().await;
        if *self.is_ending.borrow() {
            return Answer::error(503, "everlit is ending");
        }
        Answer::of_run(self.runner.run(None, None).await)
    }
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // Most likely out of file descriptors: wait for other connections to end.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

fn response(answer: &Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(format!("{}\n", answer.body))));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
mod tests {
    use std::path::Path;

    use everlit_meta_api::Timestamp;
    use everlit_testkit::Frozen;
    use everlit_webhook::SigningKey;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::call::tests::{KEY, gate};

    const NOW: i64 = 1_800_000_000;

    /// A listener whose runs are this shell script, in a folder of their own.
    async fn listening(script: &str, longest_transfer: Duration) -> (SocketAddr, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("cd '{}'; {script}", folder.path().display());
        let runner = Runner::of("sh".into(), vec!["-c".into(), script.into()]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::new(gate(), runner, Arc::new(Frozen(NOW)), longest_transfer);
        tokio::spawn(async move { server.serve(listener, &mut Signals::listen().unwrap()).await });
        (address, folder)
    }

    fn signed(id: &str) -> String {
        let headers = SigningKey::parse(KEY).unwrap().headers(id, Timestamp::from_unix(NOW), "{}");
        let headers = headers.map(|(name, value)| format!("{name}: {}\r\n", value.expose())).concat();
        format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n{headers}\r\n{{}}")
    }

    async fn begun(address: SocketAddr, bytes: impl AsRef<[u8]>) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // It may close the connection before everything is written.
        let _ = stream.write_all(bytes.as_ref()).await;
        stream
    }

    async fn answer(mut stream: TcpStream) -> String {
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn lines(folder: &Path) -> Vec<String> {
        let text = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    async fn wait_for(folder: &Path, count: usize) {
        while lines(folder).len() < count {
            tokio::task::yield_now().await;
        }
    }

    /// A run that ends once there is a file called `go`.
    const WAITS: &str = "echo begin >>log; until [ -e go ]; do :; done; echo end >>log; echo '{\"exit_code\": 0}'";

    #[tokio::test]
    async fn calls_at_once_start_one_run_after_the_other() {
        let (address, folder) = listening(WAITS, LONGEST_TRANSFER).await;
        let first = begun(address, signed("a")).await;
        wait_for(folder.path(), 1).await;
        let others = [begun(address, signed("b")).await, begun(address, signed("c")).await];
        // Asked later, answered at once: by now, the others wait for their turn.
        assert!(answer(begun(address, signed("a")).await).await.starts_with("HTTP/1.1 409 "));
        std::fs::write(folder.path().join("go"), "").unwrap();
        for stream in [first].into_iter().chain(others) {
            let answer = answer(stream).await;
            assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("{\"exit_code\":0}"), "{answer}");
        }
        assert_eq!(lines(folder.path()), ["begin", "end"].repeat(3));
    }

    #[tokio::test]
    async fn a_run_goes_on_if_the_caller_hangs_up() {
        let (address, folder) = listening(WAITS, LONGEST_TRANSFER).await;
        let caller = begun(address, signed("a")).await;
        wait_for(folder.path(), 1).await;
        drop(caller);
        assert!(answer(begun(address, signed("a")).await).await.starts_with("HTTP/1.1 409 "));
        std::fs::write(folder.path().join("go"), "").unwrap();
        wait_for(folder.path(), 2).await;
        assert_eq!(lines(folder.path()), ["begin", "end"]);
    }

    #[tokio::test]
    async fn whoever_is_slow_or_silent_is_left() {
        let (address, folder) = listening("echo begin >>log", Duration::from_millis(50)).await;
        let whole = signed("a");
        for part in ["", "POST / HT", &whole[..whole.len() - 4], &whole[..whole.len() - 1]] {
            assert_eq!(answer(begun(address, part).await).await, "", "{part}");
        }
        assert!(lines(folder.path()).is_empty());
    }

    #[tokio::test]
    async fn garbage_and_floods_are_refused() {
        let (address, folder) = listening("echo begin >>log", LONGEST_TRANSFER).await;
        let large = LARGEST_BODY + 1;
        let (body, head) = ("x".repeat(large), "x".repeat(300_000));
        for (bytes, status) in [
            ("\u{1}\u{2}garbage\r\n\r\n".to_owned(), "400"),
            (format!("GET /{head} HTTP/1.1\r\n\r\n"), "431"),
            (format!("POST / HTTP/1.1\r\nhost: x\r\nx-large: {head}\r\n\r\n"), "431"),
            (format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {large}\r\n\r\n{body}"), "413"),
            (
                format!(
                    "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n{large:x}\r\n{body}\r\n0\r\n\r\n"
                ),
                "413",
            ),
        ] {
            let answer = answer(begun(address, &bytes).await).await;
            // What is still in flight when the connection ends takes the answer with it.
            let is_cut = answer.is_empty() && bytes.len() > large;
            assert!(is_cut || answer.starts_with(&format!("HTTP/1.1 {status} ")), "{}: {answer}", &bytes[..20]);
        }
        assert!(lines(folder.path()).is_empty());
    }

    #[tokio::test]
    async fn a_run_that_was_killed_is_answered_with_500() {
        let (address, _folder) = listening("kill -9 $$", LONGEST_TRANSFER).await;
        let answer = answer(begun(address, signed("a")).await).await;
        assert!(answer.starts_with("HTTP/1.1 500 ") && answer.contains("a signal ended the run"), "{answer}");
    }
}
