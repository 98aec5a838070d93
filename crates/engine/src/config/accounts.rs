//! The accounts of a project and their files. No two accounts share a file, and none uses a file of something else.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};
use std::mem;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use everlit_keeper::{AccountName, Step};
use everlit_meta_api::{Token, TokenKind};
use everlit_store::{DEFAULT_KEY, Key, ProjectAccount};
use toml_edit::{Item, Table, TableLike};

use super::file::{CONFIG_FILE, check_names, has_source, invalid, text, unknown_settings};
use super::overrides::Overrides;
use super::problem::ConfigProblem;
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
    /// An account of a vault, which has no files.
    pub(crate) fn of_vault(name: AccountName) -> Self {
        let no_file = |file: &str| Setting { value: PathBuf::from(file), origin: Origin::Default };
        let key = Setting { value: None, origin: Origin::Default };
        Self { name, env_file: no_file(DEFAULT_ENV_FILE), key, metadata: no_file(DEFAULT_METADATA) }
    }

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

/// All accounts of the project, in the order of the file. They are checked together, whichever of them a run works on. What
/// is wrong with one is its problem alone; a wrong flag is an error.
pub(crate) fn read(sources: &Sources<'_>, problems: &mut Vec<ConfigProblem>) -> Result<Vec<Account>, ConfigError> {
    let wanted = &sources.overrides.accounts;
    wanted.iter().try_for_each(|name| check_account_name(name))?;
    let overrides = sources.overrides;
    let key = overrides.key.as_ref().map(|key| Setting::flag("--key", key.clone()));
    key.iter().try_for_each(check_key)?;
    let accounts = match sources.file.get("account") {
        None => {
            if let Some(name) = wanted.first() {
                let message = format!("no account is called {name}: {CONFIG_FILE} defines none");
                let next = Step::everlit_args(["connect", name]).with_note("adds it; or leave out --account");
                return Err(ConfigError::new(message, next));
            }
            vec![unnamed(sources, misspelt(sources), problems)]
        }
        Some(item) => named(sources, item, problems),
    };
    let places = places_of(sources, &accounts);
    check_files_differ(sources, &accounts, &places, problems);
    check_metadata_files(&accounts, &places, problems);
    let is_flag = overrides.env_file.is_some() || overrides.key.is_some() || overrides.metadata.is_some();
    match problems.first().filter(|_| is_flag) {
        Some(problem) => Err(problem.error.clone()),
        None => Ok(accounts),
    }
}

/// The accounts of the tables.
fn named(sources: &Sources<'_>, item: &Item, problems: &mut Vec<ConfigProblem>) -> Vec<Account> {
    let Some(tables) = item.as_table_like().filter(|tables| !tables.is_empty()) else {
        let what = if item.is_table_like() { "is empty" } else { "must consist of tables such as [account.shop]" };
        return vec![unnamed(sources, Some(invalid(&format!("`account` {what}"))), problems)];
    };
    let mut accounts: Vec<Account> = Vec::new();
    let (mut unusable, mut used) = (Vec::new(), HashMap::<String, &str>::new());
    for (name, item) in tables.iter() {
        let similar = used.entry(name.to_ascii_lowercase());
        match (check_account_name(name), similar) {
            (Err(error), _) => unusable.push(invalid(&error.message)),
            (Ok(()), Entry::Occupied(other)) => unusable.push(differs_in_case(other.get(), name)),
            (Ok(()), Entry::Vacant(free)) => {
                free.insert(name);
                accounts.push(account(sources, name, item, problems));
            }
        }
    }
    // With no account left, what is wrong with the first name is what keeps the run from working.
    if accounts.is_empty() && !unusable.is_empty() {
        accounts.push(unnamed(sources, Some(unusable.remove(0)), problems));
    }
    problems.extend(unusable.into_iter().map(ConfigProblem::of_run));
    accounts
}

/// The account of a file without names for accounts, with what is wrong.
fn unnamed(sources: &Sources<'_>, error: Option<ConfigError>, problems: &mut Vec<ConfigProblem>) -> Account {
    let name = AccountName::new(AccountName::NAMELESS);
    let (account, wrong) = files(sources, name, sources.file.as_table(), "", DEFAULT_METADATA.to_owned());
    problems.extend(error.or(wrong).map(|error| ConfigProblem::of_account(&account.name, error)));
    account
}

/// An unknown setting that might be a misspelt `env_file`, `key`, `metadata` or `account`: a number or a list cannot.
fn misspelt(sources: &Sources<'_>) -> Option<ConfigError> {
    let mut unknown = unknown_settings(&sources.file);
    unknown.find(|(item, _)| item.is_str() || item.is_table_like()).map(|(_, error)| error)
}

/// The account of one table.
fn account(sources: &Sources<'_>, name: &str, item: &Item, problems: &mut Vec<ConfigProblem>) -> Account {
    let prefix = format!("account.{name}.");
    let metadata = format!("scripts/{name}-token.json");
    let nothing = Table::new();
    let table = item.as_table_like();
    let (account, wrong) = files(sources, AccountName::new(name), table.unwrap_or(&nothing), &prefix, metadata);
    let shape = table.map_or_else(
        || Err(invalid(&format!("`account.{name}` must be a table"))),
        |table| check_names(table, &["env_file", "key", "metadata"], &prefix),
    );
    problems.extend(shape.err().or(wrong).map(|error| ConfigProblem::of_account(&account.name, error)));
    account
}

/// The files of one account, from the overrides, the environment, its table, and the defaults; and what is wrong with them.
fn files(
    sources: &Sources<'_>,
    name: AccountName,
    table: &dyn TableLike,
    prefix: &str,
    metadata: String,
) -> (Account, Option<ConfigError>) {
    let mut wrong = Vec::new();
    let mut setting = |flag: Option<Setting<String>>, variable, key| {
        let in_file = text(table, prefix, key).unwrap_or_else(|error| {
            wrong.push(error);
            None
        });
        let in_file = in_file.map(|value| Setting { value, origin: Origin::File });
        flag.or_else(|| sources.variable(variable)).or(in_file)
    };
    let Overrides { env_file, key, metadata: metadata_flag, .. } = sources.overrides;
    let key_flag = key.as_ref().map(|key| Setting::flag("--key", key.clone()));
    let key = setting(key_flag, "EVERLIT_KEY", "key");
    let mut path = |flag: Option<&PathBuf>, name, variable, key, default: String| {
        let in_file = setting(None, variable, key).map(Setting::path);
        let flag = flag.map(|path| Setting::flag(name, path.clone()));
        flag.or(in_file).unwrap_or_else(|| Setting::default(PathBuf::from(default)))
    };
    let env_file = path(env_file.as_ref(), "--env-file", "EVERLIT_ENV_FILE", "env_file", DEFAULT_ENV_FILE.to_owned());
    let metadata = path(metadata_flag.as_ref(), "--metadata", "EVERLIT_METADATA", "metadata", metadata);
    wrong.extend(key.as_ref().and_then(|key| check_key(key).err()));
    let key = key.map_or_else(|| Setting::default(None), |key| key.map(Some));
    (Account { name, env_file, key, metadata }, wrong.into_iter().next())
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
    let found = Arc::new(Mutex::new(VecDeque::new()));
    let (end, ended) = mpsc::channel::<()>();
    let (disk, unfound, finds) = (Arc::clone(sources.disk), paths.clone(), Arc::clone(&found));
    let look_up = move || {
        for files in unfound {
            let places = files.map(|path| Place::of(&*disk, path));
            finds.lock().unwrap_or_else(PoisonError::into_inner).push_back(places);
        }
        drop(end);
    };
    match accounts {
        [_] => look_up(),
        _ => drop(thread::spawn(look_up)),
    }
    // As long as it goes on, it is waited for.
    let count = || found.lock().unwrap_or_else(PoisonError::into_inner).len();
    let mut before = 0;
    while ended.recv_timeout(TIMEOUT) == Err(RecvTimeoutError::Timeout) && count() > before {
        before = count();
    }
    let mut found = mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    let places = paths.into_iter().map(|files| {
        let [(env_file, _), (metadata, metadata_path)] = found.pop_front().unwrap_or_else(|| files.map(Place::by_name));
        Places { env_file, metadata, metadata_path }
    });
    places.collect()
}

/// Two accounts in one place would overwrite each other, and nobody knows which of them is wrong. One whose place is not
/// known is in nobody's way.
fn check_files_differ(
    sources: &Sources<'_>,
    accounts: &[Account],
    places: &[Places],
    problems: &mut Vec<ConfigProblem>,
) {
    let unknown: HashSet<AccountName> = problems.iter().filter_map(|problem| problem.account.clone()).collect();
    let (mut by_metadata, mut by_token) = (HashMap::new(), HashMap::new());
    // One whose token comes from a target has no files.
    let has_files = |name: &AccountName| !unknown.contains(name) && !has_source(&sources.file, name.as_str());
    let known = accounts.iter().zip(places).filter(|(account, _)| has_files(&account.name));
    for (account, Places { env_file, metadata, .. }) in known {
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
        let error = invalid(&message).with_next(separate(account, origin, what));
        problems.push(ConfigProblem::of_account(&other.name, error.clone()));
        problems.push(ConfigProblem::of_account(&account.name, error));
    }
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
fn check_metadata_files(accounts: &[Account], places: &[Places], problems: &mut Vec<ConfigProblem>) {
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
            let error = ConfigError::new(message, Step::note("name another file with --metadata"));
            problems.push(ConfigProblem::of_account(&account.name, error));
        }
    }
}

/// The names of private files are in lower case, as is every name on some file systems.
fn differs_in_case(other: &str, name: &str) -> ConfigError {
    let error = invalid(&format!("the accounts {other} and {name} differ only in case"));
    error.with_next(Step::note(format!("rename [account.{name}] in {CONFIG_FILE}")))
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
