//! Meta's limits are those of a whole app: what one account hears of them counts for the others of the run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use everlit_meta_api::{Class, Error, Platform, Reply, Timestamp, Usage};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use crate::ask::FailedCall;
use crate::policy::{LONGEST_WAIT, SHORTEST_REST, SLOW_AT_PERCENT, STOP_AT_PERCENT, WAIT_FOR_APP};
use crate::run::Run;
use crate::{Cause, EventKind, FailureState, Keeper, Outcome, Record, Report};

/// Which app a token belongs to, as far as everlit knows: the platform, and the id of the app in the settings.
type App = (Platform, Option<String>);

/// The failure of an account that waits for a limit.
const LIMITED: Cause = Cause::Meta(Class::BackOff);

/// What Meta has said in this run about the limits of each app.
#[derive(Debug, Default)]
pub(crate) struct AppLimits(Mutex<HashMap<App, Limit>>);

#[derive(Clone, Debug, Default)]
struct Limit {
    /// Nobody of the app is asked about before this instant.
    stopped_until: Option<Timestamp>,
    /// Meta has answered within the limit.
    is_open: bool,
    /// The app is near its limit.
    is_near: bool,
    /// Held by the one account that tries whether the limit has been reset.
    canary: Arc<Turn<()>>,
}

/// The turn of the account that tries whether a limit has been reset. The others wait until it is dropped.
pub(crate) type Canary = OwnedMutexGuard<()>;

impl AppLimits {
    fn with<T>(&self, app: &App, read: impl FnOnce(&mut Limit) -> T) -> T {
        let mut limits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read(limits.entry(app.clone()).or_default())
    }

    /// Whether an app of the platform is near its limit, and not stopped.
    fn is_near(&self, platform: Platform) -> bool {
        let limits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        limits.iter().any(|(app, limit)| app.0 == platform && limit.is_near && limit.stopped_until.is_none())
    }

    fn stop(&self, app: &App, now: Timestamp, wait: Option<Duration>) {
        let until = now + wait.unwrap_or(WAIT_FOR_APP).min(LONGEST_WAIT);
        self.with(app, |limit| limit.stopped_until = limit.stopped_until.max(Some(until)));
    }

    fn note_usage(&self, app: &App, now: Timestamp, usage: Usage) {
        self.with(app, |limit| limit.is_open = true);
        let Some(percent) = usage.percent else { return };
        self.with(app, |limit| limit.is_near = percent >= SLOW_AT_PERCENT);
        if percent >= STOP_AT_PERCENT {
            self.stop(app, now, usage.regain_after);
        }
    }

    fn note_error(&self, app: &App, now: Timestamp, error: &Error) {
        if error.is_app_limit() {
            self.stop(app, now, error.retry_after());
        } else if error.evidence().is_some() {
            self.with(app, |limit| limit.is_open = true);
        }
    }
}

impl Keeper {
    /// After an account, while an app of its platform is near its limit: rests for as long as the account took, which halves
    /// the pace.
    pub(crate) async fn rest_if_near_limit(&self, report: &Report, took: Duration) {
        let platform = report.record.as_ref().and_then(|record| record.kind.platform());
        if platform.is_some_and(|platform| self.limits.is_near(platform)) {
            self.clock.sleep(took.max(SHORTEST_REST)).await;
        }
    }

    fn app_of(&self, record: &Record) -> Option<App> {
        Some((record.kind.platform()?, self.client.app_id().map(str::to_owned)))
    }
}

impl Run<'_> {
    /// When the account may be asked about, where its app is stopped. Among accounts that have waited for the limit, one
    /// asks first, and the others wait for what it hears.
    pub(crate) async fn app_stopped_until(&mut self) -> Option<Timestamp> {
        let app = self.keeper.app_of(&self.record)?;
        let limits = &self.keeper.limits;
        let has_waited = self.record.failure.as_ref().is_some_and(|failure| failure.cause == LIMITED);
        if has_waited && !limits.with(&app, |limit| limit.is_open) {
            let canary = limits.with(&app, |limit| Arc::clone(&limit.canary));
            self.canary = Some(canary.lock_owned().await);
        }
        let (is_open, stopped_until) = limits.with(&app, |limit| (limit.is_open, limit.stopped_until));
        let now = self.now();
        let stopped_until = stopped_until.filter(|until| *until > now);
        if is_open || stopped_until.is_some() {
            self.canary = None;
        }
        stopped_until
    }

    /// Stores that the account waits for the limit of its app. What Meta has said about the token itself stays.
    pub(crate) async fn wait_for_app(&mut self, until: Timestamp) -> Outcome {
        let now = self.now();
        let message = "the Meta app has used up its calls, as another account heard; Meta was not asked about this one";
        let before = self.record.failure.take();
        let waits = |before: Option<&FailureState>| FailureState {
            cause: LIMITED,
            cause_since: before.filter(|it| it.cause == LIMITED).map_or(now, |it| it.cause_since),
            message: message.to_owned(),
            evidence: None,
            attempts: before.map_or(1, |it| it.attempts),
            first_at: before.map_or(now, |it| it.first_at),
            last_at: before.map_or(now, |it| it.last_at),
            next_attempt_at: until,
            reply_lost: before.is_some_and(|it| it.reply_lost),
        };
        let failure = match before {
            Some(said) if !matches!(said.cause, LIMITED | Cause::Meta(Class::Retry)) => {
                FailureState { next_attempt_at: until, ..said }
            }
            other => waits(other.as_ref()),
        };
        self.record.log(now, EventKind::Failed, message);
        self.record.failure = Some(failure.clone());
        match self.save_record().await {
            Ok(()) => Outcome::Failed(failure),
            Err(error) => Outcome::unrecorded(error, message),
        }
    }

    /// Notes what a call has told about the limits of the app, and lets the accounts go on that wait for the answer.
    pub(crate) fn note_limits<T>(&mut self, answer: &Result<Reply<T>, FailedCall>) {
        let Some(app) = self.keeper.app_of(&self.record) else { return };
        let (limits, now) = (&self.keeper.limits, self.now());
        match answer {
            Ok(reply) => limits.note_usage(&app, now, reply.usage),
            Err(failed_call) => limits.note_error(&app, now, &failed_call.error),
        }
        self.canary = None;
    }
}
