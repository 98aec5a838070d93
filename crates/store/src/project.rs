//! Project files as a store: where each thing lies, and how it is read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use everlit_disk::{Disk, Kind, Lock, Locking, ReplaceError, ReplaceOptions, replace, try_lock, uninterrupted};
use everlit_envfile::EnvFile;
use everlit_keeper::{
    AccountName, AlertState, AlertStore, Candidate, Guard, Lease, Origin, Store, StoreError, StoreErrorClass, Stored,
};
use everlit_meta_api::{BoxFuture, Timestamp};

use crate::account::ProjectAccount;
use crate::rfc3339::rfc3339;
use crate::saving::{ProjectLease, not_saved};
use crate::{alert_state, candidate, metadata};

/// An env file of more bytes than this is not one.
const LARGEST_ENV: usize = 16 << 20;

/// Fifty events and a trouble take some 20 kB.
const LARGEST_METADATA: usize = 1 << 20;

/// A token that is in use for so long has nothing left to finish, even if its candidate file could not be let go (a
/// metadata file that cannot be written, say): it must not stand in the way of the next refresh, due after as long.
const LONGEST_UNFINISHED: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Accounts that live in the files of a project folder.
#[derive(Debug)]
pub struct ProjectFiles {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) folder: PathBuf,
    accounts: Vec<ProjectAccount>,
    holder: String,
}

impl ProjectFiles {
    /// The accounts of the project in `folder`. `holder` names this process in a lock, such as `pid 4711 on web1`.
    pub fn new(disk: Arc<dyn Disk>, folder: PathBuf, accounts: Vec<ProjectAccount>, holder: String) -> Self {
        Self { disk, folder, accounts, holder }
    }

    /// Notes that a run has looked at the account: the time of modification of an empty file of its own. A run that
    /// found nothing to do leaves no other trace, and the lock is everybody's who changes something.
    pub fn note_run(&self, account: &AccountName) {
        let Ok(account) = self.account(account) else { return };
        let marks = self.homes(account).map(|home| account.last_run(&home));
        // A project that cannot be written goes without.
        let _ = marks.iter().any(|mark| self.disk.touch(mark).is_ok())
            || marks.iter().any(|mark| self.disk.create_private(mark).is_ok());
    }

    /// When a run last looked at the account, as far as that was noted.
    pub fn last_run(&self, account: &AccountName) -> Option<Timestamp> {
        let account = self.account(account).ok()?;
        let noted = self.homes(account).into_iter().filter_map(|home| self.disk.lstat(&account.last_run(&home)).ok());
        noted.filter(|stat| stat.kind == Kind::File).map(|stat| Timestamp::from_unix(stat.modified_unix)).max()
    }

    /// The key that holds the token, as found in the env file.
    pub fn key(&self, account: &AccountName) -> Result<String, StoreError> {
        let account = self.account(account)?;
        let bytes = self.read_env(account)?;
        Ok(account.find_key(&EnvFile::parse(&bytes))?.0)
    }

    pub(crate) fn account(&self, name: &AccountName) -> Result<&ProjectAccount, StoreError> {
        self.accounts
            .iter()
            .find(|account| account.name == *name)
            .ok_or_else(|| StoreError::new(StoreErrorClass::Missing, format!("there is no account named {name}")))
    }

    /// The copies that writes in place have left of the account's env file, each with the account whose write it was:
    /// several accounts may share the file.
    pub(crate) fn recoveries(&self, account: &ProjectAccount) -> Result<Vec<(&ProjectAccount, PathBuf)>, StoreError> {
        let mut found = Vec::new();
        for owner in self.accounts.iter().filter(|other| other.env_file == account.env_file) {
            for path in self.homes(owner).map(|home| owner.recovery(&home)) {
                if self.is_file(&path)? {
                    found.push((owner, path));
                }
            }
        }
        Ok(found)
    }

    /// Where the private files of an account may lie: beside the env file, or beside the metadata where a folder
    /// cannot be written (a single env file mounted into a container).
    pub(crate) fn homes(&self, account: &ProjectAccount) -> [PathBuf; 2] {
        [&account.env_file, &account.metadata].map(|file| {
            let path = self.folder.join(file);
            path.parent().map_or_else(|| self.folder.clone(), Path::to_owned)
        })
    }

    /// Everything about an account, as it stands on the disk.
    pub(crate) fn read(&self, account: &ProjectAccount, now: Timestamp) -> Result<Stored, StoreError> {
        let mut notes = Vec::new();
        // While an env file is being written in place its old content is in the recovery copy.
        let env = match self.recoveries(account)?.first() {
            Some((_, copy)) => self.read_if_there(copy)?,
            None => None,
        };
        let found = env.map_or_else(|| self.read_env(account), Ok);
        let found = found.and_then(|env| account.token_in(&EnvFile::parse(&env)));
        let candidate = self.read_candidate(account)?;
        let (current, note) = match (found, &candidate) {
            // A person gave the first token of this place, and the run that took it came to nothing.
            (Err(error), Some(first))
                if first.origin == Origin::Person
                    && matches!(error.class, StoreErrorClass::Missing | StoreErrorClass::NotAToken) =>
            {
                (first.token.clone(), None)
            }
            (found, _) => found?,
        };
        notes.extend(note);
        let file = self.read_metadata(account).unwrap_or_else(|error| {
            notes.push(format!("{} cannot be read: {error}", account.metadata.display()));
            None
        });
        let read = metadata::read(file.as_deref(), &current, now);
        let current = current.or_kind(read.record.kind);
        notes.extend(read.note.map(|note| format!("{} {note}", account.metadata.display())));
        let is_spent =
            |candidate: &Candidate| candidate.token == current && candidate.received_at + LONGEST_UNFINISHED < now;
        let candidate = candidate.filter(|candidate| !is_spent(candidate)).map(|candidate| {
            let token = candidate.token.or_kind(current.kind());
            Candidate { token, ..candidate }
        });
        Ok(Stored { current, record: read.record, candidate, notes })
    }

    /// The newest one, should both homes have one. One that cannot be read is not taken for none: another token would
    /// take its place.
    pub(crate) fn read_candidate(&self, account: &ProjectAccount) -> Result<Option<Candidate>, StoreError> {
        let mut newest: Option<Candidate> = None;
        for home in self.homes(account) {
            let found = self.read_if_there(&account.candidate(&home))?.and_then(|bytes| candidate::read(&bytes));
            newest = newest.into_iter().chain(found).max_by_key(|candidate| candidate.received_at);
        }
        Ok(newest)
    }

    pub(crate) fn read_env(&self, account: &ProjectAccount) -> Result<Vec<u8>, StoreError> {
        let path = self.folder.join(&account.env_file);
        uninterrupted(|| self.disk.read(&path, LARGEST_ENV)).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                let why = format!("there is no such file in {}", self.folder.display());
                return account.no_token(StoreErrorClass::Missing, &why);
            }
            StoreError { io: Some(error.kind()), ..account.no_token(StoreErrorClass::Unusable, &error) }
        })
    }

    /// `None` if there is no env file yet.
    pub(crate) fn read_env_if_there(&self, account: &ProjectAccount) -> Result<Option<Vec<u8>>, StoreError> {
        match self.read_env(account) {
            Err(error) if error.class == StoreErrorClass::Missing => Ok(None),
            read => read.map(Some),
        }
    }

    /// `None` if there is none yet.
    /// While the metadata is being written in place its old content is in the recovery copy.
    pub(crate) fn read_metadata(&self, account: &ProjectAccount) -> io::Result<Option<Vec<u8>>> {
        let copies = self.homes(account).map(|home| account.metadata_recovery(&home));
        for path in copies.into_iter().chain([self.folder.join(&account.metadata)]) {
            match uninterrupted(|| self.disk.read(&path, LARGEST_METADATA)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                read => return read.map(Some),
            }
        }
        Ok(None)
    }

    fn read_if_there(&self, path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
        if !self.is_file(path)? {
            return Ok(None);
        }
        match uninterrupted(|| self.disk.read(path, LARGEST_ENV)) {
            // Another run has let it go in this moment.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some).map_err(|error| unreadable(path, &error)),
        }
    }

    /// `false` where no file is, or where we may not look; an error where that cannot be told.
    fn is_file(&self, path: &Path) -> Result<bool, StoreError> {
        use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
        match uninterrupted(|| self.disk.lstat(path)) {
            Ok(stat) => Ok(matches!(stat.kind, Kind::File | Kind::Symlink)),
            Err(error) if matches!(error.kind(), NotFound | NotADirectory | PermissionDenied) => Ok(false),
            Err(error) => Err(unreadable(path, &error)),
        }
    }

    fn take_lease<'a>(&'a self, account: &'a ProjectAccount, now: Timestamp) -> Result<ProjectLease<'a>, StoreError> {
        let note = format!("{} since {}", self.holder, rfc3339(now));
        let homes = self.homes(account);
        let (home, lock) = self.lock_first(homes.iter().map(|home| account.lock(home)), &note)?;
        Ok(ProjectLease::new(self, account, homes[home].clone(), lock))
    }

    /// The first of these lock files that can be had, and its index. Only a folder that nobody can write sends every run
    /// to the next one, where they meet again.
    fn lock_first(&self, paths: impl Iterator<Item = PathBuf>, note: &str) -> Result<(usize, Lock), StoreError> {
        let mut failure = None;
        for (index, path) in paths.enumerate() {
            match try_lock(&*self.disk, &path, note) {
                Ok(Locking::Taken(lock)) => return Ok((index, lock)),
                Ok(Locking::Held { note }) => {
                    let holder = if note.is_empty() { "a run that has only just begun".to_owned() } else { note };
                    return Err(StoreError::locked(&holder));
                }
                Err(error) => {
                    let goes_on =
                        matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem);
                    failure = failure.or(Some((path, error)));
                    if !goes_on {
                        break;
                    }
                }
            }
        }
        let failure = failure.map(|(path, error)| StoreError::io(StoreErrorClass::NotSaved, "create", &path, &error));
        Err(failure.unwrap_or_else(|| StoreError::new(StoreErrorClass::NotSaved, "no place for a lock")))
    }

    fn read_told(&self, path: &Path) -> Option<AlertState> {
        alert_state::read(&self.read_if_there(path).ok()??)
    }

    /// In the first home that takes it, and in no other: what lies in two places is true in one.
    fn write_told(&self, account: &ProjectAccount, alert_state: &AlertState) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        let mut is_written = *alert_state == AlertState::default();
        for path in self.homes(account).map(|home| account.alert_state(&home)) {
            if is_written {
                if self.is_file(&path)? {
                    uninterrupted(|| self.disk.remove(&path))
                        .map_err(|error| StoreError::io(StoreErrorClass::NotSaved, "remove", &path, &error))?;
                }
            } else {
                outcome =
                    match replace(&*self.disk, &path, &alert_state::write(alert_state), &ReplaceOptions::default()) {
                        // It is there; only a power cut within the next moments could undo it.
                        Err(ReplaceError::NotDurable { .. }) => Ok(()),
                        written => written,
                    };
                is_written = outcome.is_ok();
            }
        }
        outcome.map_err(|error| not_saved(&error))
    }
}

impl Store for ProjectFiles {
    fn load<'a>(&'a self, account: &'a AccountName, now: Timestamp) -> BoxFuture<'a, Result<Stored, StoreError>> {
        Box::pin(async move { self.read(self.account(account)?, now) })
    }

    fn due(&self, now: Timestamp, limit: usize) -> BoxFuture<'_, Result<Vec<AccountName>, StoreError>> {
        Box::pin(async move {
            let urgency = |account: &ProjectAccount| match self.read(account, now) {
                Ok(stored) => Some(stored.urgency(now)?),
                Err(_) => Some(i64::MAX),
            };
            let mut due: Vec<_> =
                self.accounts.iter().filter_map(|account| Some((urgency(account)?, &account.name))).collect();
            due.sort_by_key(|(urgency, _)| *urgency);
            Ok(due.into_iter().take(limit).map(|(_, name)| name.clone()).collect())
        })
    }

    fn lease<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Box<dyn Lease + 'a>, StoreError>> {
        Box::pin(async move {
            let lease = self.take_lease(self.account(account)?, now)?;
            Ok(Box::new(lease) as Box<dyn Lease>)
        })
    }
}

impl AlertStore for ProjectFiles {
    fn alert_state<'a>(&'a self, account: &'a AccountName) -> BoxFuture<'a, AlertState> {
        Box::pin(async move {
            let Ok(account) = self.account(account) else { return AlertState::default() };
            let found = self.homes(account).into_iter().find_map(|home| self.read_told(&account.alert_state(&home)));
            found.unwrap_or_default()
        })
    }

    fn save_alert_state<'a>(
        &'a self,
        account: &'a AccountName,
        alert_state: &'a AlertState,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.write_told(self.account(account)?, alert_state) })
    }

    fn lease_alerts(&self, now: Timestamp) -> BoxFuture<'_, Result<Guard<'_>, StoreError>> {
        Box::pin(async move {
            let homes = [Some(self.folder.clone()), self.accounts.first().map(|first| self.homes(first)[1].clone())];
            let paths = homes.into_iter().flatten().map(|home| home.join(".env.everlit-telling.local"));
            let lock = self.lock_first(paths, &format!("{} since {}", self.holder, rfc3339(now)))?;
            Ok(Box::new(lock.1) as Guard<'_>)
        })
    }
}

fn unreadable(path: &Path, error: &io::Error) -> StoreError {
    StoreError::io(StoreErrorClass::Unusable, "read", path, error)
}
