//! The error of a replacement, which says what the file holds now.

use std::io;
use std::path::{Path, PathBuf};

use crate::Kind;

/// Why a file was not replaced, and what it holds now.
///
/// The file is wholly old unless the variant says otherwise.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReplaceError {
    /// Somebody else has changed the file, or put another in its place, since it was read.
    #[error("`{}` was changed by somebody else in the same moment", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },

    /// The path is a symbolic link to nothing: creating a file there could only be a surprise.
    #[error("`{}` is a symbolic link to a file that does not exist", path.display())]
    Dangling {
        /// The link.
        path: PathBuf,
    },

    /// A step failed.
    #[error("cannot {step} `{}`: {os}", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// The step, as a verb: "replace", "make durable".
        step: &'static str,
        /// The system's answer.
        kind: io::ErrorKind,
        /// The system's answer as text.
        os: String,
    },

    /// A write in place failed and could not be undone: the file may hold a mix of old and new content.
    /// [`crate::recover`] sets it right.
    #[error("`{}` may be half written ({os}); its old content is safe in `{}`", path.display(), recovery.display())]
    HalfWritten {
        /// The file.
        path: PathBuf,
        /// The copy of its old content, durable.
        recovery: PathBuf,
        /// The system's answer to the write.
        kind: io::ErrorKind,
        /// The system's answer as text.
        os: String,
    },

    /// What is at the path is not a regular file.
    #[error("`{}` is {found}, not a file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// What is there.
        found: Kind,
    },

    /// The file holds its **new** content, but the system did not confirm that it would survive a power cut.
    #[error("`{}` holds its new content, but a power cut could bring back the old: {os}", path.display())]
    NotDurable {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        kind: io::ErrorKind,
        /// The system's answer as text.
        os: String,
    },

    /// Neither can another file take its place nor the file itself be written.
    #[error("`{}` is not writable: {why}", path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
        /// Each attempt and the system's answer.
        why: String,
        /// The answer to the last attempt.
        kind: io::ErrorKind,
    },

    /// An earlier write in place was interrupted; [`crate::recover`] comes first.
    #[error("an earlier write of `{}` was interrupted; its old content is in `{}`", path.display(), recovery.display())]
    Unfinished {
        /// The file.
        path: PathBuf,
        /// The copy of its old content.
        recovery: PathBuf,
    },
}

impl ReplaceError {
    /// The file that was to be replaced.
    pub fn path(&self) -> &Path {
        match self {
            Self::Changed { path }
            | Self::Dangling { path }
            | Self::Failed { path, .. }
            | Self::HalfWritten { path, .. }
            | Self::NotAFile { path, .. }
            | Self::NotDurable { path, .. }
            | Self::NotWritable { path, .. }
            | Self::Unfinished { path, .. } => path,
        }
    }

    /// The system's answer, where there was one.
    pub fn kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Failed { kind, .. }
            | Self::HalfWritten { kind, .. }
            | Self::NotDurable { kind, .. }
            | Self::NotWritable { kind, .. } => Some(*kind),
            Self::Changed { .. } | Self::Dangling { .. } | Self::NotAFile { .. } | Self::Unfinished { .. } => None,
        }
    }

    /// Whether the disk, or the user's share of it, is full (`ENOSPC`, `EDQUOT`).
    pub fn is_full(&self) -> bool {
        matches!(self.kind(), Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
    }

    /// Whether the file system is mounted read-only (`EROFS`).
    pub fn is_read_only(&self) -> bool {
        self.kind() == Some(io::ErrorKind::ReadOnlyFilesystem)
    }

    /// Returns a closure for `map_err`; `step` is the verb of [`ReplaceError::Failed`].
    pub(crate) fn failed(path: &Path, step: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Failed { path: path.to_owned(), step, kind: error.kind(), os: error.to_string() }
    }
}
