//! Webhooks, signed as the Standard Webhooks specification requires.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use everlit_http::{Method, Request, Response, Secret, Url};
use everlit_keeper::Notice;
use everlit_meta_api::Timestamp;
use ring::hmac;

use crate::answer::{self, Answer};
use crate::event::id;
use crate::http_channel::HttpService;
use crate::{Error, Setup, event};

/// The user's own service, somewhere on the network.
#[derive(Debug)]
pub(crate) struct Webhook {
    url: Url,
    key: hmac::Key,
}

/// A signing secret from 32 random bytes, in the form of Standard Webhooks: `whsec_` and base64.
pub fn signing_secret(random: &[u8; 32]) -> Secret {
    Secret::new(format!("whsec_{}", STANDARD.encode(random)))
}

impl Webhook {
    pub(crate) fn new(setup: &Setup<'_>) -> Result<Self, Error> {
        let encoded = setup.secret("SECRET")?.expose().trim().strip_prefix("whsec_").ok_or(Error::SigningSecret)?;
        let bytes = zeroize::Zeroizing::new(STANDARD.decode(encoded).map_err(|_| Error::SigningSecret)?);
        if !(24..=64).contains(&bytes.len()) {
            return Err(Error::SigningSecret);
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
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
        let (id, stamp, body) = (id(notice), now.as_unix(), event(notice).to_string());
        let signature = hmac::sign(&self.key, format!("{id}.{stamp}.{body}").as_bytes());
        let headers = vec![
            ("content-type", Secret::new("application/json")),
            ("webhook-id", Secret::new(id)),
            ("webhook-timestamp", Secret::new(stamp.to_string())),
            ("webhook-signature", Secret::new(format!("v1,{}", STANDARD.encode(signature)))),
        ];
        Request { method: Method::POST, url: self.url.clone(), headers, body: body.into_bytes().into() }
    }

    fn answer(&self, response: &Response) -> Answer {
        answer::any(response)
    }

    fn remedy(&self) -> &'static str {
        "check the receiver and the URL that is stored for it"
    }
}
