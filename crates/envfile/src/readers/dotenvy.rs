//! The crate `dotenvy`: joins lines while a quote is open anywhere in them, then parses each joined line.

use super::scan::{Cursor, Reading};
use crate::seek::{after_line_feed, byte_order_mark, char_at, find, find_byte, skip, trimmed_len};

pub(super) fn next(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let bytes = cursor.bytes;
    cursor.pos = cursor.pos.max(byte_order_mark(bytes));
    while cursor.pos < bytes.len() {
        let start = cursor.pos;
        let Some((end, next)) = joined_line(bytes, start) else {
            cursor.give_up();
            return None;
        };
        cursor.pos = next;
        if let Some(reading) = assignment(bytes, start, end) {
            return Some(reading);
        }
    }
    None
}

pub(super) fn decode(raw: &[u8]) -> Option<Vec<u8>> {
    let text = &raw[skip(raw, 0, char::is_whitespace)..];
    if text.starts_with(b"#") {
        return Some(Vec::new());
    }
    let mut decoded = Vec::new();
    let (_, accepted) = value(text, |bytes| decoded.extend_from_slice(bytes));
    accepted.then_some(decoded)
}

enum State {
    Plain,
    Space,
    Escape,
    Quoted(u8),
    QuotedEscape(u8),
}

/// Where the line that starts at `start` ends, and where the next one starts; `None` if a quote stays open.
fn joined_line(bytes: &[u8], start: usize) -> Option<(usize, usize)> {
    if bytes.get(skip(bytes, start, |c| c.is_whitespace() && c != '\n')) == Some(&b'#') {
        return Some((start, after_line_feed(bytes, start)));
    }
    let mut state = State::Plain;
    let mut pos = start;
    loop {
        pos = match state {
            State::Plain => find(bytes, pos, |byte| byte <= b' ' || !byte.is_ascii() || b"\\'\"".contains(&byte)),
            State::Quoted(quote) => find_byte(bytes, pos, [quote, b'\\']),
            _ => pos,
        };
        let Some((c, len)) = char_at(bytes, pos) else {
            break;
        };
        let byte = bytes[pos];
        state = match state {
            State::Space if byte == b'#' => return Some((pos, after_line_feed(bytes, pos))),
            State::Plain if c.is_whitespace() && !matches!(c, '\n' | '\r') => State::Space,
            State::Plain | State::Space => match byte {
                b'\\' => State::Escape,
                b'\'' | b'"' => State::Quoted(byte),
                _ => State::Plain,
            },
            State::Escape => State::Plain,
            State::Quoted(quote) if byte == b'\\' => State::QuotedEscape(quote),
            State::Quoted(quote) if byte == quote => State::Plain,
            State::Quoted(quote) | State::QuotedEscape(quote) => State::Quoted(quote),
        };
        pos += len;
        if byte == b'\n' && matches!(state, State::Plain) {
            return Some((pos, pos));
        }
    }
    // dotenvy rejects blanks at the very end of a file without a final line end; the variable is still meant.
    matches!(state, State::Plain | State::Space).then_some((pos, pos))
}

fn assignment(bytes: &[u8], start: usize, end: usize) -> Option<Reading> {
    let line = &bytes[..start + trimmed_len(&bytes[start..end], char::is_whitespace)];
    let skip_space = |pos| skip(line, pos, char::is_whitespace);
    let mut name = name(line, skip_space(start))?;
    let mut equals = skip_space(name.end);
    if &line[name.clone()] == b"export" && line.get(equals) != Some(&b'=') {
        name = self::name(line, equals)?;
        equals = skip_space(name.end);
    }
    if line.get(equals) != Some(&b'=') {
        return None;
    }
    let first = skip_space(equals + 1);
    let (len, accepted) = value(&line[first..], |_| {});
    let is_empty = line[first..].is_empty() || line[first] == b'#';
    (is_empty || accepted).then_some(Reading { name, value: equals + 1..first + len })
}

fn name(line: &[u8], start: usize) -> Option<std::ops::Range<usize>> {
    line.get(start).filter(|&&byte| byte.is_ascii_alphabetic() || byte == b'_')?;
    Some(start..find(line, start, |byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))))
}

/// The length of the value in `text`, and whether it is accepted; its bytes go to `decoded`.
fn value(text: &[u8], mut decoded: impl FnMut(&[u8])) -> (usize, bool) {
    let mut quote = None;
    let mut pos = 0;
    loop {
        let end = match quote {
            None => find_byte(text, pos, [b'\'', b'"', b'\\', b' ', b'\t']),
            Some(b'"') => find_byte(text, pos, [b'"', b'\\']),
            Some(quote) => find_byte(text, pos, [quote]),
        };
        decoded(&text[pos..end]);
        let Some(&byte) = text.get(end) else {
            return (end, quote.is_none());
        };
        pos = end + 1;
        match byte {
            b'\\' => {
                match text.get(pos) {
                    Some(b'n') => decoded(b"\n"),
                    Some(b'\\' | b'\'' | b'"' | b'$' | b' ') => decoded(&text[pos..=pos]),
                    Some(_) => return (pos, false),
                    None => return (pos, quote.is_none()),
                }
                pos += 1;
            }
            b' ' | b'\t' => {
                let rest = find(text, pos, |byte| !matches!(byte, b' ' | b'\t'));
                return (end, text.get(rest).is_none_or(|&byte| byte == b'#'));
            }
            _ => quote = if quote.is_none() { Some(byte) } else { None },
        }
    }
}
