//! Editing the small files that people and other runs edit too: read, edited and replaced by one run at a time.

use everlit_engine::read_config;
use std::time::Duration;

use everlit_disk::{Lock, Locking, ReplaceError, ReplaceOptions, replace, try_lock};
use everlit_keeper::{Step, StoreError, StoreErrorClass, retry_while_locked};

use super::{CONFIG_FILE, SECRETS_FILE, read_file};
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::runtime::runtime;
use crate::context::Context;

/// It holds no secret, and teams keep it in git.
const CONFIG_MODE: u32 = 0o644;

/// How [`CONFIG_FILE`] is replaced.
pub(crate) fn config_options() -> ReplaceOptions {
    ReplaceOptions { mode_when_new: CONFIG_MODE, ..ReplaceOptions::default() }
}

/// Takes the right to edit the project's settings and secrets, waiting a moment for another run.
///
/// `None` where no lock can be taken: the write itself says why nothing can be written there.
pub(crate) fn one_at_a_time(context: &Context<'_>) -> Result<Option<Lock>, Problem> {
    const TIMEOUT: Duration = Duration::from_secs(5);
    const PAUSE: Duration = Duration::from_millis(5);
    let (disk, state) = (&*context.disk, context.state());
    let path = state.settings_lock();
    let attempt = || {
        let locking = state.create(disk).and_then(|()| try_lock(disk, &path, "an edit"));
        std::future::ready(match locking {
            Ok(Locking::Taken(lock)) => Ok(lock),
            Ok(Locking::Held { note }) => Err(StoreError::locked(&note)),
            Err(error) => Err(StoreError::io(StoreErrorClass::NotSaved, "lock", &path, &error)),
        })
    };
    match runtime()?.block_on(retry_while_locked(context.clock(), TIMEOUT, PAUSE, attempt)) {
        Ok(lock) => Ok(Some(lock)),
        Err(error) if error.is_locked() => {
            let message = format!("another run keeps `{}` locked", path.display());
            let next = Step::note("wait for that run, then run the command again");
            Err(Problem { exit: Exit::Locked, message, next })
        }
        Err(_) => Ok(None),
    }
}

/// Edits [`CONFIG_FILE`]; `false` where `edit` finds nothing to change.
pub(crate) fn config(
    context: &Context<'_>,
    edit: impl FnOnce(&str) -> Result<Option<String>, Problem>,
) -> Result<bool, Problem> {
    let _lock = one_at_a_time(context)?;
    let folder = &context.settings.folder;
    let Some(text) = edit(&read_config(folder, &*context.disk)?)? else { return Ok(false) };
    let written = replace(&*context.disk, &folder.join(CONFIG_FILE), text.as_bytes(), &config_options());
    written.map_err(|error| not_saved(&error)).map(|()| true)
}

/// Says that others can read [`SECRETS_FILE`]: a file that is there keeps its mode when it is replaced.
pub(crate) fn secrets_are_open(context: &Context<'_>) -> Option<String> {
    const OTHERS: u32 = 0o077;
    let state = context.state();
    let mode = |path| Some(context.disk.stat(path).ok()?.mode & 0o777);
    let is_reachable = mode(state.path())? & OTHERS != 0;
    let mode = mode(&state.secrets())?;
    (is_reachable && mode & OTHERS != 0).then(|| format!("{SECRETS_FILE} can be read by others (mode {mode:03o})"))
}

/// What kept a file from being written.
pub(crate) fn not_saved(error: &ReplaceError) -> Problem {
    Problem { exit: Exit::NotSaved, message: error.to_string(), next: Step::everlit("doctor") }
}
