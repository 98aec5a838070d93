//! How many sites would lose their token with a schedule: two years of a thousand sites, played with the very rule that
//! decides when a token is refreshed ([`everlit_keeper::decide()`]).
//!
//! The same schedule gives the same numbers on every machine: the years are fixed and chance comes from fixed seeds.

pub mod warnings;

use std::time::Duration;

use everlit_keeper::{Decision, Expiry, Policy, Record, decide};
use everlit_meta_api::{Fingerprint, Timestamp, TokenKind};

use crate::calendar::FIRST_INSTANT;

/// Enough for a tenth of a per cent.
pub const SITES: u32 = 1000;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long each site is watched: monthly schedules kill in some months only, and one February of four is longer.
pub const WATCHED: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);

/// Sites begin at any instant of the first year.
const BEGINNINGS: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// `expires_in` as Meta's replies have it: 60 days less 56 seconds (Instagram Platform, `refresh_access_token`).
pub const LIFE: Duration = Duration::from_secs(5_183_944);

/// The threshold of the older script, in days.
pub const USUAL_THRESHOLD_DAYS: u32 = 30;

/// What a schedule goes through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weather {
    /// The share of runs that do nothing: the machine is off, the network is down, Meta fails, a queue drops the job.
    pub missed: f64,
    /// Each run begins up to so much later than planned.
    pub late: Duration,
    /// In words.
    pub name: &'static str,
    /// Its name in JSON.
    pub code: &'static str,
}

const fn missing(missed: f64, name: &'static str, code: &'static str) -> Weather {
    Weather { missed, late: Duration::ZERO, name, code }
}

/// One run in fifty is missed: what a verdict goes by. A week of holidays with the laptop shut is as much in a year.
pub const VERDICT: Weather = missing(0.02, "2 % of runs missed", "missed_2_percent");

/// From the best to the worst a schedule may meet.
pub const WEATHERS: [Weather; 5] = [
    missing(0.0, "no run missed", "none_missed"),
    VERDICT,
    // A small server with a reboot, a full disk and a failed update in the year.
    missing(0.05, "5 % of runs missed", "missed_5_percent"),
    // A laptop, asleep on one day in five.
    missing(0.2, "20 % of runs missed", "missed_20_percent"),
    // GitHub starts scheduled workflows so late on busy days, by its users' reports.
    Weather { missed: 0.0, late: Duration::from_secs(6 * 60 * 60), name: "runs up to 6 h late", code: "late_6_hours" },
];

/// How the sites fared.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Survival {
    /// For each site how long its token lived, if it died within [`WATCHED`].
    pub deaths: Vec<Option<Duration>>,
}

impl Survival {
    /// How many sites lost their token.
    pub fn lost(&self) -> u32 {
        self.lost_after(WATCHED)
    }

    /// How many had lost it after so long.
    pub fn lost_after(&self, time: Duration) -> u32 {
        let dead = self.deaths.iter().flatten().filter(|death| **death <= time).count();
        u32::try_from(dead).unwrap_or(u32::MAX)
    }
}

/// Plays all sites. `firings` are the planned runs, in order (see [`crate::calendar::firings`]).
pub fn play(firings: &[Timestamp], weather: &Weather, policy: &Policy) -> Survival {
    Survival { deaths: (0..SITES).map(|site| life_of(firings, weather, policy, site)).collect() }
}

/// How long the token of one site lived, if it died.
fn life_of(firings: &[Timestamp], weather: &Weather, policy: &Policy, site: u32) -> Option<Duration> {
    let mut dice = fastrand::Rng::with_seed(site.into());
    let begin = FIRST_INSTANT + Duration::from_secs(dice.u64(0..BEGINNINGS.as_secs()));
    let mut record = fresh(begin);
    let mut death = begin + LIFE;
    let mut next = planned_after(firings, begin);
    // A planned run that lies beyond the death of the token comes too late; so does one that is not there at all.
    while let Some(&planned) = firings.get(next).filter(|planned| **planned < death) {
        next += 1;
        let at = planned + Duration::from_secs(dice.u64(0..=weather.late.as_secs()));
        if dice.f64() < weather.missed || at >= death {
            continue;
        }
        match decide(&record, at, policy) {
            Decision::Due { .. } => {
                record = fresh(at);
                death = at + LIFE;
                next = next.max(planned_after(firings, at));
            }
            // Runs that end before it is due would decide the same.
            Decision::NotDue { until } | Decision::TooYoung { until } | Decision::BackedOff { until } => {
                next = next.max(planned_after(firings, until - weather.late - Duration::from_secs(1)));
            }
            Decision::NeedsPerson { .. } | Decision::Expired { .. } => break,
        }
    }
    let lived = Duration::from_secs(u64::try_from(death.since(begin)).unwrap_or(0));
    (lived <= WATCHED).then_some(lived)
}

/// The index of the first run planned later than that.
fn planned_after(firings: &[Timestamp], instant: Timestamp) -> usize {
    firings.partition_point(|planned| *planned <= instant)
}

/// A token that Meta has just issued.
fn fresh(now: Timestamp) -> Record {
    #[allow(clippy::expect_used, reason = "the constant has the form that is read; every test here runs over it")]
    let of_no_token: Fingerprint = "sha256:0000000000000000".parse().expect("a fingerprint");
    let record = Record::of_new_token(TokenKind::Instagram, of_no_token, now);
    Record { expiry: Expiry::At(now + LIFE), issued_at: Some(now), ..record }
}

/// Refresh when fewer days than this are left.
pub fn policy(threshold_days: u32) -> Policy {
    Policy { threshold: DAY * threshold_days, ..Policy::default() }
}

/// The shortest and the longest pause between two runs; `None` where there are not two.
pub fn pauses(firings: &[Timestamp]) -> Option<(Duration, Duration)> {
    let pauses = || firings.windows(2).filter_map(|pair| u64::try_from(pair[1].since(pair[0])).ok());
    Some((Duration::from_secs(pauses().min()?), Duration::from_secs(pauses().max()?)))
}
