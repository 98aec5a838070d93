//! Why a command could not do its work, and what to do next.

use serde_json::Value;

use crate::output::exit::Exit;

/// What a command could not do, for a person: what happened, and what to run next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    pub(crate) next: String,
}

/// A [`Problem`] but for the next step, without which nobody is left.
#[derive(Clone, Debug)]
#[must_use]
pub(crate) struct ProblemBuilder {
    exit: Exit,
    message: String,
}

impl ProblemBuilder {
    pub(crate) fn with_next(self, next: impl Into<String>) -> Problem {
        Problem { exit: self.exit, message: self.message, next: next.into() }
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
            .with_next("everlit doctor, and report this with its output, which holds no token")
    }

    /// For a program that asked for JSON: it gets a document whatever happens.
    pub(crate) fn to_json(&self) -> Value {
        serde_json::json!({
            "schema": "everlit.problem/1",
            "exit_code": self.exit.code(),
            "message": self.message,
            "next": self.next,
        })
    }

    pub(crate) fn with_next(self, next: impl Into<String>) -> Self {
        Self { next: next.into(), ..self }
    }
}
