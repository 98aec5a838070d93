//! What a vault asks of a database. Everything secret is sealed before it comes here; SQL is written in the files below.

use std::fmt;
use std::path::PathBuf;

use everlit_meta_api::{BoxFuture, Timestamp};
use everlit_store::rfc3339;

use crate::VaultError;

/// The answer of a database.
pub(crate) type Answer<'a, T> = BoxFuture<'a, Result<T, VaultError>>;

/// How long a lease lasts, by the clock of the database, in seconds: longer than the work on one account may take.
pub(crate) const LEASE_SECONDS: i64 = 300;

/// Accounts whose token dies within this time, in seconds, come before all others.
pub(crate) const CRITICAL: i64 = everlit_planner::CRITICAL.as_secs().cast_signed();

/// Accounts that did not stand well when they were last saved. The same words as in the index.
pub(crate) const TROUBLED: &str = "state NOT IN ('healthy', 'due', 'too_young', 'paused', 'no_token')";

/// The state of an account at the time `now`, a parameter of the statement: what was last saved, unless the token has expired
/// since, which nobody has to look for.
pub(crate) fn state_at(now: &str) -> String {
    format!(
        "CASE WHEN state IN ('healthy', 'due', 'too_young', 'retrying', 'expiring') AND expires_at <= {now} \
         THEN 'expired' ELSE state END"
    )
}

/// The events of an account that are read with it.
pub(crate) const EVENTS_READ: usize = everlit_keeper::Record::EVENTS_KEPT;

/// The tables and indexes that a script of the schema makes.
pub(crate) fn made_by(script: &'static str) -> impl Iterator<Item = &'static str> {
    let made = |line: &'static str| line.strip_prefix("CREATE TABLE ").or_else(|| line.strip_prefix("CREATE INDEX "));
    script.lines().filter_map(move |line| made(line)?.split(' ').next())
}

/// That a table or an index of the vault is not there.
pub(crate) fn is_missing(name: &str) -> String {
    format!("`{name}` is missing in the database of the vault; restore a backup")
}

/// A database that holds a vault. Each call is one transaction, durable once it has answered.
pub(crate) trait Database: Send + Sync + fmt::Debug {
    /// The version of the schema; 0 for an empty database.
    fn version(&self) -> Answer<'_, u32>;

    /// Brings the schema up to date.
    fn migrate(&self) -> Answer<'_, ()>;

    /// Makes ready for the next two months from this time on. To be called now and then; what happens without it is slower
    /// and not wrong.
    fn maintain(&self, now: i64) -> Answer<'_, ()>;

    /// A value of the whole vault.
    fn setting(&self, name: &'static str) -> Answer<'_, Option<Vec<u8>>>;

    /// Stores a value of the whole vault.
    fn put_setting(&self, name: &'static str, value: Vec<u8>) -> Answer<'_, ()>;

    /// Stores a value in the place of one that begins with these eight bytes, or of none; `false` if another is there.
    fn replace_setting(
        &self,
        name: &'static str,
        old: Option<Vec<u8>>,
        new: Vec<u8>,
        event: NewEvent,
    ) -> Answer<'_, bool>;

    /// Stores the id of a new vault and its first keys, unless it has some: then `false`.
    fn found(&self, id: Vec<u8>, keys: Vec<KeyRow>) -> Answer<'_, bool>;

    /// All data keys.
    fn keys(&self) -> Answer<'_, Vec<KeyRow>>;

    /// Adds data keys, or stores those of the same id anew.
    fn put_keys(&self, keys: Vec<KeyRow>) -> Answer<'_, ()>;

    /// How many accounts were sealed with each key.
    fn accounts_by_key(&self) -> Answer<'_, Vec<(u32, u64)>>;

    /// Adds an account; `false` if the name is taken.
    fn insert(&self, account: NewAccount) -> Answer<'_, bool>;

    /// Removes an account with everything but its events; `false` if there is none.
    fn remove(&self, id: i64, event: NewEvent) -> Answer<'_, bool>;

    /// The account with this name, with what is kept beside it and its latest events.
    fn account(&self, name_index: Vec<u8>) -> Answer<'_, Option<AccountRow>>;

    /// The accounts after this id, in the order of ids, without what is kept beside them.
    fn page(&self, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>>;

    /// The same, of those that an older key has sealed.
    fn page_of_older_keys(&self, key: u32, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>>;

    /// The same, of those that did not stand well when they were last saved.
    fn page_of_troubled(&self, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>>;

    /// The same, of those beside which a token is kept.
    fn page_with_kept(&self, after: i64, limit: usize) -> Answer<'_, Vec<AccountRow>>;

    /// Notes that this account cannot be read. Its next save overwrites that.
    fn mark_unreadable(&self, id: i64) -> Answer<'_, ()>;

    /// The first accounts of which that is noted.
    fn unreadable(&self, limit: usize) -> Answer<'_, Vec<i64>>;

    /// Another account of the same owner.
    fn same_owner(&self, owner_index: Vec<u8>) -> Answer<'_, Vec<AccountRow>>;

    /// At most `limit` accounts that are due, the most urgent first.
    fn due(&self, now: i64, limit: usize) -> Answer<'_, Vec<AccountRow>>;

    /// Takes the lease of an account, if nobody has it.
    fn lease(&self, name_index: Vec<u8>, lease: NewLease) -> Answer<'_, Leased>;

    /// Takes the leases of the most urgent accounts that are due and that nobody has.
    fn claim(&self, now: i64, limit: usize, lease: NewLease) -> Answer<'_, Vec<AccountRow>>;

    /// Extends a lease; `false` if somebody else has taken it.
    fn renew(&self, account: i64, lease: i64) -> Answer<'_, bool>;

    /// Gives leases back, at the latest before the next call is answered.
    fn release(&self, account: i64, lease: i64);

    /// Saves an account, unless another has saved it since, or has its lease: then `false`.
    fn save(&self, save: Save) -> Answer<'_, bool>;

    /// Adds a token beside the one in use and returns its id; `None` if the account does not exist. Nothing is replaced, so no lease is
    /// needed.
    fn keep(&self, account: i64, kind: Kept, sealed: Vec<u8>) -> Answer<'_, Option<i64>>;

    /// Changes what is kept under a lease: these become [`Kept::Refused`], those are forgotten. `false` as for `save`.
    fn change_kept(&self, account: i64, lease: i64, refused: Vec<i64>, forgotten: Vec<i64>) -> Answer<'_, bool>;

    /// What people were last told about accounts with these names.
    fn alerts(&self, name_indexes: Vec<Vec<u8>>) -> Answer<'_, Vec<AlertRow>>;

    /// Those of these names of whom people were told something that still counts.
    fn alerted(&self, name_indexes: Vec<Vec<u8>>) -> Answer<'_, Vec<Vec<u8>>>;

    /// Stores what people were told about these accounts, all of it or nothing. Accounts that are gone are left out.
    fn put_alerts(&self, alerts: Vec<(i64, Option<Vec<u8>>)>) -> Answer<'_, ()>;

    /// Takes a lease that belongs to no account, or says who has it.
    fn lease_named(&self, name: &'static str, lease: NewLease) -> Answer<'_, Option<Holder>>;

    /// Gives it back, at the latest before the next call is answered.
    fn release_named(&self, name: &'static str, lease: i64);

    /// The latest events, of one account or of all, newest first.
    fn events(&self, account: Option<i64>, limit: usize) -> Answer<'_, Vec<EventRow>>;

    /// How many accounts there are in each state at this time.
    fn states(&self, now: i64) -> Answer<'_, Vec<(String, u64)>>;

    /// The queue at this time. Counting stops at `most`.
    fn queue(&self, now: i64, most: usize) -> Answer<'_, Queue>;

    /// Makes accounts due whose time is after this one: a wrong clock has written it. Returns how many.
    fn make_due(&self, after: i64, now: i64) -> Answer<'_, u64>;

    /// How many times a target lacks a token. Counting stops at `most`.
    fn undelivered(&self, most: usize) -> Answer<'_, u64>;

    /// Stores that a worker lives, and what it has done.
    fn put_worker(&self, worker: WorkerRow) -> Answer<'_, ()>;

    /// The workers, the one that was seen last first. Forgets those that were not seen for a day.
    fn workers(&self) -> Answer<'_, Vec<WorkerRow>>;

    /// Forgets a worker that has ended.
    fn remove_worker(&self, id: i64) -> Answer<'_, ()>;

    /// What is wrong with the database itself, whatever its rows say: tables that are missing, a damaged file.
    fn damage(&self) -> Answer<'_, Vec<String>>;

    /// Copies the whole database into a new file, while others go on working with it.
    fn back_up(&self, to: PathBuf) -> Answer<'_, ()>;
}

/// What people were last told about an account.
#[derive(Clone, Debug)]
pub(crate) struct AlertRow {
    pub(crate) name_index: Vec<u8>,
    pub(crate) account: i64,
    pub(crate) sealed: Option<Vec<u8>>,
}

/// A data key, wrapped with the master key.
#[derive(Clone, Debug)]
pub(crate) struct KeyRow {
    /// 0 is the key of the indexes, the others seal.
    pub(crate) id: u32,
    /// The id of the master key that has wrapped it.
    pub(crate) master: String,
    pub(crate) wrapped: Vec<u8>,
    /// Seconds since 1970.
    pub(crate) created_at: i64,
}

/// An account that is to be added.
#[derive(Clone, Debug)]
pub(crate) struct NewAccount {
    pub(crate) id: i64,
    pub(crate) name_index: Vec<u8>,
    pub(crate) columns: Columns,
    pub(crate) event: NewEvent,
}

/// What a row says in clear text beside its sealed content: what the database searches by.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) sealed: Vec<u8>,
    pub(crate) key: u32,
    /// `instagram`, `facebook`, `threads` or `unknown`.
    pub(crate) platform: &'static str,
    /// How the account stands, in a word.
    pub(crate) state: &'static str,
    pub(crate) owner_index: Option<Vec<u8>>,
    /// Seconds since 1970, as all times here.
    pub(crate) expires_at: Option<i64>,
    pub(crate) data_access_ends_at: Option<i64>,
    /// `None` while there is nothing to do.
    pub(crate) run_at: Option<i64>,
}

/// An account as stored.
#[derive(Clone, Debug)]
pub(crate) struct AccountRow {
    pub(crate) id: i64,
    pub(crate) name_index: Vec<u8>,
    pub(crate) generation: i64,
    /// The generation that the queue knows: if the row was put back, it is the higher one.
    /// `None` if the queue does not have the account.
    pub(crate) queued_generation: Option<i64>,
    pub(crate) sealed: Vec<u8>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) kept: Vec<KeptRow>,
    /// Oldest first.
    pub(crate) events: Vec<EventRow>,
}

/// A token beside the one in use.
#[derive(Clone, Debug)]
pub(crate) struct KeptRow {
    pub(crate) id: i64,
    pub(crate) kind: Kept,
    pub(crate) sealed: Vec<u8>,
}

/// Why a token is kept beside the one in use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kept {
    /// It is a candidate.
    Waiting,
    /// It was in use before.
    Previous,
    /// It was refused, and is kept for people.
    Refused,
}

impl Kept {
    const WORDS: [(Self, &'static str); 3] =
        [(Self::Waiting, "waiting"), (Self::Previous, "previous"), (Self::Refused, "refused")];

    pub(crate) fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// A lease that somebody wants.
#[derive(Clone, Debug)]
pub(crate) struct NewLease {
    /// A random number that nobody else has.
    pub(crate) lease: i64,
    pub(crate) holder: Holder,
}

/// Who has a lease.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Holder {
    /// `pid 4711 on web1`.
    pub(crate) who: String,
    /// Since when, in RFC 3339.
    pub(crate) since: String,
    /// When the lease ends if nobody renews it, by the clock of the database; `None` of one that is wanted.
    pub(crate) until: Option<i64>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} since {}", self.who, self.since)?;
        let until = self.until.map(|until| rfc3339(Timestamp::from_unix(until)));
        until.map_or(Ok(()), |until| write!(f, "; if that was killed, the lock ends by itself at {until}"))
    }
}

/// What became of a request for a lease.
#[derive(Clone, Debug)]
pub(crate) enum Leased {
    Yes(Box<AccountRow>),
    HeldBy(Holder),
    NoAccount,
}

/// By what right an account is changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Right {
    /// Its lease.
    Lease(i64),
    /// A person's, whoever has the lease.
    Person,
    /// Nobody has the lease, so that nobody's work is overtaken.
    Unleased,
}

/// The new content of an account.
#[derive(Clone, Debug)]
pub(crate) struct Save {
    pub(crate) id: i64,
    pub(crate) right: Right,
    /// The generation that was read; the new one is the next.
    pub(crate) generation: i64,
    pub(crate) columns: Columns,
    /// A new name.
    pub(crate) name_index: Option<Vec<u8>>,
    /// What is kept beside the token and has become needless.
    pub(crate) forgotten: Vec<i64>,
    pub(crate) events: Vec<NewEvent>,
    /// The targets that have not got the token, if that has changed.
    pub(crate) undelivered: Option<Vec<(String, i64)>>,
}

impl Save {
    /// The lease under which it is; no number of a lease if it is under none.
    pub(crate) fn lease(&self) -> i64 {
        if let Right::Lease(lease) = self.right { lease } else { 0 }
    }
}

/// An event that is to be added.
#[derive(Clone, Debug)]
pub(crate) struct NewEvent {
    pub(crate) at: i64,
    pub(crate) actor: String,
    pub(crate) what: &'static str,
    pub(crate) sealed: Vec<u8>,
}

/// An event as stored.
#[derive(Clone, Debug)]
pub(crate) struct EventRow {
    pub(crate) at: i64,
    /// 0 for one of the whole vault.
    pub(crate) account: i64,
    pub(crate) actor: String,
    pub(crate) what: String,
    pub(crate) sealed: Vec<u8>,
}

/// What waits to be done.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Queue {
    /// Accounts that are due now and that nobody works on.
    pub overdue: u64,
    /// How many of them have a token that lives, but not for long.
    pub critical: u64,
    /// Since when the first of them is due, in seconds since 1970; of those that have a time, and are not new.
    pub oldest: Option<i64>,
    /// When the next account is due that is not due yet.
    pub next: Option<i64>,
}

/// A process that serves the vault.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct WorkerRow {
    /// A random number.
    pub(crate) id: i64,
    /// `pid 4711 on web1`.
    pub(crate) who: String,
    /// The version of the program.
    pub(crate) version: String,
    pub(crate) started_at: i64,
    /// When it was seen, and how many seconds ago that is, by the clock of the database, which sets it.
    pub(crate) seen_at: i64,
    pub(crate) seen_ago: i64,
    /// Accounts it works on.
    pub(crate) in_flight: i64,
    /// What it has done since it started.
    pub(crate) done: i64,
    pub(crate) failed: i64,
    /// How much of it was in the last minute.
    pub(crate) per_minute: i64,
}

/// How long a worker that was not seen is remembered, in seconds.
pub(crate) const WORKER_FORGOTTEN: i64 = 24 * 60 * 60;
