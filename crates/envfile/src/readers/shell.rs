//! POSIX shells: a `.env` file is a program. Quotes open anywhere in a word, a backslash joins lines, and an
//! assignment in front of a command is not kept.

use super::{Reading, Scan};
use crate::seek::{find, find_byte};

pub(super) fn next(scan: &mut Scan<'_>) -> Option<Reading> {
    while scan.pending.is_empty() && scan.pos < scan.bytes.len() {
        command(scan);
    }
    scan.pending.pop_front()
}

/// The value of a word, unless the shell would have to run or look up something for it.
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

/// Reads one command, up to the end of its line or `;`, and reports the variables that it sets.
fn command(scan: &mut Scan<'_>) {
    let bytes = scan.bytes;
    let mut set = Vec::new();
    let mut runs = Runs::Nothing;
    loop {
        scan.pos = skip_blanks(bytes, scan.pos);
        match bytes.get(scan.pos) {
            None => break,
            Some(&end @ (b'\n' | b';' | b'&' | b'|' | b'(' | b')')) => {
                let is_doubled = bytes.get(scan.pos + 1) == Some(&end);
                scan.pos += 1 + usize::from(is_doubled);
                // Part of a pipe or in the background, a command sets nothing here.
                if matches!(end, b'&' | b'|') && !is_doubled {
                    runs = Runs::Program;
                }
                break;
            }
            Some(b'<' | b'>') => scan.pos += 1,
            Some(b'#') => scan.pos = find_byte(bytes, scan.pos, [b'\n']),
            Some(_) => {
                let start = scan.pos;
                let Some(end) = word_end(bytes, start) else {
                    // The shell rejects a command that does not end, and reads nothing behind it.
                    scan.pos = bytes.len();
                    scan.looked = bytes.len();
                    return;
                };
                scan.pos = end;
                // What a builtin declares may be quoted as a whole: `export "KEY=value"`.
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
        scan.pending.extend(set);
    }
}

/// What a command runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    Nothing,
    /// One of those that declare variables, or keep what is assigned in front of them.
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
        // What has to be looked up may be one of these.
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
        pos = find(bytes, pos, |byte| SPECIAL[usize::from(byte)]);
        let Some(&byte) = bytes.get(pos) else {
            break;
        };
        pos += 1;
        match byte {
            b'\\' => pos += 1,
            b'\'' => pos = closing_quote(bytes, pos, [b'\''; 2])?,
            b'"' => pos = closing_quote(bytes, pos, [b'"', b'\\'])?,
            b'`' => pos = closing_quote(bytes, pos, [b'`', b'\\'])?,
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b')' if depth == 0 => return Some(pos - 1),
            _ => {}
        }
    }
    (depth == 0).then_some(bytes.len())
}

/// The bytes that may end a word, or that keep others from it.
const SPECIAL: [bool; 256] = {
    let special = b"\\'\"`() \t\n;&|<>";
    let mut table = [false; 256];
    let mut n = 0;
    while n < special.len() {
        table[special[n] as usize] = true;
        n += 1;
    }
    table
};

/// Behind the quote that closes; `special` is the quote, and the backslash where it escapes.
fn closing_quote(bytes: &[u8], mut pos: usize, special: [u8; 2]) -> Option<usize> {
    loop {
        pos = find_byte(bytes, pos, special);
        match bytes.get(pos)? {
            b'\\' => pos += 2,
            _ => return Some(pos + 1),
        }
    }
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
