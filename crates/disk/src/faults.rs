//! A disk that fails or dies where a test says (feature `faults`).
//!
//! A test runs its work once with [`Plan::Nothing`], counts [`FaultyDisk::steps`], and runs it again for each of them
//! with a plan that strikes there. Disks can be stacked to have two plans at once.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Access, Disk, DiskFile, Stat};

/// What goes wrong. Steps are counted from 0.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Plan {
    /// The disk is full once its files have grown by this many bytes in all; what is cut off or removed is given back.
    /// The write that does not fit is done as far as it fits, as on a real disk.
    Budget(u64),
    /// The process is killed: this step and all after it do nothing and fail, so clean-up does nothing either.
    DieAt {
        /// The first step that is not done.
        step: usize,
        /// Whether half of the bytes arrive, if that step is a write.
        torn: bool,
    },
    /// Every step of one name fails.
    FailEvery {
        /// The method of [`Disk`] or [`DiskFile`]. Where a rename fails, so does an exchange.
        name: &'static str,
        /// Only on this path, or on what is directly in this folder; a rename counts by its new name.
        path: Option<PathBuf>,
        /// The error.
        kind: io::ErrorKind,
    },
    /// One step fails, once, and does nothing.
    FailOnce {
        /// Its number.
        step: usize,
        /// The error.
        kind: io::ErrorKind,
    },
    /// Nothing.
    Nothing,
}

/// A step that was attempted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// The method of [`Disk`] or [`DiskFile`].
    pub name: &'static str,
    /// The path: for a rename the new name, for an open file the name it was opened with.
    pub path: PathBuf,
}

/// A disk with a [`Plan`]. Clones share its progress.
#[derive(Clone, Debug)]
pub struct FaultyDisk {
    disk: Arc<dyn Disk>,
    script: Arc<Script>,
}

impl FaultyDisk {
    /// Puts a plan in front of a disk.
    pub fn new(disk: impl Disk + 'static, plan: Plan) -> Self {
        let left = if let Plan::Budget(bytes) = plan { bytes } else { u64::MAX };
        let progress = Progress { steps: Vec::new(), left, dead: false };
        Self { disk: Arc::new(disk), script: Arc::new(Script { plan, progress: Mutex::new(progress), meddler: None }) }
    }

    /// A disk on which somebody else does something just before that step.
    pub fn meddled(disk: impl Disk + 'static, step: usize, action: impl Fn() + Send + Sync + 'static) -> Self {
        let progress = Progress { steps: Vec::new(), left: u64::MAX, dead: false };
        let meddler = Some(Meddler { step, action: Box::new(action) });
        let script = Script { plan: Plan::Nothing, progress: Mutex::new(progress), meddler };
        Self { disk: Arc::new(disk), script: Arc::new(script) }
    }

    /// The steps attempted so far, failed ones included; none after death.
    pub fn steps(&self) -> Vec<Step> {
        self.script.progress().steps.clone()
    }

    /// Whether [`Plan::DieAt`] has struck.
    pub fn is_dead(&self) -> bool {
        self.script.progress().dead
    }

    fn step(&self, name: &'static str, path: &Path) -> io::Result<()> {
        self.script.step(name, path)
    }

    fn watch(&self, path: &Path, len: u64, file: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        Box::new(FaultyFile { file, path: path.to_owned(), len, script: Arc::clone(&self.script) })
    }

    /// Serves the budget only, so it is not a step.
    fn len(&self, path: &Path) -> u64 {
        self.disk.stat(path).map_or(0, |stat| stat.len)
    }
}

/// Whether an error says that [`Plan::DieAt`] has struck.
pub fn is_death(error: &io::Error) -> bool {
    died(error).is_some()
}

/// Methods that are a step, and then the disk's own.
macro_rules! steps {
    ($($name:ident($path:ident $(, $argument:ident: $type:ty)*) -> $answer:ty;)+) => {
        $(fn $name(&self, $path: &Path $(, $argument: $type)*) -> io::Result<$answer> {
            self.step(stringify!($name), $path)?;
            self.disk.$name($path $(, $argument)*)
        })+
    };
}

impl Disk for FaultyDisk {
    steps! {
        lstat(path) -> Stat;
        stat(path) -> Stat;
        read(path, max_len: usize) -> Vec<u8>;
        read_unlinked(path, max_len: usize) -> (Stat, Vec<u8>);
        resolve(path) -> PathBuf;
        list(folder) -> Vec<OsString>;
        sync_folder(folder) -> ();
        make_folder(folder, mode: u32) -> ();
        set_folder_owner(folder, uid: u32, gid: u32) -> ();
        check_access(path, write: bool) -> ();
        access(path) -> Option<Access>;
        touch(path) -> ();
    }

    fn user(&self) -> Option<u32> {
        self.disk.user()
    }

    fn create_private(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.step("create_private", path)?;
        Ok(self.watch(path, 0, self.disk.create_private(path)?))
    }

    fn create_claim(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.step("create_claim", path)?;
        Ok(self.watch(path, 0, self.disk.create_claim(path)?))
    }

    fn open_for_update(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.step("open_for_update", path)?;
        Ok(self.watch(path, self.len(path), self.disk.open_for_update(path)?))
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn DiskFile>>> {
        self.step("try_lock", path)?;
        let file = self.disk.try_lock(path)?;
        Ok(file.map(|file| self.watch(path, self.len(path), file)))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step("remove", path)?;
        let removed = self.len(path);
        self.disk.remove(path)?;
        self.script.give_back(removed);
        Ok(())
    }

    fn exchange(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("exchange", to)?;
        self.disk.exchange(from, to)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename", to)?;
        let replaced = self.len(to);
        self.disk.rename(from, to)?;
        self.script.give_back(replaced);
        Ok(())
    }
}

#[derive(Debug)]
struct FaultyFile {
    file: Box<dyn DiskFile>,
    path: PathBuf,
    len: u64,
    script: Arc<Script>,
}

impl FaultyFile {
    fn step(&self, name: &'static str) -> io::Result<()> {
        self.script.step(name, &self.path)
    }
}

impl DiskFile for FaultyFile {
    fn stat(&self) -> io::Result<Stat> {
        self.step("stat")?;
        self.file.stat()
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.step("write_at") {
            if Script::tears(&error) {
                self.file.write_at(offset, &bytes[..bytes.len() / 2])?;
            }
            return Err(error);
        }
        let end = offset + bytes.len() as u64;
        let wanted = end.saturating_sub(self.len);
        let granted = self.script.take(wanted);
        let fits = bytes.len().saturating_sub(usize::try_from(wanted - granted).unwrap_or(usize::MAX));
        self.file.write_at(offset, &bytes[..fits])?;
        self.len += granted;
        if granted < wanted { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        self.step("set_len")?;
        self.file.set_len(len)?;
        // Lengthening a file this way makes a hole, which takes no space.
        self.script.give_back(self.len.saturating_sub(len));
        self.len = len;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.step("sync")?;
        self.file.sync()
    }

    fn set_owner(&mut self, uid: u32, gid: u32) -> io::Result<()> {
        self.step("set_owner")?;
        self.file.set_owner(uid, gid)
    }

    fn set_mode(&mut self, mode: u32) -> io::Result<()> {
        self.step("set_mode")?;
        self.file.set_mode(mode)
    }

    fn copy_extended_attributes(&mut self, from: &Path) -> io::Result<()> {
        self.step("copy_extended_attributes")?;
        self.file.copy_extended_attributes(from)
    }
}

#[derive(Debug)]
struct Script {
    plan: Plan,
    progress: Mutex<Progress>,
    meddler: Option<Meddler>,
}

/// What somebody else does, and before which step.
struct Meddler {
    step: usize,
    action: Box<dyn Fn() + Send + Sync>,
}

impl fmt::Debug for Meddler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "somebody before step {}", self.step)
    }
}

#[derive(Debug)]
struct Progress {
    steps: Vec<Step>,
    left: u64,
    dead: bool,
}

impl Script {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self, name: &'static str, path: &Path) -> io::Result<()> {
        let mut progress = self.progress();
        if progress.dead {
            return Err(io::Error::other(Died { torn: false }));
        }
        let number = progress.steps.len();
        progress.steps.push(Step { name, path: path.to_owned() });
        if let Some(meddler) = self.meddler.as_ref().filter(|meddler| meddler.step == number) {
            // It may hang, which must not stop the steps of other threads.
            drop(progress);
            (meddler.action)();
            progress = self.progress();
        }
        match &self.plan {
            Plan::DieAt { step, torn } if number >= *step => {
                progress.dead = true;
                Err(io::Error::other(Died { torn: *torn }))
            }
            Plan::FailOnce { step, kind } if number == *step => Err((*kind).into()),
            Plan::FailEvery { name: failing, path: on, kind }
                if (name == *failing || (name, *failing) == ("exchange", "rename"))
                    && on.as_deref().is_none_or(|on| on == path || path.parent() == Some(on)) =>
            {
                Err((*kind).into())
            }
            _ => Ok(()),
        }
    }

    /// Whether the step with this error is one that a dying process does by half.
    fn tears(error: &io::Error) -> bool {
        died(error).is_some_and(|died| died.torn)
    }

    fn take(&self, wanted: u64) -> u64 {
        let mut progress = self.progress();
        let granted = wanted.min(progress.left);
        progress.left -= granted;
        granted
    }

    fn give_back(&self, bytes: u64) {
        let mut progress = self.progress();
        progress.left = progress.left.saturating_add(bytes);
    }
}

#[derive(Debug)]
struct Died {
    torn: bool,
}

fn died(error: &io::Error) -> Option<&Died> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

impl std::error::Error for Died {}

impl fmt::Display for Died {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the process was killed here, as the test planned")
    }
}
