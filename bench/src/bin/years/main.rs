//! Years of a service with many accounts in seconds: the keeper's `decide`, the planner, and everything that goes wrong.
//!
//! `cargo run --release -p everlit-bench --bin years -- --svg docs/years.svg` prints the figures and draws the picture. The
//! exit code is 1 if a healthy token died. The same seed gives the same figures.

mod account;
mod calendar;
mod history;
mod incidents;
mod picture;
mod report;
mod worker;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser as _;
use everlit_keeper::Policy;

use crate::history::History;
use crate::incidents::YEAR;
use crate::report::Report;
use crate::worker::Worker;

/// As many as in a small service. A fixed number, so that figures do not depend on the machine.
const WORKERS: u32 = 2;

/// Simulates years of a service that keeps many accounts alive.
#[derive(Clone, Debug, clap::Parser)]
struct Options {
    /// How many accounts
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(2..))]
    accounts: u32,
    /// How many years
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=50))]
    years: u32,
    /// How many days earlier or later than 30 days before its end a token may be due
    #[arg(long, value_name = "DAYS", default_value_t = 10)]
    spread_days: u32,
    /// Where the random numbers begin
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Draw the refreshes and the days left into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let (history, wall) = timed(|| options.simulate());
    let report = Report { wall_seconds: wall.as_secs_f64(), ..options.report(&history) };
    match options.print(&history, &report) {
        Ok(()) if report.deaths == 0 => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "years: {error}");
            ExitCode::FAILURE
        }
    }
}

impl Options {
    /// Every worker on its own thread, over the same incidents.
    fn simulate(&self) -> History {
        let day = |days: u32| Duration::from_secs(u64::from(days) * 86_400);
        let policy = Policy { spread: day(self.spread_days), ..Policy::default() };
        let incidents = incidents::of_years(self.years, self.seed);
        let share = |number: u32| self.accounts / WORKERS + u32::from(number < self.accounts % WORKERS);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..WORKERS)
                .map(|number| {
                    let offset = (0..number).map(|number| u64::from(share(number))).sum();
                    let seed = self.seed.wrapping_mul(1_000).wrapping_add(u64::from(number));
                    let worker = Worker::new(offset, share(number), &policy, &incidents, seed);
                    scope.spawn(|| worker.run(self.years * YEAR))
                })
                .collect();
            let histories = workers.into_iter().map(|worker| match worker.join() {
                Ok(history) => history,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            histories.reduce(|all, history| all.merged(&history)).unwrap_or_default()
        })
    }

    fn report(&self, history: &History) -> Report {
        let Self { accounts, years, seed, spread_days, .. } = *self;
        Report { accounts, years, seed, spread_days, ..Report::of(history) }
    }

    #[expect(clippy::disallowed_methods, reason = "writes the picture where it was told to")]
    fn print(&self, history: &History, report: &Report) -> io::Result<()> {
        if let Some(path) = &self.svg {
            let incidents = incidents::of_years(self.years, self.seed);
            std::fs::write(path, picture::draw(self.accounts, history, &incidents))?;
        }
        if self.json {
            writeln!(io::stdout(), "{}", serde_json::to_string_pretty(report)?)
        } else {
            writeln!(io::stdout(), "{report}")
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring means reading the clock")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(spread_days: u32) -> Options {
        Options { accounts: 2_000, years: 2, spread_days, seed: 1, json: false, svg: None }
    }

    fn report(options: &Options) -> Report {
        options.report(&options.simulate())
    }

    #[test]
    fn two_bad_years_kill_no_token_and_leave_no_herd() {
        let report = report(&small(10));
        assert_eq!(report.deaths, 0);
        assert!(report.least_days_left_after_import > 4.0, "{report}");
        assert!(report.refresh_load.peak_day_over_mean < 2.5, "{report}");
        assert!(report.load.peak_day_over_mean < 2.5, "{report}");
        assert!(report.longest_lag_hours_otherwise < 1.0, "{report}");
        // Each account once in about 30 days.
        assert!((2_000 * 20..2_000 * 28).contains(&report.refreshes), "{report}");
        assert!(report.reconnected > 0 && report.work_lost > 0 && report.unanswered > 1_000, "{report}");
    }

    #[test]
    fn without_a_spread_an_outage_echoes() {
        let (with, without) = (report(&small(10)), report(&small(0)));
        let [with, without] = [with, without].map(|report| report.refresh_load.peak_day_over_mean);
        assert!(without > 3.0 * with, "{without} without a spread, {with} with one");
    }

    #[test]
    fn a_seed_always_gives_the_same_figures() {
        let years = Options { years: 1, ..small(10) };
        assert_eq!(years.simulate(), years.simulate());
        assert_ne!(years.simulate(), Options { seed: 2, ..years }.simulate());
    }

    #[test]
    fn tokens_die_if_the_outage_outlasts_them_and_it_is_told() {
        let policy = Policy { spread: Duration::from_secs(10 * 86_400), ..Policy::default() };
        let outage = incidents::Incident { kind: incidents::Kind::Meta, from: 0, to: YEAR / 2 };
        let history = Worker::new(0, 500, &policy, &[outage], 1).run(YEAR / 2);
        assert_eq!(history.deaths, 500);
    }

    #[test]
    fn the_picture_shows_refreshes_and_long_outages() {
        let options = small(10);
        let incidents = incidents::of_years(options.years, options.seed);
        let svg = picture::draw(options.accounts, &options.simulate(), &incidents);
        for part in [
            "2,000 accounts for 2 years",
            "refreshes per hour",
            "days left",
            "Meta down, 14 days",
            "<polygon",
            "</svg>",
        ] {
            assert!(svg.contains(part), "{part}");
        }
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
