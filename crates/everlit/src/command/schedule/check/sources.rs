//! What is checked: what was typed in, a file, or what is found here.

use std::io::{self, Read};
use std::path::Path;

use everlit_meta_api::redact;
use everlit_schedule::read::{self, DetectedSchedule, Unreadable};

use crate::cli::ScheduleCheck;
use crate::output::problem::Problem;
use crate::wire::Context;

use super::super::machine::{Machine, User, Written};

/// The crontab of an agency with thousands of clients is smaller.
const LARGEST: usize = 1 << 20;

/// What is to be judged.
pub(super) struct Sources {
    /// Each schedule with the place it stands in; `None` for one that was typed in.
    pub(super) found: Vec<(Option<String>, DetectedSchedule)>,
    /// What could not be looked into, and why.
    pub(super) unread: Vec<String>,
}

pub(super) fn of(context: &Context<'_>, flags: &ScheduleCheck) -> Result<Sources, Problem> {
    let found = match (&flags.cron, &flags.file) {
        (Some(line), _) => vec![(None, read::cron_line(line).map_err(|error| unreadable("--cron", &error))?)],
        (None, Some(file)) if file.as_os_str() == "-" => read_as("stdin", Path::new("crontab"), &stdin()?)?,
        (None, Some(file)) => in_file(context, file)?,
        (None, None) => return Ok(machine(context)),
    };
    Ok(Sources { found, unread: Vec::new() })
}

fn stdin() -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX);
    let read = io::stdin().lock().take(limit).read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|error| unread(format!("stdin cannot be read: {error}")))
}

fn in_file(context: &Context<'_>, file: &Path) -> Result<Vec<(Option<String>, DetectedSchedule)>, Problem> {
    let shown = file.display().to_string();
    let bytes = context.disk.read(&context.settings.folder.join(file), LARGEST);
    let bytes = bytes.map_err(|error| unread(format!("cannot read {shown}: {error}")))?;
    read_as(&shown, file, &bytes)
}

fn read_as(shown: &str, name: &Path, bytes: &[u8]) -> Result<Vec<(Option<String>, DetectedSchedule)>, Problem> {
    let found = read::file(name, bytes).map_err(|error| unreadable(shown, &error))?;
    Ok(found.into_iter().map(|found| (Some(shown.to_owned()), found)).collect())
}

fn unread(message: String) -> Problem {
    Problem::config(message)
        .with_next("the same with a file that can be read, or one line: everlit schedule check --cron \"17 3 * * *\"")
}

/// The place and what is wrong there. A token may stand in a crontab, so the words go through the net.
fn unreadable(shown: &str, error: &Unreadable) -> Problem {
    Problem::config(redact(&format!("{shown}: {error}")))
        .with_next("set that right, or check one line by itself: everlit schedule check --cron \"17 3 * * *\"")
}

/// The workflows of the project, and what the schedulers of this machine have for its folder.
fn machine(context: &Context<'_>) -> Sources {
    let mut all = Sources { found: workflows(context), unread: Vec::new() };
    let machine = Machine::new(context.environment, &*context.disk);
    let folder = context.disk.resolve(&context.settings.folder).unwrap_or_else(|_| context.settings.folder.clone());
    let whose = match User::of_folder(machine, &folder) {
        Ok(whose) => whose,
        Err(problem) => {
            all.unread.push(format!("the schedulers of this machine: {}", problem.message));
            return all;
        }
    };
    for manager in machine.all(&whose) {
        match manager.written(&folder) {
            Ok(written) => written.iter().for_each(|written| all.take(written)),
            Err(problem) => all.unread.push(format!("{}: {}", manager.place(), problem.message)),
        }
    }
    all
}

impl Sources {
    fn take(&mut self, written: &Written) {
        match read::file(&written.name, &written.bytes) {
            Ok(found) => self.found.extend(found.into_iter().map(|found| (Some(written.place.clone()), found))),
            // A token may stand in a crontab, so the words go through the net.
            Err(error) => self.unread.push(redact(&format!("{}: {error}", written.place))),
        }
    }
}

/// Those that are about tokens.
fn workflows(context: &Context<'_>) -> Vec<(Option<String>, DetectedSchedule)> {
    let above = context.settings.folder.ancestors().map(|above| above.join(".github/workflows"));
    let Some(folder) = above.into_iter().find(|folder| context.disk.stat(folder).is_ok()) else { return Vec::new() };
    let mut names = context.disk.list(&folder).unwrap_or_default();
    names.sort();
    let mut all = Vec::new();
    for file in names.iter().map(|name| folder.join(name)) {
        let is_workflow = file.extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
        let Some(bytes) = context.disk.read(&file, LARGEST).ok().filter(|_| is_workflow) else { continue };
        let about_tokens =
            read::is_about_tokens(&file.to_string_lossy()) || read::is_about_tokens(&String::from_utf8_lossy(&bytes));
        // Most workflows have no schedule; one that cannot be read at all is not ours to judge unasked.
        let Ok(found) = read::file(&file, &bytes) else { continue };
        let shown = file.strip_prefix(&context.settings.folder).unwrap_or(&file).display().to_string();
        all.extend(found.into_iter().filter(|_| about_tokens).map(|found| (Some(shown.clone()), found)));
    }
    all
}
