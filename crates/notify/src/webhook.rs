//! Webhooks, signed as the Standard Webhooks specification requires.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use everlit_http::{Method, Request, Secret, Url};
use everlit_keeper::{Notice, Notifier, NotifyError};
use everlit_meta_api::BoxFuture;
use ring::hmac;

use crate::error::Error;
use crate::event::{event, id};
use crate::kind::Setup;
use crate::sender::Sender;

/// The user's own service, somewhere on the network.
#[derive(Debug)]
pub(crate) struct Webhook {
    name: String,
    url: Url,
    key: hmac::Key,
    sender: Sender,
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
        let url = Url::parse(setup.secret("URL")?.expose())?;
        Ok(Self { name: setup.name.to_owned(), url, key, sender: setup.sender()? })
    }

    /// `id` is the same in every attempt, so that a receiver can drop duplicates. The timestamp is that of the attempt,
    /// so that it can reject replayed messages.
    fn request(&self, id: &str, body: &str) -> Request {
        let stamp = self.sender.clock.now().as_unix();
        let signature = hmac::sign(&self.key, format!("{id}.{stamp}.{body}").as_bytes());
        let headers = vec![
            ("content-type", Secret::new("application/json")),
            ("webhook-id", Secret::new(id)),
            ("webhook-timestamp", Secret::new(stamp.to_string())),
            ("webhook-signature", Secret::new(format!("v1,{}", STANDARD.encode(signature)))),
        ];
        Request { method: Method::POST, url: self.url.clone(), headers, body: body.as_bytes().to_vec().into() }
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
            let remedy = "check the receiver and the URL that is stored for it";
            self.sender.send(&|| self.request(&id, &body), remedy).await.map(drop)
        })
    }
}
