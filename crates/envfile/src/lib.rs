//! Change one value of a `.env` file and nothing else.
//!
//! There is no standard for `.env` files: npm's dotenv, Node.js, python-dotenv, dotenvy and the shells each have their
//! own rules. So this crate edits bytes in place and proves each edit before returning it: models of those readers (see
//! [`Reader`]) read the file before and after. Every reader that read the old value must read the new one, and every
//! other variable must be read as before; otherwise the edit is refused, with the line and the reason.
//!
//! ```
//! use everlit_envfile::EnvFile;
//!
//! let file = EnvFile::parse(b"SITE=example.org\nexport TOKEN = 'old'  # renewed daily\r\n");
//! assert_eq!(file.value("TOKEN").unwrap().as_deref(), Some(&b"old"[..]));
//! assert_eq!(
//!     file.with_value("TOKEN", b"new").unwrap(),
//!     b"SITE=example.org\nexport TOKEN = 'new'  # renewed daily\r\n",
//! );
//! ```
//!
//! It reads no files and has no clock. No error and no `Debug` output contains a value.

mod edit;
mod error;
mod readers;
mod seek;
mod statement;
mod survey;

use std::borrow::Cow;
use std::fmt;

pub use error::EnvError;
pub use readers::Reader;
pub use statement::{Assignment, Quote};

use edit::Edits;
use readers::Scan;
use statement::Statements;
use survey::Survey;

/// A `.env` file, borrowed.
///
/// The bytes need not be UTF-8. A line ends at LF, CRLF or a lone CR; a byte order mark at the start is skipped.
#[derive(Clone, Copy)]
pub struct EnvFile<'a> {
    bytes: &'a [u8],
}

impl<'a> EnvFile<'a> {
    /// A view of `bytes`. This never fails: each call reports the problems that affect it.
    pub fn parse(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The keys that the file assigns, in file order; a key assigned twice is listed twice. Assignments in comments or
    /// inside a multi-line quoted value do not count.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        Statements::of(self.bytes).map(|assignment| assignment.key())
    }

    /// Every assignment of `key`, in file order.
    pub fn assignments<'k>(&self, key: &'k str) -> impl Iterator<Item = Assignment<'a>> + use<'a, 'k> {
        Statements::of(self.bytes).filter(move |assignment| assignment.key() == key)
    }

    /// The value of `key`: `None` if no line assigns it, empty if every assignment is empty.
    ///
    /// Empty copies beside a full one are ignored.
    ///
    /// # Errors
    /// If copies differ ([`EnvError::Conflict`]), or if readers disagree about the line of the key.
    pub fn value(&self, key: &str) -> Result<Option<Cow<'a, [u8]>>, EnvError> {
        Survey::of(self.bytes, key).map(|survey| survey.value)
    }

    /// The variables that `reader` finds, in file order, with their values: `None` if it rejects the value, or would
    /// have to run or look up something to know it.
    pub fn read_as(&self, reader: Reader) -> impl Iterator<Item = (&'a [u8], Option<Vec<u8>>)> + use<'a> {
        let bytes = self.bytes;
        Scan::new(reader, bytes).map(move |reading| (&bytes[reading.name], reader.decode(&bytes[reading.value])))
    }

    /// The file with `new` as the value of `key`, in every copy of the key. No other byte changes: quotes, blanks and
    /// comments stay, and an unquoted value gets quotes only if `new` needs them.
    ///
    /// # Errors
    /// Those of [`value`](Self::value), [`EnvError::Missing`], and a `new` that not every reader of the old value would
    /// read back.
    pub fn with_value(&self, key: &str, new: &[u8]) -> Result<Vec<u8>, EnvError> {
        let survey = Survey::of(self.bytes, key)?;
        if survey.copies.is_empty() {
            return Err(EnvError::Missing);
        }
        Edits::replacing(&survey, new)?.prove(&survey, new)
    }

    /// The file with the line `KEY=value` at its end, with the file's own line ending. A missing final line ending is
    /// added first.
    ///
    /// # Errors
    /// If the file already assigns `key` ([`EnvError::AlreadyThere`]), if not every reader accepts `key` as a name, and
    /// those of [`with_value`](Self::with_value).
    pub fn with_added(&self, key: &str, value: &[u8]) -> Result<Vec<u8>, EnvError> {
        let survey = Survey::of(self.bytes, key)?;
        if let Some(copy) = survey.copies.first() {
            return Err(EnvError::AlreadyThere { line: copy.line() });
        }
        Edits::adding(&survey, value)?.prove(&survey, value)
    }
}

impl fmt::Debug for EnvFile<'_> {
    /// Only the size: the bytes hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvFile").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}
