//! Each account on a thread of its own: a file system may block for ever, and only the thread that asked it should.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::AccountName;

/// The accounts whose work has not ended in time and still blocks a thread. Clones share them: a loop of runs hands the same
/// ones to each run, so that an account whose disk hangs keeps one thread and not one more with every run.
#[derive(Clone, Debug, Default)]
pub struct AccountThreads(Arc<Mutex<HashSet<AccountName>>>);

/// Why the work on an account has no result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NoResult {
    /// The time is up, or the thread of an earlier run still hangs. The work goes on; nothing of it is dropped.
    Hangs,
    /// A bug.
    Panicked,
}

impl AccountThreads {
    /// Whether the work on the account hangs.
    pub fn hangs(&self, account: &AccountName) -> bool {
        self.lock().contains(account)
    }

    /// Does the work on a thread of its own and waits at most `timeout` for it. The thread is taken from the runtime's pool,
    /// which starts it when it is needed. What the work awaits (replies, timers) the runtime still drives.
    pub(crate) async fn run<F: Future>(
        &self,
        account: &AccountName,
        timeout: Duration,
        work: impl FnOnce() -> F + Send + 'static,
    ) -> Result<F::Output, NoResult>
    where
        F::Output: Send + 'static,
    {
        if self.hangs(account) {
            return Err(NoResult::Hangs);
        }
        let ended = Ended { is_over: Arc::default(), account: account.clone(), threads: self.clone() };
        let is_over = Arc::clone(&ended.is_over);
        let runtime = Handle::current();
        let thread = tokio::task::spawn_blocking(move || {
            let _ended = ended;
            runtime.block_on(work())
        });
        match tokio::time::timeout(timeout, thread).await {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(_)) => Err(NoResult::Panicked),
            Err(_) => {
                let mut hanging = self.lock();
                if !is_over.load(Ordering::Relaxed) {
                    hanging.insert(account.clone());
                }
                Err(NoResult::Hangs)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<AccountName>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes that the work on an account is over, when dropped by its thread.
struct Ended {
    is_over: Arc<AtomicBool>,
    account: AccountName,
    threads: AccountThreads,
}

impl Drop for Ended {
    fn drop(&mut self) {
        let mut hanging = self.threads.lock();
        self.is_over.store(true, Ordering::Relaxed);
        hanging.remove(&self.account);
    }
}
