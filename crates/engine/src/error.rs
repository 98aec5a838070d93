//! Why the settings or secrets of a project cannot be used or changed.

use everlit_disk::ReplaceError;
use everlit_keeper::Step;

/// A problem with the settings, and the next step.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ConfigError {
    /// Who can help, and so how a program ends.
    pub kind: ErrorKind,
    /// What is wrong and where; no secret.
    pub message: String,
    /// What to do next.
    pub next: Step,
}

/// Who can help with a [`ConfigError`].
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ErrorKind {
    /// A person: a setting, a flag or a file has to change.
    Config,
    /// Nobody: another run holds the lock.
    Locked,
    /// Nobody: a database does not answer now, and is asked again by the next run.
    Temporary,
    /// Whoever looks after the disk: a file could not be written.
    NotSaved,
    /// The developers: a bug, or a machine without resources.
    Internal,
}

impl ConfigError {
    /// An error of [`ErrorKind::Config`].
    pub fn new(message: impl Into<String>, next: Step) -> Self {
        Self { kind: ErrorKind::Config, message: message.into(), next }
    }

    /// An error of [`ErrorKind::Internal`].
    pub fn internal(message: impl Into<String>) -> Self {
        let next = Step::everlit("doctor").with_note("report this with its output, which contains no token");
        Self { kind: ErrorKind::Internal, message: message.into(), next }
    }

    /// The same with another next step.
    #[must_use]
    pub fn with_next(self, next: Step) -> Self {
        Self { next, ..self }
    }
}

impl From<ReplaceError> for ConfigError {
    fn from(error: ReplaceError) -> Self {
        Self { kind: ErrorKind::NotSaved, message: error.to_string(), next: Step::everlit("doctor") }
    }
}
