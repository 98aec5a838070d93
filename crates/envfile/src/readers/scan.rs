//! What every model of a reader works with: its place in the file, and what it reports.

use std::collections::VecDeque;
use std::ops::Range;

/// One variable as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) name: Range<usize>,
    /// From right after the `=` to where the reader stops, including any quotes, blanks and comment.
    pub(crate) value: Range<usize>,
}

/// A reader's place in a file.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) pos: usize,
    /// How far the reader has looked for a quote that was missing or closed nothing.
    pub(super) looked: usize,
    /// The variables of a shell command that are still to be reported.
    pub(super) pending: VecDeque<Reading>,
}

impl<'a> Cursor<'a> {
    pub(super) fn at(bytes: &'a [u8], pos: usize) -> Self {
        Self { bytes, pos, looked: 0, pending: VecDeque::new() }
    }

    /// Reads no further, having looked at everything.
    pub(super) fn give_up(&mut self) {
        self.pos = self.bytes.len();
        self.looked = self.pos;
    }

    /// Where the scan could be resumed independently of everything before it.
    pub(crate) fn position(&self) -> Option<usize> {
        self.pending.is_empty().then_some(self.pos)
    }

    /// The end of the bytes that the reader has looked at.
    pub(crate) fn looked(&self) -> usize {
        self.looked.max(self.pos)
    }
}
