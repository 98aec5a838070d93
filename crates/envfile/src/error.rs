//! Why a file cannot be read or edited, in words that fit a terminal and hold no value.

use std::error::Error;
use std::fmt;

use crate::Reader;

/// Why a value cannot be read or changed. Lines are counted from 1. No value, old or new, is ever part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvError {
    /// The file holds a NUL byte: it is not a text file, or it is UTF-16.
    Nul {
        /// Where the byte stands.
        line: usize,
    },
    /// A value starts with a quote that never closes, on the line of the key or before it.
    UnclosedQuote {
        /// Where the quote opens.
        line: usize,
    },
    /// There is text behind the closing quote of the value; some readers join it, some reject the line.
    TextAfterQuote {
        /// Where the value starts.
        line: usize,
    },
    /// The value holds a `$`: some readers put another variable's value in its place, some do not.
    Expansion {
        /// Where the value stands.
        line: usize,
    },
    /// A reader takes the line of the key as part of another variable's value.
    Swallowed {
        /// Where the key stands.
        line: usize,
        /// Where that other variable starts.
        by: usize,
        /// Who reads it so.
        reader: Reader,
    },
    /// A reader takes the lines that follow as part of the key's value.
    RunsOn {
        /// Where the key stands.
        line: usize,
        /// Who reads it so.
        reader: Reader,
    },
    /// A reader sees an assignment of the key where others see none.
    HiddenCopy {
        /// Where that assignment stands.
        line: usize,
        /// Who reads it so.
        reader: Reader,
    },
    /// The key has several values that differ.
    Conflict {
        /// Every line with a non-empty value.
        lines: Vec<usize>,
    },
    /// No line assigns the key.
    Missing,
    /// The key to be added is assigned already.
    AlreadyThere {
        /// Where the key stands.
        line: usize,
    },
    /// The key to be added is not made of ASCII letters, digits and `_`, or starts with a digit.
    BadKey,
    /// The new value has a byte that no `.env` file can carry to every reader.
    BadValue {
        /// What is wrong with it.
        why: &'static str,
    },
    /// No way of writing the new value on this line is read back by all who read the old one.
    Unwritable {
        /// Where the value would be written.
        line: usize,
        /// Who would not read it.
        reader: Reader,
    },
    /// With the new value in place, a reader would read another variable differently.
    Disturbs {
        /// Where the value would be written.
        line: usize,
        /// Whose reading would change.
        reader: Reader,
    },
}

impl EnvError {
    /// The line to look at first, if the trouble is in the file.
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
            Self::Nul { line } => write!(f, "line {line} holds a NUL byte; save the file as UTF-8 text"),
            Self::UnclosedQuote { line } => {
                write!(f, "line {line} opens a quote that never closes; close it, or remove it")
            }
            Self::TextAfterQuote { line } => write!(
                f,
                "there is text behind the closing quote of the value on line {line}, which programs read differently; \
                 put it inside the quotes, or a blank and # before it"
            ),
            Self::Expansion { line } => write!(
                f,
                "the value on line {line} holds a $, which some programs replace by another variable; write the value itself"
            ),
            Self::Swallowed { line, by, reader } => write!(
                f,
                "{reader} takes line {line} as part of the value that starts on line {by}; check the quotes and \
                 the end of line {by}"
            ),
            Self::RunsOn { line, reader } => write!(
                f,
                "{reader} takes what follows line {line} as part of its value; check the quotes and the end of line {line}"
            ),
            Self::HiddenCopy { line, reader } => {
                write!(f, "{reader} reads an assignment of this key on line {line}, other programs do not; remove it")
            }
            Self::Conflict { lines } => {
                let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
                write!(f, "lines {} give this key different values; keep one of them", lines.join(", "))
            }
            Self::Missing => f.write_str("no line assigns this key"),
            Self::AlreadyThere { line } => write!(f, "line {line} assigns this key already"),
            Self::BadKey => f.write_str("a key is made of ASCII letters, digits and _, and starts with no digit"),
            Self::BadValue { why } => write!(f, "the new value {why}"),
            Self::Unwritable { line, reader } => {
                write!(f, "the new value cannot be written on line {line} so that {reader} reads it back")
            }
            Self::Disturbs { line, reader } => write!(
                f,
                "a new value on line {line} would change what {reader} reads elsewhere in the file; check that line \
                 and its neighbours"
            ),
        }
    }
}

impl Error for EnvError {}
