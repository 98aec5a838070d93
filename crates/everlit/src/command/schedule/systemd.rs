//! systemd: a service and a timer, of the whole machine or of a user's own instance.

use std::path::{Path, PathBuf};

use everlit_meta_api::Timestamp;
use everlit_schedule::{GeneratedFile, Job, Scheduler};

use crate::output::problem::Problem;
use everlit_host::{Ended, NotRun};

use super::checksum::{self, Comment};
use super::cron::{TRIAL, last_words};
use super::job::cannot;
use super::machine::{
    InstalledJob, JobStatus, Machine, Manager, Step, TestRun, UnmanagedJob, User, When, Written, not_run,
};
use super::unmanaged::runs_folder;

pub(super) struct Systemd<'a> {
    machine: Machine<'a>,
    whose: User,
    /// A user's own instance, which by itself ends when the user logs out.
    user: bool,
}

const LARGEST_UNIT: usize = 1 << 20;

impl<'a> Systemd<'a> {
    pub(super) fn of_system(machine: Machine<'a>, whose: User) -> Self {
        Self { machine, whose, user: false }
    }

    pub(super) fn of_user(machine: Machine<'a>, whose: User) -> Self {
        Self { machine, whose, user: true }
    }

    /// `systemctl`, for the right instance, and this.
    fn message<'w>(&self, arguments: &[&'w str]) -> Vec<&'w str> {
        let instance: &[&str] = if self.user { &["--user"] } else { &[] };
        [&["systemctl"], instance, arguments].concat()
    }

    /// Where units of an administrator's, or of the user's, belong: systemd.unit(5).
    fn folder(&self) -> PathBuf {
        if !self.user {
            return PathBuf::from("/etc/systemd/system");
        }
        self.users_own("XDG_CONFIG_HOME", ".config").join("systemd/user")
    }

    /// Where `Persistent=true` keeps the time of the last run: systemd.timer(5).
    fn memory(&self) -> PathBuf {
        if !self.user {
            return PathBuf::from("/var/lib/systemd/timers");
        }
        self.users_own("XDG_DATA_HOME", ".local/share").join("systemd/timers")
    }

    /// The XDG Base Directory Specification: what the variable says, if it is absolute.
    fn users_own(&self, variable: &str, below_home: &str) -> PathBuf {
        let set = self.machine.environment.variable(variable).map(PathBuf::from).filter(|folder| folder.is_absolute());
        set.unwrap_or_else(|| self.whose.home.clone().unwrap_or_else(|| PathBuf::from("/")).join(below_home))
    }

    fn files(&self, job: &Job) -> Result<Vec<GeneratedFile>, Problem> {
        // The system's runs are nobody's unless it is said whose; a user's own are the user's.
        let owned = if self.user { Ok(job.clone()) } else { job.clone().with_user(&self.whose.name) };
        let files = owned.and_then(|job| self.scheduler().render(&job));
        let checksum = |file: GeneratedFile| GeneratedFile {
            text: checksum::stamped(&file.text, job.folder(), Comment::Hash),
            ..file
        };
        Ok(files.map_err(|error| cannot(&error))?.into_iter().map(checksum).collect())
    }

    fn unit(&self, name: &str) -> Option<Vec<u8>> {
        self.machine.disk.read(&self.folder().join(name), LARGEST_UNIT).ok()
    }

    /// Both units, the service first: what is compared, and searched for the hand of a person.
    fn pair(&self, label: &str) -> Vec<Vec<u8>> {
        let names = [format!("{label}.service"), format!("{label}.timer")];
        names.iter().filter_map(|name| self.unit(name)).collect()
    }

    fn names(&self) -> Vec<String> {
        let names = self.machine.disk.list(&self.folder()).unwrap_or_default();
        names.iter().filter_map(|name| name.to_str().map(str::to_owned)).collect()
    }

    /// Whether the user's instance outlasts the last logout; `None` where nobody can tell.
    fn lingers(&self) -> Option<bool> {
        let uid = self.whose.uid?.to_string();
        let message = ["loginctl", "show-user", &uid, "--property=Linger"];
        let ended = self.machine.programs.ask(&message).ok()?;
        // Without a login there is nothing to show, and nothing that lingers.
        let unknown = !ended.well() && ended.stderr.contains("not logged in or lingering");
        match property(&ended.text(), "Linger") {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            _ => unknown.then_some(false),
        }
    }

    fn show(&self, unit: &str, properties: &str) -> Result<Ended, NotRun> {
        self.machine.programs.ask(&self.message(&["show", unit, "--property", properties]))
    }
}

impl Manager for Systemd<'_> {
    fn scheduler(&self) -> Scheduler {
        if self.user { Scheduler::SystemdUser } else { Scheduler::SystemdSystem }
    }

    fn place(&self) -> String {
        if self.user { format!("systemd, of {} alone", self.whose.name) } else { "systemd".to_owned() }
    }

    fn usable(&self) -> Result<(), Problem> {
        let message = self.message(&["show", "--property=Version"]);
        let ended = self.machine.programs.ask(&message).map_err(|why| not_run(&message, &why))?;
        if ended.well() {
            return Ok(());
        }
        let failure = ended.failure();
        if !self.user {
            return Err(Problem::config(format!(
                "systemctl is here and no systemd runs ({failure}): is this a container?"
            ))
            .with_next("everlit schedule install --with cron, or let the container's host run everlit refresh daily"));
        }
        Err(Problem::config(format!("no systemd of {} answers: {failure}", self.whose.name))
            .with_next("log in as that user rather than by su or sudo, or everlit schedule install --with cron"))
    }

    fn found(&self) -> Result<Vec<InstalledJob>, Problem> {
        let labels = self.names().into_iter().filter_map(|name| name.strip_suffix(".timer").map(str::to_owned));
        let found = labels.filter(|label| label.starts_with("everlit-")).filter_map(|label| {
            let pair = self.pair(&label);
            let stamps: Vec<_> = pair.iter().map(|unit| checksum::read(unit)).collect();
            let folder = stamps.iter().flatten().map(|checksum| checksum.folder.clone()).next()?;
            let edited = stamps.iter().any(|checksum| checksum.as_ref().is_none_or(|checksum| checksum.edited));
            Some(InstalledJob {
                scheduler: self.scheduler(),
                place: self.folder().join(format!("{label}.timer")).display().to_string(),
                label,
                folder: Some(folder),
                content: pair.concat(),
                edited,
            })
        });
        Ok(found.collect())
    }

    fn content(&self, job: &Job) -> Result<Vec<u8>, Problem> {
        Ok(self.files(job)?.iter().flat_map(GeneratedFile::bytes).collect())
    }

    fn installation(&self, job: &Job, obsolete: &[&InstalledJob]) -> Result<Vec<Step>, Problem> {
        let other: Vec<&InstalledJob> = obsolete.iter().copied().filter(|gone| gone.label != job.label()).collect();
        let mut steps = if other.is_empty() { Vec::new() } else { self.removal(&other)? };
        // First of all: what cannot be had must not leave half a schedule behind.
        if self.user && self.lingers() == Some(false) {
            steps.push(Step::try_run(&["loginctl", "enable-linger"]));
        }
        for file in self.files(job)? {
            steps.push(Step::Write { path: self.folder().join(&file.name), bytes: file.bytes() });
        }
        let timer = format!("{}.timer", job.label());
        steps.push(Step::run(&self.message(&["daemon-reload"])));
        steps.push(Step::run(&self.message(&["enable", &timer])));
        // A timer that runs already takes a new time only so.
        steps.push(Step::run(&self.message(&["restart", &timer])));
        Ok(steps)
    }

    fn removal(&self, obsolete: &[&InstalledJob]) -> Result<Vec<Step>, Problem> {
        let mut steps = Vec::new();
        for gone in obsolete {
            let (timer, service) = (format!("{}.timer", gone.label), format!("{}.service", gone.label));
            // Where no systemd runs there is nothing to stop, and the files still have to go.
            steps.push(Step::try_run(&self.message(&["disable", "--now", &timer])));
            steps.push(Step::Remove { path: self.folder().join("timers.target.wants").join(&timer) });
            steps.push(Step::Remove { path: self.folder().join(&timer) });
            steps.push(Step::Remove { path: self.folder().join(&service) });
            steps.push(Step::try_run(&self.message(&["reset-failed", &service])));
            steps.push(Step::Remove { path: self.memory().join(format!("stamp-{timer}")) });
        }
        steps.push(Step::try_run(&self.message(&["daemon-reload"])));
        Ok(steps)
    }

    fn job_status(&self, found: &InstalledJob, _now: Timestamp) -> JobStatus {
        const TIMER: &str = "LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime,LastTriggerUSec";
        let mut job_status = JobStatus::default();
        let timer = match self.show(&format!("{}.timer", found.label), TIMER) {
            Ok(ended) if ended.well() => ended.text(),
            Ok(ended) => return doubt(job_status, format!("systemd does not answer: {}", ended.failure())),
            Err(why) => return doubt(job_status, format!("systemctl cannot be run: {}", why.message())),
        };
        job_status.next = property(&timer, "NextElapseUSecRealtime").and_then(time).map(When::At);
        job_status.last = property(&timer, "LastTriggerUSec").and_then(time).map(When::At);
        for (name, expected) in [("LoadState", "loaded"), ("UnitFileState", "enabled"), ("ActiveState", "active")] {
            let is = property(&timer, name).unwrap_or("unknown");
            if is != expected {
                job_status = doubt(job_status, format!("the timer is {is}, not {expected}"));
            }
        }
        if job_status.next.is_none() && job_status.troubles.is_empty() {
            job_status = doubt(job_status, "systemd names no next run".to_owned());
        }
        if let Ok(service) =
            self.show(&format!("{}.service", found.label), "Result,ExecMainStatus,ExecMainExitTimestamp")
        {
            let text = service.text();
            if property(&text, "ExecMainExitTimestamp").and_then(time).is_some() {
                job_status.result = Some(match (property(&text, "Result"), property(&text, "ExecMainStatus")) {
                    (Some("success"), Some("0")) => "well".to_owned(),
                    (Some("success" | "exit-code"), Some(code)) => format!("exit code {code}"),
                    (result, _) => result.unwrap_or("unknown").to_owned(),
                });
            }
        }
        if self.user && self.lingers() == Some(false) {
            job_status.troubles.push((
                format!("it stops when {} logs out, since lingering is off", self.whose.name),
                format!("sudo loginctl enable-linger {}", self.whose.name),
            ));
        }
        job_status
    }

    /// By the service itself, in its sandbox.
    fn test_run(&self, found: &InstalledJob) -> Result<TestRun, Problem> {
        let service = format!("{}.service", found.label);
        let message = self.message(&["start", &service]);
        let ended = self.machine.programs.ask_within(&message, None, TRIAL).map_err(|why| not_run(&message, &why))?;
        let shown = self.show(&service, "Result,ExecMainStatus,ExecMainCode").map_err(|why| not_run(&message, &why))?;
        let text = shown.text();
        let result = property(&text, "Result").unwrap_or("unknown");
        let code = property(&text, "ExecMainStatus").and_then(|code| code.parse().ok()).unwrap_or(-1);
        // 200 and up are systemd's own: it could not even start the program (systemd.exec(5), "Process Exit Codes").
        if (200..=245).contains(&code) || !matches!(result, "success" | "exit-code") {
            let why = exec_trouble(code).map_or_else(|| format!("systemd says {result}"), str::to_owned);
            return Ok(TestRun::NotRun(format!("{why}; {}", ended.failure())));
        }
        Ok(TestRun::Ran { code, said: self.journal(&service) })
    }

    fn unmanaged(&self, folder: &Path) -> Vec<UnmanagedJob> {
        let names = self.names().into_iter().filter(|name| name.strip_suffix(".service").is_some());
        let by_hand = names.filter_map(|name| {
            let unit = self.unit(&name)?;
            let text = String::from_utf8_lossy(&unit).into_owned();
            let is_other = checksum::read(&unit).is_none() && runs_folder(&text, folder, self.whose.home.as_deref());
            is_other.then(|| UnmanagedJob { place: self.folder().join(&name).display().to_string(), line: name })
        });
        by_hand.collect()
    }

    /// The timers, whatever they are called, that start one of the services.
    fn written(&self, folder: &Path) -> Result<Vec<Written>, Problem> {
        let ours = self.found()?.into_iter().filter(|found| found.is_of(folder));
        let services: Vec<String> = ours
            .map(|found| format!("{}.service", found.label))
            .chain(self.unmanaged(folder).into_iter().map(|other| other.line))
            .collect();
        let timers = self.names().into_iter().filter_map(|name| {
            let stem = name.strip_suffix(".timer")?;
            let bytes = self.unit(&name)?;
            let started = property(&String::from_utf8_lossy(&bytes), "Unit").map(str::to_owned);
            let started = started.unwrap_or_else(|| format!("{stem}.service"));
            let path = self.folder().join(&name);
            services.contains(&started).then(|| Written { place: path.display().to_string(), name: path, bytes })
        });
        Ok(timers.collect())
    }
}

impl Systemd<'_> {
    /// The last words of the run, where the journal may be read.
    fn journal(&self, service: &str) -> String {
        let instance = if self.user { "--user-unit" } else { "--unit" };
        let message =
            ["journalctl", instance, service, "--lines=4", "--output=cat", "--no-pager", "--identifier=everlit"];
        self.machine.programs.ask(&message).ok().filter(Ended::well).map(|ended| last_words(&ended)).unwrap_or_default()
    }
}

fn doubt(mut job_status: JobStatus, message: String) -> JobStatus {
    job_status.troubles.push((message, "everlit schedule install".to_owned()));
    job_status
}

/// `NAME=value` on a line of its own.
fn property<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        .map(str::trim)
        .filter(|value| !value.is_empty())
}

/// `Tue 2026-11-24 03:17:00 UTC`, as `systemctl show` prints times where `TZ=UTC`; `n/a` is none.
fn time(text: &str) -> Option<Timestamp> {
    let (_, text) = text.split_once(' ')?;
    let text = text.strip_suffix(" UTC")?;
    let at = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_unix(at.timestamp().as_second()))
}

fn exec_trouble(code: i32) -> Option<&'static str> {
    Some(match code {
        200 => "the folder cannot be entered (CHDIR)",
        203 => "the program cannot be started (EXEC)",
        217 => "there is no such user (USER)",
        226 => "its view of the file system cannot be set up (NAMESPACE)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_states_are_read_as_systemctl_prints_them() {
        let shown = "LoadState=loaded\nActiveState=active\nUnitFileState=enabled\n\
            NextElapseUSecRealtime=Tue 2026-11-24 03:17:42 UTC\nLastTriggerUSec=n/a\nResult=\n";
        assert_eq!(property(shown, "ActiveState"), Some("active"));
        assert_eq!(property(shown, "Result"), None);
        let next = property(shown, "NextElapseUSecRealtime").and_then(time);
        assert_eq!(next, Some(Timestamp::from_unix(1_795_490_262)));
        assert_eq!(property(shown, "LastTriggerUSec").and_then(time), None);
        for odd in ["", "0", "Tue 2026-11-24 03:17:42 CET", "Tue 2026-13-24 03:17:42 UTC"] {
            assert_eq!(time(odd), None, "{odd}");
        }
    }
}
