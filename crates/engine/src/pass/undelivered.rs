//! Messages that channels did not take, as the runs have recorded them.

use std::cmp::Reverse;

use everlit_keeper::{AlertStore, Undelivered};

use crate::config::Project;

/// The last message that each configured channel did not take. It is cleared once the channel takes another.
pub async fn undelivered(project: &Project<'_>, store: &dyn AlertStore) -> Vec<Undelivered> {
    let channels = &project.settings.notify.channels;
    if channels.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<Undelivered> = Vec::new();
    for account in project.settings.names() {
        all.extend(store.alert_state(&account).await.undelivered);
    }
    all.sort_by_key(|undelivered| Reverse(undelivered.at));
    let last = channels.iter().filter_map(|channel| all.iter().find(|undelivered| undelivered.channel == channel.name));
    last.cloned().collect()
}
