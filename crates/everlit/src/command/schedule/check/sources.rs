//! What is checked: what was typed in, a file, or what is found here.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use everlit_meta_api::redact;
use everlit_schedule::read::{self, Found, Unreadable};

use crate::cli::ScheduleCheck;
use crate::screen::Problem;
use crate::wire::Context;

/// The crontab of an agency with thousands of clients is smaller.
const LARGEST: usize = 1 << 20;

/// Each schedule with the file it stands in.
pub(super) fn of(context: &Context<'_>, flags: &ScheduleCheck) -> Result<Vec<(Option<String>, Found)>, Problem> {
    if let Some(line) = &flags.cron {
        let found = read::cron_line(line).map_err(|error| unreadable("--cron", &error))?;
        return Ok(vec![(None, found)]);
    }
    match &flags.file {
        Some(file) if file.as_os_str() == "-" => read_as("stdin", Path::new("crontab"), &stdin()?),
        Some(file) => in_file(context, file),
        None => Ok(here(context)),
    }
}

fn stdin() -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX);
    let read = io::stdin().lock().take(limit).read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|error| Problem::config(format!("stdin cannot be read: {error}")))
}

fn in_file(context: &Context<'_>, file: &Path) -> Result<Vec<(Option<String>, Found)>, Problem> {
    let shown = file.display().to_string();
    let bytes = context.disk.read(&context.settings.folder.join(file), LARGEST);
    let bytes = bytes.map_err(|error| Problem::config(format!("cannot read {shown}: {error}")))?;
    read_as(&shown, file, &bytes)
}

fn read_as(shown: &str, name: &Path, bytes: &[u8]) -> Result<Vec<(Option<String>, Found)>, Problem> {
    let found = read::file(name, bytes).map_err(|error| unreadable(shown, &error))?;
    Ok(found.into_iter().map(|found| (Some(shown.to_owned()), found)).collect())
}

/// The place and what is wrong there. A token may stand in a crontab, so the words go through the net.
fn unreadable(shown: &str, error: &Unreadable) -> Problem {
    Problem::config(redact(&format!("{shown}: {error}")))
        .with_next("set that right, or check one line by itself: everlit schedule check --cron \"17 3 * * *\"")
}

/// The workflows of the project and the timers of the user that are about tokens.
fn here(context: &Context<'_>) -> Vec<(Option<String>, Found)> {
    let mut all = Vec::new();
    for (folder, endings) in places(context) {
        let mut names = context.disk.list(&folder).unwrap_or_default();
        names.sort();
        for file in names.iter().map(|name| folder.join(name)) {
            let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or("");
            let Some(bytes) = context.disk.read(&file, LARGEST).ok().filter(|_| endings.contains(&ending)) else {
                continue;
            };
            let about_tokens = read::is_about_tokens(&file.to_string_lossy())
                || read::is_about_tokens(&String::from_utf8_lossy(&bytes));
            // Most workflows have no schedule; one that cannot be read at all is not ours to judge unasked.
            let Ok(found) = read::file(&file, &bytes) else { continue };
            let shown = file.strip_prefix(&context.settings.folder).unwrap_or(&file).display().to_string();
            all.extend(found.into_iter().filter(|_| about_tokens).map(|found| (Some(shown.clone()), found)));
        }
    }
    all
}

/// Folders in which schedules lie, with the endings of their names.
fn places(context: &Context<'_>) -> Vec<(PathBuf, &'static [&'static str])> {
    let above = context.settings.folder.ancestors().map(|above| above.join(".github/workflows"));
    let workflows = above.into_iter().find(|folder| context.disk.stat(folder).is_ok());
    let home = context.environment.variable("HOME").map(Path::new);
    let timers = home.map(|home| home.join(".config/systemd/user"));
    let agents = home.map(|home| home.join("Library/LaunchAgents"));
    let with = |folder: Option<PathBuf>, endings: &'static [&'static str]| folder.map(|folder| (folder, endings));
    [with(workflows, &["yml", "yaml"]), with(timers, &["timer"]), with(agents, &["plist"])]
        .into_iter()
        .flatten()
        .collect()
}
