//! What people were told about things that are no accounts, such as an incident at Meta: for all workers of a vault, so that
//! one of them tells it.

use everlit_keeper::{AccountName, AlertState, AlertStore, Guard, Outcome, Report, StoreError, StoreErrorClass};
use everlit_meta_api::{BoxFuture, Timestamp};
use everlit_store::json;
use serde_json::{Map, Value};

use crate::VaultError;
use crate::alerts::AlertStates;
use crate::contents::seal;
use crate::seal::Place;
use crate::vault::Vault;

/// The setting that holds all of it, sealed.
const NOTICES: &str = "notices";

/// How an account is called whose name cannot be read, before the number of its row.
const ROW: &str = "the account in row ";

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

    /// A report on each account that cannot be read, named by its row, and on each token that the vault could not take from this
    /// machine; on the first thousand accounts, as what people were told is stored in one value. Earlier notices about other
    /// rows are dropped: those can be read again, or are gone.
    pub async fn unreadable(&self, now: Timestamp) -> Result<Vec<Report>, VaultError> {
        const MOST: usize = 1_000;
        let rows = self.0.inner.database.unreadable(MOST).await?;
        let subjects: Vec<AccountName> = rows.iter().map(|row| AccountName::new(format!("{ROW}{row}"))).collect();
        let told = self.subjects().await?.into_iter();
        let over = told.filter(|told| told.as_str().starts_with(ROW) && !subjects.contains(told));
        let over: AlertStates = over.map(|told| (told, AlertState::default())).collect();
        if !over.is_empty() {
            self.put_alert_states(&over).await?;
        }
        let why = "it cannot be read from the vault, so nothing is done for it";
        let report = |account| Report {
            account,
            at: now,
            outcome: Outcome::Refused(StoreError::new(StoreErrorClass::Unusable, why)),
            record: None,
            undelivered: Vec::new(),
            notes: Vec::new(),
        };
        Ok(subjects.into_iter().map(report).chain(self.0.left_waiting(now)).collect())
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

/// For one process that sends messages at a time.
impl AlertStore for Notices {
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
        self.0.lease_alerts(now)
    }
}
