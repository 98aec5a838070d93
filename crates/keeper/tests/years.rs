//! Ten years in seconds: a daily run keeps every token alive, also on bad days; the usual monthly cron line does not.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use everlit_keeper::{AccountName, Record};
use everlit_meta_api::DAY;
use everlit_sandbox::{Config, Issue, Kind};
use everlit_testkit::START;
use support::World;

const YEARS: i64 = 10;

/// Runs at the given times, some of them missed; returns the day on which the token died, if it did.
async fn live(
    world: &World,
    account: &AccountName,
    runs: impl Iterator<Item = i64>,
    missed: f64,
    seed: u64,
) -> Option<i64> {
    let mut rng = fastrand::Rng::with_seed(seed);
    for at in runs {
        // A run with retries may end after the start of the next one.
        world.advance((at - world.now()).max(0));
        if !world.is_alive(account) {
            return Some((world.now() - START) / DAY);
        }
        if rng.f64() >= missed {
            world.run(account).await;
        }
    }
    None
}

fn daily() -> impl Iterator<Item = i64> {
    (1..YEARS * 365).map(|day| START + day * DAY)
}

/// `0 2 */30 * *`: 02:00 on day 1 and day 31 of each month, for this many years.
fn monthly(years: i16) -> impl Iterator<Item = i64> {
    let days = (0..i32::from(years) * 366).filter_map(|day| {
        let date = jiff::civil::date(2027, 1, 1).checked_add(jiff::Span::new().days(day)).ok()?;
        (date.day() == 1 || date.day() == 31).then_some(date)
    });
    days.filter_map(|date| {
        let at = date.at(2, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
        (at > START).then_some(at)
    })
}

#[tokio::test]
async fn a_daily_run_keeps_tokens_alive_through_ten_bad_years() {
    for (seed, kind, missed) in [
        (1, Kind::Instagram, 0.0),
        (2, Kind::Instagram, 0.05),
        (3, Kind::Threads, 0.2),
        (4, Kind::Instagram, 0.5),
        (5, Kind::Threads, 0.05),
        (6, Kind::Instagram, 0.2),
    ] {
        let world = World::new(Config::default(), seed);
        let account = world.account("shop", &Issue::new(kind).username("shop").aged_days(2));
        assert_eq!(live(&world, &account, daily(), missed, seed).await, None, "seed {seed}");
        let violations: Vec<String> = world.meta.with(|meta| meta.violations().map(|v| format!("{v:?}")).collect());
        assert!(violations.is_empty(), "seed {seed}: {violations:?}");
        let events = world.store.record(&account).unwrap().events;
        assert_eq!(events.len(), Record::EVENTS_KEPT, "seed {seed}: the history does not grow for ever");
        assert!(
            events.is_sorted_by_key(|event| event.at) && events[0].at.as_unix() > START + DAY,
            "the newest are kept"
        );
    }
}

/// Why everlit runs daily: with the monthly line of the older script some sites go blank, even if Meta never fails.
#[tokio::test]
async fn a_monthly_cron_line_loses_tokens_within_two_years() {
    const SITES: u64 = 200;
    let mut dead = 0;
    for site in 0..SITES {
        let world = World::new(Config::friendly(), site);
        // Sites start on different days, each with a fresh token.
        let begin = START + DAY * i64::try_from(site % 365).unwrap();
        world.advance(begin - START);
        let account = world.account("shop", &Issue::new(Kind::Instagram).username("shop"));
        let runs = monthly(3).filter(|at| *at > begin && *at < begin + 2 * 365 * DAY);
        dead += u64::from(live(&world, &account, runs, 0.02, site).await.is_some());
    }
    println!("monthly, 2 % of runs missed: {dead} of {SITES} sites lost their token within two years");
    assert!(dead > 0, "the monthly line is said to lose tokens; here it lost none");
}
