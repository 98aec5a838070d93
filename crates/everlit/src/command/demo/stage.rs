//! Shows the demo: headings, commands and output, in 80 columns and at a readable pace.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use crate::output::{Screen, dim, strong, wrapped};

const COLUMNS: usize = 80;

/// The pause before each scene and after each command: less than six seconds in all.
const PAUSE: Duration = Duration::from_millis(350);

/// What the spectator sees.
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

    /// A remark.
    pub(crate) fn tell(&mut self, message: &str) {
        self.lines(message, dim);
    }

    /// A typed command.
    pub(crate) fn typed(&mut self, command: &str) {
        let style = Style::new().fg_color(Some(AnsiColor::Cyan.into()));
        self.screen.say(format!("{} {style}{command}{style:#}", dim("$")));
        self.pause();
    }

    /// Its output.
    pub(crate) fn output(&mut self, text: &str) {
        self.lines(text, str::to_owned);
    }

    /// A changed line, before and after.
    pub(crate) fn changed(&mut self, before: &str, after: &str) {
        let painted = |color: AnsiColor, text: String| {
            let style = Style::new().fg_color(Some(color.into()));
            format!("{style}{text}{style:#}")
        };
        self.screen.say(painted(AnsiColor::Red, format!("- {before}")));
        self.screen.say(painted(AnsiColor::Green, format!("+ {after}")));
    }

    /// Wraps even without a terminal: the output may become a picture.
    fn lines(&mut self, text: &str, paint: impl Fn(&str) -> String) {
        let columns = self.screen.columns().map_or(COLUMNS, |columns| columns.min(COLUMNS));
        for line in wrapped(text, columns).lines() {
            self.screen.say(paint(line));
        }
    }

    /// The only place that waits.
    fn pause(&mut self) {
        if self.paced {
            std::thread::sleep(PAUSE);
        }
    }
}

/// Collects both streams of a command in order. Clones share the buffer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paper(Rc<RefCell<Vec<u8>>>);

impl Paper {
    /// The output of `work`.
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
