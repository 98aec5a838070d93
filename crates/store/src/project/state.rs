//! The state folder itself: how it is made, and whether runs can use what is in it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use everlit_disk::{
    Disk, Kind, ReplaceError, ReplaceOptions, check_private_file, check_private_folder, create_private_folder, replace,
    uninterrupted,
};

use crate::project::files::{AccountFiles, StateFolder};

impl StateFolder {
    /// Creates the folder (mode 0700) with its `.gitignore`, unless it is there.
    ///
    /// If root creates it, it belongs to the owner of the folder it is in.
    ///
    /// # Errors
    /// The system's answer; `InvalidInput` where there is a symbolic link, a file or another user's folder.
    pub fn create(&self, disk: &dyn Disk) -> io::Result<()> {
        create_private_folder(disk, self.path())?;
        create_private_folder(disk, &self.recovery())?;
        let gitignore = self.gitignore();
        match uninterrupted(|| disk.lstat(&gitignore)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // Whatever a person has made of it stays.
            found => return found.map(drop),
        }
        match replace(disk, &gitignore, b"*\n", &ReplaceOptions::private()) {
            // It is there; only a power cut within the next moments could undo it.
            Ok(()) | Err(ReplaceError::NotDurable { .. }) => Ok(()),
            Err(error) => {
                let kind = error.kind().unwrap_or(io::ErrorKind::Other);
                let text = if let ReplaceError::Failed { os, .. } = error { os } else { error.to_string() };
                Err(io::Error::new(kind, text))
            }
        }
    }

    /// Whether the folder is there with its `.gitignore`.
    pub fn is_ready(&self, disk: &dyn Disk) -> bool {
        self.exists(disk).is_ok_and(|exists| exists) && uninterrupted(|| disk.lstat(&self.gitignore())).is_ok()
    }

    /// A private file that could be written where runs write theirs, for `doctor` to try: in this folder, or, while that
    /// does not exist, beside it.
    pub fn probe(&self, disk: &dyn Disk) -> PathBuf {
        match (self.exists(disk), self.path().parent()) {
            (Ok(false), Some(folder)) => folder.join(".env.everlit-doctor.local"),
            _ => self.path().join("doctor"),
        }
    }

    /// Whether the folder exists; an error where something else, or another user's folder, is in its place.
    pub(crate) fn exists(&self, disk: &dyn Disk) -> io::Result<bool> {
        match check_private_folder(disk, self.path()) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
            checked => checked.map(|_| true),
        }
    }
}

/// A state file or folder that runs cannot use.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnusableState {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: StateProblem,
}

/// What is wrong with a state file or folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum StateProblem {
    /// It cannot be opened, or not be written to, by this user.
    Denied,
    /// It is root's in another user's folder, so the owner's runs cannot open it.
    Roots {
        /// The owner of the folder it is in.
        owner: u32,
    },
    /// It is not what everlit put there: a link, a folder in the place of a file, another user's.
    Planted(String),
}

impl fmt::Display for UnusableState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.problem {
            StateProblem::Denied => write!(f, "this user cannot open and change `{path}`, which every refresh needs"),
            StateProblem::Roots { owner } => {
                write!(f, "`{path}` belongs to root, so runs of the folder's owner (user {owner}) cannot use it")
            }
            StateProblem::Planted(why) => write!(f, "`{path}` cannot be used: {why}"),
        }
    }
}

/// The first of an account's state files and folders that a run by this user cannot use.
pub(crate) fn unusable(disk: &dyn Disk, home: &AccountFiles) -> Option<UnusableState> {
    let (folder, recovery) = (home.state.path().to_owned(), home.state.recovery());
    if uninterrupted(|| disk.lstat(&folder)).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return None;
    }
    let tokens = [home.candidate(), home.previous(), home.refused()];
    let notes =
        [home.lock(), home.deliveries_lock(), home.alerts(), home.record(), home.env_lock(), home.env_recovery()];
    let files = notes.into_iter().chain(tokens);
    let places = [(folder, Kind::Folder), (recovery, Kind::Folder)].into_iter();
    let mut places = places.chain(files.map(|file| (file, Kind::File)));
    places.find_map(|(path, kind)| problem_of(disk, &path, kind).map(|problem| UnusableState { path, problem }))
}

fn problem_of(disk: &dyn Disk, path: &Path, kind: Kind) -> Option<StateProblem> {
    const ROOT: u32 = 0;
    let stat = uninterrupted(|| disk.lstat(path)).ok()?;
    let checked = match kind {
        Kind::Folder => check_private_folder(disk, path).map(drop),
        _ => check_private_file(disk, path, &stat),
    };
    if let Err(error) = checked
        && error.kind() == io::ErrorKind::InvalidInput
    {
        return Some(StateProblem::Planted(error.to_string()));
    }
    // Of a relative path without a folder there is nothing to say: the program's are absolute.
    let folder = path.parent()?;
    let owner = uninterrupted(|| disk.stat(folder)).ok()?.uid;
    let user = disk.user()?;
    if stat.uid == ROOT && owner != ROOT {
        return Some(StateProblem::Roots { owner });
    }
    let is_denied = |error: io::Error| error.kind() == io::ErrorKind::PermissionDenied;
    let may_be_another_users_run = stat.uid == owner && stat.uid != user;
    let is_unusable = uninterrupted(|| disk.check_access(path, kind == Kind::Folder)).is_err_and(is_denied);
    (is_unusable && !may_be_another_users_run).then_some(StateProblem::Denied)
}
