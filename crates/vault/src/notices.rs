//! What people were told about things that are no accounts, such as an incident at Meta: for all workers of a vault, so that
//! one of them tells it.

use everlit_keeper::{AccountName, AlertState};
use everlit_store::json;
use serde_json::{Map, Value};

use crate::VaultError;
use crate::alerts::AlertStates;
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

    /// What people were last told about these subjects. Those of which they were told nothing may be left out.
    pub async fn alert_states(&self, names: &[AccountName]) -> Result<AlertStates, VaultError> {
        let mut states = self.states().await?;
        let known = names.iter().filter_map(|name| {
            let state = states.remove(name.as_str())?;
            Some((name.clone(), json::read_alert_state(state)?))
        });
        Ok(known.collect())
    }

    /// Remembers all of it, or nothing if that fails.
    pub async fn put_alert_states(&self, new: &AlertStates) -> Result<(), VaultError> {
        let mut states = self.states().await?;
        for (name, state) in new {
            if *state == AlertState::default() {
                states.remove(name.as_str());
            } else {
                states.insert(name.as_str().to_owned(), json::alert_state(state));
            }
        }
        let plaintext = serde_json::to_vec(&states).unwrap_or_default();
        let sealed = seal(&self.0.inner.keyring(), Place::new(NOTICES, 0, 0), &plaintext)?;
        self.0.inner.database.put_setting(NOTICES, sealed).await
    }
}
