//! Project files as the keeper's stores: of accounts and of alert states.

use std::path::PathBuf;
use std::sync::Arc;

use everlit_disk::{ReplaceError, ReplaceOptions, replace, uninterrupted};
use everlit_keeper::{
    AccountName, AlertState, AlertStore, Delivery, Guard, Lease, Store, StoreError, StoreErrorClass, Stored, Target,
};
use everlit_meta_api::{BoxFuture, Timestamp};

use crate::project::account::ProjectAccount;
use crate::project::alerts;
use crate::project::files::{AccountFiles, StateFolder};
use crate::project::lease::{ProjectLease, not_saved};
use crate::project::read::ProjectFiles;

impl Store for ProjectFiles {
    fn load<'a>(&'a self, account: &'a AccountName, now: Timestamp) -> BoxFuture<'a, Result<Stored, StoreError>> {
        Box::pin(async move {
            let account = self.account(account)?;
            self.read(account, &self.paths(account), now)
        })
    }

    fn due(&self, now: Timestamp, limit: usize) -> BoxFuture<'_, Result<Vec<AccountName>, StoreError>> {
        Box::pin(async move {
            let urgency = |account: &ProjectAccount| match self.read(account, &self.paths(account), now) {
                Ok(stored) => stored.urgency(now),
                Err(_) => Some(i64::MAX),
            };
            let mut due: Vec<_> =
                self.accounts.iter().filter_map(|account| Some((urgency(account)?, &account.name))).collect();
            due.sort_by_key(|(urgency, _)| *urgency);
            Ok(due.into_iter().take(limit).map(|(_, name)| name.clone()).collect())
        })
    }

    fn copy(&self, account: &AccountName, delivery: &Delivery) -> Option<Arc<dyn Target>> {
        self.copy_at(self.account(account).ok()?, delivery)
    }

    fn lease_deliveries<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Guard<'a>, StoreError>> {
        Box::pin(async move {
            let paths = self.paths(self.account(account)?);
            let places: Vec<_> = paths.homes.iter().map(|home| (&home.state, home.deliveries_lock())).collect();
            let (_, lock) = self.lock_first(&places, now)?;
            Ok(Box::new(lock) as Guard<'_>)
        })
    }

    fn lease<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Box<dyn Lease + 'a>, StoreError>> {
        Box::pin(async move {
            let account = self.account(account)?;
            self.check_allowed(account)?;
            self.check_links(account)?;
            let paths = self.paths(account);
            let places: Vec<_> = paths.homes.iter().map(|home| (&home.state, home.lock())).collect();
            let (home, lock) = self.lock_first(&places, now)?;
            Ok(Box::new(ProjectLease::new(self, account, paths, home, lock)) as Box<dyn Lease>)
        })
    }
}

impl AlertStore for ProjectFiles {
    fn alert_state<'a>(&'a self, account: &'a AccountName) -> BoxFuture<'a, AlertState> {
        Box::pin(async move {
            let Ok(account) = self.account(account) else { return AlertState::default() };
            let paths = self.paths(account);
            paths.homes.iter().find_map(|home| self.read_alerts(home)).unwrap_or_default()
        })
    }

    fn save_alert_state<'a>(
        &'a self,
        account: &'a AccountName,
        alert_state: &'a AlertState,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.write_alerts(&self.paths(self.account(account)?).homes, alert_state) })
    }

    fn lease_alerts(&self, now: Timestamp) -> BoxFuture<'_, Result<Guard<'_>, StoreError>> {
        Box::pin(async move {
            // The disk of the account, which may hang, is asked only if the project's folder is no place for a lock.
            let metadata = self.accounts.first().map(|first| self.folder.join(&first.metadata));
            let beside_metadata = metadata.as_ref().and_then(|metadata| metadata.parent());
            let folders = [Some(&*self.folder), beside_metadata].into_iter().flatten();
            let folders: Vec<StateFolder> = folders.map(StateFolder::within).collect();
            let places: Vec<(&StateFolder, PathBuf)> =
                folders.iter().map(|folder| (folder, folder.alerts_lock())).collect();
            let (_, lock) = self.lock_first(&places, now)?;
            Ok(Box::new(lock) as Guard<'_>)
        })
    }
}

impl ProjectFiles {
    /// The file with what people were told about an account, if it is there and cannot be read.
    pub fn unread_alerts(&self, account: &AccountName) -> Option<PathBuf> {
        const LARGEST: usize = 1 << 20;
        let paths = self.paths(self.account(account).ok()?);
        let is_unread = |path: &PathBuf| match self.read_if_there(path, LARGEST) {
            Ok(content) => content.is_some_and(|content| alerts::read(&content).is_none()),
            Err(_) => true,
        };
        paths.homes.iter().map(AccountFiles::alerts).find(is_unread)
    }

    fn read_alerts(&self, home: &AccountFiles) -> Option<AlertState> {
        const LARGEST: usize = 1 << 20;
        if !home.state.exists(&*self.disk).ok()? {
            return None;
        }
        alerts::read(&self.read_if_there(&home.alerts(), LARGEST).ok()??)
    }

    /// Writes it in the first home that takes it, and removes it from the others.
    fn write_alerts(&self, homes: &[AccountFiles], alert_state: &AlertState) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        let mut is_written = *alert_state == AlertState::default();
        for home in homes {
            let path = home.alerts();
            if is_written {
                if self.is_file(&path)? {
                    uninterrupted(|| self.disk.remove(&path))
                        .map_err(|error| StoreError::io(StoreErrorClass::NotSaved, "remove", &path, &error))?;
                }
                continue;
            }
            outcome = self.write_alerts_in(home, alert_state);
            is_written = outcome.is_ok();
        }
        outcome
    }

    fn write_alerts_in(&self, home: &AccountFiles, alert_state: &AlertState) -> Result<(), StoreError> {
        home.state
            .create(&*self.disk)
            .map_err(|error| StoreError::io(StoreErrorClass::NotSaved, "create", home.state.path(), &error))?;
        match replace(&*self.disk, &home.alerts(), &alerts::write(alert_state), &ReplaceOptions::private()) {
            // It is there; only a power cut within the next moments could undo it.
            Ok(()) | Err(ReplaceError::NotDurable { .. }) => Ok(()),
            Err(error) => Err(not_saved(&error)),
        }
    }
}
