//! Messages and heartbeats that could not be sent, as the runs have recorded them.

use everlit_keeper::{AlertStore, Undelivered};
use everlit_store::rfc3339;
use serde_json::{Value, json};

use crate::heartbeats;
use crate::output::format::date_and_time;
use crate::wire::Context;

/// For each channel the last message that could not be sent. Cleared as soon as one arrives.
pub(crate) async fn undelivered(context: &Context<'_>, store: &dyn AlertStore) -> Vec<Undelivered> {
    let channels = &context.settings.notify.channels;
    if channels.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<Undelivered> = Vec::new();
    for account in context.settings.names() {
        all.extend(store.alert_state(&account).await.undelivered);
    }
    all.sort_by_key(|undelivered| std::cmp::Reverse(undelivered.at));
    let last = channels.iter().filter_map(|channel| all.iter().find(|undelivered| undelivered.channel == channel.name));
    last.cloned().collect()
}

/// The failures of channels and heartbeats, one per line.
pub(crate) fn lines(context: &Context<'_>, undelivered: &[Undelivered]) -> Vec<String> {
    let messages = undelivered.iter().map(|Undelivered { channel, message, at }| {
        format!("last message could not be sent to {channel}: {message} ({})", date_and_time(*at))
    });
    let heartbeats = heartbeats::missed(context).into_iter().map(|(name, missed)| {
        format!("heartbeat {name} could not be sent: {} (since {})", missed.message, missed.since)
    });
    messages.chain(heartbeats).collect()
}

/// Every channel and heartbeat as JSON, with its failure if there is one.
pub(crate) fn to_json(context: &Context<'_>, undelivered: &[Undelivered]) -> (Vec<Value>, Vec<Value>) {
    let notify = &context.settings.notify;
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
    let missed = heartbeats::missed(context);
    let heartbeats = notify.heartbeats.iter().map(|monitor| {
        let failure = missed.get(&monitor.name);
        json!({
            "name": monitor.name,
            "kind": monitor.kind.name,
            "failed_since": failure.map(|failure| failure.since.as_str()),
            "failure": failure.map(|failure| failure.message.as_str()),
        })
    });
    (channels.collect(), heartbeats.collect())
}
