//! The thread that has the file.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use everlit_disk::{Disk as _, RealDisk};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::error::failed;
use crate::{VaultError, VaultErrorClass};

/// Requests that share a transaction, at most.
const BATCH: usize = 256;

/// What to tell who asked, once it is known whether the transaction is on the disk.
type Reply = Box<dyn FnOnce(Result<(), VaultError>) + Send>;

/// Work in a transaction that others may share; or why there is none.
type Work = Box<dyn FnOnce(Result<&Connection, VaultError>) -> Reply + Send>;

enum Job {
    Read(Work),
    Write(Work),
    /// Outside of any transaction.
    Alone(Box<dyn FnOnce(&mut Connection) + Send>),
}

/// The way to the thread.
pub(super) struct Worker {
    /// `None` once this is dropped.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    path: Arc<Path>,
}

/// Everything that was asked for is done, leases that are given back among it, before the process can end.
impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Worker of {}", self.path.display())
    }
}

impl Worker {
    /// Starts the thread, which ends with the last job before this is dropped.
    pub(super) fn start(connection: Connection, path: Arc<Path>) -> Result<Self, VaultError> {
        let (jobs, queue) = mpsc::channel();
        let started = std::thread::Builder::new().name("vault".to_owned());
        let of = Arc::clone(&path);
        let started = started.spawn(move || serve(connection, &queue, &of));
        let internal = |error| VaultError::new(VaultErrorClass::Internal, format!("cannot start a thread: {error}"));
        let thread = Some(started.map_err(internal)?);
        Ok(Self { jobs: Some(jobs), thread, path })
    }

    /// Does work that changes nothing.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, VaultError> {
        let (work, answer) = self.shared(work);
        self.ask(Job::Read(work), answer).await
    }

    /// Does work that is durable once this has returned. An error undoes it.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, VaultError> {
        let (work, answer) = self.shared(work);
        self.ask(Job::Write(work), answer).await
    }

    /// The same without waiting for the result: it is done before the next work.
    pub(super) fn write_unwatched(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static) {
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(Job::Write(self.shared(work).0));
        }
    }

    /// Does work with the file to itself.
    pub(super) async fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, VaultError> {
        let (sender, answer) = oneshot::channel();
        let path = Arc::clone(&self.path);
        let job = move |connection: &mut Connection| {
            let _ = sender.send(work(connection).map_err(|error| failed(&path, &error)));
        };
        self.ask(Job::Alone(Box::new(job)), answer).await
    }

    fn shared<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> (Work, oneshot::Receiver<Result<T, VaultError>>) {
        let (sender, answer) = oneshot::channel();
        let path = Arc::clone(&self.path);
        let work = move |connection: Result<&Connection, VaultError>| -> Reply {
            let result =
                connection.and_then(|connection| in_savepoint(connection, work).map_err(|error| failed(&path, &error)));
            Box::new(move |committed| drop(sender.send(committed.and(result))))
        };
        (Box::new(work), answer)
    }

    async fn ask<T>(&self, job: Job, answer: oneshot::Receiver<Result<T, VaultError>>) -> Result<T, VaultError> {
        let ended = || VaultError::new(VaultErrorClass::Internal, "everlit failed at the vault; please report it");
        self.jobs.as_ref().and_then(|jobs| jobs.send(job).ok()).ok_or_else(ended)?;
        answer.await.map_err(|_| ended())?
    }
}

fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.prepare_cached("SAVEPOINT one")?.execute([])?;
    let result = work(connection);
    if result.is_err() {
        connection.prepare_cached("ROLLBACK TO one")?.execute([])?;
    }
    connection.prepare_cached("RELEASE one")?.execute([])?;
    result
}

fn serve(mut connection: Connection, queue: &mpsc::Receiver<Job>, path: &Path) {
    let opened = file_at(path);
    let mut put_back = None;
    while let Some(first) = put_back.take().or_else(|| queue.recv().ok()) {
        let mut batch = Vec::new();
        let mut writes = false;
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::Alone(work) if batch.is_empty() => {
                    work(&mut connection);
                    break;
                }
                Job::Alone(_) => {
                    put_back = Some(job);
                    break;
                }
                Job::Read(work) => batch.push(work),
                Job::Write(work) => {
                    writes = true;
                    batch.push(work);
                }
            }
            next = if batch.len() < BATCH { queue.try_recv().ok() } else { None };
        }
        transact(&connection, batch, writes, path, opened);
    }
}

/// Which file has this name.
fn file_at(path: &Path) -> Option<(u64, u64)> {
    RealDisk.stat(path).ok().map(|stat| stat.id)
}

/// An error if the file no longer has its name: SQLite would go on writing into it, and it would be gone once it is closed.
/// Windows lets nobody remove a file that is open.
fn has_its_name(path: &Path, opened: Option<(u64, u64)>) -> Result<(), VaultError> {
    if cfg!(windows) || file_at(path) == opened {
        return Ok(());
    }
    let message = format!(
        "the vault `{}` was removed, moved or replaced while it was open: put it back, or start everlit again",
        path.display()
    );
    Err(VaultError::new(VaultErrorClass::Unreachable, message))
}

/// Does a batch of work in one transaction, then answers everybody.
fn transact(connection: &Connection, batch: Vec<Work>, writes: bool, path: &Path, opened: Option<(u64, u64)>) {
    if batch.is_empty() {
        return;
    }
    let run = |statement: &str| connection.execute_batch(statement).map_err(|error| failed(path, &error));
    let begun = has_its_name(path, opened).and_then(|()| run(if writes { "BEGIN IMMEDIATE" } else { "BEGIN" }));
    let replies: Vec<Reply> =
        batch.into_iter().map(|work| work(begun.as_ref().map(|()| connection).map_err(Clone::clone))).collect();
    let committed = if begun.is_ok() { run("COMMIT").and_then(|()| has_its_name(path, opened)) } else { Ok(()) };
    if committed.is_err() && !connection.is_autocommit() {
        let _ = run("ROLLBACK");
    }
    for reply in replies {
        reply(committed.clone());
    }
}
