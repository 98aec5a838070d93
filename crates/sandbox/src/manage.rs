//! The management API under `/_sandbox/`: JSON for scripts, forms for the page.

use bytes::Bytes;
use serde::{Deserialize as _, Serialize};
use serde_json::{Map, Value, json};

use crate::{
    call::{Call, Response},
    dates,
    endpoint::Product,
    fault::Injection,
    issue::Issue,
    knobs::{self, Knobs},
    page,
    sign::signed_request,
    state::Meta,
    token::{State, Token},
};

/// Keeps other websites out, which can reach the loopback interface through a visitor's browser.
///
/// # Errors
/// Why the call is rejected: its `Host` is not this machine (DNS rebinding), or another site sent the form.
pub(crate) fn guard(call: &Call) -> Result<(), &'static str> {
    let host = call.header_value("host").unwrap_or_default();
    if !is_loopback(host) {
        return Err("The sandbox only answers to localhost, 127.0.0.1 and [::1].\n");
    }
    if matches!(call.method.as_str(), "GET" | "HEAD") {
        return Ok(());
    }
    let site_fits = call.header_value("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin_fits = call.header_value("origin").is_none_or(|origin| origin.strip_prefix("http://") == Some(host));
    if site_fits && origin_fits { Ok(()) } else { Err("The sandbox does not accept forms from other sites.\n") }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Handles a call to the sandbox itself; `None` for a call to Meta. The date is the sandbox's, as in Meta's own replies.
pub(crate) fn handle(meta: &mut Meta, call: &Call, body: &[u8]) -> Option<Response> {
    let response = answer(meta, call, body)?;
    Some(response.with_header("date", dates::in_header(meta.now)))
}

fn answer(meta: &mut Meta, call: &Call, body: &[u8]) -> Option<Response> {
    match (call.method.as_str(), call.host.as_str(), call.path.as_str()) {
        ("GET" | "HEAD", "", "/") => Some(html(page::overview(meta, &call.query))),
        ("OPTIONS", "", "/") => Some(Response::new(204, "text/plain", Bytes::new()).with_header("allow", "GET, HEAD")),
        ("GET" | "HEAD", "favicon.ico", _) => Some(json_response(404, &json!({"error": "the sandbox has no icon"}))),
        (method, "_sandbox", path) => {
            let outcome = fields_of(call, body).and_then(|fields| route(meta, method, path, fields));
            Some(match outcome {
                Ok(_) if !call.form.is_empty() => back_to_the_page(call),
                Ok(value) => json_response(200, &value),
                Err(ApiError { status, message }) => json_response(status, &json!({ "error": message })),
            })
        }
        _ => None,
    }
}

/// Why a management call fails.
struct ApiError {
    status: u16,
    message: String,
}

#[allow(clippy::needless_pass_by_value, reason = "so that it can be passed to map_err")]
fn bad_request(message: impl ToString) -> ApiError {
    ApiError { status: 400, message: message.to_string() }
}

fn not_found(message: impl Into<String>) -> ApiError {
    ApiError { status: 404, message: message.into() }
}

/// All routes, shown for an unknown one.
const ROUTES: &str = "GET|POST /_sandbox/clock, GET|POST /_sandbox/tokens, POST /_sandbox/tokens/state, \
    GET|POST /_sandbox/knobs, GET|POST|DELETE /_sandbox/faults, GET|DELETE /_sandbox/log, \
    GET|DELETE /_sandbox/violations, GET /_sandbox/apps, POST /_sandbox/callback";

fn route(meta: &mut Meta, method: &str, path: &str, fields: Map<String, Value>) -> Result<Value, ApiError> {
    match (method, path) {
        ("GET", "/clock") => Ok(clock(meta)),
        ("POST", "/clock") => set_clock(meta, &fields),
        ("GET", "/tokens") => Ok(meta.tokens().map(|token| token_json(meta, token)).collect()),
        ("POST", "/tokens") => issue(meta, fields),
        ("POST", "/tokens/state") => set_state(meta, &fields),
        ("GET", "/knobs") => to_json(&meta.knobs),
        ("POST", "/knobs") => set_knobs(meta, fields),
        ("GET", "/faults") => to_json(meta.injections()),
        ("POST", "/faults") => {
            meta.inject(Injection::deserialize(Value::Object(fields)).map_err(bad_request)?);
            to_json(meta.injections())
        }
        ("DELETE", "/faults") => {
            meta.clear_injections();
            Ok(json!([]))
        }
        ("GET", "/log") => to_json(meta.log().collect::<Vec<_>>()),
        ("DELETE", "/log") => {
            meta.clear_log();
            Ok(json!([]))
        }
        ("GET", "/violations") => to_json(meta.violations().collect::<Vec<_>>()),
        ("DELETE", "/violations") => {
            meta.clear_violations();
            Ok(json!([]))
        }
        ("GET", "/apps") => to_json(&meta.apps),
        ("POST", "/callback") => callback(meta, &fields),
        _ => Err(not_found(format!("no such route; the routes are: {ROUTES}"))),
    }
}

fn to_json(value: impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(value).map_err(bad_request)
}

fn clock(meta: &Meta) -> Value {
    json!({"now": meta.now, "utc": dates::on_page(meta.now)})
}

/// `{"set": 1767225600}`, `{"advance_seconds": 60}` or `{"advance_days": 30}`; a negative number goes back.
fn set_clock(meta: &mut Meta, fields: &Map<String, Value>) -> Result<Value, ApiError> {
    let number = |name| fields.get(name).map(|value| value.as_i64().ok_or_else(|| not_a_whole_number(name)));
    if let Some(set) = number("set") {
        meta.now = set?;
    } else if let Some(seconds) = number("advance_seconds") {
        meta.advance(seconds?);
    } else if let Some(days) = number("advance_days") {
        meta.advance(days?.saturating_mul(86_400));
    } else {
        return Err(bad_request("set, advance_seconds or advance_days is needed"));
    }
    Ok(clock(meta))
}

fn not_a_whole_number(name: &str) -> ApiError {
    bad_request(format!("{name} must be a whole number"))
}

/// An [`Issue`] as JSON, with `age_days` as an alternative to `age`.
fn issue(meta: &mut Meta, mut fields: Map<String, Value>) -> Result<Value, ApiError> {
    if let Some(days) = fields.remove("age_days") {
        let days = days.as_i64().ok_or_else(|| not_a_whole_number("age_days"))?;
        fields.insert("age".into(), days.saturating_mul(86_400).into());
    }
    let issue = Issue::deserialize(Value::Object(fields)).map_err(bad_request)?;
    let text = meta.issue(&issue);
    Ok(meta.token(&text).map_or(Value::Null, |token| token_json(meta, token)))
}

/// `{"which": "#3" or a username, a user id or a token, "state": "revoked"}`
fn set_state(meta: &mut Meta, fields: &Map<String, Value>) -> Result<Value, ApiError> {
    let state = State::deserialize(fields.get("state").unwrap_or(&Value::Null)).map_err(bad_request)?;
    let which = fields.get("which").and_then(Value::as_str).unwrap_or_default();
    match meta.set_state(which, state) {
        0 => Err(not_found("no such token or account")),
        changed => Ok(json!({ "changed": changed })),
    }
}

/// Knobs by name. `"preset": "friendly"` or `"unfriendly"` sets all others.
fn set_knobs(meta: &mut Meta, mut fields: Map<String, Value>) -> Result<Value, ApiError> {
    let base = match fields.remove("preset").as_ref().and_then(Value::as_str) {
        None => meta.knobs.clone(),
        Some("friendly") => Knobs::friendly(),
        Some("unfriendly") => Knobs::default(),
        Some(_) => return Err(bad_request("preset must be friendly or unfriendly")),
    };
    meta.knobs = knobs::patched(&base, &Value::Object(fields)).map_err(bad_request)?;
    to_json(&meta.knobs)
}

/// `{"which": username or user id, "product": ...}`: what Meta posts to the app when that user removes it.
fn callback(meta: &Meta, fields: &Map<String, Value>) -> Result<Value, ApiError> {
    let product = fields.get("product").map_or(Ok(Product::Instagram), Product::deserialize).map_err(bad_request)?;
    let which = fields.get("which").and_then(Value::as_str).unwrap_or_default();
    let account = meta.accounts().iter().find(|account| account.product == product && account.is_named(which));
    match (account, meta.app(product)) {
        (Some(account), Some(app)) => {
            Ok(json!({"signed_request": signed_request(&app.secret, &account.app_scoped_id, meta.now)}))
        }
        _ => Err(not_found("no such account or app")),
    }
}

/// A token in the management API, in full because it is fake.
fn token_json(meta: &Meta, token: &Token) -> Value {
    let account = meta.account(token);
    json!({
        "id": token.id,
        "access_token": &*token.text,
        "kind": token.kind,
        "username": account.username,
        "user_id": account.user_id,
        "app_scoped_id": account.app_scoped_id,
        "app_id": &*token.app_id,
        "state": token.state_at(meta.now),
        "short": token.short,
        "issued_at": token.issued_at,
        "expires_at": token.expires_at,
        "data_access_expires_at": token.data_access_expires_at,
        "scopes": &*token.scopes,
        "calls": token.calls,
    })
}

/// The fields of a JSON object or of a form. A form's known numbers and flags are converted.
fn fields_of(call: &Call, body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    const NUMBERS: [&str; 6] = ["age", "age_days", "ttl", "set", "advance_seconds", "advance_days"];
    const FLAGS: [&str; 2] = ["short", "private"];
    if call.form.is_empty() {
        return if body.is_empty() { Ok(Map::new()) } else { serde_json::from_slice(body).map_err(bad_request) };
    }
    let filled = call.form.iter().filter(|(_, value)| !value.is_empty());
    filled
        .map(|(name, value)| {
            let value = if NUMBERS.contains(&name) {
                value.parse::<i64>().map_err(|_| not_a_whole_number(name))?.into()
            } else if FLAGS.contains(&name) {
                true.into()
            } else {
                value.into()
            };
            Ok((name.to_owned(), value))
        })
        .collect()
}

fn json_response(status: u16, value: &Value) -> Response {
    Response::new(status, "application/json", format!("{value:#}\n"))
}

fn html(page: String) -> Response {
    Response::new(200, "text/html; charset=utf-8", page).with_header("cache-control", "no-store")
}

/// Redirects after a form, so that a reload does not send it again: to the same search and page.
fn back_to_the_page(call: &Call) -> Response {
    let site = format!("http://{}/?", call.header_value("host").unwrap_or_default());
    let query = call.header_value("referer").and_then(|from| from.strip_prefix(&site));
    let query = query.filter(|query| query.bytes().all(|byte| byte.is_ascii_graphic()));
    let location = query.map_or_else(|| "/".to_owned(), |query| format!("/?{query}#tokens"));
    Response::new(303, "text/plain", Bytes::new()).with_header("location", location)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_hosts_are_accepted() {
        for host in ["127.0.0.1:4010", "localhost", "LOCALHOST:80", "[::1]:4010", "127.8.8.8"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "example.com", "127.0.0.1.example.com:80", "localhost.example.com", "10.0.0.1:80", "[::2]:1", ":80"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn forms_from_other_sites_are_rejected() {
        let post = || Call::new("POST", "/_sandbox/clock").header("Host", "127.0.0.1:4010");
        assert!(guard(&post()).is_ok());
        assert!(
            guard(&post().header("Origin", "http://127.0.0.1:4010").header("Sec-Fetch-Site", "same-origin")).is_ok()
        );
        assert!(guard(&post().header("Sec-Fetch-Site", "none")).is_ok());
        for (name, value) in [
            ("Origin", "https://example.com"),
            ("Origin", "null"),
            ("Origin", "http://127.0.0.1:4011"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
        ] {
            assert!(guard(&post().header(name, value)).is_err(), "{name}: {value}");
        }
    }
}
