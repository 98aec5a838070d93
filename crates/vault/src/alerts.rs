//! What people were told about accounts: a vault as the keeper's store of alert states, and of many at once.

use std::collections::HashMap;

use everlit_keeper::{AccountName, AlertState, AlertStore, Guard, StoreError};
use everlit_meta_api::{BoxFuture, Timestamp};
use everlit_store::json;

use crate::VaultError;
use crate::contents::seal;
use crate::database::AlertRow;
use crate::seal::Place;
use crate::store::reading;
use crate::vault::Vault;

/// The column of alert states.
const ALERT: &str = "alerts.sealed";

/// The lease of those who send alerts.
const ALERTS: &str = "alerts";

/// The alert states of accounts, or of other subjects, by name.
pub type AlertStates = HashMap<AccountName, AlertState>;

impl Vault {
    /// What people were last told about these accounts. Those that are not in the vault are left out.
    pub async fn alert_states(&self, names: &[AccountName]) -> Result<AlertStates, VaultError> {
        let rows = self.alert_rows(names).await?;
        Ok(rows.into_iter().map(|(name, row)| (name, self.alert_state_of(&row))).collect())
    }

    /// Remembers all of it, or nothing if that fails. Accounts that are not in the vault any more are left out.
    pub async fn put_alert_states(&self, states: &AlertStates) -> Result<(), VaultError> {
        let names: Vec<AccountName> = states.keys().cloned().collect();
        let mut sealed = Vec::new();
        for (name, row) in self.alert_rows(&names).await? {
            let state = states.get(&name).filter(|state| **state != AlertState::default());
            let new = state.map(|state| {
                let plaintext = serde_json::to_vec(&json::alert_state(state)).unwrap_or_default();
                seal(&self.inner.keyring(), Place::new(ALERT, row.account, 0), &plaintext)
            });
            sealed.push((row.account, new.transpose()?));
        }
        self.inner.database.put_alerts(sealed).await
    }

    /// The right to send alerts and to remember that they were sent, until it is dropped or its lease ends; `None` if
    /// somebody else has it.
    pub async fn lease_alerting(&self, now: Timestamp) -> Result<Option<Guard<'static>>, VaultError> {
        let lease = self.inner.lease_named(ALERTS, now).await?;
        Ok(lease.ok().map(|lease| Box::new(lease) as Guard<'static>))
    }

    async fn alert_rows(&self, names: &[AccountName]) -> Result<Vec<(AccountName, AlertRow)>, VaultError> {
        let mut by_index: HashMap<_, _> = names.iter().map(|name| (self.inner.name_index(name), name)).collect();
        let rows = self.inner.database.alerts(by_index.keys().cloned().collect()).await?;
        let named = rows.into_iter().filter_map(|row| Some((by_index.remove(&row.name_index)?.clone(), row)));
        Ok(named.collect())
    }

    /// What cannot be read counts as nothing: then people are told once more.
    fn alert_state_of(&self, row: &AlertRow) -> AlertState {
        let Some(sealed) = &row.sealed else { return AlertState::default() };
        let plaintext = self.inner.keyring().open(Place::new(ALERT, row.account, 0), sealed);
        let fields = plaintext.ok().and_then(|plaintext| serde_json::from_slice(&plaintext).ok());
        fields.and_then(json::read_alert_state).unwrap_or_default()
    }
}

impl AlertStore for Vault {
    fn alert_state<'a>(&'a self, account: &'a AccountName) -> BoxFuture<'a, AlertState> {
        Box::pin(async move {
            let states = self.alert_states(std::slice::from_ref(account)).await;
            states.ok().and_then(|mut states| states.remove(account)).unwrap_or_default()
        })
    }

    fn save_alert_state<'a>(
        &'a self,
        account: &'a AccountName,
        alert_state: &'a AlertState,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let states = AlertStates::from([(account.clone(), alert_state.clone())]);
            self.put_alert_states(&states).await.map_err(|error| error.into_store_error(true))
        })
    }

    fn lease_alerts(&self, now: Timestamp) -> BoxFuture<'_, Result<Guard<'_>, StoreError>> {
        Box::pin(async move {
            match self.inner.lease_named(ALERTS, now).await.map_err(reading)? {
                Ok(lease) => Ok(Box::new(lease) as Guard<'_>),
                Err(holder) => Err(StoreError::locked(&holder.to_string())),
            }
        })
    }
}
