//! `docs/demo.svg`: scenes of the demo as a terminal shows them, in colours that work on light and dark pages.

mod ansi;

use self::ansi::{Line, Style};
use crate::error::Error;

/// The scenes that show most in the least space.
const DAYS: [&str; 3] = ["Day 2 ", "Day 61 ", "Day 92 "];

/// The size of a character. Everything is on a grid, so that the picture looks the same in every font.
const CELL: (f64, f64) = (8.4, 20.0);
const FONT_SIZE: f64 = 14.0;
const COLUMNS: usize = 80;
const MARGIN: f64 = 24.0;
const TITLE_BAR: f64 = 40.0;

/// Renders the output of `everlit demo --color always`.
pub(crate) fn of_demo(printed: &str) -> Result<String, Error> {
    let lines = scenes(&ansi::lines(printed)?)?;
    match lines.iter().find(|line| line.len() > COLUMNS) {
        Some(long) => {
            Err(Error::unexpected("everlit demo", format!("more than {COLUMNS} columns: {}", ansi::plain(long))))
        }
        None => Ok(window("everlit demo", &lines)),
    }
}

/// The chosen scenes with an empty line between them.
fn scenes(lines: &[Line]) -> Result<Vec<Line>, Error> {
    let mut chosen: Vec<Line> = Vec::new();
    for day in DAYS {
        let text = |line: &Line| ansi::plain(line);
        let start = lines.iter().position(|line| text(line).starts_with(day));
        let start = start.ok_or_else(|| Error::unexpected("everlit demo", format!("no scene for {day}")))?;
        let length = lines[start..].iter().position(Vec::is_empty).unwrap_or(lines.len() - start);
        if !chosen.is_empty() {
            chosen.push(Line::new());
        }
        chosen.extend_from_slice(&lines[start..start + length]);
    }
    Ok(chosen)
}

/// Draws a window with a title bar around the lines.
#[allow(clippy::cast_precision_loss, reason = "some dozens of lines and columns")]
fn window(title: &str, lines: &[Line]) -> String {
    let width = 2.0 * MARGIN + COLUMNS as f64 * CELL.0;
    let height = TITLE_BAR + lines.len() as f64 * CELL.1 + MARGIN;
    let description: Vec<String> = lines.iter().map(|line| escaped(ansi::plain(line).trim())).collect();
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0} {height:.0}" width="{width:.0}" height="{height:.0}" role="img" aria-labelledby="title description">
<title id="title">{title}</title>
<desc id="description">{}</desc>
<style>
text {{ font: {FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; fill: #e6edf3 }}
.title {{ fill: #8b949e; text-anchor: middle }} .sign {{ text-anchor: middle }}
.bold {{ font-weight: 600 }} .dim {{ fill: #8b949e }}
.c1 {{ fill: #ff7b72 }} .c2 {{ fill: #56d364 }} .c3 {{ fill: #e3b341 }} .c4 {{ fill: #79c0ff }} .c5 {{ fill: #d2a8ff }} .c6 {{ fill: #76e3ea }}
</style>
<rect x="0.5" y="0.5" width="{:.0}" height="{:.0}" rx="10" fill="#0d1117" stroke="#30363d"/>
<circle cx="24" cy="20" r="6" fill="#ff5f57"/><circle cx="44" cy="20" r="6" fill="#febc2e"/><circle cx="64" cy="20" r="6" fill="#28c840"/>
<text class="title" x="{:.0}" y="25">{title}</text>
"##,
        description.join("\n"),
        width - 1.0,
        height - 1.0,
        width / 2.0,
    );
    for (row, line) in lines.iter().enumerate() {
        let base = TITLE_BAR + row as f64 * CELL.1 + FONT_SIZE;
        for (column, piece, style) in pieces(line) {
            svg += &text(column, base, &piece, style);
        }
    }
    svg + "</svg>\n"
}

/// Splits a line into texts of one style without double spaces. Each non-ASCII character is by itself, because its width
/// differs between fonts.
fn pieces(line: &Line) -> Vec<(usize, String, Style)> {
    let mut pieces: Vec<(usize, String, Style)> = Vec::new();
    let mut column_after = 0;
    for (column, &(c, style)) in line.iter().enumerate().filter(|(_, (c, _))| *c != ' ') {
        match pieces.last_mut() {
            Some((_, text, last))
                if *last == style && c.is_ascii() && text.is_ascii() && column <= column_after + 1 =>
            {
                if column == column_after + 1 {
                    text.push(' ');
                }
                text.push(c);
            }
            _ => pieces.push((column, c.to_string(), style)),
        }
        column_after = column + 1;
    }
    pieces
}

#[allow(clippy::cast_precision_loss, reason = "some dozens of columns")]
fn text(column: usize, base: f64, piece: &str, style: Style) -> String {
    let x = MARGIN + column as f64 * CELL.0;
    let mut classes: Vec<String> = Vec::new();
    if style.bold {
        classes.push("bold".to_owned());
    }
    match style.color {
        Some(color) => classes.push(format!("c{color}")),
        None if style.dim => classes.push("dim".to_owned()),
        None => {}
    }
    let place = if piece.is_ascii() {
        let width = piece.len() as f64 * CELL.0;
        format!(r#"x="{x:.1}" y="{base:.0}" textLength="{width:.1}" lengthAdjust="spacingAndGlyphs""#)
    } else {
        classes.push("sign".to_owned());
        format!(r#"x="{:.1}" y="{base:.0}""#, x + CELL.0 / 2.0)
    };
    let class = if classes.is_empty() { String::new() } else { format!(r#" class="{}""#, classes.join(" ")) };
    format!("<text{class} {place}>{}</text>\n", escaped(piece))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(usize, String)> {
        pieces(&ansi::lines(text).unwrap()[0]).into_iter().map(|(column, piece, _)| (column, piece)).collect()
    }

    #[test]
    fn lines_are_split_at_styles_gaps_and_non_ascii() {
        assert_eq!(
            shown("\u{1b}[1m✓\u{1b}[0m a b   c → d"),
            [
                (0, "✓".to_owned()),
                (2, "a b".to_owned()),
                (8, "c".to_owned()),
                (10, "→".to_owned()),
                (12, "d".to_owned())
            ]
        );
        assert_eq!(shown("   "), []);
    }

    #[test]
    fn xml_is_escaped() {
        assert_eq!(escaped("<a & b>"), "&lt;a &amp; b&gt;");
    }

    #[test]
    fn whole_scenes_are_taken_and_a_missing_one_is_an_error() {
        let demo = "intro\n\nDay 2  b\nx\n\nDay 31  c\n\nDay 61  d\ny\n\nDay 92  e\nz\n\nend\n";
        let lines = scenes(&ansi::lines(demo).unwrap()).unwrap();
        let text: Vec<String> = lines.iter().map(ansi::plain).collect();
        assert_eq!(text, ["Day 2  b", "x", "", "Day 61  d", "y", "", "Day 92  e", "z"]);
        assert!(of_demo("nothing").is_err());
    }

    #[test]
    fn a_line_too_long_for_the_window_is_an_error() {
        let long = "x".repeat(COLUMNS + 1);
        assert!(of_demo(&format!("Day 2  a\n\nDay 61  b\n\nDay 92  c\n{long}\n")).is_err());
    }
}
