//! Locks: one run at a time, and the loser learns who was first.

use std::io;
use std::path::Path;

use crate::private::give_to_owner;
use crate::{Disk, DiskFile, check_private_file, uninterrupted};

/// Takes the kernel's lock on the private file at `path` (created if missing) without waiting, and writes `note` into
/// it for others to read, such as `pid=4711 host=web1 since=2026-11-03T09:00:00Z`.
///
/// The kernel ends the lock with its process, so a lock is never stale; and the file is never removed, so nobody can
/// lock a file that has lost its name. Where the file system has no locks, a second file beside it, `NAME.held`, is the
/// lock: only one run can create it. A killed run leaves it, and it is ignored after six hours.
///
/// # Errors
/// `InvalidInput` for a symbolic link, or a file that another user may have planted; otherwise what prevented the file
/// from being opened.
pub fn try_lock(disk: &dyn Disk, path: &Path, note: &str) -> io::Result<Locking> {
    let file = match uninterrupted(|| disk.try_lock(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(disk, path)?;
            uninterrupted(|| disk.try_lock(path))
        }
        file => file,
    };
    match file {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => claim(disk, path, note),
        Err(error) => Err(error),
        Ok(None) => Ok(held(disk, path)),
        Ok(Some(file)) => {
            check_private_file(disk, path, &uninterrupted(|| file.stat())?)?;
            Ok(taken(file, note))
        }
    }
}

fn held(disk: &dyn Disk, path: &Path) -> Locking {
    let note = uninterrupted(|| disk.read_unlinked(path, LONGEST_NOTE)).map(|(_, note)| note).unwrap_or_default();
    Locking::Held { note: String::from_utf8_lossy(&note).into_owned() }
}

fn taken(mut file: Box<dyn DiskFile>, note: &str) -> Locking {
    // The note is a courtesy: a full disk must not prevent the work that the lock protects.
    let _ = uninterrupted(|| file.set_len(0)).and_then(|()| uninterrupted(|| file.write_at(0, note.as_bytes())));
    Locking::Taken(Lock { file })
}

/// Takes the lock by creating a file.
fn claim(disk: &dyn Disk, path: &Path, note: &str) -> io::Result<Locking> {
    let mut name = path.as_os_str().to_owned();
    name.push(".held");
    let claim = Path::new(&name);
    // Both files get their time from the clock of a machine that uses them; those differ by less.
    uninterrupted(|| disk.touch(path))?;
    let now = uninterrupted(|| disk.lstat(path))?.modified_unix;
    match uninterrupted(|| disk.lstat(claim)) {
        Ok(stat) if now - stat.modified_unix > ABANDONED_AFTER => {
            check_private_file(disk, claim, &stat)?;
            uninterrupted(|| disk.remove(claim))?;
        }
        _ => {}
    }
    match uninterrupted(|| disk.create_claim(claim)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(held(disk, claim)),
        file => {
            let mut file = file?;
            give_to_owner(disk, &mut *file, claim);
            Ok(taken(file, note))
        }
    }
}

/// Seconds. Longer than any run takes, and shorter than the day between two runs of a schedule.
const ABANDONED_AFTER: i64 = 6 * 60 * 60;

fn create(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match uninterrupted(|| disk.create_private(path)) {
        // Another run has created it in this moment.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        file => {
            give_to_owner(disk, &mut *file?, path);
            Ok(())
        }
    }
}

/// The result of [`try_lock`].
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
        // The next holder must not be taken for this one in the moment before it has written its own note.
        let _ = uninterrupted(|| self.file.set_len(0));
    }
}

const LONGEST_NOTE: usize = 4096;
