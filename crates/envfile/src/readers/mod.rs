//! Models of the programs that read `.env` files: where each sees a variable, and which value it reads.
//!
//! They are exact about where a reading starts and ends, because an edit must not move those places. They do not model
//! what a reader does after an error: a model reads on, which can only cause an edit to be refused.

mod dotenv;
mod dotenvy;
mod node;
mod python;
mod scan;
mod shell;

use std::fmt;

pub(crate) use scan::Reading;

use crate::seek::{blank, skip};
use scan::Cursor;

/// A program that reads `.env` files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reader {
    /// The npm package `dotenv`, which Next.js and most JavaScript projects use.
    Dotenv,
    /// Node.js 20 with `--env-file`.
    Node20,
    /// Node.js 22 and later with `--env-file`, and Vite.
    Node,
    /// The Python package `python-dotenv`.
    PythonDotenv,
    /// The Rust crate `dotenvy`.
    Dotenvy,
    /// `set -a; . ./.env` in bash, dash and other POSIX shells.
    Shell,
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dotenv => "npm dotenv",
            Self::Node20 => "Node.js 20",
            Self::Node => "Node.js",
            Self::PythonDotenv => "python-dotenv",
            Self::Dotenvy => "dotenvy",
            Self::Shell => "a shell",
        })
    }
}

impl Reader {
    /// The readers that can read `bytes`. Those that know only LF see a file of CR lines as one long line: nobody uses
    /// them with such a file.
    pub(crate) fn of(bytes: &[u8]) -> impl Iterator<Item = Self> {
        let every = [Self::Dotenv, Self::Node20, Self::Node, Self::PythonDotenv, Self::Dotenvy, Self::Shell];
        let cr_only = !bytes.contains(&b'\n') && bytes.contains(&b'\r');
        every.into_iter().filter(move |reader| !cr_only || matches!(reader, Self::Dotenv | Self::PythonDotenv))
    }

    /// The value that this reader makes of `raw`, the value's bytes in a [`Reading`]. `None` if it rejects them, or if
    /// they are a program rather than a value.
    pub(crate) fn decode(self, raw: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Dotenv => Some(dotenv::decode(raw)),
            Self::Node20 => Some(node::decode(raw, node::Version::Twenty)),
            Self::Node => Some(node::decode(raw, node::Version::Newer)),
            Self::PythonDotenv => python::decode(raw),
            Self::Dotenvy => dotenvy::decode(raw),
            Self::Shell => shell::decode(raw),
        }
    }
}

/// A reader working through a file.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    reader: Reader,
    pub(crate) cursor: Cursor<'a>,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(reader: Reader, bytes: &'a [u8]) -> Self {
        Self::resumed(reader, bytes, 0)
    }

    /// A scan from `pos` on, which must be the [`position`](Cursor::position) of an earlier one.
    pub(crate) fn resumed(reader: Reader, bytes: &'a [u8], pos: usize) -> Self {
        Self { reader, cursor: Cursor::at(bytes, pos) }
    }

    fn read(&mut self) -> Option<Reading> {
        let cursor = &mut self.cursor;
        match self.reader {
            Reader::Dotenv => dotenv::next(cursor),
            Reader::Node20 => node::next(cursor, node::Version::Twenty),
            Reader::Node => node::next(cursor, node::Version::Newer),
            Reader::PythonDotenv => python::next(cursor),
            Reader::Dotenvy => dotenvy::next(cursor),
            Reader::Shell => shell::next(cursor),
        }
    }
}

impl Iterator for Scan<'_> {
    type Item = Reading;

    /// The next variable that a program could ask for. Some readers turn text that the others skip into names such as
    /// `# KEY`; those are left out.
    fn next(&mut self) -> Option<Reading> {
        loop {
            let reading = self.read()?;
            if is_name(&self.cursor.bytes[reading.name.clone()]) {
                return Some(reading);
            }
        }
    }
}

fn is_name(name: &[u8]) -> bool {
    let odd = |&byte: &u8| byte != b'\r' && (byte <= b' ' || matches!(byte, b'#' | b'"' | b'\'' | b'`' | b'='));
    // A byte order mark, or white space that only some readers recognize, may precede the name.
    !name.is_empty() && !name.iter().any(odd) && skip(name, 0, blank) == 0
}
