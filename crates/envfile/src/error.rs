//! Why a file cannot be read or edited. The messages contain no value.

use crate::Reader;

/// Why a value cannot be read or changed. Lines are counted from 1. It never contains a value, old or new.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvError {
    /// The file contains a NUL byte: it is not a text file, or it is UTF-16.
    #[error("line {line} contains a NUL byte; save the file as UTF-8 text")]
    Nul {
        /// The line of the byte.
        line: usize,
    },
    /// A value at or before the key opens a quote that never closes.
    #[error("line {line} opens a quote that never closes; close it, or remove it")]
    UnclosedQuote {
        /// The line where the quote opens.
        line: usize,
    },
    /// Text follows the closing quote of the value; some readers join it, some reject the line.
    #[error(
        "line {line} has text after the closing quote of the value, which programs read differently; \
         move it inside the quotes, or put a space and # before it"
    )]
    TextAfterQuote {
        /// The line where the value starts.
        line: usize,
    },
    /// The value contains a `$`, which some readers expand and others do not.
    #[error(
        "the value on line {line} contains a $, which some programs replace with another variable; \
         write the value itself"
    )]
    Expansion {
        /// The line of the value.
        line: usize,
    },
    /// A reader reads the line of the key as part of another variable's value.
    #[error(
        "{reader} reads line {line} as part of the value that starts on line {by}; check the quotes and \
         the end of line {by}"
    )]
    Swallowed {
        /// The line of the key.
        line: usize,
        /// The line where that other variable starts.
        by: usize,
        /// The reader that does.
        reader: Reader,
    },
    /// A reader reads the following lines as part of the key's value.
    #[error(
        "{reader} reads the text after line {line} as part of its value; check the quotes and \
         the end of line {line}"
    )]
    RunsOn {
        /// The line of the key.
        line: usize,
        /// The reader that does.
        reader: Reader,
    },
    /// A reader sees an assignment of the key where others see none.
    #[error("{reader} sees an assignment of this key on line {line}, but other programs do not; remove it")]
    HiddenCopy {
        /// The line of that assignment.
        line: usize,
        /// The reader that does.
        reader: Reader,
    },
    /// The key has several different values.
    #[error("lines {} give this key different values; keep one of them", listed(.lines))]
    Conflict {
        /// The lines with a non-empty value.
        lines: Vec<usize>,
    },
    /// No line assigns the key.
    #[error("no line assigns this key")]
    Missing,
    /// The key to be added is already assigned.
    #[error("line {line} already assigns this key")]
    AlreadyThere {
        /// The line of the key.
        line: usize,
    },
    /// The key to be added is not made of ASCII letters, digits and `_`, or starts with a digit.
    #[error("a key consists of ASCII letters, digits and _, and does not start with a digit")]
    BadKey,
    /// The new value contains a byte that no `.env` file can carry to every reader.
    #[error("the new value {why}")]
    BadValue {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The new value cannot be written on this line so that every reader of the old one reads it back.
    #[error("the new value cannot be written on line {line} in a way that {reader} reads back")]
    Unwritable {
        /// The line where the value would be written.
        line: usize,
        /// A reader that would not.
        reader: Reader,
    },
    /// With the new value in place, a reader would read another variable differently.
    #[error(
        "a new value on line {line} would change what {reader} reads elsewhere in the file; check that line \
         and the lines around it"
    )]
    Disturbs {
        /// The line where the value would be written.
        line: usize,
        /// The reader that would.
        reader: Reader,
    },
}

impl EnvError {
    /// The line to look at first, if the problem is in the file.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Nul { line }
            | Self::UnclosedQuote { line }
            | Self::TextAfterQuote { line }
            | Self::Expansion { line }
            | Self::RunsOn { line, .. }
            | Self::HiddenCopy { line, .. }
            | Self::AlreadyThere { line }
            | Self::Unwritable { line, .. }
            | Self::Disturbs { line, .. } => Some(*line),
            Self::Swallowed { by, .. } => Some(*by),
            Self::Conflict { lines } => lines.first().copied(),
            Self::Missing | Self::BadKey | Self::BadValue { .. } => None,
        }
    }
}

fn listed(lines: &[usize]) -> String {
    lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
