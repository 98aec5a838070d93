//! Writing into the file itself, where no other file may take its place.
//!
//! A crash can tear such a write. So the old content is first made durable in a recovery copy, which gets its final name
//! only once it is complete and is removed when the target has been read back.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::folder_of;
use crate::temp::Temp;
use crate::{Disk, DiskFile, ReplaceError, read_private, uninterrupted};

/// The largest file that is written in place, in bytes. Both contents are held in memory; a settings file has a few
/// thousand bytes.
pub(crate) const LARGEST: usize = 16 << 20;

/// Writes `content` into the file at `path`, with `copy` as the recovery copy at `recovery`.
///
/// With `expected`, only while the file holds that ([`ReplaceError::Changed`]). A write that fails is undone; the recovery
/// copy stays only if that fails too ([`ReplaceError::HalfWritten`], unless the file still holds its old content).
pub(crate) fn write(
    disk: &dyn Disk,
    path: &Path,
    mut copy: Temp<'_>,
    recovery: &Path,
    expected: Option<&[u8]>,
    content: &[u8],
) -> Result<(), ReplaceError> {
    // Before anything is made: a file that another program keeps to itself is neither read nor written.
    let mut file = uninterrupted(|| disk.open_for_update(path)).map_err(ReplaceError::failed(path, "write"))?;
    let old = read(disk, path)?;
    if expected.is_some_and(|expected| expected != old) {
        return Err(ReplaceError::Changed { path: path.to_owned() });
    }
    copy.fill(&old)?;
    copy.rename_to_target().map_err(ReplaceError::failed(recovery, "create"))?;
    drop(copy);

    if let Err(error) = uninterrupted(|| disk.sync_folder(folder_of(recovery))) {
        let _ = remove_copy(disk, recovery);
        return Err(ReplaceError::failed(recovery, "make durable")(error));
    }

    if expected.is_some() && read(disk, path)? != old {
        let _ = remove_copy(disk, recovery);
        return Err(ReplaceError::Changed { path: path.to_owned() });
    }
    let Err(error) = overwrite(disk, path, &mut *file, old.len(), content) else {
        // The next run's `recover` deals with a copy that cannot be removed.
        let _ = remove_copy(disk, recovery);
        return Ok(());
    };
    if overwrite(disk, path, &mut *file, old.len(), &old).is_ok() {
        let _ = remove_copy(disk, recovery);
        return Err(ReplaceError::failed(path, "write")(error));
    }
    if read(disk, path).is_ok_and(|now| now == old) {
        // Perhaps only in memory, so the copy stays for the next run's `recover`.
        return Err(ReplaceError::failed(path, "write")(error));
    }
    Err(ReplaceError::HalfWritten {
        path: path.to_owned(),
        recovery: recovery.to_owned(),
        kind: error.kind(),
        os: error.to_string(),
    })
}

/// The result of [`recover`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Recovered {
    /// Somebody has edited the file since. It was left alone, and the old content was set aside at this path.
    Edited {
        /// The copy of the content from before the interrupted write.
        kept: PathBuf,
    },
    /// The file was half written; it now holds the content that was being written.
    Finished,
    /// The file holds the content that was being written.
    New,
    /// No write was under way.
    Nothing,
    /// The file holds its old content: the write had not begun or had been undone.
    Old,
}

/// Repairs a file after a crash during a write in place, given the content that was being written.
///
/// `recovery` is the path in [`crate::ReplaceOptions::recovery`]; the file there, if any, holds the old content, from
/// which the caller can make `wanted` again. A file counts as half written, and is finished, if each of its bytes is the
/// old content's or the new content's at the same place. Anything else is a person's edit and stays.
pub fn recover(disk: &dyn Disk, path: &Path, recovery: &Path, wanted: &[u8]) -> Result<Recovered, ReplaceError> {
    let old = match read_private(disk, recovery, LARGEST) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Recovered::Nothing),
        old => old.map_err(ReplaceError::failed(recovery, "read"))?,
    };
    let now = match uninterrupted(|| disk.read(path, LARGEST)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        now => Some(now.map_err(ReplaceError::failed(path, "read"))?),
    };

    let recovered = match now {
        Some(now) if now == wanted => Recovered::New,
        Some(now) if now == old => Recovered::Old,
        Some(now) if is_mix(&now, &old, wanted) => Recovered::Finished,
        _ => return set_aside(disk, recovery).map(|kept| Recovered::Edited { kept }),
    };
    let mut file = uninterrupted(|| disk.open_for_update(path)).map_err(ReplaceError::failed(path, "write"))?;
    if recovered == Recovered::Finished {
        overwrite(disk, path, &mut *file, old.len(), wanted).map_err(ReplaceError::failed(path, "write"))?;
    } else {
        // It may be whole only in memory.
        uninterrupted(|| file.sync()).map_err(ReplaceError::failed(path, "make durable"))?;
    }
    remove_copy(disk, recovery).map_err(ReplaceError::failed(recovery, "remove"))?;
    Ok(recovered)
}

/// Undoes an interrupted write in place, for a file whose old content serves as well.
///
/// `recovery` is as for [`recover`]. Does nothing where there is no such file.
pub fn undo(disk: &dyn Disk, path: &Path, recovery: &Path) -> Result<(), ReplaceError> {
    let old = match read_private(disk, recovery, LARGEST) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        old => old.map_err(ReplaceError::failed(recovery, "read"))?,
    };
    let now = read(disk, path)?;
    if now != old {
        uninterrupted(|| disk.open_for_update(path))
            .and_then(|mut file| overwrite(disk, path, &mut *file, now.len(), &old))
            .map_err(ReplaceError::failed(path, "write"))?;
    }
    remove_copy(disk, recovery).map_err(ReplaceError::failed(recovery, "remove"))
}

/// Whether each byte comes from the old content or the new, and the length lies between theirs. Where the file was to
/// grow, a zero counts too: a file system may lengthen a file before the bytes arrive.
fn is_mix(now: &[u8], old: &[u8], new: &[u8]) -> bool {
    (old.len().min(new.len())..=old.len().max(new.len())).contains(&now.len())
        && now.iter().enumerate().all(|(place, byte)| {
            old.get(place) == Some(byte) || new.get(place) == Some(byte) || (place >= old.len() && *byte == 0)
        })
}

/// Writes `content` over the `old_len` bytes that the open file has, durably, and reads it back by its name.
fn overwrite(disk: &dyn Disk, path: &Path, file: &mut dyn DiskFile, old_len: usize, content: &[u8]) -> io::Result<()> {
    let (over, beyond) = content.split_at(old_len.min(content.len()));
    if !beyond.is_empty() {
        // What needs new space comes first: on a full disk it fails while every old byte is still there.
        uninterrupted(|| file.write_at(old_len as u64, beyond))?;
    }
    uninterrupted(|| file.write_at(0, over))?;
    uninterrupted(|| file.set_len(content.len() as u64))?;
    uninterrupted(|| file.sync())?;
    if uninterrupted(|| disk.read(path, LARGEST))? == content {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidData, "it reads back differently from what was written"))
    }
}

fn read(disk: &dyn Disk, path: &Path) -> Result<Vec<u8>, ReplaceError> {
    uninterrupted(|| disk.read(path, LARGEST)).map_err(ReplaceError::failed(path, "read"))
}

fn remove_copy(disk: &dyn Disk, recovery: &Path) -> io::Result<()> {
    uninterrupted(|| disk.remove(recovery))?;
    // If the name comes back after a power cut, the next `recover` finds a whole target and removes it again.
    let _ = uninterrupted(|| disk.sync_folder(folder_of(recovery)));
    Ok(())
}

/// Renames the recovery copy to the first free `NAME.kept-N.local`.
fn set_aside(disk: &dyn Disk, recovery: &Path) -> Result<PathBuf, ReplaceError> {
    let mut n: u32 = 1;
    let kept = loop {
        let mut name = OsString::from(recovery.file_name().unwrap_or_default());
        name.push(format!(".kept-{n}.local"));
        let kept = recovery.with_file_name(name);
        match uninterrupted(|| disk.lstat(&kept)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => break kept,
            taken => taken.map_err(ReplaceError::failed(recovery, "set aside"))?,
        };
        n += 1;
    };
    uninterrupted(|| disk.rename(recovery, &kept))
        .and_then(|()| uninterrupted(|| disk.sync_folder(folder_of(recovery))))
        .map_err(ReplaceError::failed(recovery, "set aside"))?;
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::is_mix;

    #[test]
    fn every_torn_write_is_a_mix_and_an_edit_is_not() {
        let contents: [&[u8]; 4] = [b"KEY=old\nB=2\n", b"KEY=a much longer one\nB=2\n", b"KEY=\n", b""];
        for old in contents {
            for new in contents {
                for place in 0..=new.len() {
                    let mut torn = old.to_vec();
                    torn.resize(old.len().max(place), 0);
                    torn[..place].copy_from_slice(&new[..place]);
                    assert!(is_mix(&torn, old, new), "{old:?} {new:?} {place}");
                }
            }
        }
        let (old, new): (&[u8], &[u8]) = (b"KEY=old\nB=2\n", b"KEY=new!\nB=2\n");
        for edited in [&b"KEY=old\n"[..], b"KEY=old\nB=3\n", b"KEY=old\nB=2\nC=3\n", b"", b"KEY=\0\0\0\nB=2\n"] {
            assert!(!is_mix(edited, old, new), "{edited:?}");
        }
    }
}
