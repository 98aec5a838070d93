//! Where a key is in a file, and whether all readers agree on that.

use std::borrow::Cow;
use std::ops::Range;

use crate::readers::{Reading, Scan};
use crate::seek::find_byte;
use crate::statement::{Fault, Statements, line_ends, line_of};
use crate::{Assignment, EnvError, Reader};

/// Every copy of a key, in a file where every reader sees those copies and no others.
pub(crate) struct Survey<'a, 'k> {
    pub(crate) bytes: &'a [u8],
    pub(crate) key: &'k str,
    pub(crate) copies: Vec<Assignment<'a>>,
    pub(crate) value: Option<Cow<'a, [u8]>>,
    /// Every reader of the file, and the place from which its reading depends on the copies.
    pub(crate) readers: Vec<(Reader, usize)>,
}

impl<'a, 'k> Survey<'a, 'k> {
    pub(crate) fn of(bytes: &'a [u8], key: &'k str) -> Result<Self, EnvError> {
        let nul = find_byte(bytes, 0, [0]);
        if nul < bytes.len() {
            return Err(EnvError::Nul { line: line_of(bytes, nul) });
        }
        let copies = copies(bytes, key)?;
        let agreeing = Reader::of(bytes).map(|reader| Ok((reader, agrees(reader, bytes, key, &copies)?)));
        let readers = agreeing.collect::<Result<_, _>>()?;
        let value = one_value(bytes, &copies)?;
        Ok(Self { bytes, key, copies, value, readers })
    }
}

/// Every copy of `key`. Each must be well formed, and no quote may be open before the last one.
pub(crate) fn copies<'a>(bytes: &'a [u8], key: &str) -> Result<Vec<Assignment<'a>>, EnvError> {
    let mut copies = Vec::new();
    let mut unclosed = None;
    for assignment in Statements::of(bytes) {
        if assignment.fault == Some(Fault::Unclosed) {
            unclosed = unclosed.or_else(|| Some(assignment.clone()));
        }
        if assignment.key() != key {
            continue;
        }
        if let Some(unclosed) = unclosed {
            return Err(EnvError::UnclosedQuote { line: unclosed.line() });
        }
        if assignment.fault == Some(Fault::TextAfterQuote) {
            return Err(EnvError::TextAfterQuote { line: assignment.line() });
        }
        if bytes[assignment.span()].contains(&b'$') {
            return Err(EnvError::Expansion { line: assignment.line() });
        }
        copies.push(assignment);
    }
    Ok(copies)
}

/// The value on which all non-empty copies agree.
fn one_value<'a>(bytes: &[u8], copies: &[Assignment<'a>]) -> Result<Option<Cow<'a, [u8]>>, EnvError> {
    let mut full = copies.iter().filter(|copy| !copy.value().is_empty());
    let Some(first) = full.next() else {
        return Ok(copies.first().map(Assignment::value));
    };
    let value = first.value();
    if full.any(|copy| copy.value() != value) {
        return Err(EnvError::Conflict { lines: lines(bytes, copies.iter().filter(|copy| !copy.value().is_empty())) });
    }
    Ok(Some(value))
}

/// The line numbers of `copies`, each counted from the one before.
fn lines<'c>(bytes: &[u8], copies: impl Iterator<Item = &'c Assignment<'c>>) -> Vec<usize> {
    let count = |counted: &mut (usize, usize), copy: &Assignment<'_>| {
        let start = copy.key.start;
        *counted = (start, counted.1 + line_ends(&bytes[counted.0..start]));
        Some(counted.1)
    };
    copies.scan((0, 1), count).collect()
}

/// Checks that `reader` reads every copy as the key or not at all, and that it sees no others.
/// Returns the last place before the first copy at which the reader can be restarted.
fn agrees(reader: Reader, bytes: &[u8], key: &str, copies: &[Assignment<'_>]) -> Result<usize, EnvError> {
    // A key to be added goes to the end of the file: no reading that has already reached it may be resumed.
    let first = copies.first().map_or_else(|| bytes.len().saturating_sub(1), |copy| copy.key.start);
    let mut scan = Scan::new(reader, bytes);
    let mut resume = 0;
    while let Some(reading) = scan.next() {
        check(reader, bytes, key, copies, &reading)?;
        if let Some(position) = scan.cursor.position()
            && scan.cursor.looked() <= first
        {
            resume = position;
        }
    }
    Ok(resume)
}

fn check(
    reader: Reader,
    bytes: &[u8],
    key: &str,
    copies: &[Assignment<'_>],
    reading: &Reading,
) -> Result<(), EnvError> {
    // Copies are in order and do not overlap.
    let next = copies.partition_point(|copy| copy.end <= reading.name.start);
    let start = || line_of(bytes, reading.name.start);
    match copies.get(next) {
        Some(copy) if copy.key == reading.name => {
            if runs_on(bytes, copy.end, reading) {
                Err(EnvError::RunsOn { line: copy.line(), reader })
            } else {
                Ok(())
            }
        }
        Some(copy) if touch(&(copy.key.start..copy.end), &reading.value) => {
            Err(EnvError::Swallowed { line: copy.line(), by: start(), reader })
        }
        _ if &bytes[reading.name.clone()] == key.as_bytes() => Err(EnvError::HiddenCopy { line: start(), reader }),
        _ => Ok(()),
    }
}

/// Whether a reader's value extends past the end of the line. A shell reads the CR of a CRLF as part of the value.
pub(crate) fn runs_on(bytes: &[u8], line_end: usize, reading: &Reading) -> bool {
    !matches!(bytes.get(line_end..reading.value.end).unwrap_or_default(), b"" | b"\r")
}

/// Whether they overlap or touch: an empty value is filled where it touches its neighbours.
fn touch(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start <= b.end && b.start <= a.end
}
