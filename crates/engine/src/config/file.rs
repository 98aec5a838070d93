//! `everlit.toml`: its text, and typed access to it. An unknown name is a misspelt setting.

use std::io;
use std::path::Path;

use everlit_disk::Disk;
use everlit_keeper::Step;
use everlit_meta_api::redact;
use toml_edit::{DocumentMut, Item, TableLike};

use crate::ConfigError;

/// The configuration file of a project; optional.
pub const CONFIG_FILE: &str = "everlit.toml";

/// The text of [`CONFIG_FILE`]; empty if there is none.
pub fn read_config(folder: &Path, disk: &dyn Disk) -> Result<String, ConfigError> {
    /// Room for a hundred thousand accounts.
    const LARGEST: usize = 16 << 20;
    match disk.read(&folder.join(CONFIG_FILE), LARGEST) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| invalid("it is not UTF-8 text")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(invalid(&error.to_string())),
    }
}

/// Parses the text of [`CONFIG_FILE`], whatever names it sets.
pub fn parse_config(text: &str) -> Result<DocumentMut, ConfigError> {
    if text.is_empty() {
        return Ok(DocumentMut::new());
    }
    text.parse().map_err(|error: toml_edit::TomlError| {
        // The error's own text quotes the line, which may contain a secret.
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.split('\n').count();
        invalid(&format!("line {line}: {}", error.message().replace('\n', ", ")))
            .with_next(Step::everlit("doctor").with_note(format!("once line {line} of {CONFIG_FILE} is corrected")))
    })
}

/// The names at the top level.
const TOP_LEVEL: [&str; 15] = [
    "threshold_days",
    "verify_every_days",
    "account",
    "env_file",
    "key",
    "metadata",
    "notify",
    "heartbeat",
    "metrics_file",
    "target",
    "vault",
    "master_key_file",
    "master_key_command",
    "serve",
    "app",
];

/// The names at the top level that are not known, each with its value and the error.
pub(crate) fn unknown_settings(file: &DocumentMut) -> impl Iterator<Item = (&Item, ConfigError)> {
    let unknown = file.iter().filter(|(name, item)| !TOP_LEVEL.contains(name) && !item.is_none());
    unknown.map(|(name, item)| (item, unknown_setting("", name, &TOP_LEVEL)))
}

/// Refuses names that are not known. `prefix` is the path of the table, such as `account.shop.`.
pub(crate) fn check_names(table: &dyn TableLike, known: &[&str], prefix: &str) -> Result<(), ConfigError> {
    match table.iter().find(|(name, item)| !known.contains(name) && !Item::is_none(item)) {
        Some((name, _)) => Err(unknown_setting(prefix, name, known)),
        None => Ok(()),
    }
}

fn unknown_setting(prefix: &str, name: &str, known: &[&str]) -> ConfigError {
    invalid(&format!("unknown setting `{prefix}{}`; known: {}", redact(name), known.join(", ")))
}

/// A string that is not empty; `None` if it is not set.
pub(crate) fn text(table: &dyn TableLike, prefix: &str, key: &str) -> Result<Option<String>, ConfigError> {
    let Some(item) = table.get(key) else { return Ok(None) };
    let value = item.as_str().filter(|value| !value.trim().is_empty());
    let value = value.ok_or_else(|| invalid(&format!("`{prefix}{key}` must be a non-empty string")))?;
    Ok(Some(value.to_owned()))
}

/// An error in [`CONFIG_FILE`].
pub(crate) fn invalid(message: &str) -> ConfigError {
    let next = Step::everlit("doctor").with_note(format!("once {CONFIG_FILE} is corrected"));
    ConfigError::new(format!("{CONFIG_FILE}: {message}"), next)
}
/// Whether a target of these settings is where the account's token comes from.
pub(super) fn has_source(file: &DocumentMut, account: &str) -> bool {
    let targets = file.get("target").and_then(Item::as_table_like);
    targets.is_some_and(|targets| {
        targets.iter().filter_map(|(_, target)| target.as_table_like()).any(|target| {
            let is_source = target.get("source").and_then(Item::as_bool) == Some(true);
            is_source && target.get("account").is_none_or(|only| only.as_str() == Some(account))
        })
    })
}
