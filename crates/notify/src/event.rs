//! A notice as JSON, for webhooks and commands.

use everlit_keeper::{Affected, News, Notice};
use everlit_meta_api::Timestamp;
use serde_json::{Value, json};

use crate::message::{Message, clean};

/// A notice for programs: `{"type", "timestamp", "data"}`, under 20 KB, without a token. Names are unchanged, because
/// programs compare them.
pub fn event(notice: &Notice) -> Value {
    /// Further accounts are only counted: `everlit status --json` lists them all.
    const NAMED: usize = 20;
    let (event_type, news) = names(notice);
    let accounts: Vec<Value> = notice.accounts.iter().take(NAMED).map(account).collect();
    let unreached: Vec<String> = notice.unreached.iter().take(5).map(|message| text(message, 100)).collect();
    let mut data = json!({
        "id": id(notice),
        "news": news,
        "title": Message::of(notice).title,
        "message": text(&notice.message, 600),
        "accounts": accounts,
        "accounts_total": notice.accounts.len(),
        "next": notice.next.as_ref().map(|next| text(&next.to_string(), 300)),
        "unreached": unreached,
    });
    if let News::Expiring { days } = notice.news {
        data["days"] = json!(days);
    }
    json!({ "type": event_type, "timestamp": rfc3339(notice.at), "data": data })
}

/// The dotted event type, by which receivers can filter, and the news.
fn names(notice: &Notice) -> (&'static str, &'static str) {
    let is_expired = |account: &Affected| account.expiry.instant().is_some_and(|end| end <= notice.at);
    match notice.news {
        News::NeedsPerson => ("token.refresh_failed", "needs_person"),
        News::NotSaved => ("store.write_failed", "not_saved"),
        News::FailingForLong => ("token.refresh_failing", "failing_for_long"),
        News::Expiring { .. } if notice.accounts.iter().all(is_expired) => ("token.expired", "expiring"),
        News::Expiring { .. } => ("token.expiring", "expiring"),
        News::Recovered => ("token.recovered", "recovered"),
        News::Test => ("test", "test"),
    }
}

fn account(account: &Affected) -> Value {
    json!({
        "name": text(account.name.as_str(), 64),
        "username": account.username.as_deref().map(|name| text(name, 32)),
        "since": account.since.map(rfc3339),
        "expires_at": account.expiry.instant().map(rfc3339),
    })
}

/// Without secrets, at most `longest` characters, each of which takes at most four bytes of JSON.
fn text(text: &str, longest: usize) -> String {
    clean(text).chars().take(longest).collect()
}

/// The notice's id, limited to the characters that it may contain: it goes into a header.
pub(crate) fn id(notice: &Notice) -> String {
    let is_allowed = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-';
    notice.id.chars().filter(is_allowed).take(64).collect()
}

/// `2027-01-03T03:17:00Z`
fn rfc3339(at: Timestamp) -> String {
    let clamped = at.as_unix().clamp(jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
    jiff::Timestamp::from_second(clamped).map_or_else(|_| clamped.to_string(), |instant| instant.to_string())
}
