//! Schedules as they stand in files: a crontab, a systemd timer, a workflow, a launchd job, a Windows task.

mod crontab;
mod timer;
mod xml;
mod yaml;

use std::path::Path;

use crate::Scheduler;
use crate::calendar::{Misread, When, cron};
use crate::survival::warnings::Warning;

/// One schedule that was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DetectedSchedule {
    /// For which it is written; of systemd's two always [`Scheduler::SystemdSystem`], since a timer reads the same in both.
    pub scheduler: Scheduler,
    /// The line of the file it begins on, from 1.
    pub line: usize,
    /// The expression as it is written; several with `; ` between. Never the command, which may hold a secret.
    pub text: String,
    /// What makes it run; each alone is enough.
    pub runs: Vec<When>,
    /// What the file says, or fails to say, that costs runs.
    pub warnings: Vec<Warning>,
}

/// A file, or a line, that cannot be understood.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}{message}", place(*line, *column))]
pub struct Unreadable {
    /// From 1; `None` where it is not about one line.
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

    /// An expression on a line, which begins so many characters into it.
    pub(crate) fn of(misread: Misread, line: usize, before: usize) -> Self {
        Self { line: Some(line), column: Some(before + misread.column), message: misread.message }
    }
}

/// Reads one cron expression that was typed in; a command behind it is left aside.
pub fn cron_line(text: &str) -> Result<DetectedSchedule, Unreadable> {
    let misread = |misread: Misread| Unreadable { line: None, column: Some(misread.column), message: misread.message };
    let (end, rest) = match cron::parse_start(text) {
        Ok((end, _)) => text.split_at(end),
        Err(error) => return Err(misread(error)),
    };
    let has_command = rest.trim_start().starts_with(|c: char| c.is_ascii_alphabetic() || "/.\"'$~[".contains(c));
    let runs = vec![cron::parse(if has_command { end } else { text }).map_err(misread)?];
    Ok(DetectedSchedule {
        scheduler: Scheduler::Cron,
        line: 1,
        text: end.trim().to_owned(),
        runs,
        warnings: Vec::new(),
    })
}

/// Reads a file. What it is, its name and its content tell; without a sign of anything else it is a crontab.
pub fn file(name: &Path, bytes: &[u8]) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let text = decoded(bytes)?;
    let ending = name.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_ascii_lowercase();
    let begins = text.trim_start();
    let found = match ending.as_str() {
        "timer" => timer::read(&text)?,
        "yml" | "yaml" => yaml::read(&text)?,
        "plist" | "xml" => xml::read(&text)?,
        _ if begins.starts_with('<') => xml::read(&text)?,
        _ if text.lines().any(|line| line.trim() == "[Timer]") => timer::read(&text)?,
        _ => crontab::read(&text)?,
    };
    if found.iter().map(|found| found.runs.len()).sum::<usize>() > MOST {
        return Err(Unreadable::whole(format!("more than {MOST} schedules in one file are too many to judge")));
    }
    if found.is_empty() {
        return Err(Unreadable::whole(
            "there is no schedule in it; one that is kept elsewhere, as GitLab's are, can be given with --cron",
        ));
    }
    Ok(found)
}

/// An agency with a crontab line for each of its clients has some hundreds.
const MOST: usize = 1000;

/// UTF-8, or UTF-16 with its mark, in which Windows writes its tasks.
fn decoded(bytes: &[u8]) -> Result<String, Unreadable> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => {
            let text = std::str::from_utf8(bytes).map_err(|error| {
                let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
                Unreadable::at(line, "this is no text")
            })?;
            return Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned());
        }
    };
    let (pairs, rest) = bytes[2..].as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units)
        .ok()
        .filter(|_| rest.is_empty())
        .ok_or_else(|| Unreadable::whole("it begins as UTF-16 text and does not go on so"))
}

/// Whether a command or a file is about tokens of ours: everlit itself, or a script such as the older one.
pub fn is_about_tokens(text: &str) -> bool {
    const SIGNS: [&str; 4] = ["everlit", "instagram", "refresh", "token"];
    let text = text.to_ascii_lowercase();
    SIGNS.iter().any(|sign| text.contains(sign))
}
