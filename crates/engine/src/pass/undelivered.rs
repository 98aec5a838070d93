//! Messages that channels did not take, as the runs have recorded them.

use std::cmp::Reverse;
use std::path::PathBuf;

use everlit_keeper::{AlertStore, Undelivered};

use super::heartbeats::heartbeats_are_unread;
use crate::config::Project;

/// The last message that each configured channel did not take. It is cleared once the channel takes another.
pub async fn undelivered(project: &Project<'_>, store: &dyn AlertStore) -> Vec<Undelivered> {
    let channels = &project.settings.notify.channels;
    if channels.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<Undelivered> = Vec::new();
    // An account whose disk hangs would hold up everybody.
    for account in project.settings.names().into_iter().filter(|account| !project.world.threads.hangs(account)) {
        all.extend(store.alert_state(&account).await.undelivered);
    }
    all.sort_by_key(|undelivered| Reverse(undelivered.at));
    let last = channels.iter().filter_map(|channel| all.iter().find(|undelivered| undelivered.channel == channel.name));
    last.cloned().collect()
}

/// Files with what was sent, and what was not, that cannot be read: what they hold is not known.
pub fn unread_files(project: &Project<'_>) -> Vec<String> {
    // With thousands of accounts, a store takes a while to put together.
    let store = (!project.settings.notify.channels.is_empty()).then(|| project.store());
    let accounts = project.settings.accounts.iter().map(|account| &account.name);
    let accounts = accounts.filter(|account| !project.world.threads.hangs(account));
    let alerts = accounts.filter_map(|account| store.as_ref()?.unread_alerts(account));
    let heartbeats = Some(project.state().heartbeats()).filter(|_| heartbeats_are_unread(project));
    let unread = |path: PathBuf| format!("{} cannot be read: what could not be sent is not known", path.display());
    alerts.chain(heartbeats).map(unread).collect()
}

/// Forgets that these channels missed a message: they work again. One of bad news that is still due is not forgotten: the
/// next run sends it.
pub async fn clear_undelivered(project: &Project<'_>, channels: &[&str]) {
    let store = project.store();
    // A run that is sending messages writes the same state, and clears failures itself.
    let is_fallback = |name: &str| {
        let mut known = project.settings.notify.channels.iter();
        known.any(|channel| channel.name == name && channel.is_fallback)
    };
    let Ok(_guard) = store.lease_alerts(project.now()).await else { return };
    for account in project.settings.names() {
        let mut state = store.alert_state(&account).await;
        let before = state.undelivered.len();
        let is_told = state.alarm.is_some();
        state.undelivered.retain(|undelivered| {
            let name = undelivered.channel.as_str();
            !channels.contains(&name) || is_told && !is_fallback(name)
        });
        if state.undelivered.len() < before {
            // If it cannot be written, the next message that arrives clears it.
            let _ = store.save_alert_state(&account, &state).await;
        }
    }
}
