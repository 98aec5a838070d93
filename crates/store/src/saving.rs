//! Saving a token in project files so that a crash at any moment loses nothing:
//! candidate, env file, metadata, in this order, each wholly old or wholly new; then the candidate goes.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use everlit_disk::{
    Lock, Locking, Recovered, ReplaceError, ReplaceOptions, Replacement, recover, sweep, try_lock, undo, uninterrupted,
};
use everlit_envfile::EnvFile;
use everlit_keeper::{Candidate, Lease, Origin, Record, StoreError, StoreErrorClass, Stored};
use everlit_meta_api::{BoxFuture, Timestamp, Token};

use crate::account::ProjectAccount;
use crate::project::ProjectFiles;
use crate::{candidate, metadata};

/// Room for fifty events more than the metadata has now.
const METADATA_GROWTH: usize = 32 << 10;

/// The right to change one account's files.
#[derive(Debug)]
pub(crate) struct ProjectLease<'a> {
    files: &'a ProjectFiles,
    account: &'a ProjectAccount,
    /// The folder of the private files.
    home: PathBuf,
    reserved: Option<Reserved<'a>>,
    _lock: Lock,
}

/// Room for everything that a refresh writes, kept before Meta is asked. Each is used once.
#[derive(Debug)]
struct Reserved<'a> {
    candidate: Option<Replacement<'a>>,
    env: Option<Replacement<'a>>,
    metadata: Option<Replacement<'a>>,
}

impl<'a> ProjectLease<'a> {
    pub(crate) fn new(files: &'a ProjectFiles, account: &'a ProjectAccount, home: PathBuf, lock: Lock) -> Self {
        Self { files, account, home, reserved: None, _lock: lock }
    }

    fn env_path(&self) -> PathBuf {
        self.files.folder.join(&self.account.env_file)
    }

    fn metadata_path(&self) -> PathBuf {
        self.files.folder.join(&self.account.metadata)
    }

    fn env_options(&self) -> ReplaceOptions {
        ReplaceOptions { recovery: Some(self.account.recovery(&self.home)), ..ReplaceOptions::default() }
    }

    fn metadata_options(&self) -> ReplaceOptions {
        ReplaceOptions { recovery: Some(self.account.metadata_recovery(&self.home)), ..ReplaceOptions::default() }
    }

    /// Notes that a crash has torn are taken back: at worst they are of the token before, and then say nothing of this one.
    /// Where that fails the copy still counts, and the next write says what is wrong.
    fn mend_torn_metadata(&self) {
        for home in self.files.homes(self.account) {
            let _ = undo(&*self.files.disk, &self.metadata_path(), &self.account.metadata_recovery(&home));
        }
    }

    /// A write in place that a crash has torn is finished before anything is read.
    fn mend_torn_env(&self) -> Result<(), StoreError> {
        if self.files.recoveries(self.account)?.is_empty() {
            return Ok(());
        }
        let _one_edit_at_a_time = self.lock_env()?;
        for (owner, recovery) in self.files.recoveries(self.account)? {
            let old = uninterrupted(|| self.files.disk.read(&recovery, usize::MAX))
                .map_err(|error| StoreError::io(StoreErrorClass::NotSaved, "read", &recovery, &error))?;
            let wanted = match self.files.read_candidate(owner)? {
                Some(candidate) => owner.with_candidate(Some(&old), &candidate)?,
                None => old,
            };
            let recovered = recover(&*self.files.disk, &self.env_path(), &recovery, &wanted);
            if let Recovered::Edited { kept } = recovered.map_err(|error| not_saved(&error))? {
                let message = format!(
                    "{} was changed after an interrupted write; its content from before is kept in {}. Look at both, then remove the copy",
                    self.account.env_file.display(),
                    kept.display()
                );
                return Err(StoreError::new(StoreErrorClass::Unusable, message).at(&self.account.env_file));
            }
        }
        Ok(())
    }

    /// Removes the temporary files of killed runs, which hold tokens. One that cannot be removed harms nobody.
    fn sweep_all(&self) {
        let mut paths = vec![self.env_path(), self.metadata_path()];
        for home in self.files.homes(self.account) {
            let account = self.account;
            paths.extend([account.candidate(&home), account.recovery(&home)]);
            paths.extend([account.metadata_recovery(&home), account.alert_state(&home)]);
        }
        for path in paths {
            let _ = sweep(&*self.files.disk, &path);
        }
    }

    fn reserve_all(&self) -> Result<Reserved<'a>, StoreError> {
        let disk = &*self.files.disk;
        let env = self.files.read_env_if_there(self.account)?;
        // An edit that the env file does not allow is found out now, not when a new token waits to be saved.
        let longest = self.account.longest_with_token(env.as_deref())?;
        let metadata = self.reserve_metadata()?;
        let reserve = |path: &Path, len, options: &ReplaceOptions| {
            Replacement::reserve(disk, path, len, options).map(Some).map_err(|error| not_saved(&error))
        };
        Ok(Reserved {
            metadata,
            env: reserve(&self.env_path(), longest, &self.env_options())?,
            candidate: reserve(&self.account.candidate(&self.home), candidate::RESERVED, &ReplaceOptions::default())?,
        })
    }

    /// `None` where the metadata file as it stands can never be replaced (a folder in its place, say). A token that dies
    /// is worse than notes that cannot be written, and that they cannot is said after the refresh. A disk that is full
    /// or failing is another matter: it would fail the token too.
    fn reserve_metadata(&self) -> Result<Option<Replacement<'a>>, StoreError> {
        use io::ErrorKind::{AlreadyExists, NotADirectory, PermissionDenied};
        let (disk, path) = (&*self.files.disk, self.metadata_path());
        match self.create_metadata_folder() {
            Err(error) if matches!(error.kind(), AlreadyExists | NotADirectory | PermissionDenied) => return Ok(None),
            created => created.map_err(|error| self.no_metadata_folder(&error))?,
        }
        let len = self.files.read_metadata(self.account).ok().flatten().map_or(0, |bytes| bytes.len());
        match Replacement::reserve(disk, &path, len + METADATA_GROWTH, &self.metadata_options()) {
            Err(ReplaceError::NotAFile { .. } | ReplaceError::Dangling { .. } | ReplaceError::NotWritable { .. }) => {
                Ok(None)
            }
            reserved => reserved.map(Some).map_err(|error| not_saved(&error)),
        }
    }

    fn create_metadata_folder(&self) -> io::Result<()> {
        let path = self.metadata_path();
        path.parent().map_or(Ok(()), |folder| everlit_disk::create_folder(&*self.files.disk, folder))
    }

    fn no_metadata_folder(&self, error: &io::Error) -> StoreError {
        StoreError::io(StoreErrorClass::NotSaved, "create the folder of", &self.metadata_path(), error)
    }

    /// Replaces a file through the room that was kept for it, or afresh where none is left.
    fn write(
        &mut self,
        path: &Path,
        content: &[u8],
        options: &ReplaceOptions,
        kept: impl Fn(&mut Reserved<'a>) -> Option<Replacement<'a>>,
    ) -> Result<(), ReplaceError> {
        match self.reserved.as_mut().and_then(kept) {
            Some(replacement) => replacement.commit(content),
            None => Replacement::reserve(&*self.files.disk, path, content.len(), options)?.commit(content),
        }
    }

    fn put_into_env(&mut self, candidate: &Candidate) -> Result<(), StoreError> {
        let _one_edit_at_a_time = self.lock_env()?;
        let env = match candidate.origin {
            Origin::Refresh => Some(self.files.read_env(self.account)?),
            Origin::Person => self.files.read_env_if_there(self.account)?,
        };
        let new = self.account.with_candidate(env.as_deref(), candidate)?;
        if env.as_ref() != Some(&new) {
            self.replace_env(candidate, env.as_deref(), &new)?;
        }
        match self.files.recoveries(self.account)?.first() {
            None => Ok(()),
            // Whoever found it would take the old content for the one that counts. The next run lets it go.
            Some((_, copy)) => {
                let message = format!("cannot remove `{}`", copy.display());
                Err(StoreError::new(StoreErrorClass::NotSaved, message).at(copy))
            }
        }
    }

    fn replace_env(&mut self, candidate: &Candidate, env: Option<&[u8]>, new: &[u8]) -> Result<(), StoreError> {
        let in_use = match self.account.token_in(&EnvFile::parse(env.unwrap_or_default())) {
            Ok((token, _)) => Some(token.fingerprint()),
            Err(_) if candidate.origin == Origin::Person => None,
            Err(error) => return Err(error),
        };
        if in_use.is_some_and(|it| it != candidate.replaces && it != candidate.token.fingerprint()) {
            let message = format!("somebody put another token into {} meanwhile", self.account.env_file.display());
            return Err(StoreError::new(StoreErrorClass::NotSaved, message).at(&self.account.env_file));
        }
        let (path, options) = (self.env_path(), self.env_options());
        self.write(&path, new, &options, |reserved| reserved.env.take()).map_err(|error| not_saved(&error))
    }

    /// Two accounts may share an env file; their edits take a moment each and must not undo each other.
    fn lock_env(&self) -> Result<Lock, StoreError> {
        const PATIENCE_MILLIS: u32 = 5_000;
        let path = self.account.edit_lock(&self.home);
        for _ in 0..PATIENCE_MILLIS {
            match try_lock(&*self.files.disk, &path, "an edit") {
                Ok(Locking::Taken(lock)) => return Ok(lock),
                Ok(Locking::Held { .. }) => std::thread::sleep(Duration::from_millis(1)),
                Err(error) => return Err(StoreError::io(StoreErrorClass::NotSaved, "lock", &path, &error)),
            }
        }
        let message = format!("another run keeps `{}` locked", path.display());
        Err(StoreError::new(StoreErrorClass::NotSaved, message).at(&path))
    }

    fn write_metadata(&mut self, token: &Token, record: &Record) -> Result<(), StoreError> {
        // Other people's fields in a file that cannot be read now must not be written over.
        let before = self
            .files
            .read_metadata(self.account)
            .map_err(|error| StoreError::io(StoreErrorClass::NotSaved, "read", &self.metadata_path(), &error))?;
        let content = metadata::write(before.as_deref(), token, record);
        if before.as_deref() == Some(&content[..]) {
            return Ok(());
        }
        self.create_metadata_folder().map_err(|error| self.no_metadata_folder(&error))?;
        let path = self.metadata_path();
        self.write(&path, &content, &self.metadata_options(), |reserved| reserved.metadata.take())
            .map_err(|error| not_saved(&error))?;
        // A copy that could not be removed a moment ago would count as what is noted.
        for home in self.files.homes(self.account) {
            let _ = uninterrupted(|| self.files.disk.remove(&self.account.metadata_recovery(&home)));
        }
        Ok(())
    }

    fn remove_candidate(&self) -> Result<(), StoreError> {
        for home in self.files.homes(self.account) {
            let path = self.account.candidate(&home);
            // On a file system that is mounted read-only, not even a file that is not there can be removed.
            if let Err(error) = uninterrupted(|| self.files.disk.remove(&path))
                && uninterrupted(|| self.files.disk.lstat(&path)).is_ok()
            {
                return Err(StoreError::io(StoreErrorClass::NotSaved, "remove", &path, &error));
            }
        }
        Ok(())
    }
}

impl Lease for ProjectLease<'_> {
    fn load(&mut self, now: Timestamp) -> BoxFuture<'_, Result<Stored, StoreError>> {
        Box::pin(async move {
            self.mend_torn_env()?;
            self.mend_torn_metadata();
            self.sweep_all();
            self.files.read(self.account, now)
        })
    }

    fn reserve(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            self.reserved = Some(self.reserve_all()?);
            Ok(())
        })
    }

    fn save_candidate<'b>(&'b mut self, candidate: &'b Candidate) -> BoxFuture<'b, Result<(), StoreError>> {
        Box::pin(async move {
            let path = self.account.candidate(&self.home);
            let content = candidate::write(candidate);
            let saved = self.write(&path, &content, &ReplaceOptions::default(), |reserved| reserved.candidate.take());
            match saved {
                // It is there; only a power cut within the next moments could undo it.
                Ok(()) | Err(ReplaceError::NotDurable { .. }) => Ok(()),
                Err(error) => Err(not_saved(&error)),
            }
        })
    }

    fn promote<'b>(
        &'b mut self,
        candidate: &'b Candidate,
        record: &'b Record,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        Box::pin(async move {
            self.put_into_env(candidate)?;
            self.write_metadata(&candidate.token, record)?;
            self.remove_candidate()?;
            // A file that could not be removed a moment ago would lie there until the next refresh.
            self.sweep_all();
            Ok(())
        })
    }

    fn discard_candidate(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { self.remove_candidate() })
    }

    fn save_record<'b>(&'b mut self, record: &'b Record) -> BoxFuture<'b, Result<(), StoreError>> {
        Box::pin(async move {
            let current = self.files.read(self.account, record.first_seen)?.current;
            self.write_metadata(&current, record)
        })
    }
}

pub(crate) fn not_saved(error: &ReplaceError) -> StoreError {
    StoreError { io: error.kind(), ..StoreError::new(StoreErrorClass::NotSaved, error.to_string()).at(error.path()) }
}
