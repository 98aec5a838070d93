//! Simulates two years of a thousand sites and counts the tokens that a schedule loses.
//!
//! The rule that decides about each refresh is the real one ([`everlit_keeper::decide()`]). The same schedule gives the
//! same numbers on every machine: the years are fixed, and so are the seeds.

use std::time::Duration;

use everlit_keeper::{Decision, Expiry, Policy, Record, decide};
use everlit_meta_api::{Fingerprint, Timestamp, TokenKind};

use crate::calendar::FIRST_INSTANT;

/// Simulated sites: enough for a tenth of a per cent.
pub const SITES: u32 = 1000;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long each site is simulated. Monthly schedules lose tokens in some months only.
pub const SIMULATED: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);

/// Each site starts at some instant of the first year.
const BEGINNINGS: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// `expires_in` as Meta's replies have it: 60 days less 56 seconds (Instagram Platform, `refresh_access_token`).
pub const LIFE: Duration = Duration::from_secs(5_183_944);

/// The threshold that the older script used, in days.
pub const USUAL_THRESHOLD_DAYS: u32 = 30;

/// How reliably the runs of a schedule happen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// The share of runs that fail: the machine is off, the network is down, Meta fails, a queue drops the job.
    pub missed: f64,
    /// Each run starts up to this much later than planned.
    pub late: Duration,
    /// For a person.
    pub name: &'static str,
    /// The name in JSON.
    pub code: &'static str,
}

const fn missing(missed: f64, name: &'static str, code: &'static str) -> Conditions {
    Conditions { missed, late: Duration::ZERO, name, code }
}

/// The conditions that decide whether a schedule is safe: one run in fifty is missed. A laptop that stays shut for a week
/// of holidays misses as many in a year.
pub const DECISIVE: Conditions = missing(0.02, "2 % of runs missed", "missed_2_percent");

/// From the best to the worst.
pub const CONDITIONS: [Conditions; 5] = [
    missing(0.0, "no run missed", "none_missed"),
    DECISIVE,
    // A small server with a reboot, a full disk and a failed update in the year.
    missing(0.05, "5 % of runs missed", "missed_5_percent"),
    // A laptop, asleep on one day in five.
    missing(0.2, "20 % of runs missed", "missed_20_percent"),
    // GitHub starts scheduled workflows this late on busy days, its users report.
    Conditions {
        missed: 0.0,
        late: Duration::from_secs(6 * 60 * 60),
        name: "runs up to 6 h late",
        code: "late_6_hours",
    },
];

/// What became of the sites.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Survival {
    /// How long each site's token lived, if it died within [`SIMULATED`].
    pub deaths: Vec<Option<Duration>>,
}

impl Survival {
    /// How many sites lost their token.
    pub fn lost(&self) -> u32 {
        self.lost_after(SIMULATED)
    }

    /// How many sites had lost their token after this long.
    pub fn lost_after(&self, time: Duration) -> u32 {
        let dead = self.deaths.iter().flatten().filter(|death| **death <= time).count();
        u32::try_from(dead).unwrap_or(u32::MAX)
    }
}

/// Simulates all sites. `firings` are the planned runs, in order (see [`crate::calendar::firings`]).
pub fn simulate(firings: &[Timestamp], conditions: &Conditions, policy: &Policy) -> Survival {
    // A verification saves no token.
    let policy = Policy { verify_every: LIFE, ..*policy };
    Survival { deaths: (0..SITES).map(|site| life_of(firings, conditions, &policy, site)).collect() }
}

/// How long the token of one site lived, if it died.
fn life_of(firings: &[Timestamp], conditions: &Conditions, policy: &Policy, site: u32) -> Option<Duration> {
    let mut rng = fastrand::Rng::with_seed(site.into());
    let begin = FIRST_INSTANT + Duration::from_secs(rng.u64(0..BEGINNINGS.as_secs()));
    // Where a token falls in the spread is fixed by its fingerprint.
    let mut tokens = fastrand::Rng::with_seed((u64::from(SITES) + u64::from(site)) << 32);
    let mut token = || if policy.spread.is_zero() { 0 } else { tokens.u64(..) };
    let mut record = fresh(begin, token());
    let mut death = begin + LIFE;
    let mut next = planned_after(firings, begin);
    // A run planned for after the token's death is too late.
    while let Some(&planned) = firings.get(next).filter(|planned| **planned < death) {
        next += 1;
        let at = planned + Duration::from_secs(rng.u64(0..=conditions.late.as_secs()));
        if rng.f64() < conditions.missed || at >= death {
            continue;
        }
        match decide(&record, at, policy) {
            Decision::Due { .. } => {
                record = fresh(at, token());
                death = at + LIFE;
                next = next.max(planned_after(firings, at));
            }
            // Runs before it is due would decide the same.
            Decision::NotDue { until } | Decision::TooYoung { until } | Decision::BackedOff { until } => {
                next = next.max(planned_after(firings, until - conditions.late - Duration::from_secs(1)));
            }
            Decision::NeedsPerson { .. } | Decision::Expired { .. } => break,
        }
    }
    let lived = Duration::from_secs(u64::try_from(death.since(begin)).unwrap_or(0));
    (lived <= SIMULATED).then_some(lived)
}

/// The index of the first run planned after an instant.
fn planned_after(firings: &[Timestamp], instant: Timestamp) -> usize {
    firings.partition_point(|planned| *planned <= instant)
}

/// The record of a token that Meta has just issued.
fn fresh(now: Timestamp, token: u64) -> Record {
    #[allow(clippy::expect_used, reason = "sixteen digits are a valid fingerprint; every test here runs over it")]
    let of_no_token: Fingerprint = format!("sha256:{token:016x}").parse().expect("a fingerprint");
    let record = Record::of_new_token(TokenKind::Instagram, of_no_token, now);
    Record { expiry: Expiry::At(now + LIFE), issued_at: Some(now), last_verified_at: Some(now), ..record }
}

/// The policy that refreshes when fewer days than this are left.
pub fn policy(threshold_days: u32) -> Policy {
    Policy { threshold: DAY * threshold_days, ..Policy::default() }
}

/// The shortest and the longest pause between two runs; `None` if there are fewer than two.
pub fn pauses(firings: &[Timestamp]) -> Option<(Duration, Duration)> {
    let pauses = || firings.windows(2).filter_map(|pair| u64::try_from(pair[1].since(pair[0])).ok());
    Some((Duration::from_secs(pauses().min()?), Duration::from_secs(pauses().max()?)))
}
