//! The schedulers, by name.

use std::fmt;

use crate::{GeneratedFile, Job, JobError, compose, cron, github, gitlab, kubernetes, launchd, systemd, windows};

/// What can run a job once a day.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheduler {
    /// A block for a crontab.
    Cron,
    /// A service and a timer of the whole machine, run as one user.
    SystemdSystem,
    /// A service and a timer of a user's own.
    SystemdUser,
    /// A launch agent of macOS.
    Launchd,
    /// A task of the Windows Task Scheduler.
    Windows,
    /// A workflow for a runner on the machine that has the project folder.
    GitHubActions,
    /// A job for a runner on the machine that has the project folder.
    GitLabCi,
    /// A service of Docker Compose that stays and looks for itself.
    Compose,
    /// A `CronJob`.
    Kubernetes,
}

impl Scheduler {
    /// In the order in which they are shown.
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

    /// As on the command line.
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

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheduler| scheduler.name() == name)
    }

    /// The files for the job, in the order in which they are read: what is run, then when.
    pub fn render(self, job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
        match self {
            Self::Cron => cron::render(job),
            Self::SystemdSystem => systemd::system(job),
            Self::SystemdUser => systemd::user(job),
            Self::Launchd => Ok(launchd::render(job)),
            Self::Windows => windows::render(job),
            Self::GitHubActions => github::render(job),
            Self::GitLabCi => Ok(gitlab::render(job)),
            Self::Compose => compose::render(job),
            Self::Kubernetes => kubernetes::render(job),
        }
    }

    /// What to do with the files, for a person.
    pub fn next_step(self, job: &Job) -> String {
        let label = job.label();
        match self {
            Self::Cron => "crontab -e, and the block into it".to_owned(),
            Self::SystemdSystem => format!(
                "both files into /etc/systemd/system, then: systemctl daemon-reload && systemctl enable --now {label}.timer (as root)"
            ),
            Self::SystemdUser => format!(
                "both files into ~/.config/systemd/user, then: systemctl --user daemon-reload && systemctl --user enable --now {label}.timer && loginctl enable-linger"
            ),
            Self::Launchd => format!(
                "the file into ~/Library/LaunchAgents, then: launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/{label}.plist"
            ),
            Self::Windows => format!("schtasks /create /tn {label} /xml {label}.xml"),
            Self::GitHubActions => format!(
                "the file as .github/workflows/{label}.yml into the default branch, then once by hand: gh workflow run {label}.yml"
            ),
            Self::GitLabCi => "the job into .gitlab-ci.yml, and the schedule that its first lines name".to_owned(),
            Self::Compose => format!("docker compose --file {label}.compose.yaml up --detach"),
            Self::Kubernetes => {
                format!("the volume that its first lines name, then: kubectl apply --filename {label}.yaml")
            }
        }
    }
}

impl fmt::Display for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
