//! The table of schedulers: what is written for each, and how it is installed.

use everlit_host::user_id;
use everlit_keeper::Step;

use crate::cron::install::Cron;
use crate::launchd::install::Launchd;
use crate::systemd::install::Systemd;
use crate::windows::install::Windows;
use crate::{
    GeneratedFile, Installer, Job, JobError, Machine, Scheduler, User, compose, cron, github, gitlab, kubernetes,
    launchd, systemd, windows,
};

type Render = fn(&Job) -> Result<Vec<GeneratedFile>, JobError>;
type NextStep = fn(label: &str) -> Step;
type NewInstaller = for<'a> fn(Machine<'a>, &User) -> Box<dyn Installer + 'a>;

/// What everlit can do with a scheduler.
struct Entry {
    scheduler: Scheduler,
    /// Renders the files.
    render: Render,
    /// What to do with the files by hand.
    next_step: NextStep,
    /// `None` if everlit only prints the files.
    installer: Option<NewInstaller>,
}

const REGISTRY: [Entry; 9] = [
    entry(Scheduler::Cron, cron::render::render, cron::render::next_step, Some(|m, u| Box::new(Cron::new(m, u)))),
    entry(
        Scheduler::SystemdSystem,
        systemd::render::system,
        systemd::render::system_next_step,
        Some(|m, u| Box::new(Systemd::of_system(m, u))),
    ),
    entry(
        Scheduler::SystemdUser,
        systemd::render::user,
        systemd::render::user_next_step,
        Some(|m, u| Box::new(Systemd::of_user(m, u))),
    ),
    entry(
        Scheduler::Launchd,
        launchd::render::render,
        launchd::render::next_step,
        Some(|m, u| Box::new(Launchd::new(m, u))),
    ),
    entry(
        Scheduler::Windows,
        windows::render::render,
        windows::render::next_step,
        Some(|m, u| Box::new(Windows::new(m, u))),
    ),
    entry(Scheduler::GitHubActions, github::render::render, github::render::next_step, None),
    entry(Scheduler::GitLabCi, gitlab::render, gitlab::next_step, None),
    entry(Scheduler::Compose, compose::render, compose::next_step, None),
    entry(Scheduler::Kubernetes, kubernetes::render::render, kubernetes::render::next_step, None),
];

const fn entry(scheduler: Scheduler, render: Render, next_step: NextStep, installer: Option<NewInstaller>) -> Entry {
    Entry { scheduler, render, next_step, installer }
}

impl Scheduler {
    fn entry(self) -> &'static Entry {
        // Every scheduler has an entry: a test looks each of them up.
        REGISTRY.iter().find(|entry| entry.scheduler == self).unwrap_or(&REGISTRY[0])
    }

    /// Renders the files for a job in the order in which a person reads them: what runs, then when.
    pub fn render(self, job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
        (self.entry().render)(job)
    }

    /// What a person does with the files of a job of this label.
    pub fn next_step(self, label: &str) -> Step {
        (self.entry().next_step)(label)
    }

    /// Whether everlit can install jobs into it.
    pub fn is_installable(self) -> bool {
        self.entry().installer.is_some()
    }

    /// The scheduler of this machine, whether or not it is usable; `None` if everlit only prints files for it.
    pub(crate) fn installer<'a>(self, machine: Machine<'a>, user: &User) -> Option<Box<dyn Installer + 'a>> {
        self.entry().installer.map(|new| new(machine, user))
    }
}

/// Every scheduler that may hold jobs of a user's.
pub(crate) fn installers<'a>(machine: Machine<'a>, user: &User) -> Vec<Box<dyn Installer + 'a>> {
    Scheduler::ALL.into_iter().filter_map(|scheduler| scheduler.installer(machine, user)).collect()
}

/// The schedulers to choose from for a new job, the best one first.
pub(crate) fn candidates<'a>(machine: Machine<'a>, user: &User) -> Vec<Box<dyn Installer + 'a>> {
    let candidates: &[Scheduler] = match std::env::consts::OS {
        "macos" => &[Scheduler::Launchd, Scheduler::Cron],
        "windows" => &[Scheduler::Windows],
        "linux" if user_id() == Some(0) => &[Scheduler::SystemdSystem, Scheduler::Cron],
        "linux" => &[Scheduler::SystemdUser, Scheduler::Cron],
        _ => &[Scheduler::Cron],
    };
    candidates.iter().filter_map(|scheduler| scheduler.installer(machine, user)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scheduler_has_an_entry() {
        assert_eq!(REGISTRY.map(|entry| entry.scheduler), Scheduler::ALL);
    }
}
