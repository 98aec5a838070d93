//! What a service needs to bring the tokens in use to targets that are new.

use std::collections::BTreeSet;

use everlit_keeper::{AccountName, Guard, Record};
use everlit_meta_api::Timestamp;

use crate::contents::Contents;
use crate::stored::stored;
use crate::{Vault, VaultError};

/// The lease of the one that compares all accounts with the targets.
const CATCHING_UP: &str = "deliveries";

/// The setting that tells with which targets all accounts were compared.
const CAUGHT_UP: &str = "delivered_to";

/// Some accounts with their records, and the number to go on with; `None` if these were the last.
pub type Page = (Vec<(AccountName, Record)>, Option<i64>);

impl Vault {
    /// The targets of all accounts, each with its place.
    pub fn places(&self) -> BTreeSet<(&str, Option<&str>)> {
        let deliveries = self.targets().into_iter().flat_map(|targets| targets.values().flatten());
        deliveries.map(|delivery| (&*delivery.target, delivery.place.as_deref())).collect()
    }

    /// The right to bring tokens to new targets, until it is dropped or its lease ends; `None` if somebody else has it.
    pub async fn lease_catching_up(&self, now: Timestamp) -> Result<Option<Guard<'static>>, VaultError> {
        let lease = self.inner.lease_named(CATCHING_UP, now).await?;
        Ok(lease.ok().map(|lease| Box::new(lease) as Guard<'static>))
    }

    /// Whether these are the targets with which each account was last compared.
    pub async fn has_caught_up(&self, targets: &str) -> Result<bool, VaultError> {
        Ok(self.inner.database.setting(CAUGHT_UP).await? == Some(self.index_of(targets)))
    }

    /// Notes that each account was compared with these targets.
    pub async fn note_caught_up(&self, targets: &str) -> Result<(), VaultError> {
        self.inner.database.put_setting(CAUGHT_UP, self.index_of(targets)).await
    }

    fn index_of(&self, targets: &str) -> Vec<u8> {
        self.inner.keyring().index("targets", targets)
    }

    /// At most `limit` accounts after this number. Those are left out that are paused, have no token or cannot be read.
    pub async fn records(&self, after: i64, limit: usize, now: Timestamp) -> Result<Page, VaultError> {
        let rows = self.inner.database.page(after, limit).await?;
        let last = rows.last().filter(|_| rows.len() == limit).map(|row| row.id);
        let mut records = Vec::new();
        for row in &rows {
            self.inner.known_keys(row).await?;
            let keyring = self.inner.keyring();
            let Ok(contents) = Contents::open(&keyring, row) else { continue };
            if contents.is_paused {
                continue;
            }
            let name = contents.name.clone();
            if let Ok(stored) = stored(&keyring, self.targets_of(&name), contents, row, now) {
                records.push((name, stored.record));
            }
        }
        Ok((records, last))
    }
}
