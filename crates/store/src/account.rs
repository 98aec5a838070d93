//! The files of one account: what they are called, and where in the env file the token stands.

use std::fmt;
use std::path::{Path, PathBuf};

use everlit_envfile::{EnvError, EnvFile};
use everlit_keeper::{AccountName, StoreError, StoreErrorClass};
use everlit_meta_api::{Token, TokenKind};

/// The names under which sites keep the token when it is not `IG_ACCESS_TOKEN`.
pub const WELL_KNOWN_KEYS: [&str; 8] = [
    "INSTAGRAM_ACCESS_TOKEN",
    "INSTAGRAM_TOKEN",
    "INSTAGRAM_LONG_LIVED_TOKEN",
    "IG_TOKEN",
    "THREADS_ACCESS_TOKEN",
    "FACEBOOK_ACCESS_TOKEN",
    "FB_ACCESS_TOKEN",
    "META_ACCESS_TOKEN",
];

/// The key that is looked for first.
pub(crate) const DEFAULT_KEY: &str = "IG_ACCESS_TOKEN";

/// The files of one account; paths are as the user gave them, relative to the project folder or absolute.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProjectAccount {
    /// Its name.
    pub name: AccountName,
    /// The env file that holds the token.
    pub env_file: PathBuf,
    /// The key in that file.
    pub key: Key,
    /// The metadata file.
    pub metadata: PathBuf,
}

/// Which key of the env file holds the token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Key {
    /// `IG_ACCESS_TOKEN`; where it is absent, the one of [`WELL_KNOWN_KEYS`] that is there.
    Default,
    /// This one.
    Named(String),
}

impl ProjectAccount {
    /// The new token that is not in use yet.
    pub(crate) fn candidate(&self, home: &Path) -> PathBuf {
        self.private(home, "")
    }

    /// The old content of an env file that is being written in place.
    pub(crate) fn recovery(&self, home: &Path) -> PathBuf {
        self.private(home, "-recovery")
    }

    /// The old content of a metadata file that is being written in place.
    pub(crate) fn metadata_recovery(&self, home: &Path) -> PathBuf {
        self.private(home, "-metadata")
    }

    /// What somebody was last told.
    pub(crate) fn alert_state(&self, home: &Path) -> PathBuf {
        self.private(home, "-told")
    }

    /// Its time of modification is that of the last run.
    pub(crate) fn last_run(&self, home: &Path) -> PathBuf {
        self.private(home, "-run")
    }

    /// One run at a time.
    pub(crate) fn lock(&self, home: &Path) -> PathBuf {
        self.private(home, "-lock")
    }

    /// One edit of the env file at a time: two accounts may share one.
    pub(crate) fn edit_lock(&self, home: &Path) -> PathBuf {
        home.join(format!(
            ".env.everlit-edit-{}.local",
            tame(&self.env_file.file_name().unwrap_or_default().to_string_lossy())
        ))
    }

    /// `.env.everlit.local` and its like: every name is covered by the usual ignore rule `.env*.local`, and two
    /// accounts in one folder never meet.
    fn private(&self, home: &Path, purpose: &str) -> PathBuf {
        let file = self.env_file.file_name().unwrap_or_default().to_string_lossy();
        let named = match &self.key {
            Key::Named(key) if key != DEFAULT_KEY => Some(key),
            _ => None,
        };
        let beside_env = home.ends_with(self.env_file.parent().unwrap_or_else(|| Path::new("")));
        let whose = match named {
            // Env files of one name from several folders meet beside the metadata, where each account has its own.
            _ if !beside_env => format!(".{}", tame(&self.metadata.file_name().unwrap_or_default().to_string_lossy())),
            None if file == ".env.local" => String::new(),
            None => format!(".{}", tame(&file)),
            Some(key) => format!(".{}.{}", tame(&file), tame(key)),
        };
        home.join(format!(".env.everlit{whose}{purpose}.local"))
    }

    /// The token in the env file, and whether it stands under another name than expected.
    pub(crate) fn token_in(&self, file: &EnvFile<'_>) -> Result<(Token, Option<String>), StoreError> {
        let (key, note) = self.find_key(file)?;
        let value = file.value(&key).map_err(|error| self.no_token(StoreErrorClass::Unusable, &error))?;
        let Some(value) = value else {
            return Err(self.no_token(StoreErrorClass::Missing, &format!("{key} is not set there")));
        };
        if value.trim_ascii().is_empty() {
            return Err(self.no_token(StoreErrorClass::Missing, &format!("{key} is empty")));
        }
        match Token::parse(&String::from_utf8_lossy(&value)) {
            Ok(token) => Ok((token.or_kind(kind_by_name(&key)), note)),
            Err(error) => Err(self.no_token(StoreErrorClass::NotAToken, &format!("{key}: {error}"))),
        }
    }

    /// The key that holds the token; where the default one is absent, the one well-known name that is there.
    pub(crate) fn find_key(&self, file: &EnvFile<'_>) -> Result<(String, Option<String>), StoreError> {
        if let Key::Named(key) = &self.key {
            return Ok((key.clone(), None));
        }
        // A key that is there and cannot be read (copies that differ, say) is not absent.
        let set = |key: &str| file.assignments(key).next().is_some();
        let known: Vec<&str> = WELL_KNOWN_KEYS.into_iter().filter(|key| set(key)).collect();
        match known.as_slice() {
            [only] if !set(DEFAULT_KEY) => {
                let note = format!("{DEFAULT_KEY} is not set in {}; taking {only}", self.env_file.display());
                Ok(((*only).to_owned(), Some(note)))
            }
            [] | [_] => Ok((DEFAULT_KEY.to_owned(), None)),
            _ if set(DEFAULT_KEY) => Ok((DEFAULT_KEY.to_owned(), None)),
            several => {
                let message = format!("it sets {}; say which one with --key", several.join(" and "));
                Err(self.no_token(StoreErrorClass::Unusable, &message))
            }
        }
    }

    /// The words that people search for, and why.
    pub(crate) fn no_token(&self, class: StoreErrorClass, why: &dyn fmt::Display) -> StoreError {
        let file = self.env_file.display();
        StoreError::new(class, format!("Could not load current token from {file}: {why}")).at(&self.env_file)
    }

    pub(crate) fn cannot_edit(&self, error: &EnvError) -> StoreError {
        let message = format!("a new token could not be put into {}: {error}", self.env_file.display());
        StoreError::new(StoreErrorClass::Unusable, message).at(&self.env_file)
    }
}

/// What a key's name says of the token in it, for tokens whose prefix says nothing.
fn kind_by_name(key: &str) -> TokenKind {
    let key = key.to_ascii_uppercase();
    let has = |word: &str| key.split('_').any(|part| part == word);
    match () {
        () if has("IG") || has("INSTAGRAM") => TokenKind::Instagram,
        () if has("THREADS") => TokenKind::Threads,
        () if has("FACEBOOK") || has("FB") => TokenKind::Facebook,
        () => TokenKind::Unknown,
    }
}

/// A name as a part of a file name: lower case, everything but letters, digits and `_` a dash.
fn tame(name: &str) -> String {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let dashed: String = name.chars().map(|c| if is_kept(c) { c.to_ascii_lowercase() } else { '-' }).collect();
    dashed.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn env_files_of_one_name_from_two_read_only_folders_do_not_meet_beside_the_metadata() {
        let account = |folder: &str| ProjectAccount {
            name: AccountName::new(folder),
            env_file: Path::new(folder).join(".env"),
            key: Key::Default,
            metadata: Path::new("scripts").join(format!("{folder}.json")),
        };
        let home = Path::new("/site/scripts");
        assert_ne!(account("a").candidate(home), account("b").candidate(home));
        assert_eq!(account("a").candidate(Path::new("/site/a")), Path::new("/site/a/.env.everlit.env.local"));
    }

    #[test]
    fn private_files_never_meet_and_the_usual_ignore_rule_covers_them() {
        let keyed = |key: &str| Key::Named(key.to_owned());
        let accounts = [
            (".env.local", Key::Default),
            (".env", Key::Default),
            (".env.production", Key::Default),
            (".env.local", keyed("SHOP_TOKEN")),
            (".env.local", keyed("SHOP")),
            (".env", keyed("PRODUCTION")),
            ("lock", Key::Default),
        ];
        let mut names: Vec<String> = accounts
            .into_iter()
            .flat_map(|(env_file, key)| {
                let (name, metadata) = (AccountName::new("a"), "m.json".into());
                let account = ProjectAccount { name, env_file: env_file.into(), key, metadata };
                let home = Path::new("");
                let others = [account.lock(home), account.alert_state(home), account.last_run(home)];
                let copies = [account.recovery(home), account.metadata_recovery(home)];
                [account.candidate(home)].into_iter().chain(copies).chain(others)
            })
            .map(|path| path.display().to_string())
            .collect();
        let is_ignored =
            |name: &String| name.strip_prefix(".env").and_then(|rest| rest.strip_suffix(".local")).is_some();
        assert!(names.iter().all(is_ignored), "{names:?}");
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "{names:?}");
    }
}
