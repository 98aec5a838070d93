//! What could not be told: as the runs have kept it, for whoever looks.

use everlit_keeper::{Store, Undelivered};
use everlit_store::rfc3339;
use serde_json::{Value, json};

use crate::heartbeats;
use crate::output::format::date_and_time;
use crate::wire::Context;

/// For each channel of the settings the last message that it did not take; gone once it has taken another.
pub(crate) async fn undelivered(context: &Context<'_>, store: &dyn Store) -> Vec<Undelivered> {
    let channels = &context.settings.telling.channels;
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

/// The failures of channels and heartbeats, one line for each.
pub(crate) fn lines(context: &Context<'_>, undelivered: &[Undelivered]) -> Vec<String> {
    let messages = undelivered.iter().map(|Undelivered { channel, message, at }| {
        format!("last message could not be sent to {channel}: {message} ({})", date_and_time(*at))
    });
    let beats = heartbeats::missed(context).into_iter().map(|(name, missed)| {
        format!("heartbeat {name} could not be sent: {} (since {})", missed.message, missed.since)
    });
    messages.chain(beats).collect()
}

/// Every channel and heartbeat of the settings, with its failure if there is one, for programs.
pub(crate) fn to_json(context: &Context<'_>, undelivered: &[Undelivered]) -> (Vec<Value>, Vec<Value>) {
    let telling = &context.settings.telling;
    let channels = telling.channels.iter().map(|channel| {
        let failure = undelivered.iter().find(|undelivered| undelivered.channel == channel.name);
        json!({
            "name": channel.name,
            "kind": channel.kind.word(),
            "fallback": channel.is_fallback,
            "failed_at": failure.map(|failure| rfc3339(failure.at)),
            "failure": failure.map(|failure| failure.message.as_str()),
        })
    });
    let missed = heartbeats::missed(context);
    let beats = telling.heartbeats.iter().map(|beat| {
        let failure = missed.get(&beat.name);
        json!({
            "name": beat.name,
            "kind": beat.kind.word(),
            "failed_since": failure.map(|failure| failure.since.as_str()),
            "failure": failure.map(|failure| failure.message.as_str()),
        })
    });
    (channels.collect(), beats.collect())
}
