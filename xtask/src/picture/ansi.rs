//! Text with colours as a terminal gets it, as lines of styled characters.

use crate::error::Error;

/// How characters look.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Style {
    pub(crate) bold: bool,
    pub(crate) dim: bool,
    /// The terminal's colours by number: 1 red, 2 green, 3 yellow, 4 blue, 5 magenta, 6 cyan.
    pub(crate) color: Option<u8>,
}

/// One line, column by column: every character here is one column wide.
pub(crate) type Line = Vec<(char, Style)>;

/// Reads it. Only colours and weight are understood; anything else would be lost in the picture and is an error.
pub(crate) fn lines(text: &str) -> Result<Vec<Line>, Error> {
    let mut style = Style::default();
    text.lines()
        .map(|line| {
            let mut cells = Line::new();
            let mut parts = line.split("\u{1b}[");
            cells.extend(parts.next().unwrap_or_default().chars().map(|c| (c, style)));
            for part in parts {
                let (codes, rest) = part.split_once('m').ok_or_else(|| not_understood(part))?;
                for code in codes.split(';') {
                    style = after(style, code).ok_or_else(|| not_understood(part))?;
                }
                cells.extend(rest.chars().map(|c| (c, style)));
            }
            Ok(cells)
        })
        .collect()
}

fn after(style: Style, code: &str) -> Option<Style> {
    Some(match code.parse::<u8>() {
        Ok(0) => Style::default(),
        Ok(1) => Style { bold: true, ..style },
        Ok(2) => Style { dim: true, ..style },
        Ok(code @ 31..=36) => Style { color: Some(code - 30), ..style },
        Ok(code @ 91..=96) => Style { color: Some(code - 90), ..style },
        _ => return None,
    })
}

fn not_understood(part: &str) -> Error {
    Error::unexpected("everlit demo", format!("a sequence that the picture cannot show: {part:?}"))
}

/// The characters alone.
pub(crate) fn plain(line: &Line) -> String {
    line.iter().map(|(c, _)| c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_add_up_until_they_are_reset_and_last_over_the_end_of_a_line() {
        let lines = lines("a\u{1b}[1m\u{1b}[32mb\nc\u{1b}[0md").unwrap();
        let green = Style { bold: true, color: Some(2), ..Style::default() };
        assert_eq!(lines, [vec![('a', Style::default()), ('b', green)], vec![('c', green), ('d', Style::default())]]);
        assert_eq!(plain(&lines[1]), "cd");
    }

    #[test]
    fn what_a_picture_cannot_show_is_an_error() {
        for text in ["\u{1b}[2Jx", "\u{1b}[38;5;1mx", "\u{1b}[7mx"] {
            assert!(lines(text).is_err(), "{text:?}");
        }
    }
}
