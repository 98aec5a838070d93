//! A pass that cannot begin because its vault cannot be opened: monitors and people hear of it all the same.

use everlit_host::runtime;

use super::frontend::{Aftermath, Frontend};
use super::heartbeats::Heartbeats;
use super::settings::notify_of_settings;
use crate::ConfigError;
use crate::config::OpenFailure;

impl OpenFailure<'_> {
    /// Shows the failure, sends the heartbeats of a failed pass, and notifies people: once, and once more when a later pass
    /// has opened the vault. Returns what is wrong.
    pub async fn report(self, frontend: &mut dyn Frontend) -> ConfigError {
        let Self { error, project } = self;
        let Some(project) = project else {
            frontend.failed(&error);
            return error;
        };
        let heartbeats = Heartbeats::start(&project);
        let exit_code = frontend.failed(&error);
        let (dispatch, missed) = tokio::join!(
            notify_of_settings(&project, Some(&error), || frontend.hints(&project)),
            heartbeats.finish(&project, &[], exit_code)
        );
        frontend.finished(&Aftermath { dispatch, missed, metrics_error: None });
        error
    }

    /// The same outside of a runtime.
    pub fn report_blocking(self, frontend: &mut dyn Frontend) -> ConfigError {
        match runtime() {
            Ok(runtime) => runtime.block_on(self.report(frontend)),
            Err(_) => self.error,
        }
    }
}
