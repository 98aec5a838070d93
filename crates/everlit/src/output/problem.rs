//! Why a command could not do its work, and what to do next.

use everlit_engine::{ConfigError, ConfigProblem, ErrorKind, Settings};
use everlit_keeper::Step;
use serde_json::Value;

use crate::output::Exit;
use crate::output::step;

/// Why a command failed: what happened, and the next step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    pub(crate) next: Step,
}

/// A [`Problem`] without its next step, which it cannot do without.
#[derive(Clone, Debug)]
#[must_use]
pub(crate) struct ProblemBuilder {
    exit: Exit,
    message: String,
}

impl ProblemBuilder {
    pub(crate) fn with_next(self, next: Step) -> Problem {
        Problem { exit: self.exit, message: self.message, next }
    }
}

impl Problem {
    pub(crate) fn of(exit: Exit, message: impl Into<String>) -> ProblemBuilder {
        ProblemBuilder { exit, message: message.into() }
    }

    pub(crate) fn config(message: impl Into<String>) -> ProblemBuilder {
        Self::of(Exit::Config, message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::of(Exit::Internal, message)
            .with_next(Step::everlit("doctor").with_note("report this with its output, which holds no secrets"))
    }

    /// The JSON document of a failed command.
    pub(crate) fn to_json(&self) -> Value {
        serde_json::json!({
            "schema": "everlit.problem/1",
            "exit_code": self.exit.code(),
            "message": self.message,
            "next": step::json(Some(&self.next)),
        })
    }

    pub(crate) fn with_next(self, next: Step) -> Self {
        Self { next, ..self }
    }
}

/// The wrong settings, in JSON.
pub(crate) fn settings_json(settings: &Settings) -> Value {
    let json = |ConfigProblem { account, error }: &ConfigProblem| {
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
            ErrorKind::NotSaved => Exit::NotSaved,
            ErrorKind::Internal => Exit::Internal,
        };
        Self { exit, message: error.message, next: error.next }
    }
}
