//! The record in the state folder, where the metadata file cannot be written or belongs to something else: without it,
//! every run would ask Meta again about a dead token, or during a wait.

use everlit_disk::{ReplaceError, ReplaceOptions, replace, uninterrupted};
use everlit_keeper::{Delivery, Record, StoreError, StoreErrorClass};
use everlit_meta_api::{Fingerprint, Timestamp, Token};

use crate::project::account::ProjectAccount;
use crate::project::files::{AccountFiles, AccountPaths, STATE_FOLDER};
use crate::project::foreign::Foreign;
use crate::project::metadata;
use crate::project::read::ProjectFiles;

impl ProjectFiles {
    /// What is known about `current`, from the metadata file or, where it counts for more, from the state folder.
    pub(crate) fn read_record(
        &self,
        account: &ProjectAccount,
        homes: &[&AccountFiles],
        file: Option<&[u8]>,
        current: &Token,
        now: Timestamp,
        notes: &mut Vec<String>,
    ) -> Record {
        let metadata = account.metadata.display();
        let aside = self.read_aside(homes, notes);
        let mut kept = aside.iter().map(|record| metadata::read(Some(record), current, now));
        if let Some(foreign) = file.and_then(|file| Foreign::of(file, current)) {
            notes.push(format!("{metadata} {}", foreign.note()));
            let theirs = || metadata::read(file.filter(|_| foreign != Foreign::OtherToken), current, now);
            return kept.next().unwrap_or_else(theirs).record;
        }
        if let Some(metadata::Read { record, .. }) = kept.find(|read| read.note.is_none()) {
            let why = format!("could not be written; everlit keeps its notes in {STATE_FOLDER}/ until it can");
            notes.push(format!("{metadata} {why}"));
            // A check is due: the file may be writable again.
            return Record { next_check_at: Some(now), ..record };
        }
        let read = metadata::read(file, current, now);
        notes.extend(read.note.map(|note| format!("{metadata} {note}")));
        read.record
    }

    /// The deliveries of the token before, where the run that put the one in use in place could not note it yet: copies
    /// still hold the one before.
    pub(crate) fn former_deliveries(
        &self,
        homes: &[&AccountFiles],
        file: Option<&[u8]>,
        former: Fingerprint,
    ) -> Vec<Delivery> {
        let aside = self.read_aside(homes, &mut Vec::new());
        let records = aside.iter().map(Vec::as_slice).chain(file);
        records.map(|record| metadata::deliveries(record, former)).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Writes the record in the state folder.
    pub(crate) fn write_aside(&self, home: &AccountFiles, token: &Token, record: &Record) -> Result<(), StoreError> {
        let path = home.record();
        home.state
            .create(&*self.disk)
            .map_err(|error| StoreError::io(StoreErrorClass::NotSaved, "create", home.state.path(), &error))?;
        match replace(&*self.disk, &path, &metadata::write(None, token, record), &ReplaceOptions::private()) {
            // It is there; only a power cut within the next moments could undo it.
            Ok(()) | Err(ReplaceError::NotDurable { .. }) => Ok(()),
            Err(error) => {
                Err(StoreError { io: error.kind(), ..StoreError::new(StoreErrorClass::NotSaved, error.to_string()) }
                    .at(&path))
            }
        }
    }

    /// The records in these state folders. One that cannot be read is as good as none, and is noted.
    pub(crate) fn read_aside(&self, homes: &[&AccountFiles], notes: &mut Vec<String>) -> Vec<Vec<u8>> {
        const LARGEST: usize = 1 << 20;
        let mut found = Vec::new();
        for home in homes {
            match self.read_if_there(&home.record(), LARGEST) {
                Ok(record) => found.extend(record),
                Err(error) => notes.push(error.message),
            }
        }
        found
    }

    /// Removes them: the metadata file says it all. One that stays says the same, or is about another token.
    pub(crate) fn remove_aside(&self, paths: &AccountPaths) {
        for home in paths.homes.iter().filter(|home| self.is_file(&home.record()).is_ok_and(|is_there| is_there)) {
            let _ = uninterrupted(|| self.disk.remove(&home.record()));
        }
    }
}
