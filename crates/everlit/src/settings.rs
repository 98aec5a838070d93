//! Settings: flags over environment over `everlit.toml` over defaults, each with where it came from.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use everlit_disk::Disk;
use everlit_keeper::{AccountName, Policy};
use everlit_meta_api::redact;
use toml_edit::{DocumentMut, Item, TableLike};

use crate::cli::Global;
use crate::output::problem::Problem;
use everlit_host::Environment;

pub(crate) use self::accounts::{Account, check_account_name, is_alike, is_token};
use self::notify::NotifySettings;

mod accounts;
pub(crate) mod change;
pub(crate) mod notify;

/// The configuration file of a project; optional.
pub(crate) const CONFIG_FILE: &str = "everlit.toml";

/// Secrets of everlit's own, such as an app's or a webhook's, in the form of an env file, relative to the project folder.
pub(crate) use everlit_store::SECRETS_FILE;

/// A value and where it came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// Where a value came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Origin {
    Flag(&'static str),
    Environment(Cow<'static, str>),
    /// [`SECRETS_FILE`].
    Secrets,
    EnvFile,
    File,
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => f.write_str(name),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Secrets => f.write_str(SECRETS_FILE),
            Self::EnvFile => f.write_str("env file"),
            Self::File => f.write_str(CONFIG_FILE),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Everything that can be set, settled.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The project folder, absolute.
    pub(crate) folder: PathBuf,
    /// The accounts to work on, in the order of the file.
    pub(crate) accounts: Vec<Account>,
    /// How many accounts of the file the flags leave out.
    pub(crate) left_out: usize,
    pub(crate) threshold_days: Setting<u32>,
    /// How many seconds one call to Meta may take.
    pub(crate) timeout_seconds: Setting<u32>,
    pub(crate) meta_url: Option<Setting<String>>,
    pub(crate) ca_file: Option<Setting<PathBuf>>,
    /// A bundle that replaces the built-in roots (`SSL_CERT_FILE`).
    pub(crate) roots_file: Option<Setting<PathBuf>>,
    pub(crate) notify: NotifySettings,
}

impl Settings {
    /// Settles them.
    pub(crate) fn read(global: &Global, environment: &Environment, disk: &dyn Disk) -> Result<Self, Problem> {
        let folder = match &global.dir {
            Some(dir) => environment.folder.join(dir),
            None => environment.folder.clone(),
        };
        if disk.list(&folder).is_err() {
            let message = format!("{} is not a folder that can be read", redact(&folder.display().to_string()));
            return Err(Problem::config(message).with_next("the same again with -C and a folder that is there"));
        }
        let text = read_file(&folder, disk)?;
        Self::settle(global, environment, disk, folder, &text)
    }

    /// The same with this text for [`CONFIG_FILE`].
    pub(crate) fn settle(
        global: &Global,
        environment: &Environment,
        disk: &dyn Disk,
        folder: PathBuf,
        text: &str,
    ) -> Result<Self, Problem> {
        let sources = Sources { environment, file: parse(text)?, disk, folder: &folder };
        let (accounts, left_out) = sources.accounts(global)?;
        let notify = NotifySettings::read(&sources.file)?;
        let threshold_days = sources.threshold_days(global)?;
        let timeout_seconds = sources.timeout_seconds(global)?;
        let path =
            |flag: Option<&PathBuf>, name| flag.map(|path| Setting { value: path.clone(), origin: Origin::Flag(name) });
        Ok(Self {
            accounts,
            left_out,
            threshold_days,
            timeout_seconds,
            meta_url: sources.meta_url()?,
            ca_file: path(global.ca_file.as_ref(), "--ca-file")
                .or_else(|| sources.variable("EVERLIT_CA_FILE").map(Setting::path)),
            roots_file: sources.variable("SSL_CERT_FILE").map(Setting::path),
            notify,
            folder,
        })
    }

    pub(crate) fn policy(&self, force: bool) -> Policy {
        Policy { threshold: Duration::from_secs(u64::from(self.threshold_days.value) * 24 * 60 * 60), force }
    }

    pub(crate) fn names(&self) -> Vec<AccountName> {
        self.accounts.iter().map(|account| account.name.clone()).collect()
    }
}

impl Setting<String> {
    fn path(self) -> Setting<PathBuf> {
        Setting { value: PathBuf::from(self.value), origin: self.origin }
    }
}

struct Sources<'a> {
    environment: &'a Environment,
    file: DocumentMut,
    disk: &'a dyn Disk,
    folder: &'a Path,
}

impl Sources<'_> {
    fn variable(&self, name: &'static str) -> Option<Setting<String>> {
        let value = self.environment.variable(name)?.to_owned();
        Some(Setting { value, origin: Origin::Environment(name.into()) })
    }

    /// A host and a port, so that it may be shown: what else an address can hold, such as a password, is refused.
    fn meta_url(&self) -> Result<Option<Setting<String>>, Problem> {
        let setting = self.variable("EVERLIT_META_URL");
        if let Some(Err(error)) = setting.as_ref().map(|setting| everlit_http::Origin::parse(&setting.value)) {
            let message = format!("EVERLIT_META_URL {error}; it looks like http://127.0.0.1:4010");
            return Err(Problem::config(message).with_next("unset EVERLIT_META_URL, or set it right"));
        }
        Ok(setting)
    }

    fn threshold_days(&self, global: &Global) -> Result<Setting<u32>, Problem> {
        let setting = if let Some(value) = global.threshold_days {
            Setting { value, origin: Origin::Flag("--threshold-days") }
        } else if let Some(Setting { value, origin }) = self.variable("EVERLIT_THRESHOLD_DAYS") {
            let value = value.trim().parse();
            let value = value.map_err(|_| {
                Problem::config("EVERLIT_THRESHOLD_DAYS is not a number of days")
                    .with_next(right(&origin, "threshold_days"))
            })?;
            Setting { value, origin }
        } else if let Some(item) = self.file.get("threshold_days") {
            let value = item.as_integer().and_then(|days| u32::try_from(days).ok());
            let value = value.ok_or_else(|| wrong("threshold_days must be a number of days"))?;
            Setting { value, origin: Origin::File }
        } else {
            Setting { value: 30, origin: Origin::Default }
        };
        // Meta refreshes no token under a day old, so one with 59 days left or more would be asked for in vain every day.
        if !(1..=58).contains(&setting.value) {
            let message = format!("the threshold must be 1 to 58 days, not {} ({})", setting.value, setting.origin);
            return Err(Problem::config(message).with_next(right(&setting.origin, "threshold_days")));
        }
        Ok(setting)
    }

    fn timeout_seconds(&self, global: &Global) -> Result<Setting<u32>, Problem> {
        let setting = if let Some(value) = global.timeout {
            Setting { value, origin: Origin::Flag("--timeout") }
        } else if let Some(Setting { value, origin }) = self.variable("EVERLIT_TIMEOUT_SECONDS") {
            let value = value.trim().parse();
            let value = value.map_err(|_| {
                Problem::config("EVERLIT_TIMEOUT_SECONDS is not a number of seconds")
                    .with_next(right(&origin, "timeout"))
            })?;
            Setting { value, origin }
        } else {
            Setting { value: 30, origin: Origin::Default }
        };
        if !(1..=300).contains(&setting.value) {
            let message = format!("the timeout must be 1 to 300 seconds, not {} ({})", setting.value, setting.origin);
            return Err(Problem::config(message).with_next(right(&setting.origin, "timeout")));
        }
        Ok(setting)
    }
}

/// What to do about a number, which is 30 by default, where it came from.
fn right(origin: &Origin, name: &str) -> String {
    match origin {
        Origin::Flag(flag) => format!("the same again with {flag} 30, or without it"),
        Origin::Environment(variable) => format!("set {variable} to 30, or unset it"),
        _ => format!("write {name} = 30 into {CONFIG_FILE}, then everlit doctor"),
    }
}

/// The text of [`CONFIG_FILE`]; empty where there is none.
pub(crate) fn read_file(folder: &Path, disk: &dyn Disk) -> Result<String, Problem> {
    const LARGEST: usize = 1 << 20;
    match disk.read(&folder.join(CONFIG_FILE), LARGEST) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8 text")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(wrong(&error.to_string())),
    }
}

/// What the text says, once every name in it is known.
pub(crate) fn parse(text: &str) -> Result<DocumentMut, Problem> {
    let document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        // The error's own text shows the line, and what stands there may be a secret.
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.split('\n').count();
        wrong(&format!("line {line}: {}", error.message().replace('\n', ", ")))
            .with_next(format!("set line {line} of {CONFIG_FILE} right, then everlit doctor"))
    })?;
    let known = ["threshold_days", "account", "env_file", "key", "metadata", "notify", "heartbeat", "metrics_file"];
    check_names(document.as_table(), &known, "")?;
    Ok(document)
}

/// A misspelt setting is an error, not something to pass over.
fn check_names(table: &dyn TableLike, known: &[&str], prefix: &str) -> Result<(), Problem> {
    match table.iter().find(|(name, item)| !known.contains(name) && !Item::is_none(item)) {
        Some((name, _)) => Err(wrong(&format!("there is no setting `{prefix}{name}`; known are {}", known.join(", ")))),
        None => Ok(()),
    }
}

fn wrong(message: &str) -> Problem {
    Problem::config(format!("{CONFIG_FILE}: {message}"))
        .with_next(format!("set that right in {CONFIG_FILE}, then everlit doctor"))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test writes a file with the means of std")]
mod tests {
    use clap::Parser as _;
    use everlit_disk::RealDisk;

    use super::*;
    use crate::cli::Cli;

    /// The threshold and its origin, with that flag, that variable and that line of the file.
    fn threshold(flag: Option<&str>, variable: Option<&str>, line: Option<&str>) -> String {
        let folder = tempfile::tempdir().unwrap();
        if let Some(line) = line {
            std::fs::write(folder.path().join(CONFIG_FILE), line).unwrap();
        }
        let flags = flag.into_iter().flat_map(|days| ["--threshold-days", days]);
        let cli = Cli::try_parse_from(["everlit", "status"].into_iter().chain(flags)).unwrap();
        let variables: Vec<_> = variable.into_iter().map(|days| ("EVERLIT_THRESHOLD_DAYS", days)).collect();
        let environment = Environment::of(folder.path().to_owned(), &variables);
        let setting = Settings::read(&cli.global, &environment, &RealDisk).unwrap().threshold_days;
        format!("{} ({})", setting.value, setting.origin)
    }

    #[test]
    fn flags_win_over_environment_file_and_defaults() {
        let (flag, variable, line) = (Some("1"), Some("2"), Some("threshold_days = 3"));
        assert_eq!(threshold(flag, variable, line), "1 (--threshold-days)");
        assert_eq!(threshold(None, variable, line), "2 (environment EVERLIT_THRESHOLD_DAYS)");
        assert_eq!(threshold(None, Some(""), line), "3 (everlit.toml)", "an empty variable is as good as none");
        assert_eq!(threshold(None, None, line), "3 (everlit.toml)");
        assert_eq!(threshold(None, None, None), "30 (default)");
    }
}
