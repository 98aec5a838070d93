//! The alerts file: what people were last told about an account. It exists only while there is something to remember.
//! Whatever is wrong with it, the worst outcome is a repeated alert.

use everlit_keeper::{Alarm, AlertState, Health, Undelivered};
use everlit_meta_api::Timestamp;
use serde::{Deserialize, Serialize};

use crate::project::format::{Formatted as _, formatted, list, optional, required};

pub(crate) fn write(state: &AlertState) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = state.write(&mut serde_json::Serializer::pretty(&mut bytes));
    debug_assert!(written.is_ok(), "memory takes every byte");
    bytes.push(b'\n');
    bytes
}

/// `None` for a file that is not an alerts file.
pub(crate) fn read(bytes: &[u8]) -> Option<AlertState> {
    AlertState::read(&mut serde_json::Deserializer::from_slice(bytes)).ok()
}

formatted! {
    Alarm = AlarmFormat;
    AlertState = File;
    Undelivered = UndeliveredFormat;
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "AlertState")]
struct File {
    #[serde(default, with = "optional")]
    alarm: Option<Alarm>,
    #[serde(default, with = "list")]
    undelivered: Vec<Undelivered>,
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "Alarm")]
struct AlarmFormat {
    #[serde(with = "required")]
    health: Health,
    cause: String,
    #[serde(with = "required")]
    since: Timestamp,
    #[serde(with = "required")]
    at: Timestamp,
    reminded: Option<u32>,
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "Undelivered")]
struct UndeliveredFormat {
    channel: String,
    message: String,
    #[serde(with = "required")]
    at: Timestamp,
}
