//! Installs a launch agent of a user's, or a launch daemon for root (launchctl(1) of macOS 11 and later).

use std::path::{Path, PathBuf};

use everlit_keeper::Step;
use everlit_meta_api::Timestamp;

use super::render;
use crate::checksum::footer;
use crate::detected::is_about_tokens;
use crate::installer::{Definition, InstalledJob, Installer, JobStatus, RunTime, TestRun, UnmanagedJob};
use crate::unmanaged::runs_folder;
use crate::{Action, GeneratedFile, Job, Machine, ScheduleError, Scheduler, TimeOfDay, User};

pub(crate) struct Launchd<'a> {
    pub(crate) machine: Machine<'a>,
    pub(crate) user: User,
}

const MAX_PLIST_LEN: usize = 1 << 20;

impl Launchd<'_> {
    /// Root's jobs run without a login; a user's run from login on.
    fn is_systems(&self) -> bool {
        self.user.uid == Some(0)
    }

    fn domain(&self) -> String {
        if self.is_systems() { "system".to_owned() } else { format!("gui/{}", self.user.uid.unwrap_or_default()) }
    }

    fn target(&self, label: &str) -> String {
        format!("{}/{label}", self.domain())
    }

    fn library(&self) -> PathBuf {
        let home = if self.is_systems() { PathBuf::from("/") } else { self.user.home_or_root() };
        home.join("Library")
    }

    fn folder(&self) -> PathBuf {
        self.library().join(if self.is_systems() { "LaunchDaemons" } else { "LaunchAgents" })
    }

    fn plist(&self, label: &str) -> PathBuf {
        self.folder().join(format!("{label}.plist"))
    }

    fn log(&self, label: &str) -> PathBuf {
        self.library().join("Logs").join(format!("{label}.log"))
    }

    /// The label and the content of each property list in the folder. One that cannot be read is empty.
    fn plists(&self) -> Vec<(String, Vec<u8>)> {
        let names = self.machine.disk.list(&self.folder()).unwrap_or_default();
        let labels = names.iter().filter_map(|name| name.to_str()?.strip_suffix(".plist").map(str::to_owned));
        let with_content = |label: String| {
            let content = self.machine.disk.read(&self.plist(&label), MAX_PLIST_LEN).unwrap_or_default();
            (label, content)
        };
        labels.map(with_content).collect()
    }

    /// Why launchd will not run a job, if it has not loaded it.
    fn problem(&self, label: &str) -> Option<String> {
        match self.machine.run(&["launchctl", "print", &self.target(label)]) {
            Ok(ended) if ended.well() => None,
            Ok(ended) => Some(format!("launchd has not loaded it: {}", ended.failure())),
            Err(error) => Some(error.to_string()),
        }
    }

    fn runs_folder(&self, plist: &[u8], folder: &Path) -> bool {
        runs_folder(&String::from_utf8_lossy(plist), folder, self.user.home.as_deref())
    }
}

impl Installer for Launchd<'_> {
    fn scheduler(&self) -> Scheduler {
        Scheduler::Launchd
    }

    fn place(&self) -> String {
        if self.is_systems() { "launchd".to_owned() } else { format!("launchd of {}", self.user.name) }
    }

    fn check_usable(&self) -> Result<(), ScheduleError> {
        let ended = self.machine.run(&["launchctl", "print", &self.domain()])?;
        if ended.well() {
            return Ok(());
        }
        let user = &self.user.name;
        let step = Step::everlit("schedule install --with cron").with_note(format!("or log in to the Mac as {user}"));
        Err(ScheduleError::not_running(&format!("launchd of {user}"), &ended, step))
    }

    fn installed(&self) -> Result<Vec<InstalledJob>, ScheduleError> {
        let ours = self.plists().into_iter().filter(|(label, _)| label.starts_with("everlit-"));
        let found = ours.filter_map(|(label, content)| {
            let footer = footer(&content)?;
            let place = self.plist(&label).display().to_string();
            let (folder, edited) = (Some(footer.folder), footer.edited);
            Some(InstalledJob { scheduler: Scheduler::Launchd, label, place, folder, content, edited })
        });
        Ok(found.collect())
    }

    fn content(&self, job: &Job) -> Result<Vec<u8>, ScheduleError> {
        Ok(self.files(job)?.iter().flat_map(GeneratedFile::bytes).collect())
    }

    fn files(&self, job: &Job) -> Result<Vec<GeneratedFile>, ScheduleError> {
        Ok(vec![render::property_list(&job.clone().with_log(&self.log(job.label()))?)])
    }

    fn install(&self, job: &Job, obsolete: &[&InstalledJob]) -> Result<Vec<Action>, ScheduleError> {
        let mut actions = self.remove(obsolete)?;
        let path = self.plist(job.label());
        let target = self.target(job.label());
        // launchd does not reload a job that is already loaded.
        actions.push(Action::try_run(&["launchctl", "bootout", &target]));
        actions.push(Action::Write { path: path.clone(), bytes: self.content(job)? });
        actions.push(Action::run(&["launchctl", "enable", &target]));
        actions.push(Action::run(&["launchctl", "bootstrap", &self.domain(), &path.to_string_lossy()]));
        Ok(actions)
    }

    fn remove(&self, obsolete: &[&InstalledJob]) -> Result<Vec<Action>, ScheduleError> {
        let of_one = |gone: &&InstalledJob| {
            [
                Action::try_run(&["launchctl", "bootout", &self.target(&gone.label)]),
                Action::Remove { path: self.plist(&gone.label) },
                Action::Remove { path: self.log(&gone.label) },
            ]
        };
        Ok(obsolete.iter().flat_map(of_one).collect())
    }

    fn ask_status(&self, job: &InstalledJob, now: Timestamp) -> JobStatus {
        let mut status = JobStatus::default();
        match self.machine.run(&["launchctl", "print", &self.target(&job.label)]) {
            Ok(ended) if ended.well() => {
                if let Some(code) = exit_code(&ended.text()) {
                    status.set_exit_code(code);
                }
                status.next_run = time_in(&job.content).and_then(|time| time.next_after(now)).map(RunTime::At);
            }
            Ok(ended) => status.add_reinstall(format!("launchd has not loaded it: {}", ended.failure())),
            Err(error) => status.add_reinstall(error.to_string()),
        }
        status
    }

    /// launchd reports only that it has started the job.
    fn test_run(&self, job: &InstalledJob) -> Result<TestRun, ScheduleError> {
        let ended = self.machine.run(&["launchctl", "kickstart", &self.target(&job.label)])?;
        Ok(if ended.well() { TestRun::Started } else { TestRun::NotStarted(ended.failure()) })
    }

    fn unmanaged(&self, folder: &Path) -> Vec<UnmanagedJob> {
        let others = self.plists().into_iter().filter(|(_, plist)| footer(plist).is_none());
        others
            .filter(|(_, plist)| self.runs_folder(plist, folder))
            .map(|(label, _)| UnmanagedJob { place: self.plist(&label).display().to_string(), line: label })
            .collect()
    }

    fn definitions(&self, folder: &Path) -> Result<Vec<Definition>, ScheduleError> {
        let is_of = |(label, plist): &(String, Vec<u8>)| match footer(plist) {
            Some(footer) => footer.folder == folder,
            None if plist.is_empty() => is_about_tokens(label),
            None => self.runs_folder(plist, folder),
        };
        let definitions = self.plists().into_iter().filter(is_of).map(|(label, bytes)| {
            let name = self.plist(&label);
            let problems = self.problem(&label).into_iter().collect();
            Definition { place: name.display().to_string(), name, bytes, problems }
        });
        Ok(definitions.collect())
    }
}

/// Finds `last exit code = 0`; `(never exited)` is `None`.
fn exit_code(printed: &str) -> Option<i64> {
    let value = printed.lines().find_map(|line| line.trim().strip_prefix("last exit code = "))?;
    value.split(':').next()?.trim().parse().ok()
}

/// The time in a property list that everlit wrote.
fn time_in(plist: &[u8]) -> Option<TimeOfDay> {
    let text = std::str::from_utf8(plist).ok()?;
    let number = |key: &str| {
        let (_, rest) = text.split_once(&format!("<key>{key}</key>"))?;
        rest.trim_start().strip_prefix("<integer>")?.split_once('<')?.0.parse().ok()
    };
    TimeOfDay::new(number("Hour")?, number("Minute")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_exit_code_is_read_as_launchctl_prints_it() {
        let printed = |code: &str| {
            format!("gui/501/everlit-a = {{\n\tstate = not running\n\truns = 1\n\tlast exit code = {code}\n}}\n")
        };
        assert_eq!(exit_code(&printed("0")), Some(0));
        assert_eq!(exit_code(&printed("3")), Some(3));
        assert_eq!(exit_code(&printed("78: EX_CONFIG")), Some(78));
        assert_eq!(exit_code(&printed("(never exited)")), None);
        assert_eq!(exit_code(""), None);
    }

    #[test]
    fn the_time_is_read_from_a_rendered_property_list() {
        let job = Job::new(Path::new("/usr/local/bin/everlit"), Path::new("/srv/site"), "mac").unwrap();
        assert_eq!(time_in(&render::property_list(&job).bytes()), Some(job.time()));
        assert_eq!(time_in(b"<key>Hour</key><integer>25</integer><key>Minute</key><integer>1</integer>"), None);
        assert_eq!(time_in(b"<key>Hour</key><integer>25"), None);
    }
}
