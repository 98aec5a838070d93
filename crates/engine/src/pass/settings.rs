//! Tells people that a setting of the whole run is wrong: once, and once more when all of them are right again.

use std::collections::HashMap;
use std::sync::Arc;

use everlit_host::this_process;
use everlit_keeper::{
    AccountName, AlertState, AlertStore, DispatchReport, Outcome, RemediationHints, Report, StoreError, StoreErrorClass,
};
use everlit_store::{Key, ProjectAccount, ProjectFiles};

use super::notifiers::dispatcher;
use crate::ConfigError;
use crate::config::{CONFIG_FILE, Project};

/// The report about the settings, and where is stored what people were told of them: as if [`CONFIG_FILE`] were an account.
pub(crate) struct SettingsReport {
    pub(crate) report: Report,
    pub(crate) store: Arc<ProjectFiles>,
}

/// `None` if nothing is wrong and nobody was told that anything is, or if there is nobody to tell. `failure` is what keeps the
/// pass from its work.
pub(crate) async fn settings_report(project: &Project<'_>, failure: Option<&ConfigError>) -> Option<SettingsReport> {
    if project.settings.notify.channels.is_empty() {
        return None;
    }
    let account = AccountName::new(CONFIG_FILE);
    let wrong = project.settings.problems.iter().filter(|problem| problem.account.is_none() && !problem.is_unreadable);
    let problems: Vec<&str> = wrong.map(|problem| &problem.error).chain(failure).map(|error| &*error.message).collect();
    let problems = problems.join("; ");
    let store = Arc::new(store(project, &account, problems.clone()));
    let outcome = if !problems.is_empty() {
        Outcome::Refused(StoreError::new(StoreErrorClass::Unusable, problems).at(CONFIG_FILE.as_ref()))
    } else if store.alert_state(&account).await == AlertState::default() {
        return None;
    } else {
        Outcome::Verified
    };
    let report =
        Report { account, at: project.now(), outcome, record: None, undelivered: Vec::new(), notes: Vec::new() };
    Some(SettingsReport { report, store })
}

impl Project<'_> {
    /// Tells people why the vault of this project cannot be used, or that it can again: once each. Remembers that beside the
    /// project, where a vault that is away is not needed.
    pub async fn notify_of_vault(self, error: Option<ConfigError>, hints: Arc<dyn RemediationHints>) -> DispatchReport {
        notify_of_settings(&self, error.as_ref(), || hints).await
    }
}

/// Tells people of settings that are wrong, and of a failure that keeps the pass from its work.
pub(crate) async fn notify_of_settings(
    project: &Project<'_>,
    failure: Option<&ConfigError>,
    hints: impl FnOnce() -> Arc<dyn RemediationHints>,
) -> DispatchReport {
    let Some(SettingsReport { report, store }) = settings_report(project, failure).await else {
        return DispatchReport::default();
    };
    dispatcher(project, store, hints).notify(&[report]).await
}

fn store(project: &Project<'_>, account: &AccountName, why: String) -> ProjectFiles {
    let files = ProjectAccount {
        name: account.clone(),
        env_file: CONFIG_FILE.into(),
        key: Key::Default,
        metadata: CONFIG_FILE.into(),
    };
    let (disk, clock) = (Arc::clone(&project.disk), project.shared_clock());
    let holder = this_process(project.environment);
    let folder = project.settings.folder.clone();
    let reasons = HashMap::from([(account.clone(), why)]);
    ProjectFiles::new(disk, clock, folder, vec![files], holder).with_refused(CONFIG_FILE, reasons)
}
