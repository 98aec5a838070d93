//! The schedulers that everlit knows, by name.

use std::fmt;

/// A program that can run a job once a day.
///
/// The registry says what everlit can do with each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheduler {
    /// A block in a crontab.
    Cron,
    /// A system service and its timer, run as one user.
    SystemdSystem,
    /// A service and a timer of a user's own service manager.
    SystemdUser,
    /// A launch agent of macOS.
    Launchd,
    /// A task of the Windows Task Scheduler.
    Windows,
    /// A workflow for a self-hosted runner on the machine that has the project folder.
    GitHubActions,
    /// A job for a runner on the machine that has the project folder.
    GitLabCi,
    /// A Docker Compose service that keeps running and needs no scheduler.
    Compose,
    /// A `CronJob`.
    Kubernetes,
}

impl Scheduler {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Cron,
        Self::SystemdSystem,
        Self::SystemdUser,
        Self::Launchd,
        Self::Windows,
        Self::GitHubActions,
        Self::GitLabCi,
        Self::Compose,
        Self::Kubernetes,
    ];

    /// The name on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cron => "cron",
            Self::SystemdSystem => "systemd",
            Self::SystemdUser => "systemd-user",
            Self::Launchd => "launchd",
            Self::Windows => "windows",
            Self::GitHubActions => "github-actions",
            Self::GitLabCi => "gitlab-ci",
            Self::Compose => "compose",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// The scheduler of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheduler| scheduler.name() == name)
    }
}

impl fmt::Display for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Scheduler;

    /// A new variant does not compile here before it has a place in the list.
    fn place(scheduler: Scheduler) -> usize {
        match scheduler {
            Scheduler::Cron => 0,
            Scheduler::SystemdSystem => 1,
            Scheduler::SystemdUser => 2,
            Scheduler::Launchd => 3,
            Scheduler::Windows => 4,
            Scheduler::GitHubActions => 5,
            Scheduler::GitLabCi => 6,
            Scheduler::Compose => 7,
            Scheduler::Kubernetes => 8,
        }
    }

    #[test]
    fn every_scheduler_is_listed_under_a_name_of_its_own() {
        for (index, scheduler) in Scheduler::ALL.into_iter().enumerate() {
            assert_eq!(place(scheduler), index);
            assert_eq!(Scheduler::from_name(scheduler.name()), Some(scheduler));
        }
    }
}
