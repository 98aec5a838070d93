//! Installs a job: chooses a scheduler, plans the actions, carries them out, and reads back what is there.

use std::ffi::OsStr;
use std::path::Path;

use everlit_meta_api::Timestamp;

use crate::action::carry_out;
use crate::registry::{candidates, installers};
use crate::{Action, InstalledJob, Installer, Job, Machine, ScheduleError, Scheduler, User};

/// Chooses a scheduler: the one that was asked for, else the one that already has the job, else the best usable one.
pub fn choose<'a>(
    machine: Machine<'a>,
    user: &User,
    wanted: Option<Scheduler>,
    job: &Job,
) -> Result<Box<dyn Installer + 'a>, ScheduleError> {
    if let Some(scheduler) = wanted {
        let installer = scheduler.installer(machine, user).ok_or(ScheduleError::NotInstallable(scheduler))?;
        installer.check_usable()?;
        return Ok(installer);
    }
    let mut reasons = Vec::new();
    let mut usable = Vec::new();
    for installer in candidates(machine, user) {
        match installer.check_usable() {
            Ok(()) => usable.push(installer),
            Err(reason) => reasons.push(reason),
        }
    }
    let has_it = |jobs: Vec<InstalledJob>| jobs.iter().any(|found| found.label == job.label());
    let index = usable.iter().position(|installer| installer.installed().is_ok_and(has_it)).unwrap_or_default();
    if index < usable.len() { Ok(usable.swap_remove(index)) } else { Err(ScheduleError::NoScheduler(reasons)) }
}

/// What installing a job changes.
#[allow(missing_debug_implementations, reason = "schedulers are not Debug")]
pub struct Plan<'a> {
    installer: &'a dyn Installer,
    job: &'a Job,
    machine: Machine<'a>,
    /// The actions that install the job.
    pub actions: Vec<Action>,
    /// The same job in other schedulers, which is removed at the end.
    elsewhere: Vec<(Box<dyn Installer + 'a>, InstalledJob)>,
    /// The jobs that the new one replaces.
    replaced: Vec<InstalledJob>,
    /// What it amounts to.
    pub change: Change,
}

/// What installing amounts to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// The job is new.
    Installed,
    /// The job replaces another.
    Updated,
    /// The very same job is already there and works.
    Unchanged,
}

impl<'a> Plan<'a> {
    /// Plans the installation and changes nothing. An edited job is replaced only by `force`.
    pub fn new(
        machine: Machine<'a>,
        user: &User,
        installer: &'a dyn Installer,
        job: &'a Job,
        force: bool,
        now: Timestamp,
    ) -> Result<Self, ScheduleError> {
        let replaced: Vec<InstalledJob> =
            installer.installed()?.into_iter().filter(|found| is_replaced(found, job, machine)).collect();
        let mut elsewhere = Vec::new();
        for other in installers(machine, user).into_iter().filter(|other| other.scheduler() != installer.scheduler()) {
            // The survey after the installation reports schedulers that cannot be read.
            let found = other.installed().unwrap_or_default().into_iter().find(|found| found.label == job.label());
            elsewhere.extend(found.map(|found| (other, found)));
        }
        let edited = replaced.iter().chain(elsewhere.iter().map(|(_, found)| found)).find(|found| found.edited);
        if let Some(found) = edited.filter(|_| !force) {
            return Err(ScheduleError::Edited { place: found.place.clone(), command: "install" });
        }
        let content = installer.content(job)?;
        let is_same = |found: &InstalledJob| found.content == content && installer.status(found, now).works();
        let change = match replaced.as_slice() {
            [] if elsewhere.is_empty() => Change::Installed,
            [one] if is_same(one) && elsewhere.is_empty() => Change::Unchanged,
            _ => Change::Updated,
        };
        let actions = match change {
            Change::Unchanged => Vec::new(),
            _ => installer.install(job, &replaced.iter().filter(|old| old.label != job.label()).collect::<Vec<_>>())?,
        };
        Ok(Self { installer, job, machine, actions, elsewhere, replaced, change })
    }

    /// Installs the job, removes it from other schedulers, and returns what is there now.
    pub fn carry_out(&self) -> Result<InstalledJob, ScheduleError> {
        carry_out(self.machine, &self.actions)?;
        let content = self.installer.content(self.job)?;
        let is_new = |found: &InstalledJob| found.label == self.job.label() && found.content == content;
        let installed = self.installer.installed()?.into_iter().find(is_new);
        let installed =
            installed.ok_or_else(|| ScheduleError::Undone { place: self.installer.place(), command: "install" })?;
        for (other, found) in &self.elsewhere {
            carry_out(self.machine, &other.remove(&[found])?)?;
        }
        Ok(installed)
    }

    /// What else a person should know about the change.
    pub fn notes(&self) -> Vec<String> {
        let moved = self.replaced.iter().filter(|old| old.label != self.job.label());
        let moved =
            moved.map(|old| format!("replaces {}, whose folder {} no longer exists", old.label, old.shown_folder()));
        let switched = self.elsewhere.iter().map(|(_, found)| format!("removed the same job from {}", found.place));
        moved.chain(switched).collect()
    }
}

/// Whether the job replaces another: its own older version, or that of a folder of the same name that was moved.
fn is_replaced(found: &InstalledJob, job: &Job, machine: Machine<'_>) -> bool {
    let name = |folder: &Path| folder.file_name().map(OsStr::to_owned);
    let is_moved = || {
        let old = found.folder.as_deref().and_then(name);
        old.is_some() && old == name(Path::new(job.folder())) && found.is_gone(machine.disk)
    };
    found.label == job.label() || is_moved()
}
