//! Summarizes the samples of a command.

use std::time::Duration;

use serde::Serialize;

use crate::measure::Sample;

/// The summary of all runs of a command. Times are in milliseconds, memory in bytes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figures {
    pub(crate) runs: usize,
    pub(crate) wall_ms_median: f64,
    pub(crate) wall_ms_p90: f64,
    pub(crate) cpu_ms_median: f64,
    pub(crate) page_faults_median: u64,
    pub(crate) peak_memory_median: u64,
}

impl Figures {
    /// Summarizes the samples; `None` if there are none.
    pub(crate) fn of(samples: &[Sample]) -> Option<Self> {
        let walls = || samples.iter().map(|sample| sample.wall);
        Some(Self {
            runs: samples.len(),
            wall_ms_median: millis(quantile(walls(), 50)?),
            wall_ms_p90: millis(quantile(walls(), 90)?),
            cpu_ms_median: millis(quantile(samples.iter().map(|sample| sample.cpu), 50)?),
            page_faults_median: quantile(samples.iter().map(|sample| sample.page_faults), 50)?,
            peak_memory_median: quantile(samples.iter().map(|sample| sample.peak_memory), 50)?,
        })
    }
}

/// The smallest value that at least `percent` of the values do not exceed (nearest rank, so always one of the values).
pub(crate) fn quantile<T: Ord + Copy>(values: impl IntoIterator<Item = T>, percent: usize) -> Option<T> {
    let mut sorted: Vec<_> = values.into_iter().collect();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent.min(100)).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// Milliseconds, rounded to microseconds: anything below is noise.
pub(crate) fn millis(duration: Duration) -> f64 {
    rounded(duration.as_secs_f64() * 1e3)
}

/// Rounds to three decimals, so that the JSON is readable.
pub(crate) fn rounded(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_median_of_an_odd_number_of_runs_is_the_middle_one() {
        assert_eq!(quantile([9, 1, 5], 50), Some(5));
    }

    #[test]
    fn one_slow_run_in_ten_does_not_show_in_the_p90() {
        assert_eq!(quantile([1, 1, 1, 1, 1, 1, 1, 1, 2, 900], 90), Some(2));
    }

    #[test]
    fn nothing_measured_gives_no_figures() {
        assert_eq!(Figures::of(&[]), None);
    }

    proptest! {
        #[test]
        fn a_quantile_is_a_value_with_enough_values_at_or_below_it(
            values in prop::collection::vec(0_u32..1000, 1..50),
            percent in 1_usize..=100,
        ) {
            let found = quantile(values.iter().copied(), percent).unwrap();
            prop_assert!(values.contains(&found));
            let below = values.iter().filter(|value| **value <= found).count();
            prop_assert!(below * 100 >= values.len() * percent);
        }
    }
}
