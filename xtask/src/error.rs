//! Errors of all commands.

use std::io;
use std::path::PathBuf;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "usage: cargo run -p xtask -- generate\n       cargo run -p xtask -- check\n       \
         cargo run -p xtask -- structure [WORKSPACE]\n       \
         cargo run -p xtask -- formula VERSION SHA256SUMS OUT\n       \
         cargo run -p xtask -- npm --version X.Y.Z --binary PLATFORM=PATH... --out DIR"
    )]
    Usage,
    #[error("cannot write the formula: {0}")]
    Formula(String),
    #[error("cannot make the npm packages: {0}")]
    Npm(String),
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("`{command}` failed:\n{output}")]
    Command { command: String, output: String },
    #[error("unexpected output of `{command}`: {what}")]
    Unexpected { command: String, what: String },
    #[error("not current:\n{}\nRun `cargo run -p xtask -- generate` and commit the changes.", .0.join("\n"))]
    NotCurrent(Vec<String>),
    #[error("{}: {source}", .path.display())]
    Syntax { path: PathBuf, source: syn::Error },
    #[error("{table}\n\n{}", .problems.join("\n"))]
    Structure { table: String, problems: Vec<String> },
}

impl Error {
    /// For `map_err`: adds what was being done to an I/O error.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        |source| Self::Io { what, source }
    }

    pub(crate) fn unexpected(command: &str, what: impl Into<String>) -> Self {
        Self::Unexpected { command: command.to_owned(), what: what.into() }
    }
}
