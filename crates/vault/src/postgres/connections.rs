//! The thread that drives the connections, so that they outlive the runtimes of those who call.

use std::fmt;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::pool::Pool;
use crate::{VaultError, VaultErrorClass};

/// How long the end of the process may wait for the server.
const GOODBYE: Duration = Duration::from_secs(5);

/// The connections, and their thread.
pub(super) struct Connections {
    pub(super) pool: Arc<Pool>,
    runtime: Handle,
    /// `None` once this is dropped.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Everything that was asked for is done, leases that are given back among it, before the process can end.
impl Drop for Connections {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connections to {} at {}:{}", self.pool.place.database, self.pool.place.host, self.pool.place.port)
    }
}

impl Connections {
    /// Starts the thread, which ends soon after this is dropped, whatever the server does.
    pub(super) fn start(pool: Pool) -> Result<Self, VaultError> {
        let internal = |error: std::io::Error| {
            VaultError::new(VaultErrorClass::Internal, format!("cannot start a thread: {error}"))
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(internal)?;
        let (handle, pool) = (runtime.handle().clone(), Arc::new(pool));
        let (stop, stopped) = oneshot::channel();
        let of = Arc::clone(&pool);
        let serve = move || {
            runtime.block_on(async {
                // Nobody sends: it ends with its sender.
                let _ = stopped.await;
                let _ = timeout(GOODBYE, of.close()).await;
            });
        };
        let thread = std::thread::Builder::new().name("vault".to_owned()).spawn(serve).map_err(internal)?;
        Ok(Self { pool, runtime: handle, stop: Some(stop), thread: Some(thread) })
    }

    /// Does work on the thread. It goes on if nobody waits for it any more.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, VaultError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, VaultError>> + Send + 'static,
    {
        let ended = |_| VaultError::new(VaultErrorClass::Internal, "everlit failed at the vault; please report it");
        self.spawn(work).await.map_err(ended)?
    }

    /// The same without waiting for the result.
    pub(super) fn spawn<F>(&self, work: F) -> tokio::task::JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let call = self.pool.calls.enter();
        self.runtime.spawn(async move {
            let output = work.await;
            drop(call);
            output
        })
    }
}
