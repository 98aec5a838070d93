//! Tokens that the database could not take when they came, on their way from this machine's disk into the vault.

use std::path::PathBuf;
use std::sync::{MutexGuard, PoisonError};

use everlit_keeper::{AccountName, EventKind, Report};
use everlit_meta_api::Timestamp;

use crate::contents::{Contents, KEPT};
use crate::database::Kept;
use crate::seal::{Place, SealError, key_of};
use crate::spill::Spill;
use crate::spilled::{Spilled, Waiting};
use crate::{Vault, VaultError, VaultErrorClass};

/// What becomes of a token that waits.
enum Fate {
    /// The vault can take it, for this account if that can be read.
    Taken(Option<AccountName>),
    /// Its account was removed.
    Needless,
    /// It stays where it is, and this is why.
    Left(String),
}

impl Vault {
    /// Puts tokens into the vault that the database could not take when they came, also those of processes that have ended.
    /// Returns how many. The next work on their accounts puts them in use. Those that the vault cannot take, as one restored
    /// from an older backup, stay where they are: see [`Vault::left_waiting`].
    pub async fn recover_spilled(&self) -> Result<usize, VaultError> {
        let Some(spill) = self.spill() else { return Ok(0) };
        let (mut taken, mut left) = (0, Vec::new());
        for (file, spilled) in self.tokens(spill)? {
            let is_done = match self.fate(&spilled).await? {
                Fate::Taken(_) => {
                    let kept = self.inner.database.keep(spilled.account, Kept::Waiting, spilled.sealed).await?;
                    taken += usize::from(kept.is_some());
                    kept.is_some()
                }
                Fate::Needless => true,
                Fate::Left(why) => {
                    left.push(Waiting { file: file.clone(), account: None, problem: Some(why) });
                    false
                }
            };
            if is_done {
                spill.remove_token(&file);
            }
        }
        *self.left() = left;
        Ok(taken)
    }

    /// The tokens of processes that have ended, which wait on this machine for the vault.
    pub async fn waiting(&self) -> Result<Vec<Waiting>, VaultError> {
        let Some(spill) = self.spill() else { return Ok(Vec::new()) };
        let mut waiting = Vec::new();
        for (file, spilled) in self.tokens(spill)? {
            match self.fate(&spilled).await? {
                Fate::Taken(account) => waiting.push(Waiting { file, account, problem: None }),
                Fate::Needless => {}
                Fate::Left(why) => waiting.push(Waiting { file, account: None, problem: Some(why) }),
            }
        }
        Ok(waiting)
    }

    /// A report on each token that the vault could not take at the last [`Vault::recover_spilled`], named by its file.
    pub fn left_waiting(&self, now: Timestamp) -> Vec<Report> {
        self.left().iter().filter_map(|waiting| waiting.report(now)).collect()
    }

    /// Whether tokens wait here beside those that the vault could not take at the last [`Vault::recover_spilled`].
    pub fn has_spilled(&self) -> bool {
        self.spill().is_some_and(|spill| spill.waiting() > self.left().len())
    }

    fn left(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.inner.left_waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tokens(&self, spill: &Spill) -> Result<Vec<(PathBuf, Spilled)>, VaultError> {
        spill.adopt().map_err(|error| {
            let message = format!("cannot read the tokens that wait in `{}`: {error}", spill.folder().display());
            VaultError::new(VaultErrorClass::ReadOnly, message)
        })?;
        Ok(spill.tokens(self.inner.keyring().vault()))
    }

    async fn fate(&self, spilled: &Spilled) -> Result<Fate, VaultError> {
        if key_of(&spilled.sealed).is_some_and(|key| key > self.inner.keyring().newest()) {
            self.inner.reload_keys().await?;
        }
        let keyring = self.inner.keyring();
        match keyring.open(Place::new(KEPT, spilled.account, 0), &spilled.sealed) {
            Ok(_) => {}
            Err(SealError::UnknownKey(key)) => {
                return Ok(Fate::Left(format!("it was sealed with key {key}, which the vault does not have")));
            }
            Err(SealError::NotOfThisPlace | SealError::NotSealed) => {
                return Ok(Fate::Left(
                    "it was sealed with a key that the vault does not have, or edited by hand".to_owned(),
                ));
            }
        }
        let row = self.inner.database.page(spilled.account - 1, 1).await?.pop();
        if let Some(row) = row.filter(|row| row.id == spilled.account) {
            return Ok(Fate::Taken(Contents::open(&keyring, &row).ok().map(|contents| contents.name)));
        }
        let events = self.inner.database.events(Some(spilled.account), 1).await?;
        let is_removed = events.first().is_some_and(|event| event.what == EventKind::Removed.code());
        Ok(if is_removed { Fate::Needless } else { Fate::Left("the vault has no account for it".to_owned()) })
    }
}
