//! The machine, and the user that a job runs as.

use std::path::{Path, PathBuf};
use std::time::Duration;

use everlit_disk::Disk;
use everlit_host::{Ended, Environment, NotRun, Programs, user_id};

use crate::ScheduleError;

/// The machine: its environment, its files and its programs.
#[derive(Clone, Copy, Debug)]
pub struct Machine<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) disk: &'a dyn Disk,
    pub(crate) programs: Programs<'a>,
}

/// Longer than a run over many accounts takes while Meta is slow.
pub(crate) const TEST_RUN_DEADLINE: Duration = Duration::from_secs(10 * 60);

impl<'a> Machine<'a> {
    /// The machine with this environment and these files.
    pub fn new(environment: &'a Environment, disk: &'a dyn Disk) -> Self {
        Self { environment, disk, programs: Programs::new(environment) }
    }

    /// Runs a program that must be there, however it ends.
    pub(crate) fn run(self, argv: &[&str]) -> Result<Ended, ScheduleError> {
        self.programs.ask(argv).map_err(|error| ScheduleError::not_run(argv, error))
    }

    /// Runs a program; `None` if it is not installed.
    pub(crate) fn run_if_installed(self, argv: &[&str]) -> Result<Option<Ended>, ScheduleError> {
        match self.programs.ask(argv) {
            Ok(ended) => Ok(Some(ended)),
            Err(NotRun::Absent) => Ok(None),
            Err(error) => Err(ScheduleError::not_run(argv, error)),
        }
    }

    /// The folder without symbolic links, if it exists.
    pub fn resolved(self, folder: &Path) -> PathBuf {
        self.disk.resolve(folder).unwrap_or_else(|_| folder.to_owned())
    }
}

/// The last lines of a program's output, for a person.
pub(crate) fn last_lines(ended: &Ended) -> String {
    let all = format!("{}\n{}", ended.text(), ended.stderr);
    let lines: Vec<&str> = all.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    everlit_meta_api::redact(&lines[lines.len().saturating_sub(4)..].join("; "))
}

/// The user that a job runs as: the folder's owner if root asks, else whoever asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct User {
    pub(crate) uid: Option<u32>,
    pub(crate) name: String,
    pub(crate) home: Option<PathBuf>,
    /// Whether it is somebody else than the user who asks.
    pub(crate) is_other: bool,
}

impl User {
    /// The user for a project folder. Root installs a job of the owner's, who could not write files that root leaves.
    pub fn of_folder(machine: Machine<'_>, folder: &Path) -> Result<Self, ScheduleError> {
        let variable = |name| machine.environment.variable(name);
        let home = || variable("HOME").or_else(|| variable("USERPROFILE")).map(PathBuf::from);
        let owner = machine.disk.stat(folder).ok().map(|stat| stat.uid);
        let (Some(own), Some(owner)) = (user_id(), owner) else {
            let name = variable("USERNAME").unwrap_or("this user").to_owned();
            return Ok(Self { uid: None, name, home: home(), is_other: false });
        };
        if own != 0 || owner == 0 {
            return Ok(Self { uid: Some(own), name: name_of(machine, own)?, home: home(), is_other: false });
        }
        let name = name_of(machine, owner)?;
        Ok(Self { uid: Some(owner), home: home_of(machine, &name), name, is_other: true })
    }

    /// The owner of a project folder; `None` if that cannot be determined.
    pub fn owner_of(machine: Machine<'_>, folder: &Path) -> Option<Self> {
        let (own, owner) = (user_id()?, machine.disk.stat(folder).ok()?.uid);
        let name = name_of(machine, owner).ok()?;
        Some(Self { uid: Some(owner), home: home_of(machine, &name), name, is_other: own != owner })
    }

    /// The user's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is somebody else than the user who asks.
    pub fn is_other(&self) -> bool {
        self.is_other
    }

    /// The home directory, or `/`.
    pub(crate) fn home_or_root(&self) -> PathBuf {
        self.home.clone().unwrap_or_else(|| PathBuf::from("/"))
    }
}

fn name_of(machine: Machine<'_>, uid: u32) -> Result<String, ScheduleError> {
    let ended = machine.run(&["id", "-nu", &uid.to_string()])?;
    let name = ended.text().trim().to_owned();
    if ended.well() && !name.is_empty() { Ok(name) } else { Err(ScheduleError::UnknownUser { uid }) }
}

fn home_of(machine: Machine<'_>, name: &str) -> Option<PathBuf> {
    let ended = machine.programs.ask(&["getent", "passwd", name]).ok()?;
    ended.text().trim().split(':').nth(5).filter(|home| home.starts_with('/')).map(PathBuf::from)
}
