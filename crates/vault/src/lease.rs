//! The right to change one account of a vault.

use std::collections::BTreeMap;
use std::sync::Arc;

use everlit_keeper::{AccountName, Candidate, Delivery, Event, Lease, Record, StoreError, StoreErrorClass, Stored};
use everlit_meta_api::{BoxFuture, Timestamp};

use crate::contents::{Contents, kept, seal_event, seal_kept};
use crate::database::{AccountRow, Kept, Right, Save};
use crate::spill::Reserved;
use crate::spilled::Spilled;
use crate::stored::stored;
use crate::vault::{Inner, Vault};
use crate::{VaultError, VaultErrorClass};

/// The lease of an account; given back when dropped, and by its end if the process dies.
#[derive(Debug)]
pub(crate) struct VaultLease {
    vault: Arc<Inner>,
    /// The targets that stand in the settings.
    targets: Option<Vec<Delivery>>,
    lease: i64,
    row: AccountRow,
    /// The row was read together with the lease, and nothing has happened since.
    is_fresh: bool,
    contents: Contents,
    /// The tokens that wait, oldest first.
    waiting: Vec<(Place, Candidate)>,
    previous: Vec<i64>,
    refused: Vec<i64>,
    /// The events that the database has.
    events: Vec<Event>,
    /// Room for a token that the database cannot take.
    reserved: Option<Reserved>,
    /// The account is due, and nothing has been saved that would make it wait.
    is_still_due: bool,
}

/// Where a token waits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    /// In the database, in this row.
    Row(i64),
    /// In a slot with this number, because the database could not take it.
    Slot(u64),
}

impl Place {
    fn row(self) -> Option<i64> {
        if let Self::Row(id) = self { Some(id) } else { None }
    }
}

impl VaultLease {
    /// `is_claimed` says that the account is due; errors call it `known_as`.
    pub(crate) fn new(
        vault: &Vault,
        lease: i64,
        row: AccountRow,
        known_as: &str,
        is_claimed: bool,
    ) -> Result<Self, VaultError> {
        let keyring = vault.inner.keyring();
        let opened =
            Contents::open(&keyring, &row).and_then(|contents| Ok((contents, kept(&keyring, &row, Kept::Waiting)?)));
        let (contents, waiting) = match opened {
            Ok(opened) => opened,
            Err(unreadable) => {
                if !is_claimed {
                    vault.inner.database.release(row.id, lease);
                }
                return Err(unreadable.error(known_as));
            }
        };
        let targets = vault.targets_of(&contents.name).map(<[Delivery]>::to_vec);
        let vault = Arc::clone(&vault.inner);
        let waiting = waiting.into_iter().map(|(id, candidate)| (Place::Row(id), candidate)).collect();
        let of_kind = |kind| row.kept.iter().filter(|kept| kept.kind == kind).map(|kept| kept.id).collect();
        let events = contents.record.as_ref().map(|record| record.events.clone()).unwrap_or_default();
        let (previous, refused) = (of_kind(Kept::Previous), of_kind(Kept::Refused));
        let (is_fresh, reserved, is_still_due) = (true, None, is_claimed);
        Ok(Self {
            vault,
            targets,
            lease,
            row,
            is_fresh,
            contents,
            waiting,
            previous,
            refused,
            events,
            reserved,
            is_still_due,
        })
    }

    /// The account's name.
    pub(crate) fn account(&self) -> &AccountName {
        &self.contents.name
    }

    /// Reads the row again. A person may have changed it: what is saved from here on builds on that.
    async fn read_again(&mut self) -> Result<(), VaultError> {
        let row = self.vault.database.account(self.row.name_index.clone()).await?;
        let row = row.ok_or_else(|| VaultError::no_account(&self.contents.name))?;
        let contents = Contents::open(&self.vault.keyring(), &row);
        self.contents = contents.map_err(|error| error.error(self.contents.name.as_str()))?;
        self.events = self.contents.record.as_ref().map(|record| record.events.clone()).unwrap_or_default();
        self.row = row;
        Ok(())
    }

    /// Somebody else has taken the lease, or changed the account.
    fn overtaken(&self) -> VaultError {
        let message =
            format!("{} was changed by somebody else meanwhile; nothing of it was written over", self.contents.name);
        VaultError::new(VaultErrorClass::Taken, message)
    }

    /// Writes the content, and forgets what is kept beside it.
    async fn save(&mut self, contents: Contents, forgotten: Vec<i64>) -> Result<(), VaultError> {
        self.is_fresh = false;
        let generation = self.row.generation;
        let keyring = self.vault.keyring();
        let record = contents.record.as_ref();
        let new: &[Event] = record.map_or(&[], |record| &record.events);
        let added = &new[overlap(&self.events, new)..];
        let seal = |event| seal_event(&keyring, self.row.id, &self.vault.actor, event);
        let undelivered: Option<Vec<_>> = record.map(|record| {
            let missing = record.deliveries.iter().filter(|delivery| delivery.delivered != Some(record.fingerprint));
            let since = record.issued_at.unwrap_or(record.first_seen).as_unix();
            // A target counts once.
            missing.map(|delivery| (delivery.target.clone(), since)).collect::<BTreeMap<_, _>>().into_iter().collect()
        });
        let save = Save {
            id: self.row.id,
            right: Right::Lease(self.lease),
            generation,
            columns: contents.columns(&keyring, self.row.id, generation + 1)?,
            name_index: None,
            forgotten: forgotten.clone(),
            events: added.iter().map(seal).collect::<Result<_, _>>()?,
            undelivered: undelivered.filter(|undelivered| !undelivered.is_empty() || self.had_undelivered()),
        };
        if !self.vault.database.save(save).await? {
            return Err(self.overtaken());
        }
        self.is_still_due = false;
        self.row.generation = generation + 1;
        self.row.queued_generation = Some(generation + 1);
        self.row.expires_at = record.and_then(|record| record.expiry.instant()).map(Timestamp::as_unix);
        self.events = new.to_vec();
        self.contents = contents;
        self.waiting.retain(|(place, _)| place.row().is_none_or(|id| !forgotten.contains(&id)));
        self.previous.retain(|id| !forgotten.contains(id));
        self.refused.retain(|id| !forgotten.contains(id));
        Ok(())
    }

    fn had_undelivered(&self) -> bool {
        let record = self.contents.record.as_ref();
        record.is_some_and(|record| {
            record.deliveries.iter().any(|delivery| delivery.delivered != Some(record.fingerprint))
        })
    }

    async fn change_kept(&mut self, refused: Vec<i64>, forgotten: Vec<i64>) -> Result<(), VaultError> {
        self.is_fresh = false;
        let changed = self.vault.database.change_kept(self.row.id, self.lease, refused, forgotten).await?;
        if changed { Ok(()) } else { Err(self.overtaken()) }
    }

    async fn add(&mut self, kind: Kept, candidate: &Candidate) -> Result<i64, VaultError> {
        let sealed = seal_kept(&self.vault.keyring(), self.row.id, candidate)?;
        self.add_sealed(kind, sealed).await
    }

    async fn add_sealed(&mut self, kind: Kept, sealed: Vec<u8>) -> Result<i64, VaultError> {
        self.is_fresh = false;
        let added = self.vault.database.keep(self.row.id, kind, sealed).await?;
        added.ok_or_else(|| VaultError::no_account(&self.contents.name))
    }

    /// Makes a candidate durable: in the database, or where it waits for the database.
    async fn add_waiting(&mut self, candidate: &Candidate) -> Result<Place, VaultError> {
        let spilled = self.spilled(candidate)?;
        let is_noted = self.reserved.as_mut().is_some_and(|reserved| reserved.note(&spilled));
        let taken = self.add_sealed(Kept::Waiting, spilled.sealed.clone()).await;
        let Err(error) = taken else {
            if let Some(reserved) = self.reserved.as_mut().filter(|_| is_noted) {
                reserved.forget();
            }
            return taken.map(Place::Row);
        };
        let Some(reserved) = self.reserved.as_mut().filter(|_| error.class != VaultErrorClass::NoAccount) else {
            return Err(error);
        };
        match reserved.fill(&spilled) {
            Ok(number) => Ok(Place::Slot(number)),
            Err(also) => {
                Err(VaultError::new(error.class, format!("{error}; nor could it be kept on this machine: {also}")))
            }
        }
    }

    fn spilled(&self, candidate: &Candidate) -> Result<Spilled, VaultError> {
        let keyring = self.vault.keyring();
        let sealed = seal_kept(&keyring, self.row.id, candidate)?;
        Ok(Spilled { vault: keyring.vault(), account: self.row.id, sealed })
    }

    /// A damaged database is replaced by a backup: what waits in it alone would be gone. If this fails too, it still waits there.
    fn keep_outside(&mut self, candidate: &Candidate) {
        let Ok(spilled) = self.spilled(candidate) else { return };
        if self.reserved.is_none() {
            self.reserved = self.vault.spill.get().and_then(|spill| spill.reserve().ok());
        }
        if let Some(reserved) = &mut self.reserved {
            let _ = reserved.fill(&spilled);
        }
    }

    /// What waited there is in the database, or needless.
    fn erase_spilled(&mut self, place: Place) {
        if let (Place::Slot(number), Some(reserved)) = (place, &mut self.reserved) {
            reserved.erase(number);
        }
    }

    /// Whether the candidate may take the place of the token in use.
    fn may_promote(&self, candidate: &Candidate) -> bool {
        self.contents
            .token
            .as_ref()
            .is_none_or(|current| *current == candidate.token || current.fingerprint() == candidate.replaces)
    }
}

/// How many of the first events of `new` are known already: `known` may begin earlier.
fn overlap(known: &[Event], new: &[Event]) -> usize {
    (0..known.len()).map(|from| &known[from..]).find(|rest| new.starts_with(rest)).map_or(0, <[Event]>::len)
}

impl Drop for VaultLease {
    fn drop(&mut self) {
        // Where nothing was achieved, or everlit has failed, the account would be claimed again at once: the lease goes on to its
        // end instead.
        if !self.is_still_due && !std::thread::panicking() {
            self.vault.database.release(self.row.id, self.lease);
        }
    }
}

fn not_saved(error: VaultError) -> StoreError {
    error.into_store_error(true)
}

impl Lease for VaultLease {
    fn load(&mut self, now: Timestamp) -> BoxFuture<'_, Result<Stored, StoreError>> {
        Box::pin(async move {
            if !std::mem::take(&mut self.is_fresh) {
                self.read_again().await.map_err(|error| error.into_store_error(false))?;
            }
            stored(&self.vault.keyring(), self.targets.as_deref(), self.contents.clone(), &self.row, now)
        })
    }

    /// Whatever was odd about the row is written over.
    fn notes(&mut self, _: Timestamp) -> BoxFuture<'_, Vec<String>> {
        Box::pin(async { Vec::new() })
    }

    fn reserve(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            // A write that the database has taken proves that it takes writes, and that the lease is still held.
            if !self.vault.database.renew(self.row.id, self.lease).await.map_err(not_saved)? {
                return Err(StoreError::locked("somebody else, because this run was away for longer than its lease"));
            }
            if let Some(spill) = self.vault.spill.get() {
                let failed =
                    |error| StoreError::io(StoreErrorClass::NotSaved, "reserve room in", spill.folder(), &error);
                match &mut self.reserved {
                    Some(reserved) => reserved.renew().map_err(failed)?,
                    None => self.reserved = Some(spill.reserve().map_err(failed)?),
                }
            }
            Ok(())
        })
    }

    fn save_candidate<'a>(&'a mut self, candidate: &'a Candidate) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let known = self.waiting.iter().position(|(_, waiting)| waiting.token == candidate.token);
            let place = self.add_waiting(candidate).await.map_err(not_saved)?;
            if let Some(known) = known {
                // It waited already: what came after it has given way, and what is known about it may be new.
                let newer = self.waiting[known + 1..].iter().filter_map(|(place, _)| place.row()).collect();
                let same = self.waiting[known].0;
                self.change_kept(newer, same.row().into_iter().collect()).await.map_err(not_saved)?;
                self.erase_spilled(same);
                self.waiting.truncate(known);
            }
            self.waiting.push((place, candidate.clone()));
            Ok(())
        })
    }

    fn promote<'a>(
        &'a mut self,
        candidate: &'a Candidate,
        record: &'a Record,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            if !self.may_promote(candidate) {
                let message =
                    format!("{} has another token in use meanwhile; it was not written over", self.contents.name);
                return Err(StoreError::new(StoreErrorClass::NotSaved, message));
            }
            let (token, record) = (Some(candidate.token.clone()), Some(record.clone()));
            let contents = Contents { token, record, ..self.contents.clone() };
            let waiting = self.waiting.iter().filter_map(|(place, _)| place.row()).collect();
            if let Err(error) = self.save(contents, waiting).await {
                if error.class == VaultErrorClass::Damaged {
                    self.keep_outside(candidate);
                }
                return Err(not_saved(error));
            }
            self.waiting.clear();
            if let Some(reserved) = &mut self.reserved {
                reserved.erase_all();
            }
            Ok(())
        })
    }

    fn discard_candidate(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let Some((place, candidate)) = self.waiting.last().cloned() else { return Ok(()) };
            let refused = match place {
                Place::Row(row) => {
                    self.change_kept(vec![row], Vec::new()).await.map_err(not_saved)?;
                    row
                }
                Place::Slot(_) => self.add(Kept::Refused, &candidate).await.map_err(not_saved)?,
            };
            self.erase_spilled(place);
            self.waiting.pop();
            self.refused.push(refused);
            Ok(())
        })
    }

    fn keep_previous<'a>(&'a mut self, previous: &'a Candidate) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let id = self.add(Kept::Previous, previous).await.map_err(not_saved)?;
            self.change_kept(Vec::new(), self.previous.clone()).await.map_err(not_saved)?;
            self.previous = vec![id];
            Ok(())
        })
    }

    fn forget_previous(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            if !self.previous.is_empty() {
                self.change_kept(Vec::new(), self.previous.clone()).await.map_err(not_saved)?;
                self.previous.clear();
            }
            Ok(())
        })
    }

    fn forget_kept(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let kept = [&self.previous[..], &self.refused].concat();
            if !kept.is_empty() {
                self.change_kept(Vec::new(), kept).await.map_err(not_saved)?;
                self.previous.clear();
                self.refused.clear();
            }
            Ok(())
        })
    }

    fn save_record<'a>(&'a mut self, record: &'a Record) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let contents = Contents { record: Some(record.clone()), ..self.contents.clone() };
            self.save(contents, Vec::new()).await.map_err(not_saved)
        })
    }
}
