//! The locks of a project: one run for each account, one edit of an env file, one run that sends alerts.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use everlit_disk::{Lock, Locking, try_lock, uninterrupted};
use everlit_keeper::{StoreError, StoreErrorClass, retry_while_locked};
use everlit_meta_api::Timestamp;

use crate::project::files::StateFolder;
use crate::project::read::ProjectFiles;
use crate::rfc3339::rfc3339;

/// An edit of an env file takes milliseconds.
const EDIT_TIMEOUT: Duration = Duration::from_secs(5);
const EDIT_PAUSE: Duration = Duration::from_millis(5);

impl ProjectFiles {
    /// Takes the first of these locks that can be had, each in its state folder, and returns its index.
    ///
    /// Only a place where nobody can have a state folder sends every run on to the next one, where they meet again. A
    /// folder that is there, and that this user cannot use, is an error: two users must not take two locks.
    pub(crate) fn lock_first(
        &self,
        places: &[(&StateFolder, PathBuf)],
        now: Timestamp,
    ) -> Result<(usize, Lock), StoreError> {
        let note = format!("{} since {}", self.holder, rfc3339(now));
        let mut first = None;
        for (index, (state, path)) in places.iter().enumerate() {
            let error = match state.create(&*self.disk) {
                Err(error) => StoreError::io(StoreErrorClass::NotSaved, "create", state.path(), &error),
                Ok(()) => match self.lock(path, &note) {
                    Ok(lock) => return Ok((index, lock)),
                    Err(error) => error,
                },
            };
            let goes_on = match error.io {
                Some(io::ErrorKind::ReadOnlyFilesystem) => true,
                Some(io::ErrorKind::PermissionDenied) => self.is_absent(state.path()),
                _ => false,
            };
            if !goes_on {
                return Err(error);
            }
            first = first.or(Some(error));
        }
        Err(first.unwrap_or_else(|| StoreError::new(StoreErrorClass::NotSaved, "there is no place for a lock")))
    }

    /// The same, waiting a moment for another run that has the lock.
    pub(crate) async fn lock_first_patiently(
        &self,
        places: &[(&StateFolder, PathBuf)],
    ) -> Result<(usize, Lock), StoreError> {
        let attempt = || std::future::ready(self.lock_first(places, self.clock.now()));
        retry_while_locked(&*self.clock, EDIT_TIMEOUT, EDIT_PAUSE, attempt).await
    }

    /// Takes the right to edit an env file, waiting a moment for another run's edit.
    pub(crate) async fn lock_env(&self, path: &Path) -> Result<Lock, StoreError> {
        let attempt = || std::future::ready(self.lock(path, &self.holder));
        retry_while_locked(&*self.clock, EDIT_TIMEOUT, EDIT_PAUSE, attempt).await
    }

    fn lock(&self, path: &Path, note: &str) -> Result<Lock, StoreError> {
        match try_lock(&*self.disk, path, note) {
            Ok(Locking::Taken(lock)) => Ok(lock),
            Ok(Locking::Held { note }) => {
                let holder = if note.is_empty() { "a run that has only just begun".to_owned() } else { note };
                Err(StoreError::locked(&holder).at(path))
            }
            Err(error) => Err(StoreError::io(StoreErrorClass::NotSaved, "lock", path, &error)),
        }
    }

    fn is_absent(&self, path: &Path) -> bool {
        uninterrupted(|| self.disk.lstat(path)).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    }
}
