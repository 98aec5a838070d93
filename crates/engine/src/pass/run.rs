//! One pass over all accounts.

use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use everlit_host::runtime;
use everlit_keeper::{
    AccountName, AlertState, AlertStore, Decision, DispatchReport, Health, Keeper, Policy, Report, Step, Store, decide,
};
use everlit_meta_api::{BoxFuture, Timestamp};

use super::frontend::{Aftermath, Frontend};
use super::heartbeats::Heartbeats;
use super::metrics_file;
use super::notifiers::dispatcher;
use super::settings::{notify_of_settings, settings_report};
use super::undelivered::undelivered;
use crate::account_store::AccountStore;
use crate::config::{NotifySettings, Project};
use crate::vault::vault_error;
use crate::{ConfigError, ErrorKind};

/// One pass over all accounts of a project: refreshes what is due, then notifies people and monitors.
#[derive(Debug)]
pub struct Pass<'a> {
    project: &'a Project<'a>,
    store: Arc<AccountStore>,
    force: bool,
}

impl<'a> Pass<'a> {
    /// A pass; with `force`, dates and stored waits do not count.
    pub fn new(project: &'a Project<'a>, force: bool) -> Self {
        Self { project, store: project.store(), force }
    }

    /// Runs the pass on this thread, outside of a runtime. With nothing to do it builds no runtime, client or TLS.
    pub fn run_blocking(&self, frontend: &mut dyn Frontend) -> Result<Vec<Report>, ConfigError> {
        if let Some(reports) = self.nothing_to_do() {
            self.show(&reports, frontend);
            frontend.finished(&Aftermath::default());
            return Ok(reports);
        }
        let runtime = runtime();
        let runtime = runtime.map_err(|error| ConfigError::internal(format!("cannot start the runtime: {error}")))?;
        runtime.block_on(self.run(frontend))
    }

    /// Runs the pass. A failed notification changes neither the reports nor the exit code.
    pub async fn run(&self, frontend: &mut dyn Frontend) -> Result<Vec<Report>, ConfigError> {
        let began = self.project.now();
        let heartbeats = Heartbeats::start(self.project);
        let recovered = self.recover_spilled().await;
        let (left, keeper) = match recovered.and_then(|left| Ok((left, self.keeper(frontend)?))) {
            Ok(begun) => begun,
            Err(error) => {
                self.note_failure(&error);
                let exit_code = frontend.failed(&error);
                let (dispatch, missed) = tokio::join!(
                    notify_of_settings(self.project, Some(&error), || frontend.hints(self.project)),
                    heartbeats.finish(self.project, &[], exit_code)
                );
                frontend.finished(&Aftermath { dispatch, missed, metrics_error: None });
                return Err(error);
            }
        };
        let mut reports = keeper.refresh_all(&self.project.settings.names()).await;
        let of_accounts = reports.len();
        reports.extend(left);
        let exit_code = self.show(&reports, frontend);
        let store: Arc<dyn AlertStore> = Arc::clone(&self.store) as _;
        let dispatcher = dispatcher(self.project, store, || frontend.hints(self.project));
        let (mut dispatch, missed) = tokio::join!(
            dispatcher.notify(&reports[..of_accounts]),
            heartbeats.finish(self.project, &reports, exit_code)
        );
        dispatch.extend(notify_of_settings(self.project, None, || frontend.hints(self.project)).await);
        dispatch.extend(self.notify_of_unreadable(frontend).await);
        self.project.save_hosted(&self.store).await;
        let metrics_error = self.write_metrics(&reports, exit_code, began).await.err();
        frontend.finished(&Aftermath { dispatch, missed, metrics_error });
        Ok(reports)
    }

    /// The reports of a pass in which nobody has to be asked, notified or informed; `None` if anything has to be done.
    ///
    /// An account whose files hang, or make the store panic, has no time here: the keeper isolates it, in the full pass.
    fn nothing_to_do(&self) -> Option<Vec<Report>> {
        const TIMEOUT: Duration = Duration::from_secs(2);
        let NotifySettings { heartbeats, metrics_file, .. } = &self.project.settings.notify;
        if self.force || !heartbeats.is_empty() || metrics_file.is_some() || self.project.hosted().is_some() {
            return None;
        }
        if self.project.settings.has_unreadable_accounts() {
            return None;
        }
        if at_once(Box::pin(settings_report(self.project, None)))?.is_some() {
            return None;
        }
        let settings = &self.project.settings;
        let (store, names) = (Arc::clone(&self.store), settings.names());
        let (now, policy) = (self.project.now(), settings.policy(false));
        let (sender, reports) = mpsc::channel();
        let check = move || sender.send(names.iter().map(|name| idle(&store, name, now, &policy)).collect());
        thread::Builder::new().name("files".to_owned()).spawn(check).ok()?;
        reports.recv_timeout(TIMEOUT).ok()?
    }

    /// Puts tokens into the vault that it could not take when they came. Returns a report on each that it cannot take now.
    async fn recover_spilled(&self) -> Result<Vec<Report>, ConfigError> {
        let AccountStore::Vault(vault, _) = &*self.store else { return Ok(Vec::new()) };
        match vault.recover_spilled().await {
            Ok(_) => Ok(vault.left_waiting(self.project.now())),
            Err(error) => {
                let next = Step::everlit("doctor").with_note("says what keeps a new token from being saved");
                Err(ConfigError { next, ..vault_error(error) })
            }
        }
    }

    fn keeper(&self, frontend: &dyn Frontend) -> Result<Keeper, ConfigError> {
        let keeper = self.project.keeper(&self.store, self.force)?;
        Ok(match frontend.progress() {
            Some(progress) => keeper.with_progress(progress),
            None => keeper,
        })
    }

    /// Records that a run has looked at these accounts, and shows the result.
    fn show(&self, reports: &[Report], frontend: &mut dyn Frontend) -> u8 {
        let note = |report: &Report| report.unrecorded_failure().map(|message| (report.health(), message));
        let read = reports.iter().filter(|report| report.record.is_some());
        self.store.note_run(read.map(|report| (&report.account, note(report))), self.project.now());
        frontend.refreshed(self.project, reports)
    }

    /// Records that nothing could be done for any account. The disk of one that hangs keeps nobody waiting.
    fn note_failure(&self, error: &ConfigError) {
        const TIMEOUT: Duration = Duration::from_secs(2);
        let (store, names, message) = (Arc::clone(&self.store), self.project.settings.names(), error.message.clone());
        let health = if error.kind == ErrorKind::NotSaved { Health::NotSaved } else { Health::Unreadable };
        let now = self.project.now();
        let (sender, noted) = mpsc::channel();
        let note = move || {
            let failure = (health, message);
            store.note_run(names.iter().map(|name| (name, Some(failure.clone()))), now);
            sender.send(())
        };
        if thread::Builder::new().name("files".to_owned()).spawn(note).is_ok() {
            let _ = noted.recv_timeout(TIMEOUT);
        }
    }

    /// Tells people of each account of the vault that cannot be read.
    async fn notify_of_unreadable(&self, frontend: &dyn Frontend) -> DispatchReport {
        let AccountStore::Vault(vault, _) = &*self.store else { return DispatchReport::default() };
        let settings = &self.project.settings;
        if settings.notify.channels.is_empty() {
            return DispatchReport::default();
        }
        let reports = async {
            if settings.has_unreadable_accounts() {
                vault.mark_unreadable().await?;
            }
            vault.notices().unreadable(self.project.now()).await
        };
        match reports.await {
            Ok(reports) if reports.is_empty() => DispatchReport::default(),
            Ok(reports) => {
                let notices = Arc::new(vault.notices());
                dispatcher(self.project, notices, || frontend.hints(self.project)).notify(&reports).await
            }
            Err(error) => DispatchReport { notes: vec![error.message], ..DispatchReport::default() },
        }
    }

    /// A pass over some of the accounts leaves the metrics as they are: they are about all.
    async fn write_metrics(
        &self,
        reports: &[Report],
        exit_code: u8,
        began: Timestamp,
    ) -> Result<(), everlit_disk::ReplaceError> {
        let settings = &self.project.settings;
        let Some(file) = settings.notify.metrics_file.as_ref().filter(|_| !settings.leaves_out_accounts()) else {
            return Ok(());
        };
        let failing: Vec<String> =
            undelivered(self.project, &*self.store).await.into_iter().map(|failure| failure.channel).collect();
        metrics_file::write(self.project, file, reports, exit_code, began, &failing)
    }
}

/// The report of a healthy account that needs nothing, and of which nobody was ever alerted.
fn idle(store: &AccountStore, name: &AccountName, now: Timestamp, policy: &Policy) -> Option<Report> {
    let stored = at_once(store.load(name, now))?.ok()?;
    let is_at_rest = stored.candidate.is_none()
        && stored.previous.is_none()
        && stored.record.next_check_at.is_none_or(|at| at > now)
        && stored.record.data_access_ends.is_none()
        && stored.record.deliveries.iter().all(|delivery| delivery.delivered == Some(stored.record.fingerprint))
        && matches!(decide(&stored.record, now, policy), Decision::NotDue { .. });
    if !is_at_rest || at_once(store.alert_state(name))? != AlertState::default() {
        return None;
    }
    let report = Report { notes: stored.notes, ..Report::idle(name, stored.record, policy, now) };
    Some(report).filter(|report| report.health() == Health::Healthy)
}

/// The value of a future that does not wait; `None` if it does.
fn at_once<T>(mut future: BoxFuture<'_, T>) -> Option<T> {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
