//! `python-dotenv`: a quoted value that does not close, or is followed by text, is an error in that line only.

use super::scan::{Cursor, Reading};
use crate::seek::{
    LINE_ENDS, after_export, byte_order_mark, find_byte, is_line_end, python, skip, trim, unescaped_quote,
};
use crate::statement::line_after;

pub(super) fn next(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let bytes = cursor.bytes;
    cursor.pos = cursor.pos.max(byte_order_mark(bytes));
    loop {
        cursor.pos = skip(bytes, cursor.pos, python);
        if cursor.pos == bytes.len() {
            return None;
        }
        let reading = binding(cursor);
        // The rest of the line is a comment or an error.
        cursor.pos = line_after(bytes, cursor.pos);
        if reading.is_some() {
            return reading;
        }
    }
}

pub(super) fn decode(raw: &[u8]) -> Option<Vec<u8>> {
    let first = skip(raw, 0, python);
    match &raw[first..] {
        [b'#', ..] if first > 0 => Some(Vec::new()),
        [b'\'', inner @ .., b'\''] => unescape(inner, b"\\'"),
        [b'"', inner @ .., b'"'] => unescape(inner, b"\\'\"abfnrtv"),
        [b'\'' | b'"', ..] => None,
        text => Some(trim(&text[..comment(text)], python).to_vec()),
    }
}

/// One assignment. The cursor stops where the reader would, even on an error.
fn binding(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let bytes = cursor.bytes;
    cursor.pos = after_export(bytes, cursor.pos, blank).unwrap_or(cursor.pos);
    let name = match bytes.get(cursor.pos)? {
        b'#' => return None,
        b'\'' => {
            let close = find_byte(bytes, cursor.pos + 1, [b'\'']);
            if close == bytes.len() {
                cursor.looked = close;
            }
            if close == bytes.len() || close == cursor.pos + 1 {
                return None;
            }
            let name = cursor.pos + 1..close;
            cursor.pos = close + 1;
            name
        }
        _ => {
            let start = cursor.pos;
            cursor.pos = skip(bytes, start, |c| !python(c) && !matches!(c, '=' | '#'));
            start..cursor.pos
        }
    };
    let equals = skip(bytes, cursor.pos, blank);
    if name.is_empty() || bytes.get(equals) != Some(&b'=') {
        return None;
    }
    let start = equals + 1;
    cursor.pos = skip(bytes, start, blank);
    let end = match bytes.get(cursor.pos) {
        Some(&quote @ (b'\'' | b'"')) => {
            let Some(close) = unescaped_quote(bytes, cursor.pos + 1, quote) else {
                cursor.looked = bytes.len();
                return None;
            };
            cursor.pos = close + 1;
            cursor.pos
        }
        _ => find_byte(bytes, cursor.pos, LINE_ENDS),
    };
    let rest = skip(bytes, end, blank);
    let ends = bytes.get(rest).is_none_or(|&byte| byte == b'#' || is_line_end(byte));
    ends.then_some(Reading { name, value: start..end })
}

/// Where the comment after an unquoted value starts, including the blanks before it.
fn comment(text: &[u8]) -> usize {
    let mut pos = 0;
    while let Some((c, len)) = crate::seek::char_at(text, pos) {
        let end = skip(text, pos, python);
        if python(c) && text.get(end) == Some(&b'#') {
            return pos;
        }
        pos = end.max(pos + len);
    }
    pos
}

/// Decodes the `known` escapes; others stay.
fn unescape(text: &[u8], known: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            decoded.push(byte);
            continue;
        }
        let escaped = bytes.next()?;
        if !known.contains(&escaped) {
            decoded.push(b'\\');
        }
        decoded.push(match escaped {
            _ if !known.contains(&escaped) => escaped,
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            quote_or_backslash => quote_or_backslash,
        });
    }
    Some(decoded)
}

fn blank(c: char) -> bool {
    python(c) && !matches!(c, '\n' | '\r')
}
