//! Taking turns to edit a file that several accounts share, among the threads and processes of everlit.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::{Disk, DiskFile, uninterrupted};

/// The right to edit a file, until it is dropped.
#[derive(Debug)]
#[must_use = "a turn that is not kept is over at once"]
pub struct Turn {
    path: PathBuf,
    /// Released before other threads go on: they would only wait for it again.
    lock: Option<Box<dyn DiskFile>>,
}

/// Waits up to five seconds for the right to edit the file at `path`. The right ends with the process at the latest; programs
/// other than everlit ignore it. On Windows, only the threads of one process take turns.
///
/// # Errors
/// `TimedOut`: another thread or process of everlit still holds it.
pub fn take_turn(disk: &dyn Disk, path: &Path) -> io::Result<Turn> {
    // Every name of the file is the same turn. Without it, the edit says what is wrong.
    let path = uninterrupted(|| disk.resolve(path)).unwrap_or_else(|_| path.to_owned());
    let at_work = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
    let is_taken = |at_work: &mut HashSet<PathBuf>| at_work.contains(&path);
    let waited = TURN_ENDED.wait_timeout_while(at_work, TIMEOUT, is_taken).unwrap_or_else(PoisonError::into_inner);
    let (mut at_work, timeout) = waited;
    if timeout.timed_out() {
        return Err(taken());
    }
    at_work.insert(path.clone());
    drop(at_work);
    let mut turn = Turn { path, lock: None };
    turn.lock = lock_patiently(disk, &turn.path)?;
    Ok(turn)
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.lock = None;
        AT_WORK.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.path);
        TURN_ENDED.notify_all();
    }
}

/// An edit takes milliseconds.
const TIMEOUT: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(5);

/// The files that threads of this process edit.
static AT_WORK: LazyLock<Mutex<HashSet<PathBuf>>> = LazyLock::new(Mutex::default);
static TURN_ENDED: Condvar = Condvar::new();

/// Waits for the kernel's lock on the file itself, which makes other processes of everlit wait and leaves no lock file behind.
/// `None` if the file system has no locks, and on Windows, where an open file cannot be replaced.
fn lock_patiently(disk: &dyn Disk, path: &Path) -> io::Result<Option<Box<dyn DiskFile>>> {
    if cfg!(windows) {
        return Ok(None);
    }
    for _ in 0..TIMEOUT.as_millis() / PAUSE.as_millis() {
        match uninterrupted(|| disk.try_lock(path)) {
            // Whoever had it before may have put another file in its place.
            Ok(Some(file)) if is_at(disk, &*file, path) => return Ok(Some(file)),
            Ok(Some(_)) => {}
            Ok(None) => thread::sleep(PAUSE),
            Err(_) => return Ok(None),
        }
    }
    Err(taken())
}

fn is_at(disk: &dyn Disk, file: &dyn DiskFile, path: &Path) -> bool {
    match (uninterrupted(|| file.stat()), uninterrupted(|| disk.lstat(path))) {
        (Ok(locked), Ok(there)) => locked.id == there.id,
        // The edit says what is wrong.
        _ => true,
    }
}

fn taken() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "another run of everlit has been editing it for more than 5 seconds")
}
