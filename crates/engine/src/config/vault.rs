//! The settings of a vault: where it is, and where its master key comes from.

use std::path::PathBuf;

use everlit_keeper::Step;
use everlit_vault::VaultAddress;
use toml_edit::Item;

use super::file::{CONFIG_FILE, invalid, parse_config, text};
use super::problem::ConfigProblem;
use super::secret_places::SecretPlaces;
use super::setting::{Origin, Setting};
use super::sources::Sources;
use crate::ConfigError;

/// Where the vault is, and where its master key comes from if the environment holds none.
#[derive(Clone, Debug)]
pub struct VaultSettings {
    /// Where it is.
    pub address: Setting<VaultAddress>,
    /// The file with the master key.
    pub master_key_file: Option<PathBuf>,
    /// A command that prints the master key, such as `["age", "--decrypt", "master.age"]`.
    pub master_key_command: Vec<String>,
}

impl VaultSettings {
    /// `None` if the accounts are in files. A wrong address is an error: nobody knows which accounts are meant.
    pub(crate) fn read(sources: &Sources<'_>, problems: &mut Vec<ConfigProblem>) -> Result<Option<Self>, ConfigError> {
        let file = sources.file.as_table();
        let in_file = text(file, "", "vault")?.map(|value| Setting { value, origin: Origin::File });
        let flag = sources.overrides.vault.clone().map(|value| Setting::flag("--vault", value));
        let places = SecretPlaces { environment: sources.environment, disk: &**sources.disk, folder: sources.folder };
        let secret = match places.in_environment("EVERLIT_VAULT")? {
            Some(address) => Some(address),
            // The address of a server may contain a password, which schedulers find there.
            None => places.in_secrets_file("EVERLIT_VAULT").ok().flatten(),
        };
        let Some(address) = flag.or(secret).or(in_file) else { return Ok(None) };
        let parsed = address.value.parse::<VaultAddress>().map_err(|error| {
            let next = Step::everlit("doctor")
                .with_note(format!("once the vault's address ({}) is corrected", address.origin));
            ConfigError::new(error.message, next)
        })?;
        let mut wrong = |error: ConfigError| problems.push(ConfigProblem::of_run(error));
        if file.contains_key("account") {
            wrong(invalid(
                "the accounts of [account] are not used: those of the vault are. `everlit account import .` takes them over",
            ));
        }
        let master_key_file = text(file, "", "master_key_file").unwrap_or_else(|error| {
            wrong(error);
            None
        });
        let command = file.get("master_key_command").map(|command| {
            let words = command.as_array().map(|words| words.iter().map(|word| word.as_str().map(str::to_owned)));
            words.and_then(Iterator::collect::<Option<Vec<String>>>).filter(|words| !words.is_empty())
        });
        if command == Some(None) {
            wrong(invalid("`master_key_command` must be a list of strings, the first of them a program"));
        }
        Ok(Some(Self {
            address: Setting { value: parsed.within(sources.folder), origin: address.origin },
            master_key_file: master_key_file.map(|file| sources.folder.join(file)),
            master_key_command: command.flatten().unwrap_or_default(),
        }))
    }

    /// The text of [`CONFIG_FILE`] with the lines for a vault that it does not have yet.
    pub fn added_to(text: &str, address: &str, master_key_file: &str) -> Result<String, ConfigError> {
        let mut file = parse_config(text)?;
        for (name, value) in [("vault", address), ("master_key_file", master_key_file)] {
            if !file.contains_key(name) {
                file.insert(name, Item::Value(value.into()));
            }
        }
        Ok(file.to_string())
    }
}

/// What to do where no vault is named.
pub fn no_vault() -> ConfigError {
    let message = format!("no vault is named: set `vault` in {CONFIG_FILE}, EVERLIT_VAULT or --vault");
    ConfigError::new(message, Step::everlit("vault create"))
}
