//! What a place is built from.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use everlit_disk::Disk;
use everlit_host::Environment;
use everlit_http::{HttpClient, Options as HttpOptions, Origin, Proxy, Roots, Secret, Url};
use everlit_keeper::{AccountName, Clock};
use everlit_options::Options;

use crate::error::Error;

/// What a place is built from: one account's share of one `[target.NAME]`.
#[derive(Clone, Debug)]
pub struct Setup<'a> {
    /// The target's name in the settings.
    pub name: &'a str,
    /// Its settings that are not secret.
    pub options: &'a Options,
    /// The account whose token goes there.
    pub account: AccountName,
    /// The name of the token there.
    pub key: String,
    /// The version under which a rotation lets the next token wait; `None` if it is put in use at once.
    pub rotation: Option<String>,
    /// Its secrets, by suffix.
    pub secrets: BTreeMap<&'static str, Secret>,
    /// Something stands in for Meta: its tokens must not leave this machine.
    pub is_trial: bool,
    /// The certificates to trust.
    pub roots: Roots,
    /// The proxy for HTTP.
    pub proxy: Proxy,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The file system.
    pub disk: Arc<dyn Disk>,
    /// The project folder, which relative paths start from.
    pub folder: PathBuf,
    /// The environment: a command gets of it what any program may need, and credentials of a cloud may be in it.
    pub environment: &'a Environment,
}

const PUBLIC: [&str; 8] =
    ["NEXT_PUBLIC_", "VITE_", "PUBLIC_", "REACT_APP_", "VUE_APP_", "GATSBY_", "NUXT_PUBLIC_", "EXPO_PUBLIC_"];

impl Setup<'_> {
    /// Refuses names that bundlers put into what browsers download.
    pub(crate) fn check_key(&self) -> Result<(), Error> {
        match PUBLIC.into_iter().find(|prefix| self.key.starts_with(prefix)) {
            Some(prefix) => Err(Error::Public(self.key.clone(), prefix)),
            None => Ok(()),
        }
    }

    /// The key, if the place takes such a name: `rule` completes the sentence "`key` must be ...".
    pub(crate) fn valid_key(&self, is_valid: bool, rule: &str) -> Result<String, Error> {
        if is_valid { Ok(self.key.clone()) } else { Err(Error::Setting("key", format!("must be {rule}"))) }
    }

    /// The key as the name of an environment variable.
    pub(crate) fn variable(&self) -> Result<String, Error> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_valid = self.key.chars().all(is_part) && !self.key.starts_with(|c: char| c.is_ascii_digit());
        self.valid_key(is_valid && !self.key.is_empty(), "letters, digits and `_`, and begin with no digit")
    }

    /// A secret that goes into a header.
    pub(crate) fn secret(&self, suffix: &'static str) -> Result<&Secret, Error> {
        let secret = self.secrets.get(suffix).ok_or(Error::MissingSecret(suffix))?;
        let is_visible = secret.expose().bytes().all(|byte| byte.is_ascii_graphic());
        if is_visible { Ok(secret) } else { Err(Error::Secret(suffix)) }
    }

    /// An option that the kind requires.
    pub(crate) fn required(&self, key: &'static str) -> Result<&str, Error> {
        self.options.text(key).ok_or_else(|| Error::Setting(key, "is missing".to_owned()))
    }

    /// The address of a service, from the option `url` or else `usual`, without a slash at its end.
    pub(crate) fn base(&self, usual: &str) -> Result<Url, Error> {
        self.address("url", self.options.text("url").unwrap_or(usual))
    }

    /// The address in this option, without a slash at its end.
    pub(crate) fn address(&self, option: &'static str, text: &str) -> Result<Url, Error> {
        let url = Url::parse(text.trim_end_matches('/')).map_err(|error| Error::Url(option, error))?;
        self.check_origin(url.origin())?;
        Ok(url)
    }

    /// The URL in a secret.
    pub(crate) fn secret_url(&self, suffix: &'static str) -> Result<Url, Error> {
        let secret = self.secret(suffix)?;
        let url = Url::parse(secret.expose()).map_err(|error| Error::Url(suffix, error))?;
        self.check_origin(url.origin())?;
        Ok(url)
    }

    /// In a trial, refuses whatever is not this machine.
    pub(crate) fn check_origin(&self, origin: &Origin) -> Result<(), Error> {
        if self.is_trial && !origin.is_this_machine() {
            return Err(Error::Trial(origin.host().to_owned()));
        }
        Ok(())
    }

    pub(crate) fn http(&self) -> Result<HttpClient, Error> {
        self.http_within(Duration::from_secs(15))
    }

    /// A client for calls that take no longer than this.
    pub(crate) fn http_within(&self, deadline: Duration) -> Result<HttpClient, Error> {
        let options = HttpOptions { deadline, roots: self.roots.clone(), proxy: self.proxy.clone() };
        HttpClient::new(options).map_err(|error| Error::Connection(error.to_string()))
    }
}
