//! What is checked: a typed line, a file, or what is on this machine.

use std::io::{self, Read};
use std::path::Path;

use everlit_keeper::Step;
use everlit_meta_api::redact;
use everlit_schedule::read::{self, Contents, DetectedSchedule, Unreadable};
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
    match (&flags.cron, &flags.file) {
        (Some(line), _) => {
            let found = read::cron_line(line).map_err(|error| not_a_schedule("--cron", &error))?;
            Ok(Sources { found: vec![(None, found)], unreadable: Vec::new() })
        }
        (None, Some(file)) if file.as_os_str() == "-" => parsed(context, "stdin", Path::new("crontab"), &stdin()?),
        (None, Some(file)) => in_file(context, file),
        (None, None) => Ok(on_this_machine(context)),
    }
}

fn on_this_machine(context: &Context<'_>) -> Sources {
    let machine = Machine::new(context.environment, &*context.disk);
    let (folder, now) = (&context.settings.folder, context.machine_time());
    let (mut found, mut unreadable) = schedules_in_workflows(machine, folder, now);
    let (others, unread) = schedules_on_machine(machine, folder, now);
    found.extend(others);
    unreadable.extend(unread);
    Sources { found: found.into_iter().map(|(place, schedule)| (Some(place), schedule)).collect(), unreadable }
}

fn stdin() -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_LEN).unwrap_or(u64::MAX);
    let read = io::stdin().lock().take(limit).read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|error| not_read(format!("cannot read stdin: {error}")))
}

fn in_file(context: &Context<'_>, file: &Path) -> Result<Sources, Problem> {
    let shown = file.display().to_string();
    let file = context.settings.folder.join(file);
    let bytes = context.disk.read(&file, MAX_LEN);
    let bytes = bytes.map_err(|error| not_read(format!("cannot read {shown}: {error}")))?;
    parsed(context, &shown, &file, &bytes)
}

fn parsed(context: &Context<'_>, shown: &str, name: &Path, bytes: &[u8]) -> Result<Sources, Problem> {
    let Contents { schedules, unreadable } =
        read::file(name, bytes, context.machine_time()).map_err(|error| not_a_schedule(shown, &error))?;
    let found = schedules.into_iter().map(|found| (Some(shown.to_owned()), found)).collect();
    let unreadable = unreadable.iter().map(|error| redact(&format!("{shown}: {error}"))).collect();
    Ok(Sources { found, unreadable })
}

fn not_read(message: String) -> Problem {
    Problem::config(message).with_next(check_a_line())
}

/// The step where not everything could be read.
pub(super) fn read_the_rest(flags: &ScheduleCheck) -> Step {
    match flags.file {
        Some(_) => check_a_line(),
        None => Step::note("let this user read what could not be read, or correct it, then check again"),
    }
}

fn check_a_line() -> Step {
    Step::everlit_args(["schedule", "check", "--cron", "17 3 * * *"]).with_note("checks a single line")
}

/// A crontab may hold a token, so the message is redacted.
fn not_a_schedule(shown: &str, error: &Unreadable) -> Problem {
    let message = redact(&format!("{shown}: {error}"));
    Problem::config(message).with_next(check_a_line())
}
