//! Installs blocks through `crontab` alone and never changes other people's lines.

use std::path::Path;

use everlit_disk::Disk;
use everlit_host::{Ended, NotRun, Programs};
use everlit_keeper::Step;
use everlit_meta_api::Timestamp;

use super::{crontab, render};
use crate::checksum::footer;
use crate::installer::{Definition, InstalledJob, Installer, JobStatus, RunTime, TestRun, UnmanagedJob};
use crate::machine::{TEST_RUN_DEADLINE, last_lines};
use crate::unmanaged::runs_folder;
use crate::{Action, ErrorClass, GeneratedFile, Job, Machine, ScheduleError, Scheduler, User};

pub(crate) struct Cron<'a> {
    pub(crate) machine: Machine<'a>,
    pub(crate) user: User,
}

impl Cron<'_> {
    /// A `crontab` command line for the user.
    fn argv<'w>(&'w self, arguments: &[&'w str]) -> Vec<&'w str> {
        let user: &[&str] = if self.user.is_other { &["-u", &self.user.name] } else { &[] };
        [&["crontab"], user, arguments].concat()
    }

    /// The crontab; empty if the user has none.
    fn read(&self) -> Result<Vec<u8>, ScheduleError> {
        self.read_if_installed()?.ok_or_else(|| ScheduleError::not_run(&self.argv(&["-l"]), NotRun::Absent))
    }

    /// The crontab; `None` on a machine without `crontab`.
    fn read_if_installed(&self) -> Result<Option<Vec<u8>>, ScheduleError> {
        let argv = self.argv(&["-l"]);
        match self.machine.run_if_installed(&argv)? {
            Some(ended) if ended.well() => Ok(Some(ended.stdout)),
            Some(ended) if is_empty(&ended) => Ok(Some(Vec::new())),
            // Debian: "You (ada) are not allowed to use this program (crontab)"; cronie: "... are not allowed to use ...".
            Some(ended) if ended.stderr.contains("not allowed to use") => {
                let user = &self.user.name;
                Err(ScheduleError::Unusable {
                    message: format!("{user} may not have a crontab, according to /etc/cron.allow or /etc/cron.deny"),
                    class: ErrorClass::Person,
                    step: Step::note(
                        "ask an administrator to add the user to /etc/cron.allow, or pick another scheduler with --with",
                    ),
                })
            }
            Some(ended) => Err(ScheduleError::failed(&argv, &ended)),
            None => Ok(None),
        }
    }

    /// The variables that cron sets for the block's command, and no others (crontab(5)).
    fn environment(&self, label: &str) -> Result<Vec<(String, String)>, ScheduleError> {
        let home = self.user.home_or_root();
        let own = [
            ("HOME", &*home.to_string_lossy()),
            ("LOGNAME", &self.user.name),
            ("USER", &self.user.name),
            ("PATH", "/usr/bin:/bin"),
            ("SHELL", "/bin/sh"),
        ];
        let mut environment: Vec<_> = own.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        for (name, value) in crontab::settings_above(&self.read()?, label) {
            environment.retain(|(known, _)| *known != name);
            environment.push((name, value));
        }
        Ok(environment)
    }
}

/// Whether the user just has no crontab: Debian and cronie say so; busybox cannot open its file; without any crontab, the
/// folder of crontabs may not exist.
fn is_empty(ended: &Ended) -> bool {
    let stderr = ended.stderr.to_ascii_lowercase();
    stderr.contains("no crontab for") || stderr.contains("no such file or directory")
}

impl Installer for Cron<'_> {
    fn scheduler(&self) -> Scheduler {
        Scheduler::Cron
    }

    fn place(&self) -> String {
        format!("crontab of {}", self.user.name)
    }

    fn check_usable(&self) -> Result<(), ScheduleError> {
        self.read()?;
        if is_running(self.machine.disk) != Some(false) {
            return Ok(());
        }
        Err(ScheduleError::Unusable {
            message: "crontab is installed, but cron is not running".to_owned(),
            class: ErrorClass::Person,
            step: Step::shell("systemctl enable --now cron")
                .with_note("or service cron start; in a container, use everlit refresh --watch instead"),
        })
    }

    fn installed(&self) -> Result<Vec<InstalledJob>, ScheduleError> {
        let crontab = self.read_if_installed()?.unwrap_or_default();
        let found = crontab::blocks(&crontab).into_iter().map(|block| {
            let footer = footer(&block.inside);
            InstalledJob {
                scheduler: Scheduler::Cron,
                label: block.label,
                place: self.place(),
                edited: !block.is_ended || footer.as_ref().is_none_or(|footer| footer.edited),
                folder: footer.map(|footer| footer.folder),
                content: block.inside,
            }
        });
        Ok(found.collect())
    }

    fn content(&self, job: &Job) -> Result<Vec<u8>, ScheduleError> {
        let block = render::block(job)?;
        Ok(crontab::blocks(block.as_bytes()).into_iter().flat_map(|block| block.inside).collect())
    }

    fn files(&self, job: &Job) -> Result<Vec<GeneratedFile>, ScheduleError> {
        Ok(render::render(job)?)
    }

    fn install(&self, job: &Job, obsolete: &[&InstalledJob]) -> Result<Vec<Action>, ScheduleError> {
        let is_obsolete = |block: &crontab::Block| {
            block.label == job.label() || obsolete.iter().any(|gone| gone.label == block.label)
        };
        let new = crontab::with(&self.read()?, &render::block(job)?, is_obsolete);
        Ok(vec![Action::run_with_input(&self.argv(&["-"]), new)])
    }

    fn remove(&self, obsolete: &[&InstalledJob]) -> Result<Vec<Action>, ScheduleError> {
        let rest = crontab::without(&self.read()?, |block| obsolete.iter().any(|gone| gone.label == block.label));
        // An empty crontab would be a file that was not there before.
        let action = if rest.is_empty() {
            Action::run(&self.argv(&["-r"]))
        } else {
            Action::run_with_input(&self.argv(&["-"]), rest)
        };
        Ok(vec![action])
    }

    fn ask_status(&self, job: &InstalledJob, now: Timestamp) -> JobStatus {
        let mut status = JobStatus::default();
        match self.check_usable() {
            Ok(()) => {
                let line = crontab::daily_line(&job.content);
                status.next_run = line.and_then(|(time, _)| time.next_after(now)).map(RunTime::At);
            }
            Err(error) => status.add_problem(error.to_string(), error.next_step()),
        }
        status
    }

    /// Runs the very line, with cron's environment.
    fn test_run(&self, job: &InstalledJob) -> Result<TestRun, ScheduleError> {
        let Some((_, line)) = crontab::daily_line(&job.content) else {
            return Ok(TestRun::NotStarted("the block has no daily line".to_owned()));
        };
        let environment = self.environment(&job.label)?;
        let shell = environment.iter().find(|(name, _)| name == "SHELL").map_or("/bin/sh", |(_, shell)| shell);
        let argv = if self.user.is_other {
            vec!["su", "-s", shell, &self.user.name, "-c", &line]
        } else {
            vec![shell, "-c", &line]
        };
        let home = self.user.home_or_root();
        let folder = if self.machine.disk.list(&home).is_ok() { home.as_path() } else { Path::new("/") };
        Ok(match Programs::run_in(&argv, &environment, folder, None, TEST_RUN_DEADLINE) {
            Err(error) => TestRun::NotStarted(error.message()),
            // The shell's own codes: found but not started, not found.
            Ok(ended @ Ended { code: Some(126 | 127) | None, .. }) => TestRun::NotStarted(ended.failure()),
            Ok(ended) => TestRun::Finished { code: ended.code.unwrap_or_default(), output: last_lines(&ended) },
        })
    }

    fn unmanaged(&self, folder: &Path) -> Vec<UnmanagedJob> {
        let Ok(crontab) = self.read() else { return Vec::new() };
        let lines = crontab::unmanaged(&crontab).into_iter();
        lines
            .filter(|line| runs_folder(line, folder, self.user.home.as_deref()))
            .map(|line| UnmanagedJob { place: self.place(), line: everlit_meta_api::redact(&line) })
            .collect()
    }

    fn definitions(&self, folder: &Path) -> Result<Vec<Definition>, ScheduleError> {
        let crontab = self.read_if_installed()?.unwrap_or_default();
        let is_ours = |block: &crontab::Block| footer(&block.inside).is_some_and(|footer| footer.folder == folder);
        let is_theirs = |line: &str| runs_folder(line, folder, self.user.home.as_deref());
        let text = crontab::lines_of(&crontab, is_ours, is_theirs);
        let is_any = text.lines().any(|line| !line.is_empty());
        if !is_any {
            return Ok(Vec::new());
        }
        let problems = self.check_usable().err().map(|error| error.to_string()).into_iter().collect();
        let (place, bytes) = (self.place(), text.into_bytes());
        Ok(vec![Definition { place, name: "crontab".into(), bytes, problems }])
    }
}

/// Whether a cron daemon is running; `None` if that cannot be determined.
fn is_running(disk: &dyn Disk) -> Option<bool> {
    const NAMES: [&str; 5] = ["cron", "crond", "fcron", "dcron", "cronie"];
    let names = disk.list(Path::new("/proc")).ok()?;
    let pids = names.iter().filter_map(|name| name.to_str()).filter(|name| name.bytes().all(|b| b.is_ascii_digit()));
    let read = |pid: &str, file: &str, most| disk.read(&Path::new("/proc").join(pid).join(file), most);
    let mut seen_first = false;
    for pid in pids {
        let Ok(name) = read(pid, "comm", 64) else { continue };
        seen_first |= pid == "1";
        let name = String::from_utf8_lossy(&name).trim().to_ascii_lowercase();
        // busybox's daemon has the name of its applet, or busybox's own with the applet as the first word.
        let is_busybox = || {
            name == "busybox"
                && read(pid, "cmdline", 4096)
                    .is_ok_and(|argv| argv.split(|byte| *byte == 0).any(|word| word == b"crond"))
        };
        if NAMES.contains(&name.as_str()) || is_busybox() {
            return Some(true);
        }
    }
    // A /proc that hides other users' processes (hidepid) hides process 1, too.
    seen_first.then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_crontab_is_told_from_an_unreadable_one() {
        let ended = |stderr: &str| Ended { code: Some(1), stdout: Vec::new(), stderr: stderr.to_owned() };
        assert!(is_empty(&ended("no crontab for ada\n")));
        assert!(is_empty(&ended("crontab: no crontab for ada")));
        assert!(is_empty(&ended("crontab: can't open 'ada': No such file or directory\n")));
        assert!(is_empty(&ended("/var/spool/cron: No such file or directory\n")));
        assert!(!is_empty(&ended("You (ada) are not allowed to use this program (crontab)\n")));
        assert!(!is_empty(&ended("crontabs/ada/: fopen: Permission denied\n")));
    }

    #[test]
    fn a_rendered_block_has_a_valid_footer_and_its_line() {
        let job = Job::new(Path::new("/usr/bin/everlit"), Path::new("/srv/a %b"), "web1").unwrap();
        let block = render::block(&job).unwrap();
        let found = crontab::blocks(block.as_bytes());
        assert_eq!((found.len(), found[0].label.as_str()), (1, job.label()), "{block}");
        let footer = footer(&found[0].inside).unwrap();
        assert_eq!((footer.folder.as_path(), footer.edited), (Path::new("/srv/a %b"), false));
        let (time, line) = crontab::daily_line(&found[0].inside).unwrap();
        assert_eq!(time, job.time());
        assert!(line.ends_with("refresh --quiet --no-input") && line.contains("'/srv/a '%'b'"), "{line}");
    }
}
