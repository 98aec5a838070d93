//! Where tokens wait that the database could not take.
//!
//! Before Meta is asked for a token, a slot is ready for it: a private file with room, durable on this machine's disk. The sealed
//! token goes into the slot before the database is asked to take it, so that it outlives a process that is killed meanwhile; if
//! the database has gone away, or its disk is full, the slot is synced, and the token outlives the machine.
//! [`Vault::recover_spilled`](crate::Vault::recover_spilled) puts it into the vault once that takes writes again, in this
//! process or in one that starts later. Slots are used again, so that they cost nothing while all is well.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use everlit_disk::{Disk, DiskFile, Lock, Locking, create_folder, create_private_folder, try_lock, uninterrupted};
use everlit_store::{STATE_FOLDER, StateFolder};

use crate::spilled::{MAGIC, PADDING, ROOM, Spilled};

/// A folder for tokens that the database could not take. Does nothing before the first slot is reserved.
#[derive(Debug)]
pub struct Spill {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    /// Tells the processes apart that share the folder.
    process: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Says that this process lives: held from the first slot on.
    lock: Option<Arc<Lock>>,
    free: Vec<Slot>,
    /// How many accounts have slots.
    reserved: usize,
    /// With tokens of leases that have ended.
    filled: Vec<Slot>,
    made: u64,
}

/// A file with room for a token.
#[derive(Debug)]
struct Slot {
    path: PathBuf,
    file: Box<dyn DiskFile>,
    /// Of the process that has made it.
    lock: Arc<Lock>,
}

/// The slots that an account has until this is dropped.
#[derive(Debug)]
pub(crate) struct Reserved {
    spill: Arc<Spill>,
    /// Room for the next token.
    slot: Option<Slot>,
    /// The database is being asked to take what is in that slot.
    is_noted: bool,
    /// Slots with tokens that the database has not taken, each with a number.
    filled: Vec<(u64, Slot)>,
    /// How many there have been.
    fillings: u64,
}

impl Spill {
    /// `process` is a number that no other process has.
    pub fn new(disk: Arc<dyn Disk>, folder: PathBuf, process: u64) -> Self {
        Self { disk, folder, process, state: Mutex::default() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many tokens wait here for the database, as far as this process knows.
    pub fn waiting(&self) -> usize {
        self.state().filled.len()
    }

    /// A slot with room.
    pub(crate) fn reserve(self: &Arc<Self>) -> io::Result<Reserved> {
        let slot = Some(self.take()?);
        self.state().reserved += 1;
        Ok(Reserved { spill: Arc::clone(self), slot, is_noted: false, filled: Vec::new(), fillings: 0 })
    }

    fn take(&self) -> io::Result<Slot> {
        self.forget_removed();
        let free = self.state().free.pop();
        free.map_or_else(|| self.new_slot(), Ok)
    }

    /// Forgets free slots that somebody has removed with their folder: what they take would be gone with this process.
    fn forget_removed(&self) {
        let mut state = self.state();
        while state.free.last().is_some_and(|slot| !slot.is_there(&*self.disk)) {
            state.free.pop();
        }
        let lock = self.folder.join(format!("{}{LOCK}", self.own_name()));
        if state.free.is_empty() && uninterrupted(|| self.disk.lstat(&lock)).is_err() {
            state.lock = None;
        }
    }

    /// Makes slots until there are this many, reserved or free. Returns how many there are; an error if there are none.
    pub(crate) fn prepare(&self, wanted: usize) -> io::Result<usize> {
        self.forget_removed();
        loop {
            let count = {
                let state = self.state();
                state.reserved + state.free.len()
            };
            if count >= wanted {
                return Ok(count);
            }
            match self.new_slot() {
                Ok(slot) => self.state().free.push(slot),
                Err(_) if count > 0 => return Ok(count),
                Err(error) => return Err(error),
            }
        }
    }

    /// Takes over what processes have left that have ended.
    pub(crate) fn adopt(&self) -> io::Result<()> {
        let names = match uninterrupted(|| self.disk.list(&self.folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            names => names?,
        };
        let names: Vec<String> = names.into_iter().filter_map(|name| name.into_string().ok()).collect();
        for process in names.iter().filter_map(|name| name.strip_suffix(LOCK)) {
            if process == self.own_name() {
                continue;
            }
            let lock = self.folder.join(format!("{process}{LOCK}"));
            let Locking::Taken(held) = try_lock(&*self.disk, &lock, "recovering")? else { continue };
            let held = Arc::new(held);
            let its_slots = names.iter().filter(|name| name.starts_with(&format!("{process}-")));
            for path in its_slots.map(|name| self.folder.join(name)) {
                let file = uninterrupted(|| self.disk.open_for_update(&path))?;
                self.state().filled.push(Slot { path, file, lock: Arc::clone(&held) });
            }
            if Arc::strong_count(&held) == 1 {
                // Nobody needs to know any more that the process has ended.
                let _ = uninterrupted(|| self.disk.remove(&lock));
            }
        }
        Ok(())
    }

    /// The tokens of leases and processes that have ended, with their files. What is not a token, because the process ended
    /// before or while it wrote, is removed; a token of another vault stays, and is not looked at again.
    pub(crate) fn tokens(&self, vault: [u8; 16]) -> Vec<(PathBuf, Spilled)> {
        let slots = std::mem::take(&mut self.state().filled);
        let mut tokens = Vec::new();
        for slot in slots {
            match Spilled::read(&*self.disk, &slot.path) {
                Ok(Some(spilled)) if spilled.vault == vault => {
                    tokens.push((slot.path.clone(), spilled));
                    self.state().filled.push(slot);
                }
                Ok(None) => self.remove(slot),
                // Of a disk that cannot be read now, a later process may learn more.
                Ok(Some(_)) | Err(_) => {}
            }
        }
        tokens
    }

    /// The token in this file is in the vault, or needless.
    pub(crate) fn remove_token(&self, file: &Path) {
        let removed: Vec<_> = self.state().filled.extract_if(.., |slot| slot.path == file).collect();
        for slot in removed {
            self.remove(slot);
        }
    }

    fn new_slot(&self) -> io::Result<Slot> {
        let lock = self.lock()?;
        let number = {
            let mut state = self.state();
            state.made += 1;
            state.made
        };
        let path = self.folder.join(format!("{}-{number}", self.own_name()));
        let mut file = uninterrupted(|| self.disk.create_private(&path))?;
        let filled = uninterrupted(|| file.write_at(0, &[PADDING; ROOM]))
            .and_then(|()| uninterrupted(|| file.sync()))
            .and_then(|()| uninterrupted(|| self.disk.sync_folder(&self.folder)));
        if let Err(error) = filled {
            let _ = uninterrupted(|| self.disk.remove(&path));
            return Err(error);
        }
        Ok(Slot { path, file, lock })
    }

    /// The lock that says that this process lives.
    fn lock(&self) -> io::Result<Arc<Lock>> {
        let mut state = self.state();
        if let Some(lock) = &state.lock {
            return Ok(Arc::clone(lock));
        }
        match self.folder.parent() {
            Some(state) if state.file_name().is_some_and(|name| name == STATE_FOLDER) => {
                StateFolder::within(state.parent().unwrap_or(state)).create(&*self.disk)?;
            }
            Some(parent) => create_folder(&*self.disk, parent)?,
            None => {}
        }
        create_private_folder(&*self.disk, &self.folder)?;
        match try_lock(&*self.disk, &self.folder.join(format!("{}{LOCK}", self.own_name())), "at work")? {
            Locking::Taken(lock) => Ok(Arc::clone(state.lock.insert(Arc::new(lock)))),
            Locking::Held { .. } => Err(io::ErrorKind::ResourceBusy.into()),
        }
    }

    fn own_name(&self) -> String {
        format!("{:016x}", self.process)
    }

    /// If it cannot be removed, the token is put into the vault once more, where it is known by then.
    fn remove(&self, Slot { path, lock, .. }: Slot) {
        let _ = uninterrupted(|| self.disk.remove(&path));
        if Arc::strong_count(&lock) == 1
            && let Some((process, _)) = path.to_string_lossy().rsplit_once('-')
        {
            // It was the last one of a process that has ended.
            let _ = uninterrupted(|| self.disk.remove(Path::new(&format!("{process}{LOCK}"))));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes what is empty, so that a run leaves nothing behind.
impl Drop for Spill {
    fn drop(&mut self) {
        let State { lock, free, filled, .. } = std::mem::take(&mut *self.state());
        if lock.is_some() && free.is_empty() && filled.is_empty() {
            let _ = uninterrupted(|| self.disk.remove(&self.folder.join(format!("{}{LOCK}", self.own_name()))));
        }
        drop(lock);
        for slot in free {
            self.remove(slot);
        }
    }
}

impl Reserved {
    /// Has room for another token, where the last one has filled the slot.
    pub(crate) fn renew(&mut self) -> io::Result<()> {
        if self.slot.as_ref().is_none_or(|slot| !slot.is_there(&*self.spill.disk)) {
            self.slot = Some(self.spill.take()?);
        }
        Ok(())
    }

    /// Writes a token before the database is asked to take it, without waiting for the disk: it outlives a process that is
    /// killed meanwhile. `false` if that cannot be done: the database may take this one all the same.
    pub(crate) fn note(&mut self, spilled: &Spilled) -> bool {
        if self.is_noted || self.renew().is_err() {
            return false;
        }
        let Some(slot) = &mut self.slot else { return false };
        self.is_noted = true;
        uninterrupted(|| slot.file.write_at(0, &spilled.bytes())).is_ok()
    }

    /// The database has taken what was noted: the slot can be used again.
    pub(crate) fn forget(&mut self) {
        let Some(slot) = self.slot.as_mut().filter(|_| std::mem::take(&mut self.is_noted)) else { return };
        if uninterrupted(|| slot.file.write_at(0, &[PADDING; MAGIC.len()])).is_err() {
            // The token is put into the vault once more, where it is known by then.
            self.keep_filled();
        }
    }

    /// Writes a token, in one call, and makes it durable, beside those that wait already. Returns its number.
    pub(crate) fn fill(&mut self, spilled: &Spilled) -> io::Result<u64> {
        self.renew()?;
        let Some(slot) = &mut self.slot else { return Err(io::ErrorKind::NotFound.into()) };
        let written = slot.fill(&*self.spill.disk, spilled);
        // It may hold the token, or a part of it.
        let number = self.keep_filled();
        written.map(|()| number)
    }

    fn keep_filled(&mut self) -> u64 {
        self.fillings += 1;
        self.is_noted = false;
        self.filled.extend(self.slot.take().map(|slot| (self.fillings, slot)));
        self.fillings
    }

    /// The token with this number is in the database, or needless.
    pub(crate) fn erase(&mut self, number: u64) {
        for (_, slot) in self.filled.extract_if(.., |(filled, _)| *filled == number) {
            self.spill.remove(slot);
        }
    }

    /// All of them are.
    pub(crate) fn erase_all(&mut self) {
        for (_, slot) in self.filled.drain(..) {
            self.spill.remove(slot);
        }
    }
}

impl Slot {
    /// Whether the file is still the one of that name.
    fn is_there(&self, disk: &dyn Disk) -> bool {
        let (open, named) = (uninterrupted(|| self.file.stat()), uninterrupted(|| disk.lstat(&self.path)));
        matches!((open, named), (Ok(open), Ok(named)) if open.id == named.id)
    }

    fn fill(&mut self, disk: &dyn Disk, spilled: &Spilled) -> io::Result<()> {
        let bytes = spilled.bytes();
        uninterrupted(|| self.file.write_at(0, &bytes))?;
        uninterrupted(|| self.file.sync())?;
        // Somebody may have removed the file meanwhile: then the token went into a file without a name.
        match Spilled::read(disk, &self.path)? {
            Some(found) if found == *spilled => Ok(()),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "another file has taken its place")),
        }
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if self.is_noted {
            self.keep_filled();
        }
        let mut state = self.spill.state();
        state.reserved = state.reserved.saturating_sub(1);
        state.free.extend(self.slot.take());
        state.filled.extend(self.filled.drain(..).map(|(_, slot)| slot));
    }
}

/// The ending of the files that say which processes live.
const LOCK: &str = ".lock";

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test changes files with the means of std")]
mod tests {
    use everlit_disk::RealDisk;

    use super::*;

    const VAULT: [u8; 16] = [7; 16];

    fn spilled(account: i64) -> Spilled {
        Spilled { vault: VAULT, account, sealed: vec![1, 2, 3] }
    }

    fn spill(folder: &Path, process: u64) -> Arc<Spill> {
        Arc::new(Spill::new(Arc::new(RealDisk), folder.join("state/spill"), process))
    }

    /// The accounts whose tokens are recovered.
    fn recovered(spill: &Spill) -> Vec<i64> {
        spill.adopt().unwrap();
        let tokens = spill.tokens(VAULT);
        let mut accounts: Vec<_> = tokens.iter().map(|(_, spilled)| spilled.account).collect();
        for (file, _) in &tokens {
            spill.remove_token(file);
        }
        accounts.sort_unstable();
        accounts
    }

    fn files(folder: &Path) -> usize {
        RealDisk.list(&folder.join("state/spill")).map_or(0, |names| names.len())
    }

    #[test]
    fn slots_are_used_again_and_leave_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let spill = spill(folder.path(), 1);
        for _ in 0..5 {
            drop([spill.reserve().unwrap(), spill.reserve().unwrap()]);
        }
        assert_eq!(files(folder.path()), 3, "two slots and a lock");
        drop(spill);
        assert_eq!(files(folder.path()), 0);
    }

    #[test]
    fn slots_are_made_ahead_while_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let spill = spill(folder.path(), 1);
        let reserved = spill.reserve().unwrap();
        assert_eq!((spill.prepare(3).unwrap(), files(folder.path())), (3, 4), "three slots and a lock");
        assert_eq!(spill.prepare(2).unwrap(), 3);
        // The folder is gone, with all slots; another one cannot be made.
        let place = folder.path().join("state/spill");
        std::fs::rename(&place, folder.path().join("aside")).unwrap();
        std::fs::write(&place, "").unwrap();
        assert_eq!(spill.prepare(5).unwrap(), 1, "the one that is reserved");
        spill.reserve().unwrap_err();
        drop(reserved);
        spill.prepare(1).unwrap_err();

        std::fs::remove_file(&place).unwrap();
        let mut reserved = spill.reserve().unwrap();
        assert_eq!(files(folder.path()), 2, "a slot and a lock");
        reserved.fill(&spilled(5)).unwrap();
        drop(reserved);
        assert_eq!(recovered(&spill), vec![5]);
    }

    #[test]
    fn a_token_waits_until_the_database_takes_it() {
        let folder = tempfile::tempdir().unwrap();
        let spill = spill(folder.path(), 1);
        let mut reserved = spill.reserve().unwrap();
        reserved.fill(&spilled(5)).unwrap();
        assert_eq!(spill.waiting(), 0, "its lease may still put it into the database");
        drop(reserved);
        assert_eq!(spill.waiting(), 1);
        assert_eq!((spill.tokens(VAULT).len(), spill.waiting()), (1, 1));
        assert_eq!((recovered(&spill), spill.waiting()), (vec![5], 0));
    }

    #[test]
    fn what_is_in_the_database_after_all_is_erased() {
        let folder = tempfile::tempdir().unwrap();
        let spill = spill(folder.path(), 1);
        let mut reserved = spill.reserve().unwrap();
        let number = reserved.fill(&spilled(5)).unwrap();
        reserved.erase(number);
        drop(reserved);
        assert_eq!(recovered(&spill), Vec::<i64>::new());
    }

    #[test]
    fn the_next_process_recovers_what_a_killed_one_has_left() {
        let folder = tempfile::tempdir().unwrap();
        let killed = spill(folder.path(), 1);
        let mut reserved = killed.reserve().unwrap();
        let empty = killed.reserve().unwrap();
        reserved.fill(&spilled(5)).unwrap();
        let next = spill(folder.path(), 2);
        assert_eq!(recovered(&next), Vec::<i64>::new(), "the other one is alive");
        // As a kill ends it: nothing is tidied up, and the lock is given back.
        let state = std::mem::take(&mut *killed.state());
        drop((state, std::mem::take(&mut reserved.filled), empty));
        killed.state().lock = None;
        killed.state().free.clear();
        assert_eq!(recovered(&next), vec![5]);
        drop(next);
    }

    #[test]
    fn a_token_noted_outlives_the_process_and_not_the_database() {
        let folder = tempfile::tempdir().unwrap();
        let killed = spill(folder.path(), 1);
        let [mut noted, mut taken] = [killed.reserve().unwrap(), killed.reserve().unwrap()];
        noted.note(&spilled(5));
        taken.note(&spilled(6));
        taken.forget();
        let state = std::mem::take(&mut *killed.state());
        drop((state, noted.slot.take(), taken.slot.take()));
        assert_eq!(recovered(&spill(folder.path(), 2)), vec![5]);
    }

    #[test]
    fn a_slot_that_was_noted_in_is_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let spill = spill(folder.path(), 1);
        for account in 0..3 {
            let mut reserved = spill.reserve().unwrap();
            reserved.note(&spilled(account));
            reserved.forget();
        }
        assert_eq!((spill.waiting(), files(folder.path())), (0, 2), "one slot and a lock");
        let mut reserved = spill.reserve().unwrap();
        reserved.note(&spilled(7));
        drop(reserved);
        assert_eq!((recovered(&spill), spill.waiting()), (vec![7], 0), "nobody has said that it is in the database");
    }

    /// The database stays away while one lease receives several tokens.
    #[test]
    fn a_token_that_waits_is_not_overwritten_by_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let spill = spill(folder.path(), 1);
        let mut reserved = spill.reserve().unwrap();
        for number in [5, 6, 7] {
            assert!(reserved.note(&spilled(number)));
            reserved.fill(&spilled(number)).unwrap();
        }
        assert!(reserved.note(&spilled(8)), "nobody has said that it is in the database");
        drop(reserved);
        assert_eq!((spill.prepare(0).unwrap(), recovered(&spill)), (0, vec![5, 6, 7, 8]));
    }

    #[test]
    fn what_the_database_has_taken_leaves_others_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let spill = spill(folder.path(), 1);
        let mut reserved = spill.reserve().unwrap();
        let [first, _] = [5, 6].map(|account| reserved.fill(&spilled(account)).unwrap());
        reserved.erase(first);
        // There is room for the next one, before Meta is asked for it.
        reserved.renew().unwrap();
        assert_eq!((spill.prepare(0).unwrap(), files(folder.path())), (1, 3), "a token, room for one, and the lock");
        drop(reserved);
        assert_eq!((recovered(&spill), spill.prepare(0).unwrap()), (vec![6], 1));
    }

    #[test]
    fn a_token_of_another_vault_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let spill = spill(folder.path(), 1);
        let mut reserved = spill.reserve().unwrap();
        reserved.fill(&Spilled { vault: [8; 16], ..spilled(5) }).unwrap();
        drop(reserved);
        assert_eq!(recovered(&spill), Vec::<i64>::new());
        assert_eq!(files(folder.path()), 2, "the token and the lock");
    }
}
