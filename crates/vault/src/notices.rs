//! What people were told about things that are no accounts, such as an incident at Meta: for all workers of a vault, so that
//! one of them tells it.

use everlit_keeper::{AccountName, AlertState, AlertStore, Guard, StoreError};
use everlit_meta_api::{BoxFuture, Timestamp};
use everlit_store::json;
use serde_json::{Map, Value};

use crate::VaultError;
use crate::contents::seal;
use crate::seal::Place;
use crate::vault::Vault;

/// The setting that holds all of it, sealed.
const NOTICES: &str = "notices";

/// The alert states of a vault's subjects that are no accounts, by name.
#[derive(Clone, Debug)]
pub struct Notices(Vault);

impl Vault {
    /// The alert states of subjects that are no accounts.
    pub fn notices(&self) -> Notices {
        Notices(self.clone())
    }
}

impl Notices {
    async fn states(&self) -> Result<Map<String, Value>, VaultError> {
        let inner = &self.0.inner;
        let Some(sealed) = inner.database.setting(NOTICES).await? else { return Ok(Map::new()) };
        let plaintext = inner.keyring().open(Place::new(NOTICES, 0, 0), &sealed);
        // What cannot be read is told once more.
        Ok(plaintext.ok().and_then(|plaintext| serde_json::from_slice(&plaintext).ok()).unwrap_or_default())
    }

    /// The subjects of which people were told something that still counts.
    pub async fn subjects(&self) -> Result<Vec<AccountName>, VaultError> {
        Ok(self.states().await?.keys().map(AccountName::new).collect())
    }
}

impl AlertStore for Notices {
    fn alert_state<'a>(&'a self, subject: &'a AccountName) -> BoxFuture<'a, AlertState> {
        Box::pin(async move {
            let state = self.states().await.ok().and_then(|mut states| states.remove(subject.as_str()));
            state.and_then(json::read_alert_state).unwrap_or_default()
        })
    }

    fn save_alert_state<'a>(
        &'a self,
        subject: &'a AccountName,
        alert_state: &'a AlertState,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let saving = |error: VaultError| error.into_store_error(true);
            let mut states = self.states().await.map_err(saving)?;
            if *alert_state == AlertState::default() {
                states.remove(subject.as_str());
            } else {
                states.insert(subject.as_str().to_owned(), json::alert_state(alert_state));
            }
            let plaintext = serde_json::to_vec(&states).unwrap_or_default();
            let sealed = seal(&self.0.inner.keyring(), Place::new(NOTICES, 0, 0), &plaintext).map_err(saving)?;
            self.0.inner.database.put_setting(NOTICES, sealed).await.map_err(saving)
        })
    }

    fn lease_alerts(&self, now: Timestamp) -> BoxFuture<'_, Result<Guard<'_>, StoreError>> {
        self.0.lease_alerts(now)
    }
}
