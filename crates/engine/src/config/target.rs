//! The targets of `everlit.toml`: `[target.NAME]`. Their secrets stand elsewhere.

use std::collections::{HashMap, HashSet};

use everlit_keeper::AccountName;
use everlit_meta_api::Fingerprint;
use everlit_options::{Options, variable_part};
use everlit_target::{KINDS, Kind, Room, activation_name};
use toml_edit::{DocumentMut, Item, TableLike};

use super::accounts::Account;
use super::file::{check_names, invalid, parse_config, text};
use super::notify::is_notifier_name;
use super::options::read_options;
use super::problem::{ConfigProblem, or_default};
use crate::ConfigError;

/// A place where fresh tokens go.
#[derive(Clone, Debug)]
pub struct TargetSettings {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static Kind,
    /// Its options.
    pub options: Options,
    /// The only account whose token goes there; `None` for all.
    pub account: Option<AccountName>,
    /// The name of the token there; `None` for the account's own.
    pub key: Option<String>,
    /// Whether the token is read from there, in place of an env file.
    pub is_source: bool,
}

/// What stands for the account's name in the `key` of a target with room for each account.
const ACCOUNT: &str = "{account}";

impl TargetSettings {
    /// The targets. A table that is wrong is left out, and is a problem of the run. One may be about a paused account.
    pub(crate) fn read(
        file: &DocumentMut,
        accounts: &[Account],
        paused: &[AccountName],
        problems: &mut Vec<ConfigProblem>,
    ) -> Vec<Self> {
        let Some(item) = file.get("target") else { return Vec::new() };
        let Some(tables) = item.as_table_like() else {
            let error = invalid("`target` must consist of tables such as [target.site]");
            problems.push(ConfigProblem::of_run(error));
            return Vec::new();
        };
        let names = accounts.iter().map(|account| &account.name).chain(paused);
        let names: HashSet<&str> = names.map(AccountName::as_str).collect();
        let mut variables = HashMap::new();
        let mut one = |(name, item): (&str, &Item)| {
            let table = item.as_table_like();
            let table = table.ok_or_else(|| invalid(&format!("`target.{name}` must be a table")))?;
            let target = target(name, table, &names)?;
            match variables.insert(variable_part(name), name.to_owned()) {
                // `a-b` and `a_b` are two names, but their secrets would share one variable.
                Some(other) => Err(invalid(&format!("`{other}` and `{name}` in [target] are too similar"))),
                None => Ok(target),
            }
        };
        let found: Vec<Self> = tables.iter().filter_map(|table| or_default(one(table).map(Some), problems)).collect();
        for account in accounts {
            let mut sources = found.iter().filter(|target| target.is_source && target.takes(&account.name));
            if let (Some(one), Some(other)) = (sources.next(), sources.next()) {
                let message =
                    format!("{} and {} are both the source of the account's token: one can be", one.name, other.name);
                problems.push(ConfigProblem::of_account(&account.name, invalid(&message)));
            }
        }
        found
    }

    /// The text of the settings in which targets name an account by its new name; `None` if none names it.
    pub fn with_renamed_account(
        text: &str,
        old: &AccountName,
        new: &AccountName,
    ) -> Result<Option<String>, ConfigError> {
        let mut file = parse_config(text)?;
        let tables = file.get_mut("target").and_then(Item::as_table_like_mut);
        let mut is_changed = false;
        for (_, table) in tables.into_iter().flat_map(|tables| tables.iter_mut()) {
            let account = table.as_table_like_mut().and_then(|table| table.get_mut("account"));
            if let Some(account) = account.filter(|account| account.as_str() == Some(old.as_str())) {
                *account = toml_edit::value(new.as_str());
                is_changed = true;
            }
        }
        Ok(is_changed.then(|| file.to_string()))
    }

    /// Whether the token of this account goes there.
    pub fn takes(&self, account: &AccountName) -> bool {
        self.account.as_ref().is_none_or(|only| only == account)
    }

    /// The name of the account's token there, where the settings decide it.
    pub(crate) fn key_of(&self, account: &AccountName) -> Option<String> {
        match self.kind.room {
            Room::EachAccount => Some(self.key.as_deref().unwrap_or(ACCOUNT).replace(ACCOUNT, account.as_str())),
            _ => self.key.clone(),
        }
    }

    /// The names under which records keep its deliveries.
    pub fn deliveries(&self) -> impl Iterator<Item = String> {
        [Some(self.name.clone()), activation_name(&self.name, &self.options)].into_iter().flatten()
    }

    /// What describes the place, with what its secrets say about it, in a few characters that reveal nothing of it.
    pub(crate) fn place(&self, secrets: &str) -> String {
        let described = format!("{} {:?} {:?}{secrets}", self.kind.name, self.key, self.options);
        Fingerprint::of(&described).to_string()
    }

    /// The environment variables of its secrets.
    pub fn variables(&self) -> impl Iterator<Item = String> {
        self.kind.secrets.iter().map(|secret| self.kind.variable(&self.name, secret))
    }
}

/// The target of one table.
pub(crate) fn target(
    name: &str,
    table: &dyn TableLike,
    accounts: &HashSet<&str>,
) -> Result<TargetSettings, ConfigError> {
    if !is_notifier_name(name) {
        return Err(invalid("a name in [target] has at most 40 letters, digits, `-` and `_`"));
    }
    let prefix = format!("target.{name}.");
    let word = text(table, &prefix, "kind")?.unwrap_or_default();
    let kind = everlit_target::kind(&word).ok_or_else(|| {
        let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        invalid(&format!("`{prefix}kind` must be one of {}", names.join(", ")))
    })?;
    let options = read_options(table, &prefix, kind.name, kind.options)?;
    let known: Vec<&str> =
        ["kind", "account", "key", "source"].into_iter().chain(kind.options.iter().map(|option| option.key)).collect();
    check_names(table, &known, &prefix)?;
    let (account, key) = (text(table, &prefix, "account")?, text(table, &prefix, "key")?);
    if let Some(unknown) = account.as_deref().filter(|account| !accounts.contains(account)) {
        return Err(invalid(&format!("`{prefix}account` is {unknown}, and no account is called that")));
    }
    let is_shared = account.is_none() && accounts.len() > 1;
    let has_one_key = key.as_deref().is_some_and(|key| kind.room == Room::EachKey || !key.contains(ACCOUNT));
    if is_shared && (kind.room == Room::One || kind.room != Room::Any && has_one_key) {
        let what = if kind.room == Room::One { "one token" } else { "one key" };
        return Err(invalid(&format!(
            "`target.{name}` has room for {what}: name the `account` whose token goes there"
        )));
    }
    if is_shared && options.text("sql").is_some_and(|sql| !sql.contains(":account")) {
        return Err(invalid(&format!("`{prefix}sql` does not name :account, and there are several accounts")));
    }
    let is_source = match table.get("source") {
        None => false,
        Some(item) => item.as_bool().ok_or_else(|| invalid(&format!("`{prefix}source` must be true or false")))?,
    };
    Ok(TargetSettings { name: name.to_owned(), kind, options, account: account.map(AccountName::new), key, is_source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of_shop(settings: &str) -> Result<Option<String>, ConfigError> {
        let file: DocumentMut = format!("kind = 'redis'\n{settings}").parse().unwrap();
        let target = target("cache", file.as_table(), &HashSet::from(["shop", "bakery"]))?;
        Ok(target.key_of(&AccountName::new("shop")))
    }

    #[test]
    fn one_database_has_a_key_for_each_account() {
        assert_eq!(key_of_shop("").unwrap().as_deref(), Some("shop"));
        assert_eq!(key_of_shop("key = 'instagram:{account}'").unwrap().as_deref(), Some("instagram:shop"));
        assert_eq!(key_of_shop("key = 'ig'\naccount = 'shop'").unwrap().as_deref(), Some("ig"));
        let error = key_of_shop("key = 'ig'").unwrap_err();
        assert!(error.message.contains("has room for one key"), "{}", error.message);
    }

    fn of(settings: &str) -> Result<TargetSettings, String> {
        let file: DocumentMut = settings.parse().unwrap();
        let target = target("t", file.as_table(), &HashSet::from(["shop", "bakery"]));
        target.map_err(|error| error.message)
    }

    #[test]
    fn a_number_is_as_good_as_its_digits_in_quotes() {
        let target = of("kind = 'command'\ncommand = ['true']\ntimeout = 3").unwrap();
        assert_eq!(target.options.text("timeout"), Some("3"));
        assert!(of("kind = 'command'\ncommand = ['true']\ntimeout = true").is_err());
    }

    #[test]
    fn a_statement_for_several_accounts_names_the_account() {
        let error = of("kind = 'postgres'\nsql = 'update t set a = :token'").unwrap_err();
        assert!(error.contains("does not name :account"), "{error}");
        assert!(of("kind = 'postgres'\naccount = 'shop'\nsql = 'update t set a = :token'").is_ok());
    }
}
