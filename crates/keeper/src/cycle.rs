//! The refresh cycle for one account:
//! decide, lock, decide again, prove that a token can be saved, ask Meta, save the candidate, verify, promote, deliver.

use everlit_meta_api::{Class, Me, Reply, Token, TokenKind, TokenReply};

use crate::candidate::candidate_from;
use crate::run::Run;
use crate::verify::Verification;
use crate::{
    AccountName, Candidate, Cause, Decision, EventKind, Keeper, Lease, Origin, Outcome, Record, Report, Safety,
    StoreError, Stored, Why, decide,
};

impl Keeper {
    /// Does everything that is due for one account. Sends no alerts: see [`Dispatcher`](crate::Dispatcher).
    pub async fn refresh(&self, account: &AccountName) -> Report {
        let loaded = self.store.load(account, self.clock.now()).await;
        match self.idle(account, loaded) {
            Some(report) => report,
            None => self.work(account).await,
        }
    }

    /// The report of an account without work, or of one that cannot be read; `None` if there is work.
    pub(crate) fn idle(&self, account: &AccountName, loaded: Result<Stored, StoreError>) -> Option<Report> {
        let now = self.clock.now();
        match loaded {
            Err(error) => Some(Report::new(account, Outcome::Refused(error), None, now)),
            Ok(stored) if self.has_work(account, &stored) => None,
            Ok(Stored { record, notes, .. }) => {
                Some(Report { notes, ..Report::idle(account, record, &self.policy, now) })
            }
        }
    }

    fn has_work(&self, account: &AccountName, stored: &Stored) -> bool {
        let now = self.clock.now();
        stored.candidate.is_some()
            || matches!(decide(&stored.record, now, &self.policy), Decision::Due { .. })
            || stored.record.next_check_at.is_some_and(|at| at <= now)
            || !self.undelivered(account, &stored.record).is_empty()
    }

    /// Works on the account under its lease.
    pub(crate) async fn work(&self, account: &AccountName) -> Report {
        let error = match self.lease(account).await {
            Ok(lease) => return self.work_under(lease, account).await,
            Err(error) => error,
        };
        // The run that holds the lease may have done the work meanwhile.
        let loaded = self.store.load(account, self.clock.now()).await;
        let done = loaded.ok().and_then(|stored| self.idle(account, Ok(stored)));
        done.unwrap_or_else(|| Report::new(account, Outcome::not_begun(error), None, self.clock.now()))
    }

    async fn work_under(&self, mut lease: Box<dyn Lease + '_>, account: &AccountName) -> Report {
        let stored = match lease.load(self.clock.now()).await {
            Ok(stored) => stored,
            Err(error) => return Report::new(account, Outcome::Refused(error), None, self.clock.now()),
        };
        let mut run = Run::new(self, &mut *lease, account, stored.record);
        let outcome = match stored.candidate {
            Some(candidate) => run.finish_earlier_run(&stored.current, candidate).await,
            None => run.renew_if_due(&stored.current).await,
        };
        let undelivered = run.deliver(account).await;
        let report = Report::new(account, outcome, Some(run.record), self.clock.now());
        Report { undelivered, notes: stored.notes, ..report }
    }
}

impl Run<'_> {
    async fn renew_if_due(&mut self, current: &Token) -> Outcome {
        match decide(&self.record, self.now(), &self.keeper.policy) {
            Decision::Due { why } => self.renew(current, why).await,
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
        if why == Why::VerificationDue && current.kind() != TokenKind::Facebook {
            return self.verify(current).await;
        }
        if let Err(error) = self.lease.reserve().await {
            return Outcome::not_begun(error);
        }
        if self.record.events.is_empty() {
            let message = format!("first seen: {} token {}", current.kind(), current.fingerprint());
            self.record.log(self.now(), EventKind::Adopted, message);
        }
        if current.kind() == TokenKind::Facebook {
            return self.renew_facebook(current).await;
        }
        if self.record.account.is_none()
            && why != Why::PastExpiry
            && let Err(refused) = self.identify(current).await
        {
            return refused;
        }
        match self.ask(|client| client.refresh(current)).await {
            Ok(reply) => self.accept(current, reply).await,
            Err(failed_call) => self.failed(current, failed_call).await,
        }
    }

    /// Takes a token that Meta has handed out: saving it comes before anything else.
    pub(crate) async fn accept(&mut self, current: &Token, reply: Reply<TokenReply>) -> Outcome {
        let candidate = match candidate_from(reply.value, current, &self.record, self.now()) {
            Ok(candidate) => candidate,
            Err(cause) => return self.refuse(cause, cause.message().to_owned()).await,
        };
        match self.lease.save_candidate(&candidate).await {
            Ok(()) => self.verify_and_promote(&candidate, current, EventKind::Refreshed).await,
            // The last chance: the token's own place may still take it.
            Err(error) => match self.verify_and_promote(&candidate, current, EventKind::Refreshed).await {
                Outcome::NotSaved { token: Safety::Candidate, .. } => Outcome::NotSaved { error, token: Safety::Lost },
                other => other,
            },
        }
    }

    async fn verify_and_promote(&mut self, candidate: &Candidate, current: &Token, how: EventKind) -> Outcome {
        match self.verify_candidate(candidate, current).await {
            Verification::NotRefused(me) => self.use_candidate(candidate, me.as_ref(), how).await,
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
        match self.promote(candidate, previous).await {
            Ok(()) => Outcome::Refreshed { before, after, same_string },
            Err((error, token)) => Outcome::NotSaved { error, token },
        }
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
        // A person has put in another token meanwhile. It counts unless Meta refuses it.
        match self.ask(|client| client.me(current)).await {
            Ok(_) => {
                let message = "a person has put in another token; the unfinished one was dropped";
                self.record.log(self.now(), EventKind::Refused, message);
                match self.lease.discard_candidate().await {
                    Ok(()) => self.renew_if_due(current).await,
                    Err(error) => Outcome::NotSaved { error, token: Safety::Candidate },
                }
            }
            Err(failed_call) if failed_call.error.class() == Class::Reconnect => {
                self.recover(current, &Candidate { replaces: in_use, ..candidate }).await
            }
            Err(failed_call) => {
                let (class, message) = (failed_call.error.class(), failed_call.error.meaning());
                self.remember(Cause::Meta(class), message, Some(&failed_call)).await
            }
        }
    }

    async fn recover(&mut self, current: &Token, candidate: &Candidate) -> Outcome {
        match self.verify_and_promote(candidate, current, EventKind::Recovered).await {
            Outcome::Refreshed { after, .. } => Outcome::Recovered { after },
            other => other,
        }
    }
}
