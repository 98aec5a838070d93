//! A vault as the keeper's store of accounts.

use everlit_keeper::{AccountName, Guard, Lease, Store, StoreError, Stored};
use everlit_meta_api::{BoxFuture, Timestamp};

use crate::VaultError;
use crate::contents::{Contents, Unreadable};
use crate::database::Leased;
use crate::lease::VaultLease;
use crate::stored::stored;
use crate::vault::Vault;

impl Store for Vault {
    fn load<'a>(&'a self, account: &'a AccountName, now: Timestamp) -> BoxFuture<'a, Result<Stored, StoreError>> {
        Box::pin(async move {
            let found = self.inner.database.account(self.inner.name_index(account)).await;
            let row = found.map_err(reading)?.ok_or_else(|| reading(VaultError::no_account(account)))?;
            self.inner.known_keys(&row).await.map_err(reading)?;
            let keyring = self.inner.keyring();
            let unreadable = |error: Unreadable| reading(error.error(account.as_str()));
            let contents = Contents::open(&keyring, &row).map_err(unreadable)?;
            stored(&keyring, self.targets_of(account), contents, &row, now)
        })
    }

    fn due(&self, now: Timestamp, limit: usize) -> BoxFuture<'_, Result<Vec<AccountName>, StoreError>> {
        Box::pin(async move {
            let rows = self.inner.database.due(now.as_unix(), limit).await.map_err(reading)?;
            let keyring = self.inner.keyring();
            // One that cannot be opened has no name here; `vault check` names it.
            Ok(rows.iter().filter_map(|row| Some(Contents::open(&keyring, row).ok()?.name)).collect())
        })
    }

    fn lease_deliveries<'a>(
        &'a self,
        account: &'a AccountName,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<Guard<'a>, StoreError>> {
        Box::pin(async move { Ok(self.inner.lock_deliveries(account)? as Guard<'_>) })
    }

    fn lease<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Box<dyn Lease + 'a>, StoreError>> {
        Box::pin(async move {
            let new = self.inner.new_lease(now);
            let lease = new.lease;
            match self.inner.database.lease(self.inner.name_index(account), new).await.map_err(reading)? {
                Leased::Yes(row) => {
                    self.inner.known_keys(&row).await.map_err(reading)?;
                    let lease = VaultLease::new(self, lease, *row, account.as_str(), false).map_err(reading)?;
                    Ok(Box::new(lease) as Box<dyn Lease>)
                }
                Leased::HeldBy(holder) => Err(StoreError::locked(&holder.to_string())),
                Leased::NoAccount => Err(reading(VaultError::no_account(account))),
            }
        })
    }
}

/// An account that is due, and the right to change it.
#[derive(Debug)]
pub struct Claimed {
    /// The account.
    pub account: AccountName,
    /// Its number, which may be shown where its name may not.
    pub id: i64,
    /// Given back when dropped, once something was saved; at its end else, so that the account waits a while.
    pub lease: Box<dyn Lease>,
}

impl Vault {
    /// Takes at most `limit` accounts that are due and that nobody is at work on, the most urgent first. The second list
    /// says what is wrong with rows that cannot be read.
    pub async fn claim(&self, now: Timestamp, limit: usize) -> Result<(Vec<Claimed>, Vec<VaultError>), VaultError> {
        let new = self.inner.new_lease(now);
        let lease = new.lease;
        let (mut claimed, mut unreadable) = (Vec::new(), Vec::new());
        let mut rows = self.inner.database.claim(now.as_unix(), limit, new).await?.into_iter();
        while let Some(row) = rows.next() {
            if let Err(error) = self.inner.known_keys(&row).await {
                // None of them can be read: the keys are gone.
                [row].into_iter().chain(rows).for_each(|row| self.inner.database.release(row.id, lease));
                return Err(error);
            }
            let id = row.id;
            match VaultLease::new(self, lease, row, &format!("the account in row {id}"), true) {
                Ok(lease) => claimed.push(Claimed { account: lease.account().clone(), id, lease: Box::new(lease) }),
                // Its lease is kept until it ends, so that the next claim finds others.
                Err(error) => {
                    self.inner.database.mark_unreadable(id).await?;
                    unreadable.push(error);
                }
            }
        }
        Ok((claimed, unreadable))
    }
}

pub(crate) fn reading(error: VaultError) -> StoreError {
    error.into_store_error(false)
}
