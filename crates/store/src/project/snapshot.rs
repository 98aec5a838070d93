//! What everlit knows about an account, as one JSON document: for a machine whose disk is empty at every run, which keeps the
//! document where it reads the token from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use everlit_disk::{ReplaceError, ReplaceOptions, replace};
use everlit_keeper::{AccountName, StoreError, StoreErrorClass};
use everlit_meta_api::{Secret, Timestamp, Token};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::project::candidate;
use crate::project::files::{AccountFiles, AccountPaths};
use crate::project::lease::not_saved;
use crate::project::metadata::OURS;
use crate::project::read::ProjectFiles;

/// The version of the document.
const SCHEMA: u32 = 1;

/// The document. It contains tokens if any is kept beside the one in use.
#[derive(Default, Deserialize, Serialize)]
pub struct Snapshot {
    #[serde(rename = "everlit_state")]
    schema: u32,
    /// The metadata and what was told, as JSON.
    #[serde(default)]
    notes: BTreeMap<String, Value>,
    /// Tokens that are not in use.
    #[serde(default)]
    tokens: BTreeMap<String, String>,
    /// The note of the last run, whose date is that of its file, in seconds since 1970.
    #[serde(default)]
    last_run_at: Option<i64>,
    /// The fingerprint of the token that the one in use has taken the place of, where every place of it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<String>,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot with {} tokens", self.tokens.len())
    }
}

const METADATA: &str = "metadata";
const CANDIDATE: &str = "candidate";
const LAST_RUN: &str = "last_run";

impl Snapshot {
    /// Reads a document; one of a later version, or of anybody else, is an error in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let snapshot: Self =
            serde_json::from_str(text).map_err(|_| "does not contain the state of everlit".to_owned())?;
        match snapshot.schema {
            SCHEMA => Ok(snapshot),
            later => Err(format!("was written by a later everlit (version {later} of its format)")),
        }
    }

    /// The document in at most `room` bytes, without the oldest events where it would be longer; `None` if it does not fit.
    pub fn text(mut self, room: usize) -> Option<Secret> {
        loop {
            let text = serde_json::to_string(&self).unwrap_or_default();
            if text.len() <= room {
                return Some(Secret::new(text));
            }
            if !self.forget_older_half() && self.tokens.remove("refused").is_none() {
                return None;
            }
        }
    }

    /// The document without tokens, for a place that others can read.
    #[must_use]
    pub fn without_tokens(self) -> Self {
        Self { tokens: BTreeMap::new(), ..self }
    }

    /// Whether this token is the one on record.
    pub fn is_about(&self, token: &Token) -> bool {
        let on_record = self.notes.get(METADATA).and_then(|metadata| metadata.get(OURS)?.get("fingerprint")?.as_str());
        on_record == Some(&*token.fingerprint().to_string())
    }

    /// Whether the token in use is the candidate, and on record as such: a rotation has put it in use since.
    fn has_promoted(&self, token: &Token) -> bool {
        let candidate = self.tokens.get(CANDIDATE).and_then(|text| candidate::read(text.as_bytes()));
        self.is_about(token) && candidate.is_some_and(|waiting| waiting.candidate.token.expose() == token.expose())
    }

    /// `false` if there is no event to forget.
    fn forget_older_half(&mut self) -> bool {
        let ours = self.notes.get_mut(METADATA).and_then(|metadata| metadata.get_mut(OURS));
        match ours.and_then(|ours| ours.get_mut("events")).and_then(Value::as_array_mut) {
            Some(events) if !events.is_empty() => {
                events.drain(..events.len().div_ceil(2));
                true
            }
            _ => false,
        }
    }
}

/// The private files of an account under their names in the document: those with notes, and those with tokens.
fn private_files(home: &AccountFiles) -> [[(&'static str, PathBuf); 3]; 2] {
    let notes = [("alerts", home.alerts()), ("record", home.record()), (LAST_RUN, home.last_run())];
    let tokens = [(CANDIDATE, home.candidate()), ("previous", home.previous()), ("refused", home.refused())];
    [notes, tokens]
}

impl ProjectFiles {
    /// Everything about an account but the token in use.
    pub fn snapshot(&self, account: &AccountName) -> Result<Snapshot, StoreError> {
        let paths = self.paths(self.account(account)?);
        let mut snapshot = Snapshot { schema: SCHEMA, ..Snapshot::default() };
        let metadata = self.read_metadata(&paths, &self.existing(&paths)?);
        let metadata =
            metadata.map_err(|error| StoreError::io(StoreErrorClass::Unusable, "read", &paths.metadata, &error))?;
        let json = |bytes: &[u8]| serde_json::from_slice(bytes).ok();
        snapshot.notes.extend(metadata.and_then(|bytes| Some((METADATA.to_owned(), json(&bytes)?))));
        for home in &paths.homes {
            let [notes, tokens] = private_files(home);
            for (name, path) in notes {
                let bytes = self.read_if_there(&path, candidate::LARGEST)?;
                snapshot.notes.extend(bytes.and_then(|bytes| Some((name.to_owned(), json(&bytes)?))));
            }
            for (name, path) in tokens {
                // A file that is only reserved, or torn, holds no token.
                let bytes = self.read_if_there(&path, candidate::LARGEST)?;
                let bytes = bytes.filter(|bytes| candidate::read(bytes).is_some());
                let text = bytes.and_then(|bytes| Some(String::from_utf8(bytes).ok()?.trim_end().to_owned()));
                snapshot.tokens.extend(text.map(|text| (name.to_owned(), text + "\n")));
            }
        }
        snapshot.last_run_at = self.last_run(account).map(|run| run.at.as_unix());
        Ok(snapshot)
    }

    /// Writes the files of an account that has none: its token, and what a snapshot says.
    pub fn restore(&self, account: &AccountName, token: Option<&Token>, snapshot: &Snapshot) -> Result<(), StoreError> {
        let account = self.account(account)?;
        let paths = self.paths(account);
        let AccountPaths { env, metadata, homes } = &*paths;
        if let Some(token) = token {
            let line = format!("{}={}\n", account.identifying_key(), token.expose());
            self.write(env, line.as_bytes())?;
        }
        if let Some(notes) = snapshot.notes.get(METADATA) {
            self.write(metadata, format!("{notes:#}\n").as_bytes())?;
        }
        let Some(home) = homes.first() else { return Ok(()) };
        home.state
            .create(&*self.disk)
            .map_err(|error| StoreError::io(StoreErrorClass::NotSaved, "create", home.state.path(), &error))?;
        let [notes, tokens] = private_files(home);
        let is_done = token.is_some_and(|token| snapshot.has_promoted(token));
        for (name, path) in tokens.into_iter().filter(|(name, _)| !(is_done && *name == CANDIDATE)) {
            snapshot.tokens.get(name).map_or(Ok(()), |text| self.write(&path, text.as_bytes()))?;
        }
        for (name, path) in notes.into_iter().filter(|(name, _)| *name != LAST_RUN) {
            snapshot.notes.get(name).map_or(Ok(()), |value| self.write(&path, value.to_string().as_bytes()))?;
        }
        if let (Some(note), Some(at)) = (snapshot.notes.get(LAST_RUN), snapshot.last_run_at) {
            self.restore_last_run(home, note, Timestamp::from_unix(at));
        }
        Ok(())
    }

    fn write(&self, path: &Path, content: &[u8]) -> Result<(), StoreError> {
        match replace(&*self.disk, path, content, &ReplaceOptions::private()) {
            Ok(()) | Err(ReplaceError::NotDurable { .. }) => Ok(()),
            Err(error) => Err(not_saved(&error)),
        }
    }
}
