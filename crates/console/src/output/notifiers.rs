//! What channels and monitors did not get, for people and for programs.

use everlit_engine::{Project, missed_heartbeats, unread_files};
use everlit_keeper::Undelivered;
use everlit_store::rfc3339;
use serde_json::{Value, json};

use crate::output::date_and_time;

/// The failures of channels and monitors, one line each.
pub fn lines(project: &Project<'_>, undelivered: &[Undelivered]) -> Vec<String> {
    let messages = undelivered.iter().map(|Undelivered { channel, message, at }| {
        format!("last message could not be sent to {channel}: {message} ({})", date_and_time(*at))
    });
    let heartbeats = missed_heartbeats(project).into_iter().map(|missed| {
        format!("heartbeat {} could not be sent: {} (since {})", missed.monitor, missed.message, missed.since)
    });
    messages.chain(heartbeats).chain(unread_files(project)).collect()
}

/// Whether no channel accepted its last message: a person who is needed would not be told.
pub fn nobody_hears(project: &Project<'_>, undelivered: &[Undelivered]) -> bool {
    let channels = &project.settings.notify.channels;
    let missed = |name: &str| undelivered.iter().any(|undelivered| undelivered.channel == name);
    !channels.is_empty() && channels.iter().all(|channel| missed(&channel.name))
}

/// Every channel and every monitor, with its failure if there is one.
pub fn to_json(project: &Project<'_>, undelivered: &[Undelivered]) -> (Vec<Value>, Vec<Value>) {
    let notify = &project.settings.notify;
    let channels = notify.channels.iter().map(|channel| {
        let failure = undelivered.iter().find(|undelivered| undelivered.channel == channel.name);
        json!({
            "name": channel.name,
            "kind": channel.kind.name,
            "fallback": channel.is_fallback,
            "failed_at": failure.map(|failure| rfc3339(failure.at)),
            "failure": failure.map(|failure| failure.message.as_str()),
        })
    });
    let missed = missed_heartbeats(project);
    let monitors = notify.heartbeats.iter().map(|monitor| {
        let failure = missed.iter().find(|missed| missed.monitor == monitor.name);
        json!({
            "name": monitor.name,
            "kind": monitor.kind.name,
            "failed_since": failure.map(|failure| failure.since.as_str()),
            "failure": failure.map(|failure| failure.message.as_str()),
        })
    });
    (channels.collect(), monitors.collect())
}
