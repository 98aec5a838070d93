//! The alerts file: what people were last told about an account. It exists only while there is something to remember.
//! Whatever is wrong with it, the worst outcome is a repeated alert.

use everlit_keeper::{Alarm, AlertState, Health, Undelivered};
use everlit_meta_api::Timestamp;
use serde::{Deserialize, Serialize};

use crate::project::format::{lenient, lenient_list, text};

pub(crate) fn write(state: &AlertState) -> Vec<u8> {
    let file = File {
        alarm: state.alarm.clone().map(AlarmEntry),
        undelivered: state.undelivered.iter().cloned().map(UndeliveredEntry).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&file).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// `None` for a file that is not an alerts file.
pub(crate) fn read(bytes: &[u8]) -> Option<AlertState> {
    let file: File = serde_json::from_slice(bytes).ok()?;
    Some(AlertState {
        alarm: file.alarm.map(|entry| entry.0),
        undelivered: file.undelivered.into_iter().map(|entry| entry.0).collect(),
    })
}

#[derive(Deserialize, Serialize)]
struct File {
    #[serde(default, deserialize_with = "lenient")]
    alarm: Option<AlarmEntry>,
    #[serde(default, deserialize_with = "lenient_list")]
    undelivered: Vec<UndeliveredEntry>,
}

#[derive(Deserialize, Serialize)]
struct AlarmEntry(#[serde(with = "AlarmFormat")] Alarm);

#[derive(Deserialize, Serialize)]
#[serde(remote = "Alarm")]
struct AlarmFormat {
    #[serde(with = "text")]
    health: Health,
    cause: String,
    #[serde(with = "text")]
    since: Timestamp,
    #[serde(with = "text")]
    at: Timestamp,
    #[serde(default, deserialize_with = "lenient")]
    reminded: Option<u32>,
}

#[derive(Deserialize, Serialize)]
struct UndeliveredEntry(#[serde(with = "UndeliveredFormat")] Undelivered);

#[derive(Deserialize, Serialize)]
#[serde(remote = "Undelivered")]
struct UndeliveredFormat {
    channel: String,
    message: String,
    #[serde(with = "text")]
    at: Timestamp,
}
