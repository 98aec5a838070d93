//! System calls specific to Unix.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;

use rustix::fs::OFlags;

use crate::{Access, Kind, Stat};

#[expect(clippy::unnecessary_wraps, reason = "other systems have no user ids")]
pub(super) fn user() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

/// What the system says about a path. A file is pinned where no other may take its place: the root of a mount, immutable,
/// append-only.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn stat(path: &Path, follow: bool) -> io::Result<Stat> {
    use rustix::fs::{AtFlags, CWD, FileType, StatxAttributes, StatxFlags, makedev, statx};
    use rustix::io::Errno;

    let flags = if follow { AtFlags::empty() } else { AtFlags::SYMLINK_NOFOLLOW };
    let found = match statx(CWD, path, flags, StatxFlags::BASIC_STATS) {
        Ok(found) => found,
        // A kernel or a sandbox that does not know the call.
        Err(Errno::NOSYS | Errno::PERM) => return metadata(path, follow).map(|metadata| stat_of(&metadata)),
        Err(error) => return Err(error.into()),
    };
    let kind = match FileType::from_raw_mode(found.stx_mode.into()) {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Symlink,
        FileType::Fifo => Kind::Fifo,
        FileType::BlockDevice | FileType::CharacterDevice => Kind::Device,
        _ => Kind::Other,
    };
    let pins = StatxAttributes::MOUNT_ROOT | StatxAttributes::IMMUTABLE | StatxAttributes::APPEND;
    Ok(Stat {
        id: (makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino),
        kind,
        len: found.stx_size,
        mode: u32::from(found.stx_mode) & 0o7777,
        uid: found.stx_uid,
        gid: found.stx_gid,
        links: found.stx_nlink.into(),
        pinned: kind == Kind::File && found.stx_attributes.intersects(pins),
        modified_unix: found.stx_mtime.tv_sec,
    })
}

/// What the system says about a path.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn stat(path: &Path, follow: bool) -> io::Result<Stat> {
    metadata(path, follow).map(|metadata| stat_of(&metadata))
}

fn metadata(path: &Path, follow: bool) -> io::Result<Metadata> {
    if follow { fs::metadata(path) } else { fs::symlink_metadata(path) }
}

/// What the system says about an open file.
pub(super) fn stat_open(file: &File) -> io::Result<Stat> {
    file.metadata().map(|metadata| stat_of(&metadata))
}

fn stat_of(metadata: &Metadata) -> Stat {
    Stat {
        id: (metadata.dev(), metadata.ino()),
        kind: kind(metadata),
        len: metadata.len(),
        mode: metadata.mode() & 0o7777,
        uid: metadata.uid(),
        gid: metadata.gid(),
        links: metadata.nlink(),
        pinned: false,
        modified_unix: metadata.mtime(),
    }
}

pub(super) fn kind(metadata: &Metadata) -> Kind {
    let file_type = metadata.file_type();
    if file_type.is_file() {
        Kind::File
    } else if file_type.is_dir() {
        Kind::Folder
    } else if file_type.is_symlink() {
        Kind::Symlink
    } else if file_type.is_fifo() {
        Kind::Fifo
    } else if file_type.is_block_device() || file_type.is_char_device() {
        Kind::Device
    } else {
        Kind::Other
    }
}

pub(super) fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    with_flags(options, OFlags::NONBLOCK | OFlags::NOCTTY)
}

pub(super) fn without_following(options: &mut OpenOptions) -> &mut OpenOptions {
    with_flags(options, OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW)
}

fn with_flags(options: &mut OpenOptions, flags: OFlags) -> &mut OpenOptions {
    #[expect(clippy::cast_possible_wrap, reason = "std takes open flags as i32; no flag reaches the sign bit")]
    options.custom_flags(flags.bits() as i32)
}

pub(super) fn write_at(file: &File, offset: u64, bytes: &[u8]) -> io::Result<usize> {
    file.write_at(bytes, offset)
}

/// The mode is set at creation, so there is no moment in which others can open the file.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
    // Between the two calls a sweep may have removed the file as a dead run's: then the name is gone. A file system
    // without locks does no harm: no sweep can lock the file there either.
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) || file.metadata()?.nlink() == 0 {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    Ok(file)
}

pub(super) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = match without_following(OpenOptions::new().read(true).write(true)).open(path) {
        // A file of mode 0400 can still be locked.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            // If that fails too, the first answer says why.
            without_following(OpenOptions::new().read(true)).open(path).map_err(|_| error)
        }
        file => file,
    }?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        // A network file system whose lock service is not running answers ENOLCK.
        Err(TryLockError::Error(error))
            if error.kind() == io::ErrorKind::Unsupported
                || error.raw_os_error() == Some(rustix::io::Errno::NOLCK.raw_os_error()) =>
        {
            let text = "this system, or the file system here, has no file locks";
            Err(io::Error::new(io::ErrorKind::Unsupported, text))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn exchange(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;

    match renameat_with(CWD, from, CWD, to, RenameFlags::EXCHANGE) {
        // Kernels and file systems without it answer one of these.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Err(io::ErrorKind::Unsupported.into()),
        exchanged => Ok(exchanged?),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some network and FUSE file systems cannot sync a folder; nothing better can be done there.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

pub(super) fn make_folder(folder: &Path, mode: u32) -> io::Result<()> {
    DirBuilder::new().mode(mode).create(folder)
}

pub(super) fn set_folder_owner(folder: &Path, uid: u32, gid: u32) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let opened = with_flags(options.read(true), OFlags::DIRECTORY | OFlags::NOFOLLOW).open(folder)?;
    fchown(&opened, Some(uid), Some(gid))
}

pub(super) fn check_access(path: &Path, write: bool) -> io::Result<()> {
    use rustix::fs::{Access, access};

    // For a folder, to change it is to look into it as well.
    let change = if fs::metadata(path)?.is_dir() { Access::WRITE_OK | Access::EXEC_OK } else { Access::WRITE_OK };
    Ok(access(path, if write { Access::READ_OK | change } else { Access::READ_OK })?)
}

#[expect(clippy::unnecessary_wraps, reason = "can fail on other systems")]
pub(super) fn access(_: &Path) -> io::Result<Option<Access>> {
    Ok(None)
}

pub(super) fn set_owner(file: &File, uid: u32, gid: u32) -> io::Result<()> {
    fchown(file, Some(uid), Some(gid))
}

pub(super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(mode))
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
#[expect(clippy::unnecessary_wraps, reason = "can fail on other systems")]
pub(super) fn copy_extended_attributes(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}

/// Copies what a person or an administrator has set. What the system itself sets (security labels, checksums, where a
/// download came from) is copied only if the system allows it, since the new file gets its own.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn copy_extended_attributes(to: &File, from: &Path) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fsetxattr};

    let names = match sized(|buffer| rustix::fs::listxattr(from, buffer)) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(()),
        names => names?,
    };
    for name in names.split(|&byte| byte == 0).filter(|name| !name.is_empty()) {
        let by_system = [&b"security."[..], b"trusted.", b"com.apple."].iter().any(|prefix| name.starts_with(prefix));
        let copied = sized(|buffer| rustix::fs::getxattr(from, name, buffer))
            .and_then(|value| Ok(fsetxattr(to, name, &value, XattrFlags::empty())?));
        if !by_system {
            copied?;
        }
    }
    Ok(())
}

/// Reads an attribute, or the list of attributes, whatever its length.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn sized(read: impl Fn(&mut [u8]) -> rustix::io::Result<usize>) -> io::Result<Vec<u8>> {
    // 64 KiB is Linux's limit for either; macOS may have more.
    let mut buffer = vec![0; 64 << 10];
    loop {
        match read(&mut buffer) {
            Ok(len) => {
                buffer.truncate(len);
                return Ok(buffer);
            }
            Err(rustix::io::Errno::RANGE) if buffer.len() < 64 << 20 => buffer.resize(buffer.len() * 2, 0),
            Err(error) => return Err(error.into()),
        }
    }
}
