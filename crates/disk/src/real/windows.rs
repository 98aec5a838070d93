//! System calls specific to Windows.
//!
//! A replaced file gets the access control list that its folder hands down: std cannot copy one, so a list set on the
//! old file alone is lost.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use crate::{Kind, Stat};

#[expect(clippy::unnecessary_wraps, reason = "other systems have user ids")]
pub(super) fn user() -> Option<u32> {
    None
}

pub(super) fn stat(path: &Path, follow: bool) -> io::Result<Stat> {
    let metadata = if follow { fs::metadata(path) } else { fs::symlink_metadata(path) };
    metadata.map(|metadata| stat_of(&metadata))
}

pub(super) fn stat_of(metadata: &Metadata) -> Stat {
    let modified = metadata.modified().unwrap_or(UNIX_EPOCH);
    Stat {
        id: (0, 0),
        kind: kind(metadata),
        len: metadata.len(),
        mode: if metadata.permissions().readonly() { 0o400 } else { 0o600 },
        uid: 0,
        gid: 0,
        links: 1,
        pinned: false,
        modified_unix: modified
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX)),
    }
}

pub(super) fn kind(metadata: &Metadata) -> Kind {
    if metadata.is_symlink() {
        Kind::Symlink
    } else if metadata.is_dir() {
        Kind::Folder
    } else if metadata.is_file() {
        Kind::File
    } else {
        Kind::Other
    }
}

/// Windows has no FIFOs among its files.
pub(super) fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

pub(super) fn without_following(options: &mut OpenOptions) -> &mut OpenOptions {
    const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT)
}

pub(super) fn write_at(file: &File, offset: u64, bytes: &[u8]) -> io::Result<usize> {
    file.seek_write(bytes, offset)
}

const FILE_SHARE_READ: u32 = 1;
const FILE_SHARE_DELETE: u32 = 4;
const ERROR_ACCESS_DENIED: i32 = 5;
const ERROR_SHARING_VIOLATION: i32 = 32;
const ERROR_LOCK_VIOLATION: i32 = 33;

/// Nobody else can open the file for writing while it is open, which marks it as in use for [`try_lock`].
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .share_mode(FILE_SHARE_READ | FILE_SHARE_DELETE)
        .open(path)
}

/// Opening the file so that others cannot write to it *is* the lock. `LockFileEx` would also stop others from reading
/// the holder's note.
pub(super) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    without_following(options.read(true).write(true));
    match options.share_mode(FILE_SHARE_READ | FILE_SHARE_DELETE).open(path) {
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Ok(None),
        file => file.map(Some),
    }
}

/// Virus scanners, indexers and editors hold files open for moments. Meanwhile the rename fails with "access denied"
/// (5), a sharing violation (32) or a lock violation (33).
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    // About 2.5 s in all.
    const PAUSES_MS: [u64; 9] = [5, 10, 20, 50, 100, 200, 400, 700, 1000];
    for pause in PAUSES_MS {
        match fs::rename(from, to) {
            Err(error) if is_held_open(&error) => thread::sleep(Duration::from_millis(pause)),
            renamed => return renamed,
        }
    }
    fs::rename(from, to).map_err(|error| {
        if is_held_open(&error) {
            let text = format!("another program holds it open ({error})");
            io::Error::new(io::ErrorKind::ResourceBusy, text)
        } else {
            error
        }
    })
}

fn is_held_open(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(ERROR_ACCESS_DENIED | ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION))
}

pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Windows cannot sync a folder; NTFS journals its names.
#[expect(clippy::unnecessary_wraps, reason = "can fail on other systems")]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// As private as the access control list that the folder above hands down.
pub(super) fn make_folder(folder: &Path, _: u32) -> io::Result<()> {
    fs::create_dir(folder)
}

#[expect(clippy::unnecessary_wraps, reason = "can fail on other systems")]
pub(super) fn set_folder_owner(_: &Path, _: u32, _: u32) -> io::Result<()> {
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "can fail on other systems")]
pub(super) fn check_access(_: &Path, _: bool) -> io::Result<()> {
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "can fail on other systems")]
pub(super) fn set_owner(_: &File, _: u32, _: u32) -> io::Result<()> {
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "can fail on other systems")]
pub(super) fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "can fail on other systems")]
pub(super) fn copy_extended_attributes(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}
