//! A refresh that failed: what it says about the token, and what is stored, so that neither a restart nor a crash loop can
//! flood Meta.

use everlit_meta_api::{Class, Error, Token};

use crate::ask::FailedCall;
use crate::policy::{AGREEING_CALLS_APART, ASK_AGAIN, MINIMUM_AGE};
use crate::run::Run;
use crate::verify::is_refusal;
use crate::{Cause, EventKind, FailureState, Outcome, next_attempt};

impl Run<'_> {
    /// Handles a failed refresh. Calling the token dead takes a definite subcode from Meta, or two calls that agree.
    pub(crate) async fn failed(&mut self, current: &Token, failed_call: FailedCall) -> Outcome {
        if !failed_call.is_undecided() {
            return self.decided(current, &failed_call).await;
        }
        match self.ask(|client| client.me(current)).await {
            Ok(me) => self.record_owner(&me.value),
            Err(second) => return self.refused_twice(current, failed_call, second).await,
        }
        let reply_was_lost = failed_call.reply_lost || self.record.failure.as_ref().is_some_and(|t| t.reply_lost);
        if self.record.kind.can_refresh() && (reply_was_lost || self.may_be_under_a_day_old()) {
            return self.too_young(&failed_call.error, reply_was_lost).await;
        }
        self.not_decided(&failed_call).await
    }

    /// Handles a failure that says who has to act.
    async fn decided(&mut self, current: &Token, failed_call: &FailedCall) -> Outcome {
        let class = match failed_call.error.class() {
            Class::Reconnect => return self.dead(current, failed_call).await,
            Class::AppOwner if !self.is_confirmed(&failed_call.error) => Class::Unknown,
            class => class,
        };
        self.remember(Cause::Meta(class), failed_call.error.meaning(), Some(failed_call)).await
    }

    /// Whether an error that has passed by itself before has lasted for as long as that took.
    fn is_confirmed(&self, error: &Error) -> bool {
        let Some(after) = error.confirmed_after() else { return true };
        let before = self.record.failure.as_ref();
        let since = before.filter(|before| before.is_alike(before.cause, error.evidence())).map(|it| it.cause_since);
        since.is_some_and(|since| since + after <= self.now())
    }

    /// Meta refused the first call and the verification. The token is dead if Meta names the reason, or if it refused in the
    /// same way in an earlier run.
    pub(crate) async fn refused_twice(
        &mut self,
        current: &Token,
        failed_call: FailedCall,
        second: FailedCall,
    ) -> Outcome {
        if is_refusal(&second.error) && !second.is_undecided() {
            return self.decided(current, &second).await;
        }
        if second.error.class() != Class::Reconnect {
            return self.not_decided(&failed_call).await;
        }
        let before = self.record.failure.as_ref();
        if before.is_some_and(|failure| failure.agrees_with(&failed_call.error, self.now(), AGREEING_CALLS_APART)) {
            return self.dead(current, &failed_call).await;
        }
        self.remember(Cause::Meta(Class::Unknown), second.error.meaning(), Some(&failed_call)).await
    }

    /// The token in use is dead. The one that it replaced takes its place again, if that still works.
    async fn dead(&mut self, current: &Token, failed_call: &FailedCall) -> Outcome {
        match self.restore_previous(current).await {
            Some(outcome) => outcome,
            None => self.remember(Cause::Meta(Class::Reconnect), failed_call.error.meaning(), Some(failed_call)).await,
        }
    }

    async fn not_decided(&mut self, failed_call: &FailedCall) -> Outcome {
        let error = &failed_call.error;
        let is_config = error.class() == Class::Config && self.is_confirmed(error);
        let class = if is_config { Class::Config } else { Class::Unknown };
        self.remember(Cause::Meta(class), failed_call.error.meaning(), Some(failed_call)).await
    }

    /// Whether the date of issue is unknown, or in the future by a wrong clock, and everlit has known the token for less than
    /// a day. Meta's minimum age is a rule of Instagram and Threads.
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
            Err(error) => Outcome::unrecorded(error, message),
        }
    }

    /// Rejects a received token: it must not replace the one in use.
    pub(crate) async fn refuse(&mut self, cause: Cause, message: String) -> Outcome {
        self.remember(cause, message, None).await
    }

    /// Stores the failure and the time of the next attempt.
    pub(crate) async fn remember(
        &mut self,
        cause: Cause,
        message: String,
        failed_call: Option<&FailedCall>,
    ) -> Outcome {
        let now = self.now();
        let before = self.record.failure.take();
        let attempts = before.as_ref().map_or(0, |t| t.attempts).saturating_add(1);
        let least = match failed_call {
            Some(failed_call) => failed_call.error.retry_after(),
            // everlit's own conclusion may be wrong.
            None => cause.needs_person().then_some(ASK_AGAIN),
        };
        let evidence = failed_call.and_then(|a| a.error.evidence().cloned());
        let same = before.as_ref().filter(|before| before.is_alike(cause, evidence.as_ref()));
        let failure = FailureState {
            cause,
            cause_since: same.map_or(now, |same| same.cause_since.min(now)),
            evidence,
            attempts,
            first_at: before.as_ref().map_or(now, |t| t.first_at.min(now)),
            last_at: now,
            next_attempt_at: next_attempt(attempts, now, self.record.expiry, least, &mut self.rng),
            reply_lost: failed_call.is_some_and(|a| a.reply_lost) || before.is_some_and(|t| t.reply_lost),
            verifying: self.verifying,
            message,
        };
        self.record.log(now, event_kind(cause), failure.message.clone());
        self.record.failure = Some(failure.clone());
        match self.save_record().await {
            Ok(()) => Outcome::Failed(failure),
            Err(error) => Outcome::unrecorded(error, &failure.message),
        }
    }
}

/// Nothing came, or what came was rejected.
fn event_kind(cause: Cause) -> EventKind {
    match cause {
        Cause::ShortLived | Cause::AnotherAccount | Cause::NewTokenRefused | Cause::WouldShorten => EventKind::Refused,
        _ => EventKind::Failed,
    }
}
