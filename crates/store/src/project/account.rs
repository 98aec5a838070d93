//! One account of a project: its env file, its metadata file, and the key that holds the token.

use std::fmt;
use std::path::PathBuf;

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

/// The env file of a project that names none.
pub(crate) const DEFAULT_ENV_FILE: &str = ".env.local";

/// The key that is tried first.
pub const DEFAULT_KEY: &str = "IG_ACCESS_TOKEN";

/// One account's files as the user named them: paths relative to the project folder, or absolute.
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
    /// The key that, with the env file, identifies the account's private files.
    pub(crate) fn identifying_key(&self) -> &str {
        match &self.key {
            Key::Default => DEFAULT_KEY,
            Key::Named(key) => key,
        }
    }

    /// Whether the token may be under this key.
    pub(crate) fn may_be_under(&self, key: &str) -> bool {
        match &self.key {
            Key::Default => key == DEFAULT_KEY || WELL_KNOWN_KEYS.contains(&key),
            Key::Named(named) => key == named,
        }
    }

    /// The token in the env file, with a note if it has another name than expected.
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

    /// Finds the key that holds the token: where the default one is absent, the only well-known name that is there.
    pub(crate) fn find_key(&self, file: &EnvFile<'_>) -> Result<(String, Option<String>), StoreError> {
        if let Key::Named(key) = &self.key {
            return Ok((key.clone(), None));
        }
        // A key that is there but cannot be read (its copies differ, say) is not absent.
        let set = |key: &str| file.assignments(key).next().is_some();
        if set(DEFAULT_KEY) {
            return Ok((DEFAULT_KEY.to_owned(), None));
        }
        let known: Vec<&str> = WELL_KNOWN_KEYS.into_iter().filter(|key| set(key)).collect();
        match known.as_slice() {
            [] => Ok((DEFAULT_KEY.to_owned(), None)),
            [only] => {
                let note = format!("{DEFAULT_KEY} is not set in {}; taking {only}", self.env_file.display());
                Ok(((*only).to_owned(), Some(note)))
            }
            several => {
                let message = format!("it sets {}; say which one with --key", several.join(" and "));
                Err(self.no_token(StoreErrorClass::Unusable, &message))
            }
        }
    }

    /// The message that people search for, and why.
    pub(crate) fn no_token(&self, class: StoreErrorClass, why: &dyn fmt::Display) -> StoreError {
        let file = self.env_file.display();
        StoreError::new(class, format!("Could not load current token from {file}: {why}")).at(&self.env_file)
    }

    pub(crate) fn cannot_edit(&self, error: &EnvError) -> StoreError {
        let message = format!("a new token could not be put into {}: {error}", self.env_file.display());
        StoreError::new(StoreErrorClass::Unusable, message).at(&self.env_file)
    }
}

/// What a key's name says about its token, for tokens whose prefix says nothing.
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
