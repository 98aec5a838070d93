//! The processes that serve a vault, as each of them tells the others.

use std::time::Duration;

use everlit_meta_api::Timestamp;

use crate::VaultError;
use crate::database::WorkerRow;
use crate::vault::Vault;

/// A process that serves the vault.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Worker {
    /// `pid 4711 on web1`.
    pub who: String,
    /// The version of its program.
    pub version: String,
    /// Since when it runs.
    pub started_at: Timestamp,
    /// When it was last seen, by the clock of the database.
    pub seen_at: Timestamp,
    /// How long ago that was.
    pub seen_ago: Duration,
    /// What it does.
    pub workload: Workload,
}

/// What a worker does, and has done since it started.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Workload {
    /// Accounts it works on.
    pub in_flight: u64,
    /// Times that the work on an account ended well.
    pub done: u64,
    /// Times that it did not.
    pub failed: u64,
    /// How many times in the last minute it ended at all.
    pub per_minute: u64,
}

impl Worker {
    /// Workers say that they live every half minute; one that has missed three times has ended, or hangs.
    const SEEN_WITHIN: Duration = Duration::from_secs(90);

    /// Whether it was seen lately.
    pub fn is_alive(&self) -> bool {
        self.seen_ago <= Self::SEEN_WITHIN
    }
}

impl Vault {
    /// A number for a new worker, which no other has.
    pub fn worker_id(&self) -> i64 {
        self.inner.random()
    }

    /// Says that a worker lives. A write, so it proves that the vault takes writes.
    pub async fn put_worker(&self, id: i64, started_at: Timestamp, workload: Workload) -> Result<(), VaultError> {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let worker = WorkerRow {
            id,
            who: self.inner.actor.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: started_at.as_unix(),
            seen_at: 0,
            seen_ago: 0,
            in_flight: number(workload.in_flight),
            done: number(workload.done),
            failed: number(workload.failed),
            per_minute: number(workload.per_minute),
        };
        self.inner.database.put_worker(worker).await
    }

    /// Says that a worker has ended.
    pub async fn remove_worker(&self, id: i64) -> Result<(), VaultError> {
        self.inner.database.remove_worker(id).await
    }

    /// The workers that were seen within a day, the one that was seen last first.
    pub async fn workers(&self) -> Result<Vec<Worker>, VaultError> {
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        let worker = |row: WorkerRow| Worker {
            who: row.who,
            version: row.version,
            started_at: Timestamp::from_unix(row.started_at),
            seen_at: Timestamp::from_unix(row.seen_at),
            seen_ago: Duration::from_secs(count(row.seen_ago)),
            workload: Workload {
                in_flight: count(row.in_flight),
                done: count(row.done),
                failed: count(row.failed),
                per_minute: count(row.per_minute),
            },
        };
        Ok(self.inner.database.workers().await?.into_iter().map(worker).collect())
    }
}
