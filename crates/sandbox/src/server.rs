//! The sandbox over HTTP, on this machine only.

use std::{
    collections::HashMap,
    future::pending,
    io::{self, Read as _},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
};

use http_body_util::{BodyExt as _, Limited};
use hyper::{
    Request,
    body::{Body as _, Incoming},
    http::request::Parts,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpListener,
    sync::{futures::OwnedNotified, oneshot, watch},
    task::JoinSet,
};

use crate::{
    call::{Call, Response},
    clock::ClockSync,
    knobs::Config,
    manage,
    state::Meta,
    wire::{self, HangUp, WireBody},
};

/// A Meta that listens on this machine until it is dropped.
///
/// Calls go to `http://127.0.0.1:PORT/META-HOST/...`, such as `/graph.instagram.com/refresh_access_token?...`. The page
/// for people is at `/`, the management API under `/_sandbox/`.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Dropping it stops the server.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Listens on `bind`, or on a free loopback port, in a thread of its own.
    ///
    /// # Errors
    /// The address cannot be bound, or the thread or its runtime cannot be started.
    pub fn start(config: Config, seed: u64, bind: Option<SocketAddr>) -> io::Result<Self> {
        let any_loopback_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = std::net::TcpListener::bind(bind.unwrap_or(any_loopback_port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(config, seed));
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let served = Arc::clone(&shared);
        let serve = move || {
            runtime.block_on(async {
                if let Ok(listener) = TcpListener::from_std(listener) {
                    accept(listener, served, stopped).await;
                }
            });
        };
        let thread = std::thread::Builder::new().name("sandbox".into()).spawn(serve)?;
        Ok(Self { address, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash: the value for `EVERLIT_META_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Inspects or changes the Meta behind it. HTTP calls wait meanwhile.
    pub fn with<T>(&self, work: impl FnOnce(&mut Meta) -> T) -> T {
        let mut inner = self.shared.lock();
        let Inner { meta, clock_sync } = &mut *inner;
        clock_sync.sync(meta);
        work(meta)
    }

    /// Stops listening, as when Meta cannot be reached at all, or listens again. Calls that are being answered go on.
    pub fn refuse_connections(&self, is_refusing: bool) {
        self.shared.is_refusing.send_replace(is_refusing);
    }

    /// Waits until every connection made so far is closed, so that the calls of a client that has died are all counted.
    ///
    /// # Errors
    /// The sandbox cannot be reached, as when file descriptors run out, or while it refuses connections.
    pub fn settle(&self) -> io::Result<()> {
        // Connections are accepted in their order: when this one has been served, no earlier one waits to be accepted.
        let mut last = TcpStream::connect(self.address)?;
        last.shutdown(Shutdown::Write)?;
        last.read_to_end(&mut Vec::new())?;
        self.shared.connections.wait_for_none();
        Ok(())
    }

    /// Serves for ever.
    pub fn wait(mut self) {
        self.join();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic in the thread has already been reported.
            let _ = thread.join();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop = None;
        self.join();
    }
}

/// The state that all connections share.
#[derive(Debug)]
struct Shared {
    inner: Mutex<Inner>,
    open_calls: OpenCalls,
    connections: Connections,
    is_refusing: watch::Sender<bool>,
}

#[derive(Debug)]
struct Inner {
    meta: Meta,
    clock_sync: ClockSync,
}

impl Shared {
    fn new(config: Config, seed: u64) -> Self {
        let clock = config.clock;
        let mut meta = Meta::new(config, seed);
        let clock_sync = ClockSync::start(clock, &mut meta);
        let inner = Mutex::new(Inner { meta, clock_sync });
        let (open_calls, connections, is_refusing) = Default::default();
        Self { inner, open_calls, connections, is_refusing }
    }

    /// Ignores poisoning: a test that panics in [`Sandbox::with`] must not break the sandbox.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Accepts connections until it is stopped, then closes the open ones.
async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopped: oneshot::Receiver<()>) {
    let (address, mut refusing) = (listener.local_addr(), shared.is_refusing.subscribe());
    let (mut listener, mut connections) = (Some(listener), JoinSet::new());
    loop {
        let is_refusing = *refusing.borrow_and_update();
        if is_refusing {
            listener = None;
        } else if let (None, Ok(address)) = (&listener, &address) {
            listener = TcpListener::bind(*address).await.ok();
        }
        let stream = tokio::select! {
            _ = &mut stopped => return,
            Some(_) = connections.join_next() => continue,
            _ = refusing.changed() => continue,
            accepted = next(listener.as_ref()), if !is_refusing => accepted,
        };
        let Ok((stream, _)) = stream else {
            // Most likely out of file descriptors, or the address is not free again yet: wait for other connections to end.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            continue;
        };
        let open = OpenConnection::of(&shared);
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let _open = open;
            let service = service_fn(move |request| serve(request, &shared));
            // The response or the client closed the connection; both are expected.
            let _ =
                http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// The next connection; an error if nobody listens.
async fn next(listener: Option<&TcpListener>) -> io::Result<(tokio::net::TcpStream, SocketAddr)> {
    let Some(listener) = listener else { return Err(io::ErrorKind::NotConnected.into()) };
    let (stream, peer) = listener.accept().await?;
    // A reply in pieces would wait for the client's acknowledgement, 40 ms on Linux. Fails if the client has gone already.
    let _ = stream.set_nodelay(true);
    Ok((stream, peer))
}

/// Executes a call, then answers it. hyper drops the answer if the client has closed the connection already; Meta has executed
/// the call all the same.
fn serve(
    request: Request<Incoming>,
    shared: &Arc<Shared>,
) -> impl Future<Output = Result<hyper::Response<WireBody>, HangUp>> + use<> {
    const MAX_REQUEST: usize = 1024 * 1024;
    let shared = Arc::clone(shared);
    let (parts, body) = request.into_parts();
    let executed = body.is_end_stream().then(|| execute(&shared, &parts, &[]));
    async move {
        let executed = match executed {
            Some(executed) => executed,
            None => match Limited::new(body, MAX_REQUEST).collect().await {
                Ok(body) => execute(&shared, &parts, &body.to_bytes()),
                Err(_) => Executed::only(plain(413, "The request is too large or incomplete.\n")),
            },
        };
        let Executed { response, injections_cleared, _open } = executed;
        let cleared = async {
            match injections_cleared {
                Some(cleared) => cleared.await,
                None => pending().await,
            }
        };
        wire::into_http(response, cleared).await
    }
}

/// What became of a call.
struct Executed {
    response: Response,
    /// Ends the wait of a slow response.
    injections_cleared: Option<OwnedNotified>,
    _open: Option<OpenCall>,
}

impl Executed {
    fn only(response: Response) -> Self {
        Self { response, injections_cleared: None, _open: None }
    }
}

fn execute(shared: &Arc<Shared>, parts: &Parts, body: &[u8]) -> Executed {
    let target = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let mut call = Call::new(parts.method.as_str(), &target);
    for (name, value) in &parts.headers {
        call = call.header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
    }
    if let Err(message) = manage::guard(&call) {
        return Executed::only(plain(403, message));
    }
    let call = call.body(body);
    let mut inner = shared.lock();
    let Inner { meta, clock_sync } = &mut *inner;
    clock_sync.sync(meta);
    let managed = manage::handle(meta, &call, body);
    let open = managed.is_none().then(|| OpenCall::begin(shared, meta, &call));
    let response = managed.unwrap_or_else(|| meta.handle(&call));
    // Created under the lock, so that it misses no notification after the response.
    let injections_cleared = Some(Arc::clone(&meta.injections_cleared).notified_owned());
    Executed { response, injections_cleared, _open: open }
}

fn plain(status: u16, message: &'static str) -> Response {
    Response::new(status, "text/plain; charset=utf-8", message)
}

/// How many connections are open.
#[derive(Debug, Default)]
struct Connections {
    open: Mutex<usize>,
    closed: Condvar,
}

impl Connections {
    fn wait_for_none(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.closed.wait_while(open, |open| *open > 0));
    }

    fn change(&self, change: impl FnOnce(&mut usize)) {
        change(&mut self.open.lock().unwrap_or_else(PoisonError::into_inner));
        self.closed.notify_all();
    }
}

/// Counts as a connection until it is dropped.
struct OpenConnection(Arc<Shared>);

impl OpenConnection {
    fn of(shared: &Arc<Shared>) -> Self {
        shared.connections.change(|open| *open += 1);
        Self(Arc::clone(shared))
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.connections.change(|open| *open -= 1);
    }
}

/// How many calls each app has open, and how many refreshes each account.
#[derive(Debug, Default)]
struct OpenCalls(Mutex<HashMap<String, u32>>);

/// A call while it is open.
struct OpenCall {
    shared: Arc<Shared>,
    counted_as: Vec<String>,
}

impl OpenCall {
    /// Counts a call of its app, and a refresh of its account, until the result is dropped.
    fn begin(shared: &Arc<Shared>, meta: &mut Meta, call: &Call) -> Self {
        let app = format!("app {}", meta.app_of(call));
        let refresh = meta.refreshed_account(call).map(|account| format!("refresh of {account}"));
        let mut counts = shared.open_calls.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut count = |name: &String| {
            let count = counts.entry(name.clone()).or_default();
            *count += 1;
            *count
        };
        meta.check_concurrency(count(&app));
        if let Some(refresh) = &refresh {
            meta.check_refreshes(call, count(refresh));
        }
        Self { shared: Arc::clone(shared), counted_as: [app].into_iter().chain(refresh).collect() }
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        let mut counts = self.shared.open_calls.0.lock().unwrap_or_else(PoisonError::into_inner);
        for name in &self.counted_as {
            if let Some(count) = counts.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(name);
                }
            }
        }
    }
}
