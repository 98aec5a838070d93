//! What a run says, and where the token is, when the store fails at one step of the way.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use everlit_keeper::{
    AccountName, Candidate, Cause, Keeper, Lease, Outcome, Record, Safety, Store, StoreError, StoreErrorClass, Stored,
};
use everlit_meta_api::{BoxFuture, Client, Timestamp};
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, MetaError};
use support::{DAY, MemoryStore, World};

/// Steps that fail. `PromoteHalfway` has put the token in use and then fails to note it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    Reserve,
    SaveCandidate,
    Promote,
    PromoteHalfway,
    DiscardCandidate,
    SaveRecord,
}

#[derive(Debug)]
struct Weak {
    inner: Arc<MemoryStore>,
    fails: Vec<Step>,
    healed: AtomicBool,
}

impl Weak {
    fn at(&self, step: Step) -> Result<(), StoreError> {
        if self.fails.contains(&step) && !self.healed.load(Ordering::Relaxed) {
            return Err(StoreError::new(StoreErrorClass::NotSaved, format!("the disk fails: {step:?}")));
        }
        Ok(())
    }
}

impl Store for Weak {
    fn load<'a>(&'a self, account: &'a AccountName, now: Timestamp) -> BoxFuture<'a, Result<Stored, StoreError>> {
        self.inner.load(account, now)
    }

    fn lease<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Box<dyn Lease + 'a>, StoreError>> {
        Box::pin(async move {
            let inner = self.inner.lease(account, now).await?;
            Ok(Box::new(WeakLease { store: self, inner }) as Box<dyn Lease>)
        })
    }

    fn due(&self, now: Timestamp, limit: usize) -> BoxFuture<'_, Result<Vec<AccountName>, StoreError>> {
        self.inner.due(now, limit)
    }
}

#[derive(Debug)]
struct WeakLease<'a> {
    store: &'a Weak,
    inner: Box<dyn Lease + 'a>,
}

impl Lease for WeakLease<'_> {
    fn load(&mut self, now: Timestamp) -> BoxFuture<'_, Result<Stored, StoreError>> {
        self.inner.load(now)
    }

    fn reserve(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { self.store.at(Step::Reserve) })
    }

    fn save_candidate<'b>(&'b mut self, candidate: &'b Candidate) -> BoxFuture<'b, Result<(), StoreError>> {
        Box::pin(async move {
            self.store.at(Step::SaveCandidate)?;
            self.inner.save_candidate(candidate).await
        })
    }

    fn promote<'b>(
        &'b mut self,
        candidate: &'b Candidate,
        record: &'b Record,
    ) -> BoxFuture<'b, Result<(), StoreError>> {
        Box::pin(async move {
            self.store.at(Step::Promote)?;
            self.inner.promote(candidate, record).await?;
            self.store.at(Step::PromoteHalfway)
        })
    }

    fn discard_candidate(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            self.store.at(Step::DiscardCandidate)?;
            self.inner.discard_candidate().await
        })
    }

    fn save_record<'b>(&'b mut self, record: &'b Record) -> BoxFuture<'b, Result<(), StoreError>> {
        Box::pin(async move {
            self.store.at(Step::SaveRecord)?;
            self.inner.save_record(record).await
        })
    }
}

struct Scene {
    world: World,
    shop: AccountName,
    store: Arc<Weak>,
    keeper: Keeper,
}

fn scene(fails: &[Step]) -> Scene {
    let world = World::new(Config::friendly(), 1);
    let shop = world.account("shop", &Issue::new(Kind::Instagram).username("shop").aged_days(31));
    let store = Arc::new(Weak { inner: world.store.clone(), fails: fails.to_vec(), healed: false.into() });
    let keeper = Keeper::new(Client::new(Arc::new(world.meta.clone())), store.clone(), world.clock.clone(), 1);
    Scene { world, shop, store, keeper }
}

impl Scene {
    async fn safety(&self) -> Safety {
        match self.keeper.refresh(&self.shop).await.outcome {
            Outcome::NotSaved { token, .. } => token,
            other => panic!("{other:?}"),
        }
    }

    fn refreshes(&self) -> u64 {
        self.world.meta.with(|meta| meta.calls_to(Endpoint::Refresh))
    }
}

#[tokio::test]
async fn where_nothing_can_be_saved_meta_is_not_asked() {
    let scene = scene(&[Step::Reserve]);
    assert_eq!(scene.safety().await, Safety::NotAsked);
    assert_eq!(scene.world.meta.with(|meta| meta.log().len()), 0);
}

#[tokio::test]
async fn a_token_that_is_kept_but_not_in_use_is_finished_by_the_next_run() {
    let scene = scene(&[Step::Promote]);
    let before = scene.world.store.token(&scene.shop);
    assert_eq!(scene.safety().await, Safety::Candidate);
    assert_eq!(scene.world.store.token(&scene.shop), before);
    scene.store.healed.store(true, Ordering::Relaxed);
    let outcome = scene.keeper.refresh(&scene.shop).await.outcome;
    assert!(matches!(outcome, Outcome::Recovered { .. }), "{outcome:?}");
    assert_ne!(scene.world.store.token(&scene.shop), before);
    assert_eq!(scene.refreshes(), 1);
}

#[tokio::test]
async fn a_token_that_is_in_use_is_not_said_to_be_missing() {
    for fails in [&[Step::PromoteHalfway][..], &[Step::SaveCandidate, Step::PromoteHalfway]] {
        let scene = scene(fails);
        assert_eq!(scene.safety().await, Safety::Current, "{fails:?}");
    }
}

#[tokio::test]
async fn without_a_candidate_the_env_file_is_the_last_chance() {
    let scene = scene(&[Step::SaveCandidate]);
    let before = scene.world.store.token(&scene.shop);
    let outcome = scene.keeper.refresh(&scene.shop).await.outcome;
    assert!(matches!(outcome, Outcome::Refreshed { .. }), "{outcome:?}");
    assert_ne!(scene.world.store.token(&scene.shop), before);
}

#[tokio::test]
async fn where_the_last_chance_fails_too_the_loss_is_told() {
    let scene = scene(&[Step::SaveCandidate, Step::Promote]);
    assert_eq!(scene.safety().await, Safety::Lost);
}

#[tokio::test]
async fn the_last_chance_is_not_given_to_a_token_of_somebody_else() {
    let scene = scene(&[Step::SaveCandidate]);
    let before = scene.world.store.token(&scene.shop);
    scene.world.meta.with(|meta| meta.inject(Injection::new(Fault::OtherAccount).at(Endpoint::Refresh)));
    match scene.keeper.refresh(&scene.shop).await.outcome {
        Outcome::Failed(failure) => assert_eq!(failure.cause, Cause::AnotherAccount),
        other => panic!("{other:?}"),
    }
    assert_eq!(scene.world.store.token(&scene.shop), before);
}

/// Meta was asked and said no; that this cannot be noted must not hide what Meta said.
#[tokio::test]
async fn a_failure_that_cannot_be_noted_is_told_all_the_same() {
    let scene = scene(&[Step::SaveRecord]);
    let error = MetaError::new(190, "The password was changed").subcode(460);
    scene.world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(error))));
    match scene.keeper.refresh(&scene.shop).await.outcome {
        Outcome::NotSaved { error, token } => {
            assert_eq!(token, Safety::NothingNew);
            let message = error.to_string();
            assert!(
                message.contains("the disk fails") && message.contains("The account's password was changed"),
                "{message}"
            );
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_refused_token_that_cannot_be_removed_is_said_to_be_still_there() {
    let scene = scene(&[Step::DiscardCandidate]);
    scene.world.meta.with(|meta| meta.inject(Injection::new(Fault::OtherAccount).at(Endpoint::Refresh)));
    assert_eq!(scene.safety().await, Safety::Candidate);
}

#[tokio::test]
async fn p1_never_worse_a_new_token_that_meta_cannot_read_replaces_nothing() {
    for (prefix, what) in [("IGAA", "unreadable"), ("THAA", "of another platform"), ("EAA", "of another platform")] {
        let world = World::new(Config::friendly(), 3);
        let account = world.account("shop", &Issue::new(Kind::Instagram).username("shop").aged_days(40));
        let before = world.store.token(&account);
        let value = format!("{prefix}fakeFAKE{}", "x".repeat(80));
        let fault = Fault::Alter { field: "access_token".to_owned(), value: value.into() };
        world.meta.with(|meta| meta.inject(Injection::new(fault).at(Endpoint::Refresh).times(1)));
        let outcome = world.run(&account).await.outcome;
        match outcome {
            Outcome::Failed(failure) => assert_eq!(failure.cause, Cause::NewTokenRefused, "{what}"),
            other => panic!("{what}: {other:?}"),
        }
        assert_eq!(world.store.token(&account), before, "{what}");
        world.advance(DAY);
        assert!(matches!(world.run(&account).await.outcome, Outcome::Refreshed { .. }), "{what}");
    }
}
