//! Reads schedules from files: a crontab, a systemd timer, a workflow, a `CronJob`, a launchd job, a Windows task, and the
//! files of some platforms.

use std::path::Path;

use everlit_meta_api::Timestamp;

pub use crate::detected::{DetectedSchedule, Unreadable, Warning, is_about_tokens};

use crate::calendar::dialect::{self, Dialect};
use crate::calendar::{Misread, cron as expression, quoted};
use crate::{Scheduler, azure, cron, github, kubernetes, launchd, platform, systemd, windows, xml, yaml};

/// An agency with a crontab line per client has some hundreds.
const MAX_SCHEDULES: usize = 1000;

/// What a file holds.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Contents {
    /// The schedules.
    pub schedules: Vec<DetectedSchedule>,
    /// The lines that might be schedules and cannot be read.
    pub unreadable: Vec<Unreadable>,
}

/// Reads one cron expression; a command behind it is judged too.
pub fn cron_line(text: &str) -> Result<DetectedSchedule, Unreadable> {
    let misread = |misread: Misread| Unreadable { line: None, column: Some(misread.column), message: misread.message };
    let is_line = |(end, _): &(usize, _)| {
        let rest = text.get(*end..).unwrap_or_default().trim_start();
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/.\"'$~[({".contains(c))
    };
    if expression::parse_start(text).is_ok_and(|start| is_line(&start)) {
        let (mut found, mut unreadable) = cron::read::crontab(text, false);
        return found.pop().ok_or_else(|| unreadable.pop().unwrap_or_else(|| Unreadable::whole("this is a setting")));
    }
    let (dialect, when) = dialect::parse(text).map_err(misread)?;
    let mut found = DetectedSchedule::new(Scheduler::Cron, 1, vec![(text.trim().to_owned(), when)]);
    found.platform = match dialect {
        Dialect::Cron => None,
        Dialect::Aws => Some("aws"),
        Dialect::Seconds => Some("quartz"),
    };
    Ok(found)
}

/// Reads a file. Its name and its content say what it is; the default is a crontab. `now` decides which dates in it have
/// passed.
pub fn file(name: &Path, bytes: &[u8], now: Timestamp) -> Result<Contents, Unreadable> {
    let text = decoded(bytes)?;
    let extension = name.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase();
    let mut unreadable = Vec::new();
    let schedules = match extension.as_str() {
        "timer" => systemd::read::timer(&text)?,
        "json" | "jsonc" => of_yaml(&platform::json::without_comments(&text))?,
        "yml" | "yaml" | "template" => of_yaml(&text)?,
        "toml" => platform::toml::schedules(&text)?,
        "plist" | "xml" => of_xml(&text, now)?,
        _ if text.trim_start().starts_with('<') => of_xml(&text, now)?,
        _ if text.trim_start().starts_with('{') => of_yaml(&text)?,
        _ if text.lines().any(|line| line.trim() == "[Timer]") => systemd::read::timer(&text)?,
        _ => {
            let (found, lines) = cron::read::crontab(&text, is_systems_crontab(name));
            unreadable = lines;
            found
        }
    };
    if schedules.iter().map(|found| found.runs.len()).sum::<usize>() > MAX_SCHEDULES {
        return Err(Unreadable::whole(format!("one file may hold at most {MAX_SCHEDULES} schedules")));
    }
    if schedules.is_empty() {
        return Err(unreadable.into_iter().next().unwrap_or_else(|| Unreadable::whole(NO_SCHEDULE)));
    }
    unreadable.truncate(MAX_UNREADABLE);
    Ok(Contents { schedules, unreadable })
}

/// More would only repeat that the file is something else.
const MAX_UNREADABLE: usize = 20;

pub(crate) const NO_SCHEDULE: &str =
    "no schedule found in it; if the schedule is kept elsewhere, as GitLab's are, pass it with --cron";

/// `/etc/crontab` and the files in `/etc/cron.d` name a user on each line (crontab(5)).
fn is_systems_crontab(name: &Path) -> bool {
    name == Path::new("/etc/crontab") || name.components().any(|part| part.as_os_str() == "cron.d")
}

fn of_yaml(text: &str) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let mut found = Vec::new();
    for leaves in yaml::documents(text)? {
        found.extend(github::read::workflow(&leaves)?);
        found.extend(kubernetes::read::cron_jobs(&leaves)?);
        found.extend(azure::read::job(&leaves)?);
        found.extend(platform::json::vercel(&leaves)?);
        found.extend(platform::json::cloudflare(&leaves)?);
        found.extend(platform::json::aws(&leaves)?);
    }
    Ok(found)
}

fn of_xml(text: &str, now: Timestamp) -> Result<Vec<DetectedSchedule>, Unreadable> {
    let document = xml::parse(text)?;
    let root = document.root_element();
    let found = match root.tag_name().name() {
        "plist" => launchd::read::property_list(root)?,
        "Task" => windows::read::task(root, now)?,
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
