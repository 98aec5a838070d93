//! Settings that every machine shares which works with the vault: targets, channels, monitors, apps, and their secrets.

use everlit_keeper::{Event, EventKind};
use everlit_meta_api::{Secret, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::contents::{open_event, seal, seal_event};
use crate::database::EventRow;
use crate::seal::{Place, SealError};
use crate::vault::Vault;
use crate::{VaultError, VaultErrorClass};

/// Settings in a vault. Both texts are written and read by whoever stores them.
#[derive(Clone, Debug, Default)]
pub struct SharedSettings {
    /// The settings, as TOML.
    pub settings: String,
    /// Their secrets, as an env file.
    pub secrets: Secret,
    /// The number of the last change; 0 if there was none.
    pub revision: i64,
}

/// Changes of the shared settings, newest first.
#[derive(Clone, Debug, Default)]
pub struct SettingsHistory {
    /// Who made each change, and what it was.
    pub changes: Vec<(String, Event)>,
    /// How many more there are that cannot be read: they were edited by hand.
    pub unreadable: usize,
}

/// The content as JSON.
#[derive(Deserialize, Serialize)]
struct Document {
    settings: String,
    secrets: String,
}

/// The name of the value, and the column in which it is sealed.
const NAME: &str = "shared_settings";
const COLUMN: &str = "settings.value";

/// Events that belong to no account have this in place of its id.
const NO_ACCOUNT: i64 = 0;

impl Vault {
    /// The shared settings.
    pub async fn shared_settings(&self) -> Result<SharedSettings, VaultError> {
        let Some(stored) = self.inner.database.setting(NAME).await? else { return Ok(SharedSettings::default()) };
        let damaged = |why: &str| {
            let message = format!("the shared settings cannot be read from the vault: {why}. Restore a backup");
            VaultError::new(VaultErrorClass::Damaged, message)
        };
        let edited = || damaged("they were edited by hand, or come from another vault");
        // The revision comes first, in clear text, and is part of what the rest is sealed for.
        let (revision, sealed) = stored.split_first_chunk().ok_or_else(edited)?;
        let revision = i64::from_be_bytes(*revision);
        let place = Place::new(COLUMN, NO_ACCOUNT, revision);
        let opened = match self.inner.keyring().open(place, sealed) {
            Err(SealError::UnknownKey(_)) => {
                // Others have made a key since.
                self.inner.reload_keys().await?;
                self.inner.keyring().open(place, sealed)
            }
            opened => opened,
        };
        let plaintext = opened.map_err(|_| edited())?;
        let document = serde_json::from_slice(&plaintext);
        let Document { settings, secrets } = document.map_err(|_| damaged("a later everlit has written them"))?;
        Ok(SharedSettings { settings, secrets: Secret::new(secrets), revision })
    }

    /// Stores shared settings that were read before and changed since. `false` if somebody else has changed them meanwhile:
    /// nothing is stored then. `why` is for the audit.
    pub async fn put_shared_settings(
        &self,
        changed: SharedSettings,
        why: &str,
        now: Timestamp,
    ) -> Result<bool, VaultError> {
        let SharedSettings { settings, secrets, revision } = changed;
        let document = Document { settings, secrets: secrets.expose().to_owned() };
        let plaintext = Zeroizing::new(serde_json::to_vec(&document).unwrap_or_default());
        let keyring = self.inner.keyring();
        let sealed = seal(&keyring, Place::new(COLUMN, NO_ACCOUNT, revision + 1), &plaintext)?;
        let event = Event { at: now, what: EventKind::SettingsChanged, detail: why.to_owned() };
        let event = seal_event(&keyring, NO_ACCOUNT, &self.inner.actor, &event)?;
        let new = [&(revision + 1).to_be_bytes()[..], &sealed].concat();
        let old = (revision > 0).then(|| revision.to_be_bytes().to_vec());
        self.inner.database.replace_setting(NAME, old, new, event).await
    }

    /// Every change of the shared settings that is on record: people make them, so they are few.
    pub async fn settings_history(&self) -> Result<SettingsHistory, VaultError> {
        let rows = self.inner.database.events(Some(NO_ACCOUNT), usize::MAX).await?;
        let keyring = self.inner.keyring();
        let change = |row: &EventRow| Some((row.actor.clone(), open_event(&keyring, row).ok()?));
        let changes: Vec<_> = rows.iter().filter_map(change).collect();
        Ok(SettingsHistory { unreadable: rows.len() - changes.len(), changes })
    }

    /// Seals the shared settings with the newest key.
    pub(crate) async fn reseal_shared_settings(&self, now: Timestamp) -> Result<(), VaultError> {
        loop {
            let shared = self.shared_settings().await?;
            if shared.revision == 0 || self.put_shared_settings(shared, "sealed with a new key", now).await? {
                return Ok(());
            }
        }
    }
}
