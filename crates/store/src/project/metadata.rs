//! The metadata file, `scripts/instagram-token.json`: five fields that older scripts wrote and read, and one object of
//! everlit's beside them. Whatever is wrong with the file, it neither stops a refresh that is due nor hides one.

use std::time::Duration;

use everlit_keeper::{Cause, Delivery, Event, EventKind, Expiry, FailureState, Record};
use everlit_meta_api::{AccountId, Evidence, Fingerprint, Timestamp, Token, TokenKind};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::project::format::{lenient, lenient_list, optional_text, text};
use crate::rfc3339::{parse as parse_time, rfc3339};

/// The object that holds what everlit adds.
const OURS: &str = "everlit";

/// The version of that object.
const SCHEMA: u64 = 1;

/// A record as read, and what was odd about the file.
pub(crate) struct Read {
    pub(crate) record: Record,
    pub(crate) note: Option<String>,
}

/// Reads what the file says about `current`. A file about another token, or an unreadable one, gives a new record.
pub(crate) fn read(file: Option<&[u8]>, current: &Token, now: Timestamp) -> Read {
    let new = || Record::of_new_token(current.kind(), current.fingerprint(), now);
    let Some(bytes) = file else { return Read { record: new(), note: None } };
    let Some(fields) = parse(bytes) else {
        let what = if bytes.iter().all(u8::is_ascii_whitespace) { "is empty" } else { "cannot be read as JSON" };
        return Read { record: new(), note: Some(format!("{what}; it will be written anew")) };
    };
    let ours: Option<Ours> = fields.get(OURS).and_then(|ours| serde_json::from_value(ours.clone()).ok());
    let fingerprint = ours.as_ref().and_then(|ours| ours.fingerprint.as_ref());
    let is_about_current = match (fingerprint, fields.get("access_token").and_then(Value::as_str)) {
        (Some(fingerprint), _) => *fingerprint == current.fingerprint().to_string(),
        (None, Some(hint)) => hint == current.hint(),
        (None, None) => return Read { record: new(), note: None },
    };
    if is_about_current {
        return Read { record: of_current(&fields, ours, new()), note: None };
    }
    // A person has put in another token: what the file says about the old one does not apply, but its history stays.
    let history = ours.map(Ours::events).unwrap_or_default();
    let note = "describes another token; the one in the env file is taken as new".to_owned();
    Read { record: Record { events: history, ..new() }, note: Some(note) }
}

/// Parses the fields of the file; some editors put a byte order mark before them.
pub(crate) fn parse(bytes: &[u8]) -> Option<Map<String, Value>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).ok()
}

fn of_current(fields: &Map<String, Value>, ours: Option<Ours>, new: Record) -> Record {
    let record = Record {
        expiry: integer(fields, "expires_at").map_or(Expiry::Unknown, |end| Expiry::At(Timestamp::from_unix(end))),
        issued_at: fields.get("refreshed_at").and_then(Value::as_str).and_then(parse_time),
        ..new
    };
    let Some(ours) = ours else { return record };
    Record {
        fingerprint: record.fingerprint,
        // A person has said what the first letters do not.
        kind: if record.kind == TokenKind::Unknown { ours.kind.unwrap_or(record.kind) } else { record.kind },
        expiry: match (ours.expiry.as_deref(), record.expiry) {
            (Some("never"), _) => Expiry::Never,
            (Some("assumed"), Expiry::At(end)) => Expiry::Assumed(end),
            (_, expiry) => expiry,
        },
        issued_at: ours.issued_at.or(record.issued_at),
        first_seen: ours.first_seen.unwrap_or(record.first_seen),
        last_verified_at: ours.last_verified_at,
        too_young_until: ours.too_young_until,
        next_check_at: ours.next_check_at,
        data_access_ends: ours.data_access_ends,
        account: ours.account.clone(),
        username: ours.username.clone(),
        failure: ours.failure.clone().map(|failure| failure.0),
        deliveries: ours.deliveries.iter().map(|delivery| delivery.0.clone()).collect(),
        events: ours.events(),
    }
}

/// Returns the file's next content. Fields of other people stay; the five of the older script keep names, meaning and
/// types.
pub(crate) fn write(file: Option<&[u8]>, token: &Token, record: &Record) -> Vec<u8> {
    let mut fields = file.and_then(parse).unwrap_or_default();
    let token_type = fields.get("token_type").and_then(Value::as_str).unwrap_or("bearer").to_owned();
    fields.insert("access_token".to_owned(), token.hint().into());
    fields.insert("token_type".to_owned(), token_type.into());
    let life = record.expiry.instant().zip(record.issued_at).map(|(end, issued)| end.since(issued));
    set(&mut fields, "expires_in", life.map(Value::from));
    set(&mut fields, "expires_at", record.expiry.instant().map(|end| end.as_unix().into()));
    set(&mut fields, "refreshed_at", record.issued_at.map(|at| rfc3339(at).into()));
    fields.insert(OURS.to_owned(), serde_json::to_value(Ours::of(record)).unwrap_or_default());
    let mut bytes = serde_json::to_vec_pretty(&Value::Object(fields)).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Leaves out an unknown value: the older script takes a missing field for "not known".
fn set(fields: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => fields.insert(name.to_owned(), value),
        None => fields.shift_remove(name),
    };
}

/// A whole number, also as text or as `1.8e9`: hand-made files have both.
fn integer(fields: &Map<String, Value>, name: &str) -> Option<i64> {
    let value = fields.get(name)?;
    #[expect(clippy::cast_possible_truncation, reason = "a float out of range saturates and is then implausible")]
    let whole = |number: f64| number.is_finite().then_some(number as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(whole)).or_else(|| value.as_str()?.trim().parse().ok())
}

/// The object `everlit`.
#[derive(Deserialize, Serialize)]
struct Ours {
    #[serde(default, deserialize_with = "lenient")]
    schema: u64,
    #[serde(default, deserialize_with = "lenient")]
    fingerprint: Option<String>,
    #[serde(default, with = "optional_text")]
    kind: Option<TokenKind>,
    #[serde(default, with = "optional_text")]
    account: Option<AccountId>,
    #[serde(default, deserialize_with = "lenient")]
    username: Option<String>,
    /// `known`, `assumed`, `never` or `unknown`; the instant is in `expires_at`.
    #[serde(default, deserialize_with = "lenient")]
    expiry: Option<String>,
    #[serde(default, with = "optional_text")]
    data_access_ends: Option<Timestamp>,
    #[serde(default, with = "optional_text")]
    issued_at: Option<Timestamp>,
    #[serde(default, with = "optional_text")]
    first_seen: Option<Timestamp>,
    #[serde(default, with = "optional_text")]
    last_verified_at: Option<Timestamp>,
    #[serde(default, with = "optional_text")]
    too_young_until: Option<Timestamp>,
    #[serde(default, with = "optional_text")]
    next_check_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient")]
    failure: Option<Failure>,
    #[serde(default, deserialize_with = "lenient_list")]
    deliveries: Vec<Delivered>,
    #[serde(default, deserialize_with = "lenient_list")]
    events: Vec<Happened>,
}

impl Ours {
    fn of(record: &Record) -> Self {
        let expiry = match record.expiry {
            Expiry::At(_) => "known",
            Expiry::Assumed(_) => "assumed",
            Expiry::Never => "never",
            Expiry::Unknown => "unknown",
        };
        Self {
            schema: SCHEMA,
            fingerprint: Some(record.fingerprint.to_string()),
            kind: Some(record.kind),
            account: record.account.clone(),
            username: record.username.clone(),
            expiry: Some(expiry.to_owned()),
            data_access_ends: record.data_access_ends,
            issued_at: record.issued_at,
            first_seen: Some(record.first_seen),
            last_verified_at: record.last_verified_at,
            too_young_until: record.too_young_until,
            next_check_at: record.next_check_at,
            failure: record.failure.clone().map(Failure),
            deliveries: record.deliveries.iter().cloned().map(Delivered).collect(),
            events: record.events.iter().cloned().map(Happened).collect(),
        }
    }

    /// The last events, oldest first.
    fn events(mut self) -> Vec<Event> {
        self.events.drain(..self.events.len().saturating_sub(Record::EVENTS_KEPT));
        self.events.into_iter().map(|event| event.0).collect()
    }
}

#[derive(Clone, Deserialize, Serialize)]
struct Failure(#[serde(with = "FailureFormat")] FailureState);

#[derive(Deserialize, Serialize)]
#[serde(remote = "FailureState")]
struct FailureFormat {
    #[serde(with = "text")]
    cause: Cause,
    message: String,
    #[serde(default, with = "optional_evidence")]
    evidence: Option<Evidence>,
    #[serde(default, deserialize_with = "at_least_one")]
    attempts: u32,
    #[serde(with = "text")]
    first_at: Timestamp,
    #[serde(with = "text")]
    last_at: Timestamp,
    #[serde(with = "text")]
    next_attempt_at: Timestamp,
    #[serde(default, deserialize_with = "lenient")]
    reply_lost: bool,
}

/// There was an attempt, or there would be no failure.
fn at_least_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    lenient::<u32, D>(deserializer).map(|attempts| attempts.max(1))
}

#[derive(Default, Deserialize, Serialize)]
struct Said(#[serde(with = "EvidenceFormat")] Evidence);

#[derive(Deserialize, Serialize)]
#[serde(remote = "Evidence")]
struct EvidenceFormat {
    #[serde(default, deserialize_with = "lenient")]
    http_status: Option<u16>,
    #[serde(default, deserialize_with = "lenient")]
    code: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    subcode: Option<i64>,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    message: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    user_title: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    user_message: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    trace_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    is_transient: Option<bool>,
    /// Seconds.
    #[serde(default, with = "optional_seconds")]
    retry_after: Option<Duration>,
}

mod optional_evidence {
    use super::{Deserializer, Evidence, Said, Serialize, Serializer, lenient};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(value: &Option<Evidence>, serializer: S) -> Result<S::Ok, S::Error> {
        value.clone().map(Said).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Evidence>, D::Error> {
        let evidence: Option<Said> = lenient(deserializer)?;
        Ok(evidence.map(|said| said.0).filter(|evidence| *evidence != Evidence::default()))
    }
}

mod optional_seconds {
    use super::{Deserializer, Duration, Serialize, Serializer, lenient};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(value: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Duration::as_secs).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        let seconds: Option<u64> = lenient(deserializer)?;
        Ok(seconds.map(Duration::from_secs))
    }
}

#[derive(Clone, Deserialize, Serialize)]
struct Delivered(#[serde(with = "DeliveryFormat")] Delivery);

#[derive(Deserialize, Serialize)]
#[serde(remote = "Delivery")]
struct DeliveryFormat {
    target: String,
    #[serde(default, with = "optional_text")]
    delivered: Option<Fingerprint>,
    #[serde(default, with = "optional_text")]
    delivered_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient")]
    failure: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    attempts: u32,
}

#[derive(Clone, Deserialize, Serialize)]
struct Happened(#[serde(with = "EventFormat")] Event);

#[derive(Deserialize, Serialize)]
#[serde(remote = "Event")]
struct EventFormat {
    #[serde(with = "text")]
    at: Timestamp,
    #[serde(with = "text")]
    what: EventKind,
    detail: String,
}
