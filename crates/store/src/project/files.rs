//! The paths of a project's files. Every file of everlit's own is named here and nowhere else.
//!
//! They lie in one folder, `.everlit/`, beside the env file; where nothing can be created there (a single env file
//! mounted into a container), beside the metadata.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::project::account::{DEFAULT_ENV_FILE, DEFAULT_KEY};
use crate::project::format::sha256;

/// The name of the folder of everlit's own files.
pub const STATE_FOLDER: &str = ".everlit";

/// The path of everlit's own secrets, relative to the project folder, as messages show it.
pub const SECRETS_FILE: &str = ".everlit/secrets.env";

/// A folder of everlit's own files, which may not exist yet: mode 0700, ignored by git.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StateFolder {
    path: PathBuf,
}

impl StateFolder {
    /// The state folder in `folder`.
    pub fn within(folder: &Path) -> Self {
        Self { path: folder.join(STATE_FOLDER) }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The secrets of the project: addresses of channels, the app's secret.
    pub fn secrets(&self) -> PathBuf {
        self.path.join("secrets.env")
    }

    /// Heartbeats that could not be sent.
    pub fn heartbeats(&self) -> PathBuf {
        self.path.join("heartbeats.json")
    }

    /// Held while the settings or the secrets of the project are edited.
    pub fn settings_lock(&self) -> PathBuf {
        self.path.join("settings.lock")
    }

    /// Held while alerts are sent.
    pub fn alerts_lock(&self) -> PathBuf {
        self.path.join("alerts.lock")
    }

    /// Holds `*`, so that git ignores the folder.
    pub(crate) fn gitignore(&self) -> PathBuf {
        self.path.join(".gitignore")
    }

    /// The old contents of files that are being written in place.
    pub fn recovery(&self) -> PathBuf {
        self.path.join("recovery")
    }
}

/// Whose a private file is: an env file, as seen from the folder that holds the state folder, and a key in it.
///
/// A relative path, so that a project can be moved or mounted elsewhere and still find its files.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Identity {
    env_file: String,
    key: String,
}

impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in {}", self.key, self.env_file)
    }
}

/// The private files of one account in one state folder. Two accounts never share one, save for the env file's lock.
#[derive(Clone, Debug)]
pub(crate) struct AccountFiles {
    pub(crate) state: StateFolder,
    pub(crate) identity: Identity,
    /// Empty for `IG_ACCESS_TOKEN` in `.env.local`, else `-` and a hash of the identity.
    suffix: String,
    /// The same for the env file alone.
    env_suffix: String,
}

impl AccountFiles {
    fn new(folder: &Path, env_file: &Path, key: &str) -> Self {
        let seen = relative(folder, env_file);
        let name = seen.as_os_str().as_encoded_bytes();
        let is_default = seen == Path::new(DEFAULT_ENV_FILE);
        let suffix =
            |is_plain: bool, parts: &[&[u8]]| if is_plain { String::new() } else { format!("-{}", hash(parts)) };
        Self {
            state: StateFolder::within(folder),
            suffix: suffix(is_default && key == DEFAULT_KEY, &[name, key.as_bytes()]),
            env_suffix: suffix(is_default, &[name]),
            identity: Identity { env_file: with_slashes(&seen).to_string_lossy().into_owned(), key: key.to_owned() },
        }
    }

    /// The new token that is not in use yet.
    pub(crate) fn candidate(&self) -> PathBuf {
        self.named("candidate", "")
    }

    /// The token that was in use before, until the one in use has proved that it works.
    pub(crate) fn previous(&self) -> PathBuf {
        self.named("previous", "")
    }

    /// A token that Meta sent and that was not put in use, for people; gone with the next that is.
    pub(crate) fn refused(&self) -> PathBuf {
        self.named("refused", "")
    }

    /// Held by a run that works on the account.
    pub(crate) fn lock(&self) -> PathBuf {
        self.named("lock", "")
    }

    /// Held while the account's token is delivered.
    pub(crate) fn deliveries_lock(&self) -> PathBuf {
        self.named("deliveries", ".lock")
    }

    /// What people were last told.
    pub(crate) fn alerts(&self) -> PathBuf {
        self.named("alerts", ".json")
    }

    /// The record, while the metadata file cannot be written.
    pub(crate) fn record(&self) -> PathBuf {
        self.named("record", ".json")
    }

    /// The note of the last run.
    pub(crate) fn last_run(&self) -> PathBuf {
        self.named("last-run", "")
    }

    /// Held while the env file is edited: several accounts may share one.
    pub(crate) fn env_lock(&self) -> PathBuf {
        self.state.path.join(format!("env{}.lock", self.env_suffix))
    }

    /// The old content of the env file while it is written in place.
    pub(crate) fn env_recovery(&self) -> PathBuf {
        self.state.recovery().join(format!("env{}", self.suffix))
    }

    /// The old content of the metadata file while it is written in place.
    pub(crate) fn metadata_recovery(&self) -> PathBuf {
        self.state.recovery().join(format!("metadata{}", self.suffix))
    }

    /// The old content of another env file, which holds a copy of the token, while it is written in place.
    pub(crate) fn copy_recovery(&self, target: &str) -> PathBuf {
        self.state.recovery().join(format!("copy{}-{}", self.suffix, hash(&[target.as_bytes()])))
    }

    fn named(&self, name: &str, ending: &str) -> PathBuf {
        self.state.path.join(format!("{name}{}{ending}", self.suffix))
    }
}

/// The paths of one account's files.
#[derive(Clone, Debug)]
pub(crate) struct AccountPaths {
    pub(crate) env: PathBuf,
    pub(crate) metadata: PathBuf,
    /// Its private files beside the env file, and beside the metadata where that is another folder.
    pub(crate) homes: Vec<AccountFiles>,
}

impl AccountPaths {
    /// `env` is the env file itself, symbolic links followed, so that every name of it leads to the same private files.
    pub(crate) fn new(env: PathBuf, metadata: PathBuf, key: &str) -> Self {
        let mut folders = vec![folder_of(&env)];
        if folder_of(&metadata) != folders[0] {
            folders.push(folder_of(&metadata));
        }
        let homes = folders.into_iter().map(|folder| AccountFiles::new(folder, &env, key)).collect();
        Self { env, metadata, homes }
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or_else(|| Path::new(""))
}

/// `path` as seen from `folder`, by its text alone.
pub(crate) fn relative(folder: &Path, path: &Path) -> PathBuf {
    let (folder, path) = (plain(folder), plain(path));
    let (folder, path): (Vec<_>, Vec<_>) = (folder.components().collect(), path.components().collect());
    let shared = folder.iter().zip(&path).take_while(|(a, b)| a == b).count();
    let up = folder.iter().skip(shared).map(|_| Component::ParentDir);
    up.chain(path.iter().skip(shared).copied()).collect()
}

/// The path as it is stored and shown, the same on every system.
pub fn with_slashes(path: &Path) -> PathBuf {
    match path.to_str() {
        Some(text) if cfg!(windows) => text.replace('\\', "/").into(),
        _ => path.to_owned(),
    }
}

/// Without `.` and `..`.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// The first 16 hexadecimal digits of a SHA-256 over the parts, each ended by a zero byte.
fn hash(parts: &[&[u8]]) -> String {
    let bytes: Vec<u8> = parts.iter().flat_map(|part| [part, &[0][..]]).flatten().copied().collect();
    let mut name = sha256(&bytes);
    name.truncate(16);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(env: &str, metadata: &str, key: &str) -> AccountPaths {
        AccountPaths::new(Path::new("/site").join(env), Path::new("/site").join(metadata), key)
    }

    fn all(files: &AccountFiles) -> Vec<PathBuf> {
        let copies = [files.env_recovery(), files.metadata_recovery()];
        let tokens = [files.candidate(), files.previous(), files.refused()];
        let notes = [files.lock(), files.alerts(), files.record(), files.last_run()];
        tokens.into_iter().chain(notes).chain(copies).collect()
    }

    #[test]
    fn the_default_account_has_plain_names() {
        let files = &paths(".env.local", "scripts/instagram-token.json", DEFAULT_KEY).homes[0];
        let names = ["candidate", "previous", "refused", "lock", "alerts.json", "record.json", "last-run"];
        let names = names.into_iter().chain(["recovery/env", "recovery/metadata"]);
        assert_eq!(all(files), names.map(|name| Path::new("/site/.everlit").join(name)).collect::<Vec<_>>());
        assert_eq!(files.env_lock(), Path::new("/site/.everlit/env.lock"));
    }

    #[test]
    fn no_two_accounts_share_a_private_file() {
        let accounts = [
            (".env.local", "m.json", DEFAULT_KEY),
            ("scripts/.env.local", "scripts/m.json", DEFAULT_KEY),
            (".env", "m.json", DEFAULT_KEY),
            (".env.lock", "m.json", DEFAULT_KEY),
            (".env.shop.local", "m.json", DEFAULT_KEY),
            (".env.shop-local", "m.json", DEFAULT_KEY),
            (".env.local", "m.json", "SHOP_TOKEN"),
            (".env.local", "m.json", "SHOP"),
            (".env", "m.json", "LOCAL"),
            ("a/.env.local", "scripts/m.json", DEFAULT_KEY),
            ("b/.env.local", "scripts/m.json", DEFAULT_KEY),
        ];
        let mut files: Vec<PathBuf> = accounts
            .iter()
            .flat_map(|(env, metadata, key)| paths(env, metadata, key).homes)
            .flat_map(|files| all(&files))
            .collect();
        let count = files.len();
        files.sort();
        files.dedup();
        assert_eq!(files.len(), count, "{files:#?}");
    }

    #[test]
    fn accounts_in_one_env_file_share_its_lock() {
        let lock = |env: &str, key| paths(env, "scripts/m.json", key).homes.remove(0).env_lock();
        assert_eq!(lock(".env", DEFAULT_KEY), lock(".env", "SHOP"));
        assert_ne!(lock(".env", DEFAULT_KEY), lock(".env.local", DEFAULT_KEY));
    }

    #[test]
    fn a_project_that_is_moved_keeps_its_names() {
        let at = |root: &str| {
            let root = Path::new(root);
            let paths = AccountPaths::new(root.join("site/.env"), root.join("scripts/../meta/m.json"), "SHOP");
            let mine = |files: &AccountFiles| {
                let inside = |path: PathBuf| path.strip_prefix(root).unwrap().to_owned();
                (all(files).into_iter().map(inside).collect::<Vec<_>>(), files.identity.clone())
            };
            paths.homes.iter().map(mine).collect::<Vec<_>>()
        };
        assert_eq!(at("/srv/app"), at("/home/somebody/app"));
        assert_eq!(at("/srv/app")[1].1.env_file, "../site/.env");
    }
}
