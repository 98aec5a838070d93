//! Where secrets are found: the environment, a file that it names, `SECRETS_FILE`, the accounts' env files.

use std::path::PathBuf;

use everlit_meta_api::{Proxy, Secret};

use super::env_files::env_file_content;
use super::project::Project;
use super::secret_places::{SecretPlaces, value_in};
use super::setting::{Origin, Setting};
use crate::ConfigError;

impl Project<'_> {
    /// A secret of the project by its name: from the environment, from the file that `NAME_FILE` names there, from
    /// `SECRETS_FILE`, from the vault, or from the env file of an account, in this order.
    pub fn secret(&self, name: &str) -> Result<Option<Setting<String>>, ConfigError> {
        if let Some(setting) = self.secret_places().secret(name)? {
            return Ok(Some(setting));
        }
        for account in &self.settings.all_accounts {
            let file = &account.env_file.value;
            // One that cannot be read is a problem of its account, and of nobody else.
            let Ok(bytes) = env_file_content(&self.settings.folder.join(file), &*self.disk) else { continue };
            if let Some(value) = value_in(&bytes, file, name)? {
                return Ok(Some(Setting { value, origin: Origin::EnvFile }));
            }
        }
        Ok(None)
    }

    pub(crate) fn secret_places(&self) -> SecretPlaces<'_> {
        let (environment, disk, folder) = (self.environment, &*self.disk, &*self.settings.folder);
        SecretPlaces { environment, disk, folder, shared: self.shared() }
    }

    /// The proxy for HTTPS.
    pub fn proxy(&self) -> Proxy {
        let value = |name| self.proxy_setting(name).map(|setting| setting.value);
        Proxy { https: value("HTTPS_PROXY").map(Secret::new), no_proxy: value("NO_PROXY") }
    }

    /// A proxy variable: from the environment in either case (lower case wins, as in curl), else from `SECRETS_FILE`,
    /// because schedulers do not inherit the shell's environment and the address may contain a password. What cannot be
    /// read there is one of [`Settings::problems`](super::Settings::problems).
    pub fn proxy_setting(&self, name: &str) -> Option<Setting<String>> {
        for name in [name.to_ascii_lowercase(), name.to_owned()] {
            if let Some(value) = self.environment.variable(&name) {
                return Some(Setting { value: value.to_owned(), origin: Origin::Environment(name.into()) });
            }
        }
        self.secret_places().in_secrets_file(name).ok()?
    }

    /// The certificates that replace the built-in ones: `SSL_CERT_FILE`, from the environment or from `SECRETS_FILE`. What
    /// cannot be read there is one of [`Settings::problems`](super::Settings::problems).
    pub fn roots_file(&self) -> Option<Setting<PathBuf>> {
        let stored = || self.secret_places().in_secrets_file("SSL_CERT_FILE").ok()?.map(Setting::path);
        self.settings.roots_file.clone().or_else(stored)
    }

    /// The variables that only the environment has and that schedulers do not inherit: secrets of channels and monitors,
    /// proxies, certificates.
    pub fn only_in_environment(&self) -> Result<Vec<String>, ConfigError> {
        let mut found = Vec::new();
        let of_targets = self.settings.targets.iter().flat_map(super::target::TargetSettings::variables);
        for name in self.settings.notify.variables().into_iter().chain(of_targets) {
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
