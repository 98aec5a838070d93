//! Errors of the bench.

use std::io;

/// Why there are no results.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("`{command}` failed, so it cannot be measured:\n{output}")]
    Command { command: String, output: String },
    #[error("`{0}` succeeded but refreshed nothing")]
    NotRefreshed(String),
}

impl Error {
    /// For `map_err`: adds what was being done to an I/O error.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        |source| Self::Io { what, source }
    }
}
