//! What happened in the simulated years, hour by hour and day by day.

use everlit_meta_api::Timestamp;

use crate::account::START;
use crate::incidents::HOUR;

/// A count for each hour since the start.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Hourly(Vec<u32>);

impl Hourly {
    pub(crate) fn add(&mut self, now: Timestamp) {
        let hour = usize::try_from(now.since(START) / i64::from(HOUR)).unwrap_or(0);
        if self.0.len() <= hour {
            self.0.resize(hour + 1, 0);
        }
        self.0[hour] += 1;
    }

    /// The count of an hour.
    pub(crate) fn at(&self, hour: usize) -> u32 {
        self.0.get(hour).copied().unwrap_or(0)
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.iter().map(|count| u64::from(*count)).sum()
    }
}

/// What one worker, or all of them, have lived through.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct History {
    /// Refreshed tokens.
    pub(crate) refreshes: Hourly,
    /// Tokens that Meta has confirmed.
    pub(crate) verifications: Hourly,
    /// Calls without an answer.
    pub(crate) unanswered: Hourly,
    /// Tokens that nobody had revoked and that died.
    pub(crate) deaths: u64,
    /// Accounts that a person has connected again.
    pub(crate) reconnected: u64,
    /// Work that was lost with its worker and done again.
    pub(crate) lost: u64,
    /// The longest time that an account has been overdue, in seconds.
    pub(crate) longest_lag: i64,
    /// The same, but for incidents and the drains after them.
    pub(crate) longest_lag_otherwise: i64,
    /// For each day, the seconds that were left to the token nearest to its end.
    pub(crate) least_left: Vec<i64>,
    /// For each hour, whether an incident or the drain after it went on.
    pub(crate) is_excused: Vec<bool>,
}

impl History {
    pub(crate) fn note_least_left(&mut self, seconds: i64) {
        self.least_left.push(seconds);
    }

    pub(crate) fn note_lag(&mut self, now: Timestamp, lag: i64, is_excused: bool) {
        self.longest_lag = self.longest_lag.max(lag);
        if !is_excused {
            self.longest_lag_otherwise = self.longest_lag_otherwise.max(lag);
        }
        let hour = usize::try_from(now.since(START) / i64::from(HOUR)).unwrap_or(0);
        if self.is_excused.len() <= hour {
            self.is_excused.resize(hour + 1, false);
        }
        self.is_excused[hour] |= is_excused;
    }

    /// Two workers as one.
    pub(crate) fn merged(self, other: &Self) -> Self {
        Self {
            refreshes: summed(self.refreshes, &other.refreshes),
            verifications: summed(self.verifications, &other.verifications),
            unanswered: summed(self.unanswered, &other.unanswered),
            deaths: self.deaths + other.deaths,
            reconnected: self.reconnected + other.reconnected,
            lost: self.lost + other.lost,
            longest_lag: self.longest_lag.max(other.longest_lag),
            longest_lag_otherwise: self.longest_lag_otherwise.max(other.longest_lag_otherwise),
            least_left: self.least_left.iter().zip(&other.least_left).map(|(a, b)| *a.min(b)).collect(),
            is_excused: self.is_excused.iter().zip(&other.is_excused).map(|(a, b)| *a || *b).collect(),
        }
    }
}

fn summed(mut one: Hourly, other: &Hourly) -> Hourly {
    one.0.resize(one.0.len().max(other.0.len()), 0);
    one.0.iter_mut().zip(&other.0).for_each(|(sum, count)| *sum += count);
    one
}
