//! How fast work is started: in normal times, during an outage, and after it.

use std::time::Duration;

use everlit_keeper::Policy;
use everlit_meta_api::Timestamp;
use everlit_planner::{Admission, Load, Outcome, Permit, State, steady_per_second};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const MOST: u32 = 100;
const STEADY: f64 = 2.0;

fn at(seconds: u64) -> Timestamp {
    NOW + Duration::from_secs(seconds)
}

/// Work that is due just now, and stays so for a few hours of these tests.
fn load(overdue: u64) -> Load {
    let oldest_run_at = (overdue > 0).then_some(at(3 * HOUR));
    Load { in_flight: 0, overdue, critical: 0, oldest_run_at, steady_per_second: STEADY }
}

/// A backlog that is a day old.
fn backlog(overdue: u64) -> Load {
    Load { oldest_run_at: Some(NOW - Duration::from_secs(24 * HOUR)), ..load(overdue) }
}

/// An admission during an outage that was noticed at `NOW`.
fn stopped() -> Admission {
    let mut admission = Admission::new(MOST);
    (0..20).for_each(|_| admission.report(Outcome::Unavailable, NOW));
    assert_eq!(admission.state(), State::Stopped);
    admission
}

/// Asks every second of an hour, and sums up what may be started; all work ends within a second.
fn started_in(hour: u64, admission: &mut Admission, load: &Load) -> u64 {
    (hour * HOUR..(hour + 1) * HOUR).map(|second| u64::from(admission.admit(load, at(second)).start)).sum()
}

#[test]
fn in_normal_times_only_the_bound_limits() {
    let mut admission = Admission::new(MOST);
    assert_eq!(admission.admit(&load(7), NOW).start, 7);
    assert_eq!(admission.admit(&load(5_000), NOW).start, MOST);
    assert_eq!(admission.admit(&Load { in_flight: 90, ..load(5_000) }, NOW).start, 10);
    assert_eq!(admission.admit(&Load { in_flight: MOST, ..load(5_000) }, NOW).start, 0);
    assert_eq!(admission.admit(&load(0), NOW), Permit { start: 0, ask_again_after: Duration::from_secs(5) });
    assert_eq!(admission.state(), State::Normal);
}

#[test]
fn refusals_and_a_few_failures_stop_nothing() {
    let mut admission = Admission::new(MOST);
    for number in 0..1_000 {
        let outcome = if number % 10 == 0 { Outcome::Unavailable } else { Outcome::Refused };
        admission.report(outcome, NOW);
    }
    assert_eq!((admission.state(), admission.admit(&load(500), NOW).start), (State::Normal, MOST));
}

#[test]
fn during_an_outage_one_account_a_minute_is_tried() {
    let mut admission = stopped();
    let started: u32 = (0..HOUR).map(|second| admission.admit(&load(5_000), at(second)).start).sum();
    assert_eq!(started, 59);
    assert_eq!(admission.admit(&load(0), at(2 * HOUR)).start, 0);
}

#[test]
fn during_an_outage_tokens_near_their_end_are_still_tried() {
    let mut admission = stopped();
    let critical = Load { critical: 3_000, ..load(5_000) };
    assert_eq!(admission.admit(&critical, at(1)).start, 5);
    assert_eq!(admission.admit(&Load { in_flight: 4, ..critical }, at(2)).start, 1);
    assert_eq!(admission.admit(&Load { in_flight: 5, ..critical }, at(3)).start, 0);
}

#[test]
fn three_answers_in_a_row_end_an_outage() {
    let mut admission = stopped();
    for outcome in [Outcome::Ok, Outcome::Refused, Outcome::Unavailable, Outcome::Ok, Outcome::Ok] {
        admission.report(outcome, at(MINUTE));
        assert_eq!(admission.state(), State::Stopped);
    }
    admission.report(Outcome::Ok, at(MINUTE));
    assert_eq!(admission.state(), State::Ramping);
}

#[test]
fn after_an_outage_work_grows_from_5_to_100_percent_in_an_hour() {
    let mut admission = stopped();
    (0..3).for_each(|_| admission.report(Outcome::Ok, NOW));
    let started = [0, 15, 30, 45, 60].map(|minute| admission.admit(&load(5_000), at(minute * MINUTE)).start);
    assert_eq!(started, [5, 29, 53, 77, 100]);
    assert_eq!(admission.state(), State::Normal);
}

#[test]
fn after_an_outage_tokens_near_their_end_do_not_wait() {
    let mut admission = stopped();
    (0..3).for_each(|_| admission.report(Outcome::Ok, NOW));
    let critical = Load { critical: 3_000, ..load(5_000) };
    assert_eq!(admission.admit(&critical, at(1)).start, MOST);
    assert_eq!(admission.admit(&Load { in_flight: 90, ..critical }, at(2)).start, 10);
    // The others still grow with the ramp, and find no room behind these.
    assert_eq!(admission.admit(&Load { critical: 2, ..load(5_000) }, at(3)).start, 6);
    assert_eq!(admission.admit(&Load { critical: 40, ..load(5_000) }, at(4)).start, 40);
    assert_eq!(admission.state(), State::Ramping);
}

#[test]
fn a_second_outage_stops_the_ramp() {
    let mut admission = stopped();
    (0..3).for_each(|_| admission.report(Outcome::Ok, NOW));
    (0..20).for_each(|_| admission.report(Outcome::Unavailable, at(MINUTE)));
    assert_eq!(admission.state(), State::Stopped);
}

#[test]
fn a_backlog_is_drained_at_three_times_the_steady_rate() {
    let mut admission = Admission::new(MOST);
    let load = backlog(1_000_000);
    let first = started_in(0, &mut admission, &load);
    assert!((11_000..11_700).contains(&first), "the ramp's half of 21,600: {first}");
    assert_eq!(admission.state(), State::Ramping);
    assert!((21_599..=21_601).contains(&started_in(1, &mut admission, &load)));
    assert_eq!(admission.state(), State::Draining);
    assert_eq!(admission.admit(&Load { oldest_run_at: Some(at(2 * HOUR)), ..load }, at(2 * HOUR)).start, 6);
    admission.admit(&Load { oldest_run_at: Some(at(2 * HOUR)), overdue: 9, ..load }, at(2 * HOUR));
    assert_eq!(admission.state(), State::Normal, "what is left is young and little");
}

#[test]
fn a_fresh_import_counts_as_a_backlog() {
    let mut admission = Admission::new(MOST);
    admission.admit(&load(500_000), NOW);
    assert_eq!(admission.state(), State::Ramping);
}

#[test]
fn a_backlog_drains_by_one_account_per_second_at_least() {
    let mut admission = Admission::new(MOST);
    let load = Load { steady_per_second: 0.01, ..backlog(5_000) };
    let started = [0, 1].map(|hour| started_in(hour, &mut admission, &load));
    assert!(started.iter().all(|started| (3_599..=3_601).contains(started)), "also while it ramps: {started:?}");
}

#[test]
fn tokens_near_their_end_go_as_fast_as_the_bound_allows() {
    let mut admission = Admission::new(MOST);
    let load = Load { critical: 80, ..backlog(1_000_000) };
    started_in(0, &mut admission, &load);
    assert_eq!(admission.admit(&load, at(HOUR)).start, 80 + 6);
    let all_critical = Load { critical: 1_000_000, ..load };
    assert_eq!(admission.admit(&all_critical, at(HOUR + 1)).start, MOST);
}

#[test]
fn a_worker_that_was_away_may_not_start_all_at_once() {
    let mut admission = Admission::new(10_000);
    let load = backlog(1_000_000);
    started_in(0, &mut admission, &load);
    assert_eq!(admission.admit(&load, at(50 * HOUR)).start, 360, "a minute's worth");
}

#[test]
fn a_million_accounts_are_two_a_second() {
    let steady = steady_per_second(1_000_000, &Policy::default());
    assert!((steady - 2.04).abs() < 0.01, "{steady}");
}

proptest! {
    #[test]
    fn a_permit_never_exceeds_the_bound_or_the_queue(
        most in 1_u32..500,
        steps in proptest::collection::vec((0_u64..600, 0_u32..600, 0_u64..100_000, 0_u64..100_000, 0_u64..200_000, 0_u8..4), 1..200)
    ) {
        let mut admission = Admission::new(most);
        let mut now = NOW;
        for (pause, in_flight, overdue, critical, age, outcome) in steps {
            now = now + Duration::from_secs(pause);
            let oldest_run_at = (overdue > 0).then(|| now - Duration::from_secs(age));
            let load = Load { in_flight, overdue, critical: critical.min(overdue), oldest_run_at, steady_per_second: STEADY };
            let permit = admission.admit(&load, now);
            prop_assert!(u64::from(permit.start) <= overdue);
            prop_assert!(permit.start == 0 || in_flight + permit.start <= most);
            prop_assert!(permit.ask_again_after >= Duration::from_secs(1));
            for _ in 0..in_flight.min(30) {
                admission.report(if outcome == 0 { Outcome::Unavailable } else { Outcome::Ok }, now);
            }
        }
    }

    /// Unless Meta fails, as many critical accounts are started as there is room for: they are never paced.
    #[test]
    fn critical_accounts_wait_for_nothing_but_room(
        most in 1_u32..500,
        had_outage in proptest::bool::ANY,
        steps in proptest::collection::vec((0_u64..600, 0_u32..600, 0_u64..100_000, 0_u64..100_000, 0_u64..200_000), 1..200)
    ) {
        let mut admission = Admission::new(most);
        if had_outage {
            (0..20).for_each(|_| admission.report(Outcome::Unavailable, NOW));
            (0..3).for_each(|_| admission.report(Outcome::Ok, NOW));
        }
        let mut now = NOW;
        for (pause, in_flight, overdue, critical, age) in steps {
            now = now + Duration::from_secs(pause);
            let oldest_run_at = (overdue > 0).then(|| now - Duration::from_secs(age));
            let critical = critical.min(overdue);
            let load = Load { in_flight, overdue, critical, oldest_run_at, steady_per_second: STEADY };
            let permit = admission.admit(&load, now);
            prop_assert!(u64::from(permit.start) >= critical.min(most.saturating_sub(in_flight).into()));
            prop_assert!(critical <= permit.start.into() || permit.ask_again_after <= Duration::from_secs(1));
        }
    }

    /// Whatever went before: once Meta answers again, everything runs again within a little more than an hour.
    #[test]
    fn every_stop_ends(history in proptest::collection::vec(0_u8..2, 0..500)) {
        let mut admission = Admission::new(MOST);
        for bad in history {
            admission.report(if bad == 1 { Outcome::Unavailable } else { Outcome::Ok }, NOW);
        }
        for second in 0..HOUR + 5 * MINUTE {
            let permit = admission.admit(&load(50), at(second));
            (0..permit.start).for_each(|_| admission.report(Outcome::Ok, at(second)));
        }
        prop_assert_eq!(admission.admit(&load(200), at(HOUR + 5 * MINUTE)).start, MOST);
    }
}
