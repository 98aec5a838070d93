//! A webhook, signed as the Standard Webhooks specification requires; with the token only where the settings say so.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use std::sync::Arc;

use everlit_http::{HttpClient, Method, Request, Secret, Url};
use everlit_keeper::{AccountName, Clock, DeliveryError, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use everlit_webhook::SigningKey;
use serde_json::json;

use crate::api::send;
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional};
use crate::place::Place;
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "webhook",
    secrets: &[
        SecretSpec { suffix: "URL", prompt: "URL of the webhook", is_required: true },
        SecretSpec { suffix: "SECRET", prompt: "Signing secret (whsec_...)", is_required: true },
    ],
    options: &[optional("token", Shape::OneOf(&["true", "false"]))],
    effect: Effect::Theirs,
    room: Room::Any,
    guide: "A signed POST (Standard Webhooks) that says that the token is new. It holds the token only with token = \"true\".",
    build,
};

#[derive(Debug)]
struct Webhook {
    http: HttpClient,
    url: Url,
    signing_key: SigningKey,
    clock: Arc<dyn Clock>,
    name: String,
    account: AccountName,
    key: String,
    has_token: bool,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    Ok(Arc::new(Webhook {
        http: setup.http()?,
        url: setup.secret_url("URL")?,
        signing_key: SigningKey::parse(setup.secret("SECRET")?.expose()).ok_or(Error::SigningSecret)?,
        clock: Arc::clone(&setup.clock),
        name: setup.name.to_owned(),
        account: setup.account.clone(),
        key: setup.key.clone(),
        has_token: setup.options.text("token") == Some("true"),
    }))
}

impl Webhook {
    /// The id is the same for the same token, so that a receiver can drop what it has seen. The timestamp is that of the
    /// attempt, so that it can reject replays.
    fn request(&self, token: &Token, expires_at: Option<Timestamp>) -> Request {
        let fingerprint = token.fingerprint().to_string();
        let id = format!("{}-{}-{fingerprint}", self.name, self.account).replace(':', "-");
        let mut body = json!({
            "type": "token.refreshed",
            "account": self.account.as_str(),
            "key": self.key,
            "platform": token.kind().as_str(),
            "fingerprint": fingerprint,
            "expires_at": expires_at.map(Timestamp::as_unix),
        });
        if self.has_token {
            body["access_token"] = token.expose().into();
        }
        let body = body.to_string();
        let mut headers = vec![("content-type", Secret::new("application/json"))];
        headers.extend(self.signing_key.headers(&id, self.clock.now(), &body));
        Request { method: Method::POST, url: self.url.clone(), headers, body: body.into_bytes().into() }
    }
}

impl Target for Webhook {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(
        &'a self,
        token: &'a Token,
        expires_at: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move { send(&self.http, self.request(token, expires_at)).await.map(|_| Receipt::default()) })
    }
}

impl Place for Webhook {
    fn plan(&self) -> String {
        let what = if self.has_token { "the token" } else { "that the token is new, without the token" };
        format!("sends {what} to {}", self.url.origin().host())
    }

    /// A webhook can only be called.
    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(std::future::ready(Ok(Receipt::default())))
    }
}
