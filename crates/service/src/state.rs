//! What the loops know, for each other and for those who watch.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use everlit_keeper::Outcome;
use everlit_meta_api::Timestamp;
use everlit_planner::State as Admission;
use everlit_vault::{Queue, VaultError, VaultErrorClass, Worker, Workload};
use tokio::time::Instant;

/// Shared by the loops.
#[derive(Debug)]
pub(crate) struct State(Mutex<Snapshot>);

/// Everything that is known at a moment.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) started_at: Timestamp,
    /// When the worker's loop last turned.
    turned_at: Instant,
    pub(crate) is_stopping: bool,
    pub(crate) vault: VaultState,
    pub(crate) queue: Queue,
    pub(crate) in_flight: u32,
    pub(crate) concurrency: u32,
    pub(crate) admission: Admission,
    pub(crate) attempts: [(Attempt, u64); Attempt::ALL.len()],
    pub(crate) durations: Durations,
    pub(crate) accounts: Vec<(String, u64)>,
    pub(crate) undelivered: u64,
    pub(crate) workers: Vec<Worker>,
    pub(crate) incidents: usize,
    pub(crate) stopped_apps: usize,
    pub(crate) spilled: usize,
    pub(crate) cannot_spill: Option<String>,
    pub(crate) notices_taken: u64,
    pub(crate) notices_failed: u64,
}

/// Whether the vault answers.
#[derive(Clone, Debug)]
pub(crate) struct VaultState {
    /// When it last took a write.
    pub(crate) succeeded: Option<(Timestamp, Instant)>,
    /// What it answered since, if that was an error, and since when.
    pub(crate) failing: Option<(String, Instant)>,
    /// It has a data key that this process cannot unlock: another process, with the new master key, has to take its place.
    pub(crate) is_locked: bool,
    pub(crate) errors: u64,
}

/// How the work on an account ended, in a word for metrics.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Attempt {
    Refreshed,
    Recovered,
    Verified,
    Idle,
    Failed,
    NotSaved,
    Refused,
    Internal,
}

/// How long the work on accounts took, in seconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Durations {
    /// How many took no longer than each of [`Durations::BOUNDS`].
    pub(crate) within: [u64; Self::BOUNDS.len()],
    pub(crate) sum: f64,
    pub(crate) count: u64,
}

/// A loop that has not turned for this long hangs: it sleeps five seconds at most.
const TURNS_WITHIN: Duration = Duration::from_secs(60);

/// The vault is asked to take a write every half minute; one that has not for this long is away.
const SUCCEEDS_WITHIN: Duration = Duration::from_secs(60);

impl State {
    pub(crate) fn new(started_at: Timestamp, concurrency: u32) -> Self {
        Self(Mutex::new(Snapshot {
            started_at,
            turned_at: Instant::now(),
            is_stopping: false,
            vault: VaultState { succeeded: None, failing: None, is_locked: false, errors: 0 },
            queue: Queue::default(),
            in_flight: 0,
            concurrency,
            admission: Admission::Normal,
            attempts: Attempt::ALL.map(|attempt| (attempt, 0)),
            durations: Durations::default(),
            accounts: Vec::new(),
            undelivered: 0,
            workers: Vec::new(),
            incidents: 0,
            stopped_apps: 0,
            spilled: 0,
            cannot_spill: None,
            notices_taken: 0,
            notices_failed: 0,
        }))
    }

    pub(crate) fn update(&self) -> MutexGuard<'_, Snapshot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.update().clone()
    }
}

impl Snapshot {
    pub(crate) fn turned(&mut self) {
        self.turned_at = Instant::now();
    }

    /// Why the process should be restarted, if it should.
    pub(crate) fn why_not_alive(&self) -> Option<String> {
        let stuck = self.turned_at.elapsed();
        (stuck > TURNS_WITHIN).then(|| format!("the worker has not moved for {} s", stuck.as_secs()))
    }

    /// Why no work is to be expected of this process now, if it is not.
    pub(crate) fn why_not_ready(&self) -> Option<String> {
        if self.is_stopping {
            return Some("stopping".to_owned());
        }
        if let Some(why) = self.why_not_alive() {
            return Some(why);
        }
        if let Some((error, since)) = &self.vault.failing {
            return Some(format!("the vault has failed for {} s: {error}", since.elapsed().as_secs()));
        }
        if !self.vault.is_up() {
            return Some("the vault has taken no write within the last minute".to_owned());
        }
        self.cannot_spill.clone()
    }

    /// What the other workers are told.
    pub(crate) fn workload(&self) -> Workload {
        let is_well = |attempt: Attempt| {
            !matches!(attempt, Attempt::Failed | Attempt::NotSaved | Attempt::Refused | Attempt::Internal)
        };
        let count = |wanted: bool| {
            let counted = self.attempts.iter().filter(|(attempt, _)| is_well(*attempt) == wanted);
            counted.map(|(_, count)| count).sum()
        };
        Workload { in_flight: self.in_flight.into(), done: count(true), failed: count(false), per_minute: 0 }
    }

    /// Takes note of work that has ended.
    pub(crate) fn note(&mut self, attempt: Attempt, took: Duration) {
        if let Some((_, count)) = self.attempts.iter_mut().find(|(known, _)| *known == attempt) {
            *count += 1;
        }
        self.durations.add(took);
    }
}

impl VaultState {
    /// Whether it has taken a write lately, and has not failed since.
    pub(crate) fn is_up(&self) -> bool {
        self.failing.is_none() && self.succeeded.is_some_and(|(_, at)| at.elapsed() <= SUCCEEDS_WITHIN)
    }

    pub(crate) fn wrote(&mut self, now: Timestamp) {
        if self.is_locked {
            return;
        }
        self.succeeded = Some((now, Instant::now()));
        if self.failing.take().is_some() {
            tracing::info!("the vault can be written again");
        }
    }

    /// Takes note of an error; `true` if it is the first one.
    pub(crate) fn failed(&mut self, error: &VaultError) -> bool {
        self.errors += 1;
        self.is_locked |= error.class == VaultErrorClass::Key;
        let is_first = self.failing.is_none();
        let since = self.failing.take().map_or_else(Instant::now, |(_, since)| since);
        self.failing = Some((error.message.clone(), since));
        is_first
    }
}

impl Attempt {
    pub(crate) const ALL: [Self; 8] = [
        Self::Refreshed,
        Self::Recovered,
        Self::Verified,
        Self::Idle,
        Self::Failed,
        Self::NotSaved,
        Self::Refused,
        Self::Internal,
    ];

    pub(crate) fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Refreshed { .. } => Self::Refreshed,
            Outcome::Recovered { .. } => Self::Recovered,
            Outcome::Verified | Outcome::Connected => Self::Verified,
            Outcome::Idle(_) | Outcome::TooYoung { .. } | Outcome::NotConnected { .. } => Self::Idle,
            Outcome::Failed(_) => Self::Failed,
            Outcome::NotSaved { .. } => Self::NotSaved,
            Outcome::Refused(_) => Self::Refused,
            Outcome::Internal { .. } => Self::Internal,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Refreshed => "refreshed",
            Self::Recovered => "recovered",
            Self::Verified => "verified",
            Self::Idle => "idle",
            Self::Failed => "failed",
            Self::NotSaved => "not_saved",
            Self::Refused => "refused",
            Self::Internal => "internal",
        }
    }
}

impl Durations {
    pub(crate) const BOUNDS: [f64; 8] = [0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 180.0];

    fn add(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        for (bound, within) in Self::BOUNDS.iter().zip(&mut self.within) {
            *within += u64::from(seconds <= *bound);
        }
        self.sum += seconds;
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use everlit_testkit::contract::NOW;

    use super::*;

    fn error(class: VaultErrorClass) -> VaultError {
        VaultError { class, message: "fake".to_owned() }
    }

    #[test]
    fn a_vault_that_is_locked_is_not_up_whatever_it_takes() {
        let mut vault = State::new(NOW, 1).snapshot().vault;
        vault.wrote(NOW);
        assert!(vault.is_up());
        assert!(vault.failed(&error(VaultErrorClass::Unreachable)) && !vault.is_up());
        vault.wrote(NOW);
        assert!(vault.is_up());
        vault.failed(&error(VaultErrorClass::Key));
        vault.wrote(NOW);
        assert!(!vault.is_up());
    }
}
