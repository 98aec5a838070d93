//! The places of secrets, each of which may be there and not be readable.

use std::path::Path;
use std::str;
use std::sync::Arc;

use everlit_disk::Disk;
use everlit_envfile::EnvFile;
use everlit_host::Environment;
use everlit_keeper::Step;
use everlit_vault::SharedSettings;

use super::env_files::env_file_content;
use super::setting::{Origin, SECRETS_FILE, Setting};
use crate::ConfigError;

/// Where to look for secrets.
#[derive(Clone, Debug)]
pub(crate) struct SecretPlaces<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) disk: &'a dyn Disk,
    pub(crate) folder: &'a Path,
    /// The settings in the vault, with their secrets.
    pub(crate) shared: Arc<SharedSettings>,
}

impl SecretPlaces<'_> {
    /// A secret from the environment, from [`SECRETS_FILE`], which schedulers find, or from the vault.
    pub(crate) fn secret(&self, name: &str) -> Result<Option<Setting<String>>, ConfigError> {
        if let Some(setting) = self.in_environment(name)? {
            return Ok(Some(setting));
        }
        if let Some(setting) = self.in_secrets_file(name)? {
            return Ok(Some(setting));
        }
        let value = value_in(self.shared.secrets.expose().as_bytes(), Path::new("the vault"), name)?;
        Ok(value.map(|value| Setting { value, origin: Origin::Vault }))
    }

    /// An environment variable, or the content of the file that `NAME_FILE` names.
    pub(crate) fn in_environment(&self, name: &str) -> Result<Option<Setting<String>>, ConfigError> {
        if let Some(value) = self.environment.variable(name) {
            return Ok(Some(Setting { value: value.to_owned(), origin: Origin::Environment(name.to_owned().into()) }));
        }
        let variable = format!("{name}_FILE");
        match self.environment.variable(&variable) {
            Some(file) => self.mounted(file, variable.clone()).map(Some),
            None => Ok(None),
        }
    }

    /// The content of a file that an environment variable names, as container platforms mount secrets.
    fn mounted(&self, file: &str, variable: String) -> Result<Setting<String>, ConfigError> {
        const LARGEST: usize = 4096;
        let unusable =
            |message| ConfigError::new(message, Step::note(format!("set {variable} to a text file that can be read")));
        let bytes = self.disk.read(&self.folder.join(file), LARGEST);
        let bytes = bytes.map_err(|error| unusable(format!("cannot read {file} ({variable}): {error}")))?;
        let text = String::from_utf8(bytes);
        let text = text.map_err(|_| unusable(format!("{file} ({variable}) is not UTF-8 text")))?;
        let value = text.trim_end_matches(['\n', '\r']).to_owned();
        Ok(Setting { value, origin: Origin::Environment(variable.into()) })
    }

    /// A value in [`SECRETS_FILE`].
    pub(crate) fn in_secrets_file(&self, name: &str) -> Result<Option<Setting<String>>, ConfigError> {
        let value = self.in_file(Path::new(SECRETS_FILE), name)?;
        Ok(value.map(|value| Setting { value, origin: Origin::Secrets }))
    }

    /// A value in an env file; `None` if the file does not exist.
    pub(crate) fn in_file(&self, file: &Path, name: &str) -> Result<Option<String>, ConfigError> {
        let bytes = env_file_content(&self.folder.join(file), self.disk);
        value_in(&bytes.map_err(|error| unreadable(file, &error.to_string()))?, file, name)
    }

    /// Why the settings of a connection in [`SECRETS_FILE`] cannot be read. Calls are made without them.
    pub(crate) fn unreadable_connection(&self) -> Option<ConfigError> {
        const NAMES: [&str; 5] = ["https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "SSL_CERT_FILE"];
        let file = Path::new(SECRETS_FILE);
        let bytes = match env_file_content(&self.folder.join(file), self.disk) {
            Ok(bytes) => bytes,
            Err(error) => return Some(unreadable(file, &error.to_string())),
        };
        if str::from_utf8(&bytes).is_err() {
            return Some(unreadable(file, "it is not UTF-8 text"));
        }
        NAMES.into_iter().find_map(|name| value_in(&bytes, file, name).err())
    }
}

/// A value in the content of an env file; `None` if it is empty.
pub(crate) fn value_in(bytes: &[u8], file: &Path, name: &str) -> Result<Option<String>, ConfigError> {
    let value = EnvFile::parse(bytes).value(name);
    let value = value.map_err(|error| unreadable(file, &format!("{name}: {error}")))?;
    let Some(value) = value else { return Ok(None) };
    let value = str::from_utf8(&value).map_err(|_| unreadable(file, &format!("{name} is not UTF-8 text")))?;
    Ok(Some(value.to_owned()).filter(|value| !value.trim().is_empty()))
}

/// An env file, or a value in it, that cannot be read.
pub(crate) fn unreadable(file: &Path, why: &str) -> ConfigError {
    let file = file.display();
    let next = Step::everlit("doctor").with_note(format!("once {file} is a text file that everlit can read"));
    ConfigError::new(format!("cannot read {file}: {why}"), next)
}
