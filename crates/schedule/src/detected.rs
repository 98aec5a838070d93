//! Schedules found in files, and what is wrong with them.

use std::borrow::Cow;

use crate::Scheduler;
use crate::calendar::{Misread, When};

/// A schedule found in a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DetectedSchedule {
    /// The scheduler that it is written for. A timer reads the same for both kinds of systemd: always
    /// [`Scheduler::SystemdSystem`].
    pub scheduler: Scheduler,
    /// The first line of the schedule in its file, from 1.
    pub line: usize,
    /// The expression as written; several are joined with `; `. Never the command, which may hold a secret.
    pub text: String,
    /// What makes it run; each alone is enough.
    pub runs: Vec<When>,
    /// What in the file costs runs.
    pub warnings: Vec<Warning>,
    /// What may keep it from running or from refreshing. With any of these it is never called safe.
    pub blockers: Vec<Warning>,
    /// The platform that runs it, if everlit writes nothing for it: `vercel`. Its expressions are like those of
    /// `scheduler`.
    pub platform: Option<&'static str>,
}

impl DetectedSchedule {
    /// The schedule of these expressions, without warnings.
    pub(crate) fn new(scheduler: Scheduler, line: usize, expressions: Vec<(String, When)>) -> Self {
        let (texts, runs): (Vec<String>, Vec<When>) = expressions.into_iter().unzip();
        let (warnings, blockers) = (Vec::new(), Vec::new());
        Self { scheduler, line, text: texts.join("; "), runs, warnings, blockers, platform: None }
    }

    /// Something may keep it from running.
    pub(crate) fn block(&mut self, line: usize, code: &'static str, message: impl Into<Cow<'static, str>>) {
        self.blockers.push(Warning { line: Some(line), ..Warning::new(code, message) });
    }

    /// It certainly never runs, whatever its expressions say.
    pub(crate) fn stop(&mut self, line: usize, code: &'static str, message: impl Into<Cow<'static, str>>) {
        self.runs.clear();
        self.block(line, code, message);
    }
}

/// A reason why a schedule runs less often than it looks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Warning {
    /// The name in JSON.
    pub code: &'static str,
    /// The line of the file that it is about.
    pub line: Option<usize>,
    /// What happens, for a person.
    pub message: Cow<'static, str>,
}

impl Warning {
    pub(crate) fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, line: None, message: message.into() }
    }

    pub(crate) fn at(line: usize, code: &'static str, message: &'static str) -> Self {
        Self { code, line: Some(line), message: Cow::Borrowed(message) }
    }
}

/// A file or a line that is not a schedule.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}{message}", place(*line, *column))]
pub struct Unreadable {
    /// From 1; `None` if the error is not about one line.
    pub line: Option<usize>,
    /// In characters from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
}

fn place(line: Option<usize>, column: Option<usize>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}: "),
        (Some(line), None) => format!("line {line}: "),
        (None, Some(column)) => format!("column {column}: "),
        (None, None) => String::new(),
    }
}

impl Unreadable {
    pub(crate) fn at(line: usize, message: impl Into<String>) -> Self {
        Self { line: Some(line), column: None, message: message.into() }
    }

    pub(crate) fn whole(message: impl Into<String>) -> Self {
        Self { line: None, column: None, message: message.into() }
    }

    /// An error in an expression that begins so many characters into the line.
    pub(crate) fn of(misread: Misread, line: usize, before: usize) -> Self {
        Self { line: Some(line), column: Some(before + misread.column), message: misread.message }
    }
}

/// Whether a command or a file is about tokens: everlit itself, or an older script.
pub fn is_about_tokens(text: &str) -> bool {
    const SIGNS: [&str; 4] = ["everlit", "instagram", "refresh", "token"];
    let text = text.to_ascii_lowercase();
    SIGNS.iter().any(|sign| text.contains(sign))
}
