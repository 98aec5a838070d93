//! Settings: flags over environment over `everlit.toml` over defaults, each with where it came from.

use std::borrow::Cow;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use everlit_disk::Disk;
use everlit_keeper::{AccountName, Policy};
use everlit_store::{Key, ProjectAccount};
use toml_edit::{DocumentMut, Item, TableLike};

use crate::cli::Global;
use crate::screen::Problem;
use crate::system::Environment;

use self::telling::Telling;

pub(crate) mod change;
pub(crate) mod telling;

/// The configuration file of a project; optional.
pub(crate) const CONFIG_FILE: &str = "everlit.toml";

/// Secrets of everlit's own, such as an app's or a webhook's, in the form of an env file, private, in the project folder.
/// The usual ignore rule `.env*.local` covers it, and no framework reads it.
pub(crate) const SECRETS_FILE: &str = ".env.everlit-secrets.local";

const DEFAULT_ENV_FILE: &str = ".env.local";
/// The key that an account without one has; see [`Key::Default`].
const DEFAULT_KEY: &str = "IG_ACCESS_TOKEN";
const DEFAULT_METADATA: &str = "scripts/instagram-token.json";

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
    pub(crate) telling: Telling,
}

/// One account's files.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Account {
    pub(crate) name: AccountName,
    pub(crate) env_file: Setting<PathBuf>,
    pub(crate) key: Setting<Option<String>>,
    pub(crate) metadata: Setting<PathBuf>,
}

impl Settings {
    /// Settles them.
    pub(crate) fn read(global: &Global, environment: &Environment, disk: &dyn Disk) -> Result<Self, Problem> {
        let folder = match &global.dir {
            Some(dir) => environment.folder.join(dir),
            None => environment.folder.clone(),
        };
        if disk.list(&folder).is_err() {
            return Err(Problem::config(format!("{} is not a folder that can be read", folder.display())));
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
        let telling = Telling::read(&sources.file)?;
        let threshold_days = sources.threshold_days(global)?;
        let timeout_seconds = sources.timeout_seconds(global)?;
        let path =
            |flag: Option<&PathBuf>, name| flag.map(|path| Setting { value: path.clone(), origin: Origin::Flag(name) });
        Ok(Self {
            accounts,
            left_out,
            threshold_days,
            timeout_seconds,
            meta_url: sources.variable("EVERLIT_META_URL"),
            ca_file: path(global.ca_file.as_ref(), "--ca-file")
                .or_else(|| sources.variable("EVERLIT_CA_FILE").map(Setting::path)),
            roots_file: sources.variable("SSL_CERT_FILE").map(Setting::path),
            telling,
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

impl Account {
    pub(crate) fn files(&self) -> ProjectAccount {
        ProjectAccount {
            name: self.name.clone(),
            env_file: self.env_file.value.clone(),
            key: self.key.value.clone().map_or(Key::Default, Key::Named),
            metadata: self.metadata.value.clone(),
        }
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

    fn threshold_days(&self, global: &Global) -> Result<Setting<u32>, Problem> {
        let setting = if let Some(value) = global.threshold_days {
            Setting { value, origin: Origin::Flag("--threshold-days") }
        } else if let Some(Setting { value, origin }) = self.variable("EVERLIT_THRESHOLD_DAYS") {
            let value = value.trim().parse();
            let value = value.map_err(|_| Problem::config("EVERLIT_THRESHOLD_DAYS is not a number of days"))?;
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
            let words = format!("the threshold must be 1 to 58 days, not {} ({})", setting.value, setting.origin);
            return Err(Problem::config(words));
        }
        Ok(setting)
    }

    fn timeout_seconds(&self, global: &Global) -> Result<Setting<u32>, Problem> {
        let setting = if let Some(value) = global.timeout {
            Setting { value, origin: Origin::Flag("--timeout") }
        } else if let Some(Setting { value, origin }) = self.variable("EVERLIT_TIMEOUT_SECONDS") {
            let value = value.trim().parse();
            let value = value.map_err(|_| Problem::config("EVERLIT_TIMEOUT_SECONDS is not a number of seconds"))?;
            Setting { value, origin }
        } else {
            Setting { value: 30, origin: Origin::Default }
        };
        if !(1..=300).contains(&setting.value) {
            let words = format!("the timeout must be 1 to 300 seconds, not {} ({})", setting.value, setting.origin);
            return Err(Problem::config(words));
        }
        Ok(setting)
    }

    /// Those that are meant, and how many more there are.
    fn accounts(&self, global: &Global) -> Result<(Vec<Account>, usize), Problem> {
        let Some(tables) = self.file.get("account") else {
            if let Some(name) = global.account.first() {
                let words = format!("there is no account {name}: {CONFIG_FILE} names no accounts");
                return Err(Problem::config(words));
            }
            let name = AccountName::new(AccountName::NAMELESS);
            let accounts = vec![self.one_account(name, self.file.as_table(), DEFAULT_METADATA.to_owned(), global)?];
            self.metadata_is_a_file_of_its_own(&accounts)?;
            return Ok((accounts, 0));
        };
        let tables = tables.as_table_like().ok_or_else(|| wrong("`account` must be tables such as [account.shop]"))?;
        if tables.is_empty() {
            return Err(wrong("`account` is empty"));
        }
        let mut accounts = Vec::new();
        for (name, item) in tables.iter() {
            check_account_name(name).map_err(|problem| wrong(&problem.words))?;
            let table = item.as_table_like().ok_or_else(|| wrong(&format!("`account.{name}` must be a table")))?;
            check_names(table, &["env_file", "key", "metadata"], &format!("account.{name}."))?;
            let metadata = format!("scripts/{name}-token.json");
            accounts.push(self.one_account(AccountName::new(name), table, metadata, global)?);
        }
        self.no_two_share(&accounts)?;
        self.metadata_is_a_file_of_its_own(&accounts)?;
        let in_all = accounts.len();
        let chosen = chosen(accounts, &global.account)?;
        let left_out = in_all - chosen.len();
        Ok((chosen, left_out))
    }

    /// Two accounts in one place would overwrite each other.
    fn no_two_share(&self, accounts: &[Account]) -> Result<(), Problem> {
        let metadata = |account: &Account| self.place(&account.metadata.value);
        let token = |account: &Account| {
            let key = account.key.value.clone().filter(|key| key != DEFAULT_KEY);
            (self.place(&account.env_file.value), key)
        };
        for (index, account) in accounts.iter().enumerate() {
            for other in &accounts[index + 1..] {
                if metadata(account) == metadata(other) {
                    return Err(wrong(&format!("{} and {} have the same metadata file", account.name, other.name)));
                }
                if token(account) == token(other) {
                    return Err(wrong(&format!("{} and {} have the same env file and key", account.name, other.name)));
                }
            }
        }
        Ok(())
    }

    /// What everlit knows goes into a file of its own: it is written whole, and whatever else stood there would be gone.
    fn metadata_is_a_file_of_its_own(&self, accounts: &[Account]) -> Result<(), Problem> {
        const OTHERS: [&str; 5] =
            ["package.json", "package-lock.json", "tsconfig.json", "composer.json", "vercel.json"];
        for account in accounts {
            let place = self.place(&account.metadata.value);
            let name = place.file_name().unwrap_or_default().to_string_lossy();
            let is_env = accounts.iter().any(|other| self.place(&other.env_file.value) == place);
            let is_json = place.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
            if is_env || !is_json || OTHERS.contains(&&*name) {
                let Setting { value, origin } = &account.metadata;
                let words = format!(
                    "{} ({origin}) cannot hold the metadata: it must be a .json file of its own",
                    value.display()
                );
                return Err(Problem::config(words).with_next("name another file with --metadata"));
            }
        }
        Ok(())
    }

    /// One file has many names: `.env`, `./.env`, a link to it.
    fn place(&self, path: &Path) -> PathBuf {
        let path = self.folder.join(path);
        self.disk.resolve(&path).unwrap_or_else(|_| {
            path.components().fold(PathBuf::new(), |mut place, part| {
                match part {
                    Component::CurDir => {}
                    Component::ParentDir => drop(place.pop()),
                    part => place.push(part),
                }
                place
            })
        })
    }

    fn one_account(
        &self,
        name: AccountName,
        table: &dyn TableLike,
        metadata: String,
        global: &Global,
    ) -> Result<Account, Problem> {
        let text = |key: &str| -> Result<Option<Setting<String>>, Problem> {
            let Some(item) = table.get(key) else { return Ok(None) };
            let value = item.as_str().filter(|value| !value.trim().is_empty());
            let value = value.ok_or_else(|| wrong(&format!("`{key}` must be text, and not empty")))?;
            Ok(Some(Setting { value: value.to_owned(), origin: Origin::File }))
        };
        let pick = |flag: Option<&Path>, flag_name, variable, in_file, default: String| {
            let flag = flag.map(|path| Setting { value: path.to_owned(), origin: Origin::Flag(flag_name) });
            flag.or_else(|| self.variable(variable).or(in_file).map(Setting::path))
                .unwrap_or_else(|| Setting { value: PathBuf::from(default), origin: Origin::Default })
        };
        let key = match &global.key {
            Some(key) => Some(Setting { value: key.clone(), origin: Origin::Flag("--key") }),
            None => self.variable("EVERLIT_KEY").or(text("key")?),
        };
        Ok(Account {
            name,
            env_file: pick(
                global.env_file.as_deref(),
                "--env-file",
                "EVERLIT_ENV_FILE",
                text("env_file")?,
                DEFAULT_ENV_FILE.to_owned(),
            ),
            key: key.map_or(Setting { value: None, origin: Origin::Default }, |key| Setting {
                value: Some(key.value),
                origin: key.origin,
            }),
            metadata: pick(global.metadata.as_deref(), "--metadata", "EVERLIT_METADATA", text("metadata")?, metadata),
        })
    }
}

/// The accounts that the flags ask for; all without a flag.
fn chosen(accounts: Vec<Account>, names: &[String]) -> Result<Vec<Account>, Problem> {
    if let Some(unknown) = names.iter().find(|name| !accounts.iter().any(|account| account.name.as_str() == **name)) {
        let known: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
        return Err(Problem::config(format!(
            "there is no account {unknown}; {CONFIG_FILE} names {}",
            known.join(", ")
        )));
    }
    let wanted = |account: &Account| names.is_empty() || names.iter().any(|name| name == account.name.as_str());
    Ok(accounts.into_iter().filter(wanted).collect())
}

/// Letters, digits, `-`, `_` and `.`
pub(crate) fn check_account_name(name: &str) -> Result<(), Problem> {
    if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return Ok(());
    }
    Err(Problem::config(format!("`{name}` is no name for an account: use letters, digits, `-`, `_` and `.`")))
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
        wrong(&format!("line {}: {}", before.split('\n').count(), error.message().replace('\n', ", ")))
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

fn wrong(words: &str) -> Problem {
    Problem::config(format!("{CONFIG_FILE}: {words}"))
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
        let environment = Environment::of_test(folder.path().to_owned(), &variables);
        let setting = Settings::read(&cli.global, &environment, &RealDisk).unwrap().threshold_days;
        format!("{} ({})", setting.value, setting.origin)
    }

    #[test]
    fn flags_count_over_variables_over_the_file_over_the_default_and_each_says_where_it_came_from() {
        let (flag, variable, line) = (Some("1"), Some("2"), Some("threshold_days = 3"));
        assert_eq!(threshold(flag, variable, line), "1 (--threshold-days)");
        assert_eq!(threshold(None, variable, line), "2 (environment EVERLIT_THRESHOLD_DAYS)");
        assert_eq!(threshold(None, Some(""), line), "3 (everlit.toml)", "an empty variable is as good as none");
        assert_eq!(threshold(None, None, line), "3 (everlit.toml)");
        assert_eq!(threshold(None, None, None), "30 (default)");
    }
}
