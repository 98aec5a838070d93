//! The metadata file, `scripts/instagram-token.json`: five fields that older scripts wrote and read, and one object
//! of ours beside them. Whatever is wrong with the file, it neither stops a refresh that is due nor hides one.

use std::time::Duration;

use everlit_keeper::{Cause, Delivery, Event, EventKind, Expiry, FailureState, Record};
use everlit_meta_api::{AccountId, Evidence, Timestamp, Token, TokenKind};
use serde_json::{Map, Value, json};

use crate::rfc3339::{parse as parse_time, rfc3339};

/// The object that holds what everlit adds.
const OURS: &str = "everlit";

/// The version of that object.
const SCHEMA: u64 = 1;

/// A record as read, with what was odd about the file.
pub(crate) struct Read {
    pub(crate) record: Record,
    pub(crate) note: Option<String>,
}

/// Reads what the file says about `current`. A file about another token, or none that can be read, leaves a new record.
pub(crate) fn read(file: Option<&[u8]>, current: &Token, now: Timestamp) -> Read {
    let new = || Record::of_new_token(current.kind(), current.fingerprint(), now);
    let Some(bytes) = file else { return Read { record: new(), note: None } };
    let Some(fields) = parse(bytes) else {
        let what = if bytes.iter().all(u8::is_ascii_whitespace) { "is empty" } else { "cannot be read as JSON" };
        return Read { record: new(), note: Some(format!("{what}; it will be written anew")) };
    };
    let ours = fields.get(OURS).and_then(Value::as_object);
    let fingerprint = ours.and_then(|ours| text(ours, "fingerprint"));
    let is_about_current = match (&fingerprint, text(&fields, "access_token")) {
        (Some(fingerprint), _) => *fingerprint == current.fingerprint().to_string(),
        (None, Some(hint)) => hint == current.hint(),
        (None, None) => return Read { record: new(), note: None },
    };
    if is_about_current {
        return Read { record: of_current(&fields, ours, new()), note: None };
    }
    // A person has put in another token: what the file says of the old one does not hold, but its history stays.
    let history = ours.map(events).unwrap_or_default();
    let note = "describes another token; the one in the env file is taken as new".to_owned();
    Read { record: Record { events: history, ..new() }, note: Some(note) }
}

/// The fields of the file; some editors put a byte order mark before them.
pub(crate) fn parse(bytes: &[u8]) -> Option<Map<String, Value>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).ok()
}

fn of_current(fields: &Map<String, Value>, ours: Option<&Map<String, Value>>, new: Record) -> Record {
    let mut record = Record {
        expiry: integer(fields, "expires_at").map_or(Expiry::Unknown, |end| Expiry::At(Timestamp::from_unix(end))),
        issued_at: time(fields, "refreshed_at"),
        ..new
    };
    let Some(ours) = ours else { return record };
    if record.kind == TokenKind::Unknown {
        // A person has said what the first letters do not.
        record.kind = text(ours, "kind").and_then(|kind| kind.parse().ok()).unwrap_or(TokenKind::Unknown);
    }
    record.expiry = match (text(ours, "expiry").as_deref(), record.expiry) {
        (Some("never"), _) => Expiry::Never,
        (Some("assumed"), Expiry::At(end)) => Expiry::Assumed(end),
        (_, expiry) => expiry,
    };
    record.issued_at = time(ours, "issued_at").or(record.issued_at);
    record.first_seen = time(ours, "first_seen").unwrap_or(record.first_seen);
    record.last_verified_at = time(ours, "last_verified_at");
    record.too_young_until = time(ours, "too_young_until");
    record.next_check_at = time(ours, "next_check_at");
    record.data_access_ends = time(ours, "data_access_ends");
    record.account = text(ours, "account").and_then(|id| AccountId::parse(&id).ok());
    record.username = text(ours, "username");
    record.failure = ours.get("failure").and_then(Value::as_object).and_then(failure);
    record.deliveries = list(ours, "deliveries").filter_map(delivery).collect();
    record.events = events(ours);
    record
}

/// The file's next content. Fields of other people stay; the five of the older script keep names, meaning and types.
pub(crate) fn write(file: Option<&[u8]>, token: &Token, record: &Record) -> Vec<u8> {
    let mut fields = file.and_then(parse).unwrap_or_default();
    let token_type = text(&fields, "token_type").unwrap_or_else(|| "bearer".to_owned());
    fields.insert("access_token".to_owned(), token.hint().into());
    fields.insert("token_type".to_owned(), token_type.into());
    let life = record.expiry.instant().zip(record.issued_at).map(|(end, issued)| end.since(issued));
    set(&mut fields, "expires_in", life.map(Value::from));
    set(&mut fields, "expires_at", record.expiry.instant().map(|end| end.as_unix().into()));
    set(&mut fields, "refreshed_at", record.issued_at.map(|at| rfc3339(at).into()));
    fields.insert(OURS.to_owned(), ours(record));
    let mut bytes = serde_json::to_vec_pretty(&Value::Object(fields)).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// An unknown value is left out: the older script takes a missing field for "not known".
fn set(fields: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => fields.insert(name.to_owned(), value),
        None => fields.shift_remove(name),
    };
}

fn ours(record: &Record) -> Value {
    let expiry = match record.expiry {
        Expiry::At(_) => "known",
        Expiry::Assumed(_) => "assumed",
        Expiry::Never => "never",
        Expiry::Unknown => "unknown",
    };
    let failure = record.failure.as_ref().map(|failure| {
        let evidence = failure.evidence.clone().unwrap_or_default();
        json!({
            "cause": failure.cause.code(),
            "message": failure.message,
            "http_status": evidence.http_status,
            "code": evidence.code,
            "subcode": evidence.subcode,
            "type": evidence.kind,
            "meta_message": evidence.message,
            "user_title": evidence.user_title,
            "user_message": evidence.user_message,
            "trace_id": evidence.trace_id,
            "is_transient": evidence.is_transient,
            "retry_after": evidence.retry_after.map(|wait| wait.as_secs()),
            "attempts": failure.attempts,
            "first_at": rfc3339(failure.first_at),
            "last_at": rfc3339(failure.last_at),
            "next_attempt_at": rfc3339(failure.next_attempt_at),
            "reply_lost": failure.reply_lost,
        })
    });
    let deliveries: Vec<Value> = record
        .deliveries
        .iter()
        .map(|delivery| {
            json!({
                "target": delivery.target,
                "delivered": delivery.delivered.as_ref().map(ToString::to_string),
                "delivered_at": delivery.delivered_at.map(rfc3339),
                "failure": delivery.failure,
                "attempts": delivery.attempts,
            })
        })
        .collect();
    let events: Vec<Value> = record
        .events
        .iter()
        .map(|event| json!({ "at": rfc3339(event.at), "what": event.what.code(), "detail": event.detail }))
        .collect();
    json!({
        "schema": SCHEMA,
        "fingerprint": record.fingerprint.to_string(),
        "kind": record.kind.as_str(),
        "account": record.account.as_ref().map(AccountId::as_str),
        "username": record.username,
        "expiry": expiry,
        "data_access_ends": record.data_access_ends.map(rfc3339),
        "issued_at": record.issued_at.map(rfc3339),
        "first_seen": rfc3339(record.first_seen),
        "last_verified_at": record.last_verified_at.map(rfc3339),
        "too_young_until": record.too_young_until.map(rfc3339),
        "next_check_at": record.next_check_at.map(rfc3339),
        "failure": failure,
        "deliveries": deliveries,
        "events": events,
    })
}

fn failure(fields: &Map<String, Value>) -> Option<FailureState> {
    let evidence = Evidence {
        http_status: integer(fields, "http_status").and_then(|status| u16::try_from(status).ok()),
        code: integer(fields, "code"),
        subcode: integer(fields, "subcode"),
        kind: text(fields, "type"),
        message: text(fields, "meta_message"),
        user_title: text(fields, "user_title"),
        user_message: text(fields, "user_message"),
        trace_id: text(fields, "trace_id"),
        is_transient: fields.get("is_transient").and_then(Value::as_bool),
        retry_after: integer(fields, "retry_after").and_then(|s| u64::try_from(s).ok()).map(Duration::from_secs),
    };
    Some(FailureState {
        cause: Cause::from_code(&text(fields, "cause")?)?,
        message: text(fields, "message")?,
        evidence: (evidence != Evidence::default()).then_some(evidence),
        attempts: integer(fields, "attempts").and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
        first_at: time(fields, "first_at")?,
        last_at: time(fields, "last_at")?,
        next_attempt_at: time(fields, "next_attempt_at")?,
        reply_lost: fields.get("reply_lost").and_then(Value::as_bool).unwrap_or(false),
    })
}

fn delivery(entry: &Value) -> Option<Delivery> {
    let fields = entry.as_object()?;
    Some(Delivery {
        target: text(fields, "target")?,
        delivered: text(fields, "delivered").and_then(|fingerprint| fingerprint.parse().ok()),
        delivered_at: time(fields, "delivered_at"),
        failure: text(fields, "failure"),
        attempts: integer(fields, "attempts").and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
    })
}

fn events(ours: &Map<String, Value>) -> Vec<Event> {
    let mut events: Vec<Event> = list(ours, "events")
        .filter_map(|entry| {
            let fields = entry.as_object()?;
            let what = EventKind::from_code(&text(fields, "what")?)?;
            Some(Event { at: time(fields, "at")?, what, detail: text(fields, "detail")? })
        })
        .collect();
    events.drain(..events.len().saturating_sub(Record::EVENTS_KEPT));
    events
}

pub(crate) fn list<'a>(fields: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Value> {
    fields.get(name).and_then(Value::as_array).into_iter().flatten()
}

pub(crate) fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name)?.as_str().map(str::to_owned)
}

/// A whole number, also as text or as `1.8e9`: hand-made files have both.
pub(crate) fn integer(fields: &Map<String, Value>, name: &str) -> Option<i64> {
    let value = fields.get(name)?;
    #[expect(clippy::cast_possible_truncation, reason = "a float out of range saturates and is then implausible")]
    let whole = |number: f64| number.is_finite().then_some(number as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(whole)).or_else(|| value.as_str()?.trim().parse().ok())
}

pub(crate) fn time(fields: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    parse_time(fields.get(name)?.as_str()?)
}
