//! Webhooks, signed as the Standard Webhooks specification requires.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use everlit_http::{Method, Request, Response, Secret, Url};
use everlit_keeper::Notice;
use everlit_meta_api::Timestamp;
use everlit_webhook::SigningKey;

use crate::answer::{self, Answer};
use crate::event::id;
use crate::http_channel::HttpService;
use crate::{Error, Setup, event};

/// The user's own service, somewhere on the network.
#[derive(Debug)]
pub(crate) struct Webhook {
    url: Url,
    key: SigningKey,
}

/// A signing secret from 32 random bytes, in the form of Standard Webhooks: `whsec_` and base64.
pub fn signing_secret(random: &[u8; 32]) -> Secret {
    Secret::new(format!("whsec_{}", STANDARD.encode(random)))
}

impl Webhook {
    pub(crate) fn new(setup: &Setup<'_>) -> Result<Self, Error> {
        let key = SigningKey::parse(setup.secret("SECRET")?.expose()).ok_or(Error::SigningSecret)?;
        Ok(Self { url: setup.url()?, key })
    }
}

impl HttpService for Webhook {
    fn url(&self) -> &Url {
        &self.url
    }

    /// The id is the same in every attempt, so that receivers can drop duplicates. The timestamp is that of the
    /// attempt, so that they can reject replayed messages.
    fn request(&self, notice: &Notice, now: Timestamp) -> Request {
        let body = event(notice).to_string();
        let mut headers = vec![("content-type", Secret::new("application/json"))];
        headers.extend(self.key.headers(&id(notice), now, &body));
        Request { method: Method::POST, url: self.url.clone(), headers, body: body.into_bytes().into() }
    }

    fn answer(&self, response: &Response) -> Answer {
        answer::any(response)
    }

    fn remedy(&self) -> &'static str {
        "check the receiver and the URL that is stored for it"
    }
}
