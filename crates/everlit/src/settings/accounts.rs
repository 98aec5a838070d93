//! The accounts of a project, and the files of each: no two in one place, none in the place of something else.

use std::path::{Component, Path, PathBuf};

use everlit_keeper::AccountName;
use everlit_meta_api::{Token, TokenKind};
use everlit_store::{Key, ProjectAccount};
use toml_edit::TableLike;

use super::{CONFIG_FILE, Origin, Setting, Sources, check_names, wrong};
use crate::cli::Global;
use crate::output::problem::Problem;

const DEFAULT_ENV_FILE: &str = ".env.local";
/// The key that an account without one has; see [`Key::Default`].
const DEFAULT_KEY: &str = "IG_ACCESS_TOKEN";
const DEFAULT_METADATA: &str = "scripts/instagram-token.json";

/// One account's files.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Account {
    pub(crate) name: AccountName,
    pub(crate) env_file: Setting<PathBuf>,
    pub(crate) key: Setting<Option<String>>,
    pub(crate) metadata: Setting<PathBuf>,
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

impl Sources<'_> {
    /// Those that are meant, and how many more there are.
    pub(super) fn accounts(&self, global: &Global) -> Result<(Vec<Account>, usize), Problem> {
        global.account.iter().try_for_each(|name| check_account_name(name))?;
        let Some(tables) = self.file.get("account") else {
            if let Some(name) = global.account.first() {
                let message = format!("there is no account {name}: {CONFIG_FILE} names no accounts");
                let next = format!("the same without --account; or everlit connect {name}, which adds it");
                return Err(Problem::config(message).with_next(next));
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
            check_account_name(name).map_err(|problem| wrong(&problem.message))?;
            let table = item.as_table_like().ok_or_else(|| wrong(&format!("`account.{name}` must be a table")))?;
            check_names(table, &["env_file", "key", "metadata"], &format!("account.{name}."))?;
            let metadata = format!("scripts/{name}-token.json");
            accounts.push(self.one_account(AccountName::new(name), table, metadata, global)?);
        }
        no_two_are_alike(&accounts)?;
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
            let key = account.key.value.as_ref().filter(|key| *key != DEFAULT_KEY);
            // Their private files have names in lower case.
            let key = key.map(|key| key.to_ascii_lowercase());
            (self.place(&account.env_file.value), key)
        };
        for (index, account) in accounts.iter().enumerate() {
            for other in &accounts[index + 1..] {
                if metadata(account) == metadata(other) {
                    let message = format!("{} and {} have the same metadata file", account.name, other.name);
                    return Err(wrong(&message).with_next(of_its_own(other, &other.metadata.origin, "metadata")));
                }
                if token(account) == token(other) {
                    let message = format!("{} and {} have the same env file and key", account.name, other.name);
                    return Err(wrong(&message).with_next(of_its_own(other, &other.key.origin, "key")));
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
                let message = format!(
                    "{} ({origin}) cannot hold the metadata: it must be a .json file of its own",
                    value.display()
                );
                return Err(Problem::config(message).with_next("name another file with --metadata"));
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
        key.iter().try_for_each(check_key)?;
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

/// What to do where two accounts have the same of something.
fn of_its_own(account: &Account, origin: &Origin, what: &str) -> String {
    match origin {
        Origin::Flag(flag) => format!("the same again without {flag}, which holds for every account"),
        Origin::Environment(variable) => format!("unset {variable}, which holds for every account"),
        _ => format!("write a {what} of its own into [account.{}] of {CONFIG_FILE}, then everlit doctor", account.name),
    }
}

/// Their private files have names in lower case, and so has every name on some file systems.
fn no_two_are_alike(accounts: &[Account]) -> Result<(), Problem> {
    for (index, Account { name, .. }) in accounts.iter().enumerate() {
        if let Some(other) = accounts[index + 1..].iter().find(|other| is_alike(&other.name, name.as_str())) {
            let message = format!("the accounts {name} and {} differ in case alone", other.name);
            return Err(wrong(&message).with_next(format!("call [account.{}] in {CONFIG_FILE} otherwise", other.name)));
        }
    }
    Ok(())
}

/// Whether that name would be taken for this account's.
pub(crate) fn is_alike(account: &AccountName, name: &str) -> bool {
    account.as_str().eq_ignore_ascii_case(name)
}

/// The accounts that the flags ask for; all without a flag.
fn chosen(accounts: Vec<Account>, names: &[String]) -> Result<Vec<Account>, Problem> {
    if let Some(unknown) = names.iter().find(|name| !accounts.iter().any(|account| account.name.as_str() == **name)) {
        if let Some(Account { name, .. }) = accounts.iter().find(|account| is_alike(&account.name, unknown)) {
            let message = format!("there is no account {unknown}, but there is {name}");
            return Err(Problem::config(message).with_next(format!("the same with --account {name}")));
        }
        let known: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
        let message = format!("there is no account {unknown}; {CONFIG_FILE} names {}", known.join(", "));
        return Err(Problem::config(message).with_next(format!(
            "the same with --account {}; or everlit connect {unknown}, which adds it",
            known.first().unwrap_or(&"NAME")
        )));
    }
    let wanted = |account: &Account| names.is_empty() || names.iter().any(|name| name == account.name.as_str());
    Ok(accounts.into_iter().filter(wanted).collect())
}

/// Letters, digits, `-`, `_` and `.`; not a token, which is not repeated.
pub(crate) fn check_account_name(name: &str) -> Result<(), Problem> {
    const LONGEST: usize = 64;
    let letters = "letters, digits, `-`, `_` and `.`";
    if is_token(name) {
        return Err(Problem::config("a token stands where the name of an account belongs")
            .with_next("everlit connect, which asks for the token without showing it"));
    }
    if is_name(name, LONGEST) {
        return Ok(());
    }
    // An address may be a secret.
    let shown = if name.contains("://") { "an address".to_owned() } else { format!("`{}`", name.escape_debug()) };
    let message = format!("{shown} is no name for an account: use at most {LONGEST} {letters}");
    Err(Problem::config(message).with_next("the same again with a name such as shop"))
}

/// Letters, digits, `-`, `_` and `.`; not a token, which is not repeated.
fn check_key(key: &Setting<String>) -> Result<(), Problem> {
    const LONGEST: usize = 256;
    const NEXT: &str = "name the key of the env file, such as IG_ACCESS_TOKEN";
    let Setting { value, origin } = key;
    if is_token(value) {
        let message = format!("a token stands where the name of a variable belongs ({origin})");
        return Err(Problem::config(message).with_next(NEXT));
    }
    if is_name(value, LONGEST) {
        return Ok(());
    }
    Err(Problem::config(format!("`{}` ({origin}) is no name of a variable", value.escape_debug())).with_next(NEXT))
}

fn is_name(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

pub(crate) fn is_token(text: &str) -> bool {
    Token::parse(text).is_ok_and(|token| token.kind() != TokenKind::Unknown)
}
