//! A refresh that failed: whose verdict counts, and what is stored, so that neither a restart nor a crash loop can storm
//! Meta.

use everlit_meta_api::{Class, Error, Token};

use crate::ask::Asked;
use crate::backoff::next_attempt;
use crate::cycle::Run;
use crate::policy::{AGREEING_CALLS_APART, MINIMUM_AGE};
use crate::record::{Cause, Happening, Trouble};
use crate::report::{Outcome, Safety};
use crate::store::StoreError;

impl Run<'_> {
    /// A refresh failed. A verdict on the token needs a definite word from Meta, or two calls that agree.
    pub(crate) async fn failed(&mut self, current: &Token, asked: Asked) -> Outcome {
        if !asked.is_undecided() {
            return self.remember(Cause::Meta(asked.error.class()), asked.error.meaning(), Some(&asked)).await;
        }
        match self.ask(|client| client.me(current)).await {
            Ok(me) => self.note_owner(&me.value),
            Err(second) => return self.refused_twice(asked, second).await,
        }
        let reply_was_lost = asked.reply_lost || self.record.trouble.as_ref().is_some_and(|t| t.reply_lost);
        if reply_was_lost || self.may_be_under_a_day_old() {
            return self.too_young(&asked.error, reply_was_lost).await;
        }
        self.not_decided(&asked).await
    }

    /// Neither the first call nor a look is granted. That is death if Meta names the reason, or if it said the same in an earlier
    /// run and does not say so of everyone.
    pub(crate) async fn refused_twice(&mut self, asked: Asked, second: Asked) -> Outcome {
        if second.error.class() != Class::Reconnect {
            return self.not_decided(&asked).await;
        }
        let words = second.error.meaning();
        if second.error.is_definite() {
            return self.remember(Cause::Meta(Class::Reconnect), words, Some(&second)).await;
        }
        let before = self.record.trouble.as_ref();
        if !before.is_some_and(|trouble| trouble.agrees_with(&asked.error, self.now(), AGREEING_CALLS_APART)) {
            return self.remember(Cause::Meta(Class::Unknown), words, Some(&asked)).await;
        }
        if self.keeper.is_incident(self.record.kind, asked.error.evidence()).await {
            return self.remember(Cause::Incident, Cause::Incident.words().to_owned(), Some(&asked)).await;
        }
        self.remember(Cause::Meta(Class::Reconnect), words, Some(&asked)).await
    }

    async fn not_decided(&mut self, asked: &Asked) -> Outcome {
        let class = if asked.error.class() == Class::Config { Class::Config } else { Class::Unknown };
        self.remember(Cause::Meta(class), asked.error.meaning(), Some(asked)).await
    }

    /// Nobody knows when the token was issued (a clock that was wrong did not), and everlit has known it for less than a day.
    fn may_be_under_a_day_old(&self) -> bool {
        let now = self.now();
        self.record.issued_at.is_none_or(|issued| issued > now) && now < self.record.first_seen + MINIMUM_AGE
    }

    async fn too_young(&mut self, refusal: &Error, probably_refreshed: bool) -> Outcome {
        let until = self.now() + MINIMUM_AGE;
        self.record.too_young_until = Some(until);
        self.record.trouble = None;
        let words = if probably_refreshed {
            "Meta has probably refreshed this token already; the reply was lost on the way"
        } else {
            "Meta refreshes only tokens that are at least 24 hours old"
        };
        self.record.log(self.now(), Happening::Looked, format!("{words} (it answered {refusal})"));
        match self.lease.save_record(&self.record).await {
            Ok(()) => Outcome::TooYoung { until, probably_refreshed },
            Err(error) => unnoted(&error, words),
        }
    }

    /// A received token is not good enough to replace the one in use.
    pub(crate) async fn refuse(&mut self, cause: Cause, words: String) -> Outcome {
        self.remember(cause, words, None).await
    }

    /// Stores the failure and when to try again, so that neither a restart nor a crash loop can storm Meta.
    pub(crate) async fn remember(&mut self, cause: Cause, words: String, asked: Option<&Asked>) -> Outcome {
        let now = self.now();
        let before = self.record.trouble.take();
        let attempts = before.as_ref().map_or(0, |t| t.attempts).saturating_add(1);
        let server_wait = asked.and_then(|a| a.error.retry_after());
        let trouble = Trouble {
            cause,
            evidence: asked.and_then(|a| a.error.evidence().cloned()),
            attempts,
            first_at: before.as_ref().map_or(now, |t| t.first_at.min(now)),
            last_at: now,
            next_attempt_at: next_attempt(attempts, now, self.record.expiry, server_wait, &mut self.rng),
            reply_lost: asked.is_some_and(|a| a.reply_lost) || before.is_some_and(|t| t.reply_lost),
            words,
        };
        self.record.log(now, cause.happening(), trouble.words.clone());
        self.record.trouble = Some(trouble.clone());
        match self.lease.save_record(&self.record).await {
            Ok(()) => Outcome::Failed(trouble),
            Err(error) => unnoted(&error, &trouble.words),
        }
    }
}

/// Meta's word could not be noted: it is told now, as there is nothing to look it up in later.
pub(crate) fn unnoted(error: &StoreError, words: &str) -> Outcome {
    let words = format!("{error}; what could not be noted: {words}");
    Outcome::NotSaved { error: StoreError::NotSaved { words }, token: Safety::NothingNew }
}
