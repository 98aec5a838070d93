//! Files beside the target that exist while a replacement is under way, and what killed runs left of them.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::disk::{folder_of, uninterrupted};
use crate::{Disk, DiskFile, ReplaceError};

/// A private file in the folder of its target: filled, then renamed over it. Removed if it is dropped before that.
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
        // A name can be taken by a killed run of the same process id (in a container every run may be process 1).
        const NAMES_TRIED: usize = 1000;
        let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
        for _ in 0..NAMES_TRIED {
            let path = target.with_file_name(next_name(target));
            match uninterrupted(|| disk.create_private(&path)) {
                Ok(file) => return Ok(Self { disk, target: target.to_owned(), path, file, renamed: false }),
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

    /// Takes `len` bytes of the disk for the content to come.
    pub(crate) fn reserve(&mut self, len: usize) -> Result<(), ReplaceError> {
        // Not zeros: file systems that compress keep those in no space at all. The sync makes the file system choose
        // its blocks now, as some answer "no space left" only then.
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
}

impl Drop for Temp<'_> {
    fn drop(&mut self) {
        if !self.renamed {
            // What cannot be removed now is swept by a later run.
            let _ = uninterrupted(|| self.disk.remove(&self.path));
        }
    }
}

/// Removes what killed runs left beside `path`, and says how many files that were.
///
/// Only files of this crate's own naming, and only those that no process has open any more: each is locked by its
/// maker, which also holds across containers, where process ids say nothing. Where the system has no locks, they stay.
/// A file that cannot be removed stays too; it is private, and harms no later run.
pub fn sweep(disk: &dyn Disk, path: &Path) -> Result<usize, ReplaceError> {
    let real = match uninterrupted(|| disk.resolve(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        resolved => resolved.map_err(ReplaceError::failed(path, "find"))?,
    };
    let folder = folder_of(&real);
    let names = match uninterrupted(|| disk.list(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        names => names.map_err(ReplaceError::failed(folder, "list"))?,
    };

    let mut removed = 0;
    for name in names.iter().filter(|name| is_temp_of(&real, name)) {
        let temp = folder.join(name);
        if let Ok(Some(_unused)) = uninterrupted(|| disk.try_lock(&temp))
            && uninterrupted(|| disk.remove(&temp)).is_ok()
        {
            removed += 1;
        }
    }
    Ok(removed)
}

const MARK: &str = ".everlit-";
/// The ending makes the usual ignore rule `.env*.local` cover the temporary files of `.env` and its kin.
const ENDING: &str = ".local";

/// `NAME.everlit-PID-N.local`, with another N at each call.
fn next_name(target: &Path) -> OsString {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let n = COUNTER.fetch_add(1, Ordering::Relaxed);
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!("{MARK}{}-{n}{ENDING}", process::id()));
    name
}

fn is_temp_of(target: &Path, name: &OsStr) -> bool {
    let own = target.file_name().unwrap_or_default().as_encoded_bytes();
    let Some(ids) = name
        .as_encoded_bytes()
        .strip_prefix(own)
        .and_then(|rest| rest.strip_prefix(MARK.as_bytes()))
        .and_then(|rest| rest.strip_suffix(ENDING.as_bytes()))
    else {
        return false;
    };
    let parts: Vec<&[u8]> = ids.split(|&byte| byte == b'-').collect();
    parts.len() == 2 && parts.iter().all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names_are_told_from_every_other_name() {
        let target = Path::new("project/.env.local");
        assert!(is_temp_of(target, &next_name(target)));
        assert!(is_temp_of(target, OsStr::new(".env.local.everlit-1-0.local")));
        for other in [
            ".env.local",
            ".env.everlit.local",
            ".env.local.everlit-1.local",
            ".env.local.everlit-1-.local",
            ".env.local.everlit--1.local",
            ".env.local.everlit-1-2-3.local",
            ".env.local.everlit-1-x.local",
            ".env.local.everlit-1-2.local.bak",
            ".env.everlit-1-2.local",
            "x.env.local.everlit-1-2.local",
        ] {
            assert!(!is_temp_of(target, OsStr::new(other)), "{other}");
        }
    }
}
