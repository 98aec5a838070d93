//! What could not be told: as the runs have kept it, for whoever looks.

use everlit_keeper::{Store, Unsent};
use everlit_store::rfc3339;
use serde_json::{Value, json};

use crate::heartbeats;
use crate::wire::Context;
use crate::words::date_and_time;

/// For each channel of the settings the last message that it did not take; gone once it has taken another.
pub(crate) async fn unsent(context: &Context<'_>, store: &dyn Store) -> Vec<Unsent> {
    let channels = &context.settings.telling.channels;
    if channels.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<Unsent> = Vec::new();
    for account in context.settings.names() {
        all.extend(store.told(&account).await.unsent);
    }
    all.sort_by_key(|unsent| std::cmp::Reverse(unsent.at));
    let last = channels.iter().filter_map(|channel| all.iter().find(|unsent| unsent.channel == channel.name));
    last.cloned().collect()
}

/// The failures of channels and heartbeats, one line for each.
pub(crate) fn lines(context: &Context<'_>, unsent: &[Unsent]) -> Vec<String> {
    let messages = unsent.iter().map(|Unsent { channel, words, at }| {
        format!("last message could not be sent to {channel}: {words} ({})", date_and_time(*at))
    });
    let beats = heartbeats::missed(context)
        .into_iter()
        .map(|(name, missed)| format!("heartbeat {name} could not be sent: {} (since {})", missed.words, missed.since));
    messages.chain(beats).collect()
}

/// Every channel and heartbeat of the settings, with its failure if there is one, for programs.
pub(crate) fn to_json(context: &Context<'_>, unsent: &[Unsent]) -> (Vec<Value>, Vec<Value>) {
    let telling = &context.settings.telling;
    let channels = telling.channels.iter().map(|channel| {
        let failure = unsent.iter().find(|unsent| unsent.channel == channel.name);
        json!({
            "name": channel.name,
            "kind": channel.kind.word(),
            "fallback": channel.is_fallback,
            "failed_at": failure.map(|failure| rfc3339(failure.at)),
            "failure": failure.map(|failure| failure.words.as_str()),
        })
    });
    let missed = heartbeats::missed(context);
    let beats = telling.heartbeats.iter().map(|beat| {
        let failure = missed.get(&beat.name);
        json!({
            "name": beat.name,
            "kind": beat.kind.word(),
            "failed_since": failure.map(|failure| failure.since.as_str()),
            "failure": failure.map(|failure| failure.words.as_str()),
        })
    });
    (channels.collect(), beats.collect())
}
