//! Small models of the programs that read `.env` files: where each sees a variable, and what it takes its value for.
//!
//! They are exact about where a reading starts and ends, for an edit must not move those places. They are not about
//! what a reader does once it meets an error: a model reads on, which can only make an edit be refused.

mod dotenv;
mod dotenvy;
mod node;
mod python;
mod shell;

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;

use crate::seek::{blank, skip};

/// A program that reads `.env` files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reader {
    /// The npm package `dotenv`, and with it Next.js and most of the JavaScript world.
    Dotenv,
    /// Node.js 20 with `--env-file`.
    Node20,
    /// Node.js from version 22 with `--env-file`, and Vite.
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
    /// The readers for whom `bytes` has lines at all. To those who know LF alone, a file whose lines end in CR is
    /// one long line: nobody uses it with them.
    pub(crate) fn of(bytes: &[u8]) -> impl Iterator<Item = Self> {
        let every = [Self::Dotenv, Self::Node20, Self::Node, Self::PythonDotenv, Self::Dotenvy, Self::Shell];
        let cr_only = !bytes.contains(&b'\n') && bytes.contains(&b'\r');
        every.into_iter().filter(move |reader| !cr_only || matches!(reader, Self::Dotenv | Self::PythonDotenv))
    }

    /// What this reader takes for the value, `raw` being the bytes of a [`Reading`]'s value.
    /// `None` if it rejects them, or if they are a program rather than a value.
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

/// One variable as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) name: Range<usize>,
    /// From right behind the `=` to where the reader stops: quotes, blanks and a comment may be part of it.
    pub(crate) value: Range<usize>,
}

/// A reader on its way through a file.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    reader: Reader,
    bytes: &'a [u8],
    pos: usize,
    /// How far the reader has looked for a quote that was not there, or that closed nothing.
    looked: usize,
    /// What a shell has yet to report of the command behind it.
    pending: VecDeque<Reading>,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(reader: Reader, bytes: &'a [u8]) -> Self {
        Self::resumed(reader, bytes, 0)
    }

    /// A scan from `pos` on, which must be the [`position`](Self::position) of an earlier one.
    pub(crate) fn resumed(reader: Reader, bytes: &'a [u8], pos: usize) -> Self {
        Self { reader, bytes, pos, looked: 0, pending: VecDeque::new() }
    }

    /// Where the scan could be taken up again, nothing before it having any influence.
    pub(crate) fn position(&self) -> Option<usize> {
        self.pending.is_empty().then_some(self.pos)
    }

    /// No byte from here on has been looked at.
    pub(crate) fn looked(&self) -> usize {
        self.looked.max(self.pos)
    }

    fn read(&mut self) -> Option<Reading> {
        match self.reader {
            Reader::Dotenv => dotenv::next(self),
            Reader::Node20 => node::next(self, node::Version::Twenty),
            Reader::Node => node::next(self, node::Version::Newer),
            Reader::PythonDotenv => python::next(self),
            Reader::Dotenvy => dotenvy::next(self),
            Reader::Shell => shell::next(self),
        }
    }
}

impl Iterator for Scan<'_> {
    type Item = Reading;

    /// The next variable that a program could ask for. Some readers make up names such as `# KEY` from text that
    /// the others skip; those are left out.
    fn next(&mut self) -> Option<Reading> {
        loop {
            let reading = self.read()?;
            if is_name(&self.bytes[reading.name.clone()]) {
                return Some(reading);
            }
        }
    }
}

fn is_name(name: &[u8]) -> bool {
    let odd = |&byte: &u8| byte != b'\r' && (byte <= b' ' || matches!(byte, b'#' | b'"' | b'\'' | b'`' | b'='));
    // A byte order mark, or a blank that only some readers know, may stand before the name.
    !name.is_empty() && !name.iter().any(odd) && skip(name, 0, blank) == 0
}
