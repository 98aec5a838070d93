//! `docs/demo.svg`: scenes of the demo as a terminal shows them, in colours that work on light and dark pages.

use anstream::adapter::strip_str;
use anstyle::{Color, RgbColor};
use anstyle_svg::{Palette, Term};

use crate::error::Error;

/// The scenes that show most in the least space.
const DAYS: [&str; 3] = ["Day 2 ", "Day 61 ", "Day 92 "];

/// The width of the terminal for which the demo is written.
const COLUMNS: usize = 80;

/// Black, red, green, yellow, blue, magenta, cyan and white of GitHub's dark theme, normal and bright.
const PALETTE: Palette = {
    let [black, red, green, yellow, blue, magenta, cyan, white] = [
        RgbColor(13, 17, 23),
        RgbColor(255, 123, 114),
        RgbColor(86, 211, 100),
        RgbColor(227, 179, 65),
        RgbColor(121, 192, 255),
        RgbColor(210, 168, 255),
        RgbColor(118, 227, 234),
        RgbColor(230, 237, 243),
    ];
    Palette([
        black, red, green, yellow, blue, magenta, cyan, white, black, red, green, yellow, blue, magenta, cyan, white,
    ])
};

/// Renders the output of `everlit demo --color always`.
pub(crate) fn of_demo(printed: &str) -> Result<String, Error> {
    let scenes = scenes(printed)?;
    let text = strip_str(&scenes).to_string();
    if let Some(long) = text.lines().find(|line| line.chars().count() > COLUMNS) {
        return Err(Error::unexpected("everlit demo", format!("more than {COLUMNS} columns: {long}")));
    }
    let terminal = Term::new()
        .palette(PALETTE)
        .fg_color(Color::Ansi(anstyle::AnsiColor::White))
        .bg_color(Color::Ansi(anstyle::AnsiColor::Black));
    let description = text.replace('&', "&amp;").replace('<', "&lt;");
    let title = format!(">\n  <title>everlit demo</title>\n  <desc>{description}</desc>");
    Ok(terminal.render_svg(&scenes).replacen('>', &title, 1))
}

/// The chosen scenes with an empty line between them.
fn scenes(printed: &str) -> Result<String, Error> {
    let scene = |day| {
        let lines = printed.lines().skip_while(|line| !strip_str(line).to_string().starts_with(day));
        let lines: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
        let missing = || Error::unexpected("everlit demo", format!("no scene for {day}"));
        if lines.is_empty() { Err(missing()) } else { Ok(lines.join("\n")) }
    };
    Ok(DAYS.map(scene).into_iter().collect::<Result<Vec<_>, _>>()?.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMO: &str =
        "intro\n\n\u{1b}[1mDay 2\u{1b}[0m  b\nx\n\nDay 31  c\n\nDay 61  d\ny <&>\n\nDay 92  e\nz\n\nend\n";

    #[test]
    fn whole_scenes_are_taken_and_a_missing_one_is_an_error() {
        let taken = strip_str(&scenes(DEMO).unwrap()).to_string();
        assert_eq!(taken, "Day 2  b\nx\n\nDay 61  d\ny <&>\n\nDay 92  e\nz");
        assert!(of_demo("nothing").is_err());
    }

    #[test]
    fn the_picture_has_a_title_a_description_and_styles() {
        let svg = of_demo(DEMO).unwrap();
        assert!(svg.starts_with("<svg "), "{svg}");
        assert!(svg.contains("<title>everlit demo</title>\n  <desc>Day 2  b\nx\n\nDay 61  d\ny &lt;&amp;>"), "{svg}");
        assert!(svg.contains("class=\"bold\">Day 2</tspan>"), "{svg}");
    }

    #[test]
    fn a_line_too_long_for_the_window_is_an_error() {
        let long = "x".repeat(COLUMNS + 1);
        assert!(of_demo(&format!("Day 2  a\n\nDay 61  b\n\nDay 92  c\n{long}\n")).is_err());
    }
}
