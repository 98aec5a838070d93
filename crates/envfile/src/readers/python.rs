//! `python-dotenv`: a quoted value that does not close, or has text behind it, is an error of that line alone.

use super::{Reading, Scan};
use crate::seek::{LINE_ENDS, find_byte, is_line_end, python, skip, trim};
use crate::statement::{BYTE_ORDER_MARK, line_after};

pub(super) fn next(scan: &mut Scan<'_>) -> Option<Reading> {
    let bytes = scan.bytes;
    if scan.pos == 0 && bytes.starts_with(BYTE_ORDER_MARK) {
        scan.pos = BYTE_ORDER_MARK.len();
    }
    loop {
        scan.pos = skip(bytes, scan.pos, python);
        if scan.pos == bytes.len() {
            return None;
        }
        let reading = binding(scan);
        // Whatever is left of the line is a comment or an error.
        scan.pos = line_after(bytes, scan.pos);
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

/// One assignment. `scan` stops where the reader would, also on an error.
fn binding(scan: &mut Scan<'_>) -> Option<Reading> {
    let bytes = scan.bytes;
    let after_export = skip(bytes, scan.pos + 6, blank);
    if bytes[scan.pos..].starts_with(b"export") && after_export > scan.pos + 6 {
        scan.pos = after_export;
    }
    let name = match bytes.get(scan.pos)? {
        b'#' => return None,
        b'\'' => {
            let close = find_byte(bytes, scan.pos + 1, [b'\'']);
            if close == bytes.len() {
                scan.looked = close;
            }
            if close == bytes.len() || close == scan.pos + 1 {
                return None;
            }
            let name = scan.pos + 1..close;
            scan.pos = close + 1;
            name
        }
        _ => {
            let start = scan.pos;
            scan.pos = name_end(bytes, start);
            start..scan.pos
        }
    };
    let equals = skip(bytes, scan.pos, blank);
    if name.is_empty() || bytes.get(equals) != Some(&b'=') {
        return None;
    }
    let start = equals + 1;
    scan.pos = skip(bytes, start, blank);
    let end = match bytes.get(scan.pos) {
        Some(&quote @ (b'\'' | b'"')) => {
            let Some(close) = closing_quote(bytes, scan.pos + 1, quote) else {
                scan.looked = bytes.len();
                return None;
            };
            scan.pos = close + 1;
            scan.pos
        }
        _ => find_byte(bytes, scan.pos, LINE_ENDS),
    };
    let rest = skip(bytes, end, blank);
    let ends = bytes.get(rest).is_none_or(|&byte| byte == b'#' || is_line_end(byte));
    ends.then_some(Reading { name, value: start..end })
}

fn name_end(bytes: &[u8], start: usize) -> usize {
    let mut pos = start;
    while let Some((c, len)) = crate::seek::char_at(bytes, pos) {
        if python(c) || matches!(c, '=' | '#') {
            break;
        }
        pos += len;
    }
    pos
}

fn closing_quote(bytes: &[u8], mut pos: usize, quote: u8) -> Option<usize> {
    loop {
        pos = find_byte(bytes, pos, [quote, b'\\']);
        match bytes.get(pos)? {
            b'\\' => pos += 2,
            _ => return Some(pos),
        }
    }
}

/// Where the comment behind a value without quotes starts, with the blanks before it.
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

/// The escapes that are `known`, decoded; others stay.
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
