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
    /// A job of Google Cloud Run, started by Cloud Scheduler.
    CloudRun,
    /// A scheduled job of Azure Container Apps.
    Azure,
    /// A function of AWS Lambda, invoked by `EventBridge` Scheduler.
    AwsLambda,
    /// A cron job of Vercel that calls everlit elsewhere.
    Vercel,
    /// A scheduled function of Netlify that calls everlit elsewhere.
    Netlify,
    /// A Worker of Cloudflare that calls everlit elsewhere.
    Cloudflare,
    /// A service of systemd that serves a vault.
    SystemdService,
    /// A Docker Compose project that serves a vault in a PostgreSQL of its own.
    ComposeService,
    /// Workers in Kubernetes that serve a vault.
    KubernetesService,
}

impl Scheduler {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 18] = [
        Self::Cron,
        Self::SystemdSystem,
        Self::SystemdUser,
        Self::Launchd,
        Self::Windows,
        Self::GitHubActions,
        Self::GitLabCi,
        Self::Compose,
        Self::Kubernetes,
        Self::CloudRun,
        Self::Azure,
        Self::AwsLambda,
        Self::Vercel,
        Self::Netlify,
        Self::Cloudflare,
        Self::SystemdService,
        Self::ComposeService,
        Self::KubernetesService,
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
            Self::CloudRun => "cloud-run",
            Self::Azure => "azure",
            Self::AwsLambda => "aws-lambda",
            Self::Vercel => "vercel",
            Self::Netlify => "netlify",
            Self::Cloudflare => "cloudflare",
            Self::SystemdService => "systemd-service",
            Self::ComposeService => "compose-service",
            Self::KubernetesService => "kubernetes-service",
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
            Scheduler::CloudRun => 9,
            Scheduler::Azure => 10,
            Scheduler::AwsLambda => 11,
            Scheduler::Vercel => 12,
            Scheduler::Netlify => 13,
            Scheduler::Cloudflare => 14,
            Scheduler::SystemdService => 15,
            Scheduler::ComposeService => 16,
            Scheduler::KubernetesService => 17,
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
