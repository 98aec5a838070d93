//! Settings that stand in the vault, for every machine that works with it: targets, channels, monitors and apps.
//!
//! They are written as in [`CONFIG_FILE`]; what that file names counts over them. A vault in a file belongs to one machine, and
//! its settings stand beside it.

use everlit_keeper::Step;
use toml_edit::{DocumentMut, Item};

use super::file::{CONFIG_FILE, parse_config};
use super::problem::ConfigProblem;
use crate::ConfigError;

/// The tables that may stand in a vault.
const SECTIONS: [&str; 4] = ["target", "notify", "heartbeat", "app"];

/// Parses the settings of a vault, which only everlit writes.
pub(crate) fn parse_shared(text: &str) -> Result<DocumentMut, ConfigError> {
    parse_config(text).map_err(|error| {
        let why = error.message.replacen(&format!("{CONFIG_FILE}: "), "", 1);
        let message = format!("the settings in the vault cannot be read: they are not TOML, {why}");
        let next = "restore a backup of the vault, as docs/keys.md shows: only everlit writes these settings, so they are damaged";
        ConfigError::new(message, Step::note(next))
    })
}

/// The tables of the vault that the file does not name.
pub(crate) fn beside(file: &DocumentMut, shared: &str) -> Result<DocumentMut, ConfigError> {
    let mut document = parse_shared(shared)?;
    for section in SECTIONS {
        let Some(tables) = document.get_mut(section).and_then(Item::as_table_like_mut) else { continue };
        let known = file.get(section).and_then(Item::as_table_like);
        for (name, _) in known.into_iter().flat_map(toml_edit::TableLike::iter) {
            tables.remove(name);
        }
    }
    Ok(document)
}

/// The same problems, found in the settings of the vault.
pub(crate) fn in_vault(problems: Vec<ConfigProblem>) -> impl Iterator<Item = ConfigProblem> {
    problems.into_iter().map(|problem| {
        let message = problem.error.message.replace(&format!("{CONFIG_FILE}: "), "the settings in the vault: ");
        let next = Step::everlit("doctor").with_note("once they are corrected");
        ConfigProblem { error: ConfigError { message, next, ..problem.error }, ..problem }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_settings_of_a_vault_lead_to_a_backup() {
        let error = beside(&DocumentMut::new(), "[target.site]\nkind = \n").unwrap_err();
        assert!(error.message.starts_with("the settings in the vault cannot be read: they are not TOML, line 2: "));
        assert!(error.next.to_string().starts_with("restore a backup of the vault"), "{}", error.next);
        assert!(!format!("{error:?}").contains(CONFIG_FILE), "{error:?}");
    }
}
