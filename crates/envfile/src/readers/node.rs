//! Node.js with `--env-file`: a quote closes at the next one of its kind, wherever that is; CR is ignored.

use super::scan::{Cursor, Reading};
use crate::seek::{after_line_feed, find, find_byte, skip, trimmed_len};
use crate::statement::expand;

/// Node.js 20 stops at a line without a name, and searches for `=` across lines. Later versions skip lines without `=`,
/// but also skip line ends after `= `.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Twenty,
    Newer,
}

pub(super) fn next(cursor: &mut Cursor<'_>, version: Version) -> Option<Reading> {
    let bytes = cursor.bytes;
    if cursor.pos == 0 {
        cursor.pos = skip_space(bytes, 0, version);
    }
    while cursor.pos < bytes.len() {
        let start = find(bytes, cursor.pos, |byte| byte != b'\r');
        match bytes.get(start)? {
            b'\n' => {
                cursor.pos = start + 1;
                continue;
            }
            b'#' => {
                cursor.pos = after_line_feed(bytes, start);
                continue;
            }
            _ => {}
        }
        let equals = find(bytes, start, |byte| byte == b'=' || (byte == b'\n' && version == Version::Newer));
        if *bytes.get(equals)? == b'\n' {
            cursor.pos = skip_space(bytes, equals + 1, version);
            continue;
        }
        let name = name(bytes, start, equals, version);
        if name.is_empty() && version == Version::Newer {
            cursor.pos = skip_space(bytes, equals + 1, version);
            continue;
        }
        // Version 20 stops at a `=` without a name; if blanks precede it, it gets a name by accident.
        let end = if equals == start { None } else { value_end(cursor, equals + 1, version) };
        let Some(end) = end else {
            cursor.give_up();
            return None;
        };
        let (name, value) = (if name.is_empty() { start..equals } else { name }, equals + 1..end);
        cursor.pos = after_line_feed(bytes, value.end);
        let text = &bytes[value.clone()];
        let is_quoted = matches!(text[skip_space(text, 0, version)..], [b'\'' | b'"' | b'`', ..]);
        if version == Version::Newer && !is_quoted {
            cursor.pos = skip_space(bytes, cursor.pos, version);
        }
        return Some(Reading { name, value });
    }
    None
}

pub(super) fn decode(raw: &[u8], version: Version) -> Vec<u8> {
    let raw: Vec<u8> = raw.iter().copied().filter(|&byte| byte != b'\r').collect();
    let text = &raw[skip_space(&raw, 0, version)..];
    match text {
        [b'"', inner @ .., b'"'] => expand(inner, b"n").into_owned(),
        [open @ (b'\'' | b'`'), inner @ .., close] if open == close => inner.to_vec(),
        [b'\'' | b'"' | b'`', ..] => text.to_vec(),
        _ => trimmed(&text[..find_byte(text, 0, [b'#'])], version).to_vec(),
    }
}

/// Where the value that starts at `start` ends. Version 20 drops one whose quote does not close on the last line.
fn value_end(cursor: &mut Cursor<'_>, start: usize, version: Version) -> Option<usize> {
    let bytes = cursor.bytes;
    let after_equals = find(bytes, start, |byte| byte != b'\r');
    if bytes.get(after_equals) == Some(&b'\n') {
        return Some(after_equals);
    }
    let first = skip_space(bytes, start, version);
    let line_end = find_byte(bytes, first, [b'\n']);
    let Some(&quote @ (b'\'' | b'"' | b'`')) = bytes.get(first) else {
        return Some(line_end);
    };
    let close = find_byte(bytes, first + 1, [quote]);
    if close < bytes.len() {
        return Some(close + 1);
    }
    cursor.looked = close;
    if skip_space(bytes, line_end, version) < bytes.len() {
        return Some(line_end);
    }
    // White space at the end of the file is dropped first of all.
    (version == Version::Newer).then_some(first + trimmed(&bytes[first..line_end], version).len())
}

fn name(bytes: &[u8], start: usize, end: usize, version: Version) -> std::ops::Range<usize> {
    let mut start = skip_space(&bytes[..end], start, version);
    let end = start + trimmed(&bytes[start..end], version).len();
    if bytes[start..end].starts_with(b"export ") {
        start += 7;
        if version == Version::Newer {
            start = skip_space(&bytes[..end], start, version);
        }
    }
    start..end
}

fn is_space(c: char, version: Version) -> bool {
    matches!(c, ' ' | '\r') || (version == Version::Newer && matches!(c, '\t' | '\n'))
}

fn skip_space(bytes: &[u8], pos: usize, version: Version) -> usize {
    skip(bytes, pos, |c| is_space(c, version))
}

/// `text` without trailing white space.
fn trimmed(text: &[u8], version: Version) -> &[u8] {
    &text[..trimmed_len(text, |c| is_space(c, version))]
}
