//! The terminal: data to stdout, everything else to stderr, color where it is wanted.
//!
//! Redacts tokens from every line and JSON document, such as a token typed in place of a file name. Only [`Screen::print`]
//! and [`Screen::note_whole`] write their argument unchanged.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, IsTerminal as _, Write};
use std::sync::Arc;
use std::time::Duration;

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use everlit_keeper::{Progress, Step, StepCommand};
use everlit_meta_api::{Timestamp, redact_tokens};
use everlit_store::rfc3339;
use serde_json::{Value, json};
use terminal_size::{Height, Width, terminal_size_of};

use crate::cli::Color;
use crate::output::step;
use crate::output::{Exit, Invocation, Problem};
use everlit_host::Environment;

/// The two streams of the process, or of a test.
#[derive(Debug)]
pub struct Screen {
    out: Stream,
    err: Stream,
    /// Adds the caller's global flags to suggested commands.
    invocation: Invocation,
    /// The first error that kept data from being written.
    unwritten: Option<io::Error>,
}

struct Stream {
    to: Box<dyn Write>,
    /// The terminal's width; `None` if unknown or not a terminal.
    columns: Option<usize>,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stream of {:?} columns", self.columns)
    }
}

impl Screen {
    /// Stdout and stderr of this process.
    pub fn of_this_process(color: Color, environment: &Environment) -> Self {
        let choice = color.choice();
        let columns = |is_terminal: bool, size: Option<(Width, Height)>| {
            let wanted = environment.variable("COLUMNS").and_then(|columns| columns.parse().ok());
            let columns = wanted.or_else(|| size.map(|(width, _)| usize::from(width.0)));
            columns.filter(|columns| is_terminal && *columns > 0)
        };
        let (out, err) = (io::stdout(), io::stderr());
        Self {
            out: Stream {
                columns: columns(out.is_terminal(), terminal_size_of(&out)),
                to: Box::new(AutoStream::new(out, choice)),
            },
            err: Stream {
                columns: columns(err.is_terminal(), terminal_size_of(&err)),
                to: Box::new(AutoStream::new(err, choice)),
            },
            invocation: Invocation::default(),
            unwritten: None,
        }
    }

    /// Writes everything to stderr: stdout belongs to another program.
    pub fn beside_a_command(color: Color, environment: &Environment) -> Self {
        let (out, err) = (Self::of_this_process(color, environment), Self::of_this_process(color, environment));
        Self { out: out.err, ..err }
    }

    /// Over these streams, which are not terminals.
    pub fn of(out: impl Write + 'static, err: impl Write + 'static) -> Self {
        let stream = |to: Box<dyn Write>| Stream { to, columns: None };
        let (out, err) = (stream(Box::new(out)), stream(Box::new(err)));
        Self { out, err, invocation: Invocation::default(), unwritten: None }
    }

    /// Suggested commands get the flags of this call.
    #[must_use]
    pub fn called_as(self, invocation: Invocation) -> Self {
        Self { invocation, ..self }
    }

    /// From now on suggested commands get the flags of another call.
    pub fn call_as(&mut self, invocation: Invocation) {
        self.invocation = invocation;
    }

    /// The next step, at the end of the data.
    pub fn next(&mut self, next: &Step) {
        self.say_step("Next: ", next);
    }

    /// The next step, on stderr.
    pub fn note_next(&mut self, next: &Step) {
        self.note_step("Next: ", next);
    }

    /// The step with its command as a line, ready to be pasted.
    pub fn pasteable(&self, step: &Step) -> Step {
        let command = step.command.as_ref().map(|command| StepCommand::Shell(self.invocation.command(command)));
        Step { command, note: step.note.clone() }
    }

    /// A step in the data: the command behind `label`, the note below it.
    pub fn say_step(&mut self, label: &str, step: &Step) {
        for line in self.step_lines(label, step) {
            let written = self.out.line(&line);
            self.keep(written);
        }
    }

    /// A step on stderr.
    pub fn note_step(&mut self, label: &str, step: &Step) {
        for line in self.step_lines(label, step) {
            let _ = self.err.line(&line);
        }
    }

    fn step_lines(&self, label: &str, step: &Step) -> Vec<Line> {
        let margin = " ".repeat(label.len());
        let margins = std::iter::once(label).chain(std::iter::repeat(&*margin));
        let lines = step::lines(step, &self.invocation).into_iter().zip(margins).enumerate();
        let line = |(index, (text, margin))| Line {
            text: format!("{margin}{text}"),
            is_command: index == 0 && step.command.is_some(),
        };
        lines.map(line).collect()
    }

    /// The terminal's width; `None` without a terminal.
    pub fn columns(&self) -> Option<usize> {
        self.out.columns
    }

    /// A line of data.
    pub fn say(&mut self, line: impl AsRef<str>) {
        let written = self.out.line(&line.as_ref().into());
        self.keep(written);
    }

    /// Raw data: the requested token, a script, a page.
    pub fn print(&mut self, text: impl AsRef<[u8]>) {
        let written = self.out.to.write_all(text.as_ref()).and_then(|()| self.out.to.flush());
        self.keep(written);
    }

    /// Remembers data that could not be written. The work goes on: a token must be saved even if nobody reads about it.
    pub fn keep(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.unwritten.get_or_insert(error);
        }
    }

    /// The exit code, once everything is written. A closed pipe (`| head`) is not a failure; unwritten data is one, unless
    /// the run itself failed. `again` shows the data once more.
    pub fn end(mut self, code: u8, again: Step) -> u8 {
        let flushed = self.out.to.flush();
        self.keep(flushed);
        match self.unwritten.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let message = format!("cannot write to stdout: {error}");
                self.problem(&Problem::internal(message).with_next(again));
                if code == 0 { Exit::Internal.code() } else { code }
            }
            _ => code,
        }
    }

    /// Who hears of pauses; nobody without a terminal.
    pub fn progress(&self) -> Option<Arc<dyn Progress>> {
        self.err.columns.map(|_| Arc::new(TerminalProgress) as Arc<dyn Progress>)
    }

    /// A line on stderr.
    pub fn note(&mut self, line: impl AsRef<str>) {
        let _ = self.err.line(&line.as_ref().into());
    }

    /// The same without redaction, for the login address with its random state.
    pub fn note_whole(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.err.to, "{}", line.as_ref());
    }

    /// The JSON document of a command: a common head and its own fields.
    pub fn document(&mut self, schema: &str, now: Timestamp, exit: Exit, fields: Value) {
        let mut document = json!({
            "schema": format!("everlit.{schema}/1"),
            "generated_at": rfc3339(now),
            "exit_code": exit.code(),
        });
        if let (Value::Object(document), Value::Object(fields)) = (&mut document, fields) {
            document.extend(fields);
        }
        self.json(&document);
    }

    /// One JSON document; its steps get the flags of this call.
    pub fn json(&mut self, document: &Value) {
        let document = self.fit_to_leave(document.clone());
        self.print(format!("{document:#}\n"));
    }

    fn fit_to_leave(&self, value: Value) -> Value {
        match value {
            Value::Object(members) => members
                .into_iter()
                .map(|(name, value)| match value {
                    Value::Array(args) if name == "command" => {
                        (name, without_tokens(&step::rendered(args, &self.invocation)).into_owned().into())
                    }
                    value => (name, self.fit_to_leave(value)),
                })
                .collect(),
            Value::Array(values) => values.into_iter().map(|value| self.fit_to_leave(value)).collect(),
            Value::String(text) => without_tokens(&text).into_owned().into(),
            value => value,
        }
    }

    /// Says on stderr what went wrong, and what to do.
    pub fn problem(&mut self, problem: &Problem) {
        self.note(format!("{} {}", Mark::Bad.painted(), problem.message));
        self.note_next(&problem.next);
    }
}

impl Stream {
    /// Wrapped on a terminal; whole elsewhere. A command, which is to be pasted, is never broken.
    fn line(&mut self, line: &Line) -> io::Result<()> {
        let text = without_tokens(&line.text);
        match self.columns {
            Some(columns) if !line.is_command => writeln!(self.to, "{}", wrapped(&text, columns)),
            _ => writeln!(self.to, "{text}"),
        }
    }
}

/// One line of text or one command.
struct Line {
    text: String,
    is_command: bool,
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), is_command: false }
    }
}

/// Prose wrapped between words, continued two columns in; wider than 100 columns is hard to read.
pub fn wrapped(text: &str, columns: usize) -> String {
    let columns = columns.clamp(20, 100);
    let lines = text.split('\n').map(|line| {
        let margin = line.len() - line.trim_start_matches(' ').len();
        let indent = " ".repeat((margin + 2).min(columns / 2));
        let options = textwrap::Options::new(columns)
            .break_words(false)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .subsequent_indent(&indent);
        textwrap::fill(line, options)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Tells a person at a terminal that a run is waiting and not hanging.
#[derive(Debug)]
pub struct TerminalProgress;

impl Progress for TerminalProgress {
    fn retrying_after(&self, pause: Duration) {
        let mut stderr = io::stderr();
        if stderr.is_terminal() {
            // A closed stderr leaves nobody to tell.
            let _ = writeln!(stderr, "  no answer from Meta yet; retrying in {} s", pause.as_secs());
        }
    }
}

/// The text without tokens; colors are dropped if one was removed.
fn without_tokens(text: &str) -> Cow<'_, str> {
    // An escape code ends in a letter, which would run into the following word.
    let plain = strip_str(text).to_string();
    let safe = redact_tokens(&plain);
    if safe == plain { text.into() } else { safe.into() }
}

impl Color {
    fn choice(self) -> ColorChoice {
        match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::AlwaysAnsi,
            Self::Never => ColorChoice::Never,
        }
    }
}

/// An icon whose shape repeats the word beside it; color is an addition.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mark {
    /// It is well.
    Good,
    /// It will be done.
    Waiting,
    /// Somebody should look at it.
    Warning,
    /// It is not well.
    Bad,
}

impl Mark {
    /// The sign, in its colour.
    pub fn painted(self) -> String {
        let (sign, color) = match self {
            Self::Good => ("✓", AnsiColor::Green),
            Self::Waiting => ("●", AnsiColor::Cyan),
            Self::Warning => ("!", AnsiColor::Yellow),
            Self::Bad => ("✗", AnsiColor::Red),
        };
        let style = Style::new().bold().fg_color(Some(color.into()));
        format!("{style}{sign}{style:#}")
    }
}

/// Bold.
pub fn strong(text: &str) -> String {
    let style = Style::new().bold();
    format!("{style}{text}{style:#}")
}

/// Dim.
pub fn dim(text: &str) -> String {
    let style = Style::new().dimmed();
    format!("{style}{text}{style:#}")
}
