//! The way of a token, from the decision to the people who must know. One straight line:
//! decide, lock, decide again, prove that it can be saved, ask Meta, make the reply durable, look, put it in use, deliver.

use std::sync::Arc;

use everlit_meta_api::{Class, Client, Me, Reply, Timestamp, Token, TokenKind, TokenReply};

use crate::clock::{Clock, Progress, retry_while_locked};
use crate::decide::{Decision, Why, decide, next_check};
use crate::failure::unnoted;
use crate::incident::Neighbours;
use crate::policy::{LOCK_PAUSE, LOCK_TIMEOUT, Policy};
use crate::record::{AccountName, Cause, EventKind, Record};
use crate::reply::{Verification, candidate_from};
use crate::report::{Outcome, Report, Safety};
use crate::store::{Candidate, Lease, Origin, Store, StoreError, StoreErrorClass, Stored};
use crate::target::Target;

/// Keeps tokens alive: everything it needs comes in, nothing is global.
#[derive(Clone, Debug)]
pub struct Keeper {
    pub(crate) client: Client,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) policy: Policy,
    pub(crate) targets: Vec<(AccountName, Arc<dyn Target>)>,
    pub(crate) progress: Option<Arc<dyn Progress>>,
    pub(crate) seed: u64,
    /// The other accounts of this run.
    pub(crate) neighbours: Option<Arc<Neighbours>>,
}

impl Keeper {
    /// A keeper with the default policy and no targets. `seed` feeds the jitter of waits.
    pub fn new(client: Client, store: Arc<dyn Store>, clock: Arc<dyn Clock>, seed: u64) -> Self {
        let policy = Policy::default();
        Self { client, store, clock, policy, targets: Vec::new(), progress: None, seed, neighbours: None }
    }

    /// With another policy.
    #[must_use]
    pub fn with_policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// With another client, such as one with the app of another platform.
    #[must_use]
    pub fn with_client(self, client: Client) -> Self {
        Self { client, ..self }
    }

    /// With one more place where the token of `account` is used.
    #[must_use]
    pub fn with_target(mut self, account: AccountName, target: Arc<dyn Target>) -> Self {
        self.targets.push((account, target));
        self
    }

    /// With somebody who watches a run that takes long.
    #[must_use]
    pub fn with_progress(self, progress: Arc<dyn Progress>) -> Self {
        Self { progress: Some(progress), ..self }
    }

    /// Looks at one token and does what is due, to the end. Tells nobody: see [`Dispatcher`](crate::Dispatcher).
    pub async fn refresh(&self, account: &AccountName) -> Report {
        match self.store.load(account, self.clock.now()).await {
            Err(error) => Report::new(account, Outcome::Refused(error), None),
            Ok(stored) if self.has_work(account, &stored) => self.work(account).await,
            Ok(stored) => self.idle(account, stored),
        }
    }

    /// All accounts side by side. What happens to one, a panic included, neither stops nor delays another.
    /// Tells nobody: once all is done, [`Dispatcher::notify`](crate::Dispatcher::notify) does.
    pub async fn refresh_all(&self, accounts: &[AccountName]) -> Vec<Report> {
        let run = Self { neighbours: Some(Neighbours::of(accounts)), ..self.clone() };
        let runs: Vec<_> = accounts
            .iter()
            .map(|account| {
                let (keeper, name) = (run.clone(), account.clone());
                tokio::spawn(async move { keeper.refresh(&name).await })
            })
            .collect();
        let mut reports = Vec::with_capacity(runs.len());
        for (account, run) in accounts.iter().zip(runs) {
            reports.push(run.await.unwrap_or_else(|_| {
                let message = "everlit failed while it worked on this account; the others are not affected".to_owned();
                Report::new(account, Outcome::Internal { message }, None)
            }));
        }
        reports
    }

    fn has_work(&self, account: &AccountName, stored: &Stored) -> bool {
        let decision = decide(&stored.record, self.clock.now(), &self.policy);
        stored.candidate.is_some()
            || matches!(decision, Decision::Due { .. })
            || stored.record.next_check_at.is_some_and(|at| at <= self.clock.now())
            || !self.undelivered(account, &stored.record).is_empty()
    }

    fn idle(&self, account: &AccountName, stored: Stored) -> Report {
        let decision = decide(&stored.record, self.clock.now(), &self.policy);
        let mut report = Report::new(account, Outcome::Idle(decision), Some(stored.record));
        report.notes = stored.notes;
        report
    }

    /// Takes the lease, waiting a moment for another run, and works under it.
    async fn work(&self, account: &AccountName) -> Report {
        let attempt = || async {
            let locked = match self.store.lease(account, self.clock.now()).await {
                Err(error) if error.is_locked() => error,
                lease => return lease.map(Turn::Ours),
            };
            // The other run may have done the work.
            match self.store.load(account, self.clock.now()).await {
                Ok(stored) if !self.has_work(account, &stored) => Ok(Turn::Done(stored)),
                _ => Err(locked),
            }
        };
        match retry_while_locked(&*self.clock, LOCK_TIMEOUT, LOCK_PAUSE, attempt).await {
            Ok(Turn::Ours(lease)) => self.work_under(lease, account).await,
            Ok(Turn::Done(stored)) => self.idle(account, stored),
            Err(error) => Report::new(account, not_begun(error), None),
        }
    }

    async fn work_under(&self, mut lease: Box<dyn Lease + '_>, account: &AccountName) -> Report {
        let stored = match lease.load(self.clock.now()).await {
            Ok(stored) => stored,
            Err(error) => return Report::new(account, Outcome::Refused(error), None),
        };
        let mut run = Run { keeper: self, lease: &mut *lease, rng: self.rng_for(account), record: stored.record };
        let outcome = match stored.candidate {
            Some(candidate) => run.finish_earlier_run(&stored.current, candidate).await,
            None => run.renew_if_due(&stored.current).await,
        };
        let mut record = run.record;
        let undelivered = self.deliver(&mut *lease, account, &mut record).await;
        Report { account: account.clone(), outcome, record: Some(record), undelivered, notes: stored.notes }
    }

    /// One stream of random numbers for each account: what one account does never changes another's waits.
    pub(crate) fn rng_for(&self, account: &AccountName) -> fastrand::Rng {
        let name = account.as_str().bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        fastrand::Rng::with_seed(self.seed ^ name)
    }
}

/// What came of waiting for the lease of an account.
enum Turn<'a> {
    /// It is ours.
    Ours(Box<dyn Lease + 'a>),
    /// Another run has done the work.
    Done(Stored),
}

/// One run over one account, under its lease.
pub(crate) struct Run<'k> {
    pub(crate) keeper: &'k Keeper,
    pub(crate) lease: &'k mut dyn Lease,
    pub(crate) rng: fastrand::Rng,
    pub(crate) record: Record,
}

impl Run<'_> {
    pub(crate) fn now(&self) -> Timestamp {
        self.keeper.clock.now()
    }

    async fn renew_if_due(&mut self, current: &Token) -> Outcome {
        match decide(&self.record, self.now(), &self.keeper.policy) {
            Decision::Due { why } => self.renew(current, why).await,
            decision => {
                // That it cannot be noted harms nothing: the account is looked at again.
                if self.record.next_check_at.is_some_and(|at| at <= self.now()) {
                    let _ = self.save_record().await;
                }
                Outcome::Idle(decision)
            }
        }
    }

    /// Saves the record, and when to look at it again.
    pub(crate) async fn save_record(&mut self) -> Result<(), StoreError> {
        self.set_next_check();
        self.lease.save_record(&self.record).await
    }

    pub(crate) fn set_next_check(&mut self) {
        self.record.next_check_at = Some(next_check(&self.record, self.now(), &self.keeper.policy));
    }

    async fn renew(&mut self, current: &Token, why: Why) -> Outcome {
        if why == Why::VerificationDue && current.kind() != TokenKind::Facebook {
            return self.verify(current).await;
        }
        if let Err(error) = self.lease.reserve().await {
            return not_begun(error);
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

    /// Does the token still work? Nothing is refreshed.
    async fn verify(&mut self, current: &Token) -> Outcome {
        match self.identify(current).await {
            Ok(()) => self.verified().await,
            Err(refused) => refused,
        }
    }

    /// Whose token it is, and that it works. A refusal that decides nothing has to be said twice.
    pub(crate) async fn identify(&mut self, current: &Token) -> Result<(), Outcome> {
        let me = match self.ask(|client| client.me(current)).await {
            Ok(me) => me,
            Err(failed_call) if failed_call.is_undecided() => match self.ask(|client| client.me(current)).await {
                Ok(me) => me,
                Err(second) => return Err(self.refused_twice(failed_call, second).await),
            },
            Err(failed_call) => return Err(self.failed(current, failed_call).await),
        };
        self.record_owner(&me.value);
        Ok(())
    }

    /// Meta has handed out a token: nothing but saving comes first.
    pub(crate) async fn accept(&mut self, current: &Token, reply: Reply<TokenReply>) -> Outcome {
        let now = self.now();
        let candidate = match candidate_from(reply.value, current, &self.record, now) {
            Ok(candidate) => candidate,
            Err(cause) => return self.refuse(cause, cause.message().to_owned()).await,
        };
        match self.lease.save_candidate(&candidate).await {
            Ok(()) => self.verify_and_promote(&candidate, current, EventKind::Refreshed).await,
            // The last chance: the env file itself may still take it.
            Err(error) => match self.verify_and_promote(&candidate, current, EventKind::Refreshed).await {
                Outcome::NotSaved { token: Safety::Candidate, .. } => Outcome::NotSaved { error, token: Safety::Lost },
                other => other,
            },
        }
    }

    async fn verify_and_promote(&mut self, candidate: &Candidate, current: &Token, how: EventKind) -> Outcome {
        match self.verify_candidate(candidate, current).await {
            Verification::NotRefused(me) => self.promote(candidate, me.as_ref(), how).await,
            Verification::Refused(cause, message) => match self.lease.discard_candidate().await {
                Ok(()) => self.refuse(cause, message).await,
                Err(error) => Outcome::NotSaved { error, token: Safety::Candidate },
            },
        }
    }

    async fn promote(&mut self, candidate: &Candidate, me: Option<&Me>, how: EventKind) -> Outcome {
        let before = self.record.expiry;
        let same_string = candidate.token.fingerprint() == candidate.replaces;
        self.record.adopt(candidate);
        if let Some(me) = me {
            self.record_owner(me);
        }
        let after = candidate.expiry;
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
        self.set_next_check();
        match self.lease.promote(candidate, &self.record).await {
            Ok(()) => Outcome::Refreshed { before, after, same_string },
            Err(error) => Outcome::NotSaved { error, token: self.whereabouts(candidate).await },
        }
    }

    /// Where a candidate is after a promotion that did not come to its end.
    pub(crate) async fn whereabouts(&mut self, candidate: &Candidate) -> Safety {
        match self.lease.load(self.now()).await {
            Ok(stored) if stored.current == candidate.token => Safety::Current,
            _ => Safety::Candidate,
        }
    }

    /// An earlier run died between Meta's reply and the last write: finish its work, ask Meta for no second refresh.
    async fn finish_earlier_run(&mut self, current: &Token, candidate: Candidate) -> Outcome {
        let in_use = current.fingerprint();
        if in_use == candidate.replaces || in_use == candidate.token.fingerprint() {
            return self.recover(current, &candidate).await;
        }
        // A person has put in another token meanwhile. It counts, unless Meta says that it is none.
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
                self.remember(Cause::Meta(failed_call.error.class()), failed_call.error.meaning(), Some(&failed_call))
                    .await
            }
        }
    }

    async fn recover(&mut self, current: &Token, candidate: &Candidate) -> Outcome {
        match self.verify_and_promote(candidate, current, EventKind::Recovered).await {
            Outcome::Refreshed { after, .. } => Outcome::Recovered { after },
            other => other,
        }
    }

    /// The token works and there was nothing to refresh.
    pub(crate) async fn verified(&mut self) -> Outcome {
        self.record.last_verified_at = Some(self.now());
        self.record.failure = None;
        match self.save_record().await {
            Ok(()) => Outcome::Verified,
            Err(error) => unnoted(error, "Meta confirms the token"),
        }
    }
}

/// Nothing has been asked of Meta yet.
pub(crate) fn not_begun(error: StoreError) -> Outcome {
    match error.class {
        StoreErrorClass::NotSaved => Outcome::NotSaved { error, token: Safety::NotAsked },
        _ => Outcome::Refused(error),
    }
}
