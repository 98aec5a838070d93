//! This machine: which schedulers it has, whose they are, and what everlit has put into them.

use std::path::{Path, PathBuf};

use everlit_disk::{Disk, ReplaceOptions, replace};
use everlit_meta_api::Timestamp;
use everlit_schedule::{Job, Scheduler};

use crate::output::exit::Exit;
use crate::output::problem::Problem;
use everlit_host::{Ended, NotRun, Programs};
use everlit_host::{Environment, user_id};

use super::cron::Cron;
use super::launchd::Launchd;
use super::systemd::Systemd;
use super::windows::Windows;

/// What every scheduler's module works with.
#[derive(Clone, Copy)]
pub(crate) struct Machine<'a> {
    pub(super) environment: &'a Environment,
    pub(super) disk: &'a dyn Disk,
    pub(super) programs: Programs<'a>,
}

/// A scheduler of this machine, as far as everlit uses it.
pub(super) trait Manager {
    fn scheduler(&self) -> Scheduler;

    /// Whose it is, for a person: `crontab of ada`.
    fn place(&self) -> String;

    /// Whether it is here, answers, and would start a job.
    fn usable(&self) -> Result<(), Problem>;

    /// What everlit has put there, for whatever folder. Empty where the scheduler is absent.
    fn found(&self) -> Result<Vec<InstalledJob>, Problem>;

    /// What [`InstalledJob::content`] would be for this job.
    fn content(&self, job: &Job) -> Result<Vec<u8>, Problem>;

    /// What puts it there, in place of what of everlit's is to go.
    fn installation(&self, job: &Job, obsolete: &[&InstalledJob]) -> Result<Vec<Step>, Problem>;

    /// What takes it away.
    fn removal(&self, obsolete: &[&InstalledJob]) -> Result<Vec<Step>, Problem>;

    /// Asks the scheduler itself.
    fn job_status(&self, found: &InstalledJob, now: Timestamp) -> JobStatus;

    /// Runs the job once, as the scheduler will.
    fn test_run(&self, found: &InstalledJob) -> Result<TestRun, Problem>;

    /// Lines of other tools that do the same for the folder.
    fn unmanaged(&self, folder: &Path) -> Vec<UnmanagedJob>;

    /// When all of them run, everlit's own and the others, in the scheduler's own words. Empty where it is absent.
    fn written(&self, folder: &Path) -> Result<Vec<Written>, Problem>;
}

/// Something of everlit's in a scheduler.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct InstalledJob {
    pub(crate) scheduler: Scheduler,
    /// `everlit-bakery-1a2b3c4d`.
    pub(crate) label: String,
    /// Where it stands, for a person.
    pub(crate) place: String,
    /// The project it runs for; `None` where that can no longer be read.
    pub(crate) folder: Option<PathBuf>,
    /// What stands there, in the form of [`Manager::content`].
    pub(super) content: Vec<u8>,
    /// Somebody has changed it by hand.
    pub(crate) edited: bool,
}

/// A schedule for the folder that everlit did not install.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct UnmanagedJob {
    pub(crate) place: String,
    pub(crate) line: String,
}

/// What makes a scheduler run something for the folder, as [`everlit_schedule::read::file`] reads it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Written {
    /// Where it stands, for a person.
    pub(super) place: String,
    /// A name by whose ending the form is known.
    pub(super) name: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// What the scheduler says of a job.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct JobStatus {
    pub(crate) next: Option<When>,
    pub(crate) last: Option<When>,
    /// How the last run ended, in words.
    pub(crate) result: Option<String>,
    /// Why it will not run, or not always. Each with what to do.
    pub(crate) troubles: Vec<(String, String)>,
}

/// A time that a scheduler tells.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum When {
    At(Timestamp),
    /// In the words of a machine whose dates are not to be understood.
    Said(String),
}

/// How a run in the scheduler's own surroundings ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum TestRun {
    /// The program ran and ended with this code; its last words.
    Ran { code: i32, said: String },
    /// It was not even started, or was ended; why.
    NotRun(String),
    /// The scheduler has started it and says nothing of its end yet.
    Started,
}

/// One thing that is done to the machine. Doing it twice does no harm.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Step {
    Write { path: PathBuf, bytes: Vec<u8> },
    Remove { path: PathBuf },
    Run { message: Vec<String>, input: Option<Vec<u8>>, may_fail: bool },
}

impl Step {
    pub(super) fn run(message: &[&str]) -> Self {
        Self::Run { message: owned(message), input: None, may_fail: false }
    }

    pub(super) fn try_run(message: &[&str]) -> Self {
        Self::Run { message: owned(message), input: None, may_fail: true }
    }

    pub(super) fn give(message: &[&str], input: Vec<u8>) -> Self {
        Self::Run { message: owned(message), input: Some(input), may_fail: false }
    }

    /// For a person: `write /etc/systemd/system/...`, `run systemctl ...`.
    pub(super) fn message(&self) -> String {
        match self {
            Self::Write { path, .. } => format!("write {}", path.display()),
            Self::Remove { path } => format!("remove {}", path.display()),
            Self::Run { message, .. } => format!("run {}", message.join(" ")),
        }
    }
}

fn owned(message: &[&str]) -> Vec<String> {
    message.iter().map(|word| (*word).to_owned()).collect()
}

impl<'a> Machine<'a> {
    pub(crate) fn new(environment: &'a Environment, disk: &'a dyn Disk) -> Self {
        Self { environment, disk, programs: Programs::new(environment) }
    }

    /// The schedulers that everlit would choose among for a job of this folder, the best one first.
    pub(super) fn choice(self, whose: &User) -> Vec<Box<dyn Manager + 'a>> {
        let by_root = user_id() == Some(0);
        let of_here: &[Scheduler] = match std::env::consts::OS {
            "macos" => &[Scheduler::Launchd, Scheduler::Cron],
            "windows" => &[Scheduler::Windows],
            "linux" if by_root => &[Scheduler::SystemdSystem, Scheduler::Cron],
            "linux" => &[Scheduler::SystemdUser, Scheduler::Cron],
            _ => &[Scheduler::Cron],
        };
        of_here.iter().filter_map(|scheduler| self.manager(*scheduler, whose)).collect()
    }

    /// All that may hold one, put there by whomever.
    pub(super) fn all(self, whose: &User) -> Vec<Box<dyn Manager + 'a>> {
        Self::INSTALLABLE.iter().filter_map(|scheduler| self.manager(*scheduler, whose)).collect()
    }

    const INSTALLABLE: [Scheduler; 5] =
        [Scheduler::SystemdSystem, Scheduler::SystemdUser, Scheduler::Cron, Scheduler::Launchd, Scheduler::Windows];

    /// The one that was asked for, whether or not it is usable.
    pub(super) fn manager(self, scheduler: Scheduler, whose: &User) -> Option<Box<dyn Manager + 'a>> {
        Some(match scheduler {
            Scheduler::SystemdSystem => Box::new(Systemd::of_system(self, whose.clone())),
            Scheduler::SystemdUser => Box::new(Systemd::of_user(self, whose.clone())),
            Scheduler::Cron => Box::new(Cron::new(self, whose.clone())),
            Scheduler::Launchd => Box::new(Launchd::new(self, whose.clone())),
            Scheduler::Windows => Box::new(Windows::new(self)),
            _ => return None,
        })
    }

    /// Does the steps, one after the other; the first that fails ends it.
    pub(super) fn carry_out(self, steps: &[Step]) -> Result<(), Problem> {
        steps.iter().try_for_each(|step| self.do_step(step))
    }

    fn do_step(self, step: &Step) -> Result<(), Problem> {
        match step {
            Step::Write { path, bytes } => {
                let folder = path.parent().unwrap_or_else(|| Path::new("/"));
                let made = everlit_disk::create_folder(self.disk, folder);
                made.map_err(|error| not_written(path, &error.to_string()))?;
                // Units are read by the service manager and shown by its tools; nothing in them is secret.
                let options = ReplaceOptions { mode_when_new: 0o644, ..ReplaceOptions::default() };
                replace(self.disk, path, bytes, &options).map_err(|error| not_written(path, &error.to_string()))
            }
            Step::Remove { path } => match self.disk.remove(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(not_written(path, &error.to_string()))
                }
                _ => Ok(()),
            },
            Step::Run { message, input, may_fail } => {
                let message: Vec<&str> = message.iter().map(String::as_str).collect();
                match self.programs.give(&message, input.as_deref()) {
                    Ok(ended) if ended.well() || *may_fail => Ok(()),
                    Ok(ended) => Err(refused(&message, &ended)),
                    Err(_) if *may_fail => Ok(()),
                    Err(why) => Err(not_run(&message, &why)),
                }
            }
        }
    }
}

fn not_written(path: &Path, why: &str) -> Problem {
    Problem::of(Exit::NotSaved, format!("cannot change {}: {why}", path.display()))
        .with_next("make it writable, or choose another way with --with")
}

/// A program of the machine has refused.
pub(super) fn refused(message: &[&str], ended: &Ended) -> Problem {
    const DENIED: [&str; 5] = ["denied", "not permitted", "authentication required", "not privileged", "must be root"];
    let failure = ended.failure();
    let message = format!("`{}` failed: {failure}", message.join(" "));
    let failure = failure.to_ascii_lowercase();
    if DENIED.iter().any(|word| failure.contains(word)) {
        return Problem::of(Exit::Person, message)
            .with_next("run it as a user who may (sudo), or choose another way with --with");
    }
    Problem::config(message).with_next("everlit schedule show")
}

pub(super) fn not_run(message: &[&str], why: &NotRun) -> Problem {
    let name = message.first().copied().unwrap_or_default();
    let exit = if *why == NotRun::TimedOut { Exit::Temporary } else { Exit::Config };
    Problem::of(exit, format!("`{name}` cannot be run: {}", why.message()))
        .with_next("everlit schedule install takes what this machine has")
}

/// Who the job runs as: the owner of the project, where root asks for it; else whoever asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct User {
    pub(super) uid: Option<u32>,
    pub(super) name: String,
    pub(super) home: Option<PathBuf>,
    /// It is somebody else than who asks.
    pub(super) other: bool,
}

impl User {
    /// Root asks for a folder of ada's: the run is ada's, for she could not write what root has left there.
    pub(crate) fn of_folder(machine: Machine<'_>, folder: &Path) -> Result<Self, Problem> {
        let own = user_id();
        let home = || machine.environment.variable("HOME").or_else(|| machine.environment.variable("USERPROFILE"));
        let owner = machine.disk.stat(folder).ok().map(|stat| stat.uid);
        let (Some(own), Some(owner)) = (own, owner) else {
            let name = machine.environment.variable("USERNAME").unwrap_or("this user").to_owned();
            return Ok(Self { uid: None, name, home: home().map(PathBuf::from), other: false });
        };
        if own != 0 || owner == 0 {
            let name = name_of(machine, own)?;
            return Ok(Self { uid: Some(own), name, home: home().map(PathBuf::from), other: false });
        }
        let name = name_of(machine, owner)?;
        Ok(Self { uid: Some(owner), home: home_of(machine, &name), name, other: true })
    }
}

fn name_of(machine: Machine<'_>, uid: u32) -> Result<String, Problem> {
    let message = ["id", "-nu", &uid.to_string()];
    let ended = machine.programs.ask(&message).map_err(|why| not_run(&message, &why))?;
    let name = ended.text().trim().to_owned();
    if ended.well() && !name.is_empty() {
        return Ok(name);
    }
    Err(Problem::config(format!("the folder belongs to user number {uid}, who has no name on this machine"))
        .with_next("give the folder to a user of this machine (chown), then everlit schedule install"))
}

fn home_of(machine: Machine<'_>, name: &str) -> Option<PathBuf> {
    let ended = machine.programs.ask(&["getent", "passwd", name]).ok()?;
    ended.text().trim().split(':').nth(5).filter(|home| home.starts_with('/')).map(PathBuf::from)
}
