//! What a refresh works with: the keeper, and one run over one account.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use everlit_meta_api::{App, Client, Timestamp, TokenKind};
use tokio::time::Instant;

use crate::handed_out::HandedOut;
use crate::limits::{AppLimits, Canary};
use crate::policy::{CLOCK_TOLERANCE, CONCURRENCY, DELIVERY_SOON, Deadlines, LOCK_PAUSE, LOCK_TIMEOUT};
use crate::silence::Silence;
use crate::{
    AccountName, AccountThreads, Candidate, Clock, Lease, Policy, Progress, Record, Store, StoreError, Target,
    next_check, retry_while_locked,
};

/// The Meta apps of accounts. Each account has its own, or one that it shares with others.
pub trait Apps: Send + Sync + std::fmt::Debug {
    /// The app with which this account's Facebook token is extended: the one of this name, if the store names one. `None`
    /// if none is set up. An error says what is wrong with what is set up, without showing it.
    fn app(&self, account: &AccountName, name: Option<&str>) -> Result<Option<App>, String>;
}

/// Keeps tokens alive. Everything it needs is passed in; nothing is global.
#[derive(Clone, Debug)]
pub struct Keeper {
    pub(crate) client: Client,
    pub(crate) apps: Option<Arc<dyn Apps>>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) policy: Policy,
    pub(crate) targets: Arc<HashMap<AccountName, Vec<Arc<dyn Target>>>>,
    /// Targets get the token even if they hold it.
    pub(crate) redelivers: bool,
    pub(crate) progress: Option<Arc<dyn Progress>>,
    pub(crate) concurrency: usize,
    pub(crate) seed: u64,
    /// What Meta has handed out lately.
    pub(crate) handed_out: Option<Arc<HandedOut>>,
    pub(crate) deadlines: Deadlines,
    pub(crate) threads: AccountThreads,
    /// What Meta has said about the limits of apps.
    pub(crate) limits: Arc<AppLimits>,
    /// Which platforms answer nobody.
    pub(crate) silence: Arc<Silence>,
    /// No call to Meta begins after this.
    pub(crate) calls_end_at: Option<Instant>,
}

impl Keeper {
    /// A keeper with the default policy and no targets. `seed` feeds the jitter of waits.
    pub fn new(client: Client, store: Arc<dyn Store>, clock: Arc<dyn Clock>, seed: u64) -> Self {
        Self {
            client,
            apps: None,
            store,
            clock,
            policy: Policy::default(),
            targets: Arc::default(),
            redelivers: false,
            progress: None,
            concurrency: CONCURRENCY,
            seed,
            handed_out: None,
            deadlines: Deadlines::default(),
            threads: AccountThreads::default(),
            limits: Arc::default(),
            silence: Arc::default(),
            calls_end_at: None,
        }
    }

    /// Uses another policy.
    #[must_use]
    pub fn with_policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// Uses another client, such as one with the app of another platform.
    #[must_use]
    pub fn with_client(self, client: Client) -> Self {
        Self { client, ..self }
    }

    /// Takes the app of each account from here; the client's own app counts where there is none.
    #[must_use]
    pub fn with_apps(self, apps: Arc<dyn Apps>) -> Self {
        Self { apps: Some(apps), ..self }
    }

    /// This keeper with the app of an account, which only a Facebook token needs.
    pub(crate) fn with_app_of(&self, account: &AccountName, record: &Record) -> Cow<'_, Self> {
        let apps = self.apps.as_ref().filter(|_| record.kind == TokenKind::Facebook);
        let Some(apps) = apps else { return Cow::Borrowed(self) };
        let client = self.client.clone();
        let client = match apps.app(account, record.app.as_deref()) {
            Ok(Some(app)) => client.with_app(app),
            Ok(None) => client,
            Err(why) => client.with_unusable_app(why),
        };
        Cow::Owned(self.clone().with_client(client))
    }

    /// Adds a target that receives the token of `account`.
    #[must_use]
    pub fn with_target(mut self, account: AccountName, target: Arc<dyn Target>) -> Self {
        Arc::make_mut(&mut self.targets).entry(account).or_default().push(target);
        self
    }

    /// Delivers to every target, also to those that hold the token.
    #[must_use]
    pub fn with_redelivery(self) -> Self {
        Self { redelivers: true, ..self }
    }

    /// Reports long pauses to somebody who watches.
    #[must_use]
    pub fn with_progress(self, progress: Arc<dyn Progress>) -> Self {
        Self { progress: Some(progress), ..self }
    }

    /// Works on at most `accounts` at once, at least one.
    #[must_use]
    pub fn with_concurrency(self, accounts: usize) -> Self {
        Self { concurrency: accounts.max(1), ..self }
    }

    /// Uses other deadlines.
    #[must_use]
    pub fn with_deadlines(self, deadlines: Deadlines) -> Self {
        Self { deadlines, ..self }
    }

    /// Shares with other runs of this process which accounts still block a thread.
    #[must_use]
    pub fn with_threads(self, threads: AccountThreads) -> Self {
        Self { threads, ..self }
    }

    /// Shares what Meta says about apps, platforms and tokens that several accounts have in common among all accounts that
    /// this keeper and its clones work on, and knows nothing of that yet.
    #[must_use]
    pub fn with_fresh_memory(self) -> Self {
        Self { handed_out: Some(Arc::default()), limits: Arc::default(), silence: Arc::default(), ..self }
    }

    /// Takes over what another keeper knows of that, such as the one before the settings were read again.
    #[must_use]
    pub fn with_memory_of(self, other: &Self) -> Self {
        let (handed_out, limits) = (other.handed_out.clone(), Arc::clone(&other.limits));
        Self { handed_out, limits, silence: Arc::clone(&other.silence), ..self }
    }

    /// Takes the lease of an account; waits a moment for another run that has it.
    pub(crate) async fn lease<'a>(&'a self, account: &'a AccountName) -> Result<Box<dyn Lease + 'a>, StoreError> {
        let attempt = || self.store.lease(account, self.clock.now());
        retry_while_locked(&*self.clock, LOCK_TIMEOUT, LOCK_PAUSE, attempt).await
    }

    /// A stream of random numbers for each account: what one account does never changes another's waits.
    pub(crate) fn rng_for(&self, account: &AccountName) -> fastrand::Rng {
        let mut hasher = DefaultHasher::new();
        (self.seed, account).hash(&mut hasher);
        fastrand::Rng::with_seed(hasher.finish())
    }
}

/// One run over one account, under its lease.
pub(crate) struct Run<'k> {
    pub(crate) keeper: &'k Keeper,
    pub(crate) lease: &'k mut dyn Lease,
    pub(crate) account: &'k AccountName,
    pub(crate) rng: fastrand::Rng,
    /// Describes the token in use.
    pub(crate) record: Record,
    /// The token before it, while the one in use has not proved that it works.
    pub(crate) previous: Option<Candidate>,
    /// Held until Meta has answered, if others wait for it.
    pub(crate) canary: Option<Canary>,
    /// Nothing but a verification is due.
    pub(crate) verifying: bool,
    /// How many seconds Meta's clock is ahead of ours, by the reply that agrees best: one header may be wrong.
    pub(crate) clock_behind: Option<i64>,
}

impl<'k> Run<'k> {
    pub(crate) fn new(keeper: &'k Keeper, lease: &'k mut dyn Lease, account: &'k AccountName, record: Record) -> Self {
        Self {
            keeper,
            lease,
            account,
            rng: keeper.rng_for(account),
            record,
            previous: None,
            canary: None,
            verifying: false,
            clock_behind: None,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.keeper.clock.now()
    }

    /// Notes Meta's time, which came with a reply.
    pub(crate) fn note_clock(&mut self, meta: Option<Timestamp>) {
        let Some(behind) = meta.map(|meta| meta.since(self.now())) else { return };
        let best = self.clock_behind.filter(|before| before.abs() < behind.abs()).unwrap_or(behind);
        self.clock_behind = Some(best);
        self.record.clock_behind = Some(best).filter(|best| best.unsigned_abs() > CLOCK_TOLERANCE.as_secs());
    }

    /// Saves the record with the time of its next check.
    pub(crate) async fn save_record(&mut self) -> Result<(), StoreError> {
        self.set_next_check();
        self.lease.save_record(&self.record).await
    }

    /// A delivery that is still to be made is not put off until the token is due again.
    pub(crate) fn set_next_check(&mut self) {
        let (record, now) = (&self.record, self.now());
        let next = next_check(record, now, &self.keeper.policy);
        let pending = record.deliveries.iter().filter(|delivery| delivery.delivered != Some(record.fingerprint));
        let retry = pending.map(|delivery| delivery.not_before.unwrap_or(now).max(now + DELIVERY_SOON)).min();
        let retry = retry.filter(|_| !record.is_dead(now));
        self.record.next_check_at = Some(retry.map_or(next, |retry| retry.min(next)));
    }
}
