//! Saving a token in project files so that a crash at any moment loses nothing: candidate, env file, metadata, in this
//! order, each wholly old or wholly new; then the candidate is removed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{io, iter};

use everlit_disk::{
    Lock, Recovered, ReplaceError, ReplaceOptions, Replacement, Slot, create_folder, read_private, recover, replace,
    take_turn, undo, uninterrupted,
};
use everlit_envfile::EnvFile;
use everlit_keeper::{Candidate, Lease, Origin, Record, StoreError, StoreErrorClass, Stored};
use everlit_meta_api::{BoxFuture, Timestamp, Token};

use crate::project::account::ProjectAccount;
use crate::project::candidate::{self, EARLIER_KEPT, ROOM, Waiting};
use crate::project::files::{AccountFiles, AccountPaths};
use crate::project::foreign::Foreign;
use crate::project::metadata;
use crate::project::read::{ProjectFiles, foreign};

/// Room for fifty events more than the metadata has now.
const METADATA_GROWTH: usize = 32 << 10;

/// The right to change one account's files, whose paths were resolved when it was taken.
#[derive(Debug)]
pub(crate) struct ProjectLease<'a> {
    files: &'a ProjectFiles,
    account: &'a ProjectAccount,
    paths: Arc<AccountPaths>,
    /// Which of the homes has the lock, and takes what is written.
    home: usize,
    reserved: Option<Reserved<'a>>,
    /// Whether copies of the token have been looked for.
    knows_copies: bool,
    /// Where the files were before a link was pointed elsewhere during the run: the candidate there goes last.
    left: Vec<Arc<AccountPaths>>,
    /// Released last: what was reserved and not used is removed before.
    locks: Vec<Lock>,
}

/// Room for everything that a refresh writes, reserved before Meta is asked. Each is used once.
#[derive(Debug)]
struct Reserved<'a> {
    candidate: Option<CandidateRoom<'a>>,
    env: Option<Replacement<'a>>,
    metadata: Option<Replacement<'a>>,
}

#[allow(clippy::large_enum_variant, reason = "there is one for each run; paths take more room on Windows")]
#[derive(Debug)]
enum CandidateRoom<'a> {
    /// No candidate is there: the next one is written into its file by one call.
    Slot(Slot<'a>),
    /// One is there that is not in use: it stays, whole, until a file with the next one and these takes its place.
    Beside(Replacement<'a>, Vec<Candidate>),
}

impl<'a> ProjectLease<'a> {
    pub(crate) fn new(
        files: &'a ProjectFiles,
        account: &'a ProjectAccount,
        paths: Arc<AccountPaths>,
        home: usize,
        lock: Lock,
    ) -> Self {
        let (reserved, knows_copies, left) = (None, false, Vec::new());
        Self { files, account, paths, home, reserved, knows_copies, left, locks: vec![lock] }
    }

    fn home(&self) -> &AccountFiles {
        &self.paths.homes[self.home]
    }

    fn env_options(&self) -> ReplaceOptions {
        ReplaceOptions { recovery: Some(self.home().env_recovery()), ..ReplaceOptions::default() }
    }

    fn metadata_options(&self) -> ReplaceOptions {
        ReplaceOptions { recovery: Some(self.home().metadata_recovery()), ..ReplaceOptions::default() }
    }

    /// Finishes a write in place that a crash has torn, before anything is read.
    async fn mend_torn_env(&mut self) -> Result<(), StoreError> {
        if self.files.recoveries(self.account)?.is_empty() {
            return Ok(());
        }
        let lock = self.home().env_lock();
        let _one_edit_at_a_time = self.files.lock_env(&lock).await?;
        // Vaults and other projects may deliver into the same file. Whoever keeps it from us for long is not editing it.
        let _turn = take_turn(&*self.files.disk, &self.paths.env).ok();
        let disk = &*self.files.disk;
        for (owner, recovery) in self.files.recoveries(self.account)? {
            let old = read_private(disk, &recovery, usize::MAX)
                .map_err(|error| StoreError::io(StoreErrorClass::NotSaved, "read", &recovery, &error))?;
            let paths = self.files.paths(owner);
            let homes = self.files.existing(&paths)?;
            let wanted = match self.files.read_candidate(&homes, &mut Vec::new())? {
                Some(candidate) => owner.with_candidate(Some(&old), &candidate)?,
                None => old,
            };
            let recovered = recover(disk, &self.paths.env, &recovery, &wanted);
            if let Recovered::Edited { kept } = recovered.map_err(|error| not_saved(&error))? {
                let message = format!(
                    "{} was edited after an interrupted write; its content from before is in {}. Compare them, then remove \
                     the copy",
                    self.account.env_file.display(),
                    kept.display()
                );
                return Err(StoreError::new(StoreErrorClass::Unusable, message).at(&self.account.env_file));
            }
        }
        Ok(())
    }

    /// Notes copies of the token durably before it changes: afterwards, nobody knows which token they hold.
    fn note_copies(&mut self, stored: &mut Stored) {
        // What an interrupted run has begun is finished first; it knew the copies.
        let is_first = !std::mem::replace(&mut self.knows_copies, true);
        if is_first && stored.candidate.is_none() && self.files.note_copies(self.account, &self.paths, stored) {
            // Where it cannot be written, the write that follows the refresh says so.
            let _ = self.write_record(&stored.current, &stored.record);
        }
    }

    /// Undoes a torn write of the metadata: at worst its notes are about the token before, and then say nothing about
    /// this one. Where that fails the copy still counts, and the next write says what is wrong.
    fn mend_torn_metadata(&self) {
        for home in &self.paths.homes {
            let _ = undo(&*self.files.disk, &self.paths.metadata, &home.metadata_recovery());
        }
    }

    /// Removes the temporary files of killed runs, which hold tokens, from the account's folders.
    fn sweep_all(&self) {
        let disk = &*self.files.disk;
        self.files.sweep_beside(&self.paths.env);
        self.files.sweep_beside(&self.paths.metadata);
        for home in self.paths.homes.iter().filter(|home| home.state.exists(disk).is_ok_and(|exists| exists)) {
            self.files.sweep_beside(&home.candidate());
            self.files.sweep_beside(&home.env_recovery());
        }
    }

    fn reserve_all(&self) -> Result<Reserved<'a>, StoreError> {
        let metadata = self.reserve_metadata();
        match self.reserve_for_token() {
            // What is left of a disk that is almost full is for the token.
            Err(_) if metadata.is_some() => {
                drop(metadata);
                self.reserve_for_token()
            }
            reserved => Ok(Reserved { metadata, ..reserved? }),
        }
    }

    fn reserve_for_token(&self) -> Result<Reserved<'a>, StoreError> {
        let env = self.files.read_env_if_there(self.account, &self.paths)?;
        // An edit that the env file does not allow is found out now, not when a new token is waiting to be saved.
        let longest = self.account.longest_with_token(env.as_deref())?;
        let env_room = Replacement::reserve(&*self.files.disk, &self.paths.env, longest, &self.env_options());
        let env_room = env_room.map_err(|error| not_saved(&error))?;
        Ok(Reserved { metadata: None, env: Some(env_room), candidate: Some(self.reserve_candidate(env.as_deref())?) })
    }

    /// A candidate that waits is never overwritten by a reservation.
    fn reserve_candidate(&self, env: Option<&[u8]>) -> Result<CandidateRoom<'a>, StoreError> {
        let (disk, path) = (&*self.files.disk, self.home().candidate());
        let waiting = self.waiting(env)?;
        let reserved = if waiting.is_empty() {
            Slot::reserve(disk, &path, ROOM).map(CandidateRoom::Slot)
        } else {
            let room = ROOM * (1 + EARLIER_KEPT);
            let room = Replacement::reserve(disk, &path, room, &ReplaceOptions::private());
            room.map(|room| CandidateRoom::Beside(room, waiting))
        };
        reserved.map_err(|error| not_saved(&error))
    }

    /// The candidates in our home that are not in use, latest first. An error where another account's token is there.
    fn waiting(&self, env: Option<&[u8]>) -> Result<Vec<Candidate>, StoreError> {
        let Some(found) = self.files.candidate_in(self.home())? else { return Ok(Vec::new()) };
        if !found.is_of(self.home()) {
            let message = foreign(self.home(), &found);
            return Err(StoreError::new(StoreErrorClass::NotSaved, message).at(&self.home().candidate()));
        }
        let in_use = env.and_then(|env| self.account.token_in(&EnvFile::parse(env)).ok());
        let waits = |candidate: &Candidate| in_use.as_ref().is_none_or(|(token, _)| *token != candidate.token);
        // Those before the one in use have given way to it.
        Ok(in_order(found).into_iter().take_while(waits).collect())
    }

    /// `None` where it cannot be done. A dead token is worse than notes that cannot be written, which are kept aside then.
    fn reserve_metadata(&self) -> Option<Replacement<'a>> {
        self.create_metadata_folder().ok()?;
        let len = self.read_metadata().ok().flatten().map_or(0, |bytes| bytes.len()) + METADATA_GROWTH;
        Replacement::reserve(&*self.files.disk, &self.paths.metadata, len, &self.metadata_options()).ok()
    }

    fn read_metadata(&self) -> io::Result<Option<Vec<u8>>> {
        self.files.read_metadata(&self.paths, &self.files.existing(&self.paths).unwrap_or_default())
    }

    fn create_metadata_folder(&self) -> io::Result<()> {
        self.paths.metadata.parent().map_or(Ok(()), |folder| create_folder(&*self.files.disk, folder))
    }

    fn no_metadata_folder(&self, error: &io::Error) -> StoreError {
        StoreError::io(StoreErrorClass::NotSaved, "create the folder of", &self.paths.metadata, error)
    }

    fn write_candidate(&mut self, candidate: &Candidate) -> Result<(), StoreError> {
        let identity = &self.paths.homes[self.home].identity;
        let room = self.reserved.as_mut().and_then(|reserved| reserved.candidate.take());
        let (saved, earlier) = match room {
            // Meta has answered, and nothing comes before this write.
            Some(CandidateRoom::Slot(slot)) => {
                (Some(slot.fill(&candidate::write(identity, candidate, &[]))), Vec::new())
            }
            Some(CandidateRoom::Beside(room, earlier)) => {
                let earlier = given_way_to(candidate, earlier);
                (Some(room.commit(&candidate::write(identity, candidate, &earlier))), earlier)
            }
            None => {
                let env = self.files.read_env_if_there(self.account, &self.paths).ok().flatten();
                (None, given_way_to(candidate, self.waiting(env.as_deref())?))
            }
        };
        match saved {
            // It is there; only a power cut within the next moments could undo it.
            Some(Ok(()) | Err(ReplaceError::NotDurable { .. })) => Ok(()),
            // The folder may have been removed meanwhile, or the file.
            Some(Err(error)) => self.write_candidate_anew(candidate, &earlier).map_err(|_| not_saved(&error)),
            None => self.write_candidate_anew(candidate, &earlier),
        }
    }

    fn write_candidate_anew(&self, candidate: &Candidate, earlier: &[Candidate]) -> Result<(), StoreError> {
        let home = self.home();
        home.state
            .create(&*self.files.disk)
            .map_err(|error| StoreError::io(StoreErrorClass::NotSaved, "create", home.state.path(), &error))?;
        self.write_private(&home.candidate(), home, candidate, earlier)
    }

    /// Puts the candidate in use, and again where somebody edits the env file, or points its name elsewhere, meanwhile.
    async fn put_into_env(&mut self, candidate: &Candidate) -> Result<(), StoreError> {
        /// Nobody edits a file five times within milliseconds, except on purpose.
        const ATTEMPTS: usize = 5;
        for _ in 0..ATTEMPTS {
            self.follow_env_file(candidate).await?;
            if self.edit_env(candidate).await? {
                return Ok(());
            }
        }
        let message = format!("{} is being changed again and again by something else", self.account.env_file.display());
        Err(StoreError::new(StoreErrorClass::NotSaved, message).at(&self.account.env_file))
    }

    /// Moves the work to the env file that counts now, candidate first, if a deploy has pointed a link elsewhere since the
    /// paths were resolved.
    async fn follow_env_file(&mut self, candidate: &Candidate) -> Result<(), StoreError> {
        let now = self.files.paths_now(self.account);
        if now.env == self.paths.env {
            return Ok(());
        }
        self.files.check_links(self.account)?;
        self.reserved = None;
        let held = self.home().lock();
        // A state folder beside the metadata may be the same as before.
        self.home = if let Some(same) = now.homes.iter().position(|home| home.lock() == held) {
            same
        } else {
            let places: Vec<_> = now.homes.iter().map(|home| (&home.state, home.lock())).collect();
            let (home, lock) = self.files.lock_first_patiently(&places).await?;
            self.locks.push(lock);
            home
        };
        self.left.push(std::mem::replace(&mut self.paths, now));
        let env = self.files.read_env_if_there(self.account, &self.paths)?;
        let earlier = given_way_to(candidate, self.waiting(env.as_deref())?);
        self.write_candidate_anew(candidate, &earlier)
    }

    /// Edits the env file and reads it back; `false` where somebody else has changed it in the same moment.
    async fn edit_env(&mut self, candidate: &Candidate) -> Result<bool, StoreError> {
        let lock = self.home().env_lock();
        let _one_edit_at_a_time = self.files.lock_env(&lock).await?;
        // Vaults and other projects may deliver into the same file. Whoever keeps it from us for long is not editing it.
        let _turn = take_turn(&*self.files.disk, &self.paths.env).ok();
        let env = match candidate.origin {
            Origin::Refresh => Some(self.files.read_env(self.account, &self.paths)?),
            Origin::Person => self.files.read_env_if_there(self.account, &self.paths)?,
        };
        let new = self.account.with_candidate(env.as_deref(), candidate)?;
        let replaced =
            if env.as_ref() == Some(&new) { Ok(()) } else { self.replace_env(candidate, env.as_deref(), &new)? };
        match replaced {
            Err(ReplaceError::Changed { .. }) => return Ok(false),
            replaced => replaced.map_err(|error| not_saved(&error))?,
        }
        self.check_no_copy_is_left()?;
        self.is_in_use(candidate)
    }

    fn replace_env(
        &mut self,
        candidate: &Candidate,
        env: Option<&[u8]>,
        new: &[u8],
    ) -> Result<Result<(), ReplaceError>, StoreError> {
        self.check_replaceable(candidate, env)?;
        let room = match self.reserved.as_mut().and_then(|reserved| reserved.env.take()) {
            Some(room) => Ok(room),
            None => Replacement::reserve(&*self.files.disk, &self.paths.env, new.len(), &self.env_options()),
        };
        Ok(room.and_then(|room| room.commit_over(env, new)))
    }

    /// Reads the env file back by the name that the user gave it.
    fn is_in_use(&self, candidate: &Candidate) -> Result<bool, StoreError> {
        let env = self.files.read_env_at(self.account, &self.files.folder.join(&self.account.env_file))?;
        Ok(self.account.token_in(&EnvFile::parse(&env)).is_ok_and(|(token, _)| token == candidate.token))
    }

    fn check_no_copy_is_left(&self) -> Result<(), StoreError> {
        match self.files.recoveries(self.account)?.first() {
            None => Ok(()),
            // Whoever found it would take the old content for the one that counts. The next run removes it.
            Some((_, copy)) => {
                let message = format!("cannot remove `{}`", copy.display());
                Err(StoreError::new(StoreErrorClass::NotSaved, message).at(copy))
            }
        }
    }

    /// A token that a person has put in since is not overwritten.
    fn check_replaceable(&self, candidate: &Candidate, env: Option<&[u8]>) -> Result<(), StoreError> {
        let in_use = match self.account.token_in(&EnvFile::parse(env.unwrap_or_default())) {
            Ok((token, _)) => Some(token.fingerprint()),
            Err(_) if candidate.origin == Origin::Person => None,
            Err(error) => return Err(error),
        };
        if in_use.is_some_and(|it| it != candidate.replaces && it != candidate.token.fingerprint()) {
            let message = format!("somebody put another token into {} meanwhile", self.account.env_file.display());
            return Err(StoreError::new(StoreErrorClass::NotSaved, message).at(&self.account.env_file));
        }
        Ok(())
    }

    /// Writes the record into the metadata file, or aside where that belongs to something else. Where it fails the record is
    /// kept aside, which every later look at the account says; an error if that fails too.
    fn write_record(&mut self, token: &Token, record: &Record) -> Result<(), StoreError> {
        let file = self.read_metadata().ok().flatten();
        if file.is_some_and(|file| Foreign::of(&file, token).is_some()) {
            return self.files.write_aside(self.home(), token, record);
        }
        let Err(error) = self.write_metadata(token, record) else {
            self.files.remove_aside(&self.paths);
            return Ok(());
        };
        self.files.write_aside(self.home(), token, record).map_err(|_| error)
    }

    fn write_metadata(&mut self, token: &Token, record: &Record) -> Result<(), StoreError> {
        // Other people's fields in a file that cannot be read now must not be overwritten.
        let before = self
            .read_metadata()
            .map_err(|error| StoreError::io(StoreErrorClass::NotSaved, "read", &self.paths.metadata, &error))?;
        let content = metadata::write(before.as_deref(), token, record);
        if before.as_deref() == Some(&content[..]) {
            return Ok(());
        }
        self.create_metadata_folder().map_err(|error| self.no_metadata_folder(&error))?;
        let replaced = match self.reserved.as_mut().and_then(|reserved| reserved.metadata.take()) {
            Some(room) => room.commit(&content),
            None => replace(&*self.files.disk, &self.paths.metadata, &content, &self.metadata_options()),
        };
        replaced.map_err(|error| not_saved(&error))?;
        // A copy that could not be removed a moment ago would count as what is noted.
        for home in &self.paths.homes {
            let _ = uninterrupted(|| self.files.disk.remove(&home.metadata_recovery()));
        }
        Ok(())
    }

    /// Removes every candidate of the account: the token in use has taken their place. Another account's is left alone.
    fn remove_candidates(&mut self) -> Result<(), StoreError> {
        self.give_up_slot();
        self.remove_all(AccountFiles::candidate)
    }

    /// Removes the file of that name in each home, but not another account's.
    fn remove_all(&self, path: impl Fn(&AccountFiles) -> PathBuf) -> Result<(), StoreError> {
        let mut homes = iter::once(&self.paths).chain(&self.left).flat_map(|paths| &paths.homes);
        homes.try_for_each(|home| match self.files.token_in(&path(home)) {
            Ok(Some(found)) if !found.is_of(home) => Ok(()),
            _ => self.remove(&path(home)),
        })
    }

    /// Sets the newest candidate aside; one that it took the place of waits again.
    fn remove_newest_candidate(&mut self) -> Result<(), StoreError> {
        self.give_up_slot();
        let mut newest: Option<(&AccountFiles, Waiting)> = None;
        for home in &self.paths.homes {
            let found = self.files.candidate_in(home)?.filter(|found| found.is_of(home)).map(|found| (home, found));
            newest = newest.into_iter().chain(found).max_by_key(|(_, found)| found.candidate.received_at);
        }
        let Some((home, found)) = newest else { return Ok(()) };
        let refused = self.files.token_in(&home.refused()).ok().flatten().filter(|refused| refused.is_of(home));
        let refused = given_way_to(&found.candidate, refused.map(in_order).unwrap_or_default());
        self.write_private(&home.refused(), home, &found.candidate, &refused)?;
        match &found.earlier[..] {
            [] => self.remove(&home.candidate()),
            [next, earlier @ ..] => self.write_private(&home.candidate(), home, next, earlier),
        }
    }

    /// A candidate's file must not be removed under a slot that is still to be filled.
    fn give_up_slot(&mut self) {
        if let Some(reserved) = &mut self.reserved {
            reserved.candidate = None;
        }
    }

    fn write_private(
        &self,
        path: &Path,
        home: &AccountFiles,
        candidate: &Candidate,
        earlier: &[Candidate],
    ) -> Result<(), StoreError> {
        let content = candidate::write(&home.identity, candidate, earlier);
        match replace(&*self.files.disk, path, &content, &ReplaceOptions::private()) {
            // It is there; only a power cut within the next moments could undo it.
            Ok(()) | Err(ReplaceError::NotDurable { .. }) => Ok(()),
            Err(error) => Err(not_saved(&error)),
        }
    }

    fn remove(&self, path: &Path) -> Result<(), StoreError> {
        // On a file system that is mounted read-only, not even a file that is not there can be removed.
        if let Err(error) = uninterrupted(|| self.files.disk.remove(path))
            && uninterrupted(|| self.files.disk.lstat(path)).is_ok()
        {
            return Err(StoreError::io(StoreErrorClass::NotSaved, "remove", path, &error));
        }
        Ok(())
    }
}

impl Lease for ProjectLease<'_> {
    fn load(&mut self, now: Timestamp) -> BoxFuture<'_, Result<Stored, StoreError>> {
        Box::pin(async move {
            self.mend_torn_env().await?;
            self.mend_torn_metadata();
            self.sweep_all();
            let mut stored = self.files.read(self.account, &self.paths, now)?;
            self.note_copies(&mut stored);
            Ok(stored)
        })
    }

    fn reserve(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            // What an earlier reservation holds is removed before its names are used again.
            self.reserved = None;
            // The lock's file exists, and can be locked, before it is needed.
            let lock = self.home().env_lock();
            drop(self.files.lock_env(&lock).await?);
            self.reserved = Some(self.reserve_all()?);
            Ok(())
        })
    }

    fn save_candidate<'b>(&'b mut self, candidate: &'b Candidate) -> BoxFuture<'b, Result<(), StoreError>> {
        Box::pin(async move { self.write_candidate(candidate) })
    }

    fn promote<'b>(
        &'b mut self,
        candidate: &'b Candidate,
        record: &'b Record,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        Box::pin(async move {
            self.put_into_env(candidate).await?;
            self.write_record(&candidate.token, record)?;
            self.remove_candidates()?;
            // What could not be removed a moment ago would stay until the next refresh.
            self.sweep_all();
            Ok(())
        })
    }

    fn discard_candidate(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { self.remove_newest_candidate() })
    }

    fn keep_previous<'b>(&'b mut self, previous: &'b Candidate) -> BoxFuture<'b, Result<(), StoreError>> {
        Box::pin(async move { self.write_private(&self.home().previous(), self.home(), previous, &[]) })
    }

    fn forget_previous(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { self.remove_all(AccountFiles::previous) })
    }

    fn forget_kept(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            self.remove_all(AccountFiles::previous)?;
            self.remove_all(AccountFiles::refused)
        })
    }

    fn save_record<'b>(&'b mut self, record: &'b Record) -> BoxFuture<'b, Result<(), StoreError>> {
        Box::pin(async move {
            let current = self.files.read(self.account, &self.paths, record.first_seen)?.current;
            self.write_record(&current, record)
        })
    }
}

fn in_order(found: Waiting) -> Vec<Candidate> {
    [found.candidate].into_iter().chain(found.earlier).collect()
}

/// What `candidate` takes the place of: all that waits, or, where it is one of them and comes back, those before it.
fn given_way_to(candidate: &Candidate, waiting: Vec<Candidate>) -> Vec<Candidate> {
    match waiting.iter().position(|earlier| earlier == candidate) {
        Some(place) => waiting.into_iter().skip(place + 1).collect(),
        None => waiting,
    }
}

pub(crate) fn not_saved(error: &ReplaceError) -> StoreError {
    StoreError { io: error.kind(), ..StoreError::new(StoreErrorClass::NotSaved, error.to_string()).at(error.path()) }
}
