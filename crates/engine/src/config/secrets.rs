//! Where secrets are found: the environment, a file that it names, `SECRETS_FILE`, the accounts' env files.

use std::path::{Path, PathBuf};

use everlit_disk::Disk;
use everlit_envfile::EnvFile;
use everlit_host::Environment;
use everlit_keeper::Step;
use everlit_meta_api::{Proxy, Secret};

use super::project::Project;
use super::setting::{Origin, SECRETS_FILE, Setting};
use crate::ConfigError;

const LARGEST_ENV_FILE: usize = 16 << 20;

impl Project<'_> {
    /// A secret of the project by its name: from the environment, from the file that `NAME_FILE` names there, from
    /// [`SECRETS_FILE`], or from the env file of an account, in this order.
    pub fn secret(&self, name: &str) -> Result<Option<Setting<String>>, ConfigError> {
        let places = self.secret_places();
        if let Some(setting) = places.in_environment(name)? {
            return Ok(Some(setting));
        }
        if let Some(value) = places.in_file(Path::new(SECRETS_FILE), name) {
            return Ok(Some(Setting { value, origin: Origin::Secrets }));
        }
        let mut accounts = self.settings.all_accounts.iter();
        let value = accounts.find_map(|account| places.in_file(&account.env_file.value, name));
        Ok(value.map(|value| Setting { value, origin: Origin::EnvFile }))
    }

    pub(crate) fn secret_places(&self) -> SecretPlaces<'_> {
        SecretPlaces { environment: self.environment, disk: &*self.disk, folder: &self.settings.folder }
    }

    /// The proxy for HTTPS.
    pub fn proxy(&self) -> Proxy {
        let value = |name| self.proxy_setting(name).map(|setting| setting.value);
        Proxy { https: value("HTTPS_PROXY").map(Secret::new), no_proxy: value("NO_PROXY") }
    }

    /// A proxy variable: from the environment in either case (lower case wins, as in curl), else from [`SECRETS_FILE`],
    /// because schedulers do not inherit the shell's environment and the address may contain a password.
    pub fn proxy_setting(&self, name: &str) -> Option<Setting<String>> {
        for name in [name.to_ascii_lowercase(), name.to_owned()] {
            if let Some(value) = self.environment.variable(&name) {
                return Some(Setting { value: value.to_owned(), origin: Origin::Environment(name.into()) });
            }
        }
        let value = self.secret_places().in_file(Path::new(SECRETS_FILE), name)?;
        Some(Setting { value, origin: Origin::Secrets })
    }

    /// The certificates that replace the built-in ones: `SSL_CERT_FILE`, from the environment or from [`SECRETS_FILE`].
    pub fn roots_file(&self) -> Option<Setting<PathBuf>> {
        let in_file = || self.secret_places().in_file(Path::new(SECRETS_FILE), "SSL_CERT_FILE");
        let stored = || Some(Setting { value: in_file()?.into(), origin: Origin::Secrets });
        self.settings.roots_file.clone().or_else(stored)
    }

    /// The variables that only the environment has and that schedulers do not inherit: secrets of channels and monitors,
    /// proxies, certificates.
    pub fn only_in_environment(&self) -> Result<Vec<String>, ConfigError> {
        let mut found = Vec::new();
        for name in self.settings.notify.variables() {
            found.extend(self.secret(&name)?.map(|setting| (name, setting.origin)));
        }
        let proxy = |name: &str| Some((name.to_owned(), self.proxy_setting(name)?.origin));
        found.extend(["HTTPS_PROXY", "NO_PROXY"].into_iter().filter_map(proxy));
        let roots = self.roots_file().filter(|_| self.settings.ca_file.is_none());
        found.extend(roots.map(|file| ("SSL_CERT_FILE".to_owned(), file.origin)));
        found.retain(|(_, origin)| matches!(origin, Origin::Environment(_)));
        Ok(found.into_iter().map(|(name, _)| name).collect())
    }
}

/// Where to look for secrets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecretPlaces<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) disk: &'a dyn Disk,
    pub(crate) folder: &'a Path,
}

impl SecretPlaces<'_> {
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

    /// A value in an env file; `None` also if the file cannot be read.
    pub(crate) fn in_file(&self, file: &Path, name: &str) -> Option<String> {
        let bytes = self.disk.read(&self.folder.join(file), LARGEST_ENV_FILE).ok()?;
        let value = EnvFile::parse(&bytes).value(name).ok()??.into_owned();
        String::from_utf8(value).ok().filter(|value| !value.trim().is_empty())
    }
}
