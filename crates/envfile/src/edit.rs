//! Replaces a value, and proves that every reader reads the new value and everything else as before.

use std::ops::Range;

use crate::readers::{Reading, Scan};
use crate::seek::{LINE_ENDS, find_byte};
use crate::statement::{Fault, Statements, line_of};
use crate::survey::{Survey, copies, runs_on};
use crate::{Assignment, EnvError, Quote, Reader};

/// Replacements of ranges of a file with new bytes, in file order.
pub(crate) struct Edits {
    edits: Vec<Edit>,
}

struct Edit {
    old: Range<usize>,
    new: Vec<u8>,
    /// Where the key of the assignment starts in the edited file.
    key: usize,
    /// How many bytes the edits before this one add to the file.
    grown: isize,
}

impl Edits {
    /// Replaces the value with `new` in every copy of the key.
    pub(crate) fn replacing(survey: &Survey<'_, '_>, new: &[u8]) -> Result<Self, EnvError> {
        check_value(new)?;
        let mut edits = Self { edits: Vec::new() };
        for copy in &survey.copies {
            let written = if copy.quote() == Quote::None { written(new) } else { new.to_vec() };
            edits.push(copy.key.start, copy.span(), written);
        }
        Ok(edits)
    }

    /// Adds the line `KEY=value` at the end of the file.
    pub(crate) fn adding(survey: &Survey<'_, '_>, value: &[u8]) -> Result<Self, EnvError> {
        let (bytes, key) = (survey.bytes, survey.key.as_bytes());
        let is_key = !key.is_empty() && key.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if !is_key || key[0].is_ascii_digit() {
            return Err(EnvError::BadKey);
        }
        check_value(value)?;
        if let Some(unclosed) = Statements::of(bytes).find(|assignment| assignment.fault == Some(Fault::Unclosed)) {
            return Err(EnvError::UnclosedQuote { line: unclosed.line() });
        }
        let line_end = line_ending(bytes);
        let unfinished = !bytes.is_empty() && !bytes.ends_with(b"\n") && !bytes.ends_with(b"\r");
        let before = if unfinished { line_end } else { b"" };
        let end = bytes.len();
        let mut edits = Self { edits: Vec::new() };
        edits.push(end + before.len(), end..end, [before, key, b"=", &written(value), line_end].concat());
        Ok(edits)
    }

    /// The edited file, if every reader reads `new` where it read the old value, and everything else as before.
    pub(crate) fn prove(&self, survey: &Survey<'_, '_>, new: &[u8]) -> Result<Vec<u8>, EnvError> {
        let edited = self.applied_to(survey.bytes);
        let read_by = survey.readers.iter().try_fold(0, |read_by, &(reader, resume)| {
            Ok(read_by + Comparison { edits: self, survey, edited: &edited, reader, new }.run(resume)?)
        })?;
        if read_by == 0 {
            return Err(EnvError::Unwritable { line: self.line(survey, 0), reader: Reader::Dotenv });
        }
        self.read_back(survey, &edited, new)?;
        Ok(edited)
    }

    /// Parses the edited file: every copy must have the value `new`, and every other assignment must be unchanged.
    fn read_back(&self, survey: &Survey<'_, '_>, edited: &[u8], new: &[u8]) -> Result<(), EnvError> {
        let is_other = |assignment: &Assignment<'_>| assignment.key() != survey.key;
        let before = Statements::of(survey.bytes).filter(is_other);
        let before = before.map(|other| (self.moved(other.key.start), other.value()));
        let after = Statements::of(edited).filter(is_other).map(|other| (other.key.start, other.value()));
        let copies = copies(edited, survey.key)?;
        if !before.eq(after) || copies.len() != self.edits.len() || copies.iter().any(|copy| *copy.value() != *new) {
            return Err(EnvError::Disturbs { line: self.line(survey, 0), reader: Reader::Dotenv });
        }
        Ok(())
    }

    fn push(&mut self, key: usize, old: Range<usize>, new: Vec<u8>) {
        let grown = self.edits.last().map_or(0, Edit::grown_after);
        self.edits.push(Edit { old, new, key: add(key, grown), grown });
    }

    fn applied_to(&self, bytes: &[u8]) -> Vec<u8> {
        let mut edited = Vec::with_capacity(bytes.len() + self.edits.iter().map(|edit| edit.new.len()).sum::<usize>());
        let mut kept = 0;
        for edit in &self.edits {
            edited.extend_from_slice(&bytes[kept..edit.old.start]);
            edited.extend_from_slice(&edit.new);
            kept = edit.old.end;
        }
        edited.extend_from_slice(&bytes[kept..]);
        edited
    }

    /// Where the byte at `pos` is in the edited file; a byte inside an edit moves to its start.
    fn moved(&self, pos: usize) -> usize {
        match self.edits.partition_point(|edit| edit.old.start < pos) {
            0 => pos,
            n => {
                let edit = &self.edits[n - 1];
                if pos >= edit.old.end { add(pos, edit.grown_after()) } else { add(edit.old.start, edit.grown) }
            }
        }
    }

    /// The same for the end of an edited value. An empty value starts and ends at the same place.
    fn moved_end(&self, pos: usize) -> usize {
        let after = self.edits.partition_point(|edit| edit.old.end <= pos);
        add(pos, after.checked_sub(1).map_or(0, |n| self.edits[n].grown_after()))
    }

    /// The edit of the assignment whose key starts at `key` in the edited file.
    fn at(&self, key: usize) -> Option<&Edit> {
        self.edits.binary_search_by_key(&key, |edit| edit.key).ok().map(|n| &self.edits[n])
    }

    fn end(&self) -> usize {
        self.edits.last().map_or(0, |edit| edit.old.end)
    }

    /// The line of the edit nearest to `pos`.
    fn line(&self, survey: &Survey<'_, '_>, pos: usize) -> usize {
        let nearest = self.edits.iter().rev().find(|edit| edit.old.start <= pos).or_else(|| self.edits.first());
        line_of(survey.bytes, nearest.map_or(0, |edit| edit.old.start))
    }
}

impl Edit {
    fn grown_after(&self) -> isize {
        self.grown + self.new.len().cast_signed() - self.old.len().cast_signed()
    }
}

fn add(pos: usize, grown: isize) -> usize {
    pos.saturating_add_signed(grown)
}

/// One reader, reading the file before and after the edit.
struct Comparison<'s> {
    edits: &'s Edits,
    survey: &'s Survey<'s, 's>,
    edited: &'s [u8],
    reader: Reader,
    new: &'s [u8],
}

impl Comparison<'_> {
    /// How many copies the reader reads as the new value.
    fn run(&self, resume: usize) -> Result<usize, EnvError> {
        let mut before = Scan::resumed(self.reader, self.survey.bytes, resume);
        let mut after = Scan::resumed(self.reader, self.edited, resume);
        let mut read = 0;
        loop {
            if self.are_in_step(&before, &after) {
                return Ok(read);
            }
            let old = before.next();
            let mut new = after.next();
            // A copy that this reader did not see as an assignment may become one, if its value is the new one.
            while let Some(reading) = new.take_if(|new| self.is_copy(new) && !self.is_same(old.as_ref(), new)) {
                self.must_read_new(&reading)?;
                read += 1;
                new = after.next();
            }
            match (old, new) {
                (None, None) => return Ok(read),
                (Some(old), Some(new)) => read += usize::from(self.compare(&old, &new)?),
                (Some(reading), None) => return Err(self.disturbs(reading.name.start)),
                (None, Some(_)) => return Err(self.disturbs(self.edits.end())),
            }
        }
    }

    /// After the last edit, two scans at the same place read the same.
    fn are_in_step(&self, before: &Scan<'_>, after: &Scan<'_>) -> bool {
        before.cursor.position().is_some_and(|old| {
            old > self.edits.end() && after.cursor.position().is_some_and(|new| new == self.edits.moved(old))
        })
    }

    /// Whether the reading is a copy with the new value. An error if anything else is read differently than before.
    fn compare(&self, old: &Reading, new: &Reading) -> Result<bool, EnvError> {
        if !self.is_same(Some(old), new) {
            return Err(self.disturbs(old.name.start));
        }
        if !self.is_copy(new) {
            let value = self.edits.moved(old.value.start)..self.edits.moved(old.value.end);
            // If the last line had no line end, the CR of the added CRLF is new: a shell reads it as part of the value.
            let grown = self.edited.get(value.end..new.value.end).unwrap_or_default();
            let same = value.start == new.value.start && value.end <= new.value.end && matches!(grown, b"" | b"\r");
            return if same { Ok(false) } else { Err(self.disturbs(old.name.start)) };
        }
        let value = self.edits.moved(old.value.start)..self.edits.moved_end(old.value.end);
        let read_new = self.decoded(self.edited, new).as_deref() == Some(self.new);
        // A reader that read more or less than the value may continue to do so.
        if self.runs_on(new) || (!read_new && (value != new.value || self.read_the_old(old))) {
            return Err(EnvError::Unwritable { line: self.line(old), reader: self.reader });
        }
        Ok(read_new)
    }

    fn read_the_old(&self, old: &Reading) -> bool {
        let decoded = self.decoded(self.survey.bytes, old);
        let copies = &self.survey.copies;
        let copy = copies.binary_search_by_key(&old.name.start, |copy| copy.key.start);
        copy.is_ok_and(|copy| decoded.as_deref() == Some(&*copies[copy].value()))
    }

    /// Checks a copy that this reader did not see before. A shell reads the CR of a CRLF as part of the value.
    fn must_read_new(&self, new: &Reading) -> Result<(), EnvError> {
        let decoded = self.decoded(self.edited, new).unwrap_or_default();
        if decoded.strip_suffix(b"\r").unwrap_or(&decoded) == self.new && !self.runs_on(new) {
            return Ok(());
        }
        Err(EnvError::Unwritable { line: line_of(self.edited, new.name.start), reader: self.reader })
    }

    /// Whether this reading of the edited file is an assignment that was edited or added.
    fn is_copy(&self, new: &Reading) -> bool {
        self.edits.at(new.name.start).is_some()
    }

    /// Whether the value of this copy now extends past its line.
    fn runs_on(&self, new: &Reading) -> bool {
        self.edits.at(new.name.start).is_some_and(|edit| {
            let written = add(edit.old.end, edit.grown_after());
            runs_on(self.edited, find_byte(self.edited, written, LINE_ENDS), new)
        })
    }

    fn is_same(&self, old: Option<&Reading>, new: &Reading) -> bool {
        old.is_some_and(|old| (self.edits.moved(old.name.start)..self.edits.moved(old.name.end)) == new.name)
    }

    fn decoded(&self, bytes: &[u8], reading: &Reading) -> Option<Vec<u8>> {
        self.reader.decode(&bytes[reading.value.clone()])
    }

    fn disturbs(&self, pos: usize) -> EnvError {
        EnvError::Disturbs { line: self.edits.line(self.survey, pos), reader: self.reader }
    }

    fn line(&self, old: &Reading) -> usize {
        line_of(self.survey.bytes, old.name.start)
    }
}

/// Refuses values that no `.env` file can carry to every reader.
fn check_value(value: &[u8]) -> Result<(), EnvError> {
    let Ok(text) = std::str::from_utf8(value) else {
        return Err(EnvError::BadValue { why: "is not UTF-8 text" });
    };
    let odd = |c: char| c.is_control() || c == '\u{feff}' || (c.is_whitespace() && c != ' ');
    if text.contains(odd) {
        return Err(EnvError::BadValue { why: "contains a line end, a NUL, or another invisible character" });
    }
    if text.contains('$') {
        return Err(EnvError::BadValue { why: "contains a $, which some programs replace with another variable" });
    }
    Ok(())
}

/// How `value` is written if there are no quotes yet: quoted only if necessary.
fn written(value: &[u8]) -> Vec<u8> {
    let is_plain = |byte: &u8| !byte.is_ascii() || byte.is_ascii_alphanumeric() || b"_-./=:@%,+".contains(byte);
    if value.iter().all(is_plain) {
        return value.to_vec();
    }
    let quote: &[u8] = if value.contains(&b'\'') { b"\"" } else { b"'" };
    [quote, value, quote].concat()
}

/// The first line ending in the file, or LF if there is none.
fn line_ending(bytes: &[u8]) -> &'static [u8] {
    match bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(end) if bytes[end..].starts_with(b"\r\n") => b"\r\n",
        Some(end) if bytes[end] == b'\r' => b"\r",
        _ => b"\n",
    }
}
