//! Copies of an account's token in other env files of the project. Each is a delivery of its own: noted before the token
//! changes, made after it is in place, and tried again at every run until it is done.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use everlit_disk::{
    Disk, Recovered, ReplaceError, ReplaceOptions, Replacement, check_links, read_private, recover, take_turn,
    uninterrupted,
};
use everlit_envfile::EnvFile;
use everlit_keeper::{AccountName, Delivery, DeliveryError, DeliveryErrorClass, Receipt, Stored, Target};
use everlit_meta_api::{BoxFuture, Fingerprint, Timestamp, Token};

use crate::project::account::ProjectAccount;
use crate::project::family::{Relative, Tracking, place_of, read_family, token_at, who_prefers};
use crate::project::files::{AccountPaths, plain};
use crate::project::read::ProjectFiles;

/// Another place in the env files of a project that holds a token.
#[derive(Debug)]
struct OtherToken {
    /// The env file, as seen from the project folder.
    file: PathBuf,
    key: String,
    token: Token,
    /// Whether git tracks the file; `None` if that is not known.
    is_tracked: Option<bool>,
}

impl OtherToken {
    /// What people should know about it, beside the token in use in the env file `own`.
    fn note(&self, own: &Path, current: &Token) -> Option<String> {
        let (file, key) = (self.file.display(), &self.key);
        if self.token == *current {
            let why = why_left_alone(self.is_tracked)?;
            let message = format!("{file} holds the same token in {key}, and {why}: everlit leaves it alone");
            return Some(format!("{message}, so that copy will go stale"));
        }
        let who = who_prefers(&self.file, own)?;
        Some(format!("{file} holds another token in {key}, and {who} reads that one, not the one in {}", own.display()))
    }
}

/// What keeps everlit from writing a token into a file, by what git says of it.
fn why_left_alone(is_tracked: Option<bool>) -> Option<&'static str> {
    match is_tracked {
        Some(false) => None,
        Some(true) => Some("git tracks it"),
        None => Some("git cannot be asked whether it tracks the file"),
    }
}

/// `./.env.production:IG_ACCESS_TOKEN`
fn name_of(file: &Path, key: &str) -> String {
    format!("./{}:{key}", file.display())
}

impl ProjectFiles {
    /// Also updates copies of a token in the other env files of the project, except in files that git tracks.
    #[must_use]
    pub fn with_copies(mut self, tracking: Arc<dyn Tracking>) -> Self {
        self.tracking = Some(tracking);
        self
    }

    /// The other places in the project's env files that matter to an account: those with its token or its key, and those
    /// that its deliveries name; and what could not be read, for people.
    fn other_tokens(&self, account: &AccountName, stored: &Stored) -> (Vec<OtherToken>, Vec<String>) {
        let (mut notes, mut found) = (Vec::new(), Vec::new());
        let family = self.family.get_or_init(|| read_family(&self.disk, &self.folder, None));
        let places = || stored.record.deliveries.iter().filter_map(|delivery| place_of(&delivery.target));
        let elsewhere = places().map(|(file, _)| file).filter(|file| family.iter().all(|known| known.file != *file));
        let elsewhere: Vec<PathBuf> = elsewhere.map(Path::to_owned).collect();
        let read = |files: Vec<PathBuf>| read_family(&self.disk, &self.folder, Some(files));
        let elsewhere = Some(elsewhere).filter(|files| !files.is_empty()).map(read).unwrap_or_default();
        for Relative { file, tokens } in family.iter().chain(&elsewhere) {
            match tokens {
                Ok(tokens) => found.extend(tokens.iter().map(|(key, token)| (file, key, token))),
                Err(why) => notes.push(format!("{} {why}", file.display())),
            }
        }
        if found.is_empty() {
            return (Vec::new(), notes);
        }
        let (Ok(own_key), Ok(account)) = (self.key(account), self.account(account)) else { return Default::default() };
        let matters = |(file, key, token): &(&PathBuf, &String, &Token)| {
            let is_named = || places().any(|place| place == (&***file, key));
            (**token == stored.current || **key == own_key || is_named())
                && !self.is_owned(account, &own_key, file, key)
        };
        let other = |(file, key, token): (&PathBuf, &String, &Token)| OtherToken {
            is_tracked: self.tracks(file),
            file: file.clone(),
            key: key.clone(),
            token: token.clone(),
        };
        (found.into_iter().filter(matters).map(other).collect(), notes)
    }

    fn tracks(&self, file: &Path) -> Option<bool> {
        self.tracking.as_ref().map_or(Some(false), |git| git.tracks(file))
    }

    /// What people should know about the other tokens in the project's env files.
    pub fn notes_on_copies(&self, account: &AccountName, stored: &Stored) -> Vec<String> {
        let Ok(own) = self.account(account) else { return Vec::new() };
        let (others, mut notes) = self.other_tokens(account, stored);
        notes.extend(others.iter().filter_map(|other| other.note(&own.env_file, &stored.current)));
        notes
    }

    /// Whether an account keeps its token there.
    fn is_owned(&self, current: &ProjectAccount, own_key: &str, file: &Path, key: &str) -> bool {
        // The disk of another account, which may hang, is not asked: its file goes by its name.
        let id = |path: &Path| uninterrupted(|| self.disk.stat(&self.folder.join(path))).ok().map(|stat| stat.id);
        let is_own_file = || id(file).is_some_and(|found| found != (0, 0) && Some(found) == id(&current.env_file));
        self.accounts.iter().any(|account| {
            let is_key = if account.name == current.name { own_key == key } else { account.may_be_under(key) };
            let same_name = || plain(&self.folder.join(&account.env_file)) == plain(&self.folder.join(file));
            is_key && (same_name() || account.name == current.name && is_own_file())
        })
    }

    /// Notes the copies of the token in use as deliveries, and drops those that are copies no more. Returns whether the
    /// record has changed.
    pub(crate) fn note_copies(&self, account: &ProjectAccount, paths: &AccountPaths, stored: &mut Stored) -> bool {
        if self.tracking.is_none() {
            return false;
        }
        let (others, notes) = self.other_tokens(&account.name, stored);
        let (current, record) = (stored.current.fingerprint(), &mut stored.record);
        let before = record.deliveries.clone();
        let unread = !notes.is_empty();
        stored.notes.extend(notes);
        stored.notes.extend(others.iter().filter_map(|other| other.note(&account.env_file, &stored.current)));
        for other in &others {
            let name = name_of(&other.file, &other.key);
            let known = record.deliveries.iter_mut().find(|delivery| delivery.target == name);
            match known {
                _ if other.token != stored.current => {}
                // A person has put it there meanwhile, or a run that was interrupted before it could note it.
                Some(known) if known.delivered == Some(current) => {}
                Some(known) => (known.delivered, known.failure, known.attempts) = (Some(current), None, 0),
                None => record.deliveries.push(Delivery { delivered: Some(current), ..Delivery::never(name) }),
            }
        }
        record.deliveries.retain(|delivery| {
            let Some((file, key)) = place_of(&delivery.target) else { return true };
            let there = others.iter().find(|other| other.file == file && other.key == key);
            let holds = there.map(|other| other.token.fingerprint());
            // While not everything could be read, or a write waits to be finished, nothing is dropped.
            let is_copy = unread
                || holds.is_some() && (holds == Some(current) || holds == delivery.delivered)
                || self.disk.lstat(&recovery_of(paths, &delivery.target)).is_ok();
            if !is_copy {
                let why = if holds.is_some() {
                    "now holds a different token and was left alone"
                } else {
                    "no longer holds a token"
                };
                stored.notes.push(format!("{} {why}", delivery.target));
            }
            is_copy
        });
        record.deliveries != before
    }

    /// The place of a delivery that was noted for a copy.
    pub(crate) fn copy_at(&self, account: &ProjectAccount, delivery: &Delivery) -> Option<Arc<dyn Target>> {
        self.tracking.as_ref()?;
        let (file, key) = place_of(&delivery.target)?;
        Some(Arc::new(EnvCopy {
            disk: Arc::clone(&self.disk),
            name: delivery.target.clone(),
            path: self.folder.join(file),
            key: key.to_owned(),
            held: delivery.delivered,
            is_tracked: self.tracks(file),
            recovery: recovery_of(&self.paths(account), &delivery.target),
        }))
    }
}

/// The old content of a copy's file while it is written in place.
fn recovery_of(paths: &AccountPaths, name: &str) -> PathBuf {
    paths.homes[0].copy_recovery(name)
}

/// A token in another env file.
#[derive(Clone, Debug)]
struct EnvCopy {
    disk: Arc<dyn Disk>,
    name: String,
    path: PathBuf,
    key: String,
    /// The token that everlit knows to be there: no other is overwritten.
    held: Option<Fingerprint>,
    /// Whether git tracks the file; `None` if that is not known.
    is_tracked: Option<bool>,
    recovery: PathBuf,
}

impl Target for EnvCopy {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move { self.put_in_time(token).map(|()| Receipt::default()) })
    }
}

impl EnvCopy {
    /// On a thread of its own, so that a disk that hangs keeps nobody waiting for long. A write that ends later replaces
    /// only the token that was there before.
    fn put_in_time(&self, token: &Token) -> Result<(), DeliveryError> {
        const TIMEOUT: Duration = Duration::from_secs(3);
        let (send, outcome) = mpsc::channel();
        let (copy, token) = (self.clone(), token.clone());
        let put = move || drop(send.send(copy.put(&token)));
        let thread = thread::Builder::new().name("copy".to_owned()).spawn(put);
        thread.map_err(|error| failed(format!("no thread could be started: {error}"), error.kind()))?;
        let timeout = |_| failed("the disk or its server does not answer".to_owned(), io::ErrorKind::TimedOut);
        outcome.recv_timeout(TIMEOUT).map_err(timeout)?
    }

    fn put(&self, token: &Token) -> Result<(), DeliveryError> {
        /// Nobody edits a file five times within milliseconds, except on purpose.
        const ATTEMPTS: usize = 5;
        if let Some(why) = why_left_alone(self.is_tracked) {
            let message = format!("{why}, so everlit leaves it alone: put the new token there, or take it out");
            return Err(DeliveryError::new(DeliveryErrorClass::RefusedByRule, message));
        }
        let disk = &*self.disk;
        check_links(disk, &self.path).map_err(|error| failed(error.to_string(), error.kind()))?;
        // Several accounts may have copies in one file.
        let _turn = take_turn(disk, &self.path).map_err(|error| failed(error.to_string(), error.kind()))?;
        self.finish_interrupted(token)?;
        for _ in 0..ATTEMPTS {
            let old = self.read()?;
            let Some(new) = self.with_token(&old, token)? else { return Ok(()) };
            let options = ReplaceOptions { recovery: Some(self.recovery.clone()), ..ReplaceOptions::default() };
            let room = Replacement::reserve(disk, &self.path, new.len(), &options);
            match room.and_then(|room| room.commit_over(Some(&old), &new)) {
                Err(ReplaceError::Changed { .. }) => {}
                // It is there; only a power cut within the next moments could undo it.
                Ok(()) | Err(ReplaceError::NotDurable { .. }) => return self.check(token),
                Err(error) => return Err(not_replaced(&error)),
            }
        }
        Err(failed("it is being changed again and again by something else".to_owned(), io::ErrorKind::Other))
    }

    /// Finishes a write in place that a crash has torn.
    fn finish_interrupted(&self, token: &Token) -> Result<(), DeliveryError> {
        const LARGEST: usize = 1 << 20;
        let old = match read_private(&*self.disk, &self.recovery, LARGEST) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            old => old.map_err(|error| failed(error.to_string(), error.kind()))?,
        };
        let wanted = self.with_token(&old, token)?.unwrap_or_else(|| old.clone());
        match recover(&*self.disk, &self.path, &self.recovery, &wanted).map_err(|error| not_replaced(&error))? {
            Recovered::Edited { kept } => {
                let message = format!(
                    "it was edited after an interrupted write; its content from before is in {}",
                    kept.display()
                );
                Err(failed(message, io::ErrorKind::Other))
            }
            _ => Ok(()),
        }
    }

    /// The content with the token; `None` if it is there.
    fn with_token(&self, old: &[u8], token: &Token) -> Result<Option<Vec<u8>>, DeliveryError> {
        let env = EnvFile::parse(old);
        match token_at(&env, &self.key) {
            Some(found) if found == *token => Ok(None),
            Some(found) if Some(found.fingerprint()) == self.held => {
                let new = env.with_value(&self.key, token.expose().as_bytes());
                new.map(Some).map_err(|error| failed(error.to_string(), io::ErrorKind::InvalidData))
            }
            found => {
                let other = "it now holds a different token and was left alone";
                let message = if found.is_some() { other } else { "it no longer holds a token" };
                Err(failed(message.to_owned(), io::ErrorKind::InvalidData))
            }
        }
    }

    fn check(&self, token: &Token) -> Result<(), DeliveryError> {
        match self.with_token(&self.read()?, token)? {
            None => Ok(()),
            Some(_) => Err(failed("the new token could not be read back".to_owned(), io::ErrorKind::Other)),
        }
    }

    fn read(&self) -> Result<Vec<u8>, DeliveryError> {
        const LARGEST: usize = 1 << 20;
        let read = uninterrupted(|| self.disk.read(&self.path, LARGEST));
        read.map_err(|error| failed(format!("it cannot be read: {error}"), error.kind()))
    }
}

fn failed(message: String, kind: io::ErrorKind) -> DeliveryError {
    DeliveryError { io: Some(kind), ..DeliveryError::retry(message) }
}

fn not_replaced(error: &ReplaceError) -> DeliveryError {
    DeliveryError { io: error.kind(), ..DeliveryError::retry(error.to_string()) }
}
