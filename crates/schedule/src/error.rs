//! Why a schedule cannot be written, installed or removed.

use std::io;
use std::path::{Path, PathBuf};

use everlit_disk::ReplaceError;
use everlit_host::{Ended, NotRun};
use everlit_keeper::Step;

use crate::Scheduler;

/// Why no schedule can be written for a job. The message holds no secret.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JobError {
    /// A relative path: schedulers start programs in folders of their own.
    #[error("{what} must be an absolute path, not `{}`", path.escape_debug())]
    NotAbsolute {
        /// What the path is for.
        what: &'static str,
        /// The path as given.
        path: String,
    },
    /// A path that is not Unicode: XML, JSON and YAML cannot hold it.
    #[error("{what} is not Unicode text ({shown})")]
    NotText {
        /// What the path is for.
        what: &'static str,
        /// The path with the invalid parts escaped.
        shown: String,
    },
    /// A newline or another character at which some scheduler ends the line.
    #[error("{what} contains {} (U+{:04X}), which schedulers cannot handle", name_of(*found), u32::from(*found))]
    BadCharacter {
        /// Where it is.
        what: &'static str,
        /// The first such character.
        found: char,
    },
    /// The scheduler's format cannot express it.
    #[error("{scheduler} cannot handle {what}: {why}")]
    Unwritable {
        /// The scheduler.
        scheduler: Scheduler,
        /// What, such as `the program's path`.
        what: &'static str,
        /// Why not.
        why: &'static str,
    },
    /// The line would be longer than the scheduler reads.
    #[error("the line for {scheduler} would have {len} bytes, and {scheduler} reads only {most}: shorten the paths")]
    TooLong {
        /// The scheduler.
        scheduler: Scheduler,
        /// The length of the line in bytes.
        len: usize,
        /// The longest line that it reads.
        most: usize,
    },
    /// A system service without a user would run as root.
    #[error("{0} needs the name of the user to run as")]
    UserMissing(Scheduler),
    /// The scheduler belongs to another system.
    #[error("{0} does not run on Windows, and the paths of the program and the folder are those of Windows")]
    WindowsPath(Scheduler),
    /// Not a valid user name.
    #[error("`{}` is not a user name", .0.escape_debug())]
    BadUser(String),
    /// Nothing brings the token to a machine whose disk does not survive.
    #[error("{0} keeps no files: each account's token must come from a target with `source = true`")]
    NoSource(Scheduler),
    /// A flag of a run that is started elsewhere.
    #[error("{scheduler} runs everlit with everlit.toml alone, so {flag} does not reach it")]
    FlagElsewhere {
        /// The scheduler.
        scheduler: Scheduler,
        /// The flag.
        flag: String,
    },
    /// A container sees only the project folder.
    #[error("{path} is outside the project folder, so the container cannot see it")]
    OutsideFolder {
        /// The path.
        path: String,
    },
}

fn name_of(found: char) -> &'static str {
    match found {
        '\n' | '\r' => "a line break",
        _ => "an invisible character",
    }
}

impl JobError {
    /// What a person should do.
    pub fn next_step(&self) -> Step {
        match self {
            Self::OutsideFolder { .. } => {
                Step::note("move it into the project folder, or use a scheduler of the machine")
            }
            Self::WindowsPath(_) => {
                Step::everlit("schedule print windows").with_note("or print it on the machine that is to run it")
            }
            Self::NoSource(scheduler) => {
                let kind = match scheduler {
                    Scheduler::CloudRun => "gcp-secret --set project=PROJECT",
                    Scheduler::Azure => "azure-keyvault --set url=https://VAULT.vault.azure.net",
                    _ => "aws-ssm --set key=/site/ig-token",
                };
                Step::everlit(&format!("target add store --kind {kind} --set source=true"))
                    .with_note("or another kind that docs/hosted.md of everlit names")
            }
            Self::FlagElsewhere { .. } => {
                Step::note("set it in everlit.toml, and leave out the flag and its EVERLIT_ variable")
            }
            Self::UserMissing(_) | Self::BadUser(_) => Step::everlit("schedule print systemd --user NAME"),
            _ => Step::note("rename or move it, then try again"),
        }
    }
}

/// Why a job was not installed, removed or examined. The message holds no secret.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The job cannot be written for this scheduler.
    #[error(transparent)]
    Job(#[from] JobError),
    /// A file of the scheduler's cannot be written or removed.
    #[error(transparent)]
    NotWritten(#[from] ReplaceError),
    /// A program of the machine exited with an error.
    #[error("`{command}` failed: {reason}")]
    CommandFailed {
        /// The command line.
        command: String,
        /// What the program said.
        reason: String,
        /// Whether another user may do it.
        denied: bool,
    },
    /// A program of the machine could not be run to its end.
    #[error("{}", not_run(program, error))]
    CommandNotRun {
        /// The program.
        program: String,
        /// Why not.
        error: NotRun,
    },
    /// The scheduler is installed, but the user may not use it, or it is not running.
    #[error("{message}")]
    Unusable {
        /// Why.
        message: String,
        /// Who can help.
        class: ErrorClass,
        /// What a person should do.
        step: Step,
    },
    /// The owner of the project folder is not a user of this machine.
    #[error("the folder belongs to user ID {uid}, which has no name on this machine")]
    UnknownUser {
        /// The user ID.
        uid: u32,
    },
    /// Somebody has edited the job by hand.
    #[error("the job in {place} was edited by hand; left unchanged")]
    Edited {
        /// Where the job is.
        place: String,
        /// The command that was run, `install` or `remove`.
        command: &'static str,
    },
    /// A file that is there already and may be somebody's own.
    #[error("{} is there already with other content; nothing was written", path.display())]
    Occupied {
        /// The file.
        path: PathBuf,
    },
    /// The job was installed but is not there, or removed but still there.
    #[error("the {command} had no effect: another program changes {place}")]
    Undone {
        /// Where the job should be, or not be.
        place: String,
        /// The command that was run, `install` or `remove`.
        command: &'static str,
    },
    /// None of the schedulers can be used; one reason for each.
    #[error("no scheduler found: {}", joined(.0))]
    NoScheduler(Vec<Self>),
    /// A scheduler whose files are only printed.
    #[error("everlit cannot install jobs into {0}, only print its files")]
    NotInstallable(Scheduler),
}

/// Who can help.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum ErrorClass {
    /// Trying again may help.
    Temporary,
    /// Something has to be configured differently.
    Config,
    /// A person with other rights must act.
    Person,
    /// A file could not be written.
    NotSaved,
}

impl ScheduleError {
    pub(crate) fn failed(argv: &[&str], ended: &Ended) -> Self {
        const DENIED: [&str; 5] =
            ["denied", "not permitted", "authentication required", "not privileged", "must be root"];
        let reason = ended.failure();
        let lower = reason.to_ascii_lowercase();
        Self::CommandFailed { command: argv.join(" "), denied: DENIED.iter().any(|word| lower.contains(word)), reason }
    }

    pub(crate) fn not_run(argv: &[&str], error: NotRun) -> Self {
        Self::CommandNotRun { program: argv.first().copied().unwrap_or_default().to_owned(), error }
    }

    /// The scheduler is installed, but not running for this user, as its program said.
    pub(crate) fn not_running(what: &str, ended: &Ended, step: Step) -> Self {
        let message = format!("{what} is not running ({})", ended.failure());
        Self::Unusable { message, class: ErrorClass::Config, step }
    }

    pub(crate) fn disk(path: &Path, step: &'static str, error: &io::Error) -> Self {
        ReplaceError::Failed { path: path.to_owned(), step, kind: error.kind(), os: error.to_string() }.into()
    }

    /// Who can help.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::NotWritten(_) => ErrorClass::NotSaved,
            Self::CommandNotRun { error: NotRun::TimedOut, .. } | Self::Undone { .. } => ErrorClass::Temporary,
            Self::CommandFailed { denied: true, .. } => ErrorClass::Person,
            Self::Unusable { class, .. } => *class,
            Self::NoScheduler(reasons) => reasons.iter().map(Self::class).max().unwrap_or(ErrorClass::Config),
            _ => ErrorClass::Config,
        }
    }

    /// What a person should do.
    pub fn next_step(&self) -> Step {
        match self {
            Self::Job(error) => error.next_step(),
            Self::NotWritten(_) => Step::note("make it writable, then try again"),
            Self::CommandFailed { denied: true, .. } => {
                Step::note("run this as a user with the right to do it (sudo), or pick another scheduler with --with")
            }
            Self::CommandFailed { .. } => Step::everlit("schedule show"),
            Self::CommandNotRun { .. } => {
                Step::everlit("schedule install").with_note("without --with it uses what this machine has")
            }
            Self::Unusable { step, .. } => step.clone(),
            Self::UnknownUser { .. } => {
                Step::everlit("schedule install").with_note("first give the folder to a user of this machine (chown)")
            }
            Self::Edited { command, .. } => {
                Step::everlit(&format!("schedule {command} --force")).with_note("this discards the edits")
            }
            Self::Occupied { .. } => {
                Step::note("print without --output and add to your file what it lacks, or name another folder")
            }
            Self::Undone { command, .. } => Step::everlit(&format!("schedule {command}")).with_note("try again"),
            Self::NoScheduler(reasons) => {
                let by_a_person = reasons.iter().rev().find(|reason| reason.class() == ErrorClass::Person);
                by_a_person.map_or_else(
                    || {
                        Step::everlit("refresh --watch")
                            .with_note("in a container; everlit schedule print --help lists what else there is")
                    },
                    Self::next_step,
                )
            }
            Self::NotInstallable(scheduler) => Step::everlit(&format!("schedule print {scheduler}")),
        }
    }
}

fn not_run(program: &str, error: &NotRun) -> String {
    match error {
        NotRun::Absent => format!("{program} is not installed"),
        NotRun::TimedOut => format!("{program} did not answer in time"),
        NotRun::Failed(reason) => format!("cannot run {program}: {reason}"),
    }
}

fn joined(reasons: &[ScheduleError]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
