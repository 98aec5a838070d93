//! A refresh that failed: whose verdict counts, and what is stored, so that neither a restart nor a crash loop can storm
//! Meta.

use everlit_meta_api::{Class, Error, Token};

use crate::ask::FailedCall;
use crate::backoff::next_attempt;
use crate::cycle::Run;
use crate::policy::{AGREEING_CALLS_APART, MINIMUM_AGE};
use crate::record::{Cause, EventKind, FailureState};
use crate::report::{Outcome, Safety};
use crate::store::{StoreError, StoreErrorClass};

impl Run<'_> {
    /// A refresh failed. A verdict on the token needs a definite word from Meta, or two calls that agree.
    pub(crate) async fn failed(&mut self, current: &Token, failed_call: FailedCall) -> Outcome {
        if !failed_call.is_undecided() {
            return self
                .remember(Cause::Meta(failed_call.error.class()), failed_call.error.meaning(), Some(&failed_call))
                .await;
        }
        match self.ask(|client| client.me(current)).await {
            Ok(me) => self.record_owner(&me.value),
            Err(second) => return self.refused_twice(failed_call, second).await,
        }
        let reply_was_lost = failed_call.reply_lost || self.record.failure.as_ref().is_some_and(|t| t.reply_lost);
        if reply_was_lost || self.may_be_under_a_day_old() {
            return self.too_young(&failed_call.error, reply_was_lost).await;
        }
        self.not_decided(&failed_call).await
    }

    /// Neither the first call nor a look is granted. That is death if Meta names the reason, or if it said the same in an earlier
    /// run and does not say so of everyone.
    pub(crate) async fn refused_twice(&mut self, failed_call: FailedCall, second: FailedCall) -> Outcome {
        if second.error.class() != Class::Reconnect {
            return self.not_decided(&failed_call).await;
        }
        let message = second.error.meaning();
        if second.error.is_definite() {
            return self.remember(Cause::Meta(Class::Reconnect), message, Some(&second)).await;
        }
        let before = self.record.failure.as_ref();
        if !before.is_some_and(|failure| failure.agrees_with(&failed_call.error, self.now(), AGREEING_CALLS_APART)) {
            return self.remember(Cause::Meta(Class::Unknown), message, Some(&failed_call)).await;
        }
        if self.keeper.is_incident(self.record.kind, failed_call.error.evidence()).await {
            return self.remember(Cause::Incident, Cause::Incident.message().to_owned(), Some(&failed_call)).await;
        }
        self.remember(Cause::Meta(Class::Reconnect), message, Some(&failed_call)).await
    }

    async fn not_decided(&mut self, failed_call: &FailedCall) -> Outcome {
        let class = if failed_call.error.class() == Class::Config { Class::Config } else { Class::Unknown };
        self.remember(Cause::Meta(class), failed_call.error.meaning(), Some(failed_call)).await
    }

    /// Nobody knows when the token was issued (a clock that was wrong did not), and everlit has known it for less than a day.
    fn may_be_under_a_day_old(&self) -> bool {
        let now = self.now();
        self.record.issued_at.is_none_or(|issued| issued > now) && now < self.record.first_seen + MINIMUM_AGE
    }

    async fn too_young(&mut self, refusal: &Error, probably_refreshed: bool) -> Outcome {
        let until = self.now() + MINIMUM_AGE;
        self.record.too_young_until = Some(until);
        self.record.failure = None;
        let message = if probably_refreshed {
            "Meta has probably refreshed this token already; the reply was lost on the way"
        } else {
            "Meta refreshes only tokens that are at least 24 hours old"
        };
        self.record.log(self.now(), EventKind::Verified, format!("{message} (it answered {refusal})"));
        match self.save_record().await {
            Ok(()) => Outcome::TooYoung { until, probably_refreshed },
            Err(error) => unnoted(error, message),
        }
    }

    /// A received token is not good enough to replace the one in use.
    pub(crate) async fn refuse(&mut self, cause: Cause, message: String) -> Outcome {
        self.remember(cause, message, None).await
    }

    /// Stores the failure and when to try again, so that neither a restart nor a crash loop can storm Meta.
    pub(crate) async fn remember(
        &mut self,
        cause: Cause,
        message: String,
        failed_call: Option<&FailedCall>,
    ) -> Outcome {
        let now = self.now();
        let before = self.record.failure.take();
        let attempts = before.as_ref().map_or(0, |t| t.attempts).saturating_add(1);
        let server_wait = failed_call.and_then(|a| a.error.retry_after());
        let failure = FailureState {
            cause,
            evidence: failed_call.and_then(|a| a.error.evidence().cloned()),
            attempts,
            first_at: before.as_ref().map_or(now, |t| t.first_at.min(now)),
            last_at: now,
            next_attempt_at: next_attempt(attempts, now, self.record.expiry, server_wait, &mut self.rng),
            reply_lost: failed_call.is_some_and(|a| a.reply_lost) || before.is_some_and(|t| t.reply_lost),
            message,
        };
        self.record.log(now, cause.event_kind(), failure.message.clone());
        self.record.failure = Some(failure.clone());
        match self.save_record().await {
            Ok(()) => Outcome::Failed(failure),
            Err(error) => unnoted(error, &failure.message),
        }
    }
}

/// Meta's word could not be noted: it is told now, as there is nothing to look it up in later.
pub(crate) fn unnoted(error: StoreError, message: &str) -> Outcome {
    let message = format!("{error}; what could not be noted: {message}");
    let error = StoreError { class: StoreErrorClass::NotSaved, message, ..error };
    Outcome::NotSaved { error, token: Safety::NothingNew }
}
