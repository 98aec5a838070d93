//! Searching bytes that may not be UTF-8, with white space as each language defines it.

/// The character at `pos` and its length in bytes. A byte that starts no character counts as U+FFFD.
pub(crate) fn char_at(bytes: &[u8], pos: usize) -> Option<(char, usize)> {
    let &first = bytes.get(pos)?;
    if first.is_ascii() {
        return Some((char::from(first), 1));
    }
    let decoded = (2..=4).find_map(|len| {
        let text = std::str::from_utf8(bytes.get(pos..pos + len)?).ok()?;
        text.chars().next().map(|c| (c, len))
    });
    Some(decoded.unwrap_or((char::REPLACEMENT_CHARACTER, 1)))
}

/// The first position at or after `pos` whose character is not `space`.
pub(crate) fn skip(bytes: &[u8], mut pos: usize, space: impl Fn(char) -> bool) -> usize {
    while let Some((c, len)) = char_at(bytes, pos)
        && space(c)
    {
        pos += len;
    }
    pos
}

/// `bytes` without leading and trailing `space`.
pub(crate) fn trim(bytes: &[u8], space: impl Fn(char) -> bool) -> &[u8] {
    let bytes = &bytes[skip(bytes, 0, &space)..];
    &bytes[..trimmed_len(bytes, space)]
}

/// The length of `bytes` without trailing `space`.
pub(crate) fn trimmed_len(bytes: &[u8], space: impl Fn(char) -> bool) -> usize {
    let mut end = bytes.len();
    while end > 0 {
        let starts_char = |&start: &usize| char_at(bytes, start).is_some_and(|(_, len)| start + len == end);
        let start = (end.saturating_sub(4)..end).find(starts_char).unwrap_or(end - 1);
        match char_at(bytes, start) {
            Some((c, _)) if space(c) => end = start,
            _ => break,
        }
    }
    end
}

/// The first position at or after `pos` whose byte is `wanted`, or the end.
pub(crate) fn find(bytes: &[u8], pos: usize, wanted: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(pos..).unwrap_or_default();
    rest.iter().position(|&byte| wanted(byte)).map_or(bytes.len(), |found| pos + found)
}

/// The first position at or after `pos` whose byte is one of `wanted`, or the end. Looks at eight bytes at a time,
/// because large files spend all their time here.
pub(crate) fn find_byte<const N: usize>(bytes: &[u8], mut pos: usize, wanted: [u8; N]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
    while let Some(eight) = bytes.get(pos..).and_then(|rest| rest.first_chunk()) {
        let word = u64::from_le_bytes(*eight);
        let found = wanted.iter().fold(0, |found, &byte| {
            // A byte of `differing` is 0 where `byte` was found; the lowest high bit set marks the first such place.
            let differing = word ^ (ONES * u64::from(byte));
            found | (differing.wrapping_sub(ONES) & !differing & HIGH_BITS)
        });
        if found != 0 {
            return pos + found.trailing_zeros() as usize / 8;
        }
        pos += 8;
    }
    find(bytes, pos, |byte| wanted.contains(&byte))
}

/// The first `quote` at or after `pos` that no backslash escapes.
pub(crate) fn unescaped_quote(bytes: &[u8], mut pos: usize, quote: u8) -> Option<usize> {
    loop {
        pos = find_byte(bytes, pos, [quote, b'\\']);
        match bytes.get(pos)? {
            b'\\' => pos += 2,
            _ => return Some(pos),
        }
    }
}

/// The position after `export` and the `space` that must follow it.
pub(crate) fn after_export(bytes: &[u8], pos: usize, space: impl Fn(char) -> bool) -> Option<usize> {
    let export_end = pos + b"export".len();
    let next = skip(bytes, export_end, space);
    (bytes[pos..].starts_with(b"export") && next > export_end).then_some(next)
}

/// The position after the next LF, or the end.
pub(crate) fn after_line_feed(bytes: &[u8], pos: usize) -> usize {
    (find_byte(bytes, pos, [b'\n']) + 1).min(bytes.len())
}

/// The length of the byte order mark at the start of a file.
pub(crate) fn byte_order_mark(bytes: &[u8]) -> usize {
    if bytes.starts_with("\u{feff}".as_bytes()) { '\u{feff}'.len_utf8() } else { 0 }
}

pub(crate) const LINE_ENDS: [u8; 2] = [b'\n', b'\r'];

/// `true` for LF and CR.
pub(crate) fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// `\s` of JavaScript, which is also what its `trim` removes.
pub(crate) fn javascript(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

/// `\s` of Python.
pub(crate) fn python(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// White space in any of these languages that does not end a line.
pub(crate) fn blank(c: char) -> bool {
    (python(c) || javascript(c)) && !matches!(c, '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn find_byte_agrees_with_a_bytewise_search(bytes: Vec<u8>, pos in 0..40_usize, a: u8, b: u8) {
            let near = bytes.get(pos).copied().unwrap_or(a);
            for wanted in [[a, b], [near.wrapping_add(1), near.wrapping_sub(1)], [0, 0x80]] {
                prop_assert_eq!(find_byte(&bytes, pos, wanted), find(&bytes, pos, |byte| wanted.contains(&byte)));
            }
        }

        #[test]
        fn trim_agrees_with_the_standard_library(text in "[ \t\u{a0}\u{3000}xé]{0,12}") {
            let left = trim(text.as_bytes(), char::is_whitespace);
            prop_assert_eq!(left, text.trim().as_bytes());
        }
    }
}
