//! What a run reports, and where the token is, when the store fails at one step.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use everlit_keeper::{AccountName, Cause, Outcome, Safety};
use everlit_meta_api::DAY;
use everlit_sandbox::{Config, Endpoint, Fault, Injection, Issue, Kind, MetaError};
use support::{Place, SaveStep, World};

struct Scene {
    world: World,
    shop: AccountName,
}

fn scene(fails: &[SaveStep]) -> Scene {
    let world = World::new(Config::friendly(), 1);
    let shop = world.account("shop", &Issue::new(Kind::Instagram).username("shop").aged_days(31));
    world.store.fail_at(fails);
    Scene { world, shop }
}

impl Scene {
    async fn run(&self) -> Outcome {
        self.world.run(&self.shop).await.outcome
    }

    async fn safety(&self) -> Safety {
        match self.run().await {
            Outcome::NotSaved { token, .. } => token,
            other => panic!("{other:?}"),
        }
    }

    fn refreshes(&self) -> u64 {
        self.world.meta.with(|meta| meta.calls_to(Endpoint::Refresh))
    }
}

#[tokio::test]
async fn if_nothing_can_be_saved_meta_is_not_asked() {
    let scene = scene(&[SaveStep::Reserve]);
    assert_eq!(scene.safety().await, Safety::NotAsked);
    assert_eq!(scene.world.meta.with(|meta| meta.log().len()), 0);
}

#[tokio::test]
async fn a_candidate_is_promoted_by_the_next_run() {
    let scene = scene(&[SaveStep::Promote]);
    let before = scene.world.store.token(&scene.shop);
    assert_eq!(scene.safety().await, Safety::Candidate);
    assert_eq!(scene.world.store.token(&scene.shop), before);
    scene.world.store.fail_at(&[]);
    let outcome = scene.run().await;
    assert!(matches!(outcome, Outcome::Recovered { .. }), "{outcome:?}");
    assert_ne!(scene.world.store.token(&scene.shop), before);
    assert_eq!(scene.refreshes(), 1);
}

#[tokio::test]
async fn a_token_in_use_is_not_reported_as_missing() {
    for fails in [&[SaveStep::PromoteHalfway][..], &[SaveStep::SaveCandidate, SaveStep::PromoteHalfway]] {
        let scene = scene(fails);
        assert_eq!(scene.safety().await, Safety::Current, "{fails:?}");
    }
}

#[tokio::test]
async fn without_a_candidate_the_token_is_saved_in_its_place() {
    let scene = scene(&[SaveStep::SaveCandidate]);
    let before = scene.world.store.token(&scene.shop);
    let outcome = scene.run().await;
    assert!(matches!(outcome, Outcome::Refreshed { .. }), "{outcome:?}");
    assert_ne!(scene.world.store.token(&scene.shop), before);
}

#[tokio::test]
async fn a_lost_token_is_reported_as_lost() {
    let scene = scene(&[SaveStep::SaveCandidate, SaveStep::Promote]);
    assert_eq!(scene.safety().await, Safety::Lost);
}

#[tokio::test]
async fn a_token_of_another_account_is_not_saved_as_a_last_resort() {
    let scene = scene(&[SaveStep::SaveCandidate]);
    let before = scene.world.store.token(&scene.shop);
    scene.world.meta.with(|meta| meta.inject(Injection::new(Fault::OtherAccount).at(Endpoint::Refresh)));
    match scene.run().await {
        Outcome::Failed(failure) => assert_eq!(failure.cause, Cause::AnotherAccount),
        other => panic!("{other:?}"),
    }
    assert_eq!(scene.world.store.token(&scene.shop), before);
}

/// Meta refused; that this cannot be recorded must not hide what Meta said.
#[tokio::test]
async fn a_failure_that_cannot_be_recorded_is_reported() {
    let scene = scene(&[SaveStep::SaveRecord]);
    let error = MetaError::new(190, "The password was changed").subcode(460);
    scene.world.meta.with(|meta| meta.inject(Injection::new(Fault::Error(error))));
    match scene.run().await {
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
async fn a_refused_candidate_that_cannot_be_removed_is_reported() {
    let scene = scene(&[SaveStep::DiscardCandidate]);
    scene.world.meta.with(|meta| meta.inject(Injection::new(Fault::OtherAccount).at(Endpoint::Refresh)));
    assert_eq!(scene.safety().await, Safety::Candidate);
}

#[tokio::test]
async fn p1_never_worse_an_unreadable_new_token_is_not_used() {
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

/// After a failed promotion the old token may still be in use: that is what targets get, and what is recorded as delivered.
#[tokio::test]
async fn p8_a_target_gets_the_new_token_after_a_failed_promotion() {
    for fails in [SaveStep::Promote, SaveStep::PromoteHalfway] {
        let mut scene = scene(&[fails]);
        let place = Place::failing("vercel", 0);
        scene.world.keeper = scene.world.keeper.clone().with_target(scene.shop.clone(), place.clone());
        for _ in 0..2 {
            scene.safety().await;
            let in_use = scene.world.store.token(&scene.shop).fingerprint();
            let record = scene.world.store.record(&scene.shop).unwrap();
            assert_eq!((place.holds(), record.fingerprint), (Some(in_use), in_use), "{fails:?}");
            assert_eq!(record.deliveries[0].delivered, Some(in_use), "{fails:?}");
        }
        scene.world.store.fail_at(&[]);
        let outcome = scene.run().await;
        assert!(matches!(outcome, Outcome::Recovered { .. }), "{fails:?}: {outcome:?}");
        assert_eq!(place.holds(), Some(scene.world.store.token(&scene.shop).fingerprint()), "{fails:?}");
        assert_eq!(scene.refreshes(), 1, "{fails:?}");
    }
}
