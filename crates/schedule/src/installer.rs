//! What everlit asks of a scheduler into which it installs jobs.

use std::io;
use std::path::{Path, PathBuf};

use everlit_disk::Disk;
use everlit_keeper::Step;
use everlit_meta_api::Timestamp;

use crate::{Action, GeneratedFile, Job, ScheduleError, Scheduler};

/// A scheduler of this machine, as far as everlit uses it.
pub trait Installer {
    /// Which one it is.
    fn scheduler(&self) -> Scheduler;

    /// The scheduler and its user, for a person: `crontab of ada`.
    fn place(&self) -> String;

    /// Whether it is installed, answers, and would start a job.
    fn check_usable(&self) -> Result<(), ScheduleError>;

    /// everlit's jobs in it, for all folders. Empty if the scheduler is not installed.
    fn installed(&self) -> Result<Vec<InstalledJob>, ScheduleError>;

    /// The [`InstalledJob::content`] that this job would have.
    fn content(&self, job: &Job) -> Result<Vec<u8>, ScheduleError>;

    /// The files or lines of the job, as they will be.
    fn files(&self, job: &Job) -> Result<Vec<GeneratedFile>, ScheduleError>;

    /// The actions that install the job, in place of its own older version, and remove obsolete jobs of other labels.
    fn install(&self, job: &Job, obsolete: &[&InstalledJob]) -> Result<Vec<Action>, ScheduleError>;

    /// The actions that remove jobs.
    fn remove(&self, obsolete: &[&InstalledJob]) -> Result<Vec<Action>, ScheduleError>;

    /// Asks the scheduler about a job.
    fn ask_status(&self, job: &InstalledJob, now: Timestamp) -> JobStatus;

    /// The status of a job. An edited one always has a problem: nobody has checked what it does now.
    fn status(&self, job: &InstalledJob, now: Timestamp) -> JobStatus {
        let mut status = self.ask_status(job, now);
        if job.edited {
            status.add_problem(
                "edited by hand: it is no longer what everlit wrote, and may not refresh this folder",
                Step::everlit("schedule install --force").with_note("this discards the edits"),
            );
        }
        status
    }

    /// Runs the job once, the way the scheduler does.
    fn test_run(&self, job: &InstalledJob) -> Result<TestRun, ScheduleError>;

    /// Jobs of other tools that refresh the folder.
    fn unmanaged(&self, folder: &Path) -> Vec<UnmanagedJob>;

    /// The definitions of all jobs that refresh the folder. Empty if the scheduler is not installed.
    fn definitions(&self, folder: &Path) -> Result<Vec<Definition>, ScheduleError>;
}

/// A job of everlit's in a scheduler.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InstalledJob {
    /// Which scheduler.
    pub scheduler: Scheduler,
    /// `everlit-bakery-1a2b3c4d`.
    pub label: String,
    /// Where it is, for a person.
    pub place: String,
    /// The project folder; `None` if it can no longer be read.
    pub folder: Option<PathBuf>,
    /// What is installed, in the form of [`Installer::content`].
    pub content: Vec<u8>,
    /// Whether somebody has edited it by hand.
    pub edited: bool,
}

impl InstalledJob {
    /// Whether it runs for this folder. The label decides if the scheduler mangles the folder's name.
    pub fn is_of(&self, folder: &Path) -> bool {
        self.folder.as_deref() == Some(folder) || Job::label_of(folder).is_ok_and(|label| label == self.label)
    }

    /// Whether its folder no longer exists.
    pub fn is_gone(&self, disk: &dyn Disk) -> bool {
        let gone = |folder: &Path| disk.stat(folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        self.folder.as_deref().is_some_and(gone)
    }

    /// The folder for a person.
    pub fn shown_folder(&self) -> String {
        self.folder.as_deref().unwrap_or_else(|| Path::new("?")).display().to_string()
    }
}

/// A job that everlit did not install.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnmanagedJob {
    /// Where it is, for a person.
    pub place: String,
    /// Its line or its name.
    pub line: String,
}

/// The text that makes a scheduler run something, as [`crate::read::file`] reads it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Definition {
    /// Where it is, for a person.
    pub place: String,
    /// A file name, whose extension tells the format.
    pub name: PathBuf,
    /// The text.
    pub bytes: Vec<u8>,
    /// Why the scheduler will not run it, whatever the text says.
    pub problems: Vec<String>,
}

/// What the scheduler says about a job.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct JobStatus {
    /// The next run.
    pub next_run: Option<RunTime>,
    /// The last run.
    pub last_run: Option<RunTime>,
    /// The result of the last run: `success`, `exit code 3`.
    pub last_result: Option<String>,
    /// Why it will not run, or not always.
    pub problems: Vec<JobProblem>,
}

/// Why a job will not run, or not always.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct JobProblem {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub fix: Step,
}

impl JobStatus {
    /// Whether the job will run.
    pub fn works(&self) -> bool {
        self.problems.is_empty()
    }

    /// What is wrong, for a person.
    pub(crate) fn messages(self) -> Vec<String> {
        self.problems.into_iter().map(|problem| problem.message).collect()
    }

    pub(crate) fn add_problem(&mut self, message: impl Into<String>, fix: Step) {
        self.problems.push(JobProblem { message: message.into(), fix });
    }

    /// A problem that a new installation solves.
    pub(crate) fn add_reinstall(&mut self, message: impl Into<String>) {
        self.add_problem(message, Step::everlit("schedule install"));
    }

    /// Sets the result of the last run.
    pub(crate) fn set_exit_code(&mut self, code: i64) {
        self.last_result = Some(if code == 0 { "success".to_owned() } else { format!("exit code {code}") });
    }
}

/// The time of a run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RunTime {
    /// An instant.
    At(Timestamp),
    /// The scheduler's text, in the date format of the machine's language.
    Text(String),
}

/// The outcome of a test run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TestRun {
    /// The program ran.
    Finished {
        /// Its exit code.
        code: i32,
        /// Its last lines of output.
        output: String,
    },
    /// The program did not start, or was killed; why.
    NotStarted(String),
    /// The scheduler has started it and will know the result later.
    Started,
}
