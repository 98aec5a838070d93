//! The refresh cycle for one account:
//! decide, lock, decide again, prove that a token can be saved, ask Meta, save the candidate, verify, promote, deliver.

use everlit_meta_api::{Class, Lifetime, Me, Reply, Timestamp, Token, TokenKind, TokenReply};

use crate::ask::FailedCall;
use crate::run::Run;
use crate::verify::{Verification, is_refusal};
use crate::{
    AccountName, Candidate, Cause, Decision, EventKind, Keeper, Lease, Origin, Outcome, Record, Report, Safety,
    StoreError, Stored, Why, decide,
};

impl Keeper {
    /// Does everything that is due for one account. Sends no alerts: see [`Dispatcher`](crate::Dispatcher).
    pub async fn refresh(&self, account: &AccountName) -> Report {
        let mut report = self.refresh_one(account).await;
        self.deliver_all(std::slice::from_mut(&mut report)).await;
        report
    }

    async fn refresh_one(&self, account: &AccountName) -> Report {
        let loaded = self.store.load(account, self.clock.now()).await;
        match self.idle(account, loaded) {
            Some(report) => report,
            None => self.work(account).await,
        }
    }

    /// The report of an account without work, or of one that cannot be read; `None` if there is work.
    pub(crate) fn idle(&self, account: &AccountName, loaded: Result<Stored, StoreError>) -> Option<Report> {
        match loaded {
            Err(error) => Some(Report::new(account, Outcome::Refused(error), None, self.clock.now())),
            Ok(stored) if self.has_work(account, &stored) => None,
            Ok(stored) => Some(self.at_rest(account, stored)),
        }
    }

    fn at_rest(&self, account: &AccountName, stored: Stored) -> Report {
        let report = Report::idle(account, stored.record, &self.policy, self.clock.now());
        Report { notes: stored.notes, ..report }
    }

    fn has_work(&self, account: &AccountName, stored: &Stored) -> bool {
        let now = self.clock.now();
        let decision = decide(&stored.record, now, &self.policy);
        stored.candidate.is_some()
            || matches!(decision, Decision::Due { .. })
            || stored.previous.is_some() && may_prove(&decision, &stored.record, now)
            || stored.record.next_check_at.is_some_and(|at| at <= now)
            || !self.stale_copies(account, &stored.record).is_empty()
    }

    /// Works on the account under its lease.
    pub(crate) async fn work(&self, account: &AccountName) -> Report {
        let error = match self.lease(account).await {
            Ok(lease) => return self.work_under(lease, account).await,
            Err(error) => error,
        };
        // The run that holds the lease may have done the work meanwhile.
        let now = self.clock.now();
        match self.store.load(account, now).await {
            Ok(stored) if self.has_work(account, &stored) => {
                Report::new(account, Outcome::not_begun(error), Some(stored.record), now)
            }
            Ok(stored) => self.at_rest(account, stored),
            Err(_) => Report::new(account, Outcome::not_begun(error), None, now),
        }
    }

    pub(crate) async fn work_under(&self, mut lease: Box<dyn Lease + '_>, account: &AccountName) -> Report {
        let stored = match lease.load(self.clock.now()).await {
            Ok(stored) => stored,
            Err(error) => return Report::new(account, Outcome::Refused(error), None, self.clock.now()),
        };
        let keeper = self.with_app_of(account, &stored.record);
        let mut run = Run { previous: stored.previous, ..Run::new(&keeper, &mut *lease, account, stored.record) };
        let outcome = match stored.candidate {
            Some(candidate) => run.finish_earlier_run(&stored.current, candidate).await,
            None => run.renew_if_due(&stored.current).await,
        };
        let copies = run.update_copies(account).await;
        let mut notes = stored.notes;
        if matches!(outcome, Outcome::Refreshed { .. } | Outcome::Recovered { .. }) {
            // Something may be odd about what the run itself has written.
            let written = run.lease.notes(self.clock.now()).await;
            let new: Vec<_> = written.into_iter().filter(|note| !notes.contains(note)).collect();
            notes.extend(new);
        }
        let report = Report::new(account, outcome, Some(run.record), self.clock.now());
        Report { notes, ..report }.with_copies(copies)
    }
}

impl Run<'_> {
    async fn renew_if_due(&mut self, current: &Token) -> Outcome {
        match decide(&self.record, self.now(), &self.keeper.policy) {
            Decision::Due { why } => self.renew(current, why).await,
            decision if self.previous.is_some() && may_prove(&decision, &self.record, self.now()) => {
                self.renew(current, Why::VerificationDue).await
            }
            decision => {
                // Failing to save the time of the next check harms nothing: the account is checked again.
                if self.record.next_check_at.is_some_and(|at| at <= self.now()) {
                    let _ = self.save_record().await;
                }
                Outcome::Idle(decision)
            }
        }
    }

    async fn renew(&mut self, current: &Token, why: Why) -> Outcome {
        self.verifying = why == Why::VerificationDue && current.kind() != TokenKind::Facebook;
        if !self.verifying
            && let Err(error) = self.lease.reserve().await
        {
            return Outcome::not_begun(error);
        }
        if let Some(stop) = self.app_stopped().await {
            return self.wait_for_app(stop).await;
        }
        if self.verifying {
            return match self.verify(current).await {
                Outcome::Verified if self.is_due_by_metas_clock() => {
                    Box::pin(self.renew(current, Why::NearExpiry)).await
                }
                outcome => outcome,
            };
        }
        if self.record.events.is_empty() {
            let message = format!("first seen: {} token {}", current.kind(), current.fingerprint());
            self.record.log(self.now(), EventKind::Adopted, message);
        }
        if current.kind() == TokenKind::Facebook {
            return self.renew_facebook(current).await;
        }
        if self.record.account.is_none()
            && let Err(refused) = self.identify(current).await
        {
            return refused;
        }
        match self.ask_for_successor(current, |client| client.refresh(current)).await {
            Ok(reply) => self.accept(current, reply).await,
            Err(failed_call) => self.not_accepted(current, failed_call).await,
        }
    }

    /// Whether a clock that is behind has hidden that the token is due.
    fn is_due_by_metas_clock(&self) -> bool {
        let decision = decide(&self.record, self.record.latest_time(self.now()), &self.keeper.policy);
        matches!(decision, Decision::Due { why: Why::NearExpiry | Why::PastExpiry })
    }

    /// A reply without a usable token. A token that it carries all the same is kept for people.
    pub(crate) async fn not_accepted(&mut self, current: &Token, failed_call: FailedCall) -> Outcome {
        let received = failed_call.error.received().and_then(|received| Token::parse(received.expose()).ok());
        if let Some(token) = received {
            // With no lifetime left it is refused, also by a run that finds it after a crash.
            let lifetime = Lifetime::Seconds(0);
            let reply = TokenReply { token, token_type: None, lifetime, user_id: None, permissions: None };
            self.keep_refused(&Candidate::received(reply, current, &self.record, self.now())).await;
        }
        self.failed(current, failed_call).await
    }

    /// Takes a token that Meta has handed out: saving it comes before anything else.
    pub(crate) async fn accept(&mut self, current: &Token, reply: Reply<TokenReply>) -> Outcome {
        let candidate = Candidate::received(reply.value, current, &self.record, self.now());
        match self.lease.save_candidate(&candidate).await {
            Ok(()) => self.verify_and_promote(&candidate, current, EventKind::Refreshed).await,
            // The last chance: the token's own place may still take it.
            Err(error) => match self.verify_candidate(&candidate, current).await {
                Verification::Refused(cause, message) => self.refuse(cause, message).await,
                Verification::NotRefused(me) => {
                    match self.use_candidate(&candidate, me.as_ref(), EventKind::Refreshed).await {
                        Outcome::NotSaved { token: Safety::Candidate, .. } => {
                            Outcome::NotSaved { error, token: Safety::Lost }
                        }
                        other => other,
                    }
                }
            },
        }
    }

    async fn verify_and_promote(&mut self, candidate: &Candidate, current: &Token, how: EventKind) -> Outcome {
        let candidate = &self.with_measured_life(candidate).await;
        match self.verify_candidate(candidate, current).await {
            Verification::NotRefused(me) => {
                if me.is_none()
                    && let Err(error) = self.keep_previous(current, candidate).await
                {
                    return Outcome::NotSaved { error, token: Safety::Candidate };
                }
                self.use_candidate(candidate, me.as_ref(), how).await
            }
            Verification::Refused(cause, message) => match self.lease.discard_candidate().await {
                Ok(()) => self.refuse(cause, message).await,
                Err(error) => Outcome::NotSaved { error, token: Safety::Candidate },
            },
        }
    }

    async fn use_candidate(&mut self, candidate: &Candidate, me: Option<&Me>, how: EventKind) -> Outcome {
        let previous = self.record.clone();
        let (before, after) = (previous.expiry, candidate.expiry);
        let same_string = candidate.token.fingerprint() == candidate.replaces;
        self.record.adopt(candidate);
        if let Some(me) = me {
            self.record_owner(me);
        }
        match candidate.origin {
            Origin::Person => self.log_connected(candidate),
            Origin::Refresh => {
                let message = if same_string { "same token, new expiry" } else { "new token saved" };
                self.record.log(candidate.received_at, EventKind::Refreshed, message);
            }
        }
        if how == EventKind::Recovered {
            self.record.log(self.now(), how, "finished what an interrupted run had begun");
        }
        if let Err((error, token)) = self.promote(candidate, previous).await {
            return Outcome::NotSaved { error, token };
        }
        if me.is_some() {
            self.forget_kept().await;
        }
        Outcome::Refreshed { before, after, same_string }
    }

    /// Puts the candidate in use, with the record that describes it. Where that fails, the record is that of the token in
    /// use again, and the error comes with the place of the candidate.
    pub(crate) async fn promote(
        &mut self,
        candidate: &Candidate,
        previous: Record,
    ) -> Result<(), (StoreError, Safety)> {
        self.set_next_check();
        let Err(error) = self.lease.promote(candidate, &self.record).await else { return Ok(()) };
        match self.lease.load(self.now()).await {
            Ok(stored) if stored.current == candidate.token => Err((error, Safety::Current)),
            _ => {
                self.record = previous;
                Err((error, Safety::Candidate))
            }
        }
    }

    /// Finishes a run that was interrupted between Meta's reply and the last write; asks Meta for no second refresh.
    async fn finish_earlier_run(&mut self, current: &Token, candidate: Candidate) -> Outcome {
        let in_use = current.fingerprint();
        if in_use == candidate.replaces || in_use == candidate.token.fingerprint() {
            return self.recover(current, &candidate).await;
        }
        // A person has put in another token meanwhile. It counts unless it is dead and of the same account.
        let decision = decide(&self.record, self.now(), &self.keeper.policy);
        if matches!(decision, Decision::BackedOff { .. } | Decision::NeedsPerson { .. }) {
            return Outcome::Idle(decision);
        }
        match self.identify(current).await {
            Ok(()) => match self.set_aside().await {
                Ok(()) => self.renew_if_due(current).await,
                Err(error) => Outcome::NotSaved { error, token: Safety::Candidate },
            },
            Err(refused) if !is_dead(&refused) => refused,
            Err(_) if candidate.account.is_some() && candidate.account == self.record.account => {
                let candidate = Candidate { replaces: in_use, ..candidate };
                match self.keep_previous(current, &candidate).await {
                    Ok(()) => self.recover(current, &candidate).await,
                    Err(error) => Outcome::NotSaved { error, token: Safety::Candidate },
                }
            }
            Err(refused) => match self.set_aside().await {
                Ok(()) => refused,
                Err(error) => Outcome::NotSaved { error, token: Safety::Candidate },
            },
        }
    }

    /// Takes a candidate out of the way of a token that a person has put in since.
    async fn set_aside(&mut self) -> Result<(), StoreError> {
        let message = "a person has put in another token; the unfinished one was set aside";
        self.record.log(self.now(), EventKind::Refused, message);
        self.lease.discard_candidate().await
    }

    async fn recover(&mut self, current: &Token, candidate: &Candidate) -> Outcome {
        match self.verify_and_promote(candidate, current, EventKind::Recovered).await {
            Outcome::Refreshed { after, .. } => Outcome::Recovered { after },
            other => other,
        }
    }

    /// Keeps the token in use until the candidate that replaces it has proved that it works.
    async fn keep_previous(&mut self, current: &Token, candidate: &Candidate) -> Result<(), StoreError> {
        if *current == candidate.token {
            return Ok(());
        }
        let previous = Candidate::of_current(current, &self.record, candidate.token.fingerprint());
        self.lease.keep_previous(&previous).await?;
        self.previous = Some(previous);
        Ok(())
    }

    /// Keeps a token that is not put in use, so that a person can recover it. Best effort.
    async fn keep_refused(&mut self, candidate: &Candidate) {
        if self.lease.save_candidate(candidate).await.is_ok() && self.lease.discard_candidate().await.is_ok() {
            self.record.log(self.now(), EventKind::Refused, "a token that was not put in use is kept for you");
        }
    }

    /// The token in use works. A kept token that cannot be removed harms nobody: a later run tries again.
    pub(crate) async fn forget_kept(&mut self) {
        self.previous = None;
        let _ = self.lease.forget_kept().await;
    }

    /// Puts the token that was in use before back in the place of a dead one, if it still works and is of no other account.
    pub(crate) async fn restore_previous(&mut self, current: &Token) -> Option<Outcome> {
        let candidate = self.previous.take().filter(|previous| previous.replaces == current.fingerprint())?;
        let me = match self.ask(|client| client.me(&candidate.token)).await {
            Ok(me) => me.value,
            Err(failed_call) if is_refusal(&failed_call.error) => return None,
            // The next run tries again.
            Err(failed_call) => {
                let (class, message) = (failed_call.error.class(), failed_call.error.meaning());
                return Some(self.remember(Cause::Meta(class), message, Some(&failed_call)).await);
            }
        };
        let known = self.record.account.as_ref().or(candidate.account.as_ref());
        let is_other = |known| me.is_account(known, candidate.token.kind().platform()) == Some(false);
        if known.is_some_and(is_other) {
            return None;
        }
        let refused = Candidate::of_current(current, &self.record, current.fingerprint());
        self.keep_refused(&refused).await;
        if let Err(error) = self.lease.save_candidate(&candidate).await {
            return Some(Outcome::NotSaved { error, token: Safety::NothingNew });
        }
        let before = self.record.clone();
        self.record.adopt(&candidate);
        self.record_owner(&me);
        self.record.log(self.now(), EventKind::Recovered, "Meta refuses the new token; the one before was put back");
        Some(match self.promote(&candidate, before).await {
            Ok(()) => Outcome::Recovered { after: candidate.expiry },
            Err((error, token)) => Outcome::NotSaved { error, token },
        })
    }
}

/// Whether an unproven token may be verified now: it is not due, and no backoff is pending.
fn may_prove(decision: &Decision, record: &Record, now: Timestamp) -> bool {
    let waits = record.failure.as_ref().is_some_and(|failure| failure.next_attempt_at > now);
    matches!(decision, Decision::NotDue { .. }) && !waits
}

fn is_dead(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(failure) if failure.cause == Cause::Meta(Class::Reconnect))
}
