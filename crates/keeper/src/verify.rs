//! Does a token work, and whose is it? `GET /me` answers both.

use everlit_meta_api::{Class, Error, Me, Token};

use crate::run::Run;
use crate::{AccountName, Candidate, Cause, FailureState, Keeper, Origin, Outcome, Report};

/// What `GET /me` said about a candidate.
pub(crate) enum Verification {
    /// It works and belongs to the account, or nothing definite could be learned: it becomes current.
    NotRefused(Option<Me>),
    /// It must not replace the token in use.
    Refused(Cause, String),
}

impl Keeper {
    /// Asks Meta now whether the token in use works, and refreshes nothing. What Meta says of the token is stored, as a run
    /// does; a failure on the way to an answer is only reported, so that it puts off no refresh.
    pub async fn verify(&self, account: &AccountName) -> Report {
        let mut lease = match self.lease(account).await {
            Ok(lease) => lease,
            Err(error) => return Report::new(account, Outcome::not_begun(error), None, self.clock.now()),
        };
        let stored = match lease.load(self.clock.now()).await {
            Ok(stored) => stored,
            Err(error) => return Report::new(account, Outcome::Refused(error), None, self.clock.now()),
        };
        let keeper = self.with_app_of(account, &stored.record);
        let run = Run::new(&keeper, &mut *lease, account, stored.record.clone());
        let mut run = Run { previous: stored.previous, verifying: true, ..run };
        let outcome = match run.identify(&stored.current).await {
            Ok(()) => run.confirmed(stored.record.failure).await,
            Err(Outcome::Failed(failure)) if !failure.cause.needs_person() => {
                run.record = stored.record;
                // Where this cannot be saved either, the next run retries.
                let _ = run.save_record().await;
                Outcome::Failed(failure)
            }
            Err(refused) => refused,
        };
        let report = Report::new(account, outcome, Some(run.record), self.clock.now());
        Report { notes: stored.notes, ..report }
    }
}

impl Run<'_> {
    /// The token works. A failure of its refresh is not disproved by that.
    async fn confirmed(&mut self, failure: Option<FailureState>) -> Outcome {
        let is_of_refresh =
            |failure: &FailureState| !matches!(failure.cause, Cause::Meta(Class::Reconnect) | Cause::WrongOwner);
        self.record.failure = failure.filter(is_of_refresh);
        match self.save_record().await {
            Ok(()) => Outcome::Verified,
            Err(error) => Outcome::unrecorded(error, "Meta confirms the token"),
        }
    }

    /// Asks Meta whether the token still works; refreshes nothing.
    pub(crate) async fn verify(&mut self, current: &Token) -> Outcome {
        match self.identify(current).await {
            Ok(()) => self.verified().await,
            Err(refused) => refused,
        }
    }

    /// Finds out whose token it is, and that it works. An undecided refusal must come twice.
    pub(crate) async fn identify(&mut self, current: &Token) -> Result<(), Outcome> {
        let me = match self.ask(|client| client.me(current)).await {
            Ok(me) => me,
            Err(failed_call) if failed_call.is_undecided() => match self.ask(|client| client.me(current)).await {
                Ok(me) => me,
                Err(second) => return Err(self.refused_twice(current, failed_call, second).await),
            },
            Err(failed_call) => return Err(self.failed(current, failed_call).await),
        };
        let is_other = |known| me.value.is_account(known, current.kind().platform()) == Some(false);
        if self.record.account.as_ref().is_some_and(is_other) {
            return Err(match self.restore_previous(current).await {
                Some(outcome) => outcome,
                None => self.remember(Cause::WrongOwner, Cause::WrongOwner.message().to_owned(), None).await,
            });
        }
        self.record_owner(&me.value);
        Ok(())
    }

    /// The token works and there was nothing to refresh.
    pub(crate) async fn verified(&mut self) -> Outcome {
        self.record.last_verified_at = Some(self.now());
        self.record.failure = None;
        if self.previous.take().is_some() {
            // A token that was refused may be newer than this one. One that stays harms nobody: a later run tries again.
            let _ = self.lease.forget_previous().await;
        }
        match self.save_record().await {
            Ok(()) => Outcome::Verified,
            Err(error) => Outcome::unrecorded(error, "Meta confirms the token"),
        }
    }

    /// Verifies that the candidate may replace `current`, works and belongs to the account. Transport errors are not
    /// rejections. A refusal without a definite subcode must come twice, and counts only if `current` still works:
    /// otherwise the account is at fault, not the token.
    pub(crate) async fn verify_candidate(&mut self, candidate: &Candidate, current: &Token) -> Verification {
        if let Some(cause) = candidate.objection(&self.record) {
            return Verification::Refused(cause, cause.message().to_owned());
        }
        let mut refusals = 0;
        loop {
            match self.ask(|client| client.me(&candidate.token)).await {
                Ok(me) => {
                    return match self.is_same_account(candidate, current, &me.value).await {
                        Some(true) => Verification::NotRefused(Some(me.value)),
                        Some(false) => {
                            Verification::Refused(Cause::AnotherAccount, Cause::AnotherAccount.message().to_owned())
                        }
                        None => Verification::NotRefused(None),
                    };
                }
                Err(failed_call) if is_refusal(&failed_call.error) => {
                    refusals += 1;
                    let is_second = refusals == 2;
                    let definite = failed_call.error.is_definite();
                    if definite || (is_second && self.ask(|client| client.me(current)).await.is_ok()) {
                        let message = format!("{}: {}", Cause::NewTokenRefused.message(), failed_call.error.message());
                        return Verification::Refused(Cause::NewTokenRefused, message);
                    }
                    if is_second {
                        return Verification::NotRefused(None);
                    }
                }
                Err(_) => return Verification::NotRefused(None),
            }
        }
    }

    /// Whether the candidate's token belongs to the account that it is for; `None` if that cannot be told.
    async fn is_same_account(&mut self, candidate: &Candidate, current: &Token, me: &Me) -> Option<bool> {
        let is_refresh = candidate.origin == Origin::Refresh;
        let of_record = self.record.account.as_ref().filter(|_| is_refresh);
        let Some(known) = of_record.or(candidate.account.as_ref()) else { return Some(true) };
        match me.is_account(known, candidate.token.kind().platform()) {
            // Meta names one id of two, and not the known one. The token in use is asked for it.
            None if is_refresh => {
                let its = self.ask(|client| client.me(current)).await.ok()?.value;
                me.is_same_account(&its)
            }
            None => Some(true),
            known => known,
        }
    }

    /// Records whose token it is and that it works.
    pub(crate) fn record_owner(&mut self, me: &Me) {
        self.record.last_verified_at = Some(self.now());
        self.record.account = self.record.account.take().or_else(|| me.identity().cloned());
        self.record.username = me.username.clone().or_else(|| self.record.username.take());
    }
}

/// Whether Meta refused. A temporary failure or a limit is not a refusal.
pub(crate) fn is_refusal(error: &Error) -> bool {
    error.evidence().is_some() && !matches!(error.class(), Class::Retry | Class::BackOff)
}
