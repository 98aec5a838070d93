//! Records, candidates and alert states as JSON, for a store that does not keep them in files.

use everlit_keeper::{AlertState, Candidate, Expiry, Record};
use everlit_meta_api::Timestamp;
use serde_json::Value;

use crate::project::candidate;
use crate::project::format::Formatted as _;
use crate::project::metadata::instant;

/// Where a record's expiry stands, in seconds since 1970.
const EXPIRES_AT: &str = "expires_at";

/// A record without its events, which grow with every run.
pub fn record_without_events(record: &Record) -> Value {
    let mut fields = record.write(serde_json::value::Serializer).unwrap_or_default();
    if let Some(end) = record.expiry.instant() {
        fields[EXPIRES_AT] = end.as_unix().into();
    }
    if let Some(fields) = fields.as_object_mut() {
        fields.retain(|name, value| name != "events" && !value.is_null());
    }
    fields
}

/// Reads it back; `None` if it cannot be understood.
pub fn read_record(fields: Value) -> Option<Record> {
    let end = fields[EXPIRES_AT].as_i64().map(Timestamp::from_unix);
    let record = Record::read(fields).ok()?;
    let expiry = match (record.expiry, end) {
        (Expiry::Never, _) => Expiry::Never,
        (Expiry::Assumed(_), Some(end)) => Expiry::Assumed(end),
        (_, Some(end)) => Expiry::At(end),
        (_, None) => Expiry::Unknown,
    };
    Some(Record { expiry, ..record })
}

/// Reads a time as people and other programs write it: seconds or milliseconds since 1970, RFC 3339, or a date with or
/// without a time as SQL databases print it. Where the text names no offset, it is UTC.
pub fn read_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let forms = [text.to_owned(), format!("{text}Z"), format!("{text}T00:00:00Z")];
    forms.into_iter().find_map(|form| instant(&Value::from(form)))
}

/// A candidate.
pub fn candidate(candidate: &Candidate) -> Value {
    candidate::to_json(candidate)
}

/// Reads it back; `None` if it cannot be understood.
pub fn read_candidate(fields: Value) -> Option<Candidate> {
    candidate::from_json(fields)
}

/// What people were last told about an account.
pub fn alert_state(state: &AlertState) -> Value {
    state.write(serde_json::value::Serializer).unwrap_or_default()
}

/// Reads it back; `None` if it cannot be understood.
pub fn read_alert_state(fields: Value) -> Option<AlertState> {
    AlertState::read(fields).ok()
}
