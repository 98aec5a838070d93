//! Why a file cannot be read or edited. The messages contain no value.

use std::error::Error;
use std::fmt;

use crate::Reader;

/// Why a value cannot be read or changed. Lines are counted from 1. It never contains a value, old or new.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvError {
    /// The file contains a NUL byte: it is not a text file, or it is UTF-16.
    Nul {
        /// The line of the byte.
        line: usize,
    },
    /// A value at or before the key opens a quote that never closes.
    UnclosedQuote {
        /// The line where the quote opens.
        line: usize,
    },
    /// Text follows the closing quote of the value; some readers join it, some reject the line.
    TextAfterQuote {
        /// The line where the value starts.
        line: usize,
    },
    /// The value contains a `$`, which some readers expand and others do not.
    Expansion {
        /// The line of the value.
        line: usize,
    },
    /// A reader reads the line of the key as part of another variable's value.
    Swallowed {
        /// The line of the key.
        line: usize,
        /// The line where that other variable starts.
        by: usize,
        /// The reader that does.
        reader: Reader,
    },
    /// A reader reads the following lines as part of the key's value.
    RunsOn {
        /// The line of the key.
        line: usize,
        /// The reader that does.
        reader: Reader,
    },
    /// A reader sees an assignment of the key where others see none.
    HiddenCopy {
        /// The line of that assignment.
        line: usize,
        /// The reader that does.
        reader: Reader,
    },
    /// The key has several different values.
    Conflict {
        /// The lines with a non-empty value.
        lines: Vec<usize>,
    },
    /// No line assigns the key.
    Missing,
    /// The key to be added is already assigned.
    AlreadyThere {
        /// The line of the key.
        line: usize,
    },
    /// The key to be added is not made of ASCII letters, digits and `_`, or starts with a digit.
    BadKey,
    /// The new value contains a byte that no `.env` file can carry to every reader.
    BadValue {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The new value cannot be written on this line so that every reader of the old one reads it back.
    Unwritable {
        /// The line where the value would be written.
        line: usize,
        /// A reader that would not.
        reader: Reader,
    },
    /// With the new value in place, a reader would read another variable differently.
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

impl fmt::Display for EnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nul { line } => write!(f, "line {line} contains a NUL byte; save the file as UTF-8 text"),
            Self::UnclosedQuote { line } => {
                write!(f, "line {line} opens a quote that never closes; close it, or remove it")
            }
            Self::TextAfterQuote { line } => write!(
                f,
                "line {line} has text after the closing quote of the value, which programs read differently; \
                 move it inside the quotes, or put a space and # before it"
            ),
            Self::Expansion { line } => write!(
                f,
                "the value on line {line} contains a $, which some programs replace with another variable; \
                 write the value itself"
            ),
            Self::Swallowed { line, by, reader } => write!(
                f,
                "{reader} reads line {line} as part of the value that starts on line {by}; check the quotes and \
                 the end of line {by}"
            ),
            Self::RunsOn { line, reader } => write!(
                f,
                "{reader} reads the text after line {line} as part of its value; check the quotes and \
                 the end of line {line}"
            ),
            Self::HiddenCopy { line, reader } => {
                write!(
                    f,
                    "{reader} sees an assignment of this key on line {line}, but other programs do not; remove it"
                )
            }
            Self::Conflict { lines } => {
                let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
                write!(f, "lines {} give this key different values; keep one of them", lines.join(", "))
            }
            Self::Missing => f.write_str("no line assigns this key"),
            Self::AlreadyThere { line } => write!(f, "line {line} already assigns this key"),
            Self::BadKey => {
                f.write_str("a key consists of ASCII letters, digits and _, and does not start with a digit")
            }
            Self::BadValue { why } => write!(f, "the new value {why}"),
            Self::Unwritable { line, reader } => {
                write!(f, "the new value cannot be written on line {line} in a way that {reader} reads back")
            }
            Self::Disturbs { line, reader } => write!(
                f,
                "a new value on line {line} would change what {reader} reads elsewhere in the file; check that line \
                 and the lines around it"
            ),
        }
    }
}

impl Error for EnvError {}
