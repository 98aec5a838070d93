//! How much a worker may begin now.

use std::time::Duration;

use everlit_keeper::{Policy, policy::LONGEST_UNKNOWN};
use everlit_meta_api::Timestamp;

use crate::Outcome;
use crate::outcomes::Recent;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// After an outage, from a twentieth to everything within this time: what has just recovered is not overrun. Accounts that
/// are critical do not wait for it.
const RAMP: Duration = HOUR;

/// The share with which a ramp begins, and with which critical accounts go on being tried during an outage.
const TRICKLE: f64 = 0.05;

/// During an outage one account asks this often whether it is over.
const CANARY_EVERY: Duration = Duration::from_secs(60);

/// Answers in a row that end an outage.
const CANARIES: u32 = 3;

/// A backlog is overdue work that is older than this, or that takes longer to drain.
const BACKLOG: Duration = HOUR;

/// A backlog is drained at this multiple of the steady rate: a week's within half a week. Whatever is refreshed together is
/// due together later, so a fast drain only moves the load.
const DRAIN: f64 = 3.0;

/// A backlog is never drained more slowly than this: one account per second, which Meta does not notice, so that a few
/// thousand imported accounts take an hour and not days.
const SLOWEST_DRAIN: f64 = 1.0;

/// A pause in asking earns the right to start as much as a minute does, and no more.
const LONGEST_CREDIT: Duration = Duration::from_secs(60);

/// With nothing overdue, or during an outage: ask again after this.
const IDLE: Duration = Duration::from_secs(5);

/// What a worker knows when it asks what it may start. With several workers on one queue, counts are of the whole queue, and
/// the steady rate is the worker's share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Accounts this worker is working on.
    pub in_flight: u32,
    /// Accounts that are due and not being worked on. Counting may stop at a day's work.
    pub overdue: u64,
    /// How many of them are [critical](crate::Priority::Critical). Counting may stop at the bound on work in flight.
    pub critical: u64,
    /// Since when the one that has waited longest is due; `None` if none is.
    pub oldest_run_at: Option<Timestamp>,
    /// The accounts that become due each second in the long run: see [`steady_per_second`].
    pub steady_per_second: f64,
}

/// What may be started.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Permit {
    /// This many accounts, in the order of [`Priority`](crate::Priority). They count as started.
    pub start: u32,
    /// When to ask again; earlier if work has ended.
    pub ask_again_after: Duration,
}

/// What an admission is doing, for metrics.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// Whatever is due is started.
    Normal,
    /// A backlog is worked off at a limited rate.
    Draining,
    /// The share of what may be started grows by the minute.
    Ramping,
    /// Meta fails: single accounts are tried.
    Stopped,
}

/// Decides how much may be started. One for each worker.
#[derive(Clone, Debug)]
pub struct Admission {
    most_in_flight: u32,
    phase: Phase,
    recent: Recent,
    /// Whether there was a backlog when the worker last asked.
    is_behind: bool,
    asked_at: Option<Timestamp>,
    /// How many accounts may be started by the rate of the drain.
    credit: f64,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Open,
    Ramping { since: Timestamp },
    Stopped { canary_at: Timestamp, answers: u32 },
}

/// The accounts that become due each second in the long run, for refreshes and verifications.
#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
pub fn steady_per_second(accounts: u64, policy: &Policy) -> f64 {
    let cycle = LONGEST_UNKNOWN.saturating_sub(policy.threshold).as_secs_f64().max(86_400.0);
    let per_account = 1.0 / cycle + 1.0 / policy.verify_every.as_secs_f64().max(86_400.0);
    accounts as f64 * per_account
}

impl Admission {
    /// For a worker that works on at most this many accounts at once.
    pub fn new(most_in_flight: u32) -> Self {
        let recent = Recent::default();
        Self { most_in_flight, phase: Phase::Open, recent, is_behind: false, asked_at: None, credit: 0.0 }
    }

    /// What the admission is doing.
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Stopped { .. } => State::Stopped,
            Phase::Ramping { .. } => State::Ramping,
            Phase::Open if self.is_behind => State::Draining,
            Phase::Open => State::Normal,
        }
    }

    /// Changes how many accounts may be worked on at once.
    pub fn set_most_in_flight(&mut self, most: u32) {
        self.most_in_flight = most;
    }

    /// Takes note of how the work on one account has ended.
    pub fn report(&mut self, outcome: Outcome, now: Timestamp) {
        if let Phase::Stopped { canary_at, answers } = &mut self.phase {
            if outcome == Outcome::Unavailable {
                *answers = 0;
            } else {
                (*canary_at, *answers) = (now, *answers + 1);
            }
            if *answers >= CANARIES {
                self.phase = Phase::Ramping { since: now };
            }
            return;
        }
        self.recent.add(outcome, now);
        if self.recent.is_outage() {
            self.recent = Recent::default();
            self.phase = Phase::Stopped { canary_at: now + CANARY_EVERY, answers: 0 };
        }
    }

    /// How many accounts may be started now.
    pub fn admit(&mut self, load: &Load, now: Timestamp) -> Permit {
        let is_behind = is_backlog(load, now);
        match self.phase {
            Phase::Open if is_behind && !self.is_behind => self.phase = Phase::Ramping { since: now },
            Phase::Ramping { since } if since + RAMP <= now => self.phase = Phase::Open,
            _ => {}
        }
        self.is_behind = is_behind;
        let elapsed = self.asked_at.map_or(0, |last| now.since(last).max(0));
        self.asked_at = Some(now);
        match self.phase {
            Phase::Stopped { canary_at, .. } => self.trickle(load, canary_at, now),
            Phase::Open => self.share(1.0, load, elapsed),
            Phase::Ramping { since } => {
                let passed = seconds(now.since(since).max(0)) / RAMP.as_secs_f64();
                self.share(TRICKLE + (1.0 - TRICKLE) * passed.min(1.0), load, elapsed)
            }
        }
    }

    /// During an outage: one account a minute, and a few of those that cannot wait for its end.
    fn trickle(&mut self, load: &Load, canary_at: Timestamp, now: Timestamp) -> Permit {
        let room = self.room(TRICKLE, load.in_flight);
        let critical = at_most(room, load.critical);
        let is_canary_due = canary_at <= now && load.overdue > 0 && load.in_flight < self.most_in_flight;
        if is_canary_due && let Phase::Stopped { canary_at, .. } = &mut self.phase {
            *canary_at = now + CANARY_EVERY;
        }
        let start = at_most(critical.max(u32::from(is_canary_due)), load.overdue);
        Permit { start, ask_again_after: IDLE }
    }

    /// A share of everything that normal times allow, at the rate of the drain where there is a backlog. Critical accounts
    /// come first and are not paced: Meta answers, and each day that they wait is one of the last that their tokens have.
    fn share(&mut self, share: f64, load: &Load, elapsed: i64) -> Permit {
        let critical = at_most(self.room(1.0, load.in_flight), load.critical.min(load.overdue));
        let others = load.overdue - u64::from(critical);
        let room = self.room(share, load.in_flight.saturating_add(critical));
        if !self.is_behind {
            self.credit = 0.0;
            let start = critical + at_most(room, others);
            return Permit { start, ask_again_after: if load.overdue == 0 { IDLE } else { Duration::from_secs(1) } };
        }
        let rate = (drain_rate(load.steady_per_second) * share).max(SLOWEST_DRAIN);
        self.credit = (self.credit + rate * seconds(elapsed)).min((rate * LONGEST_CREDIT.as_secs_f64()).max(1.0));
        let paced = at_most(at_most(room, others), whole(self.credit));
        self.credit -= f64::from(paced);
        let next = ((1.0 - self.credit) / rate).clamp(1.0, LONGEST_CREDIT.as_secs_f64()).ceil();
        // As long as critical accounts wait, the next ones begin as soon as others have ended.
        let next = if load.critical > u64::from(critical) { 1.0 } else { next };
        Permit { start: critical + paced, ask_again_after: Duration::from_secs(whole(next)) }
    }

    /// How many more may be in flight, where this share of the bound is allowed: one at least.
    fn room(&self, share: f64, in_flight: u32) -> u32 {
        let allowed = at_most(self.most_in_flight, whole((f64::from(self.most_in_flight) * share).ceil()).max(1));
        allowed.saturating_sub(in_flight)
    }
}

/// Whether overdue work is too old, or too much to be started at once.
fn is_backlog(load: &Load, now: Timestamp) -> bool {
    let is_old = load.oldest_run_at.is_some_and(|oldest| oldest + BACKLOG < now);
    is_old || load.overdue > whole(drain_rate(load.steady_per_second) * BACKLOG.as_secs_f64())
}

/// Accounts per second.
fn drain_rate(steady_per_second: f64) -> f64 {
    (steady_per_second * DRAIN).max(SLOWEST_DRAIN)
}

fn at_most(most: u32, number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX).min(most)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which suits a count")]
fn whole(number: f64) -> u64 {
    number as u64
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn seconds(number: i64) -> f64 {
    number as f64
}
