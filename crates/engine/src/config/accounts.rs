//! The accounts of a project and their files. No two accounts share a file, and none uses a file of something else.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use everlit_keeper::{AccountName, Step};
use everlit_meta_api::{Token, TokenKind};
use everlit_store::{DEFAULT_KEY, Key, ProjectAccount};
use toml_edit::TableLike;

use super::file::{CONFIG_FILE, check_names, invalid, text};
use super::setting::{Origin, Setting};
use super::sources::{Place, Sources};
use crate::ConfigError;

pub(crate) const DEFAULT_ENV_FILE: &str = ".env.local";
pub(crate) const DEFAULT_METADATA: &str = "scripts/instagram-token.json";

/// One account's files.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Account {
    /// Its name.
    pub name: AccountName,
    /// The env file that holds its token.
    pub env_file: Setting<PathBuf>,
    /// The token's key in that file; `None` for [`Key::Default`].
    pub key: Setting<Option<String>>,
    /// Where everlit keeps what it knows about the token.
    pub metadata: Setting<PathBuf>,
}

impl Account {
    /// Its files, for the store.
    pub fn files(&self) -> ProjectAccount {
        ProjectAccount {
            name: self.name.clone(),
            env_file: self.env_file.value.clone(),
            key: self.key.value.clone().map_or(Key::Default, Key::Named),
            metadata: self.metadata.value.clone(),
        }
    }
}

/// All accounts of the project, in the order of the file. They are checked together, whichever of them a run works on.
pub(crate) fn read(sources: &Sources<'_>) -> Result<Vec<Account>, ConfigError> {
    let wanted = &sources.overrides.accounts;
    wanted.iter().try_for_each(|name| check_account_name(name))?;
    let Some(tables) = sources.file.get("account") else {
        if let Some(name) = wanted.first() {
            let message = format!("no account is called {name}: {CONFIG_FILE} defines none");
            let next = Step::everlit_args(["connect", name]).with_note("adds it; or leave out --account");
            return Err(ConfigError::new(message, next));
        }
        let name = AccountName::new(AccountName::NAMELESS);
        let accounts = vec![account(sources, name, sources.file.as_table(), "", DEFAULT_METADATA.to_owned())?];
        check_metadata_files(&accounts, &places_of(sources, &accounts))?;
        return Ok(accounts);
    };
    let tables = tables.as_table_like();
    let tables = tables.ok_or_else(|| invalid("`account` must consist of tables such as [account.shop]"))?;
    if tables.is_empty() {
        return Err(invalid("`account` is empty"));
    }
    let mut accounts = Vec::new();
    for (name, item) in tables.iter() {
        check_account_name(name).map_err(|error| invalid(&error.message))?;
        let table = item.as_table_like().ok_or_else(|| invalid(&format!("`account.{name}` must be a table")))?;
        let prefix = format!("account.{name}.");
        check_names(table, &["env_file", "key", "metadata"], &prefix)?;
        let metadata = format!("scripts/{name}-token.json");
        accounts.push(account(sources, AccountName::new(name), table, &prefix, metadata)?);
    }
    check_names_differ(&accounts)?;
    let places = places_of(sources, &accounts);
    check_files_differ(&accounts, &places)?;
    check_metadata_files(&accounts, &places)?;
    Ok(accounts)
}

/// The files of one account, from the overrides, the environment, its table, and the defaults.
fn account(
    sources: &Sources<'_>,
    name: AccountName,
    table: &dyn TableLike,
    prefix: &str,
    metadata: String,
) -> Result<Account, ConfigError> {
    let in_file = |key: &str| -> Result<Option<Setting<String>>, ConfigError> {
        Ok(text(table, prefix, key)?.map(|value| Setting { value, origin: Origin::File }))
    };
    let path = |flag: Option<&PathBuf>, name, variable, key, default: String| -> Result<_, ConfigError> {
        let flag = flag.map(|path| Setting::flag(name, path.clone()));
        let in_file = in_file(key)?;
        let setting = flag.or_else(|| sources.variable(variable).or(in_file).map(Setting::path));
        Ok(setting.unwrap_or_else(|| Setting::default(PathBuf::from(default))))
    };
    let overrides = sources.overrides;
    let key = match &overrides.key {
        Some(key) => Some(Setting::flag("--key", key.clone())),
        None => sources.variable("EVERLIT_KEY").or(in_file("key")?),
    };
    key.iter().try_for_each(check_key)?;
    let env_file = overrides.env_file.as_ref();
    Ok(Account {
        name,
        env_file: path(env_file, "--env-file", "EVERLIT_ENV_FILE", "env_file", DEFAULT_ENV_FILE.to_owned())?,
        key: key.map_or_else(|| Setting::default(None), |key| key.map(Some)),
        metadata: path(overrides.metadata.as_ref(), "--metadata", "EVERLIT_METADATA", "metadata", metadata)?,
    })
}

/// The files of one account.
struct Places {
    env_file: Place,
    metadata: Place,
    /// The metadata's path, links followed.
    metadata_path: PathBuf,
}

/// The files of each account. A path is looked up once: with many accounts, that is most of the work. The disk of one
/// account may hang, which must not keep the others waiting: what is not found out in time goes by its name.
fn places_of(sources: &Sources<'_>, accounts: &[Account]) -> Vec<Places> {
    const TIMEOUT: Duration = Duration::from_secs(2);
    let path = |file: &Setting<PathBuf>| sources.folder.join(&file.value);
    let paths: Vec<_> = accounts.iter().map(|account| [path(&account.env_file), path(&account.metadata)]).collect();
    let (send, found) = mpsc::channel();
    let (disk, unfound) = (Arc::clone(sources.disk), paths.clone());
    // Sending fails once the receiver has given up.
    let look_up = move || {
        unfound
            .into_iter()
            .try_for_each(|files| send.send(files.map(|path| Place::of(&*disk, path))))
            .unwrap_or_default();
    };
    match accounts {
        [_] => look_up(),
        _ => drop(thread::spawn(look_up)),
    }
    let mut hangs = false;
    let places = paths.into_iter().map(|files| {
        let looked_up = if hangs { None } else { found.recv_timeout(TIMEOUT).ok() };
        hangs = looked_up.is_none();
        let [(env_file, _), (metadata, metadata_path)] = looked_up.unwrap_or_else(|| files.map(Place::by_name));
        Places { env_file, metadata, metadata_path }
    });
    places.collect()
}

/// Two accounts in one place would overwrite each other.
fn check_files_differ(accounts: &[Account], places: &[Places]) -> Result<(), ConfigError> {
    let (mut by_metadata, mut by_token) = (HashMap::new(), HashMap::new());
    for (account, Places { env_file, metadata, .. }) in accounts.iter().zip(places) {
        let key = account.key.value.as_deref().unwrap_or(DEFAULT_KEY);
        // The names of private files are in lower case.
        let token = (env_file, key.to_ascii_lowercase());
        let (shared, origin, what, other) =
            match (by_metadata.insert(metadata, account), by_token.insert(token, account)) {
                (Some(other), _) => ("metadata file", &account.metadata.origin, "metadata file", other),
                (None, Some(other)) => ("env file and key", &account.key.origin, "key", other),
                (None, None) => continue,
            };
        let message = format!("{} and {} have the same {shared}", other.name, account.name);
        return Err(invalid(&message).with_next(separate(account, origin, what)));
    }
    Ok(())
}

/// How to give an account a file or key of its own.
fn separate(account: &Account, origin: &Origin, what: &str) -> Step {
    match origin {
        Origin::Flag(flag) => Step::note(format!("run it again without {flag}, which applies to every account")),
        Origin::Environment(variable) => Step::note(format!("unset {variable}, which applies to every account")),
        _ => {
            let note = format!("once [account.{}] in {CONFIG_FILE} has a {what} of its own", account.name);
            Step::everlit("doctor").with_note(note)
        }
    }
}

/// The metadata file is overwritten as a whole, so it must not contain anything else.
fn check_metadata_files(accounts: &[Account], places: &[Places]) -> Result<(), ConfigError> {
    const OTHERS: [&str; 5] = ["package.json", "package-lock.json", "tsconfig.json", "composer.json", "vercel.json"];
    let env_files: HashSet<&Place> = places.iter().map(|places| &places.env_file).collect();
    for (account, Places { metadata, metadata_path, .. }) in accounts.iter().zip(places) {
        let name = metadata_path.file_name().unwrap_or_default().to_string_lossy();
        let is_json = metadata_path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if env_files.contains(metadata) || !is_json || OTHERS.contains(&&*name) {
            let Setting { value, origin } = &account.metadata;
            let message = format!(
                "{} ({origin}) cannot be the metadata file: it must be a .json file with nothing else in it",
                value.display()
            );
            return Err(ConfigError::new(message, Step::note("name another file with --metadata")));
        }
    }
    Ok(())
}

/// The names of private files are in lower case, as is every name on some file systems.
fn check_names_differ(accounts: &[Account]) -> Result<(), ConfigError> {
    let mut known = HashMap::new();
    for Account { name, .. } in accounts {
        if let Some(other) = known.insert(name.as_str().to_ascii_lowercase(), name) {
            let message = format!("the accounts {other} and {name} differ only in case");
            let next = Step::note(format!("rename [account.{name}] in {CONFIG_FILE}"));
            return Err(invalid(&message).with_next(next));
        }
    }
    Ok(())
}

/// Whether a name differs from this account's only in case, or not at all.
pub fn is_similar_name(account: &AccountName, name: &str) -> bool {
    account.as_str().eq_ignore_ascii_case(name)
}

/// The accounts of these names; all if there are none.
pub(crate) fn chosen(accounts: &[Account], names: &[String]) -> Result<Vec<Account>, ConfigError> {
    let known: HashSet<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(name.as_str())) {
        if let Some(Account { name, .. }) = accounts.iter().find(|account| is_similar_name(&account.name, unknown)) {
            let message = format!("no account is called {unknown}, but one is called {name}");
            return Err(ConfigError::new(message, Step::note(format!("run it again with --account {name}"))));
        }
        let known: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
        let message = format!("no account is called {unknown}; {CONFIG_FILE} defines {}", known.join(", "));
        let instead = known.first().unwrap_or(&"NAME");
        let next = Step::everlit_args(["connect", unknown])
            .with_note(format!("adds it; or run it again with --account {instead}"));
        return Err(ConfigError::new(message, next));
    }
    let names: HashSet<&str> = names.iter().map(String::as_str).collect();
    let is_wanted = |account: &&Account| names.is_empty() || names.contains(account.name.as_str());
    Ok(accounts.iter().filter(is_wanted).cloned().collect())
}

/// Refuses a name that an account cannot have. A token is not repeated in the error.
pub fn check_account_name(name: &str) -> Result<(), ConfigError> {
    const LONGEST: usize = 64;
    if is_token(name) {
        let next = Step::everlit("connect").with_note("asks for the token without showing it");
        return Err(ConfigError::new("this is a token, where the name of an account belongs", next));
    }
    if is_name(name, LONGEST) {
        return Ok(());
    }
    // A URL may be a secret.
    let shown = if name.contains("://") { "a URL".to_owned() } else { format!("`{}`", name.escape_debug()) };
    let message =
        format!("{shown} cannot be the name of an account: use at most {LONGEST} letters, digits, `-`, `_` and `.`");
    Err(ConfigError::new(message, Step::note("run it again with a name such as shop")))
}

/// Refuses a key that an env file cannot have. A token is not repeated in the error.
fn check_key(key: &Setting<String>) -> Result<(), ConfigError> {
    const LONGEST: usize = 256;
    let Setting { value, origin } = key;
    if is_name(value, LONGEST) && !is_token(value) {
        return Ok(());
    }
    let message = if is_token(value) {
        format!("this is a token, where the name of its variable belongs ({origin})")
    } else {
        format!("`{}` ({origin}) cannot be the name of a variable", value.escape_debug())
    };
    Err(ConfigError::new(message, Step::note("name the variable in the env file, such as IG_ACCESS_TOKEN")))
}

fn is_name(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// Whether this text is a token, as far as its form tells.
pub fn is_token(text: &str) -> bool {
    Token::parse(text).is_ok_and(|token| token.kind() != TokenKind::Unknown)
}
