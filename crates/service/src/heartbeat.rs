//! Every half minute: the vault learns that this worker lives, which proves that the vault takes writes; the service manager
//! hears of it; what others want to know is counted. Every hour, the monitors outside hear of it.

use std::collections::VecDeque;
use std::time::Duration;

use everlit_engine::{beat, vault_error};
use everlit_keeper::Health;
use everlit_meta_api::Timestamp;
use everlit_notify::Summary;
use everlit_vault::{VaultError, Workload};
use tokio::time::Instant;

use crate::site::{Current, Site};
use crate::state::{Snapshot, State};
use crate::supervisor;

/// Others take a worker for dead that was not seen for three times this long.
const EVERY: Duration = Duration::from_secs(30);

/// Counting takes a while where there are millions: it is done a hundred times less than it takes, and no more often.
const COUNT_EVERY: Duration = Duration::from_secs(60);

/// How often monitors hear of the service, as they would of an hourly run.
const MONITORS_EVERY: Duration = Duration::from_secs(60 * 60);

/// People hear of a vault that has been away for this long: a failover takes a minute.
const TELL_AFTER: Duration = Duration::from_secs(15 * 60);

/// How often the tables are made ready for the months to come.
const MAINTAIN_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Deliveries are counted up to this number.
const MOST_COUNTED: usize = 100_000;

/// A queue that is this far behind does not keep up.
const LAGS: Duration = Duration::from_secs(24 * 60 * 60);

/// The loop.
pub(crate) struct Heartbeat<'w, 'a> {
    current: &'w Current<'a>,
    state: &'w State,
    id: i64,
    /// How much work had ended at the beats within the last minute.
    ended: VecDeque<(Instant, u64)>,
    /// Since when the vault cannot be written.
    away_since: Option<Instant>,
    /// People may have been told that it does not: by a process before this one, perhaps.
    is_told: bool,
    /// What is wrong with the settings in the vault, as it was last logged.
    settings_error: Option<String>,
    count_at: Instant,
    monitors_at: Instant,
    note_at: Instant,
    maintain_at: Instant,
}

impl<'w, 'a> Heartbeat<'w, 'a> {
    pub(crate) fn new(current: &'w Current<'a>, state: &'w State) -> Self {
        let (id, now) = (current.get().vault.worker_id(), Instant::now());
        let ended = VecDeque::from([(now, 0)]);
        Self {
            current,
            state,
            id,
            ended,
            away_since: None,
            is_told: true,
            settings_error: None,
            count_at: now,
            monitors_at: now + EVERY,
            note_at: now + EVERY,
            maintain_at: now,
        }
    }

    /// Beats until it is dropped.
    pub(crate) async fn run(&mut self) {
        loop {
            let began = Instant::now();
            match self.beat().await {
                Ok(()) => {
                    supervisor::alive(&self.state.snapshot());
                    self.away_since = None;
                    if std::mem::take(&mut self.is_told) {
                        self.current.notify_of_vault(None).await;
                    }
                }
                Err(error) => {
                    if self.state.update().vault.failed(&error) {
                        tracing::error!(error = %error, "the vault cannot be written");
                    }
                    supervisor::status(&self.state.snapshot());
                    let away_since = *self.away_since.get_or_insert(began);
                    if !self.is_told && away_since.elapsed() >= TELL_AFTER {
                        self.is_told = true;
                        self.current.notify_of_vault(Some(vault_error(error))).await;
                    }
                }
            }
            tokio::time::sleep_until(began + EVERY).await;
        }
    }

    async fn beat(&mut self) -> Result<(), VaultError> {
        let site = self.current.get();
        let (started_at, workload) = {
            let state = self.state.update();
            (state.started_at, state.workload())
        };
        let workload = Workload { per_minute: self.per_minute(workload.done + workload.failed), ..workload };
        site.vault.follow_keys().await?;
        self.state.update().vault.is_locked = false;
        site.vault.put_worker(self.id, started_at, workload).await?;
        let now = Instant::now();
        if self.count_at <= now {
            self.count(&site).await?;
            let took = now.elapsed();
            self.count_at = now + COUNT_EVERY.max(took * 100);
        }
        self.state.update().vault.wrote(site.project.now());
        self.follow_settings(&site).await;
        if self.maintain_at <= now {
            site.vault.maintain(site.project.now()).await?;
            self.maintain_at = now + MAINTAIN_EVERY;
        }
        if self.note_at <= now {
            self.note_at = now + if self.note_run(&site).await? { MONITORS_EVERY } else { EVERY };
        }
        if self.monitors_at <= now {
            self.monitors_at = now + MONITORS_EVERY;
            self.tell_monitors(&site).await;
        }
        Ok(())
    }

    /// Reads the settings again if somebody has changed those in the vault, which another machine may have done.
    async fn follow_settings(&mut self, site: &Site<'_>) {
        let known = site.project.shared().revision;
        let error = match site.vault.shared_settings().await {
            Ok(shared) if shared.revision == known => None,
            Ok(shared) if shared.revision < known => {
                Some(format!("somebody has put back older settings: change {} after {known}", shared.revision))
            }
            Ok(_) => match self.current.reload() {
                Ok(()) => {
                    tracing::info!("the settings in the vault were changed, and read again");
                    None
                }
                Err(error) => Some(error.message),
            },
            Err(error) => Some(error.message),
        };
        if error != self.settings_error
            && let Some(error) = &error
        {
            tracing::error!(error, "the settings in the vault cannot be used; those of before stay");
        }
        self.settings_error = error;
    }

    /// How much work has ended within the last minute, with this much in all.
    fn per_minute(&mut self, ended: u64) -> u64 {
        const MINUTE: Duration = Duration::from_secs(60);
        let now = Instant::now();
        while self.ended.len() > 1 && self.ended[0].0 + MINUTE < now {
            self.ended.pop_front();
        }
        let before = self.ended.front().map_or(0, |(_, ended)| *ended);
        self.ended.push_back((now, ended));
        ended.saturating_sub(before)
    }

    async fn count(&self, site: &Site<'_>) -> Result<(), VaultError> {
        let accounts = site.vault.states(site.project.now()).await?;
        let undelivered = site.vault.undelivered(MOST_COUNTED).await?;
        let workers = site.vault.workers().await?;
        let (spill, cannot_spill) = (site.vault.spill(), site.vault.cannot_spill().map(|error| error.message));
        let mut state = self.state.update();
        (state.accounts, state.undelivered, state.workers) = (accounts, undelivered, workers);
        state.stopped_apps = site.keeper.stopped_apps();
        state.spilled = spill.map_or(0, everlit_vault::Spill::waiting);
        if let Some(error) = cannot_spill.as_ref().filter(|_| state.cannot_spill.is_none()) {
            tracing::error!(error, "no token could be kept if the vault went away; nothing is refreshed");
        }
        state.cannot_spill = cannot_spill;
        Ok(())
    }

    /// Notes that the accounts were looked at, as a run does; `false` if too many still wait for that.
    async fn note_run(&self, site: &Site<'_>) -> Result<bool, VaultError> {
        let (now, state) = (site.project.now(), self.state.snapshot());
        if is_behind(&state, now) {
            return Ok(false);
        }
        site.vault.note_run(now, state.cannot_spill.as_deref()).await?;
        Ok(true)
    }

    async fn tell_monitors(&self, site: &Site<'_>) {
        for missed in beat(&site.project, summary(&self.state.snapshot(), site.project.now())).await {
            tracing::warn!(monitor = missed.monitor, error = missed.message, "a heartbeat could not be sent");
        }
    }

    /// Says that this worker has ended.
    pub(crate) async fn end(&self) {
        // If it cannot be said, it shows by itself.
        let _ = self.current.get().vault.remove_worker(self.id).await;
    }
}

/// The exit code of a run that is repeated later.
const LAGGING: u8 = 4;

/// The state of accounts that somebody has paused: monitors do not hear of them.
const PAUSED: &str = "paused";

/// Whether the vault is away, or an account has been due for a day.
fn is_behind(state: &Snapshot, now: Timestamp) -> bool {
    let lags = state.queue.oldest.is_some_and(|oldest| Timestamp::from_unix(oldest) + LAGS < now);
    lags || !state.vault.is_up()
}

/// What monitors are told: as after a run that has looked at every account.
fn summary(state: &Snapshot, now: Timestamp) -> Summary {
    let sum = |is: &dyn Fn(&str) -> bool| {
        let counted = state.accounts.iter().filter(|(word, _)| is(word));
        u32::try_from(counted.map(|(_, count)| count).sum::<u64>()).unwrap_or(u32::MAX)
    };
    let count = |is: fn(Health) -> bool| sum(&|word| Health::from_code(word).is_some_and(is));
    let accounts = sum(&|word| word != PAUSED);
    let (needs_person, not_saved) = (count(Health::needs_person), count(Health::is_unsaved));
    let exit = match () {
        () if not_saved > 0 => 5,
        () if needs_person > 0 => 3,
        () if is_behind(state, now) => LAGGING,
        () => 0,
    };
    Summary {
        accounts,
        checked: accounts,
        failed: count(Health::is_retrying),
        needs_person,
        not_saved,
        oldest_check: None,
        took: Duration::ZERO,
        exit,
    }
}

#[cfg(test)]
mod tests {
    use everlit_testkit::contract::NOW;

    use super::*;

    #[test]
    fn monitors_hear_of_accounts_that_need_a_person() {
        let state = State::new(NOW, 1);
        state.update().vault.wrote(NOW);
        let says = |word: &str| {
            state.update().accounts = vec![("healthy".into(), 5), ("paused".into(), 7), (word.into(), 2)];
            let summary = summary(&state.snapshot(), NOW);
            (summary.accounts, summary.failed, summary.needs_person, summary.not_saved, summary.exit)
        };
        for word in ["needs_person", "expired", "no_token", "unreadable"] {
            assert_eq!(says(word), (7, 0, 2, 0, 3), "{word}");
        }
        for word in ["retrying", "expiring"] {
            assert_eq!(says(word), (7, 2, 0, 0, 0), "{word}");
        }
        for word in ["not_saved", "not_delivered"] {
            assert_eq!(says(word), (7, 0, 0, 2, 5), "{word}");
        }
    }

    #[test]
    fn no_run_is_noted_while_accounts_wait_for_days() {
        let state = State::new(NOW, 1);
        state.update().vault.wrote(NOW);
        // An account that needs a person hides nothing of it.
        state.update().accounts = vec![("expired".into(), 1)];
        for (waits, behind) in [(3_600, false), (25 * 3_600, true)] {
            state.update().queue.oldest = Some(NOW.as_unix() - waits);
            assert_eq!(is_behind(&state.snapshot(), NOW), behind, "{waits}");
        }
    }
}
