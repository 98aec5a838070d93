//! The file system as a trait: one system call or so for each method, so that faults can strike between any two.

use std::ffi::OsString;
use std::fmt::{self, Debug};
use std::io;
use std::path::{Path, PathBuf};

/// The file system.
///
/// Errors are those of the system. `Interrupted` may come from every method; this crate's own functions try again.
pub trait Disk: Debug + Send + Sync {
    /// What stands at `path`; a symbolic link is described, not followed.
    fn lstat(&self, path: &Path) -> io::Result<Stat>;

    /// What stands at `path`, symbolic links followed.
    fn stat(&self, path: &Path) -> io::Result<Stat>;

    /// The whole content of a file.
    ///
    /// Never blocks on a FIFO or a device: whatever is not a regular file is refused (`InvalidInput`), and so is a file
    /// of more than `max_len` bytes (`FileTooLarge`).
    fn read(&self, path: &Path, max_len: usize) -> io::Result<Vec<u8>>;

    /// The real path of an existing file: absolute, free of symbolic links.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf>;

    /// The names in a folder, sorted.
    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>>;

    /// Creates a file of mode 0600 that must not exist yet (`AlreadyExists`), open for reading and writing.
    ///
    /// For as long as it is open, [`Disk::try_lock`] of it answers `None`, where the system has locks: so a file left
    /// by a killed process can be told from one that is in use.
    fn create_private(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens an existing regular file for reading and writing; its content stays.
    fn open_for_update(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a file (created with mode 0600 if missing) and takes the kernel's lock on it without waiting.
    ///
    /// `None` when another open file holds the lock. The lock ends with the file, however the process ends.
    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn DiskFile>>>;

    /// Renames, replacing whatever file stands at `to`.
    ///
    /// On Windows another program's passing grip on the file is waited out, for about 2.5 seconds.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a folder durable (fsync). Does nothing where the system or the file system cannot.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Creates a folder and those above it, readable as the umask says. An existing folder is left as it is.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;

    /// Creates a folder and those above it, each of mode 0700. An existing folder is left as it is.
    fn create_private_folder(&self, folder: &Path) -> io::Result<()>;

    /// Sets the time of last modification of an existing regular file to now.
    fn touch(&self, path: &Path) -> io::Result<()>;
}

/// An open file.
pub trait DiskFile: Debug + Send {
    /// Writes all of `bytes` from `offset` (bytes from the start) on; the file grows as needed.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts or extends the file to `len` bytes.
    fn set_len(&mut self, len: u64) -> io::Result<()>;

    /// Makes content and attributes durable (fsync).
    fn sync(&mut self) -> io::Result<()>;

    /// Gives the file to a user and a group. Does nothing on Windows.
    fn set_owner(&mut self, uid: u32, gid: u32) -> io::Result<()>;

    /// Sets the permission bits (`0o7777`). Does nothing on Windows.
    fn set_mode(&mut self, mode: u32) -> io::Result<()>;

    /// Copies the extended attributes of the file at `from`, access control lists among them where the system keeps
    /// them so (Linux). Does nothing where the system or the file system has none.
    fn copy_extended_attributes(&mut self, from: &Path) -> io::Result<()>;
}

/// What the file system says of a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stat {
    /// What it is.
    pub kind: Kind,
    /// Length in bytes.
    pub len: u64,
    /// Permission bits (`0o7777`). On Windows `0o600`, or `0o400` when read-only.
    pub mode: u32,
    /// The user who owns it. 0 on Windows.
    pub uid: u32,
    /// The group that owns it. 0 on Windows.
    pub gid: u32,
    /// Hard links: the number of names. 1 on Windows, where std cannot tell.
    pub links: u64,
    /// Whether no other file can be renamed over it: it is a mount point (a single file mounted into a container), or
    /// immutable. Linux tells, since 5.8; elsewhere it is always false, and the rename itself must be tried.
    pub pinned: bool,
    /// Last modification, seconds since 1970.
    pub modified_unix: i64,
}

/// What stands at a path.
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
    /// A socket, or a kind that this system alone knows.
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

/// The folder that holds `path`, in a form that can be opened.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Does a step again while a signal interrupts it.
///
/// The limit keeps a disk that is interrupted for ever (a dying network mount) from holding the caller for ever.
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
