//! launchd: an agent of a user's, or a daemon of the whole Mac. Format of the answers: launchctl(1) of macOS 11 and later.

use std::path::{Path, PathBuf};

use everlit_meta_api::Timestamp;
use everlit_schedule::{GeneratedFile, Job, Scheduler};

use crate::output::problem::Problem;

use super::checksum::{self, Comment};
use super::cron::next_at;
use super::job::cannot;
use super::machine::{
    InstalledJob, JobStatus, Machine, Manager, Step, TestRun, UnmanagedJob, User, When, Written, not_run, refused,
};
use super::unmanaged::runs_folder;

pub(super) struct Launchd<'a> {
    machine: Machine<'a>,
    whose: User,
}

const LARGEST_PLIST: usize = 1 << 20;

impl<'a> Launchd<'a> {
    pub(super) fn new(machine: Machine<'a>, whose: User) -> Self {
        Self { machine, whose }
    }

    /// Root's own runs without anybody logged in; a user's from login on.
    fn is_of_system(&self) -> bool {
        self.whose.uid == Some(0)
    }

    fn domain(&self) -> String {
        if self.is_of_system() { "system".to_owned() } else { format!("gui/{}", self.whose.uid.unwrap_or_default()) }
    }

    fn library(&self) -> PathBuf {
        let home = if self.is_of_system() { None } else { self.whose.home.clone() };
        home.unwrap_or_else(|| PathBuf::from("/")).join("Library")
    }

    fn folder(&self) -> PathBuf {
        self.library().join(if self.is_of_system() { "LaunchDaemons" } else { "LaunchAgents" })
    }

    fn plist(&self, label: &str) -> PathBuf {
        self.folder().join(format!("{label}.plist"))
    }

    fn log(&self, label: &str) -> PathBuf {
        self.library().join("Logs").join(format!("{label}.log"))
    }

    fn file(&self, job: &Job) -> Result<GeneratedFile, Problem> {
        let files = job.clone().with_log(&self.log(job.label())).and_then(|job| Scheduler::Launchd.render(&job));
        let file = files.map_err(|error| cannot(&error))?.into_iter().next();
        let file = file.ok_or_else(|| Problem::internal("no file was written for launchd"))?;
        Ok(GeneratedFile { text: checksum::stamped(&file.text, job.folder(), Comment::Xml), ..file })
    }

    fn services(&self) -> Vec<(String, Vec<u8>)> {
        let names = self.machine.disk.list(&self.folder()).unwrap_or_default();
        let read = |name: &str| self.machine.disk.read(&self.folder().join(name), LARGEST_PLIST).ok();
        let plists = names.iter().filter_map(|name| name.to_str()?.strip_suffix(".plist").map(str::to_owned));
        plists.filter_map(|label| Some((label.clone(), read(&format!("{label}.plist"))?))).collect()
    }
}

impl Manager for Launchd<'_> {
    fn scheduler(&self) -> Scheduler {
        Scheduler::Launchd
    }

    fn place(&self) -> String {
        if self.is_of_system() { "launchd".to_owned() } else { format!("launchd, of {}", self.whose.name) }
    }

    fn usable(&self) -> Result<(), Problem> {
        let message = ["launchctl", "print", &self.domain()];
        let ended = self.machine.programs.ask(&message).map_err(|why| not_run(&message, &why))?;
        if ended.well() {
            return Ok(());
        }
        Err(refused(&message, &ended)
            .with_next(format!("log {} in at the screen, or everlit schedule install --with cron", self.whose.name)))
    }

    fn found(&self) -> Result<Vec<InstalledJob>, Problem> {
        let ours = self.services().into_iter().filter(|(label, _)| label.starts_with("everlit-"));
        let found = ours.filter_map(|(label, content)| {
            let checksum = checksum::read(&content)?;
            let place = self.plist(&label).display().to_string();
            let (folder, edited) = (Some(checksum.folder), checksum.edited);
            Some(InstalledJob { scheduler: Scheduler::Launchd, label, place, folder, content, edited })
        });
        Ok(found.collect())
    }

    fn content(&self, job: &Job) -> Result<Vec<u8>, Problem> {
        Ok(self.file(job)?.bytes())
    }

    fn installation(&self, job: &Job, obsolete: &[&InstalledJob]) -> Result<Vec<Step>, Problem> {
        let other: Vec<&InstalledJob> = obsolete.iter().copied().filter(|gone| gone.label != job.label()).collect();
        let mut steps = self.removal(&other)?;
        let path = self.plist(job.label());
        // One that is loaded already is not loaded again: out with it first.
        steps.push(Step::try_run(&["launchctl", "bootout", &format!("{}/{}", self.domain(), job.label())]));
        steps.push(Step::Write { path: path.clone(), bytes: self.content(job)? });
        steps.push(Step::run(&["launchctl", "enable", &format!("{}/{}", self.domain(), job.label())]));
        steps.push(Step::run(&["launchctl", "bootstrap", &self.domain(), &path.to_string_lossy()]));
        Ok(steps)
    }

    fn removal(&self, obsolete: &[&InstalledJob]) -> Result<Vec<Step>, Problem> {
        let of_one = |gone: &&InstalledJob| {
            [
                Step::try_run(&["launchctl", "bootout", &format!("{}/{}", self.domain(), gone.label)]),
                Step::Remove { path: self.plist(&gone.label) },
                Step::Remove { path: self.log(&gone.label) },
            ]
        };
        Ok(obsolete.iter().flat_map(of_one).collect())
    }

    fn job_status(&self, found: &InstalledJob, now: Timestamp) -> JobStatus {
        let mut job_status = JobStatus::default();
        let message = ["launchctl", "print", &format!("{}/{}", self.domain(), found.label)];
        let failure = match self.machine.programs.ask(&message) {
            Ok(ended) if ended.well() => {
                job_status.result = exit_in(&ended.text());
                job_status.next =
                    time_in(&found.content).and_then(|(hour, minute)| next_at(now, hour, minute)).map(When::At);
                return job_status;
            }
            Ok(ended) => format!("launchd has not loaded it: {}", ended.failure()),
            Err(why) => format!("launchctl cannot be run: {}", why.message()),
        };
        job_status.troubles.push((failure, "everlit schedule install".to_owned()));
        job_status
    }

    /// launchd tells when it has started the job, not when that has ended.
    fn test_run(&self, found: &InstalledJob) -> Result<TestRun, Problem> {
        let message = ["launchctl", "kickstart", &format!("{}/{}", self.domain(), found.label)];
        let ended = self.machine.programs.ask(&message).map_err(|why| not_run(&message, &why))?;
        Ok(if ended.well() { TestRun::Started } else { TestRun::NotRun(ended.failure()) })
    }

    fn unmanaged(&self, folder: &Path) -> Vec<UnmanagedJob> {
        let services = self.services().into_iter().filter(|(_, content)| checksum::read(content).is_none());
        let runs = |text: &str| runs_folder(text, folder, self.whose.home.as_deref());
        let by_hand = services.filter(|(_, content)| runs(&String::from_utf8_lossy(content)));
        by_hand
            .map(|(label, _)| UnmanagedJob { place: self.plist(&label).display().to_string(), line: label })
            .collect()
    }

    fn written(&self, folder: &Path) -> Result<Vec<Written>, Problem> {
        let is_of = |plist: &[u8]| match checksum::read(plist) {
            Some(checksum) => checksum.folder == folder,
            None => runs_folder(&String::from_utf8_lossy(plist), folder, self.whose.home.as_deref()),
        };
        let services = self.services().into_iter().filter(|(_, plist)| is_of(plist));
        let written = services.map(|(label, bytes)| {
            let name = self.plist(&label);
            Written { place: name.display().to_string(), name, bytes }
        });
        Ok(written.collect())
    }
}

/// `last exit code = 0`, or `(never exited)`.
fn exit_in(printed: &str) -> Option<String> {
    let value = printed.lines().find_map(|line| line.trim().strip_prefix("last exit code = "))?;
    let code = value.split(':').next().unwrap_or(value).trim();
    match code.parse::<i32>() {
        Ok(0) => Some("well".to_owned()),
        Ok(code) => Some(format!("exit code {code}")),
        Err(_) => None,
    }
}

/// The hour and the minute that the plist names.
fn time_in(plist: &[u8]) -> Option<(u8, u8)> {
    let text = std::str::from_utf8(plist).ok()?;
    let number = |key: &str| {
        let (_, rest) = text.split_once(&format!("<key>{key}</key>"))?;
        rest.trim_start().strip_prefix("<integer>")?.split_once('<')?.0.parse().ok()
    };
    Some((number("Hour")?, number("Minute")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_the_last_run_ended_is_read_as_launchctl_prints_it() {
        let printed = |code: &str| {
            format!("gui/501/everlit-a = {{\n\tstate = not running\n\truns = 1\n\tlast exit code = {code}\n}}\n")
        };
        assert_eq!(exit_in(&printed("0")).as_deref(), Some("well"));
        assert_eq!(exit_in(&printed("3")).as_deref(), Some("exit code 3"));
        assert_eq!(exit_in(&printed("78: EX_CONFIG")).as_deref(), Some("exit code 78"));
        assert_eq!(exit_in(&printed("(never exited)")), None);
        assert_eq!(exit_in(""), None);
    }

    #[test]
    fn the_time_is_read_from_what_is_rendered() {
        let job = Job::new(Path::new("/usr/local/bin/everlit"), Path::new("/srv/site"), "mac").unwrap();
        let file = Scheduler::Launchd.render(&job).unwrap().remove(0);
        assert_eq!(time_in(&file.bytes()), Some((job.time().hour(), job.time().minute())));
        assert_eq!(time_in(b"<key>Hour</key><integer>25"), None);
    }
}
