//! A notice as JSON, for webhooks and commands.

use everlit_keeper::{Affected, News, Notice};
use everlit_meta_api::Timestamp;
use serde_json::{Map, Value, json};

use crate::message::{Message, clean};

/// A notice for programs: `{"type", "timestamp", "data"}`, below 20 KB, without a token. Names stand in it as they are, for
/// a program compares them.
pub fn event(notice: &Notice) -> Value {
    /// More accounts are counted, not named: a receiver that wants them all asks `everlit status --json`.
    const NAMED: usize = 20;
    let message = Message::of(notice);
    let mut data = Map::new();
    data.insert("id".to_owned(), json!(id(notice)));
    data.insert("news".to_owned(), json!(news(notice.news)));
    if let News::Expiring { days } = notice.news {
        data.insert("days".to_owned(), json!(days));
    }
    data.insert("title".to_owned(), json!(message.title));
    data.insert("message".to_owned(), json!(text(&notice.message, 600)));
    data.insert("accounts".to_owned(), notice.accounts.iter().take(NAMED).map(account).collect());
    data.insert("accounts_total".to_owned(), json!(notice.accounts.len()));
    data.insert("next".to_owned(), json!(notice.next.as_ref().map(|next| text(&next.to_string(), 300))));
    let unreached: Vec<String> = notice.unreached.iter().take(5).map(|message| text(message, 100)).collect();
    data.insert("unreached".to_owned(), json!(unreached));
    json!({ "type": kind(notice), "timestamp": rfc3339(notice.at), "data": data })
}

/// The names of events, dots between the parts; a receiver may choose by them.
fn kind(notice: &Notice) -> &'static str {
    let all_over = |account: &Affected| account.expiry.instant().is_some_and(|end| end <= notice.at);
    match notice.news {
        News::NeedsPerson => "token.refresh_failed",
        News::NotSaved => "store.write_failed",
        News::Expiring { .. } if notice.accounts.iter().all(all_over) => "token.expired",
        News::Expiring { .. } => "token.expiring",
        News::WellAgain => "token.recovered",
        News::Test => "test",
    }
}

fn news(news: News) -> &'static str {
    match news {
        News::NeedsPerson => "needs_person",
        News::NotSaved => "not_saved",
        News::Expiring { .. } => "expiring",
        News::WellAgain => "well_again",
        News::Test => "test",
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

/// Without secrets, and at most so many characters; each takes four bytes of JSON at most.
fn text(text: &str, longest: usize) -> String {
    clean(text).chars().take(longest).collect()
}

/// The notice's id, in the letters that it is promised to have: it goes into a header.
pub(crate) fn id(notice: &Notice) -> String {
    let is_meant = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-';
    notice.id.chars().filter(is_meant).take(64).collect()
}

/// `2027-01-03T03:17:00Z`
fn rfc3339(at: Timestamp) -> String {
    let clamped = at.as_unix().clamp(jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
    jiff::Timestamp::from_second(clamped).map_or_else(|_| clamped.to_string(), |instant| instant.to_string())
}
