//! Adds an account to [`CONFIG_FILE`] and leaves the rest as written.

use everlit_keeper::{AccountName, Step};
use toml_edit::{Item, Table, TableLike, Value};

use super::accounts::{Account, DEFAULT_ENV_FILE, DEFAULT_METADATA};
use super::file::{CONFIG_FILE, parse_config};
use super::overrides::Overrides;
use super::problem::ConfigProblem;
use super::project::Project;
use super::setting::Origin;
use super::settings::Settings;
use crate::ConfigError;

/// What the list of changes says of the unnamed account once it has a name.
const NAMED: &str = "the unnamed account is now called default: ";

/// The top-level settings of the unnamed account.
const UNNAMED: [(&str, Option<&str>); 3] =
    [("env_file", Some(DEFAULT_ENV_FILE)), ("key", None), ("metadata", Some(DEFAULT_METADATA))];

/// An account to add to [`CONFIG_FILE`].
#[derive(Clone, Debug)]
pub struct Addition {
    /// Its name.
    pub name: String,
    /// Its settings, by their TOML keys.
    pub settings: Vec<(&'static str, String)>,
    /// The unnamed account is in use, and needs a name once there is another.
    pub names_the_unnamed: bool,
}

impl Addition {
    /// The text with the account added, and a list of changes.
    pub fn to(&self, text: &str) -> Result<(String, Vec<String>), ConfigError> {
        let mut document = parse_config(text)?;
        let mut added = Vec::new();
        match document.get("account") {
            Some(accounts) if accounts.get(&self.name).is_some() => {
                let message = format!("somebody else has just added an account named {} to {CONFIG_FILE}", self.name);
                return Err(ConfigError::new(message, Step::everlit_args(["connect", &self.name])));
            }
            None if self.names_the_unnamed => {
                let mut table = Table::new();
                for (name, usual) in UNNAMED {
                    match (document.remove_entry(name), usual) {
                        (Some((mut key, item)), _) => {
                            let comments = key.leaf_decor().prefix().and_then(|prefix| prefix.as_str());
                            let comments = comments.unwrap_or_default().trim_start().to_owned();
                            key.leaf_decor_mut().set_prefix(comments);
                            table.insert_formatted(&key, item);
                        }
                        (None, Some(usual)) => drop(table.insert(name, usual.into())),
                        (None, None) => {}
                    }
                }
                added.push((AccountName::NAMELESS, table, NAMED));
            }
            _ => {}
        }
        let settings = self.settings.iter().map(|(key, value)| (*key, Item::from(value)));
        added.push((&self.name, settings.collect(), "added "));
        let accounts = document.entry("account").or_insert_with(|| {
            let mut accounts = Table::new();
            accounts.set_implicit(true);
            accounts.into()
        });
        let changes = added.iter().map(|(name, _, what)| format!("{what}[account.{name}]")).collect();
        for (name, table, _) in added {
            // One that is not a table has been refused before.
            accounts.as_table_like_mut().map(|accounts| accounts.insert(name, table.into()));
        }
        let text = with_line_ends_of(text, &document.to_string());
        Ok((text.trim_start_matches(['\r', '\n']).to_owned(), changes))
    }

    /// The project's settings with the account added to this text; an error if it could not be worked on.
    pub fn settle(&self, project: &Project<'_>, overrides: &Overrides, text: &str) -> Result<Settings, ConfigError> {
        let (text, _) = self.to(text)?;
        let folder = project.settings.folder.clone();
        let settings = Settings::resolve(overrides, project.environment, &project.disk, folder, &text)?;
        let is_own = |problem: &&ConfigProblem| problem.account.as_ref().is_some_and(|name| name.as_str() == self.name);
        match settings.problems.iter().find(is_own) {
            Some(problem) => Err(problem.error.clone()),
            None => Ok(settings),
        }
    }

    /// The same account with its token under another key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        let mut other = self.clone();
        other.settings.iter_mut().filter(|(name, _)| *name == "key").for_each(|(_, value)| key.clone_into(value));
        other
    }
}

/// Whether the text sets anything of the unnamed account.
pub fn sets_unnamed(text: &str) -> Result<bool, ConfigError> {
    let document = parse_config(text)?;
    Ok(UNNAMED.iter().any(|(name, _)| document.contains_key(name)))
}

/// Whether the text names accounts.
pub fn names_accounts(text: &str) -> Result<bool, ConfigError> {
    Ok(parse_config(text)?.contains_key("account"))
}

impl Account {
    /// Its settings that come from flags, by their TOML keys: the next run does not have the flags.
    fn set_by_flags(&self) -> Vec<(&'static str, String)> {
        let env_file = (self.env_file.value.display().to_string(), &self.env_file.origin);
        let metadata = (self.metadata.value.display().to_string(), &self.metadata.origin);
        let key = (self.key.value.clone().unwrap_or_default(), &self.key.origin);
        let settings = [("env_file", env_file), ("key", key), ("metadata", metadata)].into_iter();
        let from_flags = settings.filter(|(_, (_, origin))| matches!(origin, Origin::Flag(_)));
        from_flags.map(|(name, (value, _))| (name, value)).collect()
    }

    /// The settings that come from flags, as lines of [`CONFIG_FILE`].
    pub fn lines_from_flags(&self) -> Vec<String> {
        self.set_by_flags().into_iter().map(|(name, value)| format!("{name} = {}", Value::from(value))).collect()
    }

    /// The text with these settings; `None` if it says the same already.
    pub fn remembered_in(&self, text: &str) -> Result<Option<String>, ConfigError> {
        let mut document = parse_config(text)?;
        let table: &mut dyn TableLike = match document.get_mut("account") {
            Some(accounts) => accounts
                .get_mut(self.name.as_str())
                .and_then(Item::as_table_like_mut)
                .ok_or_else(|| ConfigError::internal(format!("[account.{}] is gone", self.name)))?,
            None => document.as_table_mut(),
        };
        let settings = self.set_by_flags();
        let is_set = |(name, value): &(&str, String)| table.get(name).and_then(Item::as_str) == Some(value);
        if settings.iter().all(is_set) {
            return Ok(None);
        }
        for (name, value) in settings {
            table.insert(name, value.into());
        }
        Ok(Some(with_line_ends_of(text, &document.to_string())))
    }
}

/// `new` with the line ends of `text`: the parser turns every one into LF.
fn with_line_ends_of(text: &str, new: &str) -> String {
    if text.contains("\r\n") { new.replace('\n', "\r\n") } else { new.to_owned() }
}
