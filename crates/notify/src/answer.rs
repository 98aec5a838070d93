//! What a 2xx response says. Services report failures in them, and a proxy or a sign-in page answers 200 to anything.

use everlit_http::Response;
use serde_json::Value;

/// What a service says about a message or a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It has it.
    Accepted,
    /// It does not have it, but may take it later; says why.
    Later(&'static str),
    /// It does not have it; says why.
    Refused(&'static str),
    /// Not an answer that the service documents.
    Unknown,
}

/// Reads a 2xx response of one service.
pub(crate) type ReadAnswer = fn(&Response) -> Answer;

/// Whether the body is a web page. The `Content-Type` does not count: PHP calls everything HTML.
pub(crate) fn is_page(response: &Response) -> bool {
    let start = response.body.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let begins = |tag: &[u8]| start.get(..tag.len()).is_some_and(|first| first.eq_ignore_ascii_case(tag));
    [&b"<!doctype html"[..], b"<html", b"<head", b"<body", b"<script", b"<!--"].into_iter().any(begins)
}

/// Every answer will do.
pub(crate) fn any(_: &Response) -> Answer {
    Answer::Accepted
}

/// `ok` from Slack, Mattermost and Discord, `{"success":true}` from Rocket.Chat; nothing with a 204.
pub(crate) fn slack(response: &Response) -> Answer {
    let json = json(response);
    match text(response).as_str() {
        "ok" => Answer::Accepted,
        "" if response.status == 204 => Answer::Accepted,
        _ if ["success", "ok"].iter().any(|key| json[key] == true) => Answer::Accepted,
        _ if ["success", "ok"].iter().any(|key| json[key] == false) => Answer::Refused("its answer says so"),
        _ => Answer::Unknown,
    }
}

/// Nothing with a 204; the message if the URL ends in `?wait=true`.
pub(crate) fn discord(response: &Response) -> Answer {
    let has_message = json(response)["id"].is_string();
    if response.status == 204 || has_message { Answer::Accepted } else { Answer::Unknown }
}

/// 202 from a workflow, which has taken the request and not posted yet; `1` with a 200 from Teams itself. An empty 200 is
/// nobody's documented answer. What Teams itself said may stand in the body.
pub(crate) fn teams(response: &Response) -> Answer {
    let body = text(response);
    if let Some((_, status)) = body.split_once("returned http error ") {
        return match status.split(' ').next().and_then(|status| status.parse().ok()) {
            Some(429 | 500..=599_u16) => Answer::Later("the workflow ran, but Teams had an error or limits the rate"),
            _ => Answer::Refused("the workflow ran, but Teams rejected the message"),
        };
    }
    match (response.status, body.as_str()) {
        _ if body.contains("delivery failed") => Answer::Refused("the workflow ran, but Teams rejected the message"),
        (202, _) | (200, "1") => Answer::Accepted,
        _ => Answer::Unknown,
    }
}

/// The message that was published, as JSON.
pub(crate) fn ntfy(response: &Response) -> Answer {
    if json(response)["id"].is_string() { Answer::Accepted } else { Answer::Unknown }
}

/// `OK`. Healthchecks answers 200 even for a check that does not exist.
pub(crate) fn healthchecks(response: &Response) -> Answer {
    match text(response).as_str() {
        "ok" | "created" => Answer::Accepted,
        "ok (not found)" => Answer::Refused("there is no check with this URL"),
        "ok (rate limited)" => Answer::Later("it limits the rate"),
        _ => Answer::Unknown,
    }
}

/// `{"ok":true}`. Every other path of Uptime Kuma answers 200 with a page.
pub(crate) fn uptime_kuma(response: &Response) -> Answer {
    match &json(response)["ok"] {
        Value::Bool(true) => Answer::Accepted,
        Value::Bool(false) => Answer::Refused("there is no active monitor with this URL"),
        _ => Answer::Unknown,
    }
}

/// The body in lower case.
fn text(response: &Response) -> String {
    String::from_utf8_lossy(&response.body).trim().to_lowercase()
}

fn json(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_default()
}
