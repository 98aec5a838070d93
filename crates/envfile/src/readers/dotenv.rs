//! npm `dotenv` 16 to 18: one regular expression, applied line by line. Its `\s` crosses line ends.

use super::scan::{Cursor, Reading};
use crate::seek::{after_export, find, find_byte, is_line_end, javascript, skip, trim};
use crate::statement::expand;

pub(super) fn next(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let bytes = cursor.bytes;
    loop {
        let start = skip(bytes, cursor.pos, javascript);
        if start == bytes.len() {
            cursor.pos = start;
            return None;
        }
        let exported = after_export(bytes, start, javascript).and_then(|name| assignment(cursor, name));
        match exported.or_else(|| assignment(cursor, start)) {
            Some(reading) => {
                cursor.pos = line_after(bytes, reading.value.end);
                return Some(reading);
            }
            None => cursor.pos = line_after(bytes, start),
        }
    }
}

pub(super) fn decode(raw: &[u8]) -> Vec<u8> {
    match trim(raw, javascript) {
        [b'"', inner @ .., b'"'] => expand(inner, b"nr").into_owned(),
        [open @ (b'\'' | b'`'), inner @ .., close] if open == close => inner.to_vec(),
        text @ [b'"', ..] => expand(text, b"nr").into_owned(),
        text => text.to_vec(),
    }
}

fn assignment(cursor: &mut Cursor<'_>, start: usize) -> Option<Reading> {
    let bytes = cursor.bytes;
    let end = find(bytes, start, |byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')));
    if end == start {
        return None;
    }
    let equals = skip(bytes, end, javascript);
    let value = if bytes.get(equals) == Some(&b'=') {
        equals + 1
    } else if bytes[end..].starts_with(b":\r\n") {
        end + 3
    } else if bytes.get(end) == Some(&b':') && skip(bytes, end + 1, javascript) > end + 1 {
        skip_one(bytes, end + 1)
    } else {
        return None;
    };
    let value_end =
        closing_quote(cursor, value).map_or_else(|| find_byte(bytes, value, [b'#', b'\n', b'\r']), |close| close + 1);
    Some(Reading { name: start..end, value: value..value_end })
}

/// The quote that closes the value starting at `start`, if the value is quoted. Only blanks or a comment may follow it.
/// A quote after a backslash closes only if no other does.
fn closing_quote(cursor: &mut Cursor<'_>, start: usize) -> Option<usize> {
    let bytes = cursor.bytes;
    let open = skip(bytes, start, javascript);
    let quote = *bytes.get(open).filter(|&&byte| matches!(byte, b'\'' | b'"' | b'`'))?;
    let mut escaped = None;
    let mut pos = open + 1;
    loop {
        pos = find_byte(bytes, pos, [quote]);
        if pos == bytes.len() {
            cursor.looked = pos;
            return escaped;
        }
        let rest = skip_in_line(bytes, pos + 1);
        let closes = rest == bytes.len() || bytes[rest] == b'#' || ends_line(bytes, rest);
        if bytes[pos - 1] != b'\\' {
            if closes {
                return Some(pos);
            }
            cursor.looked = cursor.looked.max(rest + 1);
            return escaped;
        }
        if closes {
            escaped = Some(pos);
        }
        pos += 1;
    }
}

/// Skips the blanks at `pos`.
fn skip_in_line(bytes: &[u8], pos: usize) -> usize {
    skip(bytes, pos, |c| javascript(c) && !matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}'))
}

/// The start of the next line, as `^` understands it.
fn line_after(bytes: &[u8], mut pos: usize) -> usize {
    loop {
        pos = find_byte(bytes, pos, [b'\n', b'\r', 0xe2]);
        if pos == bytes.len() {
            return pos;
        }
        if ends_line(bytes, pos) {
            return skip_one(bytes, pos);
        }
        pos += 1;
    }
}

fn ends_line(bytes: &[u8], pos: usize) -> bool {
    is_line_end(bytes[pos]) || matches!(bytes[pos..], [0xe2, 0x80, 0xa8 | 0xa9, ..])
}

/// Skips the character at `pos`.
fn skip_one(bytes: &[u8], pos: usize) -> usize {
    crate::seek::char_at(bytes, pos).map_or(pos, |(_, len)| pos + len)
}
