//! Builds the HTTP response: status, headers, body and delivery.

use serde_json::json;

use crate::{
    call::{Delivery, Response},
    dates,
    endpoint::{Endpoint, Product},
    error::{Envelope, MetaError},
    fault::Fault,
    knobs::Knobs,
    state::{CallContext, Reply},
    token::random_text,
    variants::UsageHeaders,
};

/// The page that Meta's edge servers show when they have no reply.
pub(crate) const BUSY_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Error</title></head><body>\
    <h1>Sorry, this content isn't available right now</h1>\
    <p>The link you followed may have expired, or the page may only be visible to an audience you're \
    not in.</p></body></html>\n";

const JSON: &str = "application/json; charset=UTF-8";
const HTML: &str = "text/html; charset=utf-8";

/// Builds the response for an endpoint's result, with the effects of the fault.
pub(crate) fn build(
    ctx: &mut CallContext<'_>,
    result: &Result<Reply, MetaError>,
    fault: Option<&Fault>,
    knobs: &Knobs,
    now: i64,
) -> Response {
    let trace = format!("A{}", random_text(&mut ctx.rng, 22));
    let (status, content_type, body) = match result {
        Ok(Reply::Json(value)) => (200, JSON, value.to_string()),
        Ok(Reply::Html { status, page }) => (*status, HTML, page.clone()),
        Ok(Reply::Redirect(_)) => (302, HTML, String::new()),
        Ok(Reply::Empty { status }) => (*status, HTML, String::new()),
        Err(error) => (status_of(error, ctx, knobs), JSON, error.body(envelope_of(ctx), &trace).to_string()),
    };
    let date_error = if let Some(Fault::WrongDate { seconds }) = fault { *seconds } else { 0 };
    let delivery = delivery(fault, body.len());
    let mut response = Response::new(status, content_type, body)
        .with_header("cache-control", "no-store")
        .with_header("x-fb-trace-id", trace)
        .with_header("x-fb-request-id", random_text(&mut ctx.rng, 22))
        .with_header("x-fb-rev", "1030000000")
        .with_header("date", dates::in_header(now.saturating_add(date_error)));
    if let Ok(Reply::Redirect(location)) = result {
        response = response.with_header("location", location);
    }
    if let Ok(Reply::Json(_)) | Err(_) = result
        && let Some((name, value)) = usage_header(ctx, knobs)
    {
        response = response.with_header(name, value);
    }
    if let Err(error) = result
        && let Some(value) = www_authenticate(error, ctx.product)
    {
        response = response.with_header("www-authenticate", value);
    }
    let version = if ctx.product == Product::Instagram { "instagram-api-version" } else { "facebook-api-version" };
    Response { delivery, ..response.with_header(version, "v25.0") }
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

/// The HTTP status that Meta mostly uses for an error. Clients must not rely on it.
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

fn www_authenticate(error: &MetaError, product: Product) -> Option<String> {
    let kind = match error.code {
        190 | 102 | 452 => "invalid_token",
        100 if error.message.contains("authorization code") => "invalid_code",
        _ => "invalid_request",
    };
    // Headers are ASCII, so Meta's messages in other languages do not fit.
    let fits = error.message.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'"');
    (product != Product::Threads && fits)
        .then(|| format!("OAuth \"Facebook Platform\" \"{kind}\" \"{}\"", error.message))
}

fn usage_header(ctx: &mut CallContext<'_>, knobs: &Knobs) -> Option<(&'static str, String)> {
    let percent = knobs.usage_percent;
    Some(match knobs.usage_headers.pick(&mut ctx.rng) {
        UsageHeaders::Absent => return None,
        UsageHeaders::Facebook => {
            ("x-app-usage", json!({"call_count": percent, "total_time": percent / 2, "total_cputime": 1}).to_string())
        }
        UsageHeaders::Instagram => ("x-app-usage", json!({"call_volume": percent, "cpu_time": 0}).to_string()),
        UsageHeaders::Business => {
            let entry = json!({"type": "instagram", "call_count": percent, "total_cputime": 1,
                               "total_time": percent / 2, "estimated_time_to_regain_access": knobs.usage_regain_minutes});
            ("x-business-use-case-usage", json!({"104000000000099": [entry]}).to_string())
        }
        UsageHeaders::Malformed => ("x-app-usage", "{call_count:".to_owned()),
    })
}
