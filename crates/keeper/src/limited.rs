//! How a run obeys the limits of an app: it slows down, stops, and tries again with one account.

use std::sync::Arc;
use std::time::Duration;

use everlit_meta_api::{Class, Reply, Timestamp};

use crate::ask::FailedCall;
use crate::incident::refusal;
use crate::limits::{App, Stop};
use crate::policy::{INCIDENT_ASK_EVERY, SHORTEST_REST};
use crate::run::Run;
use crate::{Cause, EventKind, FailureState, Keeper, Outcome, Record, Report};

/// The failure of an account that waits for a limit.
const LIMITED: Cause = Cause::Meta(Class::BackOff);

impl Keeper {
    /// Before the next account, while its app is near its limit: rests for as long as the account took, which halves the pace.
    pub async fn rest_if_near_limit(&self, report: &Report, took: Duration) {
        let app = report.record.as_ref().and_then(|record| Some((record.kind.platform()?, record.app.as_deref())));
        if app.is_some_and(|(platform, app)| self.limits.is_near(platform, app, self.clock.now())) {
            self.clock.sleep(took.max(SHORTEST_REST)).await;
        }
    }

    /// How many apps are left alone because they have used up their calls.
    pub fn stopped_apps(&self) -> usize {
        self.limits.stopped(self.clock.now())
    }

    /// Notes whether Meta has accepted the account or refused it, in work that began then. Of an app whose accounts are refused
    /// alike, one after the other, a service asks about no more: they would be refused too. Refusals of accounts that Meta has
    /// never accepted do not count: an old list that was imported must not hold up those that work.
    pub(crate) fn note_refusals(&self, report: &Report, began: Timestamp) {
        let Some(record) = &report.record else { return };
        let Some(app) = self.app_of(record) else { return };
        match &report.outcome {
            Outcome::Refreshed { .. } | Outcome::Verified => self.limits.note_accepted(&app),
            Outcome::Failed(failure) if failure.last_at >= began && record.last_verified_at.is_some() => {
                if let Some((_, _, codes)) = refusal(record, report.at) {
                    self.limits.note_refused(&app, &report.account, codes, report.at);
                }
            }
            _ => {}
        }
    }

    fn app_of(&self, record: &Record) -> Option<App> {
        Some((record.kind.platform()?, record.app.clone().or_else(|| self.client.app_id().map(str::to_owned))))
    }
}

impl Run<'_> {
    /// Why the account is not asked about, where its app is stopped. Among accounts that have waited for the app, one
    /// asks first, and the others wait for its answer.
    pub(crate) async fn app_stopped(&mut self) -> Option<Stop> {
        let app = self.keeper.app_of(&self.record)?;
        let limits = &self.keeper.limits;
        let has_waited = self.record.failure.as_ref().is_some_and(|failure| failure.cause == LIMITED);
        if limits.with(&app, |limit| limit.takes_turns(has_waited)) {
            let canary = limits.with(&app, |limit| Arc::clone(&limit.canary));
            self.canary = Some(canary.lock_owned().await);
        }
        let now = self.now();
        let (is_open, stop) = limits.with(&app, |limit| (limit.is_open, limit.stop(now)));
        if is_open || stop.is_some() {
            self.canary = None;
        }
        stop
    }

    /// Stores that the account waits for its app. What Meta has said about the token itself stays.
    pub(crate) async fn wait_for_app(&mut self, stop: Stop) -> Outcome {
        let now = self.now();
        let (message, until) = match stop {
            Stop::UsedUp { until } => (
                "the Meta app has used up its calls, as another account heard; Meta was not asked about this one",
                until,
            ),
            // Not all of them at once.
            Stop::Incident { until } => (
                "Meta refuses other accounts of the app, all of them alike; Meta was not asked about this one",
                until + INCIDENT_ASK_EVERY.mul_f64(self.rng.f64()),
            ),
        };
        let before = self.record.failure.take();
        let verifying = self.verifying;
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
            verifying,
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
