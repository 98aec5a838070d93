//! What a pass leaves to the program around it: showing results, and knowing its commands and exit codes.

use std::sync::Arc;

use everlit_disk::ReplaceError;
use everlit_keeper::{DispatchReport, Progress, RemediationHints, Report};

use crate::ConfigError;
use crate::config::Project;

/// The program around a pass.
pub trait Frontend {
    /// Next steps for the notices of this project, to be read by people who are somewhere else.
    fn hints(&self, project: &Project<'_>) -> Arc<dyn RemediationHints>;

    /// Who hears of pauses between attempts.
    fn progress(&self) -> Option<Arc<dyn Progress>> {
        None
    }

    /// The pass cannot start. Returns its exit code, which monitors get.
    fn failed(&mut self, error: &ConfigError) -> u8;

    /// All accounts are done, and nobody has been notified yet. Returns the exit code of the pass, which monitors get.
    fn refreshed(&mut self, project: &Project<'_>, reports: &[Report]) -> u8;

    /// People and monitors have been notified; the pass is over. Nothing in here changes its exit code.
    fn finished(&mut self, aftermath: &Aftermath);
}

/// How the notifications of a pass went.
#[derive(Debug, Default)]
pub struct Aftermath {
    /// What people were told.
    pub dispatch: DispatchReport,
    /// Heartbeats that could not be sent.
    pub missed: Vec<MissedHeartbeat>,
    /// Why the metrics file could not be written.
    pub metrics_error: Option<ReplaceError>,
}

/// A heartbeat that could not be sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MissedHeartbeat {
    /// The monitor's name in the settings.
    pub monitor: String,
    /// Why; no secret.
    pub message: String,
    /// When it was first missed, in RFC 3339.
    pub since: String,
}
