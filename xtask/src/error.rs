//! What can keep the files from being generated or current.

use std::io;
use std::path::PathBuf;

/// Why it failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "usage: cargo run -p xtask -- generate\n       cargo run -p xtask -- check\n       \
         cargo run -p xtask -- structure [WORKSPACE]\n       \
         cargo run -p xtask -- formula VERSION SHA256SUMS OUT\n       \
         cargo run -p xtask -- npm --version X.Y.Z --binary PLATFORM=PATH... --out DIR"
    )]
    Usage,
    #[error("no formula: {0}")]
    Formula(String),
    #[error("no npm packages: {0}")]
    Npm(String),
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("`{command}` failed:\n{said}")]
    Command { command: String, said: String },
    #[error("`{command}` did not print what was expected: {what}")]
    Unexpected { command: String, what: String },
    #[error("not current:\n{}\nRun `cargo run -p xtask -- generate` and commit what changed.", .0.join("\n"))]
    NotCurrent(Vec<String>),
    #[error("{}: {source}", .path.display())]
    Syntax { path: PathBuf, source: syn::Error },
    #[error("{table}\n\n{}", .problems.join("\n"))]
    Structure { table: String, problems: Vec<String> },
}

impl Error {
    /// For `map_err`: an I/O error with what was being done.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        |source| Self::Io { what, source }
    }

    pub(crate) fn unexpected(command: &str, what: impl Into<String>) -> Self {
        Self::Unexpected { command: command.to_owned(), what: what.into() }
    }
}
