//! Changes settings and their secrets where they stand: in the files of the project, or in the vault that machines share.

use std::fmt;

use everlit_keeper::Step;
use everlit_meta_api::Secret;
use everlit_vault::SharedSettings;
use toml_edit::{DocumentMut, Item, Table};

use super::edit::{edit_config, lock_settings, read_secrets, with_secret, without_secrets, write_secrets};
use super::file::{CONFIG_FILE, parse_config, read_config};
use super::notify::NotifierSettings;
use super::project::Project;
use super::shared::parse_shared;
use crate::ConfigError;

/// Where a setting or a secret stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SettingsHome {
    /// In the files of the project.
    Files,
    /// In the vault.
    Vault,
}

impl fmt::Display for SettingsHome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files => f.write_str(CONFIG_FILE),
            Self::Vault => f.write_str("the vault"),
        }
    }
}

impl Project<'_> {
    /// Adds the table `[section.name]`, or puts it in the place of the one that is there. Says where.
    pub fn put_table(&self, section: &str, name: &str, table: &Table) -> Result<SettingsHome, ConfigError> {
        let put = |text: &str, parse: Parse| {
            let mut document = parse(text)?;
            let tables = document.entry(section).or_insert_with(|| {
                let mut tables = Table::new();
                tables.set_implicit(true);
                Item::Table(tables)
            });
            // A section that is not a table has been refused before.
            tables.as_table_like_mut().map(|tables| tables.insert(name, Item::Table(table.clone())));
            Ok(Some(document.to_string()))
        };
        if self.home_of(&[section], name)? == SettingsHome::Vault {
            self.edit_shared(&format!("the {} {name} was set", noun(section)), |shared| {
                let settings = put(&shared.settings, parse_shared)?.filter(|settings| *settings != shared.settings);
                Ok(settings.map(|settings| SharedSettings { settings, ..shared.clone() }))
            })?;
            return Ok(SettingsHome::Vault);
        }
        edit_config(self, |text| put(text, parse_config))?;
        Ok(SettingsHome::Files)
    }

    /// Removes the table of this name from these sections. Says where it stood.
    pub fn remove_table(&self, sections: &[&str], name: &str) -> Result<Option<SettingsHome>, ConfigError> {
        let remove = |text: &str, parse: Parse| {
            let mut document = parse(text)?;
            let mut is_found = false;
            for section in sections {
                let Some(tables) = document.get_mut(section).and_then(Item::as_table_like_mut) else { continue };
                is_found |= tables.remove(name).is_some();
                if tables.is_empty() {
                    document.remove(section);
                }
            }
            Ok(is_found.then(|| document.to_string()))
        };
        if edit_config(self, |text| remove(text, parse_config))? {
            return Ok(Some(SettingsHome::Files));
        }
        let nouns: Vec<_> = sections.iter().map(|section| noun(section)).collect();
        let is_removed = self.shares_settings()
            && self.edit_shared(&format!("the {} {name} was removed", nouns.join(" or ")), |shared| {
                Ok(remove(&shared.settings, parse_shared)?
                    .map(|settings| SharedSettings { settings, ..shared.clone() }))
            })?;
        Ok(is_removed.then_some(SettingsHome::Vault))
    }

    /// Edits the settings wherever they stand. Says where anything was changed.
    pub fn edit_settings(
        &self,
        why: &str,
        edit: impl Fn(&str) -> Result<Option<String>, ConfigError>,
    ) -> Result<Vec<SettingsHome>, ConfigError> {
        let mut changed = Vec::new();
        changed.extend(edit_config(self, &edit)?.then_some(SettingsHome::Files));
        if self.shares_settings() {
            let is_changed = self.edit_shared(why, |shared| {
                Ok(edit(&shared.settings)?.map(|settings| SharedSettings { settings, ..shared.clone() }))
            })?;
            changed.extend(is_changed.then_some(SettingsHome::Vault));
        }
        Ok(changed)
    }

    /// Stores a secret beside the setting that needs it; `false` if it is there already.
    pub fn store_secret(&self, home: SettingsHome, name: &str, secret: &str) -> Result<bool, ConfigError> {
        let cannot = |error: everlit_envfile::EnvError| {
            let message = format!("cannot store the secret {name}: {error}");
            ConfigError::new(message, Step::note(format!("set {name} in the environment instead")))
        };
        if home == SettingsHome::Vault {
            return self.edit_shared(&format!("the secret {name} was set"), |shared| {
                let after = with_secret(shared.secrets.expose().as_bytes(), name, secret).map_err(cannot)?;
                Ok(after.map(|secrets| with_secrets(shared, &secrets)))
            });
        }
        let _lock = lock_settings(self)?;
        match with_secret(&read_secrets(self)?, name, secret).map_err(cannot)? {
            Some(after) => write_secrets(self, &after).map(|()| true),
            None => Ok(false),
        }
    }

    /// Removes the secrets of a setting that stood there, or that stands nowhere; `false` if there were none.
    pub fn remove_secrets(&self, home: Option<SettingsHome>, names: &[String]) -> Result<bool, ConfigError> {
        let is_shared = self.shares_settings()
            && home != Some(SettingsHome::Files)
            && self.edit_shared(&format!("secrets were removed: {}", names.join(", ")), |shared| {
                let after = without_secrets(shared.secrets.expose().as_bytes(), names);
                Ok((after != shared.secrets.expose().as_bytes()).then(|| with_secrets(shared, &after)))
            })?;
        if home == Some(SettingsHome::Vault) {
            return Ok(is_shared);
        }
        let _lock = lock_settings(self)?;
        let before = read_secrets(self)?;
        let after = without_secrets(&before, names);
        let is_local = after != before;
        if is_local {
            write_secrets(self, &after)?;
        }
        Ok(is_shared || is_local)
    }

    /// Where the setting of this name stands in these sections, or belongs if it is new.
    pub fn home_of(&self, sections: &[&str], name: &str) -> Result<SettingsHome, ConfigError> {
        let file = parse_config(&read_config(&self.settings.folder, &*self.disk)?)?;
        let names = |section: &&str| file.get(section).and_then(|tables| tables.get(name)).is_some();
        let is_here = !self.shares_settings() || sections.iter().any(names);
        Ok(if is_here { SettingsHome::Files } else { SettingsHome::Vault })
    }

    /// Whether the vault has a table of this name as well, which counts where the file names none.
    pub fn is_also_in_vault(&self, sections: &[&str], name: &str) -> bool {
        let Ok(shared) = parse_shared(&self.shared().settings) else { return false };
        sections.iter().any(|section| shared.get(section).and_then(|tables| tables.get(name)).is_some())
    }

    /// Whether no channel or monitor stands on this machine.
    pub fn are_all_notifiers_in_vault(&self) -> bool {
        let home = |one: &NotifierSettings| self.home_of(&[one.kind.section()], &one.name);
        self.settings.notify.all().all(|one| home(one).is_ok_and(|home| home == SettingsHome::Vault))
    }

    /// Whether new settings belong in the vault: other machines may work with it.
    fn shares_settings(&self) -> bool {
        let address = self.settings.vault.as_ref().map(|vault| &vault.address.value);
        self.vault().is_some() && address.is_some_and(|address| address.file().is_none())
    }

    /// Changes the settings in the vault; `false` if `edit` finds nothing to change. Where others change them at the same time,
    /// the edit is made again.
    fn edit_shared(
        &self,
        why: &str,
        edit: impl Fn(&SharedSettings) -> Result<Option<SharedSettings>, ConfigError>,
    ) -> Result<bool, ConfigError> {
        const TRIES: usize = 5;
        let vault = self.vault().ok_or_else(super::vault::no_vault)?;
        for _ in 0..TRIES {
            let before = self.wait_for_vault(vault.shared_settings())?;
            let Some(after) = edit(&before)? else { return Ok(false) };
            if self.wait_for_vault(vault.put_shared_settings(after, why, self.now()))? {
                self.keep_shared(self.wait_for_vault(vault.shared_settings())?);
                return Ok(true);
            }
        }
        Err(ConfigError {
            kind: crate::ErrorKind::Locked,
            message: "others are changing the settings in the vault; nothing was changed".to_owned(),
            next: Step::note("run the command again"),
        })
    }
}

/// Reads settings where they stand, which errors name.
type Parse = fn(&str) -> Result<DocumentMut, ConfigError>;

/// What a table of this section describes, in the record of changes.
fn noun(section: &str) -> &str {
    match section {
        "notify" => "channel",
        "heartbeat" => "monitor",
        section => section,
    }
}

fn with_secrets(shared: &SharedSettings, secrets: &[u8]) -> SharedSettings {
    // An env file stays text when a line of text is added or removed.
    let secrets = Secret::new(String::from_utf8_lossy(secrets).into_owned());
    SharedSettings { secrets, ..shared.clone() }
}
