//! The figures of a simulation, as text and as JSON.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use crate::history::{History, Hourly};

/// What came out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Report {
    pub(crate) schema: &'static str,
    pub(crate) accounts: u32,
    pub(crate) years: u32,
    pub(crate) seed: u64,
    pub(crate) spread_days: u32,
    /// Tokens that nobody had revoked and that died: must be zero.
    pub(crate) deaths: u64,
    pub(crate) refreshes: u64,
    pub(crate) verifications: u64,
    pub(crate) unanswered: u64,
    pub(crate) reconnected: u64,
    pub(crate) work_lost: u64,
    /// Refreshes outside of incidents and the drains after them.
    pub(crate) refresh_load: Ratios,
    /// Calls outside of incidents and the drains after them.
    pub(crate) load: Ratios,
    pub(crate) longest_lag_hours: f64,
    pub(crate) longest_lag_hours_otherwise: f64,
    pub(crate) least_days_left_after_import: f64,
    pub(crate) wall_seconds: f64,
}

/// The busiest hour and day beside the mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Ratios {
    pub(crate) mean_per_hour: f64,
    pub(crate) peak_hour_over_mean: f64,
    pub(crate) peak_day_over_mean: f64,
}

/// The days in which the import is worked off: what it brings near its end is no merit or fault of the policy.
const IMPORT_DAYS: usize = 30;

impl Ratios {
    /// Of the hours that no incident excuses, and of the whole days of such hours.
    fn of(series: &[&Hourly], history: &History) -> Self {
        let count = |hour: usize| series.iter().map(|series| f64::from(series.at(hour))).sum::<f64>();
        let hours: Vec<Option<f64>> =
            history.is_excused.iter().enumerate().map(|(hour, excused)| (!excused).then(|| count(hour))).collect();
        let counted: Vec<f64> = hours.iter().flatten().copied().collect();
        let days = hours.chunks_exact(24).filter_map(|day| day.iter().copied().sum::<Option<f64>>());
        let mean = counted.iter().sum::<f64>() / float(counted.len()).max(1.0);
        let peak_day = days.fold(0.0, f64::max) / 24.0;
        let ratio = |peak: f64| rounded(if mean > 0.0 { peak / mean } else { 0.0 });
        Self {
            mean_per_hour: rounded(mean),
            peak_hour_over_mean: ratio(counted.iter().copied().fold(0.0, f64::max)),
            peak_day_over_mean: ratio(peak_day),
        }
    }
}

impl Report {
    /// The figures of `history`; the arguments of the simulation are filled in by the caller.
    pub(crate) fn of(history: &History) -> Self {
        let calls = [&history.refreshes, &history.verifications, &history.unanswered];
        let least = history.least_left.iter().skip(IMPORT_DAYS).min().copied().unwrap_or(0);
        Self {
            schema: "everlit.years/1",
            accounts: 0,
            years: 0,
            seed: 0,
            spread_days: 0,
            deaths: history.deaths,
            refreshes: history.refreshes.total(),
            verifications: history.verifications.total(),
            unanswered: history.unanswered.total(),
            reconnected: history.reconnected,
            work_lost: history.lost,
            refresh_load: Ratios::of(&calls[..1], history),
            load: Ratios::of(&calls, history),
            longest_lag_hours: rounded(seconds(history.longest_lag) / 3_600.0),
            longest_lag_hours_otherwise: rounded(seconds(history.longest_lag_otherwise) / 3_600.0),
            least_days_left_after_import: rounded(seconds(least) / 86_400.0),
            wall_seconds: 0.0,
        }
    }
}

impl Display for Report {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self { accounts, years, seed, spread_days, .. } = self;
        writeln!(out, "{accounts} accounts, {years} years, spread of {spread_days} days, seed {seed}")?;
        writeln!(out, "  healthy tokens that died        {:>12}", self.deaths)?;
        writeln!(out, "  refreshes                       {:>12}", self.refreshes)?;
        writeln!(out, "  verifications                   {:>12}", self.verifications)?;
        writeln!(out, "  calls without an answer         {:>12}", self.unanswered)?;
        writeln!(out, "  work lost and done again        {:>12}", self.work_lost)?;
        writeln!(out, "  accounts reconnected by people  {:>12}", self.reconnected)?;
        writeln!(out, "  least days left, after import   {:>12.1}", self.least_days_left_after_import)?;
        writeln!(out, "  longest queue lag               {:>12.1} h", self.longest_lag_hours)?;
        writeln!(out, "outside of incidents and the drains after them")?;
        for (name, load) in [("refreshes", self.refresh_load), ("all calls", self.load)] {
            let Ratios { mean_per_hour, peak_hour_over_mean, peak_day_over_mean } = load;
            write!(out, "  {name:<10} mean {mean_per_hour:>9.1} an hour; peak over mean ")?;
            writeln!(out, "{peak_hour_over_mean:.2} (hour), {peak_day_over_mean:.2} (day)")?;
        }
        writeln!(out, "  longest queue lag               {:>12.1} h", self.longest_lag_hours_otherwise)?;
        write!(out, "simulated in {:.1} s", self.wall_seconds)
    }
}

/// Three digits are enough.
fn rounded(number: f64) -> f64 {
    (number * 1_000.0).round() / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn seconds(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn float(number: usize) -> f64 {
    number as f64
}
