//! Whether a schedule is safe, and what to do if it is not.

use std::time::Duration;

use everlit_keeper::{Policy, Step};

use super::survival::{CONDITIONS, DECISIVE, SITES, USUAL_THRESHOLD_DAYS, pauses, policy, simulate};
use super::warnings::{self, daily_instead};
use crate::calendar::firings;
use crate::detected::{DetectedSchedule, Warning};
use crate::{Scheduler, TimeOfDay, command};

/// What came of a schedule in the simulation.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The schedule.
    pub schedule: DetectedSchedule,
    /// The shortest and the longest pause between two runs.
    pub pauses: Option<(Duration, Duration)>,
    /// On average over three years.
    pub runs_a_year: usize,
    /// With the configured threshold, then with the older script's if that is another.
    pub losses: Vec<Losses>,
    /// Why it runs less often than it looks.
    pub warnings: Vec<Warning>,
    /// How far due times are spread around the threshold, as in a vault; zero without one.
    pub spread: Duration,
}

/// How many sites lose their token with a threshold.
#[derive(Clone, Debug)]
pub struct Losses {
    /// The threshold.
    pub threshold_days: u32,
    /// Sites in the order of [`CONDITIONS`].
    pub lost: [u32; CONDITIONS.len()],
}

impl Losses {
    /// Under the conditions that decide.
    fn decisive(&self) -> u32 {
        let of_each = CONDITIONS.iter().zip(self.lost);
        of_each.into_iter().find(|(conditions, _)| **conditions == DECISIVE).map_or(SITES, |(_, lost)| lost)
    }
}

impl Assessment {
    /// Simulates a schedule of sites, or of the accounts of a vault, whose due times are spread.
    pub fn of(schedule: DetectedSchedule, threshold_days: u32, spread: Duration) -> Self {
        let firings = firings(&schedule.runs);
        let mut thresholds = vec![threshold_days];
        // The older script knows no vault.
        thresholds.extend(Some(USUAL_THRESHOLD_DAYS).filter(|usual| spread.is_zero() && *usual != threshold_days));
        let losses = thresholds.into_iter().map(|threshold_days| {
            let policy = Policy { spread, ..policy(threshold_days) };
            let lost = CONDITIONS.map(|conditions| simulate(&firings, &conditions, &policy).lost());
            Losses { threshold_days, lost }
        });
        Self {
            losses: losses.collect(),
            pauses: pauses(&firings),
            runs_a_year: (firings.len() + 1) / 3,
            // The account that is due last has the fewest runs.
            warnings: warnings::of(&schedule, &firings, policy(threshold_days).threshold.saturating_sub(spread)),
            spread,
            schedule,
        }
    }

    /// What is simulated: the word within a sentence, and at the beginning of one.
    pub fn simulated(&self) -> (&'static str, &'static str) {
        if self.spread.is_zero() { ("sites", "Sites") } else { ("accounts", "Accounts of a vault") }
    }

    /// Sites lost with 2 % of runs missed and the configured threshold.
    pub fn lost(&self) -> u32 {
        self.losses.first().map_or(SITES, Losses::decisive)
    }

    /// Whether no site loses its token, and nothing is known that may keep it from running.
    pub fn is_safe(&self) -> bool {
        self.lost() == 0 && self.schedule.blockers.is_empty()
    }

    /// Whether it runs a script of somebody else's, which is taken to refresh as everlit does.
    pub fn is_assumed(&self) -> bool {
        self.warnings.iter().any(|warning| warning.code == command::SCRIPT)
    }

    /// What to do about the schedule; `time` is when a daily run would happen.
    pub fn next_step(&self, time: TimeOfDay) -> Step {
        let daily = daily_instead(&self.schedule, time);
        match self.schedule.scheduler {
            _ if !self.schedule.blockers.is_empty() && (self.lost() == 0 || self.schedule.runs.is_empty()) => {
                Step::everlit("schedule install").with_note("or change what is named above")
            }
            _ if self.is_safe() && self.warnings.iter().any(|warning| warning.code == "not-daily") => {
                Step::note(format!("nothing to do, although a daily run costs nothing: {daily}"))
            }
            _ if self.is_safe() => Step::note("nothing to do"),
            _ if self.schedule.platform.is_some() => Step::note(format!("write {daily} instead")),
            Scheduler::GitHubActions | Scheduler::Kubernetes | Scheduler::Azure => {
                Step::note(format!("write {daily} instead"))
            }
            _ => Step::everlit("schedule install").with_note(format!("or write {daily} instead")),
        }
    }
}
