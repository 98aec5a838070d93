//! Where records and tokens live, as the keeper sees it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use everlit_meta_api::{BoxFuture, Timestamp, Token};

use crate::policy::LONGEST_LIFE;
use crate::{AccountName, Candidate, Delivery, Expiry, Record, Target};

/// A place where accounts are kept: project files, a vault.
pub trait Store: Send + Sync + std::fmt::Debug {
    /// Reads an account without a lock. `now` dates a token that was never seen before. Where there is no token and a
    /// candidate from a person waits, that candidate counts as the token in use: only its last step is missing.
    fn load<'a>(&'a self, account: &'a AccountName, now: Timestamp) -> BoxFuture<'a, Result<Stored, StoreError>>;

    /// At most `limit` accounts that have work now, the most urgent first, as [`Stored::urgency`] orders them. A vault
    /// answers from two indexed columns, [`Record::next_check_at`] and the expiry, and loads no record for it.
    /// An account that cannot be read is work too: a run has to report it.
    fn due(&self, now: Timestamp, limit: usize) -> BoxFuture<'_, Result<Vec<AccountName>, StoreError>>;

    /// The place behind an entry of [`Record::deliveries`] that the store itself has made, such as a copy of the token in
    /// another file of the project; `None` for an entry of any other target.
    fn copy(&self, _: &AccountName, _: &Delivery) -> Option<Arc<dyn Target>> {
        None
    }

    /// The right to deliver the account's token, or [`StoreErrorClass::Locked`] at once if another run has it. Whoever holds
    /// it may take the lease too, and not the other way round.
    fn lease_deliveries<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Guard<'a>, StoreError>>;

    /// The right to change one account, or [`StoreErrorClass::Locked`] at once if another run has it.
    fn lease<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Box<dyn Lease + 'a>, StoreError>>;
}

/// A right that is given back when dropped, and by the system if the process dies.
pub type Guard<'a> = Box<dyn std::fmt::Debug + Send + 'a>;

/// The right to change one account; given back when dropped, and by the system if the process dies.
pub trait Lease: Send + std::fmt::Debug {
    /// Reads the account again under the lease.
    fn load(&mut self, now: Timestamp) -> BoxFuture<'_, Result<Stored, StoreError>>;

    /// [`Stored::notes`] about what this lease has written.
    fn notes(&mut self, now: Timestamp) -> BoxFuture<'_, Vec<String>> {
        Box::pin(async move { self.load(now).await.map_or_else(|_| Vec::new(), |stored| stored.notes) })
    }

    /// Proves that a new token can be saved (files writable and replaceable, space reserved) before Meta is asked for one.
    fn reserve(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Makes a token that was just received durable, before anything else happens to it.
    fn save_candidate<'a>(&'a mut self, candidate: &'a Candidate) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Makes the candidate the current token, then saves `record`, then removes the candidate.
    /// Repeating it after a crash at any point is safe.
    fn promote<'a>(&'a mut self, candidate: &'a Candidate, record: &'a Record)
    -> BoxFuture<'a, Result<(), StoreError>>;

    /// Takes the newest candidate, which was refused, out of the way. It is kept for people; a candidate that it replaced waits
    /// again.
    fn discard_candidate(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Keeps the token that is about to be replaced, as [`Stored::previous`].
    fn keep_previous<'a>(&'a mut self, previous: &'a Candidate) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Forgets it: the token in use works.
    fn forget_previous(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Forgets it, and candidates that were discarded: the token in use works, and is newer than they are.
    fn forget_kept(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Saves the record; the token stays as it is.
    fn save_record<'a>(&'a mut self, record: &'a Record) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// One account as found in a store.
#[derive(Debug)]
pub struct Stored {
    /// The token in use.
    pub current: Token,
    /// What is known about it.
    pub record: Record,
    /// A newer token that an earlier run received and did not finish saving.
    pub candidate: Option<Candidate>,
    /// The token that was in use before, until the one in use has proved that it works.
    pub previous: Option<Candidate>,
    /// What was odd about the stored state and did not stop the read, for people; free of secrets.
    pub notes: Vec<String>,
}

impl Stored {
    /// The place in the queue of [`Store::due`], smallest first; `None` if there is no work at `now`.
    ///
    /// An unfinished candidate comes first, then a token without a known expiry, then the nearest expiry. A check that is
    /// dated further ahead than any token lives was written by a wrong clock and counts as due.
    pub fn urgency(&self, now: Timestamp) -> Option<i64> {
        let is_due = self.record.next_check_at.is_none_or(|at| at <= now || at > now + LONGEST_LIFE);
        match (&self.candidate, self.record.expiry) {
            (Some(_), _) => Some(i64::MIN),
            (None, _) if !is_due => None,
            (None, Expiry::Unknown) => Some(i64::MIN + 1),
            (None, Expiry::At(end) | Expiry::Assumed(end)) => Some(end.as_unix()),
            (None, Expiry::Never) => Some(i64::MAX),
        }
    }
}

/// Why a store could not do as asked. Names paths, keys and line numbers, never a value.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    /// What it means for the account.
    pub class: StoreErrorClass,
    /// The file or folder concerned, where there is one.
    pub path: Option<PathBuf>,
    /// What the system answered, where it was asked: `StorageFull`, `ReadOnlyFilesystem` and `PermissionDenied` tell a
    /// full disk, a read-only one and a missing permission apart.
    pub io: Option<io::ErrorKind>,
    /// What happened and what to do, for people.
    pub message: String,
}

/// What a [`StoreError`] means for the account.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum StoreErrorClass {
    /// There is no such place, or no token in it: no env file, no key, no account of that name.
    Missing,
    /// The account is there, and nobody has given it a token yet.
    NoToken,
    /// The place exists and cannot be read, understood or edited as it stands.
    Unusable,
    /// The text in the token's place cannot be a token.
    NotAToken,
    /// Another run is at work on this account.
    Locked,
    /// The place is elsewhere and does not answer now.
    Unreachable,
    /// A write failed, or cannot work.
    NotSaved,
}

impl StoreError {
    /// An error that concerns no single file.
    pub fn new(class: StoreErrorClass, message: impl Into<String>) -> Self {
        Self { class, path: None, io: None, message: message.into() }
    }

    /// A system call that failed: ``cannot <action> `<path>`: <error>``.
    pub fn io(class: StoreErrorClass, action: &str, path: &Path, error: &io::Error) -> Self {
        let message = format!("cannot {action} `{}`: {error}", path.display());
        Self { class, path: Some(path.to_owned()), io: Some(error.kind()), message }
    }

    /// Another run holds the lock: `holder` names its process and host, and since when.
    pub fn locked(holder: &str) -> Self {
        Self::new(StoreErrorClass::Locked, format!("another run holds the lock: {holder}"))
    }

    /// The same error about this file.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    /// Whether another run is at work on this account.
    pub fn is_locked(&self) -> bool {
        self.class == StoreErrorClass::Locked
    }
}
