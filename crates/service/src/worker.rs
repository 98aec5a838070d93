//! The loop that takes accounts that are due and works on them.
//!
//! It sleeps until the next account is due, in slices, so that a suspended machine and a changed clock are noticed; it looks at
//! the queue four times a minute all the same, because others put accounts into it. Nothing is taken while the vault does not answer,
//! or while tokens wait for it that it could not take.

use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::{Cause, FailureState, Keeper, Outcome, Report};
use everlit_meta_api::{Class, Evidence, Timestamp};
use everlit_planner::{Admission, Load, Outcome as Answer, steady_per_second};
use everlit_vault::{Claimed, Queue, VaultError};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::site::Current;
use crate::state::{Attempt, State};

/// The longest sleep. A suspended machine and a changed clock are noticed within it.
const SLICE: Duration = Duration::from_secs(5);

/// A clock that is ahead by this much more than has passed was set; or the machine slept.
const CLOCK_JUMP: Duration = Duration::from_secs(60);

/// How often the queue is looked at although nothing in it is known to be due: others add accounts, and wait for them.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Waits between attempts while the vault does not answer.
const VAULT_WAITS: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
];

/// How long work in flight may take to end once the service is asked to stop: as long as an account may take, and a little more.
const LONGEST_STOP: Duration = Duration::from_secs(4 * 60);

/// Overdue accounts are counted up to this number: a day's work of a million accounts.
const MOST_COUNTED: usize = 100_000;

/// Of more overdue accounts than this, a count is good for a while: counting thousands takes as long as working on some.
const FEW: u64 = 1_000;

/// How long it is good for.
const COUNT_AGAIN: Duration = Duration::from_secs(2);

/// How the work on an account ended.
struct Ended {
    attempt: Attempt,
    /// What it says about Meta.
    answer: Option<Answer>,
    took: Duration,
}

/// The loop, and what it needs.
pub(crate) struct Worker<'w, 'a> {
    pub(crate) current: &'w Current<'a>,
    pub(crate) state: &'w State,
    /// Takes the reports.
    pub(crate) reports: mpsc::UnboundedSender<Report>,
    admission: Admission,
    working: JoinSet<Ended>,
    look_at: Timestamp,
    /// The queue when it was last counted, less what was taken since.
    counted: Option<(Queue, Instant)>,
    /// How many accounts were in flight when the last ones were started.
    started_with: usize,
    /// Consecutive failures of the vault.
    failures: usize,
    /// Tokens of processes that ended before may wait for the vault.
    has_recovered: bool,
}

impl<'w, 'a> Worker<'w, 'a> {
    pub(crate) fn new(
        current: &'w Current<'a>,
        state: &'w State,
        reports: mpsc::UnboundedSender<Report>,
        concurrency: u32,
    ) -> Self {
        let look_at = current.get().project.now();
        let (admission, working) = (Admission::new(concurrency), JoinSet::new());
        let (counted, started_with, failures, has_recovered) = (None, 0, 0, false);
        Self { current, state, reports, admission, working, look_at, counted, started_with, failures, has_recovered }
    }

    /// Works until `stop`, then lets the work in flight end.
    pub(crate) async fn run(mut self, stop: &Notify) {
        let stopped = stop.notified();
        tokio::pin!(stopped);
        let mut last = (self.now(), Instant::now());
        loop {
            let now = self.now();
            self.state.update().turned();
            self.compare_clocks(last, now);
            last = (now, Instant::now());
            if self.look_at <= now {
                self.look(now).await;
            }
            let pause = u64::try_from(self.look_at.since(self.now())).unwrap_or(0);
            tokio::select! {
                biased;
                () = &mut stopped => break,
                Some(ended) = self.working.join_next() => self.ended(ended.ok().as_ref()),
                () = self.current.changed.notified() => self.look_at = self.now(),
                () = tokio::time::sleep(SLICE.min(Duration::from_secs(pause)).max(Duration::from_millis(1))) => {}
            }
            self.collect();
        }
        self.finish().await;
    }

    fn now(&self) -> Timestamp {
        self.current.get().project.now()
    }

    /// Notices a clock that was set, or a machine that slept.
    fn compare_clocks(&mut self, (last, at): (Timestamp, Instant), now: Timestamp) {
        if now < last {
            tracing::warn!(seconds = last.since(now), "the clock was set back");
            self.has_recovered = false;
            self.look_at = now;
        } else if last + at.elapsed() + CLOCK_JUMP < now {
            tracing::warn!(seconds = now.since(last), "the clock went ahead: it was set, or the machine slept");
        }
    }

    /// Lets work in flight end: a token that Meta has issued is saved.
    async fn finish(mut self) {
        self.state.update().is_stopping = true;
        let end = async {
            while let Some(ended) = self.working.join_next().await {
                self.ended(ended.ok().as_ref());
                self.state.update().turned();
            }
        };
        if tokio::time::timeout(LONGEST_STOP, end).await.is_err() {
            let left = self.working.len();
            tracing::error!(left, "work in flight has not ended in time; others take it over once its leases end");
            self.working.detach_all();
        }
    }

    /// Looks at the queue, and starts what may be started.
    async fn look(&mut self, now: Timestamp) {
        if self.state.update().vault.is_locked {
            self.look_at = now + LOOK_EVERY;
            return;
        }
        match self.start_due(now).await {
            Ok(look_at) => {
                self.look_at = look_at;
                self.failures = 0;
            }
            Err(error) => {
                self.look_at = now + VAULT_WAITS[self.failures.min(VAULT_WAITS.len() - 1)];
                self.failures += 1;
                // A token may have been spilled meanwhile, by this process or by one that has ended.
                self.has_recovered = false;
                if self.state.update().vault.failed(&error) {
                    tracing::error!(error = %error, "the vault does not work; nothing is refreshed until it does");
                }
            }
        }
    }

    /// Starts what may be started, and says when to look again.
    async fn start_due(&mut self, now: Timestamp) -> Result<Timestamp, VaultError> {
        let site = self.current.get();
        let vault = &site.vault;
        if !self.has_recovered || vault.has_spilled() {
            self.recover(now).await?;
        }
        let mut queue = self.queue(now).await?;
        let permit = self.admission.admit(&self.load(&queue), now);
        self.state.update().admission = self.admission.state();
        let mut started = 0;
        if permit.start > 0 {
            // An account without room for its token would be leased for nothing, and nobody else could take it.
            let in_flight = self.working.len();
            let limit = usize::try_from(permit.start).unwrap_or(usize::MAX);
            let limit = vault.room(in_flight + limit)?.saturating_sub(in_flight).min(limit);
            let (claimed, unreadable) = vault.claim(now, limit).await?;
            for error in unreadable {
                tracing::error!(error = %error, "an account cannot be read");
                self.current.unreadable.notify_one();
            }
            started = claimed.len() as u64;
            if started > 0 {
                // A vault that only answers may be read-only: only these prove that it works again.
                self.state.update().vault.wrote(now);
            }
            self.start(claimed);
            self.started_with = self.working.len();
        }
        queue.overdue = queue.overdue.saturating_sub(started);
        queue.critical = queue.critical.saturating_sub(started);
        if let Some((counted, _)) = &mut self.counted {
            *counted = queue;
        }
        self.state.update().queue = queue;
        if queue.overdue > 0 {
            return Ok(now + permit.ask_again_after);
        }
        let next = queue.next.map_or(now + LOOK_EVERY, Timestamp::from_unix);
        Ok(next.min(now + LOOK_EVERY))
    }

    /// What waits, counted again if that is cheap or was done a while ago.
    async fn queue(&mut self, now: Timestamp) -> Result<Queue, VaultError> {
        if let Some((queue, at)) = self.counted
            && queue.overdue > FEW
            && at.elapsed() < COUNT_AGAIN
        {
            return Ok(queue);
        }
        let queue = self.current.get().vault.queue(now, MOST_COUNTED).await?;
        self.counted = Some((queue, Instant::now()));
        Ok(queue)
    }

    /// Puts tokens into the vault that it could not take before, and accounts into the queue that a wrong clock has put off.
    async fn recover(&mut self, now: Timestamp) -> Result<(), VaultError> {
        let site = self.current.get();
        let recovered = site.vault.recover_spilled().await?;
        if recovered > 0 {
            tracing::info!(recovered, "tokens that had waited for the vault are in it");
        }
        for report in site.vault.left_waiting(now) {
            if let Outcome::Refused(error) = report.outcome {
                tracing::error!(error = %error, "a new token waits on this machine and cannot be saved");
            }
            self.current.unreadable.notify_one();
        }
        let mended = site.vault.mend_queue(now).await?;
        if mended > 0 {
            tracing::warn!(mended, "accounts were dated further ahead than any token lives; they are due now");
        }
        self.has_recovered = true;
        Ok(())
    }

    fn load(&self, queue: &Queue) -> Load {
        let state = self.state.update();
        let accounts: u64 = state.accounts.iter().map(|(_, count)| count).sum();
        let workers = state.workers.iter().filter(|worker| worker.is_alive()).count().max(1);
        drop(state);
        let policy = self.current.get().project.settings.policy(false);
        Load {
            in_flight: u32::try_from(self.working.len()).unwrap_or(u32::MAX),
            overdue: queue.overdue,
            critical: queue.critical,
            oldest_run_at: queue.oldest.map(Timestamp::from_unix),
            #[expect(clippy::cast_precision_loss, reason = "there are not that many workers")]
            steady_per_second: steady_per_second(accounts, &policy) / workers as f64,
        }
    }

    fn start(&mut self, claimed: Vec<Claimed>) {
        if claimed.iter().any(|claimed| !self.current.get().knows(&claimed.account)) {
            // It was added since the settings were read, and targets may want its token.
            if let Err(error) = self.current.reload() {
                tracing::error!(error = %error, "the settings cannot be read again");
            }
        }
        let site = self.current.get();
        for claimed in claimed {
            self.working.spawn(work(Arc::clone(&site.keeper), claimed, self.reports.clone()));
        }
        self.count();
    }

    /// Takes note of work that has ended, and of all other that has.
    fn collect(&mut self) {
        while let Some(ended) = self.working.try_join_next() {
            self.ended(ended.ok().as_ref());
        }
    }

    /// `None` if everlit has failed outside of the work on an account, which catches that itself.
    fn ended(&mut self, ended: Option<&Ended>) {
        let now = self.now();
        if let Some(Ended { attempt, answer, took }) = ended {
            if let Some(answer) = answer {
                self.admission.report(*answer, now);
            }
            self.state.update().note(*attempt, *took);
        } else {
            tracing::error!("everlit failed; please report it");
        }
        self.count();
        // Others may be waiting for the place. They are taken together, once half of the last ones are done.
        let is_half_done = self.working.len() * 2 <= self.started_with;
        if is_half_done && self.state.update().queue.overdue > 0 && self.failures == 0 {
            self.look_at = self.look_at.min(now);
        }
    }

    fn count(&self) {
        self.state.update().in_flight = u32::try_from(self.working.len()).unwrap_or(u32::MAX);
    }
}

/// Works on an account.
async fn work(keeper: Arc<Keeper>, claimed: Claimed, reports: mpsc::UnboundedSender<Report>) -> Ended {
    let Claimed { account, id, lease } = claimed;
    let began = Instant::now();
    let report = keeper.refresh_claimed(&account, lease).await;
    let took = began.elapsed();
    log(id, &report, took);
    // Whoever takes them outlives the work.
    let _ = reports.send(report.clone());
    keeper.rest_if_near_limit(&report, took).await;
    Ended { attempt: Attempt::of(&report.outcome), answer: answer(&report.outcome), took }
}

/// One line about the work on an account, which its number stands for: names may be people's.
fn log(account: i64, report: &Report, took: Duration) {
    let (outcome, health) = (Attempt::of(&report.outcome).word(), report.health().code());
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match &report.outcome {
        Outcome::Failed(failure) => log_failure(account, failure, health, took_ms),
        Outcome::NotSaved { error, .. } => {
            tracing::error!(account, outcome, health, class = ?error.class, io = ?error.io, took_ms, "account");
        }
        Outcome::Refused(error) => tracing::warn!(account, outcome, health, class = ?error.class, took_ms, "account"),
        Outcome::Internal { .. } => {
            tracing::error!(account, outcome, health, took_ms, "everlit failed; please report it");
        }
        Outcome::Idle(_) => tracing::debug!(account, outcome, health, took_ms, "account"),
        _ => tracing::info!(account, outcome, health, took_ms, "account"),
    }
}

fn log_failure(account: i64, failure: &FailureState, health: &str, took_ms: u64) {
    let (code, subcode) = failure.evidence.as_ref().map_or((None, None), Evidence::codes);
    let (outcome, cause, attempts) = (Attempt::Failed.word(), failure.cause.code(), failure.attempts);
    tracing::warn!(account, outcome, health, cause, code, subcode, attempts, took_ms, "account");
}

/// What an outcome says about Meta; `None` if Meta was not asked.
fn answer(outcome: &Outcome) -> Option<Answer> {
    match outcome {
        Outcome::Refreshed { .. } | Outcome::Recovered { .. } | Outcome::Verified => Some(Answer::Ok),
        Outcome::Failed(failure) => match (&failure.evidence, failure.cause) {
            // No answer, or one that says that Meta itself fails.
            (None, Cause::Meta(Class::Retry)) => Some(Answer::Unavailable),
            (Some(evidence), Cause::Meta(Class::Retry)) if evidence.http_status >= Some(500) => {
                Some(Answer::Unavailable)
            }
            _ => Some(Answer::Refused),
        },
        _ => None,
    }
}
