//! POSIX shells, to which a `.env` file is a program: quotes open anywhere in a word, a backslash joins lines, and an
//! assignment in front of a command does not last.

use super::scan::{Cursor, Reading};
use crate::seek::{find, find_byte, unescaped_quote};

pub(super) fn next(cursor: &mut Cursor<'_>) -> Option<Reading> {
    while cursor.pending.is_empty() && cursor.pos < cursor.bytes.len() {
        command(cursor);
    }
    cursor.pending.pop_front()
}

/// The value of a word, unless the shell would have to run or look up something to know it.
pub(super) fn decode(raw: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut quote = None;
    let mut bytes = raw.iter().copied();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(b'\''), _) => decoded.push(byte),
            (_, b'`' | b'$') | (None, b'(' | b')' | b'~') => return None,
            (_, b'\\') => {
                let escaped = bytes.next()?;
                if quote.is_some() && !matches!(escaped, b'$' | b'`' | b'"' | b'\\' | b'\n') {
                    decoded.push(b'\\');
                }
                decoded.extend(Some(escaped).filter(|&escaped| escaped != b'\n'));
            }
            (None, b'\'' | b'"') => quote = Some(byte),
            _ => decoded.push(byte),
        }
    }
    quote.is_none().then_some(decoded)
}

/// Reads one command, up to the end of its line or a `;`, and reports the variables that it sets.
fn command(cursor: &mut Cursor<'_>) {
    let bytes = cursor.bytes;
    let mut set = Vec::new();
    let mut runs = Runs::Nothing;
    loop {
        cursor.pos = skip_blanks(bytes, cursor.pos);
        match bytes.get(cursor.pos) {
            None => break,
            Some(&end @ (b'\n' | b';' | b'&' | b'|' | b'(' | b')')) => {
                let is_doubled = bytes.get(cursor.pos + 1) == Some(&end);
                cursor.pos += 1 + usize::from(is_doubled);
                // A command in a pipe or in the background sets nothing in this shell.
                if matches!(end, b'&' | b'|') && !is_doubled {
                    runs = Runs::Program;
                }
                break;
            }
            Some(b'<' | b'>') => cursor.pos += 1,
            Some(b'#') => cursor.pos = find_byte(bytes, cursor.pos, [b'\n']),
            Some(_) => {
                let start = cursor.pos;
                let Some(end) = word_end(bytes, start) else {
                    // The shell rejects a command that does not end, and everything after it.
                    cursor.give_up();
                    return;
                };
                cursor.pos = end;
                // A builtin's declaration may be quoted as a whole: `export "KEY=value"`.
                let quotes = if runs == Runs::Builtin { b"'\"".as_slice() } else { b"" };
                let unquoted = find(&bytes[..end], start, |byte| !quotes.contains(&byte));
                match (assignment(bytes, unquoted, end), runs) {
                    (Some(reading), Runs::Nothing | Runs::Builtin) => set.push(reading),
                    (None, Runs::Nothing) => runs = Runs::what(&bytes[start..end]),
                    (_, Runs::Program | Runs::Builtin) => {}
                }
            }
        }
    }
    if runs != Runs::Program {
        cursor.pending.extend(set);
    }
}

/// What a command runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    Nothing,
    /// A builtin that declares variables, or makes assignments in front of it last.
    Builtin,
    Program,
}

impl Runs {
    fn what(word: &[u8]) -> Self {
        let is_listed = |word: Vec<u8>| {
            let declares = matches!(&word[..], b"export" | b"declare" | b"typeset" | b"readonly" | b"local");
            let keeps = matches!(&word[..], b":" | b"." | b"eval" | b"exec" | b"set" | b"shift" | b"trap" | b"unset");
            declares || keeps || word == b"times"
        };
        // A word that must be looked up may be a builtin.
        let is_builtin = decode(word).is_none_or(is_listed);
        if is_builtin { Self::Builtin } else { Self::Program }
    }
}

fn assignment(bytes: &[u8], start: usize, end: usize) -> Option<Reading> {
    let name_end = find(&bytes[..end], start, |byte| !(byte.is_ascii_alphanumeric() || byte == b'_'));
    let equals = name_end + usize::from(bytes.get(name_end) == Some(&b'+'));
    let is_name = name_end > start && !bytes[start].is_ascii_digit();
    let is_assignment = is_name && equals < end && bytes[equals] == b'=';
    is_assignment.then_some(Reading { name: start..name_end, value: equals + 1..end })
}

/// Where the word that starts at `start` ends; `None` if it is still open at the end of the file.
fn word_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut pos = start;
    loop {
        pos = find(bytes, pos, is_special);
        let Some(&byte) = bytes.get(pos) else {
            break;
        };
        pos += 1;
        match byte {
            b'\\' => pos += 1,
            b'\'' => pos = 1 + Some(find_byte(bytes, pos, [byte])).filter(|&close| close < bytes.len())?,
            b'"' | b'`' => pos = 1 + unescaped_quote(bytes, pos, byte)?,
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b')' if depth == 0 => return Some(pos - 1),
            _ => {}
        }
    }
    (depth == 0).then_some(bytes.len())
}

/// Whether the byte may end a word, or keep others from ending it.
fn is_special(byte: u8) -> bool {
    matches!(byte, b'\\' | b'\'' | b'"' | b'`' | b'(' | b')' | b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>')
}

fn skip_blanks(bytes: &[u8], mut pos: usize) -> usize {
    loop {
        match bytes.get(pos..) {
            Some([b' ' | b'\t', ..]) => pos += 1,
            Some([b'\\', b'\n', ..]) => pos += 2,
            _ => return pos,
        }
    }
}
