//! The assignments of a `.env` file, read line by line as their author most likely meant them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::seek::{
    LINE_ENDS, after_export, blank, byte_order_mark, find, find_byte, is_line_end, skip, trimmed_len, unescaped_quote,
};

/// An assignment: `KEY=value` in any of its spellings.
#[derive(Clone)]
pub struct Assignment<'a> {
    bytes: &'a [u8],
    pub(crate) key: Range<usize>,
    span: Range<usize>,
    /// The end of the line on which the value ends.
    pub(crate) end: usize,
    quote: Quote,
    pub(crate) fault: Option<Fault>,
}

/// How a value is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `KEY=value`
    None,
    /// `KEY='value'`
    Single,
    /// `KEY="value"`
    Double,
    /// `` KEY=`value` ``
    Backtick,
}

/// Why a quoted value is not well formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Unclosed,
    TextAfterQuote,
}

impl<'a> Assignment<'a> {
    /// The line of the key, counted from 1. Counting takes a pass over everything before it.
    pub fn line(&self) -> usize {
        line_of(self.bytes, self.key.start)
    }

    /// The key.
    pub fn key(&self) -> &'a str {
        // A key is ASCII, so the fallback is never used.
        std::str::from_utf8(&self.bytes[self.key.clone()]).unwrap_or_default()
    }

    /// The value, without its quotes. In double quotes, `\n` and `\r` become line ends, as in most readers.
    pub fn value(&self) -> Cow<'a, [u8]> {
        let inner = &self.bytes[self.span.clone()];
        if self.quote == Quote::Double { expand(inner, b"nr") } else { Cow::Borrowed(inner) }
    }

    /// The place of the value in the file, without its quotes. An empty value has an empty range.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// How the value is quoted.
    pub fn quote(&self) -> Quote {
        self.quote
    }
}

impl fmt::Debug for Assignment<'_> {
    /// Everything but the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assignment")
            .field("line", &self.line())
            .field("key", &self.key())
            .field("span", &self.span)
            .field("quote", &self.quote)
            .finish_non_exhaustive()
    }
}

/// Every assignment of a file.
pub(crate) struct Statements<'a> {
    bytes: &'a [u8],
    pos: usize,
}

impl<'a> Statements<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, pos: byte_order_mark(bytes) }
    }
}

impl<'a> Iterator for Statements<'a> {
    type Item = Assignment<'a>;

    fn next(&mut self) -> Option<Assignment<'a>> {
        while self.pos < self.bytes.len() {
            let found = assignment(self.bytes, self.pos);
            self.pos = line_after(self.bytes, found.as_ref().map_or(self.pos, |assignment| assignment.end));
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

/// The start of the line after the one on which `pos` lies.
pub(crate) fn line_after(bytes: &[u8], pos: usize) -> usize {
    let end = find_byte(bytes, pos, LINE_ENDS);
    if bytes[end..].starts_with(b"\r\n") { end + 2 } else { (end + 1).min(bytes.len()) }
}

/// The line of the byte at `pos`, counted from 1.
pub(crate) fn line_of(bytes: &[u8], pos: usize) -> usize {
    1 + line_ends(&bytes[..pos])
}

/// How many line ends there are, CRLF counting once.
pub(crate) fn line_ends(bytes: &[u8]) -> usize {
    let mut previous = 0;
    let ends = |&byte: &u8| {
        let ends = byte == b'\r' || (byte == b'\n' && previous != b'\r');
        previous = byte;
        ends
    };
    bytes.iter().copied().filter(ends).count()
}

/// The assignment on the line that starts at `start`, if there is one.
fn assignment(bytes: &[u8], start: usize) -> Option<Assignment<'_>> {
    let first = skip(bytes, start, blank);
    let exported = after_export(bytes, first, blank).and_then(|key| declared(bytes, key));
    let (key, after) = exported.or_else(|| declared(bytes, first))?;
    let Value { span, end, quote, fault } = value(bytes, after);
    Some(Assignment { bytes, key, span, end, quote, fault })
}

/// A key at `start`, and where its value may start: after `=`, or after a colon and a blank.
fn declared(bytes: &[u8], start: usize) -> Option<(Range<usize>, usize)> {
    let end = find(bytes, start, |byte| !is_key_byte(byte));
    if end == start {
        return None;
    }
    let equals = skip(bytes, end, blank);
    if bytes.get(equals) == Some(&b'=') {
        return Some((start..end, equals + 1));
    }
    let colon_and_blank = bytes.get(end) == Some(&b':') && matches!(bytes.get(end + 1), Some(b' ' | b'\t'));
    colon_and_blank.then_some((start..end, end + 2))
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

struct Value {
    span: Range<usize>,
    end: usize,
    quote: Quote,
    fault: Option<Fault>,
}

/// The value that starts at `start`, right after the separator.
fn value(bytes: &[u8], start: usize) -> Value {
    let first = skip(bytes, start, blank);
    let quote = match bytes.get(first) {
        Some(b'\'') => Quote::Single,
        Some(b'"') => Quote::Double,
        Some(b'`') => Quote::Backtick,
        _ => return unquoted(bytes, start, first),
    };
    let Some(close) = closing_quote(bytes, first) else {
        return Value { quote, fault: Some(Fault::Unclosed), ..unquoted(bytes, start, first) };
    };
    let rest = skip(bytes, close + 1, blank);
    if bytes.get(rest).is_some_and(|&byte| byte != b'#' && !is_line_end(byte)) {
        return Value { quote, fault: Some(Fault::TextAfterQuote), ..unquoted(bytes, start, first) };
    }
    Value { span: first + 1..close, end: find_byte(bytes, close, LINE_ENDS), quote, fault: None }
}

/// An unquoted value. It ends at `#` or at the end of the line, without trailing blanks.
fn unquoted(bytes: &[u8], start: usize, first: usize) -> Value {
    let end = find_byte(bytes, first, LINE_ENDS);
    let text = &bytes[first..find_byte(&bytes[..end], first, [b'#'])];
    // An empty value is right after the separator: after a blank, a shell would run it as a command.
    let span = if text.is_empty() { start..start } else { first..first + trimmed_len(text, blank) };
    Value { span, end, quote: Quote::None, fault: None }
}

/// The quote that closes the one at `open`. A backslash escapes the next byte, unless that leaves no closing quote:
/// `'C:\'` ends in a backslash and is closed.
fn closing_quote(bytes: &[u8], open: usize) -> Option<usize> {
    unescaped_quote(bytes, open + 1, bytes[open]).or_else(|| {
        let line = &bytes[..find_byte(bytes, open, LINE_ENDS)];
        line.iter().rposition(|&byte| byte == bytes[open]).filter(|&close| close > open)
    })
}

/// Decodes those of the escapes `\n` and `\r` that are `known`.
pub(crate) fn expand<'t>(text: &'t [u8], known: &[u8]) -> Cow<'t, [u8]> {
    if !text.contains(&b'\\') {
        return Cow::Borrowed(text);
    }
    let mut expanded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after_one @ ..] = rest {
        let (byte, after) = match rest {
            [b'\\', escape, after @ ..] if known.contains(escape) => {
                (if *escape == b'n' { b'\n' } else { b'\r' }, after)
            }
            _ => (*first, after_one),
        };
        expanded.push(byte);
        rest = after;
    }
    Cow::Owned(expanded)
}
