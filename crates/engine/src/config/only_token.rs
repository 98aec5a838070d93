//! Where a new token goes in a project that names no place for it.

use std::path::Path;

use everlit_host::{Repository, runtime};
use everlit_keeper::{Store as _, StoreErrorClass};
use everlit_store::{DEFAULT_KEY, WELL_KNOWN_KEYS};

use super::env_files::{TokenInFile, env_file_names, find_tokens, public_prefix};
use super::file::read_config;
use super::overrides::Overrides;
use super::project::Project;
use super::setting::Origin;
use super::settings::Settings;
use crate::ConfigError;

/// The settings with the env file and key that hold the project's only token, where the usual ones hold none: a second
/// copy elsewhere would leave the old one in use. `None` if no such place exists, or if the settings name one.
pub fn settings_of_only_token(project: &Project<'_>, overrides: Overrides) -> Result<Option<Settings>, ConfigError> {
    let [account] = &project.settings.accounts[..] else { return Ok(None) };
    if account.env_file.origin != Origin::Default || account.key.origin != Origin::Default {
        return Ok(None);
    }
    let runtime = runtime();
    let runtime = runtime.map_err(|error| ConfigError::internal(format!("cannot start the runtime: {error}")))?;
    let loaded = runtime.block_on(project.store().load(&account.name, project.now()));
    let is_missing = loaded.is_err_and(|error| error.class == StoreErrorClass::Missing);
    let Some(found) = only_token(project).filter(|_| is_missing) else { return Ok(None) };
    let is_usual = found.key == DEFAULT_KEY || WELL_KNOWN_KEYS.contains(&&*found.key);
    let is_own = account.env_file.value == Path::new(&found.file);
    let env_file = (!is_own).then(|| found.file.into());
    let overrides = Overrides { env_file, key: (!is_usual).then_some(found.key), ..overrides };
    let folder = project.settings.folder.clone();
    let text = read_config(&folder, &*project.disk)?;
    Settings::resolve(&overrides, project.environment, &project.disk, folder, &text).map(Some)
}

/// The only token in the env files of the folder; `None` where there is none or another one, where its key is public, or
/// where git tracks the file or cannot say.
fn only_token(project: &Project<'_>) -> Option<TokenInFile> {
    let (folder, disk) = (&project.settings.folder, &*project.disk);
    let mut found = find_tokens(folder, disk, env_file_names(folder, disk)).into_iter();
    let (only, None) = (found.next()?, found.next()) else { return None };
    let repository = Repository::around(folder, project.environment, disk);
    let is_tracked = repository.is_some_and(|git| git.tracks(Path::new(&only.file)) != Some(false));
    (public_prefix(&only.key).is_none() && !is_tracked).then_some(only)
}
