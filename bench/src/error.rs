//! What can keep the bench from measuring.

use std::io;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0}\nusage: everlit-bench [--runs N] [--json]")]
    Usage(String),
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("`{command}` failed, so there is nothing to measure:\n{said}")]
    Command { command: String, said: String },
    #[error("the sandbox: {0}")]
    Sandbox(String),
    #[error("`{0}` ended well but refreshed nothing")]
    NotRefreshed(String),
}

impl Error {
    /// For `map_err`: an I/O error with what was being done.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        |source| Self::Io { what, source }
    }
}
