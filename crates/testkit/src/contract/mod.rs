//! What every store owes the keeper, whatever it keeps its accounts in.
//!
//! A store's tests implement [`Place`] and call [`store_contract!`](crate::store_contract) with a way to make one; each
//! promise becomes a test there.
#![allow(missing_docs, reason = "a promise is described by its name")]

mod records;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use everlit_keeper::{
    AccountName, Alarm, AlertState, AlertStore, Candidate, EventKind, Expiry, Health, Lease, Origin, Record, Store,
    StoreErrorClass,
};
use everlit_meta_api::{Timestamp, Token};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

pub use records::{any_alert_state, any_candidate, any_record};

/// A store with one account in it, made for one test.
pub trait Place {
    /// The store.
    fn store(&self) -> Arc<dyn Store>;

    /// Where its alerts are kept.
    fn alerts(&self) -> Arc<dyn AlertStore>;

    /// The account.
    fn account(&self) -> AccountName;

    /// Another token takes the place of the one in use, as when a person puts one there.
    fn put(&self, token: &Token);

    /// Everything that holds a part of a token or of a record, apart from the token in use, its record and what was
    /// refused.
    fn leftovers(&self) -> Vec<String>;

    /// Whether events stay on record although a record without them is saved, as in an audit.
    fn keeps_all_events(&self) -> bool {
        false
    }
}

/// One test for each promise. `$make` is a function from the first [`Token`] to a [`Place`].
#[macro_export]
macro_rules! store_contract {
    ($make:expr) => {
        $crate::store_contract!($make,
            a_token_that_was_never_seen_has_a_new_record
            an_unknown_account_is_missing
            a_second_lease_is_refused_and_names_the_first_holder
            a_lease_is_free_again_once_dropped
            of_many_threads_one_at_a_time_has_the_lease
            a_reservation_that_is_not_used_leaves_nothing
            a_candidate_is_seen_by_everybody_and_the_token_in_use_stays
            a_candidate_comes_back_as_it_was_saved
            a_later_candidate_takes_the_place_of_an_earlier_one
            a_candidate_can_be_saved_and_promoted_without_a_reservation
            promoting_makes_it_current_and_lets_the_candidate_go
            promoting_twice_is_harmless
            a_discarded_candidate_is_gone_and_the_token_in_use_stays
            the_token_before_is_kept_until_it_is_forgotten
            discarding_nothing_is_harmless
            a_discarded_candidate_gives_way_to_the_earlier_one
            a_candidate_that_waits_survives_a_reservation
            a_record_comes_back_as_it_was_saved
            a_record_comes_back_as_it_was_promoted
            saving_a_record_keeps_the_token_and_the_candidate
            another_token_has_a_new_record_and_the_old_history
            a_candidate_outlives_another_token
            an_account_is_due_until_its_next_check_lies_ahead
            an_alert_state_comes_back_as_it_was_saved
            an_alert_state_outlives_the_token_and_its_record
            of_two_runs_one_has_the_right_to_alert
            no_message_holds_a_token
        );
    };
    ($make:expr, $($name:ident)+) => {
        $(#[test]
        fn $name() {
            $crate::contract::$name(&$make);
        })+
    };
}
/// 1 January 2027, 03:17 UTC.
pub const NOW: Timestamp = Timestamp::from_unix(1_798_773_420);

pub fn a_token_that_was_never_seen_has_a_new_record<P: Place>(make: &impl Fn(&Token) -> P) {
    let token = fake('A');
    let place = make(&token);
    let stored = load(&place);
    assert_eq!(stored.current, token);
    let new = Record::of_new_token(token.kind(), token.fingerprint(), NOW);
    assert_eq!(recorded(&place, stored.record, &new), new);
    assert_eq!(stored.candidate, None);
    assert_eq!(stored.notes, [""; 0]);
}

pub fn an_unknown_account_is_missing<P: Place>(make: &impl Fn(&Token) -> P) {
    let place = make(&fake('A'));
    let nobody = AccountName::new("nobody-of-this-name");
    let store = place.store();
    let loaded = now(store.load(&nobody, NOW)).unwrap_err();
    let leased = now(store.lease(&nobody, NOW)).map(drop).unwrap_err();
    for error in [loaded, leased] {
        assert_eq!(error.class, StoreErrorClass::Missing);
        assert!(error.message.contains("nobody-of-this-name"), "{error}");
    }
}

pub fn a_second_lease_is_refused_and_names_the_first_holder<P: Place>(make: &impl Fn(&Token) -> P) {
    let place = make(&fake('A'));
    let (store, account) = (place.store(), place.account());
    let first = now(store.lease(&account, NOW)).unwrap();
    let refused = now(store.lease(&account, NOW)).map(drop).unwrap_err();
    assert!(refused.is_locked() && refused.message.contains("2027-01-01T03:17:00Z"), "{refused:?}");
    assert!(now(store.load(&account, NOW)).is_ok(), "reading needs no lease");
    drop(first);
}

pub fn a_lease_is_free_again_once_dropped<P: Place>(make: &impl Fn(&Token) -> P) {
    let place = make(&fake('A'));
    let (store, account) = (place.store(), place.account());
    for _ in 0..3 {
        drop(now(store.lease(&account, NOW)).unwrap());
    }
}

pub fn of_many_threads_one_at_a_time_has_the_lease<P: Place>(make: &impl Fn(&Token) -> P) {
    const THREADS: usize = 8;
    const TURNS: usize = 5;
    let place = make(&fake('A'));
    let (store, account) = (place.store(), place.account());
    let (inside, turns) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut left = TURNS;
                while left > 0 {
                    let mut lease = match now(store.lease(&account, NOW)) {
                        Ok(lease) => lease,
                        Err(error) if error.is_locked() => {
                            std::thread::yield_now();
                            continue;
                        }
                        Err(error) => panic!("{error}"),
                    };
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two at once");
                    let mut record = now(lease.load(NOW)).unwrap().record;
                    record.log(NOW, EventKind::Verified, "a turn");
                    now(lease.save_record(&record)).unwrap();
                    turns.fetch_add(1, Ordering::SeqCst);
                    inside.fetch_sub(1, Ordering::SeqCst);
                    left -= 1;
                }
            });
        }
    });
    assert_eq!(turns.load(Ordering::SeqCst), THREADS * TURNS);
    let turns = load(&place).record.events.iter().filter(|event| event.detail == "a turn").count();
    assert_eq!(turns, THREADS * TURNS, "no turn was written over by another");
}

pub fn a_reservation_that_is_not_used_leaves_nothing<P: Place>(make: &impl Fn(&Token) -> P) {
    let place = make(&fake('A'));
    let before = load(&place).record;
    under_lease(&place, |lease| now(lease.reserve()).unwrap());
    assert_eq!(place.leftovers(), [""; 0]);
    assert_eq!(load(&place).record, before);
}

pub fn a_candidate_is_seen_by_everybody_and_the_token_in_use_stays<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let candidate = candidate_for(&old, 'B');
    under_lease(&place, |lease| {
        now(lease.reserve()).unwrap();
        now(lease.save_candidate(&candidate)).unwrap();
        let stored = now(lease.load(NOW)).unwrap();
        assert_eq!((stored.current, stored.candidate), (old.clone(), Some(candidate.clone())));
        let seen_without = load(&place);
        assert_eq!((seen_without.current, seen_without.candidate), (old.clone(), Some(candidate.clone())));
    });
    let seen_later = load(&place);
    assert_eq!((seen_later.current, seen_later.candidate), (old, Some(candidate)));
}

pub fn a_candidate_comes_back_as_it_was_saved<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    for_all(&any_candidate(), |candidate| {
        under_lease(&place, |lease| now(lease.save_candidate(&candidate)).unwrap());
        prop_assert_eq!(load(&place).candidate, Some(candidate));
        Ok(())
    });
}

pub fn a_later_candidate_takes_the_place_of_an_earlier_one<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let (earlier, later) = (candidate_for(&old, 'B'), candidate_for(&old, 'C'));
    under_lease(&place, |lease| now(lease.save_candidate(&earlier)).unwrap());
    under_lease(&place, |lease| now(lease.save_candidate(&later)).unwrap());
    assert_eq!(load(&place).candidate, Some(later));
}

pub fn a_candidate_can_be_saved_and_promoted_without_a_reservation<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let candidate = candidate_for(&old, 'B');
    under_lease(&place, |lease| {
        now(lease.save_candidate(&candidate)).unwrap();
        now(lease.promote(&candidate, &record_of(&candidate.token))).unwrap();
    });
    assert_eq!(load(&place).current, candidate.token);
}

pub fn promoting_makes_it_current_and_lets_the_candidate_go<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let candidate = candidate_for(&old, 'B');
    let record = record_of(&candidate.token);
    under_lease(&place, |lease| {
        now(lease.reserve()).unwrap();
        now(lease.save_candidate(&candidate)).unwrap();
        now(lease.promote(&candidate, &record)).unwrap();
    });
    let stored = load(&place);
    let found = recorded(&place, stored.record, &record);
    assert_eq!((stored.current, found, stored.candidate), (candidate.token, record, None));
    assert_eq!(stored.notes, [""; 0]);
    assert_eq!(place.leftovers(), [""; 0]);
}

pub fn promoting_twice_is_harmless<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let candidate = candidate_for(&old, 'B');
    let record = record_of(&candidate.token);
    under_lease(&place, |lease| now(lease.save_candidate(&candidate)).unwrap());
    for _ in 0..2 {
        under_lease(&place, |lease| now(lease.promote(&candidate, &record)).unwrap());
        let stored = load(&place);
        let found = recorded(&place, stored.record, &record);
        assert_eq!((stored.current, &found, stored.candidate), (candidate.token.clone(), &record, None));
    }
    assert_eq!(place.leftovers(), [""; 0]);
}

pub fn a_discarded_candidate_is_gone_and_the_token_in_use_stays<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let before = load(&place).record;
    under_lease(&place, |lease| {
        now(lease.save_candidate(&candidate_for(&old, 'B'))).unwrap();
        now(lease.discard_candidate()).unwrap();
    });
    let stored = load(&place);
    assert_eq!((stored.current, stored.record, stored.candidate), (old, before, None));
    assert_eq!(place.leftovers(), [""; 0]);
}

pub fn the_token_before_is_kept_until_it_is_forgotten<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let (candidate, previous) = (candidate_for(&old, 'B'), candidate_for(&old, 'A'));
    under_lease(&place, |lease| {
        now(lease.save_candidate(&candidate)).unwrap();
        now(lease.keep_previous(&previous)).unwrap();
        now(lease.promote(&candidate, &record_of(&candidate.token))).unwrap();
    });
    let stored = load(&place);
    assert_eq!((stored.current, stored.candidate, stored.previous), (candidate.token, None, Some(previous)));
    for _ in 0..2 {
        under_lease(&place, |lease| now(lease.forget_kept()).unwrap());
        assert_eq!(load(&place).previous, None);
    }
    assert_eq!(place.leftovers(), [""; 0]);
}

pub fn discarding_nothing_is_harmless<P: Place>(make: &impl Fn(&Token) -> P) {
    let place = make(&fake('A'));
    under_lease(&place, |lease| now(lease.discard_candidate()).unwrap());
    assert_eq!(load(&place).current, fake('A'));
}

/// A person's token is refused; the one that Meta gave before, perhaps the only living one, is still there.
pub fn a_discarded_candidate_gives_way_to_the_earlier_one<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let (earlier, persons) = (candidate_for(&old, 'B'), candidate_for(&old, 'C'));
    let persons = Candidate { origin: Origin::Person, ..persons };
    for reserves in [false, true] {
        under_lease(&place, |lease| now(lease.save_candidate(&earlier)).unwrap());
        under_lease(&place, |lease| {
            if reserves {
                now(lease.reserve()).unwrap();
            }
            now(lease.save_candidate(&persons)).unwrap();
        });
        assert_eq!(load(&place).candidate, Some(persons.clone()));
        under_lease(&place, |lease| now(lease.discard_candidate()).unwrap());
        assert_eq!(load(&place).candidate, Some(earlier.clone()));
        // The same, said in another way.
        under_lease(&place, |lease| now(lease.save_candidate(&persons)).unwrap());
        under_lease(&place, |lease| now(lease.save_candidate(&earlier)).unwrap());
        under_lease(&place, |lease| now(lease.discard_candidate()).unwrap());
        assert_eq!(load(&place).candidate, None, "the refused one does not come back");
    }
    under_lease(&place, |lease| now(lease.save_candidate(&earlier)).unwrap());
    under_lease(&place, |lease| {
        now(lease.save_candidate(&persons)).unwrap();
        now(lease.promote(&persons, &record_of(&persons.token))).unwrap();
    });
    assert_eq!((load(&place).current, load(&place).candidate), (persons.token, None));
    assert_eq!(place.leftovers(), [""; 0]);
}

pub fn a_candidate_that_waits_survives_a_reservation<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let candidate = candidate_for(&old, 'B');
    under_lease(&place, |lease| now(lease.save_candidate(&candidate)).unwrap());
    for _ in 0..2 {
        under_lease(&place, |lease| {
            now(lease.reserve()).unwrap();
            assert_eq!(now(lease.load(NOW)).unwrap().candidate, Some(candidate.clone()));
        });
        assert_eq!(load(&place).candidate, Some(candidate.clone()));
    }
}

pub fn a_record_comes_back_as_it_was_saved<P: Place>(make: &impl Fn(&Token) -> P) {
    let token = fake('A');
    let place = make(&token);
    for_all(&any_record(token), |record| {
        under_lease(&place, |lease| now(lease.save_record(&record)).unwrap());
        let stored = load(&place);
        prop_assert_eq!(recorded(&place, stored.record, &record), record);
        prop_assert_eq!(stored.notes, [""; 0]);
        Ok(())
    });
}

pub fn a_record_comes_back_as_it_was_promoted<P: Place>(make: &impl Fn(&Token) -> P) {
    let place = make(&fake('A'));
    let next = (any_candidate(), any::<bool>())
        .prop_flat_map(|(candidate, reserves)| (any_record(candidate.token.clone()), Just(candidate), Just(reserves)));
    for_all(&next, |(record, candidate, reserves)| {
        let replaces = load(&place).current.fingerprint();
        let candidate = Candidate { replaces, ..candidate };
        under_lease(&place, |lease| {
            if reserves {
                now(lease.reserve()).unwrap();
            }
            now(lease.save_candidate(&candidate)).unwrap();
            now(lease.promote(&candidate, &record)).unwrap();
        });
        let stored = load(&place);
        let found = recorded(&place, stored.record, &record);
        prop_assert_eq!((stored.current, found, stored.candidate), (candidate.token, record, None));
        Ok(())
    });
    assert_eq!(place.leftovers(), [""; 0]);
}

pub fn saving_a_record_keeps_the_token_and_the_candidate<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let candidate = candidate_for(&old, 'B');
    let record = record_of(&old);
    under_lease(&place, |lease| {
        now(lease.save_candidate(&candidate)).unwrap();
        now(lease.save_record(&record)).unwrap();
    });
    let stored = load(&place);
    let found = recorded(&place, stored.record, &record);
    assert_eq!((stored.current, found, stored.candidate), (old, record, Some(candidate)));
}

pub fn another_token_has_a_new_record_and_the_old_history<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let record = record_of(&old);
    under_lease(&place, |lease| now(lease.save_record(&record)).unwrap());
    let new = fake('C');
    place.put(&new);
    let stored = load(&place);
    let expected = Record { events: record.events, ..Record::of_new_token(new.kind(), new.fingerprint(), NOW) };
    assert_eq!((stored.current, recorded(&place, stored.record, &expected)), (new, expected));
}

pub fn a_candidate_outlives_another_token<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let candidate = candidate_for(&old, 'B');
    under_lease(&place, |lease| now(lease.save_candidate(&candidate)).unwrap());
    let new = fake('C');
    place.put(&new);
    let stored = load(&place);
    assert_eq!((stored.current.clone(), stored.candidate), (new.clone(), Some(candidate.clone())));
    // The keeper decides which of the two is better; a store overwrites nothing that it does not know of.
    under_lease(&place, |lease| {
        let refused = now(lease.promote(&candidate, &record_of(&candidate.token)));
        assert_eq!(refused.map_err(|error| error.class), Err(StoreErrorClass::NotSaved));
    });
    assert_eq!(load(&place).current, new);
}

pub fn an_account_is_due_until_its_next_check_lies_ahead<P: Place>(make: &impl Fn(&Token) -> P) {
    let token = fake('A');
    let place = make(&token);
    let (store, account) = (place.store(), place.account());
    let due = |limit| now(store.due(NOW, limit)).unwrap();
    assert_eq!(due(9), std::slice::from_ref(&account), "a new token");
    assert_eq!(due(0), []);
    let later = |seconds: i64| Timestamp::from_unix(NOW.as_unix() + seconds);
    for (next_check_at, is_due) in [(later(0), true), (later(1), false), (later(99 * 86_400), false)] {
        under_lease(&place, |lease| {
            let record = Record { next_check_at: Some(next_check_at), ..record_of(&token) };
            now(lease.save_record(&record)).unwrap();
        });
        assert_eq!(due(9).len(), usize::from(is_due), "{next_check_at:?}");
    }
    under_lease(&place, |lease| now(lease.save_candidate(&candidate_for(&token, 'B'))).unwrap());
    assert_eq!(due(9).len(), 1, "a candidate is waiting");
}

pub fn an_alert_state_comes_back_as_it_was_saved<P: Place>(make: &impl Fn(&Token) -> P) {
    let place = make(&fake('A'));
    let (store, account) = (place.alerts(), place.account());
    assert_eq!(now(store.alert_state(&account)), AlertState::default());
    for_all(&any_alert_state(), |alert_state| {
        now(store.save_alert_state(&account, &alert_state)).unwrap();
        prop_assert_eq!(now(store.alert_state(&account)), alert_state);
        Ok(())
    });
    let before = place.leftovers();
    now(store.save_alert_state(&account, &AlertState::default())).unwrap();
    now(store.save_alert_state(&account, &AlertState::default())).unwrap();
    assert_eq!(now(store.alert_state(&account)), AlertState::default());
    assert!(place.leftovers().len() <= before.len(), "nothing to remember is kept as nothing");
    assert_eq!(now(store.alert_state(&AccountName::new("nobody"))), AlertState::default());
}

pub fn an_alert_state_outlives_the_token_and_its_record<P: Place>(make: &impl Fn(&Token) -> P) {
    let place = make(&fake('A'));
    let (store, account) = (place.alerts(), place.account());
    let alarm =
        Alarm { health: Health::NeedsPerson, cause: "reconnect".to_owned(), since: NOW, at: NOW, reminded: Some(7) };
    let alert_state = AlertState { alarm: Some(alarm), undelivered: Vec::new() };
    now(store.save_alert_state(&account, &alert_state)).unwrap();
    place.put(&fake('C'));
    under_lease(&place, |lease| {
        now(lease.load(NOW)).unwrap();
        now(lease.save_record(&record_of(&fake('C')))).unwrap();
        // The right to change an account is another than the right to tell.
        drop(now(store.lease_alerts(NOW)).unwrap());
    });
    assert_eq!(now(store.alert_state(&account)), alert_state);
}

pub fn of_two_runs_one_has_the_right_to_alert<P: Place>(make: &impl Fn(&Token) -> P) {
    let place = make(&fake('A'));
    let (store, other) = (place.alerts(), place.alerts());
    let guard = now(store.lease_alerts(NOW)).unwrap();
    let refused = now(other.lease_alerts(NOW)).map(drop).unwrap_err();
    assert!(refused.is_locked(), "{refused:?}");
    drop(guard);
    drop(now(other.lease_alerts(NOW)).unwrap());
}

/// P3.
pub fn no_message_holds_a_token<P: Place>(make: &impl Fn(&Token) -> P) {
    let old = fake('A');
    let place = make(&old);
    let candidate = candidate_for(&old, 'B');
    let (store, account) = (place.store(), place.account());
    let mut lease = now(store.lease(&account, NOW)).unwrap();
    now(lease.reserve()).unwrap();
    now(lease.save_candidate(&candidate)).unwrap();
    let locked = now(store.lease(&account, NOW)).map(drop);
    place.put(&fake('C'));
    let refused = now(lease.promote(&candidate, &record_of(&candidate.token)));
    let stored = now(lease.load(NOW));
    let shown = format!("{store:?} {lease:?} {locked:?} {refused:?} {stored:?}");
    for letter in ['A', 'B', 'C'] {
        assert!(!shown.contains(&letter.to_string().repeat(8)), "{shown}");
    }
}

/// An obviously fake token that is easily distinguished from others.
pub fn fake(letter: char) -> Token {
    Token::parse(&format!("IGAAfakeFAKEfake{}", letter.to_string().repeat(120))).unwrap()
}

/// A newer token for one in use.
pub fn candidate_for(current: &Token, letter: char) -> Candidate {
    Candidate {
        token: fake(letter),
        replaces: current.fingerprint(),
        received_at: NOW,
        expiry: Expiry::At(Timestamp::from_unix(NOW.as_unix() + 5_184_000)),
        account: None,
        origin: Origin::Refresh,
    }
}

/// A record of a token with a history.
pub fn record_of(token: &Token) -> Record {
    let mut record = Record::of_new_token(token.kind(), token.fingerprint(), NOW);
    record.expiry = Expiry::At(Timestamp::from_unix(NOW.as_unix() + 5_184_000));
    record.issued_at = Some(NOW);
    record.log(NOW, EventKind::Refreshed, "new token saved");
    record
}

/// What was found, without the events that the place keeps beside those of `saved`.
fn recorded(place: &impl Place, mut found: Record, saved: &Record) -> Record {
    if place.keeps_all_events() {
        found.events.retain(|event| saved.events.contains(event));
    }
    found
}

fn load(place: &impl Place) -> everlit_keeper::Stored {
    now(place.store().load(&place.account(), NOW)).unwrap()
}

fn under_lease(place: &impl Place, work: impl FnOnce(&mut dyn Lease)) {
    let (store, account) = (place.store(), place.account());
    let mut lease = now(store.lease(&account, NOW)).unwrap();
    work(&mut *lease);
}

/// Runs a future to its end on this thread.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn for_all<S: Strategy>(strategy: &S, check: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases: 96, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(strategy, check).unwrap();
}
