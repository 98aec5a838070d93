//! How much of the call allowance is used up, by Meta's headers.

use std::time::Duration;

use serde_json::Value;

use crate::{HttpReply, Timestamp};

/// How much of the call limit is used up. Empty if Meta sent no usage headers, as is normal at low usage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// The highest of all reported percentages. At 100, calls are refused.
    pub percent: Option<u8>,
    /// How long until calls are accepted again.
    pub regain_after: Option<Duration>,
}

impl Usage {
    /// Longer waits are capped: one week.
    const MAX_WAIT: Duration = Duration::from_secs(7 * 86_400);

    pub(crate) fn of(reply: &HttpReply) -> Self {
        let json = |name| reply.header(name).and_then(|text| serde_json::from_str::<Value>(text).ok());
        let app = json("x-app-usage");
        let business = json("x-business-use-case-usage");
        let entries: Vec<&Value> = business.iter().flat_map(values).flat_map(values).collect();
        let ads = json("x-ad-account-usage");
        let percentages = app.iter().chain(entries.iter().copied()).filter_map(highest_percentage);
        let percentages = percentages.chain(ads.as_ref().and_then(ads_percentage));
        let waits = entries.iter().filter_map(|entry| minutes(entry)).chain(ads.as_ref().and_then(ads_wait));
        Self {
            percent: percentages.max(),
            regain_after: waits.chain(retry_after(reply)).max().map(|wait| wait.min(Self::MAX_WAIT)),
        }
    }
}

/// Facebook's percentages are `call_count`, `total_time` and `total_cputime`, Instagram's `call_volume` and `cpu_time`:
/// so every number counts, except the one that is a time.
fn highest_percentage(entry: &Value) -> Option<u8> {
    let fields = entry.as_object()?.iter().filter(|(name, _)| *name != REGAIN);
    fields.filter_map(|(_, value)| value.as_f64()).map(percentage).max()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates: below 0 becomes 0, above 255 becomes 255"
)]
fn percentage(number: f64) -> u8 {
    number.ceil() as u8
}

/// In minutes, unlike `Retry-After`. Source: Meta's page on rate limits.
const REGAIN: &str = "estimated_time_to_regain_access";

fn minutes(entry: &Value) -> Option<Duration> {
    let minutes = entry.get(REGAIN)?.as_u64().filter(|&minutes| minutes > 0)?;
    Some(Duration::from_secs(minutes.saturating_mul(60)))
}

/// Source: Meta's page on rate limits, as for the two others.
fn ads_percentage(header: &Value) -> Option<u8> {
    header.get("acc_id_util_pct")?.as_f64().map(percentage)
}

/// In seconds. Meta states it at any usage, so it is a wait only once the limit is reached.
fn ads_wait(header: &Value) -> Option<Duration> {
    let seconds = header.get("reset_time_duration")?.as_u64()?;
    ads_percentage(header).filter(|percent| *percent >= 100).map(|_| Duration::from_secs(seconds))
}

/// `Retry-After`: seconds, or a date relative to the `Date` of the same reply (RFC 9110, 10.2.3).
fn retry_after(reply: &HttpReply) -> Option<Duration> {
    let text = reply.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = Timestamp::from_http_date(reply.header("date")?)?;
    let seconds = Timestamp::from_http_date(text)?.since(now);
    u64::try_from(seconds).ok().map(Duration::from_secs)
}

/// The values of an object or an array.
fn values(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    }
}
