//! Moving accounts to the newest data key.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::contents::Contents;
use crate::database::{AccountRow, Right, Save};
use crate::{Vault, VaultError};

/// Accounts that are moved in one step.
const PAGE: usize = 500;

/// How long an account is left alone that somebody works on.
const PAUSE: Duration = Duration::from_millis(250);

/// How long such accounts are waited for while none of them moves.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far a sweep over all accounts has come.
#[derive(Debug)]
pub struct Resealing {
    moved: usize,
    unreadable: usize,
    moved_at: Instant,
    /// The account at which it goes on.
    after: i64,
    /// Some were left out since it began at the first account, because somebody works on them or has changed them.
    has_left_some: bool,
}

impl Default for Resealing {
    fn default() -> Self {
        Self { moved: 0, unreadable: 0, moved_at: Instant::now(), after: i64::MIN, has_left_some: false }
    }
}

impl Resealing {
    /// How many accounts were moved.
    pub fn moved(&self) -> usize {
        self.moved
    }

    /// How many accounts cannot be read, and stay as they are.
    pub fn unreadable(&self) -> usize {
        self.unreadable
    }
}

impl Vault {
    /// Seals some accounts anew that an older data key has sealed; `false` once there is nothing left to do. Accounts that
    /// somebody works on are left to that work, and tried again afterwards; what cannot be read stays as it is.
    pub async fn reseal(&self, sweep: &mut Resealing) -> Result<bool, VaultError> {
        let newest = self.inner.keyring().newest();
        let rows = self.inner.database.page_of_older_keys(newest, sweep.after, PAGE).await?;
        if sweep.after == i64::MIN {
            sweep.unreadable = 0;
        }
        for row in &rows {
            sweep.after = row.id;
            match self.reseal_row(row).await? {
                Some(true) => (sweep.moved, sweep.moved_at) = (sweep.moved + 1, Instant::now()),
                Some(false) => sweep.has_left_some = true,
                None => sweep.unreadable += 1,
            }
        }
        if !rows.is_empty() {
            return Ok(true);
        }
        sweep.after = i64::MIN;
        let goes_on = std::mem::take(&mut sweep.has_left_some) && sweep.moved_at.elapsed() < PATIENCE;
        if goes_on {
            sleep(PAUSE).await;
        }
        Ok(goes_on)
    }

    /// `false` if somebody works on the account; `None` if it cannot be read.
    async fn reseal_row(&self, row: &AccountRow) -> Result<Option<bool>, VaultError> {
        let keyring = self.inner.keyring();
        let Ok(contents) = Contents::open(&keyring, row) else { return Ok(None) };
        let save = Save {
            id: row.id,
            right: Right::Unleased,
            generation: row.generation,
            columns: contents.columns(&keyring, row.id, row.generation + 1)?,
            name_index: None,
            forgotten: Vec::new(),
            events: Vec::new(),
            undelivered: None,
        };
        self.inner.database.save(save).await.map(Some)
    }
}
