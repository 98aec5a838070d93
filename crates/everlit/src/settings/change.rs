//! Changing the small files that people and other runs change too: read, edited and replaced by one at a time.

use everlit_keeper::Step;
use std::time::Duration;

use everlit_disk::{Lock, Locking, ReplaceError, ReplaceOptions, replace, try_lock};

use super::{CONFIG_FILE, SECRETS_FILE, read_file};
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::wire::Context;

/// Held while a file is read, edited and replaced. Covered by `.env*.local`.
const LOCK_FILE: &str = ".env.everlit-settings.local";

/// It holds no secret, and teams keep it in git.
const CONFIG_MODE: u32 = 0o644;

/// How [`CONFIG_FILE`] is replaced.
pub(crate) fn config_options() -> ReplaceOptions {
    ReplaceOptions { mode_when_new: CONFIG_MODE, ..ReplaceOptions::default() }
}

/// The right to change the project's settings and secrets, as long as it is kept; waits a moment for another run.
///
/// `None` where no lock can be had: why nothing can be written there, the write itself says.
pub(crate) fn one_at_a_time(context: &Context<'_>) -> Result<Option<Lock>, Problem> {
    const PATIENCE_MILLIS: u32 = 5_000;
    let path = context.settings.folder.join(LOCK_FILE);
    for _ in 0..PATIENCE_MILLIS {
        match try_lock(&*context.disk, &path, "an edit") {
            Ok(Locking::Taken(lock)) => return Ok(Some(lock)),
            Ok(Locking::Held { .. }) => std::thread::sleep(Duration::from_millis(1)),
            Err(_) => return Ok(None),
        }
    }
    let message = format!("another run keeps `{}` locked", path.display());
    Err(Problem { exit: Exit::Locked, message, next: Step::note("wait for that run, then run the command again") })
}

/// Edits [`CONFIG_FILE`]; `false` where `edit` finds nothing to change.
pub(crate) fn config(
    context: &Context<'_>,
    edit: impl FnOnce(&str) -> Result<Option<String>, Problem>,
) -> Result<bool, Problem> {
    let _lock = one_at_a_time(context)?;
    let folder = &context.settings.folder;
    let Some(text) = edit(&read_file(folder, &*context.disk)?)? else { return Ok(false) };
    let written = replace(&*context.disk, &folder.join(CONFIG_FILE), text.as_bytes(), &config_options());
    written.map_err(|error| not_saved(&error)).map(|()| true)
}

/// That others may read [`SECRETS_FILE`], in words: a file that is there keeps its mode when it is replaced.
pub(crate) fn secrets_are_open(context: &Context<'_>) -> Option<String> {
    const OTHERS: u32 = 0o077;
    let mode = context.disk.stat(&context.settings.folder.join(SECRETS_FILE)).ok()?.mode & 0o777;
    (mode & OTHERS != 0).then(|| format!("{SECRETS_FILE} can be read by others (mode {mode:03o})"))
}

/// What kept a file from being written.
pub(crate) fn not_saved(error: &ReplaceError) -> Problem {
    Problem { exit: Exit::NotSaved, message: error.to_string(), next: Step::everlit("doctor") }
}
