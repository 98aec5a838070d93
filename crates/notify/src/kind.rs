//! What describes a kind of notifier, and what one is built from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use everlit_http::{Proxy, Roots, Secret, Url};
use everlit_keeper::{Clock, Notifier};
use everlit_options::{OptionSpec, Options, variable_part};

use crate::address::CheckUrl;
use crate::heartbeat::{Monitor, Urls};
use crate::sender::Sender;
use crate::{Error, Heartbeat};

/// One kind of notifier: a row of [`KINDS`](crate::KINDS).
#[derive(Debug)]
pub struct Kind {
    /// The name in settings and flags, such as `slack`.
    pub name: &'static str,
    /// The secrets it takes, in the order in which they are asked for.
    pub secrets: &'static [SecretSpec],
    /// The settings it takes beside `kind`, in the order in which they are written.
    pub options: &'static [OptionSpec],
    pub(crate) build: Build,
}

/// Builds a channel.
pub(crate) type BuildChannel = fn(&Setup<'_>) -> Result<Arc<dyn Notifier>, Error>;

/// How a kind is built, which also says what it is.
#[derive(Debug)]
pub(crate) enum Build {
    /// A channel: people are notified.
    Channel(BuildChannel),
    /// A monitor: it expects a heartbeat.
    Monitor(&'static Monitor),
}

/// A secret of a notifier. It is never written into `everlit.toml`.
#[derive(Debug)]
pub struct SecretSpec {
    /// The end of its variable's name, such as `URL`.
    pub suffix: &'static str,
    /// What it is, to a person who is asked for it.
    pub prompt: &'static str,
    /// When it must be there.
    pub need: Need,
    /// Refuses URLs that can never work; `None` where every URL may.
    pub(crate) check_url: Option<CheckUrl>,
}

/// When a secret must be there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Need {
    /// Always.
    Required,
    /// Only where this option is set.
    RequiredWith(&'static str),
    /// Never.
    Optional,
    /// Always, and `everlit notify add` generates it.
    Generated,
}

/// What a notifier is built from.
#[derive(Debug)]
pub struct Setup<'a> {
    /// Its name in the settings.
    pub name: &'a str,
    /// Its kind.
    pub kind: &'static Kind,
    /// Its settings that are not secret.
    pub options: &'a Options,
    /// Its secrets, by suffix.
    pub secrets: BTreeMap<&'static str, Secret>,
    /// The certificates to trust.
    pub roots: Roots,
    /// The proxy for HTTP.
    pub proxy: Proxy,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The folder in which a command runs.
    pub folder: PathBuf,
    /// The file to start for a command; `None` where the system finds it by the name in the options.
    pub program: Option<OsString>,
    /// The whole environment of a command.
    pub variables: Vec<(String, String)>,
}

impl Kind {
    /// Whether it expects heartbeats; otherwise it notifies people.
    pub fn is_monitor(&self) -> bool {
        matches!(self.build, Build::Monitor(_))
    }

    /// Whether an answer confirms a message. Some monitors document no answer, so that any 2xx has to do.
    pub fn is_confirmed(&self) -> bool {
        !matches!(self.build, Build::Monitor(Monitor { answer: None, .. }))
    }

    /// The section of `everlit.toml` in which it stands: `notify` or `heartbeat`.
    pub fn section(&self) -> &'static str {
        if self.is_monitor() { "heartbeat" } else { "notify" }
    }

    /// The environment variable for a secret of the notifier `name`, such as `EVERLIT_NOTIFY_OPS_URL`.
    pub fn variable(&self, name: &str, secret: &SecretSpec) -> String {
        format!("EVERLIT_{}_{}_{}", self.section().to_ascii_uppercase(), variable_part(name), secret.suffix)
    }
}

impl SecretSpec {
    /// Checks the form of a secret. The error does not contain it.
    pub fn validate(&self, text: &str) -> Result<(), Error> {
        match self.suffix {
            "PASSWORD" => Ok(()),
            "TOKEN" | "SECRET" if text.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(()),
            "TOKEN" | "SECRET" => Err(Error::Token),
            _ => self.parse_url(text).map(drop),
        }
    }

    fn parse_url(&self, text: &str) -> Result<Url, Error> {
        let url = Url::parse(text)?;
        self.check_url.map_or(Ok(()), |check| check(&url))?;
        Ok(url)
    }

    /// Whether a notifier with these options needs it; `None` where it is of no use.
    pub fn is_needed(&self, options: &Options) -> Option<bool> {
        match self.need {
            Need::Required | Need::Generated => Some(true),
            Need::RequiredWith(key) => options.text(key).map(|_| true),
            Need::Optional => Some(false),
        }
    }
}

impl Setup<'_> {
    /// Builds the channel. Connects to nothing yet.
    pub fn channel(&self) -> Result<Arc<dyn Notifier>, Error> {
        self.check_secrets()?;
        match self.kind.build {
            Build::Channel(build) => build(self),
            Build::Monitor(_) => Err(Error::NotAChannel(self.kind.name)),
        }
    }

    /// Builds the heartbeat of one run. `run` is a random number that no other run has.
    pub fn heartbeat(&self, run: u128) -> Result<Heartbeat, Error> {
        self.check_secrets()?;
        match self.kind.build {
            Build::Monitor(monitor) => {
                let (start, failure) = (self.optional_url("URL_START")?, self.optional_url("URL_FAIL")?);
                Heartbeat::new(monitor, Urls { main: self.url()?, start, failure }, run, self.sender()?)
            }
            Build::Channel(_) => Err(Error::NotAMonitor(self.kind.name)),
        }
    }

    pub(crate) fn secret(&self, suffix: &'static str) -> Result<&Secret, Error> {
        self.secrets.get(suffix).ok_or(Error::MissingSecret(suffix))
    }

    /// The URL to which everything goes.
    pub(crate) fn url(&self) -> Result<Url, Error> {
        self.optional_url("URL")?.ok_or(Error::MissingSecret("URL"))
    }

    /// The URL with this suffix, if it is set. An address that cannot work is an error.
    pub(crate) fn optional_url(&self, suffix: &'static str) -> Result<Option<Url>, Error> {
        let spec = self.kind.secrets.iter().find(|spec| spec.suffix == suffix);
        let secret = self.secrets.get(suffix);
        spec.zip(secret).map(|(spec, secret)| spec.parse_url(secret.expose())).transpose()
    }

    pub(crate) fn sender(&self) -> Result<Sender, Error> {
        Sender::new(self.roots.clone(), self.proxy.clone(), Arc::clone(&self.clock))
    }

    fn check_secrets(&self) -> Result<(), Error> {
        let mut needed = self.kind.secrets.iter().filter(|secret| secret.is_needed(self.options) == Some(true));
        needed.try_for_each(|secret| self.secret(secret.suffix).map(drop))
    }
}
