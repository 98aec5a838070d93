//! The runs over all accounts, as each notes its end for those who ask how things stand.

use everlit_meta_api::Timestamp;

use crate::contents::seal;
use crate::seal::Place;
use crate::{Vault, VaultError};

/// When the last two runs over all accounts ended.
const LAST_RUNS: &str = "last_runs";

/// What kept a run from its work: when that was, and the sealed message.
const FAILURE: &str = "run_failure";
const COLUMN: &str = "settings.run_failure";

impl Vault {
    /// Notes that a run over all accounts has ended, and what kept it from saving tokens.
    pub async fn note_run(&self, now: Timestamp, failure: Option<&str>) -> Result<(), VaultError> {
        if let Some(failure) = failure {
            let sealed = seal(&self.inner.keyring(), place(now), failure.as_bytes())?;
            let value = [&now.as_unix().to_be_bytes()[..], &sealed].concat();
            self.inner.database.put_setting(FAILURE, value).await?;
        }
        let before = self.last_runs().await?.first().map_or(0, |at| at.as_unix());
        let value = [now.as_unix().to_be_bytes(), before.to_be_bytes()].concat();
        self.inner.database.put_setting(LAST_RUNS, value).await
    }

    /// When the last two runs over all accounts ended, the last one first.
    pub async fn last_runs(&self) -> Result<Vec<Timestamp>, VaultError> {
        let value = self.inner.database.setting(LAST_RUNS).await?.unwrap_or_default();
        let (runs, _) = value.as_chunks();
        let runs = runs.iter().map(|run| i64::from_be_bytes(*run)).filter(|at| *at > 0);
        Ok(runs.map(Timestamp::from_unix).collect())
    }

    /// What kept the run that ended then from saving tokens; `None` if nothing did, or if it cannot be read.
    pub async fn failure_of_run(&self, at: Timestamp) -> Result<Option<String>, VaultError> {
        let value = self.inner.database.setting(FAILURE).await?.unwrap_or_default();
        let Some(sealed) = value.strip_prefix(&at.as_unix().to_be_bytes()) else { return Ok(None) };
        let opened = self.inner.keyring().open(place(at), sealed).ok();
        Ok(opened.and_then(|message| String::from_utf8(message.to_vec()).ok()))
    }
}

fn place(at: Timestamp) -> Place {
    Place::new(COLUMN, 0, at.as_unix())
}
