//! cron: a block in a user's crontab, through `crontab` alone. What stands there of others is never touched.

use std::path::{Path, PathBuf};
use std::time::Duration;

use everlit_disk::Disk;
use everlit_meta_api::Timestamp;
use everlit_schedule::{Job, Scheduler, cron};

use crate::output::exit::Exit;
use crate::output::problem::Problem;
use everlit_host::{Ended, NotRun, Programs};

use super::changed::refreshed;
use super::checksum::{self, Comment};
use super::crontab;
use super::job::cannot;
use super::machine::{
    InstalledJob, JobStatus, Machine, Manager, Step, TestRun, UnmanagedJob, User, When, Written, not_run, refused,
};
use super::unmanaged::runs_folder;

pub(super) struct Cron<'a> {
    machine: Machine<'a>,
    whose: User,
}

impl<'a> Cron<'a> {
    pub(super) fn new(machine: Machine<'a>, whose: User) -> Self {
        Self { machine, whose }
    }

    /// `crontab`, for the right user, and this.
    fn message<'w>(&'w self, arguments: &[&'w str]) -> Vec<&'w str> {
        let whose: &[&str] = if self.whose.other { &["-u", &self.whose.name] } else { &[] };
        [&["crontab"], whose, arguments].concat()
    }

    /// The crontab; empty if there is none.
    fn read(&self) -> Result<Vec<u8>, Problem> {
        self.read_where_cron_is()?.ok_or_else(|| not_run(&self.message(&["-l"]), &NotRun::Absent))
    }

    /// The same; `None` on a machine without `crontab`.
    fn read_where_cron_is(&self) -> Result<Option<Vec<u8>>, Problem> {
        let message = self.message(&["-l"]);
        match self.machine.programs.ask(&message) {
            Err(NotRun::Absent) => Ok(None),
            Err(why) => Err(not_run(&message, &why)),
            Ok(ended) if ended.well() => Ok(Some(ended.stdout)),
            Ok(ended) if is_empty(&ended) => Ok(Some(Vec::new())),
            Ok(ended) => Err(self.denied(&message, &ended)),
        }
    }

    fn denied(&self, message: &[&str], ended: &Ended) -> Problem {
        // Debian: "You (ada) are not allowed to use this program (crontab)"; cronie: "... are not allowed to use ...".
        if !ended.stderr.contains("not allowed to use") {
            return refused(message, ended);
        }
        let message = format!("{} may have no crontab: /etc/cron.allow or /etc/cron.deny says so", self.whose.name);
        Problem::of(Exit::Person, message)
            .with_next("let an administrator add the name to /etc/cron.allow, or choose another way with --with")
    }

    /// Whether a command that was changed still runs this program's `refresh` for the folder of its block.
    fn still_runs(&self, found: &InstalledJob, command: &str) -> bool {
        let own = std::env::current_exe().ok();
        let own = own.as_deref().and_then(Path::file_name);
        let is_program = |word: &str| {
            let path = Path::new(word);
            let is_named = path.file_name().is_some_and(|name| name == "everlit" || Some(name) == own);
            is_named && (!path.is_absolute() || self.machine.disk.stat(path).is_ok())
        };
        let folders = refreshed(command, self.whose.home.as_deref(), is_program);
        folders.iter().any(|folder| found.is_of(&self.machine.disk.resolve(folder).unwrap_or_else(|_| folder.clone())))
    }

    /// The block with its stamp.
    fn block(job: &Job) -> Result<String, Problem> {
        let block = cron::block(job).map_err(|error| cannot(&error))?;
        let begin = block.find('\n').map_or(0, |at| at + 1);
        let end = block.trim_end().rfind('\n').map_or(block.len(), |at| at + 1);
        let inside = checksum::stamped(&block[begin..end], job.folder(), Comment::Hash);
        Ok(format!("{}{inside}{}", &block[..begin], &block[end..]))
    }
}

/// No crontab is no failure: Debian and cronie say so; busybox cannot open its file.
fn is_empty(ended: &Ended) -> bool {
    let said = ended.stderr.to_ascii_lowercase();
    said.contains("no crontab for") || (said.contains("can't open") && said.contains("no such file"))
}

impl Manager for Cron<'_> {
    fn scheduler(&self) -> Scheduler {
        Scheduler::Cron
    }

    fn place(&self) -> String {
        format!("crontab of {}", self.whose.name)
    }

    fn usable(&self) -> Result<(), Problem> {
        self.read()?;
        match daemon(self.machine.disk) {
            Some(false) => {
                let message = "there is a crontab here and no cron that reads it: it does not run";
                Err(Problem::of(Exit::Person, message).with_next(
                    "start it (systemctl enable --now cron, or service cron start), then everlit schedule install; in a container, everlit refresh --watch",
                ))
            }
            _ => Ok(()),
        }
    }

    fn found(&self) -> Result<Vec<InstalledJob>, Problem> {
        let crontab = self.read_where_cron_is()?.unwrap_or_default();
        let found = crontab::blocks(&crontab).into_iter().map(|block| {
            let checksum = checksum::read(&block.inside);
            InstalledJob {
                scheduler: Scheduler::Cron,
                label: block.label,
                place: self.place(),
                edited: !block.is_ended || checksum.as_ref().is_none_or(|checksum| checksum.edited),
                folder: checksum.map(|checksum| checksum.folder),
                content: block.inside,
            }
        });
        Ok(found.collect())
    }

    fn content(&self, job: &Job) -> Result<Vec<u8>, Problem> {
        let block = Self::block(job)?;
        Ok(crontab::blocks(block.as_bytes()).remove(0).inside)
    }

    fn installation(&self, job: &Job, obsolete: &[&InstalledJob]) -> Result<Vec<Step>, Problem> {
        let obsolete = |block: &crontab::Block| {
            block.label == job.label() || obsolete.iter().any(|gone| gone.label == block.label)
        };
        let new = crontab::with(&self.read()?, &Self::block(job)?, obsolete);
        Ok(vec![Step::give(&self.message(&["-"]), new)])
    }

    fn removal(&self, obsolete: &[&InstalledJob]) -> Result<Vec<Step>, Problem> {
        let rest = crontab::without(&self.read()?, |block| obsolete.iter().any(|gone| gone.label == block.label));
        // An empty crontab would be a file that was not there before.
        if rest.is_empty() {
            return Ok(vec![Step::run(&self.message(&["-r"]))]);
        }
        Ok(vec![Step::give(&self.message(&["-"]), rest)])
    }

    fn job_status(&self, found: &InstalledJob, now: Timestamp) -> JobStatus {
        let mut job_status = JobStatus::default();
        let again = |message: &str| (message.to_owned(), "everlit schedule install --force".to_owned());
        match crontab::line_of(&found.content) {
            Some((.., command)) if found.edited && !self.still_runs(found, &command) => {
                job_status.troubles.push(again("its line does not run everlit refresh for this folder"));
            }
            Some((minute, hour, _)) => job_status.next = next_at(now, hour, minute).map(When::At),
            None => job_status.troubles.push(again("its line is not the daily one that everlit writes")),
        }
        if found.edited && checksum::read(&found.content).is_some_and(|checksum| !checksum.edited) {
            job_status.troubles.push(again("the mark that ends its lines is missing"));
        }
        if let Err(problem) = self.usable() {
            job_status.next = None;
            job_status.troubles.push((problem.message, problem.next.to_string()));
        }
        job_status
    }

    /// The very line, with what cron gives it and nothing else: crontab(5).
    fn test_run(&self, found: &InstalledJob) -> Result<TestRun, Problem> {
        let (_, _, line) =
            crontab::line_of(&found.content).ok_or_else(|| Problem::internal("the block has no line"))?;
        let home = self.whose.home.clone().unwrap_or_else(|| PathBuf::from("/"));
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut environment = vec![
            pair("HOME", &home.to_string_lossy()),
            pair("LOGNAME", &self.whose.name),
            pair("USER", &self.whose.name),
            pair("PATH", "/usr/bin:/bin"),
            pair("SHELL", "/bin/sh"),
        ];
        for (name, value) in crontab::settings_above(&self.read()?, &found.label) {
            environment.retain(|(known, _)| *known != name);
            environment.push((name, value));
        }
        let shell =
            environment.iter().find(|(name, _)| name == "SHELL").map_or("/bin/sh", |(_, shell)| shell).to_owned();
        let message = if self.whose.other {
            vec!["su", "-s", shell.as_str(), self.whose.name.as_str(), "-c", line.as_str()]
        } else {
            vec![shell.as_str(), "-c", line.as_str()]
        };
        let folder = if self.machine.disk.list(&home).is_ok() { home.as_path() } else { Path::new("/") };
        let ended = match Programs::run_in(&message, &environment, folder, TRIAL) {
            Ok(ended) => ended,
            Err(why) => return Ok(TestRun::NotRun(why.message())),
        };
        Ok(match ended.code {
            // The shell's own: found and not started, not found.
            Some(126 | 127) | None => TestRun::NotRun(ended.failure()),
            Some(code) => TestRun::Ran { code, said: last_words(&ended) },
        })
    }

    fn unmanaged(&self, folder: &Path) -> Vec<UnmanagedJob> {
        let Ok(crontab) = self.read() else { return Vec::new() };
        let lines = crontab::unmanaged(&crontab).into_iter();
        lines
            .filter(|line| runs_folder(line, folder, self.whose.home.as_deref()))
            .map(|line| UnmanagedJob { place: self.place(), line: everlit_meta_api::redact(&line) })
            .collect()
    }

    fn written(&self, folder: &Path) -> Result<Vec<Written>, Problem> {
        let crontab = self.read_where_cron_is()?.unwrap_or_default();
        let ours =
            |block: &crontab::Block| checksum::read(&block.inside).is_some_and(|checksum| checksum.folder == folder);
        let theirs = |line: &str| runs_folder(line, folder, self.whose.home.as_deref());
        let text = crontab::lines_of(&crontab, ours, theirs);
        let is_any = text.lines().any(|line| !line.is_empty());
        let written = Written { place: self.place(), name: "crontab".into(), bytes: text.into_bytes() };
        Ok(is_any.then_some(written).into_iter().collect())
    }
}

/// Longer than a run over many accounts takes while Meta is slow.
pub(super) const TRIAL: Duration = Duration::from_secs(10 * 60);

/// What a person is to read of a run.
pub(super) fn last_words(ended: &Ended) -> String {
    let all = format!("{}\n{}", ended.text(), ended.stderr);
    let lines: Vec<&str> = all.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    everlit_meta_api::redact(&lines[lines.len().saturating_sub(4)..].join("; "))
}

/// Whether a cron runs that reads crontabs; `None` where that cannot be told.
fn daemon(disk: &dyn Disk) -> Option<bool> {
    const NAMES: [&str; 6] = ["cron", "crond", "fcron", "dcron", "cronie", "busybox"];
    let names = disk.list(Path::new("/proc")).ok()?;
    let numbers = names.iter().filter_map(|name| name.to_str()).filter(|name| name.bytes().all(|b| b.is_ascii_digit()));
    let name_of = |pid: &str| disk.read(&Path::new("/proc").join(pid).join("comm"), 64).ok();
    let mut seen_first = false;
    for pid in numbers {
        let Some(name) = name_of(pid) else { continue };
        seen_first |= pid == "1";
        let name = String::from_utf8_lossy(&name).trim().to_ascii_lowercase();
        let is_cron = NAMES[..5].contains(&name.as_str());
        // busybox's is called by the name of its applet, or by its own with the applet as the first word.
        let is_busybox = name == NAMES[5]
            && disk
                .read(&Path::new("/proc").join(pid).join("cmdline"), 4096)
                .is_ok_and(|message| message.split(|byte| *byte == 0).any(|word| word == b"crond"));
        if is_cron || is_busybox {
            return Some(true);
        }
    }
    // A /proc that hides the processes of others (hidepid) shows no process 1 either.
    seen_first.then_some(false)
}

/// The next time that it is so late in the machine's time zone, which is cron's.
pub(super) fn next_at(now: Timestamp, hour: u8, minute: u8) -> Option<Timestamp> {
    let zone = jiff::tz::TimeZone::system();
    let now = jiff::Timestamp::from_second(now.as_unix()).ok()?.to_zoned(zone);
    let time = jiff::civil::time(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0);
    let at = |date: jiff::civil::Date| date.to_datetime(time).to_zoned(now.time_zone().clone()).ok();
    let today = at(now.date())?;
    let next = if today > now { today } else { at(now.date().tomorrow().ok()?)? };
    Some(Timestamp::from_unix(next.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(code: i32, stderr: &str) -> Ended {
        Ended { code: Some(code), stdout: Vec::new(), stderr: stderr.to_owned() }
    }

    #[test]
    fn a_user_without_a_crontab_is_told_from_one_whose_crontab_cannot_be_read() {
        assert!(is_empty(&ended(1, "no crontab for ada\n")));
        assert!(is_empty(&ended(1, "crontab: no crontab for ada")));
        assert!(is_empty(&ended(1, "crontab: can't open 'ada': No such file or directory\n")));
        assert!(!is_empty(&ended(1, "You (ada) are not allowed to use this program (crontab)\n")));
        assert!(!is_empty(&ended(1, "crontabs/ada/: fopen: Permission denied\n")));
    }

    #[test]
    fn the_block_holds_what_is_rendered_and_a_stamp_that_fits_it() {
        let job = Job::new(Path::new("/usr/bin/everlit"), Path::new("/srv/a %b"), "web1").unwrap();
        let block = Cron::block(&job).unwrap();
        let found = crontab::blocks(block.as_bytes());
        assert_eq!(found.len(), 1, "{block}");
        let checksum = checksum::read(&found[0].inside).unwrap();
        assert_eq!((checksum.folder, checksum.edited), (PathBuf::from("/srv/a %b"), false));
        let (_, _, line) = crontab::line_of(&found[0].inside).unwrap();
        assert!(line.ends_with("refresh --quiet --no-input") && line.contains("'/srv/a '%'b'"), "{line}");
        assert_eq!(cron::find_block(&block, job.label()), Some(block.as_str()));
    }
}
