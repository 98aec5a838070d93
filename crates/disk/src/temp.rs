//! Temporary files beside the target of a replacement, and the sweep of those that killed runs left behind.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::private::give_to_owner;
use crate::{Disk, DiskFile, ReplaceError, uninterrupted};

/// A private file in the folder of its target: filled, then renamed over it. Removed if dropped before that.
#[derive(Debug)]
pub(crate) struct Temp<'d> {
    disk: &'d dyn Disk,
    target: PathBuf,
    path: PathBuf,
    file: Box<dyn DiskFile>,
    renamed: bool,
}

impl<'d> Temp<'d> {
    pub(crate) fn create(disk: &'d dyn Disk, target: &Path) -> io::Result<Self> {
        // A killed run with the same process id may have left the name (in a container every run may be process 1).
        const NAMES_TRIED: usize = 1000;
        let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
        for _ in 0..NAMES_TRIED {
            let path = target.with_file_name(next_name(target));
            match uninterrupted(|| disk.create_private(&path)) {
                Ok(file) => {
                    let mut temp = Self { disk, target: target.to_owned(), path, file, renamed: false };
                    give_to_owner(disk, &mut *temp.file, &temp.path);
                    return Ok(temp);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
                Err(error) => return Err(error),
            }
        }
        Err(taken)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&mut self) -> &mut dyn DiskFile {
        &mut *self.file
    }

    /// Takes `len` bytes of the disk for the content that will follow.
    pub(crate) fn reserve(&mut self, len: usize) -> Result<(), ReplaceError> {
        // Not zeros: file systems that compress store those in no space at all. The sync makes the file system choose
        // its blocks now: some answer "no space left" only then.
        let padding = vec![b'#'; len];
        uninterrupted(|| self.file.write_at(0, &padding))
            .and_then(|()| uninterrupted(|| self.file.sync()))
            .map_err(ReplaceError::failed(&self.target, "reserve space for"))
    }

    /// Makes `content` the whole, durable content.
    pub(crate) fn fill(&mut self, content: &[u8]) -> Result<(), ReplaceError> {
        uninterrupted(|| self.file.write_at(0, content))
            .and_then(|()| uninterrupted(|| self.file.set_len(content.len() as u64)))
            .map_err(ReplaceError::failed(&self.target, "write the new content of"))?;
        uninterrupted(|| self.file.sync()).map_err(ReplaceError::failed(&self.target, "make durable"))
    }

    pub(crate) fn rename_to_target(&mut self) -> io::Result<()> {
        uninterrupted(|| self.disk.rename(&self.path, &self.target))?;
        self.renamed = true;
        Ok(())
    }

    /// Exchanges the file with its target. What was the target then goes with the temporary name.
    pub(crate) fn exchange_with_target(&self) -> io::Result<()> {
        uninterrupted(|| self.disk.exchange(&self.path, &self.target))
    }
}

impl Drop for Temp<'_> {
    fn drop(&mut self) {
        if !self.renamed {
            // Twice, as it may hold a token. A later run sweeps what cannot be removed now.
            let remove = || uninterrupted(|| self.disk.remove(&self.path));
            let _ = remove().or_else(|_| remove());
        }
    }
}

/// Removes the temporary files that killed runs left in `folder`, and returns how many there were.
///
/// Only files with this crate's own names are removed, and only those that no process has open any more: their maker
/// holds a lock on each, which also works across containers, where process ids say nothing. Where the system has no
/// locks they stay. One that cannot be removed is private and harms no later run; the others are removed all the same.
pub fn sweep(disk: &dyn Disk, folder: &Path) -> Result<usize, ReplaceError> {
    let names = match uninterrupted(|| disk.list(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        names => names.map_err(ReplaceError::failed(folder, "list"))?,
    };
    let mut removed = Ok(0);
    for name in names.iter().filter(|name| is_temporary(name)) {
        let temp = folder.join(name);
        let swept = match uninterrupted(|| disk.try_lock(&temp)) {
            Ok(Some(_unused)) => uninterrupted(|| disk.remove(&temp)).map(|()| 1),
            locked => locked.map(|_| 0),
        };
        match swept.map_err(ReplaceError::failed(&temp, "remove")) {
            Ok(one) => removed = removed.map(|count| count + one),
            Err(error) => removed = removed.and(Err(error)),
        }
    }
    removed
}

const MARK: &str = ".everlit-";
/// With this ending the usual ignore rule `.env*.local` covers the temporary files of `.env` and its kin.
const ENDING: &str = ".local";

/// Returns `NAME.everlit-PID-N.local`, with another N at each call.
fn next_name(target: &Path) -> OsString {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let n = COUNTER.fetch_add(1, Ordering::Relaxed);
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!("{MARK}{}-{n}{ENDING}", process::id()));
    name
}

/// Whether a file has the name of a temporary file.
fn is_temporary(name: &OsStr) -> bool {
    let stem = name.as_encoded_bytes().strip_suffix(ENDING.as_bytes());
    let ids = stem.and_then(|stem| {
        let mark = stem.windows(MARK.len()).rposition(|window| window == MARK.as_bytes())?;
        stem.get(mark + MARK.len()..)
    });
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    ids.is_some_and(|ids| {
        let parts: Vec<&[u8]> = ids.split(|&byte| byte == b'-').collect();
        parts.len() == 2 && parts.into_iter().all(is_number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names_are_distinguished_from_all_others() {
        assert!(is_temporary(&next_name(Path::new("project/.env.local"))));
        for name in [".env.local.everlit-1-0.local", "x.everlit-1-2.local", ".env.everlit-1-2.local.everlit-3-4.local"]
        {
            assert!(is_temporary(OsStr::new(name)), "{name}");
        }
        for other in [
            ".env.local",
            ".env.everlit.local",
            ".env.local.everlit-1.local",
            ".env.local.everlit-1-.local",
            ".env.local.everlit--1.local",
            ".env.local.everlit-1-2-3.local",
            ".env.local.everlit-1-x.local",
            ".env.local.everlit-1-2.local.bak",
        ] {
            assert!(!is_temporary(OsStr::new(other)), "{other}");
        }
    }
}
