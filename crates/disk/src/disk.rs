//! The file system as a trait: one system call or so for each method, so that faults can strike between any two.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::{self, Debug};
use std::io;
use std::path::{Path, PathBuf};

/// The file system.
///
/// Errors are the system's own. Every method may answer `Interrupted`; this crate's functions retry.
pub trait Disk: Debug + Send + Sync {
    /// The user this process acts as (the effective user id); `None` on Windows.
    fn user(&self) -> Option<u32>;

    /// Describes what is at `path`, without following a symbolic link.
    fn lstat(&self, path: &Path) -> io::Result<Stat>;

    /// Describes what is at `path`, following symbolic links.
    fn stat(&self, path: &Path) -> io::Result<Stat>;

    /// Reads a whole file.
    ///
    /// Never blocks on a FIFO or a device: anything but a regular file is refused (`InvalidInput`), and so is a file of
    /// more than `max_len` bytes (`FileTooLarge`).
    fn read(&self, path: &Path, max_len: usize) -> io::Result<Vec<u8>>;

    /// Reads a whole file as [`Disk::read`] does, but refuses a symbolic link, and describes the file that was opened.
    fn read_unlinked(&self, path: &Path, max_len: usize) -> io::Result<(Stat, Vec<u8>)>;

    /// Returns the real path of an existing file: absolute, without symbolic links.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf>;

    /// Lists the names in a folder, sorted.
    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>>;

    /// Creates a file of mode 0600 (on Windows, for its owner and the system alone) that must not exist yet (`AlreadyExists`), open for reading and writing.
    ///
    /// While it is open, [`Disk::try_lock`] of it answers `None` where the system has locks, so the file of a killed
    /// process can be distinguished from one in use.
    fn create_private(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens an existing regular file for reading and writing, keeping its content.
    fn open_for_update(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens an existing regular file, refusing a symbolic link, and takes the kernel's lock on it without waiting.
    ///
    /// Answers `None` when another open file holds the lock. The lock ends with the file, however the process ends.
    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn DiskFile>>>;

    /// Creates a file as [`Disk::create_private`] does, which is removed when it is dropped; a killed process leaves it.
    fn create_claim(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Renames a file, replacing whatever file is at `to`.
    ///
    /// On Windows this waits up to 2.5 seconds while another program holds the file open.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Exchanges two files in one step. `Unsupported` where the system, or the file system, cannot.
    fn exchange(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a folder durable (fsync). Does nothing where the system or the file system cannot.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Creates one folder that must not exist yet (`AlreadyExists`), with these permission bits less the umask.
    fn make_folder(&self, folder: &Path, mode: u32) -> io::Result<()>;

    /// Gives a folder to a user and a group, refusing a symbolic link. Does nothing on Windows.
    fn set_folder_owner(&self, folder: &Path, uid: u32, gid: u32) -> io::Result<()>;

    /// Checks that this user may read the file or folder at `path`, and change it if `write` is set (`PermissionDenied`).
    /// Always succeeds on Windows.
    fn check_access(&self, path: &Path, write: bool) -> io::Result<()>;

    /// Who can use the file or folder at `path`, by its access control list. `None` where its mode says it (Unix).
    fn access(&self, path: &Path) -> io::Result<Option<Access>>;

    /// Sets the modification time of an existing regular file to now.
    fn touch(&self, path: &Path) -> io::Result<()>;
}

/// An open file.
pub trait DiskFile: Debug + Send + Sync {
    /// Describes the open file.
    fn stat(&self) -> io::Result<Stat>;

    /// Writes all of `bytes` at `offset` (bytes from the start); the file grows as needed.
    ///
    /// One system call (`pwrite`), unless the system takes only a part of the bytes.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts or extends the file to `len` bytes.
    fn set_len(&mut self, len: u64) -> io::Result<()>;

    /// Makes content and attributes durable (fsync).
    fn sync(&mut self) -> io::Result<()>;

    /// Gives the file to a user and a group. Does nothing on Windows.
    fn set_owner(&mut self, uid: u32, gid: u32) -> io::Result<()>;

    /// Sets the permission bits (`0o7777`). On Windows, a file for more than its owner gets the access control list that
    /// its folder hands down; other bits do nothing.
    fn set_mode(&mut self, mode: u32) -> io::Result<()>;

    /// Copies the extended attributes of the file at `from`, including access control lists where the system stores
    /// them as such (Linux), or that list alone on Windows. Does nothing where the system or the file system has none.
    fn copy_extended_attributes(&mut self, from: &Path) -> io::Result<()>;
}

/// Who can use a file, by its access control list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Access {
    /// The identifier of its owner's account.
    pub owner: String,
    /// The identifier of the account that this process runs as.
    pub user: String,
    /// The accounts beside these two, administrators and the system, by identifier, with their names.
    pub others: BTreeMap<String, String>,
}

/// What the file system says about a path or an open file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stat {
    /// Device and inode (on Windows, volume and file index): which file it is, whatever its name. (0, 0) where the
    /// file system does not number its files.
    pub id: (u64, u64),
    /// The kind of file.
    pub kind: Kind,
    /// Length in bytes.
    pub len: u64,
    /// Permission bits (`0o7777`). On Windows `0o600`, or `0o400` when read-only.
    pub mode: u32,
    /// The user who owns it. 0 on Windows.
    pub uid: u32,
    /// The group that owns it. 0 on Windows.
    pub gid: u32,
    /// The number of hard links (names).
    pub links: u64,
    /// Whether no other file can be renamed over it because it is a mount point (a single file mounted into a
    /// container) or immutable. Known on Linux since 5.8; elsewhere, and for open files, false: try the rename.
    pub pinned: bool,
    /// Time of last modification, seconds since 1970.
    pub modified_unix: i64,
}

/// What is at a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A block or character device.
    Device,
    /// A FIFO (named pipe).
    Fifo,
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A socket, or a kind that only this system has.
    Other,
    /// A symbolic link.
    Symlink,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Device => "a device",
            Self::Fifo => "a FIFO (named pipe)",
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Other => "a socket or the like",
            Self::Symlink => "a symbolic link",
        })
    }
}

/// Returns the folder that holds `path`, in a form that can be opened.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Retries a step while a signal interrupts it.
///
/// The limit keeps a disk that is always interrupted (a dying network mount) from blocking the caller for ever.
pub fn uninterrupted<T>(mut step: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    const LIMIT: usize = 100;
    for _ in 1..LIMIT {
        match step() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
    step()
}
