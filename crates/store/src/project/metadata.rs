//! The metadata file, `scripts/instagram-token.json`: five fields that older scripts wrote and read, and one object of
//! everlit's beside them. Whatever is wrong with the file, it neither stops a refresh that is due nor hides one.

use std::time::Duration;

use everlit_keeper::{
    Cause, Delivery, DeliveryError, DeliveryErrorClass, Event, EventKind, Expiry, FailureState, Record,
};
use everlit_meta_api::{AccountId, Evidence, Fingerprint, Timestamp, Token, TokenKind};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::project::format::{Formatted as _, formatted, lenient, list, optional, required};
use crate::rfc3339::{parse as parse_time, rfc3339};

/// The object that holds what everlit adds.
pub(crate) const OURS: &str = "everlit";

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
    let hint = fields.get("access_token").and_then(Value::as_str);
    // Another script's file may hold the whole token.
    let names_current = |hint: &str| hint == current.hint() || hint == current.expose();
    let mut ours = fields.get(OURS).cloned();
    if hint.is_some_and(names_current)
        && let Some(Value::Object(ours)) = &mut ours
    {
        // Without a fingerprint, the hint says which token the file is about.
        ours.entry("fingerprint").or_insert_with(|| current.fingerprint().to_string().into());
    }
    let ours = ours.and_then(|ours| Record::read(ours).ok()).map(|mut record| {
        record.events.drain(..record.events.len().saturating_sub(Record::EVENTS_KEPT));
        record
    });
    let is_about_current = match (&ours, hint) {
        (Some(ours), _) => ours.fingerprint == current.fingerprint(),
        (None, Some(hint)) => names_current(hint),
        (None, None) => return Read { record: new(), note: None },
    };
    if is_about_current {
        return Read { record: of_current(&fields, ours, new()), note: None };
    }
    // A person has put in another token: what the file says about the old one does not apply, but its history stays.
    let history = ours.map(|ours| ours.events).unwrap_or_default();
    let note = "describes another token; the one in the env file is taken as new".to_owned();
    Read { record: Record { events: history, ..new() }, note: Some(note) }
}

/// The deliveries that the file records for a token.
pub(crate) fn deliveries(file: &[u8], of: Fingerprint) -> Vec<Delivery> {
    let ours = parse(file).and_then(|mut fields| fields.remove(OURS));
    let record = ours.and_then(|ours| Record::read(ours).ok()).filter(|record| record.fingerprint == of);
    record.map(|record| record.deliveries).unwrap_or_default()
}

/// Parses the fields of the file; some editors put a byte order mark before them.
pub(crate) fn parse(bytes: &[u8]) -> Option<Map<String, Value>> {
    match value(bytes) {
        Some(Value::Object(fields)) => Some(fields),
        _ => None,
    }
}

/// Parses the file, whatever its shape.
pub(crate) fn value(bytes: &[u8]) -> Option<Value> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).ok()
}

fn of_current(fields: &Map<String, Value>, ours: Option<Record>, new: Record) -> Record {
    // everlit writes seconds; another script may not.
    let in_seconds = |date: &Value| integer(date).map(Timestamp::from_unix);
    let read_end = |date| if ours.is_some() { in_seconds(date) } else { instant(date) };
    let expiry = fields.get("expires_at").and_then(read_end).map_or(Expiry::Unknown, Expiry::At);
    let issued_at = fields.get("refreshed_at").and_then(instant);
    let Some(ours) = ours else { return Record { expiry, issued_at, ..new } };
    Record {
        fingerprint: new.fingerprint,
        // A person has said what the first letters do not.
        kind: if new.kind == TokenKind::Unknown { ours.kind } else { new.kind },
        expiry: match (ours.expiry, expiry) {
            (Expiry::Never, _) => Expiry::Never,
            (Expiry::Assumed(_), Expiry::At(end)) => Expiry::Assumed(end),
            _ => expiry,
        },
        issued_at: ours.issued_at.or(issued_at),
        first_seen: if ours.first_seen == NOT_SEEN { new.first_seen } else { ours.first_seen },
        ..ours
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
    let mut ours = record.write(serde_json::value::Serializer).unwrap_or_default();
    ours["schema"] = SCHEMA.into();
    fields.insert(OURS.to_owned(), ours);
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

/// Whether a date is not in seconds, which the older script writes: in milliseconds, or as text.
pub(crate) fn is_in_another_unit(date: &Value) -> bool {
    integer(date).map_or_else(|| instant(date).is_some(), is_in_milliseconds)
}

/// An instant in seconds or milliseconds, as a number or as text, or in RFC 3339.
pub(crate) fn instant(date: &Value) -> Option<Timestamp> {
    match integer(date) {
        Some(number) if is_in_milliseconds(number) => Some(Timestamp::from_unix(number / 1_000)),
        Some(number) => Some(Timestamp::from_unix(number)),
        None => parse_time(date.as_str()?),
    }
}

/// Milliseconds since 1970 have twelve digits from 1973 on and fourteen until 5138, where seconds have ten.
fn is_in_milliseconds(number: i64) -> bool {
    (100_000_000_000..100_000_000_000_000).contains(&number)
}

/// A whole number, also as text or as `1.8e9`: hand-made files have both.
fn integer(value: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "a float out of range saturates and is then implausible")]
    let whole = |number: f64| number.is_finite().then_some(number as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(whole)).or_else(|| value.as_str()?.trim().parse().ok())
}

formatted! {
    Delivery = DeliveryFormat;
    DeliveryError = DeliveryErrorFormat;
    Event = EventFormat;
    Evidence = EvidenceFormat;
    FailureState = FailureFormat;
    Record = RecordFormat;
}

/// The object `everlit`.
#[derive(Deserialize, Serialize)]
#[serde(remote = "Record")]
struct RecordFormat {
    #[serde(with = "required")]
    fingerprint: Fingerprint,
    #[serde(default = "no_kind", with = "required")]
    kind: TokenKind,
    /// The vault stores it beside the record; files name no app.
    #[serde(skip)]
    app: Option<String>,
    #[serde(default, with = "optional")]
    account: Option<AccountId>,
    #[serde(default, deserialize_with = "lenient")]
    username: Option<String>,
    #[serde(default = "no_expiry", with = "expiry_word")]
    expiry: Expiry,
    #[serde(default, with = "optional")]
    data_access_ends: Option<Timestamp>,
    #[serde(default, with = "optional")]
    issued_at: Option<Timestamp>,
    #[serde(default = "not_seen", with = "required")]
    first_seen: Timestamp,
    #[serde(default, with = "optional")]
    last_verified_at: Option<Timestamp>,
    #[serde(default, with = "optional")]
    too_young_until: Option<Timestamp>,
    #[serde(default, with = "optional")]
    next_check_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient")]
    clock_behind: Option<i64>,
    #[serde(default, with = "optional")]
    failure: Option<FailureState>,
    #[serde(default, with = "list")]
    deliveries: Vec<Delivery>,
    #[serde(default, with = "list")]
    events: Vec<Event>,
}

/// Replaced when read: a token that is in use has been seen.
const NOT_SEEN: Timestamp = Timestamp::from_unix(0);

fn not_seen() -> Timestamp {
    NOT_SEEN
}

fn no_kind() -> TokenKind {
    TokenKind::Unknown
}

fn no_expiry() -> Expiry {
    Expiry::Unknown
}

/// What is known about the expiry, in one word; the instant is in `expires_at`.
mod expiry_word {
    use super::{Deserializer, Expiry, NOT_SEEN, Serialize, Serializer, lenient};

    pub(super) fn serialize<S: Serializer>(expiry: &Expiry, serializer: S) -> Result<S::Ok, S::Error> {
        let word = match expiry {
            Expiry::At(_) => "known",
            Expiry::Assumed(_) => "assumed",
            Expiry::Never => "never",
            Expiry::Unknown => "unknown",
        };
        word.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Expiry, D::Error> {
        let word: String = lenient(deserializer)?;
        Ok(match word.as_str() {
            "assumed" => Expiry::Assumed(NOT_SEEN),
            "never" => Expiry::Never,
            _ => Expiry::Unknown,
        })
    }
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "FailureState")]
struct FailureFormat {
    #[serde(with = "required")]
    cause: Cause,
    message: String,
    #[serde(default, with = "optional")]
    evidence: Option<Evidence>,
    attempts: u32,
    #[serde(with = "required")]
    first_at: Timestamp,
    #[serde(with = "required")]
    cause_since: Timestamp,
    #[serde(with = "required")]
    last_at: Timestamp,
    #[serde(with = "required")]
    next_attempt_at: Timestamp,
    #[serde(default)]
    reply_lost: bool,
    #[serde(default)]
    verifying: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "Evidence")]
struct EvidenceFormat {
    http_status: Option<u16>,
    code: Option<i64>,
    subcode: Option<i64>,
    #[serde(rename = "type")]
    kind: Option<String>,
    message: Option<String>,
    user_title: Option<String>,
    user_message: Option<String>,
    trace_id: Option<String>,
    is_transient: Option<bool>,
    /// Seconds.
    #[serde(default, with = "optional")]
    retry_after: Option<Duration>,
    support_ids: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "Delivery")]
struct DeliveryFormat {
    target: String,
    #[serde(default)]
    place: Option<String>,
    #[serde(default, with = "optional")]
    delivered: Option<Fingerprint>,
    #[serde(default, with = "optional")]
    delivered_at: Option<Timestamp>,
    #[serde(default, with = "optional")]
    verified_at: Option<Timestamp>,
    #[serde(default, with = "optional")]
    delivered_ends_at: Option<Timestamp>,
    #[serde(default, with = "optional")]
    credential_ends_at: Option<Timestamp>,
    #[serde(default, with = "optional")]
    failure: Option<DeliveryError>,
    attempts: u32,
    #[serde(default, with = "optional")]
    not_before: Option<Timestamp>,
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "DeliveryError")]
struct DeliveryErrorFormat {
    #[serde(with = "required")]
    class: DeliveryErrorClass,
    /// Seconds.
    #[serde(default, with = "optional")]
    retry_after: Option<Duration>,
    #[serde(default)]
    http_status: Option<u16>,
    #[serde(skip)]
    io: Option<std::io::ErrorKind>,
    message: String,
}

#[derive(Deserialize, Serialize)]
#[serde(remote = "Event")]
struct EventFormat {
    #[serde(with = "required")]
    at: Timestamp,
    #[serde(with = "required")]
    what: EventKind,
    detail: String,
}
