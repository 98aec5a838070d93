//! One run at a time, and a loser who learns who was first.

use std::io;
use std::path::Path;

use crate::disk::uninterrupted;
use crate::{Disk, DiskFile};

/// Takes the kernel's lock on the file at `path` (created with mode 0600), without waiting, and writes `note` into it
/// for others to read, such as `pid=4711 host=web1 since=2026-11-03T09:00:00Z`.
///
/// The kernel ends the lock with its process, however that ends, so a lock is never stale; and the file is never
/// removed, so nobody can lock a file that no longer has the name. A network file system may know no locks between
/// machines.
///
/// # Errors
/// `Unsupported` where the system has no file locks; otherwise what kept the file from being opened.
pub fn try_lock(disk: &dyn Disk, path: &Path, note: &str) -> io::Result<Locking> {
    let Some(mut file) = uninterrupted(|| disk.try_lock(path))? else {
        let note = uninterrupted(|| disk.read(path, LONGEST_NOTE)).unwrap_or_default();
        return Ok(Locking::Held { note: String::from_utf8_lossy(&note).into_owned() });
    };
    // The note is a courtesy: a full disk must not keep the holder from the work that its lock protects.
    let _ = uninterrupted(|| file.set_len(0)).and_then(|()| uninterrupted(|| file.write_at(0, note.as_bytes())));
    Ok(Locking::Taken(Lock { file }))
}

/// What came of [`try_lock`].
#[derive(Debug)]
#[must_use = "a lock that is not kept is released at once"]
pub enum Locking {
    /// Another run holds the lock.
    Held {
        /// What the holder wrote about itself; empty in the moment before it has done so.
        note: String,
    },
    /// The lock is ours until it is dropped.
    Taken(Lock),
}

/// A lock that is held; dropping it releases it.
#[derive(Debug)]
#[must_use = "a lock that is not kept is released at once"]
pub struct Lock {
    file: Box<dyn DiskFile>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // So that the next holder is not taken for this one in the moment before it has written its own note.
        let _ = uninterrupted(|| self.file.set_len(0));
    }
}

const LONGEST_NOTE: usize = 4096;
