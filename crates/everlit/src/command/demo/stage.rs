//! How the demo is shown: headings, commands, what they printed, in 80 columns and at a pace that can be followed.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use crate::screen::{Screen, dim, strong};

const COLUMNS: usize = 80;

/// Before each scene and after each command: less than six seconds in all.
const PAUSE: Duration = Duration::from_millis(350);

/// What a spectator sees.
pub(crate) struct Stage<'a> {
    screen: &'a mut Screen,
    paced: bool,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(screen: &'a mut Screen, paced: bool) -> Self {
        Self { screen, paced }
    }

    /// A new scene.
    pub(crate) fn scene(&mut self, day: i64, date: &str, what: &str) {
        self.pause();
        let style = Style::new().bold().fg_color(Some(AnsiColor::Magenta.into()));
        self.screen.say("");
        self.screen.say(format!("{style}Day {day}{style:#}  {}  {}", dim(date), strong(what)));
    }

    /// What is to be known before the command.
    pub(crate) fn tell(&mut self, words: &str) {
        self.lines(words, "", dim);
    }

    /// A command as a person types it.
    pub(crate) fn typed(&mut self, command: &str) {
        let style = Style::new().fg_color(Some(AnsiColor::Cyan.into()));
        self.screen.say(format!("{} {style}{command}{style:#}", dim("$")));
        self.pause();
    }

    /// What it printed.
    pub(crate) fn output(&mut self, text: &str) {
        self.lines(text, "  ", str::to_owned);
    }

    /// A line that went and the one that came in its place.
    pub(crate) fn changed(&mut self, before: &str, after: &str) {
        let painted = |color: AnsiColor, text: String| {
            let style = Style::new().fg_color(Some(color.into()));
            format!("{style}{text}{style:#}")
        };
        self.screen.say(painted(AnsiColor::Red, format!("- {before}")));
        self.screen.say(painted(AnsiColor::Green, format!("+ {after}")));
    }

    fn lines(&mut self, text: &str, hanging: &str, paint: impl Fn(&str) -> String) {
        for line in text.lines().flat_map(|line| wrapped(line, hanging)) {
            self.screen.say(paint(&line));
        }
    }

    /// The one place that waits.
    fn pause(&mut self) {
        if self.paced {
            std::thread::sleep(PAUSE);
        }
    }
}

/// A line in pieces of at most [`COLUMNS`], broken at spaces; what follows is set in by the line's own margin and `hanging`.
fn wrapped(line: &str, hanging: &str) -> Vec<String> {
    let text = line.trim_start();
    let margin = &line[..line.len() - text.len()];
    let mut pieces = Vec::new();
    let mut piece = margin.to_owned();
    let mut column = margin.len();
    for (index, word) in text.split(' ').enumerate() {
        let width = width(word);
        if index > 0 && column + 1 + width > COLUMNS {
            pieces.push(std::mem::replace(&mut piece, format!("{margin}{hanging}")));
            column = piece.len();
        } else if index > 0 {
            piece.push(' ');
            column += 1;
        }
        piece.push_str(word);
        column += width;
    }
    pieces.push(piece);
    pieces
}

/// Columns that a text takes: everything here is one column wide, colours take none.
fn width(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().chars().count()
}

/// Paper for both streams of a command, in the order in which it writes. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paper(Rc<RefCell<Vec<u8>>>);

impl Paper {
    /// Whatever `work` prints.
    pub(crate) fn of<T>(work: impl FnOnce(&mut Screen) -> T) -> (T, String) {
        let paper = Self::default();
        let done = work(&mut Screen::of(paper.clone(), paper.clone()));
        let text = String::from_utf8_lossy(&paper.0.borrow()).into_owned();
        (done, text)
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_at_spaces_and_set_in() {
        let long = format!("  {}", "word ".repeat(40));
        let pieces = wrapped(long.trim_end(), "  ");
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() <= COLUMNS), "{pieces:?}");
        assert!(pieces[0].starts_with("  word") && pieces[1].starts_with("    word"), "{pieces:?}");
        assert_eq!(pieces.join(" ").split_whitespace().count(), 40);
    }

    #[test]
    fn colours_take_no_room_and_short_lines_stay_as_they_are() {
        let line = format!("{} {}", strong(&"a".repeat(39)), dim(&"b".repeat(40)));
        assert_eq!(wrapped(&line, "  "), std::slice::from_ref(&line));
        assert_eq!(wrapped("a  b", ""), ["a  b"]);
        assert_eq!(wrapped("", ""), [""]);
    }

    #[test]
    fn a_word_longer_than_the_line_stands_alone() {
        let word = "x".repeat(COLUMNS + 1);
        assert_eq!(wrapped(&format!("a {word} b"), "  "), ["a".to_owned(), format!("  {word}"), "  b".to_owned()]);
    }
}
