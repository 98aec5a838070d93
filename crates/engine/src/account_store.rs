//! Where the accounts of a run are: in a project's files, or in a vault.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread;

use everlit_host::runtime;
use everlit_keeper::{
    AccountName, AlertState, AlertStore, Delivery, Guard, Health, Lease, Store, StoreError, Stored, Target,
};
use everlit_meta_api::{BoxFuture, Timestamp};
use everlit_store::{LastRun, ProjectFiles};
use everlit_vault::{Vault, VaultErrorClass, Worker};

/// Where the accounts of a run are.
#[derive(Debug)]
pub enum AccountStore {
    /// In the files of a project.
    Files(Arc<ProjectFiles>),
    /// In a vault, with the last run over it, once somebody has asked for that.
    Vault(Vault, OnceLock<Option<LastRun>>),
}

impl AccountStore {
    /// The files, if the accounts are in files.
    pub fn files(&self) -> Option<&Arc<ProjectFiles>> {
        match self {
            Self::Files(files) => Some(files),
            Self::Vault(..) => None,
        }
    }

    /// The name of an account's token where it is used: the key in its env file, or `SHOP_ACCESS_TOKEN` for the account
    /// `shop` of a vault.
    pub fn key(&self, account: &AccountName) -> Result<String, StoreError> {
        match self {
            Self::Files(files) => files.key(account),
            Self::Vault(..) => Ok(format!("{}_ACCESS_TOKEN", as_variable(account.as_str()))),
        }
    }

    /// The last run over the account; a worker that serves its vault counts as one.
    pub fn last_run(&self, account: &AccountName, at: Timestamp) -> Option<LastRun> {
        match self {
            Self::Files(files) => files.last_run(account),
            Self::Vault(..) => self.last_run_over(at).map(|mut run| {
                // It may be about others: see `cannot_save`.
                run.failure = None;
                run
            }),
        }
    }

    fn last_run_over(&self, at: Timestamp) -> Option<LastRun> {
        match self {
            Self::Files(_) => None,
            Self::Vault(vault, last_run) => last_run.get_or_init(|| now(last_run_over(vault, at))?).clone(),
        }
    }

    /// Why nobody can know whether runs happen.
    pub fn runs_unknown(&self, account: &AccountName) -> Option<String> {
        self.files().and_then(|files| files.runs_unknown(account))
    }

    /// Why a new token could not be saved, as far as can be told without writing.
    pub fn cannot_save(&self, account: &AccountName, is_waiting: bool, at: Timestamp) -> Option<String> {
        match self {
            Self::Files(files) => files.cannot_save(account, is_waiting),
            Self::Vault(..) => {
                let failure = self.last_run_over(at)?.failure.filter(|_| is_waiting);
                failure.map(|(_, why)| format!("the last run failed: {why}"))
            }
        }
    }

    /// Why the vault cannot be written, tried with a lease, which changes no account. A worker that lives has just written.
    pub fn cannot_write(&self, at: Timestamp) -> Option<String> {
        let Self::Vault(vault, _) = self else { return None };
        if now(vault.workers())?.ok()?.iter().any(Worker::is_alive) {
            return None;
        }
        let error = now(vault.lease_alerting(at))?.err()?;
        // Whoever may only read cannot tell.
        (error.class == VaultErrorClass::ReadOnly).then_some(error.message)
    }

    /// Notes that a run has looked at these accounts, each with what kept it from doing its work.
    pub(crate) fn note_run<'n>(
        &self,
        accounts: impl Iterator<Item = (&'n AccountName, Option<(Health, String)>)>,
        at: Timestamp,
    ) {
        match self {
            Self::Files(files) => accounts.for_each(|(account, failure)| {
                files.note_run(account, failure.as_ref().map(|(health, message)| (*health, &**message)));
            }),
            Self::Vault(vault, _) => {
                let failures: Vec<_> = accounts.map(|(_, failure)| failure).collect();
                let unsaved = failures.iter().flatten().filter(|(health, _)| *health == Health::NotSaved);
                let mut messages = unsaved.map(|(_, message)| &**message);
                // What is one account's alone stands in its record, or in its report.
                let failure = messages.next().filter(|first| messages.all(|other| other == *first));
                // Without it, `status` says that no run has been recorded.
                if !failures.is_empty() {
                    drop(now(vault.note_run(at, failure)));
                }
            }
        }
    }

    /// What people should know about other tokens of the account in the project.
    pub(crate) fn notes_on_copies(&self, account: &AccountName, stored: &Stored) -> Vec<String> {
        self.files().map(|files| files.notes_on_copies(account, stored)).unwrap_or_default()
    }

    /// The file with what people were told about the account, if it cannot be read.
    pub(crate) fn unread_alerts(&self, account: &AccountName) -> Option<PathBuf> {
        self.files().and_then(|files| files.unread_alerts(account))
    }
}

/// The last run over a vault, or the moment at which a worker that serves it was last seen.
async fn last_run_over(vault: &Vault, now: Timestamp) -> Option<LastRun> {
    let runs = vault.last_runs().await.ok()?;
    let mut run = runs.first().map(|last| LastRun::well(*last, runs.get(1).copied()));
    if let Some(run) = &mut run {
        let failure = vault.failure_of_run(run.at).await.ok().flatten();
        run.failure = failure.map(|message| (Health::NotSaved, message));
    }
    let workers = vault.workers().await.unwrap_or_default();
    // The clock of the database may be another one.
    let seen = workers.iter().filter(|worker| worker.is_alive()).map(|worker| now - worker.seen_ago).max();
    let seen = seen.filter(|seen| run.as_ref().is_none_or(|run| run.at < *seen));
    let Some(seen) = seen else { return run };
    let mut seen = LastRun::well(seen, None);
    seen.failure = run.and_then(|run| run.failure);
    Some(seen)
}

/// A name with nothing in it that a variable cannot have.
fn as_variable(name: &str) -> String {
    let character =
        |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' };
    name.chars().map(character).collect()
}

/// Waits for a vault on a thread with a runtime of its own: whoever asks may be in one. `None` if there is none to be had.
fn now<T: Send>(work: impl Future<Output = T> + Send) -> Option<T> {
    thread::scope(|scope| scope.spawn(|| Some(runtime().ok()?.block_on(work))).join().ok()?)
}

impl Store for AccountStore {
    fn load<'a>(&'a self, account: &'a AccountName, now: Timestamp) -> BoxFuture<'a, Result<Stored, StoreError>> {
        match self {
            Self::Files(files) => files.load(account, now),
            Self::Vault(vault, _) => vault.load(account, now),
        }
    }

    fn due(&self, now: Timestamp, limit: usize) -> BoxFuture<'_, Result<Vec<AccountName>, StoreError>> {
        match self {
            Self::Files(files) => files.due(now, limit),
            Self::Vault(vault, _) => vault.due(now, limit),
        }
    }

    fn copy(&self, account: &AccountName, delivery: &Delivery) -> Option<Arc<dyn Target>> {
        match self {
            Self::Files(files) => files.copy(account, delivery),
            Self::Vault(vault, _) => vault.copy(account, delivery),
        }
    }

    fn lease_deliveries<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Guard<'a>, StoreError>> {
        match self {
            Self::Files(files) => files.lease_deliveries(account, now),
            Self::Vault(vault, _) => vault.lease_deliveries(account, now),
        }
    }

    fn lease<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Box<dyn Lease + 'a>, StoreError>> {
        match self {
            Self::Files(files) => files.lease(account, now),
            Self::Vault(vault, _) => vault.lease(account, now),
        }
    }
}

impl AlertStore for AccountStore {
    fn alert_state<'a>(&'a self, account: &'a AccountName) -> BoxFuture<'a, AlertState> {
        match self {
            Self::Files(files) => files.alert_state(account),
            Self::Vault(vault, _) => vault.alert_state(account),
        }
    }

    fn save_alert_state<'a>(
        &'a self,
        account: &'a AccountName,
        alert_state: &'a AlertState,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        match self {
            Self::Files(files) => files.save_alert_state(account, alert_state),
            Self::Vault(vault, _) => vault.save_alert_state(account, alert_state),
        }
    }

    fn lease_alerts(&self, now: Timestamp) -> BoxFuture<'_, Result<Guard<'_>, StoreError>> {
        match self {
            Self::Files(files) => files.lease_alerts(now),
            Self::Vault(vault, _) => vault.lease_alerts(now),
        }
    }
}
