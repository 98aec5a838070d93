//! Next steps for the notices that people get.

use everlit_engine::{Project, Settings};
use everlit_keeper::{RemediationHints, Report, Step};

use crate::cli::Global;
use crate::output::{Invocation, View};

/// The next step that the screen would show, as one command that works from any folder.
#[derive(Debug)]
pub struct Hints {
    invocation: Invocation,
    settings: Settings,
}

impl Hints {
    /// Hints that repeat these flags.
    pub fn new(global: &Global, project: &Project<'_>) -> Self {
        let settings = project.settings.clone();
        Self { invocation: Invocation::from_anywhere(global, &settings), settings }
    }
}

impl RemediationHints for Hints {
    fn advice(&self, reports: &[&Report]) -> Option<Step> {
        let next = |report: &Report| match report.health() {
            // Whoever is told of it wants to know more than that everlit tries again.
            health if health.is_retrying() => Some(Step::everlit("doctor")),
            _ => View::of_report(report).with(&self.settings).next,
        };
        let first = next(reports.first()?)?;
        let is_for_all = reports.iter().all(|report| next(report).as_ref() == Some(&first));
        // If the accounts need different steps, `status` lists them all.
        let step = if is_for_all { first } else { Step::everlit("status") };
        Some(match &step.command {
            Some(command) => Step::shell(self.invocation.command(command)),
            None => step,
        })
    }
}
