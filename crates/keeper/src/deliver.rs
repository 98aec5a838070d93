//! After the tokens are saved: delivery to the targets that lack them.
//!
//! Copies in the store's own files are written under the account's lease. Other targets get their turn once every account of
//! the run is done, so that no slow target delays a refresh, and without the lease: another run may refresh meanwhile. A lock
//! of their own keeps the deliveries of an account in order, so that no older token follows a newer one.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use everlit_meta_api::{BoxFuture, Class, Fingerprint, Timestamp, Token};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::policy::{DELIVERIES_AT_ONCE, DELIVERY_SOON, LOCK_PAUSE, LOCK_TIMEOUT, LONGEST_DELIVERY_WAIT, VERIFY_SLACK};
use crate::run::Run;
use crate::{
    AccountName, Activation, Cause, Delivery, DeliveryError, DeliveryErrorClass, EventKind, Expiry, FailureState,
    Holds, Keeper, Outcome, Receipt, Record, Report, StoreError, Target, next_attempt, next_check, retry_while_locked,
};

/// What came of an attempt to deliver to a target, or to make a delivery take effect.
#[derive(Debug)]
struct Attempt {
    name: String,
    token: Fingerprint,
    /// It had the token already, and held it no longer.
    was_lost: bool,
    outcome: Result<Receipt, DeliveryError>,
}

/// What a turn at a target came to.
#[derive(Debug)]
enum Turn {
    /// The target took the token, or did not; `true` if it had lost it.
    Tried(bool, Result<Receipt, DeliveryError>),
    /// It still holds the token, or cannot tell.
    Verified,
    /// It could not be asked; the next run asks again.
    NotAsked,
}

/// The deliveries of one run to one target, for whatever account.
#[derive(Debug)]
struct Gate {
    turns: Semaphore,
    /// Why the target is left alone for the rest of the run.
    closed: Mutex<Option<DeliveryError>>,
}

/// By the name of the target.
#[derive(Debug)]
struct Gates(HashMap<String, Gate>);

impl Keeper {
    /// The copies of an account's token, in the store's own files, that do not hold its current token.
    pub(crate) fn stale_copies(&self, account: &AccountName, record: &Record) -> Vec<Arc<dyn Target>> {
        let stale = record.deliveries.iter().filter(|delivery| delivery.delivered != Some(record.fingerprint));
        stale.filter_map(|delivery| self.store.copy(account, delivery)).collect()
    }

    /// Delivers the tokens of these accounts to the targets that lack them; asks nothing of Meta. Sends no alerts.
    pub async fn deliver(&self, accounts: &[AccountName]) -> Vec<Report> {
        let mut reports = Vec::with_capacity(accounts.len());
        for account in accounts {
            let now = self.clock.now();
            reports.push(match self.store.load(account, now).await {
                Ok(stored) => Report::idle(account, stored.record, &self.policy, now),
                Err(error) => Report::new(account, Outcome::Refused(error), None, now),
            });
        }
        self.deliver_all(&mut reports).await;
        reports
    }

    /// Delivers to the targets of all these accounts that lack their token, side by side, then makes the deliveries take
    /// effect, once for each activation. What is still to be done stands in the reports.
    pub async fn deliver_all(&self, reports: &mut [Report]) {
        let names = self.targets.values().flatten().map(|target| target.name().to_owned());
        let gates = Arc::new(Gates(names.map(|name| (name, Gate::new())).collect()));
        let owing = reports.iter().enumerate().filter(|(_, report)| self.owes(report)).map(|(index, _)| index);
        let deliver = |keeper: Self, account: AccountName| {
            let gates = Arc::clone(&gates);
            async move { keeper.deliver_to_targets(&account, &gates).await }
        };
        self.for_each(reports, owing.collect(), deliver).await;

        let mut started = JoinSet::new();
        for (activation, waiting) in self.pending_activations(reports) {
            started.spawn(async move {
                let outcome = in_time(activation.timeout(), activation.activate()).await;
                (activation, waiting, outcome.map(|()| Receipt::default()))
            });
        }
        while let Some(ended) = started.join_next().await {
            // One that panics stays pending.
            let Ok((activation, waiting, outcome)) = ended else { continue };
            let note = |keeper: Self, account: AccountName| {
                let (name, outcome) = (activation.name().to_owned(), outcome.clone());
                async move { keeper.note_activation(&account, name, outcome).await }
            };
            self.for_each(reports, waiting, note).await;
        }
    }

    /// Does the work on these accounts, each on a thread of its own, and puts what is known afterwards into their reports.
    async fn for_each<F>(&self, reports: &mut [Report], indices: Vec<usize>, work: impl Fn(Self, AccountName) -> F)
    where
        F: Future<Output = Result<Record, StoreError>> + Send + 'static,
    {
        let mut tasks = JoinSet::new();
        for index in indices {
            let Some(report) = reports.get(index) else { continue };
            let (keeper, account) = (self.clone(), report.account.clone());
            let work = work(self.clone(), account.clone());
            tasks.spawn(async move {
                (index, keeper.threads.run(&account, keeper.deadlines.whole, async move || work.await).await)
            });
        }
        while let Some(ended) = tasks.join_next().await {
            let Ok((index, ended)) = ended else { continue };
            let Some(report) = reports.get_mut(index) else { continue };
            match ended {
                Ok(Ok(record)) => {
                    report.undelivered = record.undelivered();
                    report.record = Some(record);
                }
                Ok(Err(error)) => report.undelivered.push(("the record of deliveries".to_owned(), error.into())),
                Err(_) => {
                    let error = DeliveryError::retry("it did not end in time, or everlit failed");
                    report.undelivered.push(("the targets".to_owned(), error));
                }
            }
        }
    }

    fn targets_of<'k>(&'k self, account: &'k AccountName) -> impl Iterator<Item = &'k Arc<dyn Target>> {
        self.targets.get(account).into_iter().flatten()
    }

    /// Whether the target lacks the token, and has not asked for a longer wait; a person may do without both.
    fn may_deliver(&self, record: &Record, target: &str, now: Timestamp) -> bool {
        // A token that is known to be dead helps nobody, and may take the place of one that is not.
        if record.is_dead(now) {
            return false;
        }
        let waits = |until: Timestamp| until > now && until < now + LONGEST_DELIVERY_WAIT;
        let waits = record.delivery(target).and_then(|delivery| delivery.not_before).is_some_and(waits);
        self.redelivers || !record.is_delivered(target) && (self.policy.force || !waits)
    }

    /// Whether a target that was given the token should be asked if it still holds it: somebody may have emptied it. A
    /// person who delivers by hand wants to know now.
    fn must_verify(&self, record: &Record, target: &str, now: Timestamp) -> bool {
        let delivery = record.delivery(target).filter(|_| record.is_delivered(target) && !record.is_dead(now));
        let known = delivery.and_then(|delivery| delivery.verified_at.or(delivery.delivered_at));
        // The run that verifies the token looks as well: the token was delivered moments after it was verified.
        known.is_some_and(|at| self.policy.force || at > now || at + self.policy.verify_every <= now + VERIFY_SLACK)
    }

    /// Whether a target of the account has to be asked now: for it lacks the token, or might.
    pub fn owes(&self, report: &Report) -> bool {
        let (Some(record), now) = (&report.record, self.clock.now()) else { return false };
        let is_owed = |target: &str| self.may_deliver(record, target, now) || self.must_verify(record, target, now);
        self.targets_of(&report.account).any(|target| is_owed(target.name()))
    }

    /// Whether a target of the account lacks the token, and may be given it now.
    pub fn lacks(&self, report: &Report) -> bool {
        let (Some(record), now) = (&report.record, self.clock.now()) else { return false };
        self.targets_of(&report.account).any(|target| self.may_deliver(record, target.name(), now))
    }

    /// Delivers the account's token to each target that lacks it; returns what is known afterwards.
    async fn deliver_to_targets(&self, account: &AccountName, gates: &Arc<Gates>) -> Result<Record, StoreError> {
        let lock = || self.store.lease_deliveries(account, self.clock.now());
        let _lock = retry_while_locked(&*self.clock, LOCK_TIMEOUT, LOCK_PAUSE, lock).await?;
        // The newest token, whatever this run believes to be in use.
        let stored = self.store.load(account, self.clock.now()).await?;
        let (record, now) = (&stored.record, self.clock.now());
        let mut started = Vec::new();
        for target in self.targets_of(account) {
            let lacks = self.may_deliver(record, target.name(), now);
            if lacks || self.must_verify(record, target.name(), now) {
                let (target, gates, token) = (Arc::clone(target), Arc::clone(gates), stored.current.clone());
                let (name, expires_at) = (target.name().to_owned(), record.expiry.instant());
                let turn = async move { gates.take_turn(&*target, lacks, &token, expires_at).await };
                started.push((name, tokio::spawn(turn)));
            }
        }
        let (mut attempts, mut verified, token) = (Vec::new(), Vec::new(), stored.current.fingerprint());
        let mut is_unasked = false;
        for (name, turn) in started {
            match turn.await {
                Ok(Turn::Tried(was_lost, outcome)) => attempts.push(Attempt { name, token, was_lost, outcome }),
                Ok(Turn::Verified) => verified.push(name),
                Ok(Turn::NotAsked) => is_unasked = true,
                Err(_) => {
                    let bug =
                        DeliveryError::new(DeliveryErrorClass::Bug, "everlit failed while it delivered the token");
                    attempts.push(Attempt { name, token, was_lost: false, outcome: Err(bug) });
                }
            }
        }
        self.note(account, &attempts, &verified, is_unasked).await
    }

    /// Activations that are due, each with the places of the reports that wait for it.
    fn pending_activations(&self, reports: &[Report]) -> Vec<(Arc<dyn Activation>, Vec<usize>)> {
        let now = self.clock.now();
        let mut pending: BTreeMap<String, (Arc<dyn Activation>, Vec<usize>)> = BTreeMap::new();
        for (index, report) in reports.iter().enumerate() {
            let Some(record) = &report.record else { continue };
            let delivered = self.targets_of(&report.account).filter(|target| record.is_delivered(target.name()));
            for activation in delivered.filter_map(|target| target.activation()) {
                if self.may_deliver(record, activation.name(), now) {
                    let entry = pending.entry(activation.name().to_owned());
                    let (_, waiting) = entry.or_insert_with(|| (activation, Vec::new()));
                    waiting.push(index);
                }
            }
        }
        pending.into_values().collect()
    }

    async fn note_activation(
        &self,
        account: &AccountName,
        name: String,
        outcome: Result<Receipt, DeliveryError>,
    ) -> Result<Record, StoreError> {
        let token = self.store.load(account, self.clock.now()).await?.record.fingerprint;
        self.note(account, &[Attempt { name, token, was_lost: false, outcome }], &[], false).await
    }

    /// Whatever a target that lost its token has activated since, it was without the token.
    fn activate_again(&self, account: &AccountName, target: &str, record: &mut Record) {
        let target = self.targets_of(account).find(|known| known.name() == target);
        if let Some(activation) = target.and_then(|target| target.activation()) {
            let waiting = record.deliveries.iter_mut().filter(|delivery| delivery.target == activation.name());
            waiting.for_each(|delivery| delivery.delivered = None);
        }
    }

    /// Notes in the account's record what came of these attempts, and which targets have the token still.
    async fn note(
        &self,
        account: &AccountName,
        attempts: &[Attempt],
        verified: &[String],
        is_unasked: bool,
    ) -> Result<Record, StoreError> {
        let mut lease = self.lease(account).await?;
        let now = self.clock.now();
        let mut record = lease.load(now).await?.record;
        let mut rng = self.rng_for(account);
        record.next_check_at = Some(next_check(&record, now, &self.policy));
        for attempt in attempts {
            record.note_delivery(attempt, now, &mut rng);
            if attempt.was_lost {
                self.activate_again(account, &attempt.name, &mut record);
            }
        }
        for delivery in record.deliveries.iter_mut().filter(|delivery| verified.contains(&delivery.target)) {
            delivery.verified_at = Some(now);
        }
        if is_unasked {
            record.next_check_at = record.next_check_at.map(|next| next.min(now + DELIVERY_SOON));
        }
        lease.save_record(&record).await?;
        Ok(record)
    }
}

impl Gates {
    /// Delivers to a target that lacks the token, or turns out to.
    async fn take_turn(&self, target: &dyn Target, lacks: bool, token: &Token, expires_at: Option<Timestamp>) -> Turn {
        if !lacks {
            match self.pass(target, target.verify(token)).await {
                Ok(Holds::Another) => {}
                Ok(Holds::ThisToken | Holds::Unreadable) => return Turn::Verified,
                Err(error) if error.needs_person() => return Turn::Tried(false, Err(error)),
                Err(_) => return Turn::NotAsked,
            }
        }
        Turn::Tried(!lacks, self.pass(target, target.deliver(token, expires_at)).await)
    }

    async fn pass<T>(
        &self,
        target: &dyn Target,
        work: BoxFuture<'_, Result<T, DeliveryError>>,
    ) -> Result<T, DeliveryError> {
        match self.0.get(target.name()) {
            Some(gate) => gate.pass(target.timeout(), work).await,
            None => in_time(target.timeout(), work).await,
        }
    }
}

impl Gate {
    fn new() -> Self {
        Self { turns: Semaphore::new(DELIVERIES_AT_ONCE), closed: Mutex::default() }
    }

    fn closed(&self) -> Option<DeliveryError> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// This work at the target, unless it has been found not to answer, or has asked to wait.
    async fn pass<T>(
        &self,
        timeout: Duration,
        work: BoxFuture<'_, Result<T, DeliveryError>>,
    ) -> Result<T, DeliveryError> {
        let _turn = self.turns.acquire().await;
        if let Some(error) = self.closed() {
            return Err(error);
        }
        let outcome = in_time(timeout, work).await;
        if let Err(error) = &outcome
            && (error.retry_after.is_some() || error.io == Some(std::io::ErrorKind::TimedOut))
        {
            *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
        }
        outcome
    }
}

/// The outcome of work at a target, or an error that is retried if there is none within `timeout`.
pub async fn in_time<T>(timeout: Duration, work: BoxFuture<'_, Result<T, DeliveryError>>) -> Result<T, DeliveryError> {
    tokio::time::timeout(timeout, work).await.unwrap_or_else(|_| {
        let message = format!("no answer within {} s", timeout.as_secs());
        Err(DeliveryError { io: Some(std::io::ErrorKind::TimedOut), ..DeliveryError::retry(message) })
    })
}

impl From<StoreError> for DeliveryError {
    fn from(error: StoreError) -> Self {
        Self { io: error.io, ..Self::retry(error.to_string()) }
    }
}

impl Run<'_> {
    /// Delivers to each copy that lacks the token in use and records each outcome; asks Meta for nothing.
    pub(crate) async fn update_copies(&mut self, account: &AccountName) -> Result<(), StoreError> {
        if self.keeper.stale_copies(account, &self.record).is_empty() {
            return Ok(());
        }
        let stored = self.lease.load(self.now()).await?;
        // What is delivered and recorded is the token on disk, whatever this run believes to be in use.
        let token = stored.current.fingerprint();
        if self.record.fingerprint != token {
            self.record = stored.record;
        }
        self.set_next_check();
        for copy in self.keeper.stale_copies(account, &self.record) {
            let outcome = copy.deliver(&stored.current, self.record.expiry.instant()).await;
            let attempt = Attempt { name: copy.name().to_owned(), token, was_lost: false, outcome };
            self.record.note_delivery(&attempt, self.now(), &mut self.rng);
        }
        self.lease.save_record(&self.record).await
    }
}

impl Record {
    /// The deliveries on record that have yet to be made, with what is known of the failure.
    pub(crate) fn undelivered(&self) -> Vec<(String, DeliveryError)> {
        let pending = self.deliveries.iter().filter(|delivery| delivery.delivered != Some(self.fingerprint));
        let why = |delivery: &Delivery| {
            delivery.failure.clone().unwrap_or_else(|| DeliveryError::retry("the next run does it"))
        };
        pending.map(|delivery| (delivery.target.clone(), why(delivery))).collect()
    }

    /// Whether the token has ended, or Meta has said for certain that it no longer works.
    pub fn is_dead(&self, now: Timestamp) -> bool {
        let is_refused = |failure: &FailureState| failure.cause == Cause::Meta(Class::Reconnect);
        self.failure.as_ref().is_some_and(is_refused) || self.expiry.instant().is_some_and(|end| end <= now)
    }

    fn delivery(&self, target: &str) -> Option<&Delivery> {
        self.deliveries.iter().find(|delivery| delivery.target == target)
    }

    pub(crate) fn is_delivered(&self, target: &str) -> bool {
        self.delivery(target).is_some_and(|delivery| delivery.delivered == Some(self.fingerprint))
    }

    /// Records an attempt; a failed one is due again soon.
    fn note_delivery(&mut self, attempt: &Attempt, now: Timestamp, rng: &mut fastrand::Rng) {
        let target = &attempt.name;
        let what = if attempt.outcome.is_ok() { EventKind::Delivered } else { EventKind::NotDelivered };
        if attempt.was_lost {
            self.log(now, EventKind::NotDelivered, format!("{target}: it no longer held the token"));
        }
        self.log(now, what, target);
        let index = self.deliveries.iter().position(|d| d.target == *target).unwrap_or_else(|| {
            self.deliveries.push(Delivery::never(target));
            self.deliveries.len() - 1
        });
        let ends_at = self.expiry.instant().filter(|_| self.fingerprint == attempt.token);
        let delivery = &mut self.deliveries[index];
        match &attempt.outcome {
            Ok(receipt) => {
                let place = delivery.place.take();
                *delivery = Delivery {
                    place,
                    delivered: Some(attempt.token),
                    delivered_at: Some(now),
                    delivered_ends_at: ends_at,
                    credential_ends_at: receipt.credential_ends_at,
                    ..Delivery::never(target)
                };
            }
            Err(error) => {
                // Whether it holds what was delivered before is not known any more.
                delivery.delivered = delivery.delivered.filter(|held| *held != attempt.token);
                delivery.failure = Some(error.clone());
                delivery.attempts = delivery.attempts.saturating_add(1);
                let wait = error.retry_after.map(|wait| wait.min(LONGEST_DELIVERY_WAIT));
                delivery.not_before = wait.map(|wait| now + wait);
                let at = next_attempt(delivery.attempts, now, Expiry::Unknown, wait, rng);
                self.next_check_at = self.next_check_at.map(|next| next.min(at));
            }
        }
    }
}

impl Delivery {
    /// A target that has never had a token.
    pub fn never(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            place: None,
            delivered: None,
            delivered_at: None,
            verified_at: None,
            delivered_ends_at: None,
            credential_ends_at: None,
            failure: None,
            attempts: 0,
            not_before: None,
        }
    }
}
