//! Where records and tokens live, as the keeper sees it.

use everlit_meta_api::{AccountId, BoxFuture, Fingerprint, Timestamp, Token, TokenError};

use crate::alert::policy::AlertState;
use crate::record::{AccountName, Expiry, Record};

/// A place where accounts are kept: project files, a vault.
pub trait Store: Send + Sync + std::fmt::Debug {
    /// What is there now, read without a lock. `now` dates a token that was never seen before. Where there is none and a
    /// candidate from a person waits, that one is the token in use: only its last step is missing.
    fn load<'a>(&'a self, account: &'a AccountName, now: Timestamp) -> BoxFuture<'a, Result<Stored, StoreError>>;

    /// The right to change one account, or [`StoreError::Locked`] at once if another run has it.
    fn lease<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Box<dyn Lease + 'a>, StoreError>>;

    /// What somebody was last told about an account, whether or not its record and its token can be read. Nothing, where
    /// nothing is kept or what is kept cannot be understood: then they are told once more.
    fn alert_state<'a>(&'a self, account: &'a AccountName) -> BoxFuture<'a, AlertState>;

    /// Remembers it; [`AlertState::default`] is kept as nothing.
    fn save_alert_state<'a>(
        &'a self,
        account: &'a AccountName,
        alert_state: &'a AlertState,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// The right to tell anybody anything, or [`StoreError::Locked`] at once if another run has it: of two runs that find
    /// the same, one tells.
    fn lease_alerts(&self, now: Timestamp) -> BoxFuture<'_, Result<Guard<'_>, StoreError>>;
}

/// A right that is given back when dropped, and by the system if the process dies.
pub type Guard<'a> = Box<dyn std::fmt::Debug + Send + 'a>;

/// The right to change one account; given back when dropped, and by the system if the process dies.
pub trait Lease: Send + std::fmt::Debug {
    /// What is there now, read again under the lease.
    fn load(&mut self, now: Timestamp) -> BoxFuture<'_, Result<Stored, StoreError>>;

    /// Proves that a new token can be saved (place writable and replaceable, room kept free) before Meta is asked for one.
    fn reserve(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Makes a token that was just received durable, before anything else happens to it.
    fn save_candidate<'a>(&'a mut self, candidate: &'a Candidate) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Makes the candidate the current token, then saves `record`, then lets the candidate go.
    /// Repeating it after a crash at any point is safe.
    fn promote<'a>(&'a mut self, candidate: &'a Candidate, record: &'a Record)
    -> BoxFuture<'a, Result<(), StoreError>>;

    /// Lets a refused candidate go.
    fn discard_candidate(&mut self) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Saves what is known; the token stays as it is.
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
    /// What was odd about the stored state and has been read past, for people; free of secrets.
    pub notes: Vec<String>,
}

/// A token that Meta has handed out, or a person has given, and that is not yet in use.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The new token.
    pub token: Token,
    /// The token it takes over from.
    pub replaces: Fingerprint,
    /// When it was received.
    pub received_at: Timestamp,
    /// When it dies.
    pub expiry: Expiry,
    /// Whose it is, where known.
    pub account: Option<AccountId>,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a [`Candidate`] came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// Meta gave it for the token in use.
    Refresh,
    /// A person gave it: it may be of another account than the token in use, and there may have been none in use, in which
    /// case it stands as replacing itself.
    Person,
}

/// Why a store could not do as asked. Paths and line numbers, never a value.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StoreError {
    /// There is no such place: no env file, no vault.
    #[error("{message}")]
    Missing {
        /// What is missing, where, and what to do, in words.
        message: String,
    },
    /// The place is there and cannot be understood or is not usable as it stands.
    #[error("{message}")]
    Unusable {
        /// What is wrong with it, in words.
        message: String,
    },
    /// What stands there as a token cannot be one.
    #[error("{place}: {error}")]
    NotAToken {
        /// File and key.
        place: String,
        /// What it is instead.
        error: TokenError,
    },
    /// Another run is at work on this account.
    #[error("another run holds the lock: {holder}")]
    Locked {
        /// Process, host and since when, as the holder noted it.
        holder: String,
    },
    /// Writing failed, or cannot work.
    #[error("{message}")]
    NotSaved {
        /// What could not be written, why, and what is there now, in words.
        message: String,
    },
}
