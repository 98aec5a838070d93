//! The reply as it goes out: status, headers, body, delivery.

use bytes::Bytes;
use serde_json::json;

use crate::{
    call::{Delivery, Response},
    dates,
    endpoint::{Endpoint, Product},
    error::{Envelope, MetaError},
    fault::Fault,
    knobs::Knobs,
    meta::{CallContext, Reply},
    variants::UsageHeaders,
};

/// What Meta's edge shows when it has no answer.
pub(crate) const BUSY_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Error</title></head><body>\
    <h1>Sorry, this content isn't available right now</h1>\
    <p>The link you followed may have expired, or the page may only be visible to an audience you're not in.</p></body></html>\n";

const JSON: &str = "application/json; charset=UTF-8";
const HTML: &str = "text/html; charset=utf-8";

/// Puts a reply, and what the fault makes of it, into an answer.
pub(crate) fn build(
    ctx: &mut CallContext<'_>,
    result: &Result<Reply, MetaError>,
    fault: Option<&Fault>,
    knobs: &Knobs,
    now: i64,
) -> Response {
    let trace = format!("A{}", alphanumeric_text(&mut ctx.rng, 22));
    let (status, content_type, body) = match result {
        Ok(Reply::Json(value)) => (200, JSON, value.to_string()),
        Ok(Reply::Html { status, page }) => (*status, HTML, page.clone()),
        Ok(Reply::Redirect(_)) => (302, HTML, String::new()),
        Ok(Reply::Empty { status }) => (*status, HTML, String::new()),
        Err(error) => (status_of(error, ctx, knobs), JSON, error.body(envelope_of(ctx), &trace).to_string()),
    };
    let mut headers = vec![
        ("content-type".to_owned(), content_type.to_owned()),
        ("cache-control".to_owned(), "no-store".to_owned()),
        ("x-fb-trace-id".to_owned(), trace),
        ("x-fb-request-id".to_owned(), alphanumeric_text(&mut ctx.rng, 22)),
        ("x-fb-rev".to_owned(), "1030000000".to_owned()),
    ];
    let clock_error = if let Some(Fault::WrongDate { seconds }) = fault { *seconds } else { 0 };
    headers.push(("date".to_owned(), dates::in_header(now.saturating_add(clock_error))));
    match result {
        Ok(Reply::Redirect(to)) => headers.push(("location".to_owned(), to.clone())),
        Ok(Reply::Json(_)) => headers.extend(usage_header(ctx, knobs)),
        Err(error) => {
            headers.extend(usage_header(ctx, knobs));
            headers.extend(www_authenticate(error, ctx.product));
        }
        Ok(_) => {}
    }
    let version = if ctx.product == Product::Instagram { "instagram-api-version" } else { "facebook-api-version" };
    headers.push((version.to_owned(), "v25.0".to_owned()));
    Response { status, headers, delivery: delivery(fault, body.len()), body: Bytes::from(body) }
}

fn delivery(fault: Option<&Fault>, length: usize) -> Delivery {
    match fault {
        Some(Fault::Dropped) => Delivery::Dropped,
        Some(Fault::LostReply) => Delivery::LostAfterApply,
        Some(Fault::Truncated) => Delivery::Truncated(length / 2),
        Some(Fault::Slow { millis }) => Delivery::Slow(*millis),
        Some(Fault::Drip { millis }) => Delivery::Drip(*millis),
        Some(Fault::Huge { bytes }) => Delivery::Huge(*bytes),
        _ => Delivery::Whole,
    }
}

/// The HTTP status that Meta mostly uses for an error; no client should lean on it.
fn status_of(error: &MetaError, ctx: &CallContext<'_>, knobs: &Knobs) -> u16 {
    match (error.status, error.code, ctx.product) {
        (Some(status), _, _) => status,
        (None, 190 | 10 | 100, Product::Threads) => knobs.threads_status,
        (None, 10 | 200..=299, _) => 403,
        (None, 1 | 2, Product::Threads | Product::Instagram) => 500,
        _ => 400,
    }
}

fn envelope_of(ctx: &CallContext<'_>) -> Envelope {
    match (ctx.endpoint, ctx.product) {
        (Endpoint::Authorize, Product::Threads) => Envelope::Threads,
        (Endpoint::Authorize | Endpoint::CodeExchange, Product::Instagram) => Envelope::Legacy,
        _ => Envelope::Graph,
    }
}

fn www_authenticate(error: &MetaError, product: Product) -> Option<(String, String)> {
    let kind = match error.code {
        190 | 102 | 452 => "invalid_token",
        100 if error.message.contains("authorization code") => "invalid_code",
        _ => "invalid_request",
    };
    // A header holds ASCII; Meta's messages in other languages do not fit.
    let fits = error.message.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'"');
    (product != Product::Threads && fits).then(|| {
        ("www-authenticate".to_owned(), format!("OAuth \"Facebook Platform\" \"{kind}\" \"{}\"", error.message))
    })
}

fn usage_header(ctx: &mut CallContext<'_>, knobs: &Knobs) -> Option<(String, String)> {
    let percent = knobs.usage_percent;
    let (name, value) = match knobs.usage_headers.pick(&mut ctx.rng) {
        UsageHeaders::Absent => return None,
        UsageHeaders::Facebook => {
            ("x-app-usage", json!({"call_count": percent, "total_time": percent / 2, "total_cputime": 1}).to_string())
        }
        UsageHeaders::Instagram => ("x-app-usage", json!({"call_volume": percent, "cpu_time": 0}).to_string()),
        UsageHeaders::Business => {
            let regain = knobs.usage_regain_minutes;
            let entry = json!({"type": "instagram", "call_count": percent, "total_cputime": 1, "total_time": percent / 2,
                               "estimated_time_to_regain_access": regain});
            ("x-business-use-case-usage", json!({"104000000000099": [entry]}).to_string())
        }
        UsageHeaders::Malformed => ("x-app-usage", "{call_count:".to_owned()),
    };
    Some((name.to_owned(), value))
}

/// So many random letters and digits.
pub(crate) fn alphanumeric_text(rng: &mut fastrand::Rng, count: usize) -> String {
    (0..count).map(|_| rng.alphanumeric()).collect()
}
