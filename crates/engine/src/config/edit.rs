//! Changes the settings: under a lock, because other runs change the same small files.

use std::future;
use std::path::Path;
use std::time::Duration;

use everlit_disk::{Lock, Locking, ReplaceOptions, replace, try_lock};
use everlit_envfile::{EnvError, EnvFile};
use everlit_host::runtime;
use everlit_keeper::{Step, StoreError, StoreErrorClass, retry_while_locked};

use super::env_files::env_file_content;
use super::file::{CONFIG_FILE, read_config};
use super::project::Project;
use super::secret_places::unreadable;
use super::setting::SECRETS_FILE;
use crate::{ConfigError, ErrorKind};

/// The configuration holds no secret, and teams keep it in git.
const CONFIG_MODE: u32 = 0o644;

/// How [`CONFIG_FILE`] is replaced.
pub fn config_options() -> ReplaceOptions {
    ReplaceOptions { mode_when_new: CONFIG_MODE, ..ReplaceOptions::default() }
}

/// Takes the right to edit the project's settings and secrets, waiting a few seconds for another run.
///
/// `None` if no lock can be taken: the write that follows says why nothing can be written there.
pub fn lock_settings(project: &Project<'_>) -> Result<Option<Lock>, ConfigError> {
    const TIMEOUT: Duration = Duration::from_secs(5);
    const PAUSE: Duration = Duration::from_millis(5);
    let (disk, state) = (&*project.disk, project.state());
    let path = state.settings_lock();
    let attempt = || {
        let locking = state.create(disk).and_then(|()| try_lock(disk, &path, "an edit"));
        future::ready(match locking {
            Ok(Locking::Taken(lock)) => Ok(lock),
            Ok(Locking::Held { note }) => Err(StoreError::locked(&note)),
            Err(error) => Err(StoreError::io(StoreErrorClass::NotSaved, "lock", &path, &error)),
        })
    };
    let runtime = runtime();
    let runtime = runtime.map_err(|error| ConfigError::internal(format!("cannot start the runtime: {error}")))?;
    match runtime.block_on(retry_while_locked(project.clock(), TIMEOUT, PAUSE, attempt)) {
        Ok(lock) => Ok(Some(lock)),
        Err(error) if error.is_locked() => Err(ConfigError {
            kind: ErrorKind::Locked,
            message: format!("another run holds the lock `{}`", path.display()),
            next: Step::note("wait for that run, then run the command again"),
        }),
        Err(_) => Ok(None),
    }
}

/// Edits [`CONFIG_FILE`]; `false` if `edit` finds nothing to change.
pub fn edit_config(
    project: &Project<'_>,
    edit: impl FnOnce(&str) -> Result<Option<String>, ConfigError>,
) -> Result<bool, ConfigError> {
    let _lock = lock_settings(project)?;
    let folder = &project.settings.folder;
    let Some(text) = edit(&read_config(folder, &*project.disk)?)? else { return Ok(false) };
    replace(&*project.disk, &folder.join(CONFIG_FILE), text.as_bytes(), &config_options())?;
    Ok(true)
}

/// The content of an env file with a secret; `None` if it is there already.
pub(super) fn with_secret(before: &[u8], name: &str, secret: &str) -> Result<Option<Vec<u8>>, EnvError> {
    let file = EnvFile::parse(before);
    if file.value(name)?.is_some_and(|known| *known == *secret.as_bytes()) {
        return Ok(None);
    }
    let exists = file.assignments(name).next().is_some();
    let after =
        if exists { file.with_value(name, secret.as_bytes()) } else { file.with_added(name, secret.as_bytes()) };
    after.map(Some)
}

/// The content of an env file without these secrets.
pub(super) fn without_secrets(before: &[u8], names: &[String]) -> Vec<u8> {
    let mut bytes = before.to_owned();
    for name in names {
        // From the last to the first, so that the other positions stay valid.
        let spans: Vec<_> = EnvFile::parse(&bytes).assignments(name).map(|assignment| assignment.span()).collect();
        for span in spans.into_iter().rev() {
            let start = bytes[..span.start].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let end = bytes[span.end..].iter().position(|byte| *byte == b'\n');
            bytes.drain(start..end.map_or(bytes.len(), |at| span.end + at + 1));
        }
    }
    bytes
}

/// The content of [`SECRETS_FILE`].
pub(super) fn read_secrets(project: &Project<'_>) -> Result<Vec<u8>, ConfigError> {
    let read = env_file_content(&project.state().secrets(), &*project.disk);
    read.map_err(|error| unreadable(Path::new(SECRETS_FILE), &error.to_string()))
}

/// Replaces it.
pub(super) fn write_secrets(project: &Project<'_>, bytes: &[u8]) -> Result<(), ConfigError> {
    // If the folder cannot be created, the write says why.
    let _ = project.state().create(&*project.disk);
    Ok(replace(&*project.disk, &project.state().secrets(), bytes, &ReplaceOptions::default())?)
}

/// Says that others may read [`SECRETS_FILE`]: a file that exists keeps its mode when it is replaced.
pub fn open_secrets_warning(project: &Project<'_>) -> Option<String> {
    const OTHERS: u32 = 0o077;
    let state = project.state();
    let mode = |path| Some(project.disk.stat(path).ok()?.mode & 0o777);
    let is_reachable = mode(state.path())? & OTHERS != 0;
    let mode = mode(&state.secrets())?;
    (is_reachable && mode & OTHERS != 0).then(|| format!("{SECRETS_FILE} can be read by others (mode {mode:03o})"))
}
