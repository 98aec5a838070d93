//! The places in which the token of one account survives the run.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use everlit_disk::{Disk, ReplaceOptions, Replacement, create_folder, replace};
use everlit_keeper::{AccountName, DeliveryError, StoreError, StoreErrorClass, in_time};
use everlit_meta_api::{Fingerprint, Timestamp, Token};
use everlit_store::{DEFAULT_KEY, Key, ProjectAccount, ProjectFiles, Snapshot};
use everlit_target::{Place, STATE};
use tempfile::TempDir;

/// A folder that is never created, of accounts that cannot be worked on.
const NOWHERE: &str = ".everlit/nowhere";

/// The accounts without files of their own, and the folder that takes their place.
#[derive(Debug)]
pub(crate) struct Hosted {
    /// Removed in the end; `None` if it could not be created.
    pub(crate) folder: Option<TempDir>,
    pub(crate) homes: HashMap<AccountName, Arc<Home>>,
    /// Why an account cannot be worked on.
    pub(crate) unavailable: HashMap<AccountName, StoreError>,
}

impl Hosted {
    /// The folder of an account's files.
    pub(crate) fn folder_of(&self, account: &AccountName) -> PathBuf {
        self.folder.as_ref().map_or_else(|| Path::new(NOWHERE), TempDir::path).join(account.as_str())
    }

    /// The files of an account, with the token under this key or the usual one.
    pub(crate) fn files_of(&self, account: &AccountName, key: Option<&str>) -> ProjectAccount {
        let folder = self.folder_of(account);
        let key = key.unwrap_or(DEFAULT_KEY).to_owned();
        ProjectAccount {
            name: account.clone(),
            env_file: folder.join(".env.local"),
            key: Key::Named(key),
            metadata: folder.join("token.json"),
        }
    }
}

/// Where the token of one account comes from, and where it is kept.
#[derive(Debug)]
pub(crate) struct Home {
    /// The places that keep the token.
    places: Vec<Arc<dyn Place>>,
    source: Source,
    /// Whether what the place takes waits for the end of a rotation.
    is_rotated: bool,
    /// What this run has put there.
    written: Mutex<Written>,
    /// Whether an earlier run has noted that the token was the newest.
    is_on_record: OnceLock<bool>,
}

#[derive(Debug, Default)]
struct Written {
    /// The places that took the token.
    names: Vec<String>,
    /// The token that they held before.
    replaced: Option<Fingerprint>,
}

/// Where a token and everlit's state come from.
#[derive(Debug)]
pub(crate) enum Source {
    /// A place that keeps both.
    Place(Arc<dyn Place>),
    /// The process environment; what is not secret is kept in a folder, if one is named.
    Variable { name: String, token: Token, cache: Option<PathBuf>, disk: Arc<dyn Disk> },
}

impl fmt::Display for Home {
    /// `site keeps the token, which comes from the environment`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = self.written();
        let all = || self.places.iter().map(|place| place.name()).collect();
        let names: Vec<&str> =
            if written.names.is_empty() { all() } else { written.names.iter().map(String::as_str).collect() };
        let verb = if names.len() == 1 { "keeps" } else { "keep" };
        write!(f, "{} {verb} the token", names.join(", "))?;
        match &self.source {
            Source::Place(_) => Ok(()),
            Source::Variable { .. } => f.write_str(", which comes from the environment"),
        }
    }
}

impl Home {
    pub(crate) fn new(places: Vec<Arc<dyn Place>>, source: Source) -> Self {
        Self { places, source, is_rotated: false, written: Mutex::default(), is_on_record: OnceLock::new() }
    }

    /// The same in a rotation: what the place takes is not in use yet.
    pub(crate) fn rotated(self, is_rotated: bool) -> Self {
        Self { is_rotated, ..self }
    }

    /// Whether what the place takes waits for the end of a rotation.
    pub(crate) fn is_rotated(&self) -> bool {
        self.is_rotated
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the account's files as they were after the last run.
    pub(crate) async fn fetch(&self, files: &ProjectFiles, account: &AccountName) -> Result<(), StoreError> {
        let unusable = |message: String| StoreError::new(StoreErrorClass::Unusable, message);
        let (token, state) = match &self.source {
            Source::Variable { name, token, cache, disk } => {
                if let Some(folder) = cache {
                    // Without it, every run refreshes: that is better known before the first one.
                    let error = |why: String| {
                        unusable(format!("the cache folder {} cannot be written: {why}", folder.display()))
                    };
                    create_folder(&**disk, folder).map_err(|why| error(why.to_string()))?;
                    let room =
                        Replacement::reserve(&**disk, &cache_file(folder, account), ROOM, &ReplaceOptions::default());
                    drop(room.map_err(|why| error(why.to_string()))?);
                }
                let read = |folder: &PathBuf| disk.read(&cache_file(folder, account), LARGEST).ok();
                let cached = cache.as_ref().and_then(read);
                // A cache that is damaged, or not there, costs a refresh.
                let state = cached.and_then(|bytes| Snapshot::parse(&String::from_utf8(bytes).ok()?).ok());
                let state: Snapshot = state.unwrap_or_default();
                if state.replaced.as_deref() == Some(&token.fingerprint().to_string()) {
                    return Err(unusable(format!(
                        "{name} in the environment is still the token that was replaced: no target writes the secret that it comes \
                         from. Add one that does, or read the token from a target with `source = true`"
                    )));
                }
                let _ = self.is_on_record.set(state.is_about(token));
                (Some(token.clone()), state)
            }
            Source::Place(place) => {
                let source = place.source().ok_or_else(|| unusable("a token cannot be read from there".to_owned()))?;
                let unread = |error: DeliveryError| unfit(&**place, "be read", &error);
                let token = in_time(place.timeout(), source.token())
                    .await
                    .map_err(unread)?
                    .filter(|text| !text.expose().trim().is_empty());
                let token = token.map(|text| Token::parse(text.expose())).transpose();
                let token =
                    token.map_err(|error| unusable(format!("{} does not hold a token: {error}", place.name())))?;
                let state = in_time(place.timeout(), source.state()).await.map_err(unread)?;
                let state = state.map(|text| Snapshot::parse(text.expose())).transpose();
                // It may contain a token that is nowhere else, so it is not taken for nothing.
                let state = state.map_err(|why| {
                    unusable(format!(
                        "the state of everlit beside the token in {} (the key that ends with {STATE}) {why}. It may hold a \
                         newer token: put it right, or upgrade everlit; delete it only if nothing else helps",
                        place.name()
                    ))
                })?;
                (token, state.unwrap_or_default())
            }
        };
        files.restore(account, token.as_ref(), &state)
    }

    /// Proves that a token could be kept, before Meta is asked for one.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        let mut refusal = None;
        for place in &self.places {
            match in_time(place.timeout(), place.check()).await {
                Ok(_) => return Ok(()),
                Err(error) => refusal = refusal.or_else(|| Some(unfit(&**place, "keep the token", &error))),
            }
        }
        Err(refusal.unwrap_or_else(|| StoreError::new(StoreErrorClass::NotSaved, "no target keeps the token")))
    }

    /// Puts a token into every place; one that refuses it is tried again like any other target, unless none takes it.
    /// Returns the names of those that hold it.
    pub(crate) async fn put(&self, token: &Token, expires_at: Option<Timestamp>) -> Result<Vec<String>, StoreError> {
        let (mut names, mut refusal) = (Vec::new(), None);
        for place in &self.places {
            match in_time(place.timeout(), place.deliver(token, expires_at)).await {
                Ok(_) => names.push(place.name().to_owned()),
                Err(error) => refusal = refusal.or_else(|| Some(not_kept(&**place, &error))),
            }
        }
        match refusal {
            Some(error) if names.is_empty() => Err(error),
            _ => {
                self.written().names.clone_from(&names);
                Ok(names)
            }
        }
    }

    /// Notes which token the one in use has taken the place of.
    pub(crate) fn note_replaced(&self, token: &Token) {
        let mut written = self.written();
        // One that a place did not take may be needed again.
        written.replaced = (written.names.len() == self.places.len()).then(|| token.fingerprint());
    }

    /// Whether a place may hold a newer token than this one: a variable may be as old as its secret is.
    pub(crate) fn may_be_outdated(&self, token: &Token) -> bool {
        let is_variable = matches!(&self.source, Source::Variable { token: in_variable, .. } if in_variable == token);
        is_variable && self.is_on_record.get() != Some(&true)
    }

    /// Whether the state beside the token keeps a candidate; else the token's own places have to.
    pub(crate) fn keeps_candidates(&self) -> bool {
        matches!(self.source, Source::Place(_))
    }

    pub(crate) async fn save_state(&self, files: &ProjectFiles, account: &AccountName) -> Result<(), StoreError> {
        let mut snapshot = files.snapshot(account)?;
        snapshot.replaced = self.written().replaced.as_ref().map(ToString::to_string);
        match &self.source {
            Source::Place(place) => {
                let Some(source) = place.source() else { return Ok(()) };
                let text = snapshot.text(source.room()).ok_or_else(|| {
                    let message = format!("{} has no room for what everlit must remember", place.name());
                    StoreError::new(StoreErrorClass::NotSaved, message)
                })?;
                let saved = in_time(place.timeout(), source.save_state(&text)).await;
                saved.map_err(|error| not_kept(&**place, &error))
            }
            Source::Variable { cache: None, .. } => Ok(()),
            Source::Variable { cache: Some(folder), disk, .. } => {
                let file = cache_file(folder, account);
                let failed = |error: &std::io::Error| StoreError::io(StoreErrorClass::NotSaved, "write", &file, error);
                let Some(text) = snapshot.without_tokens().text(LARGEST) else { return Ok(()) };
                create_folder(&**disk, folder).map_err(|error| failed(&error))?;
                replace(&**disk, &file, text.expose().as_bytes(), &ReplaceOptions::default())
                    .map_err(|error| StoreError::new(StoreErrorClass::NotSaved, error.to_string()).at(&file))
            }
        }
    }
}

const LARGEST: usize = 1 << 20;

/// What a record without a history takes.
const ROOM: usize = 4096;

fn cache_file(folder: &Path, account: &AccountName) -> PathBuf {
    folder.join(format!("{account}.json"))
}

/// The place cannot do it: now, or until a person has looked.
fn unfit(place: &dyn Place, what: &str, error: &DeliveryError) -> StoreError {
    let class = match (error.needs_person(), what) {
        (false, _) => StoreErrorClass::Unreachable,
        (true, "be read") => StoreErrorClass::Unusable,
        (true, _) => StoreErrorClass::NotSaved,
    };
    StoreError { io: error.io, ..StoreError::new(class, format!("{} cannot {what}: {error}", place.name())) }
}

fn not_kept(place: &dyn Place, error: &DeliveryError) -> StoreError {
    let message = format!("{} cannot keep the token: {error}", place.name());
    StoreError { io: error.io, ..StoreError::new(StoreErrorClass::NotSaved, message) }
}
