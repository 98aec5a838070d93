//! Removes everlit's jobs and nothing else.

use std::path::Path;

use crate::action::carry_out;
use crate::registry::installers;
use crate::{Action, InstalledJob, Machine, ScheduleError, UnmanagedJob, User};

/// What to remove, and how.
#[derive(Clone, Copy, Debug)]
pub struct RemoveOptions {
    /// The jobs of folders that no longer exist, in place of the folder's own.
    pub gone: bool,
    /// Also jobs that were edited by hand.
    pub force: bool,
    /// Only plan.
    pub dry_run: bool,
}

/// What was removed, or would be.
#[derive(Debug, Default)]
pub struct Removal {
    /// The jobs.
    pub removed: Vec<InstalledJob>,
    /// What removing them takes.
    pub actions: Vec<Action>,
    /// Jobs for the folder that everlit did not install, and that stay.
    pub unmanaged: Vec<UnmanagedJob>,
    /// The schedulers that could not be read, and why.
    pub unreadable: Vec<String>,
}

/// Removes the jobs of a folder, or those of folders that are gone, from all schedulers.
pub fn remove(machine: Machine<'_>, folder: &Path, options: RemoveOptions) -> Result<Removal, ScheduleError> {
    let folder = machine.resolved(folder);
    let user = User::of_folder(machine, &folder)?;
    let is_obsolete = |job: &InstalledJob| if options.gone { job.is_gone(machine.disk) } else { job.is_of(&folder) };
    let mut removal = Removal::default();
    for installer in installers(machine, &user) {
        let jobs = match installer.installed() {
            Ok(jobs) => jobs,
            Err(error) => {
                removal.unreadable.push(format!("{}: {error}", installer.place()));
                continue;
            }
        };
        if !options.gone {
            removal.unmanaged.extend(installer.unmanaged(&folder));
        }
        let jobs: Vec<InstalledJob> = jobs.into_iter().filter(is_obsolete).collect();
        if jobs.is_empty() {
            continue;
        }
        if let Some(edited) = jobs.iter().find(|job| job.edited && !options.force) {
            return Err(ScheduleError::Edited { place: edited.place.clone(), command: "remove" });
        }
        let actions = installer.remove(&jobs.iter().collect::<Vec<_>>())?;
        if !options.dry_run {
            carry_out(machine, &actions)?;
            if installer.installed()?.iter().any(|left| jobs.iter().any(|job| job.label == left.label)) {
                return Err(ScheduleError::Undone { place: installer.place(), command: "remove" });
            }
        }
        removal.actions.extend(actions);
        removal.removed.extend(jobs);
    }
    Ok(removal)
}
