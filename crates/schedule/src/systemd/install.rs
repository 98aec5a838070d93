//! Installs a service and a timer, for the system or for a user's own service manager.

use std::io;
use std::path::{Path, PathBuf};

use everlit_host::{Ended, NotRun};
use everlit_keeper::Step;
use everlit_meta_api::Timestamp;

use crate::checksum::footer;
use crate::detected::is_about_tokens;
use crate::installer::{Definition, InstalledJob, Installer, JobStatus, RunTime, TestRun, UnmanagedJob};
use crate::machine::{TEST_RUN_DEADLINE, last_lines};
use crate::unmanaged::runs_folder;
use crate::{Action, GeneratedFile, Job, Machine, ScheduleError, Scheduler, User};

use super::render;

pub(crate) struct Systemd<'a> {
    pub(crate) machine: Machine<'a>,
    pub(crate) user: User,
    /// A user's own service manager stops when the user logs out, unless the user lingers.
    pub(crate) is_users: bool,
}

const MAX_UNIT_LEN: usize = 1 << 20;

impl Systemd<'_> {
    /// A `systemctl` command line for the right service manager.
    fn argv<'w>(&self, arguments: &[&'w str]) -> Vec<&'w str> {
        let manager: &[&str] = if self.is_users { &["--user"] } else { &[] };
        [&["systemctl"], manager, arguments].concat()
    }

    /// The folder of the administrator's or the user's units (systemd.unit(5)).
    fn folder(&self) -> PathBuf {
        if self.is_users {
            self.xdg_folder("XDG_CONFIG_HOME", ".config").join("systemd/user")
        } else {
            PathBuf::from("/etc/systemd/system")
        }
    }

    /// The folder in which `Persistent=true` stores the time of the last run (systemd.timer(5)).
    fn stamp_folder(&self) -> PathBuf {
        if self.is_users {
            self.xdg_folder("XDG_DATA_HOME", ".local/share").join("systemd/timers")
        } else {
            PathBuf::from("/var/lib/systemd/timers")
        }
    }

    /// A folder of the XDG Base Directory Specification: the variable's, if that is absolute.
    fn xdg_folder(&self, variable: &str, below_home: &str) -> PathBuf {
        let set = self.machine.environment.variable(variable).map(PathBuf::from).filter(|folder| folder.is_absolute());
        set.unwrap_or_else(|| self.user.home_or_root().join(below_home))
    }

    fn unit(&self, name: &str) -> Option<Vec<u8>> {
        self.read(name).ok()
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        self.machine.disk.read(&self.folder().join(name), MAX_UNIT_LEN)
    }

    /// Whether a unit that may be about tokens, by its name, cannot be read.
    fn is_hidden(&self, name: &str) -> bool {
        is_about_tokens(name) && self.read(name).is_err_and(|error| error.kind() != io::ErrorKind::NotFound)
    }

    /// Both units of a job, the service first.
    fn units(&self, label: &str) -> Vec<Vec<u8>> {
        let names = [format!("{label}.service"), format!("{label}.timer")];
        names.iter().filter_map(|name| self.unit(name)).collect()
    }

    /// The drop-ins of a timer, its service, and the drop-ins of that (systemd.unit(5)); and what cannot be read of them.
    fn additions(&self, timer: &str, service: &str) -> (Vec<u8>, Vec<String>) {
        let (mut bytes, mut unread) = (Vec::new(), Vec::new());
        let files = [self.drop_ins(timer), vec![service.to_owned()], self.drop_ins(service)].concat();
        for file in files {
            match self.read(&file) {
                Ok(more) => bytes.extend([b"\n".to_vec(), more].concat()),
                Err(error) => unread.push(format!("{file} cannot be read: {error}")),
            }
        }
        (bytes, unread)
    }

    /// The files that add to a unit, or their folder if it cannot be listed.
    fn drop_ins(&self, unit: &str) -> Vec<String> {
        let folder = format!("{unit}.d");
        match self.machine.disk.list(&self.folder().join(&folder)) {
            Ok(names) => {
                let names =
                    names.iter().filter_map(|name| name.to_str()).filter(|name| name.strip_suffix(".conf").is_some());
                let mut files: Vec<String> = names.map(|name| format!("{folder}/{name}")).collect();
                files.sort();
                files
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(_) => vec![folder],
        }
    }

    fn names(&self) -> Vec<String> {
        let names = self.machine.disk.list(&self.folder()).unwrap_or_default();
        names.iter().filter_map(|name| name.to_str().map(str::to_owned)).collect()
    }

    /// Whether the user's service manager keeps running after logout; `None` if that cannot be determined.
    fn lingers(&self) -> Option<bool> {
        let uid = self.user.uid?.to_string();
        let ended = self.machine.programs.ask(&["loginctl", "show-user", &uid, "--property=Linger"]).ok()?;
        // A user who is neither logged in nor lingering is not shown.
        let is_unknown = !ended.well() && ended.stderr.contains("not logged in or lingering");
        match property(&ended.text(), "Linger") {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            _ => is_unknown.then_some(false),
        }
    }

    fn show(&self, unit: &str, properties: &str) -> Result<Ended, NotRun> {
        self.machine.programs.ask(&self.argv(&["show", unit, "--property", properties]))
    }

    fn ask_timer(&self, label: &str, status: &mut JobStatus) {
        const TIMER: &str = "LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime,LastTriggerUSec";
        let timer = match self.show(&format!("{label}.timer"), TIMER) {
            Ok(ended) if ended.well() => ended.text(),
            Ok(ended) => return status.add_reinstall(format!("systemd does not answer: {}", ended.failure())),
            Err(error) => return status.add_reinstall(format!("cannot run systemctl: {}", error.message())),
        };
        status.next_run = property(&timer, "NextElapseUSecRealtime").and_then(time).map(RunTime::At);
        status.last_run = property(&timer, "LastTriggerUSec").and_then(time).map(RunTime::At);
        for (name, expected) in [("LoadState", "loaded"), ("UnitFileState", "enabled"), ("ActiveState", "active")] {
            let actual = property(&timer, name).unwrap_or("unknown");
            if actual != expected {
                status.add_reinstall(format!("the timer is {actual}, not {expected}"));
            }
        }
        if status.next_run.is_none() && status.works() {
            status.add_reinstall("systemd has not scheduled a next run");
        }
    }

    fn ask_service(&self, label: &str, status: &mut JobStatus) {
        let service = format!("{label}.service");
        let Ok(ended) = self.show(&service, "Result,ExecMainStatus,ExecMainExitTimestamp") else { return };
        let text = ended.text();
        if property(&text, "ExecMainExitTimestamp").and_then(time).is_none() {
            return;
        }
        let code = property(&text, "ExecMainStatus").and_then(|code| code.parse().ok());
        match (property(&text, "Result"), code) {
            (Some("success" | "exit-code"), Some(code)) => status.set_exit_code(code),
            (result, _) => status.last_result = Some(result.unwrap_or("unknown").to_owned()),
        }
    }

    /// The last lines of the run, if the journal may be read.
    fn journal(&self, service: &str) -> String {
        let unit = if self.is_users { "--user-unit" } else { "--unit" };
        let argv = ["journalctl", unit, service, "--lines=4", "--output=cat", "--no-pager", "--identifier=everlit"];
        self.machine.programs.ask(&argv).ok().filter(Ended::well).map(|ended| last_lines(&ended)).unwrap_or_default()
    }
}

impl Installer for Systemd<'_> {
    fn scheduler(&self) -> Scheduler {
        if self.is_users { Scheduler::SystemdUser } else { Scheduler::SystemdSystem }
    }

    fn place(&self) -> String {
        if self.is_users { format!("systemd of {}", self.user.name) } else { "systemd".to_owned() }
    }

    fn check_usable(&self) -> Result<(), ScheduleError> {
        let ended = self.machine.run(&self.argv(&["show", "--property=Version"]))?;
        if ended.well() {
            return Ok(());
        }
        let note = if self.is_users {
            "or log in as that user directly, not with su or sudo"
        } else {
            "in a container, use everlit refresh --watch"
        };
        let step = Step::everlit("schedule install --with cron").with_note(note);
        Err(ScheduleError::not_running(&self.place(), &ended, step))
    }

    fn installed(&self) -> Result<Vec<InstalledJob>, ScheduleError> {
        let labels = self.names().into_iter().filter_map(|name| name.strip_suffix(".timer").map(str::to_owned));
        let found = labels.filter(|label| label.starts_with("everlit-")).filter_map(|label| {
            let units = self.units(&label);
            let footers: Vec<_> = units.iter().map(|unit| footer(unit)).collect();
            let folder = footers.iter().flatten().map(|footer| footer.folder.clone()).next()?;
            Some(InstalledJob {
                scheduler: self.scheduler(),
                place: self.folder().join(format!("{label}.timer")).display().to_string(),
                label,
                folder: Some(folder),
                content: units.concat(),
                edited: footers.iter().any(|footer| footer.as_ref().is_none_or(|footer| footer.edited)),
            })
        });
        Ok(found.collect())
    }

    fn content(&self, job: &Job) -> Result<Vec<u8>, ScheduleError> {
        Ok(self.files(job)?.iter().flat_map(GeneratedFile::bytes).collect())
    }

    fn files(&self, job: &Job) -> Result<Vec<GeneratedFile>, ScheduleError> {
        if self.is_users {
            return Ok(render::user(job)?);
        }
        Ok(render::system(&job.clone().with_user(&self.user.name)?)?)
    }

    fn install(&self, job: &Job, obsolete: &[&InstalledJob]) -> Result<Vec<Action>, ScheduleError> {
        let mut actions = if obsolete.is_empty() { Vec::new() } else { self.remove(obsolete)? };
        if self.is_users && self.lingers() == Some(false) {
            actions.push(Action::try_run(&["loginctl", "enable-linger"]));
        }
        for file in self.files(job)? {
            actions.push(Action::Write { path: self.folder().join(&file.name), bytes: file.bytes() });
        }
        let timer = format!("{}.timer", job.label());
        actions.push(Action::run(&self.argv(&["daemon-reload"])));
        actions.push(Action::run(&self.argv(&["enable", &timer])));
        // A running timer takes on a new time only by a restart.
        actions.push(Action::run(&self.argv(&["restart", &timer])));
        Ok(actions)
    }

    fn remove(&self, obsolete: &[&InstalledJob]) -> Result<Vec<Action>, ScheduleError> {
        let mut actions = Vec::new();
        for gone in obsolete {
            let (timer, service) = (format!("{}.timer", gone.label), format!("{}.service", gone.label));
            // Without a running systemd there is nothing to stop, but the files still have to go.
            actions.push(Action::try_run(&self.argv(&["disable", "--now", &timer])));
            actions.push(Action::Remove { path: self.folder().join("timers.target.wants").join(&timer) });
            actions.push(Action::Remove { path: self.folder().join(&timer) });
            actions.push(Action::Remove { path: self.folder().join(&service) });
            actions.push(Action::try_run(&self.argv(&["reset-failed", &service])));
            actions.push(Action::Remove { path: self.stamp_folder().join(format!("stamp-{timer}")) });
        }
        actions.push(Action::try_run(&self.argv(&["daemon-reload"])));
        Ok(actions)
    }

    fn ask_status(&self, job: &InstalledJob, _now: Timestamp) -> JobStatus {
        let mut status = JobStatus::default();
        self.ask_timer(&job.label, &mut status);
        self.ask_service(&job.label, &mut status);
        if self.is_users && self.lingers() == Some(false) {
            let name = &self.user.name;
            status.add_problem(
                format!("it stops when {name} logs out, because lingering is off"),
                Step::shell(format!("sudo loginctl enable-linger {name}")),
            );
        }
        status
    }

    /// Starts the service itself, in its sandbox.
    fn test_run(&self, job: &InstalledJob) -> Result<TestRun, ScheduleError> {
        let service = format!("{}.service", job.label);
        let argv = self.argv(&["start", &service]);
        let not_run = |error| ScheduleError::not_run(&argv, error);
        let ended = self.machine.programs.ask_within(&argv, None, TEST_RUN_DEADLINE).map_err(not_run)?;
        let text = self.show(&service, "Result,ExecMainStatus,ExecMainCode").map_err(not_run)?.text();
        let result = property(&text, "Result").unwrap_or("unknown");
        let code = property(&text, "ExecMainStatus").and_then(|code| code.parse().ok()).unwrap_or(-1);
        // From 200 on the code is systemd's: it could not start the program (systemd.exec(5), "Process Exit Codes").
        if (200..=245).contains(&code) || !matches!(result, "success" | "exit-code") {
            let why = start_failure(code).map_or_else(|| format!("systemd reports {result}"), str::to_owned);
            return Ok(TestRun::NotStarted(format!("{why}; {}", ended.failure())));
        }
        Ok(TestRun::Finished { code, output: self.journal(&service) })
    }

    fn unmanaged(&self, folder: &Path) -> Vec<UnmanagedJob> {
        let services = self.names().into_iter().filter(|name| name.strip_suffix(".service").is_some());
        let others = services.filter_map(|name| {
            // A masked timer is a link to an empty device.
            let unit = self.unit(&name).unwrap_or_default();
            let text = String::from_utf8_lossy(&unit).into_owned();
            let is_other = footer(&unit).is_none() && runs_folder(&text, folder, self.user.home.as_deref());
            is_other.then(|| UnmanagedJob { place: self.folder().join(&name).display().to_string(), line: name })
        });
        others.collect()
    }

    /// The timers of any name that start one of the services.
    fn definitions(&self, folder: &Path) -> Result<Vec<Definition>, ScheduleError> {
        let ours = self.installed()?.into_iter().filter(|job| job.is_of(folder));
        let services: Vec<String> = ours
            .map(|job| format!("{}.service", job.label))
            .chain(self.unmanaged(folder).into_iter().map(|other| other.line))
            .collect();
        let timers = self.names().into_iter().filter_map(|name| {
            let stem = name.strip_suffix(".timer")?;
            // A masked timer is a link to an empty device.
            let unit = self.unit(&name).unwrap_or_default();
            let started = property(&String::from_utf8_lossy(&unit), "Unit").map(str::to_owned);
            let started = started.unwrap_or_else(|| format!("{stem}.service"));
            if !services.contains(&started) && !self.is_hidden(&name) && !self.is_hidden(&started) {
                return None;
            }
            let path = self.folder().join(&name);
            let mut status = JobStatus::default();
            self.ask_timer(stem, &mut status);
            // The timer comes first: lines are counted in it.
            let (additions, unread) = self.additions(&name, &started);
            let bytes = if unit.is_empty() { unit } else { [unit, additions].concat() };
            let problems = [status.messages(), unread].concat();
            Some(Definition { place: path.display().to_string(), name: path, bytes, problems })
        });
        Ok(timers.collect())
    }
}

/// The value of `NAME=value` on a line of its own.
fn property<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        .map(str::trim)
        .filter(|value| !value.is_empty())
}

/// Parses `Tue 2026-11-24 03:17:00 UTC`, the format of `systemctl show` under `TZ=UTC`; `n/a` is `None`.
fn time(text: &str) -> Option<Timestamp> {
    let (_, text) = text.split_once(' ')?;
    let text = text.strip_suffix(" UTC")?;
    let at = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_unix(at.timestamp().as_second()))
}

fn start_failure(code: i32) -> Option<&'static str> {
    Some(match code {
        200 => "cannot enter the folder (CHDIR)",
        203 => "cannot start the program (EXEC)",
        217 => "no such user (USER)",
        226 => "cannot set up the file system namespace (NAMESPACE)",
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
