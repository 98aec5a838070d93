//! What somebody was last told about an account: a small private file beside the others, there only while there is
//! something to remember. Whatever is wrong with it, the worst is that somebody is told once more.

use everlit_keeper::{Alarm, AlertState, Health, Undelivered};
use serde_json::{Map, Value, json};

use crate::metadata::{integer, list, parse, text, time};
use crate::rfc3339::rfc3339;

pub(crate) fn write(alert_state: &AlertState) -> Vec<u8> {
    let alarm = alert_state.alarm.as_ref().map(|alarm| {
        json!({
            "health": alarm.health.code(),
            "cause": alarm.cause,
            "since": rfc3339(alarm.since),
            "at": rfc3339(alarm.at),
            "reminded": alarm.reminded,
        })
    });
    let undelivered: Vec<Value> = alert_state
        .undelivered
        .iter()
        .map(|undelivered| json!({ "channel": undelivered.channel, "message": undelivered.message, "at": rfc3339(undelivered.at) }))
        .collect();
    let mut bytes =
        serde_json::to_vec_pretty(&json!({ "alarm": alarm, "undelivered": undelivered })).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// `None` for a file that says nothing of the kind.
pub(crate) fn read(bytes: &[u8]) -> Option<AlertState> {
    let fields = parse(bytes)?;
    let alarm = fields.get("alarm").and_then(Value::as_object).and_then(alarm);
    let undelivered = list(&fields, "undelivered").filter_map(Value::as_object).filter_map(undelivered).collect();
    Some(AlertState { alarm, undelivered })
}

fn alarm(fields: &Map<String, Value>) -> Option<Alarm> {
    Some(Alarm {
        health: Health::from_code(&text(fields, "health")?)?,
        cause: text(fields, "cause")?,
        since: time(fields, "since")?,
        at: time(fields, "at")?,
        reminded: integer(fields, "reminded").and_then(|days| u32::try_from(days).ok()),
    })
}

fn undelivered(fields: &Map<String, Value>) -> Option<Undelivered> {
    Some(Undelivered { channel: text(fields, "channel")?, message: text(fields, "message")?, at: time(fields, "at")? })
}
