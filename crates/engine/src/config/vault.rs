//! The settings of a vault: where it is, and where its master key comes from.

use std::path::PathBuf;
use std::sync::Arc;

use everlit_keeper::{AccountName, Step};
use everlit_store::StateFolder;
use everlit_vault::VaultAddress;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use toml_edit::Item;

use super::file::{CONFIG_FILE, invalid, parse_config, text};
use super::problem::ConfigProblem;
use super::secret_places::SecretPlaces;
use super::serve::spill_folder;
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
    /// The folder where tokens wait that the database cannot take.
    pub spill: PathBuf,
}

impl VaultSettings {
    /// `None` if the accounts are in files. A wrong address is an error: nobody knows which accounts are meant.
    pub(crate) fn read(sources: &Sources<'_>, problems: &mut Vec<ConfigProblem>) -> Result<Option<Self>, ConfigError> {
        let file = sources.file.as_table();
        let in_file = text(file, "", "vault")?.map(|value| Setting { value, origin: Origin::File });
        let flag = sources.overrides.vault.clone().map(|value| Setting::flag("--vault", value));
        let (environment, disk, folder) = (sources.environment, &**sources.disk, sources.folder);
        let places = SecretPlaces { environment, disk, folder, shared: Arc::default() };
        let variable = places.in_environment("EVERLIT_VAULT")?;
        let Some(mut address) = flag.or(variable).or(in_file) else { return Ok(None) };
        if let Some((start, rest)) = without_password(&address.value)
            && let Some(password) = places.secret(PASSWORD)?
        {
            let password = utf8_percent_encode(&password.value, NON_ALPHANUMERIC);
            address.value = format!("{start}:{password}@{rest}");
        }
        let parsed = address.value.parse::<VaultAddress>().map_err(|error| {
            let next = match &address.origin {
                // The command would be shown with the same flag.
                Origin::Flag(flag) => Step::note(format!("run it again with {flag} and a correct address")),
                origin => {
                    Step::everlit("doctor").with_note(format!("once the vault's address ({origin}) is corrected"))
                }
            };
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
        let master_key_command = command.flatten().unwrap_or_default();
        if master_key_file.is_some() && !master_key_command.is_empty() {
            wrong(invalid("`master_key_command` is not used: `master_key_file` comes first. Remove one of them"));
        }
        // What is wrong with it stands among the problems of the service.
        let spill = spill_folder(sources).ok().flatten();
        Ok(Some(Self {
            address: Setting { value: parsed.within(sources.folder), origin: address.origin },
            master_key_file: master_key_file.map(|file| sources.folder.join(file)),
            master_key_command,
            spill: spill.unwrap_or_else(|| StateFolder::within(sources.folder).path().join("spill")),
        }))
    }

    /// The files of the vault on this machine, also those that SQLite keeps beside it, and the master key's.
    pub(crate) fn files(&self) -> impl Iterator<Item = PathBuf> {
        let beside = |end: &str| {
            let mut file = self.address.value.file()?.clone().into_os_string();
            file.push(end);
            Some(PathBuf::from(file))
        };
        let of_sqlite = ["", "-wal", "-shm"].map(beside).into_iter().flatten();
        of_sqlite.chain(self.master_key_file.clone())
    }

    /// The text of [`CONFIG_FILE`] with this line, unless it has one of that name.
    pub fn added_to(text: &str, name: &str, value: &str) -> Result<String, ConfigError> {
        let mut file = parse_config(text)?;
        if !file.contains_key(name) {
            file.insert(name, Item::Value(value.into()));
        }
        Ok(file.to_string())
    }
}

/// The accounts of a vault: names sorted.
#[derive(Debug, Default)]
pub(crate) struct VaultAccounts {
    /// Those that are kept alive.
    pub(crate) names: Vec<AccountName>,
    /// Those that are not, because a person has said so.
    pub(crate) paused: Vec<AccountName>,
    /// Why others cannot be read.
    pub(crate) problems: Vec<ConfigError>,
}

/// The password of a vault's server, if its address has none; also `EVERLIT_VAULT_PASSWORD_FILE`.
const PASSWORD: &str = "EVERLIT_VAULT_PASSWORD";

/// The address of a server that names a user and no password: what comes before the password, and what comes after it.
fn without_password(address: &str) -> Option<(&str, &str)> {
    let login = address.find("://")? + "://".len();
    let end = login + address[login..].find(['/', '?']).unwrap_or(address.len() - login);
    let at = login + address[login..end].rfind('@')?;
    (!address[login..at].contains(':')).then(|| (&address[..at], &address[at + 1..]))
}

/// What to do where no vault is named.
pub fn no_vault() -> ConfigError {
    let message = format!("no vault is named: set `vault` in {CONFIG_FILE}, EVERLIT_VAULT or --vault");
    ConfigError::new(message, Step::everlit("vault create"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_goes_between_user_and_host() {
        let cases = [
            ("postgres://me@db/vault", Some(("postgres://me", "db/vault"))),
            ("postgres://me@db", Some(("postgres://me", "db"))),
            ("postgres://me:secret@db/vault", None),
            ("postgres://db/vault?user=a@b", None),
            ("sqlite:me@home.db", None),
            ("", None),
        ];
        for (address, parts) in cases {
            assert_eq!(without_password(address), parts, "{address}");
        }
    }
}
