//! What is written for each scheduler, what a person does with it, and how everlit installs it.

use std::path::Path;

use everlit_host::shell::quoted;
use everlit_host::user_id;
use everlit_keeper::Step;

use crate::cron::install::Cron;
use crate::launchd::install::Launchd;
use crate::systemd::install::Systemd;
use crate::windows::install::Windows;
use crate::{
    GeneratedFile, Installer, Job, JobError, Machine, Scheduler, User, aws_lambda, azure, cloud_run, cloudflare,
    compose, cron, github, gitlab, hosted, kubernetes, launchd, netlify, service, systemd, vercel, windows,
};

type NewInstaller = for<'a> fn(Machine<'a>, User) -> Box<dyn Installer + 'a>;

impl Scheduler {
    /// Renders the files for a job in the order in which a person reads them: what runs, then when.
    pub fn render(self, job: &Job) -> Result<Vec<GeneratedFile>, JobError> {
        match self {
            Self::Cron | Self::SystemdSystem | Self::SystemdUser | Self::Launchd if job.is_of_windows() => {
                Err(JobError::WindowsPath(self))
            }
            Self::Cron => cron::render::render(job),
            Self::SystemdSystem => systemd::render::system(job),
            Self::SystemdUser => systemd::render::user(job),
            Self::Launchd => Ok(vec![launchd::render::property_list(job)]),
            Self::Windows => windows::render::render(job),
            Self::GitHubActions => match &job.hosted {
                Some(machine) => Ok(vec![hosted::github(job, machine)]),
                None => github::render::render(job),
            },
            Self::GitLabCi => Ok(vec![match &job.hosted {
                Some(machine) => hosted::gitlab(job, machine),
                None => gitlab::render(job),
            }]),
            Self::Compose => compose::render(job),
            Self::Kubernetes => kubernetes::render::render(job),
            Self::CloudRun => cloud_run::render(job),
            Self::Azure => azure::render::render(job),
            Self::AwsLambda => aws_lambda::render(job),
            Self::Vercel => Ok(vercel::render(job)),
            Self::Netlify => Ok(netlify::render(job)),
            Self::Cloudflare => Ok(cloudflare::render(job)),
            Self::SystemdService => Ok(vec![service::systemd(job)]),
            Self::ComposeService => Ok(vec![service::compose()]),
            Self::KubernetesService => Ok(vec![service::kubernetes()]),
        }
    }

    /// What a person does with the files of a job, which are in `folder` if they have been written.
    pub fn next_step(self, job: &Job, folder: Option<&Path>) -> Step {
        let label = job.label();
        let file = |name: String| {
            let path = folder.map_or_else(|| name.clone().into(), |folder| folder.join(&name));
            path.to_string_lossy().into_owned()
        };
        let quoted_file = |name: String| quoted(&file(name)).into_owned();
        match self {
            Self::Cron => {
                let user = job.user().map(|user| format!("-u {} ", quoted(user))).unwrap_or_default();
                Step::shell(format!("crontab {user}-e")).with_note("paste this block")
            }
            Self::SystemdSystem => {
                Step::shell(format!("systemctl daemon-reload && systemctl enable --now {label}.timer"))
                    .with_note("first copy both files to /etc/systemd/system; this needs root")
            }
            Self::SystemdUser => Step::shell(format!(
                "systemctl --user daemon-reload && systemctl --user enable --now {label}.timer && loginctl enable-linger"
            ))
            .with_note("first copy both files to ~/.config/systemd/user"),
            Self::Launchd => {
                Step::shell(format!("launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/{label}.plist"))
                    .with_note("first copy the file to ~/Library/LaunchAgents")
            }
            Self::Windows => Step::shell(format!("schtasks /create /tn {label} /xml \"{}\"", file(format!("{label}.xml")))),
            Self::GitHubActions => Step::shell(format!("gh workflow run {label}.yml")).with_note(format!(
                "first commit the file as .github/workflows/{label}.yml to the default branch; this runs it once by hand"
            )),
            Self::GitLabCi => {
                Step::note("add the job to .gitlab-ci.yml and create the schedule that its first lines describe")
            }
            Self::Compose => {
                let file = quoted_file(format!("{label}.compose.yaml"));
                Step::shell(format!("docker compose --file {file} up --detach"))
            }
            Self::Kubernetes => {
                Step::shell(format!("kubectl apply --filename {}", quoted_file(format!("{label}.yaml"))))
                    .with_note("first create what its first lines name")
            }
            _ => self.next_step_elsewhere(label, folder),
        }
    }

    /// The same for machines of others.
    fn next_step_elsewhere(self, label: &str, folder: Option<&Path>) -> Step {
        let place = folder.map_or_else(String::new, |folder| format!("cd {} && ", quoted(&folder.to_string_lossy())));
        match self {
            Self::CloudRun => Step::shell(format!("{place}gcloud run jobs replace {label}.cloud-run.yaml --region REGION"))
                .with_note("as its first lines say, with what is created before and after"),
            Self::Azure => {
                let name = azure::render::job_name(label);
                let create = format!("az containerapp job create --name {name} --resource-group GROUP --yaml {label}.azure.yaml");
                Step::shell(format!("{place}{create}")).with_note("first create what its first lines name")
            }
            Self::AwsLambda => {
                Step::shell(format!("{place}sam deploy --guided")).with_note("first make function.zip, as its first lines say")
            }
            Self::Vercel => Step::shell("vercel deploy --prod").with_note(
                "first set CRON_SECRET, EVERLIT_TRIGGER_URL and EVERLIT_TRIGGER_SECRET for production (vercel env add)",
            ),
            Self::Netlify => Step::shell("netlify deploy --build --prod")
                .with_note("first set EVERLIT_TRIGGER_URL and EVERLIT_TRIGGER_SECRET for the site's functions"),
            Self::SystemdService => Step::shell("systemctl daemon-reload && systemctl enable --now everlit")
                .with_note("first do what its first lines say; this needs root"),
            Self::ComposeService => Step::shell(format!("{place}docker compose --file everlit.compose.yaml up --detach"))
                .with_note("first do what its first lines say"),
            Self::KubernetesService => Step::shell(format!("{place}kubectl apply --filename everlit.kubernetes.yaml"))
                .with_note("first do what its first lines say"),
            _ => Step::shell(format!(
                "{place}npx wrangler deploy && npx wrangler secret put EVERLIT_TRIGGER_URL && npx wrangler secret put EVERLIT_TRIGGER_SECRET"
            ))
            .with_note("a new cron trigger may take 15 minutes to reach all of Cloudflare"),
        }
    }

    /// Makes its installer; `None` if everlit only prints the files.
    fn new_installer(self) -> Option<NewInstaller> {
        Some(match self {
            Self::Cron => |machine, user| Box::new(Cron { machine, user }),
            Self::SystemdSystem => |machine, user| Box::new(Systemd { machine, user, is_users: false }),
            Self::SystemdUser => |machine, user| Box::new(Systemd { machine, user, is_users: true }),
            Self::Launchd => |machine, user| Box::new(Launchd { machine, user }),
            Self::Windows => |machine, _| Box::new(Windows { machine }),
            _ => return None,
        })
    }

    /// Whether everlit can install jobs into it.
    pub fn is_installable(self) -> bool {
        self.new_installer().is_some()
    }

    /// The scheduler of this machine, whether or not it is usable; `None` if everlit only prints files for it.
    pub(crate) fn installer<'a>(self, machine: Machine<'a>, user: &User) -> Option<Box<dyn Installer + 'a>> {
        self.new_installer().map(|new| new(machine, user.clone()))
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
