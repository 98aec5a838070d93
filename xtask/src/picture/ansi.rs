//! Parses text with ANSI colours into lines of styled characters.

use crate::error::Error;

/// The style of a character.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Style {
    pub(crate) bold: bool,
    pub(crate) dim: bool,
    /// The terminal's colours by number: 1 red, 2 green, 3 yellow, 4 blue, 5 magenta, 6 cyan.
    pub(crate) color: Option<u8>,
}

/// A line, column by column: every character is one column wide.
pub(crate) type Line = Vec<(char, Style)>;

/// Parses the text. Only colours and weights are supported; anything else would be missing from the picture, so it is an
/// error.
pub(crate) fn lines(text: &str) -> Result<Vec<Line>, Error> {
    let mut style = Style::default();
    text.lines()
        .map(|line| {
            let mut cells = Line::new();
            let mut parts = line.split("\u{1b}[");
            cells.extend(parts.next().unwrap_or_default().chars().map(|c| (c, style)));
            for part in parts {
                let (codes, rest) = part.split_once('m').ok_or_else(|| unsupported(part))?;
                for code in codes.split(';') {
                    style = apply(style, code).ok_or_else(|| unsupported(part))?;
                }
                cells.extend(rest.chars().map(|c| (c, style)));
            }
            Ok(cells)
        })
        .collect()
}

fn apply(style: Style, code: &str) -> Option<Style> {
    Some(match code.parse::<u8>() {
        Ok(0) => Style::default(),
        Ok(1) => Style { bold: true, ..style },
        Ok(2) => Style { dim: true, ..style },
        Ok(code @ 31..=36) => Style { color: Some(code - 30), ..style },
        Ok(code @ 91..=96) => Style { color: Some(code - 90), ..style },
        _ => return None,
    })
}

fn unsupported(part: &str) -> Error {
    Error::unexpected("everlit demo", format!("unsupported escape sequence: {part:?}"))
}

/// The line without styles.
pub(crate) fn plain(line: &Line) -> String {
    line.iter().map(|(c, _)| c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_add_up_across_lines_until_they_are_reset() {
        let lines = lines("a\u{1b}[1m\u{1b}[32mb\nc\u{1b}[0md").unwrap();
        let green = Style { bold: true, color: Some(2), ..Style::default() };
        assert_eq!(lines, [vec![('a', Style::default()), ('b', green)], vec![('c', green), ('d', Style::default())]]);
        assert_eq!(plain(&lines[1]), "cd");
    }

    #[test]
    fn unsupported_sequences_are_errors() {
        for text in ["\u{1b}[2Jx", "\u{1b}[38;5;1mx", "\u{1b}[7mx"] {
            assert!(lines(text).is_err(), "{text:?}");
        }
    }
}
