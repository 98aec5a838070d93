//! System calls specific to Windows.
//!
//! Access control lists stand in for modes: a private file is one that only its owner and the system have access to.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use crate::{Access, Kind, Stat};

pub(super) fn user() -> Option<u32> {
    None
}

pub(super) fn stat(path: &Path, follow: bool) -> io::Result<Stat> {
    let flags =
        if follow { FILE_FLAG_BACKUP_SEMANTICS } else { FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT };
    // Without access to the content, so that no other program's hold on the file is in the way.
    stat_open(&OpenOptions::new().access_mode(0).custom_flags(flags).open(path)?)
}

pub(super) fn stat_open(file: &File) -> io::Result<Stat> {
    let metadata = file.metadata()?;
    let identity = everlit_win32::identity(file)?;
    let modified = metadata.modified().unwrap_or(UNIX_EPOCH);
    Ok(Stat {
        // Some network file systems number no files.
        id: if identity.index == 0 { (0, 0) } else { (identity.volume.into(), identity.index) },
        kind: kind(&metadata),
        len: metadata.len(),
        mode: if metadata.permissions().readonly() { 0o400 } else { 0o600 },
        uid: 0,
        gid: 0,
        links: identity.links.into(),
        pinned: false,
        modified_unix: modified
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX)),
    })
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
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT)
}

pub(super) fn write_at(file: &File, offset: u64, bytes: &[u8]) -> io::Result<usize> {
    file.seek_write(bytes, offset)
}

/// Folders can be opened, too.
const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
/// A link is opened, not what it leads to.
const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
const FILE_SHARE_READ: u32 = 1;
const FILE_SHARE_DELETE: u32 = 4;
const ERROR_ACCESS_DENIED: i32 = 5;
const ERROR_SHARING_VIOLATION: i32 = 32;
const ERROR_LOCK_VIOLATION: i32 = 33;

/// Nobody else can open the file for writing while it is open, which marks it as in use for [`try_lock`].
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    everlit_win32::create_private_file(path, FILE_SHARE_READ | FILE_SHARE_DELETE)
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
            Err(error) if is_held_open(&error, to) => thread::sleep(Duration::from_millis(pause)),
            renamed => return renamed,
        }
    }
    fs::rename(from, to).map_err(|error| {
        if is_held_open(&error, to) {
            let text = format!("another program holds it open ({error})");
            io::Error::new(io::ErrorKind::ResourceBusy, text)
        } else {
            error
        }
    })
}

/// Access to a read-only file is denied as well.
fn is_held_open(error: &io::Error, to: &Path) -> bool {
    match error.raw_os_error() {
        Some(ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION) => true,
        Some(ERROR_ACCESS_DENIED) => fs::metadata(to).is_ok_and(|to| to.is_file() && !to.permissions().readonly()),
        _ => false,
    }
}

pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Windows cannot sync a folder; NTFS journals its names.
#[expect(clippy::unnecessary_wraps, reason = "can fail on other systems")]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn make_folder(folder: &Path, mode: u32) -> io::Result<()> {
    if mode & OTHERS == 0 { everlit_win32::create_private_folder(folder) } else { fs::create_dir(folder) }
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

/// A file for others, too, is for those whom its folder lets in.
pub(super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    if mode & OTHERS == 0 { Ok(()) } else { everlit_win32::inherit_access(file) }
}

pub(super) fn copy_extended_attributes(to: &File, from: &Path) -> io::Result<()> {
    everlit_win32::copy_access(to, from)
}

pub(super) fn access(path: &Path) -> io::Result<Option<Access>> {
    let list = everlit_win32::access_list(path)?;
    let others = list.others.into_iter().map(|other| (other.sid, other.name)).collect();
    Ok(Some(Access { owner: list.owner, user: list.user, others }))
}

const OTHERS: u32 = 0o077;
