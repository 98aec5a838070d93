//! Private files and folders: created with the right owner, and not trusted if somebody else could have planted them.

use std::io;
use std::path::Path;

use crate::disk::folder_of;
use crate::{Disk, DiskFile, Kind, Stat, uninterrupted};

/// Reads a private file: a symbolic link, or a file that another user may have planted, is an error (`InvalidInput`).
pub fn read_private(disk: &dyn Disk, path: &Path, max_len: usize) -> io::Result<Vec<u8>> {
    let (stat, content) = uninterrupted(|| disk.read_unlinked(path, max_len))?;
    check_private_file(disk, path, &stat)?;
    Ok(content)
}

/// Checks that `stat`, which describes the file at `path`, describes a private file (`InvalidInput`).
pub fn check_private_file(disk: &dyn Disk, path: &Path, stat: &Stat) -> io::Result<()> {
    if stat.kind != Kind::File {
        return Err(untrusted(&format!("it is {}, not a file", stat.kind)));
    }
    if stat.links > 1 {
        return Err(untrusted(&format!("it has {} hard links, where a private file has one", stat.links)));
    }
    check_owner(disk, path, stat)
}

/// Checks that the folder at `path` is a private one. It need not be ours: root works in other users' folders.
pub fn check_private_folder(disk: &dyn Disk, path: &Path) -> io::Result<Stat> {
    let stat = uninterrupted(|| disk.lstat(path))?;
    if stat.kind != Kind::Folder {
        return Err(untrusted(&format!("it is {}, not a folder", stat.kind)));
    }
    check_owner(disk, path, &stat)?;
    Ok(stat)
}

/// Checks, for root, that no other user's symbolic link leads out of what that user owns (`InvalidInput`): root would
/// write where the user may not.
///
/// Looks at the links that `path` itself goes through. Of a file that does not exist yet, its folder counts.
pub fn check_links(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    if disk.user() != Some(0) {
        return Ok(());
    }
    let links = path.ancestors().filter_map(|place| uninterrupted(|| disk.lstat(place)).ok());
    let Some(link) = links.into_iter().find(|stat| stat.kind == Kind::Symlink && stat.uid != 0) else { return Ok(()) };
    let target = match uninterrupted(|| disk.stat(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => uninterrupted(|| disk.stat(folder_of(path)))?,
        stat => stat?,
    };
    if target.uid == link.uid {
        return Ok(());
    }
    Err(untrusted(&format!("a symbolic link of user {} leads to it, and it belongs to user {}", link.uid, target.uid)))
}

fn check_owner(disk: &dyn Disk, path: &Path, stat: &Stat) -> io::Result<()> {
    const ROOT: u32 = 0;
    let is_ours = disk.user().is_none_or(|user| [user, ROOT].contains(&stat.uid));
    if is_ours || uninterrupted(|| disk.stat(folder_of(path)))?.uid == stat.uid {
        return Ok(());
    }
    Err(untrusted(&format!("it belongs to another user (id {})", stat.uid)))
}

fn untrusted(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// Creates a folder and those above it, with the permissions that the umask leaves. An existing folder stays as it is.
///
/// A folder that root creates belongs to the owner of the folder above it.
pub fn create_folder(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    const MODE: u32 = 0o777;
    match uninterrupted(|| disk.stat(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Ok(stat) if stat.kind == Kind::Folder => return Ok(()),
        Ok(_) => return Err(io::ErrorKind::NotADirectory.into()),
        Err(error) => return Err(error),
    }
    create_folder(disk, folder_of(folder))?;
    make_folder(disk, folder, MODE).map(drop)
}

/// Creates a folder of mode 0700 in one that exists. Returns `true` if it is new.
///
/// An existing folder stays as it is, and is an error (`InvalidInput`) where it is a symbolic link or another user's.
/// An empty one that root left before it could give it away is given away now.
pub fn create_private_folder(disk: &dyn Disk, folder: &Path) -> io::Result<bool> {
    const MODE: u32 = 0o700;
    let stat = match check_private_folder(disk, folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if make_folder(disk, folder, MODE)? {
                return Ok(true);
            }
            check_private_folder(disk, folder)?
        }
        stat => stat?,
    };
    if stat.uid == 0
        && let Some((uid, gid)) = owner_in(disk, folder_of(folder))
        && uninterrupted(|| disk.list(folder))?.is_empty()
    {
        let _ = uninterrupted(|| disk.set_folder_owner(folder, uid, gid));
    }
    Ok(false)
}

/// Returns `false` where the folder is there already.
fn make_folder(disk: &dyn Disk, folder: &Path, mode: u32) -> io::Result<bool> {
    match uninterrupted(|| disk.make_folder(folder, mode)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        made => made?,
    }
    if let Some((uid, gid)) = owner_in(disk, folder_of(folder)) {
        // As for files, see `give_to_owner`.
        let _ = uninterrupted(|| disk.set_folder_owner(folder, uid, gid));
    }
    Ok(true)
}

/// Gives a new file to the owner of the folder it is in, if root created it: a `sudo everlit refresh` must not lock
/// the owner of a project out of it.
///
/// Best effort. Where a system refuses (a container without that right, a network file system), the file stays root's:
/// a token that is saved under the wrong owner is better than one that is not saved.
pub(crate) fn give_to_owner(disk: &dyn Disk, file: &mut dyn DiskFile, path: &Path) {
    if let Some((uid, gid)) = owner_in(disk, folder_of(path)) {
        let _ = uninterrupted(|| file.set_owner(uid, gid));
    }
}

/// The owner and group that root gives to what it creates in `folder`; `None` where it keeps its own, or is not root.
fn owner_in(disk: &dyn Disk, folder: &Path) -> Option<(u32, u32)> {
    if disk.user() != Some(0) {
        return None;
    }
    let stat = uninterrupted(|| disk.stat(folder)).ok()?;
    (stat.uid != 0).then_some((stat.uid, stat.gid))
}
