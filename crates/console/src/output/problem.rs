//! Why a command could not do its work, and what to do next.

use everlit_engine::{ConfigError, ConfigProblem, ErrorKind, Settings};
use everlit_keeper::Step;
use everlit_schedule::{ErrorClass, JobError, ScheduleError};
use serde_json::Value;

use crate::output::Exit;
use crate::output::step;

/// Why a command failed: what happened, and the next step.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The exit code.
    pub exit: Exit,
    /// What happened, for people.
    pub message: String,
    /// What to run or do next.
    pub next: Step,
}

/// A [`Problem`] without its next step, which it cannot do without.
#[derive(Clone, Debug)]
#[must_use]
pub struct ProblemBuilder {
    exit: Exit,
    message: String,
}

impl ProblemBuilder {
    /// With the next step.
    pub fn with_next(self, next: Step) -> Problem {
        Problem { exit: self.exit, message: self.message, next }
    }
}

impl Problem {
    /// A problem that ends the program with this code.
    pub fn of(exit: Exit, message: impl Into<String>) -> ProblemBuilder {
        ProblemBuilder { exit, message: message.into() }
    }

    /// A problem with the settings, or with how the program was called.
    pub fn config(message: impl Into<String>) -> ProblemBuilder {
        Self::of(Exit::Config, message)
    }

    /// A bug.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::of(Exit::Internal, message)
            .with_next(Step::everlit("doctor").with_note("report this with its output, which holds no secrets"))
    }

    /// The JSON document of a failed command.
    pub fn to_json(&self) -> Value {
        serde_json::json!({
            "schema": "everlit.problem/1",
            "exit_code": self.exit.code(),
            "message": self.message,
            "next": step::json(Some(&self.next)),
        })
    }

    /// With another next step.
    #[must_use]
    pub fn with_next(self, next: Step) -> Self {
        Self { next, ..self }
    }
}

/// The wrong settings, in JSON.
pub fn settings_json(settings: &Settings) -> Value {
    let json = |ConfigProblem { account, error, .. }: &ConfigProblem| {
        let account = account.as_ref().map(everlit_keeper::AccountName::as_str);
        serde_json::json!({ "account": account, "message": error.message, "next": step::json(Some(&error.next)) })
    };
    settings.problems.iter().map(json).collect()
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
        let exit = match error.kind {
            ErrorKind::Config => Exit::Config,
            ErrorKind::Locked => Exit::Locked,
            ErrorKind::Temporary => Exit::Temporary,
            ErrorKind::NotSaved => Exit::NotSaved,
            ErrorKind::Internal => Exit::Internal,
        };
        Self { exit, message: error.message, next: error.next }
    }
}

impl From<ScheduleError> for Problem {
    fn from(error: ScheduleError) -> Self {
        let exit = match error.class() {
            ErrorClass::Temporary => Exit::Temporary,
            ErrorClass::Config => Exit::Config,
            ErrorClass::Person => Exit::Person,
            ErrorClass::NotSaved => Exit::NotSaved,
        };
        Self::of(exit, error.to_string()).with_next(error.next_step())
    }
}

impl From<JobError> for Problem {
    fn from(error: JobError) -> Self {
        ScheduleError::from(error).into()
    }
}
