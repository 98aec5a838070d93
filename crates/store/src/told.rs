//! What somebody was last told about an account: a small private file beside the others, there only while there is
//! something to remember. Whatever is wrong with it, the worst is that somebody is told once more.

use everlit_keeper::{Alarm, Standing, Told, Unsent};
use serde_json::{Map, Value, json};

use crate::metadata::{integer, list, parse, text, time};
use crate::rfc3339::rfc3339;

pub(crate) fn write(told: &Told) -> Vec<u8> {
    let alarm = told.alarm.as_ref().map(|alarm| {
        json!({
            "standing": alarm.standing.code(),
            "cause": alarm.cause,
            "since": rfc3339(alarm.since),
            "at": rfc3339(alarm.at),
            "reminded": alarm.reminded,
        })
    });
    let unsent: Vec<Value> = told
        .unsent
        .iter()
        .map(|unsent| json!({ "channel": unsent.channel, "words": unsent.words, "at": rfc3339(unsent.at) }))
        .collect();
    let mut bytes = serde_json::to_vec_pretty(&json!({ "alarm": alarm, "unsent": unsent })).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// `None` for a file that says nothing of the kind.
pub(crate) fn read(bytes: &[u8]) -> Option<Told> {
    let fields = parse(bytes)?;
    let alarm = fields.get("alarm").and_then(Value::as_object).and_then(alarm);
    let unsent = list(&fields, "unsent").filter_map(Value::as_object).filter_map(unsent).collect();
    Some(Told { alarm, unsent })
}

fn alarm(fields: &Map<String, Value>) -> Option<Alarm> {
    Some(Alarm {
        standing: Standing::from_code(&text(fields, "standing")?)?,
        cause: text(fields, "cause")?,
        since: time(fields, "since")?,
        at: time(fields, "at")?,
        reminded: integer(fields, "reminded").and_then(|days| u32::try_from(days).ok()),
    })
}

fn unsent(fields: &Map<String, Value>) -> Option<Unsent> {
    Some(Unsent { channel: text(fields, "channel")?, words: text(fields, "words")?, at: time(fields, "at")? })
}
