//! Reads schedules from files: a crontab, a systemd timer, a workflow, a `CronJob`, a launchd job, a Windows task.

use std::path::Path;

pub use crate::detected::{DetectedSchedule, Unreadable, Warning, is_about_tokens};

use crate::calendar::{Misread, cron as expression, quoted};
use crate::{Scheduler, cron, github, kubernetes, launchd, systemd, windows, xml, yaml};

/// An agency with a crontab line per client has some hundreds.
const MAX_SCHEDULES: usize = 1000;

/// Reads one cron expression; a command behind it is ignored.
pub fn cron_line(text: &str) -> Result<DetectedSchedule, Unreadable> {
    let misread = |misread: Misread| Unreadable { line: None, column: Some(misread.column), message: misread.message };
    let (end, _) = expression::parse_start(text).map_err(misread)?;
    let (fields, rest) = text.split_at(end);
    let has_command = rest.trim_start().starts_with(|c: char| c.is_ascii_alphabetic() || "/.\"'$~[".contains(c));
    let when = expression::parse(if has_command { fields } else { text }).map_err(misread)?;
    Ok(DetectedSchedule::new(Scheduler::Cron, 1, vec![(fields.trim().to_owned(), when)]))
}

/// Reads a file. Its name and its content say what it is; the default is a crontab.
pub fn file(name: &Path, bytes: &[u8]) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let text = decoded(bytes)?;
    let extension = name.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase();
    let found = match extension.as_str() {
        "timer" => systemd::read::timer(&text)?,
        "yml" | "yaml" => of_yaml(&text)?,
        "plist" | "xml" => of_xml(&text)?,
        _ if text.trim_start().starts_with('<') => of_xml(&text)?,
        _ if text.lines().any(|line| line.trim() == "[Timer]") => systemd::read::timer(&text)?,
        _ => cron::read::crontab(&text)?,
    };
    if found.iter().map(|found| found.runs.len()).sum::<usize>() > MAX_SCHEDULES {
        return Err(Unreadable::whole(format!("one file may hold at most {MAX_SCHEDULES} schedules")));
    }
    if found.is_empty() {
        return Err(Unreadable::whole(
            "no schedule found in it; if the schedule is kept elsewhere, as GitLab's are, pass it with --cron",
        ));
    }
    Ok(found)
}

fn of_yaml(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let mut found = Vec::new();
    for leaves in yaml::documents(text)? {
        found.extend(github::read::workflow(&leaves)?);
        found.extend(kubernetes::read::cron_job(&leaves)?);
    }
    Ok(found)
}

fn of_xml(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let document = xml::parse(text)?;
    let root = document.root_element();
    let found = match root.tag_name().name() {
        "plist" => launchd::read::property_list(root)?,
        "Task" => windows::read::task(root)?,
        other => {
            let message = format!("{} is neither a launchd job nor a Windows task", quoted(other));
            return Err(Unreadable::at(xml::line(root), message));
        }
    };
    Ok(found.into_iter().collect())
}

/// UTF-8, or UTF-16 with a byte order mark, in which Windows writes its tasks.
fn decoded(bytes: &[u8]) -> Result<String, Unreadable> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => {
            let text = std::str::from_utf8(bytes).map_err(|error| {
                let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
                Unreadable::at(line, "this is not text")
            })?;
            return Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned());
        }
    };
    let (pairs, rest) = bytes[2..].as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units)
        .ok()
        .filter(|_| rest.is_empty())
        .ok_or_else(|| Unreadable::whole("it begins like UTF-16 but is not valid UTF-16"))
}
