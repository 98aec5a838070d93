//! Replacing a file in two steps: prove that it can be done, then do it.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::folder_of;
use crate::in_place;
use crate::temp::Temp;
use crate::{Disk, Kind, ReplaceError, Stat, check_private_file, uninterrupted};

/// Space reserved for the next content of a file, before that content is known.
///
/// Dropping it without [`Replacement::commit`] leaves the file untouched and nothing beside it.
#[derive(Debug)]
#[must_use = "nothing is written before `commit`"]
pub struct Replacement<'d> {
    disk: &'d dyn Disk,
    path: PathBuf,
    /// The file as it was when the space was reserved.
    old: Option<Stat>,
    recovery: Option<PathBuf>,
    method: Method<'d>,
}

#[derive(Debug)]
enum Method<'d> {
    /// The new content goes into this file, which is renamed over the target.
    Rename(Temp<'d>),
    /// The old content goes into this file, which becomes the recovery copy at this path; the new goes into the target.
    InPlace(Temp<'d>, PathBuf),
}

/// How a file is replaced.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReplaceOptions {
    /// Permission bits of a file that does not exist yet, whatever the umask. Private (`0o600`) by default.
    /// An existing file keeps its own.
    pub mode_when_new: u32,
    /// Where the old content is kept while the file is written in place. Without it, a file that can be written in no
    /// other way is refused. A name ending in `.local` keeps it out of most repositories.
    pub recovery: Option<PathBuf>,
    /// Whether the file is everlit's own and private: it gets a fresh inode with this mode and the owner of its folder,
    /// and a symbolic link or a file that another user may have planted is refused.
    pub is_private: bool,
}

impl ReplaceOptions {
    /// The options for a private file of everlit's own.
    pub fn private() -> Self {
        Self { is_private: true, ..Self::default() }
    }
}

impl Default for ReplaceOptions {
    fn default() -> Self {
        Self { mode_when_new: PRIVATE, recovery: None, is_private: false }
    }
}

impl<'d> Replacement<'d> {
    /// Proves that the file at `path` can be replaced by `len` bytes, and reserves the space for them.
    ///
    /// Symbolic links are followed; a link to nothing is refused, and so is anything but a regular file, without
    /// opening it. Mode, owner and extended attributes are copied now, before any content. Where the system does not
    /// allow giving the new file to the old one's owner, the file is written in place, which keeps the owner; it never
    /// quietly changes hands, which could lock its owner out.
    pub fn reserve(
        disk: &'d dyn Disk,
        path: &Path,
        len: usize,
        options: &ReplaceOptions,
    ) -> Result<Self, ReplaceError> {
        let (path, old) = if options.is_private { (find_private(disk, path)?, None) } else { find(disk, path)? };
        let method = match &old {
            Some(old) if old.links > 1 || old.pinned => {
                let why =
                    if old.pinned { "it is mounted by itself, or immutable" } else { "it has several hard links" };
                let obstacle = Obstacle::new("replace", io::Error::other(why));
                reserve_in_place(disk, &path, old, len, options, &obstacle)?
            }
            _ => match beside(disk, &path, old.as_ref(), options) {
                Ok(mut temp) => {
                    temp.reserve(len)?;
                    Method::Rename(temp)
                }
                Err(obstacle) => match &old {
                    Some(old) if obstacle.leaves_the_file_itself() => {
                        reserve_in_place(disk, &path, old, len, options, &obstacle)?
                    }
                    _ => return Err(obstacle.into_error(&path)),
                },
            },
        };
        Ok(Self { disk, path, old, recovery: options.recovery.clone(), method })
    }

    /// Makes `content` the content of the file, durably.
    ///
    /// After an error the file is wholly old, except for [`ReplaceError::NotDurable`] (wholly new) and
    /// [`ReplaceError::HalfWritten`] (the old content is in the recovery copy).
    pub fn commit(self, content: &[u8]) -> Result<(), ReplaceError> {
        self.write(None, content)
    }

    /// Like [`commit`](Self::commit), but only if the file is still the one that was reserved and still holds `expected`
    /// (`None`: the file did not exist).
    ///
    /// [`ReplaceError::Changed`] otherwise: the file is then what somebody else has made of it. Where the system can
    /// exchange two files, an edit up to the last moment is noticed.
    pub fn commit_over(self, expected: Option<&[u8]>, content: &[u8]) -> Result<(), ReplaceError> {
        let found = match uninterrupted(|| self.disk.lstat(&self.path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            stat => Some(stat.map_err(ReplaceError::failed(&self.path, "examine"))?),
        };
        let attributes = |stat: &Stat| (stat.kind, stat.id, stat.links, stat.mode, stat.uid, stat.gid);
        if found.as_ref().map(attributes) != self.old.as_ref().map(attributes) || found.is_some() != expected.is_some()
        {
            return Err(ReplaceError::Changed { path: self.path });
        }
        self.write(expected, content)
    }

    fn write(self, expected: Option<&[u8]>, content: &[u8]) -> Result<(), ReplaceError> {
        let Self { disk, path, old, recovery, method } = self;
        let mut temp = match method {
            Method::Rename(temp) => temp,
            Method::InPlace(copy, recovery) => {
                return in_place::write(disk, &path, copy, &recovery, expected, content);
            }
        };
        temp.fill(content)?;
        let renamed = match expected {
            Some(expected) => exchange(disk, &path, &mut temp, expected)?,
            None => temp.rename_to_target(),
        };
        match renamed {
            Ok(()) => uninterrupted(|| disk.sync_folder(folder_of(&path))).map_err(|error| ReplaceError::NotDurable {
                path,
                kind: error.kind(),
                os: error.to_string(),
            }),
            Err(error) if old.is_some() && may_be_written_in_place(error.kind()) => {
                drop(temp); // the recovery copy needs its space
                let obstacle = Obstacle::new("replace", error);
                check_writable(disk, &path, &obstacle)?;
                let (copy, recovery) = recovery_copy(disk, &path, recovery.as_deref(), &obstacle)?;
                in_place::write(disk, &path, copy, recovery, expected, content)
            }
            Err(error) => Err(ReplaceError::failed(&path, "replace")(error)),
        }
    }

    /// Whether the file will be written in place, as far as is known before the rename is tried.
    pub fn is_in_place(&self) -> bool {
        matches!(self.method, Method::InPlace(..))
    }
}

/// Replaces a file that holds `expected` with `temp`. Returns the result of the rename, or an error if the file has changed.
///
/// After an exchange, the replaced file can still be compared and put back, so no edit is lost between check and rename.
fn exchange(
    disk: &dyn Disk,
    path: &Path,
    temp: &mut Temp<'_>,
    expected: &[u8],
) -> Result<io::Result<()>, ReplaceError> {
    let holds = |path: &Path| uninterrupted(|| disk.read(path, expected.len())).is_ok_and(|found| found == expected);
    match temp.exchange_with_target() {
        Ok(()) if holds(temp.path()) => Ok(Ok(())),
        Ok(()) => {
            // A rename is as good: only our own content goes with it.
            let put_back = temp.exchange_with_target().or_else(|_| temp.rename_to_target());
            put_back.map_err(ReplaceError::failed(path, "put back the edit of"))?;
            Err(ReplaceError::Changed { path: path.to_owned() })
        }
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            if holds(path) {
                Ok(temp.rename_to_target())
            } else {
                Err(ReplaceError::Changed { path: path.to_owned() })
            }
        }
        Err(error) => Ok(Err(error)),
    }
}

/// Replaces the file at `path` in one go: [`Replacement::reserve`], then [`Replacement::commit`].
pub fn replace(disk: &dyn Disk, path: &Path, content: &[u8], options: &ReplaceOptions) -> Result<(), ReplaceError> {
    Replacement::reserve(disk, path, content.len(), options)?.commit(content)
}

/// Follows symbolic links to the file itself and describes it; `None` if there is none yet.
fn find(disk: &dyn Disk, path: &Path) -> Result<(PathBuf, Option<Stat>), ReplaceError> {
    let mut path = path.to_owned();
    let mut stat = match uninterrupted(|| disk.lstat(&path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((path, None)),
        stat => stat.map_err(ReplaceError::failed(&path, "examine"))?,
    };
    if stat.kind == Kind::Symlink {
        path = match uninterrupted(|| disk.resolve(&path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ReplaceError::Dangling { path }),
            real => real.map_err(ReplaceError::failed(&path, "follow the symbolic link"))?,
        };
        stat = uninterrupted(|| disk.lstat(&path)).map_err(ReplaceError::failed(&path, "examine"))?;
    }
    match stat.kind {
        Kind::File => Ok((path, Some(stat))),
        found => Err(ReplaceError::NotAFile { path, found }),
    }
}

/// Checks what is at the path of a private file, if anything is, and returns the path.
fn find_private(disk: &dyn Disk, path: &Path) -> Result<PathBuf, ReplaceError> {
    match uninterrupted(|| disk.lstat(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(ReplaceError::failed(path, "examine")(error)),
        Ok(stat) if stat.kind != Kind::File => {
            return Err(ReplaceError::NotAFile { path: path.to_owned(), found: stat.kind });
        }
        Ok(stat) => check_private_file(disk, path, &stat).map_err(ReplaceError::failed(path, "use"))?,
    }
    Ok(path.to_owned())
}

/// Creates an empty file beside the target with the target's attributes.
fn beside<'d>(
    disk: &'d dyn Disk,
    path: &Path,
    old: Option<&Stat>,
    options: &ReplaceOptions,
) -> Result<Temp<'d>, Obstacle> {
    let mut temp = Temp::create(disk, path).map_err(|error| Obstacle::new(CREATE_BESIDE, error))?;
    match old {
        Some(old) => copy_attributes(disk, &mut temp, path, old)?,
        None if options.mode_when_new != PRIVATE => uninterrupted(|| temp.file().set_mode(options.mode_when_new))
            .map_err(|error| Obstacle::new("set the mode of", error))?,
        None => {}
    }
    Ok(temp)
}

/// Sets only what differs: some file systems (FAT, many network mounts) refuse to set what they already have.
fn copy_attributes(disk: &dyn Disk, temp: &mut Temp<'_>, path: &Path, old: &Stat) -> Result<(), Obstacle> {
    let new =
        uninterrupted(|| disk.lstat(temp.path())).map_err(|error| Obstacle::new("examine a file beside", error))?;
    // The owner first: giving a file away clears some of the mode bits.
    if (new.uid, new.gid) != (old.uid, old.gid) {
        uninterrupted(|| temp.file().set_owner(old.uid, old.gid))
            .map_err(|error| Obstacle::new("keep the owner of", error))?;
    }
    uninterrupted(|| temp.file().copy_extended_attributes(path))
        .map_err(|error| Obstacle::new("keep the extended attributes of", error))?;
    if new.mode != old.mode {
        uninterrupted(|| temp.file().set_mode(old.mode)).map_err(|error| Obstacle::new("keep the mode of", error))?;
    }
    Ok(())
}

fn reserve_in_place<'d>(
    disk: &'d dyn Disk,
    path: &Path,
    old: &Stat,
    len: usize,
    options: &ReplaceOptions,
    obstacle: &Obstacle,
) -> Result<Method<'d>, ReplaceError> {
    if old.len > in_place::LARGEST as u64 {
        let why = format!("it is too large ({} bytes) to be written in place", old.len);
        return Err(obstacle.not_writable(path, &why, io::ErrorKind::FileTooLarge));
    }
    check_writable(disk, path, obstacle)?;
    let (mut copy, recovery) = recovery_copy(disk, path, options.recovery.as_deref(), obstacle)?;
    // Room for the old content and the new. What the copy does not need is given back just before the target grows.
    copy.reserve(usize::try_from(old.len).unwrap_or(in_place::LARGEST).saturating_add(len))?;
    Ok(Method::InPlace(copy, recovery.to_owned()))
}

/// Checks that the file itself can be written, before a recovery copy of it is made.
fn check_writable(disk: &dyn Disk, path: &Path, obstacle: &Obstacle) -> Result<(), ReplaceError> {
    uninterrupted(|| disk.open_for_update(path))
        .map(drop)
        .map_err(|error| obstacle.not_writable(path, &format!("cannot write the file itself: {error}"), error.kind()))
}

/// Creates the empty file that becomes the recovery copy, and returns it with its later path.
fn recovery_copy<'d, 'r>(
    disk: &'d dyn Disk,
    path: &Path,
    recovery: Option<&'r Path>,
    obstacle: &Obstacle,
) -> Result<(Temp<'d>, &'r Path), ReplaceError> {
    let recovery = recovery.ok_or_else(|| {
        obstacle.not_writable(
            path,
            "no place was given for the copy that a write in place needs",
            obstacle.error.kind(),
        )
    })?;
    match uninterrupted(|| disk.lstat(recovery)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(ReplaceError::failed(recovery, "examine")(error)),
        Ok(_) => return Err(ReplaceError::Unfinished { path: path.to_owned(), recovery: recovery.to_owned() }),
    }
    let copy = Temp::create(disk, recovery).map_err(|error| {
        let why = format!("cannot create the recovery copy `{}`: {error}", recovery.display());
        obstacle.not_writable(path, &why, error.kind())
    })?;
    Ok((copy, recovery))
}

/// Whether a refusal concerns the name of the file rather than its content: a single mounted file answers `EBUSY`, a
/// folder with the sticky bit `EPERM`.
fn may_be_written_in_place(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{
        CrossesDevices, ExecutableFileBusy, PermissionDenied, ReadOnlyFilesystem, ResourceBusy, Unsupported,
    };
    matches!(
        kind,
        CrossesDevices | ExecutableFileBusy | PermissionDenied | ReadOnlyFilesystem | ResourceBusy | Unsupported
    )
}

/// Why no other file can take the place of the target.
#[derive(Debug)]
struct Obstacle {
    step: &'static str,
    error: io::Error,
}

impl Obstacle {
    fn new(step: &'static str, error: io::Error) -> Self {
        Self { step, error }
    }

    /// Whether the file itself may be writable. A full or failing disk is no reason to write in place; a folder that we
    /// cannot write to is, and so is every attribute that another file would not have.
    fn leaves_the_file_itself(&self) -> bool {
        self.step != CREATE_BESIDE || may_be_written_in_place(self.error.kind())
    }

    fn not_writable(&self, path: &Path, in_place: &str, kind: io::ErrorKind) -> ReplaceError {
        ReplaceError::NotWritable {
            path: path.to_owned(),
            why: format!("cannot {} it: {}; {in_place}", self.step, self.error),
            kind,
        }
    }

    fn into_error(self, path: &Path) -> ReplaceError {
        if may_be_written_in_place(self.error.kind()) {
            let why = format!("cannot {} it: {}", self.step, self.error);
            ReplaceError::NotWritable { path: path.to_owned(), why, kind: self.error.kind() }
        } else {
            ReplaceError::failed(path, self.step)(self.error)
        }
    }
}

const CREATE_BESIDE: &str = "create a file beside";
const PRIVATE: u32 = 0o600;
