//! A signed webhook by the Standard Webhooks specification.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use everlit_http::{Request, Secret, Url};
use everlit_keeper::{Affected, News, Notice, Notifier, NotifyError};
use everlit_meta_api::{BoxFuture, Timestamp};
use ring::hmac;
use serde_json::{Map, Value, json};

use crate::message::{Message, clean};
use crate::{Error, Sender};

/// A program of the user's own, somewhere on the network.
#[derive(Debug)]
pub struct Webhook {
    name: String,
    url: Url,
    key: hmac::Key,
    sender: Sender,
}

/// The secret that is made of these random bytes, in the form in which [`Webhook::new`] takes it.
pub fn signing_secret(random: &[u8; 32]) -> Secret {
    Secret::new(format!("whsec_{}", STANDARD.encode(random)))
}

impl Webhook {
    /// The program at `url`; `signing` is `whsec_` and the base64 of 24 to 64 random bytes, known to both sides.
    pub fn new(name: impl Into<String>, url: &Secret, signing: &Secret, sender: Sender) -> Result<Self, Error> {
        let encoded = signing.expose().trim().strip_prefix("whsec_").ok_or(Error::SigningSecret)?;
        let bytes = zeroize::Zeroizing::new(STANDARD.decode(encoded).map_err(|_| Error::SigningSecret)?);
        if !(24..=64).contains(&bytes.len()) {
            return Err(Error::SigningSecret);
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        Ok(Self { name: name.into(), url: Url::parse(url.expose())?, key, sender })
    }

    /// `id` stays the same at every try, so that a receiver can tell a repetition; the stamp is that of the try, so that it
    /// can refuse an old message that somebody plays back.
    fn request(&self, id: &str, body: &str) -> Request {
        let stamp = self.sender.clock.now().as_unix();
        let signature = hmac::sign(&self.key, format!("{id}.{stamp}.{body}").as_bytes());
        let headers = vec![
            ("content-type", Secret::new("application/json")),
            ("webhook-id", Secret::new(id)),
            ("webhook-timestamp", Secret::new(stamp.to_string())),
            ("webhook-signature", Secret::new(format!("v1,{}", STANDARD.encode(signature)))),
        ];
        Request { method: "POST", url: self.url.clone(), headers, body: body.as_bytes().to_vec().into() }
    }
}

impl Notifier for Webhook {
    fn name(&self) -> &str {
        &self.name
    }

    fn goes_to(&self) -> Option<&str> {
        Some(self.url.origin().host())
    }

    fn notify<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        Box::pin(async move {
            let (id, body) = (id(notice), event(notice).to_string());
            let remedy = "look at the receiver and at the address that is stored for it";
            self.sender.send(&|| self.request(&id, &body), remedy).await.map(drop)
        })
    }
}

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
    data.insert("next".to_owned(), json!(notice.next.as_deref().map(|next| text(next, 300))));
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
