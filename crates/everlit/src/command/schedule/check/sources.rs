//! What is checked: a typed line, a file, or what is on this machine.

use std::io::{self, Read};
use std::path::Path;

use everlit_keeper::Step;
use everlit_meta_api::redact;
use everlit_schedule::read::{self, DetectedSchedule, Unreadable};
use everlit_schedule::{Machine, schedules_in_workflows, schedules_on_machine};

use crate::cli::ScheduleCheck;
use crate::context::Context;
use crate::output::Problem;

/// Larger than the crontab of an agency with thousands of clients.
const MAX_LEN: usize = 1 << 20;

/// The schedules to check.
pub(super) struct Sources {
    /// Each schedule and the file or scheduler that it is in; `None` if it was typed.
    pub(super) found: Vec<(Option<String>, DetectedSchedule)>,
    /// What could not be read, and why.
    pub(super) unreadable: Vec<String>,
}

pub(super) fn of(context: &Context<'_>, flags: &ScheduleCheck) -> Result<Sources, Problem> {
    let found = match (&flags.cron, &flags.file) {
        (Some(line), _) => vec![(None, read::cron_line(line).map_err(|error| not_a_schedule("--cron", &error))?)],
        (None, Some(file)) if file.as_os_str() == "-" => parsed("stdin", Path::new("crontab"), &stdin()?)?,
        (None, Some(file)) => in_file(context, file)?,
        (None, None) => return Ok(on_this_machine(context)),
    };
    Ok(Sources { found, unreadable: Vec::new() })
}

fn on_this_machine(context: &Context<'_>) -> Sources {
    let machine = Machine::new(context.environment, &*context.disk);
    let folder = &context.settings.folder;
    let (found, unreadable) = schedules_on_machine(machine, folder);
    let found = schedules_in_workflows(machine, folder).into_iter().chain(found);
    Sources { found: found.map(|(place, schedule)| (Some(place), schedule)).collect(), unreadable }
}

fn stdin() -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_LEN).unwrap_or(u64::MAX);
    let read = io::stdin().lock().take(limit).read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|error| not_read(format!("cannot read stdin: {error}")))
}

fn in_file(context: &Context<'_>, file: &Path) -> Result<Vec<(Option<String>, DetectedSchedule)>, Problem> {
    let shown = file.display().to_string();
    let bytes = context.disk.read(&context.settings.folder.join(file), MAX_LEN);
    let bytes = bytes.map_err(|error| not_read(format!("cannot read {shown}: {error}")))?;
    parsed(&shown, file, &bytes)
}

fn parsed(shown: &str, name: &Path, bytes: &[u8]) -> Result<Vec<(Option<String>, DetectedSchedule)>, Problem> {
    let found = read::file(name, bytes).map_err(|error| not_a_schedule(shown, &error))?;
    Ok(found.into_iter().map(|found| (Some(shown.to_owned()), found)).collect())
}

fn not_read(message: String) -> Problem {
    Problem::config(message).with_next(check_a_line().with_note("or pass a readable file"))
}

fn check_a_line() -> Step {
    Step::everlit_args(["schedule", "check", "--cron", "17 3 * * *"])
}

/// A crontab may hold a token, so the message is redacted.
fn not_a_schedule(shown: &str, error: &Unreadable) -> Problem {
    let message = redact(&format!("{shown}: {error}"));
    Problem::config(message).with_next(check_a_line().with_note("checks a single line"))
}
