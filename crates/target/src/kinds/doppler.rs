//! A secret of a config in Doppler.
//!
//! <https://docs.doppler.com/reference/secrets-update>

use std::sync::Arc;

use everlit_http::Method;
use everlit_keeper::{DeliveryError, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use serde_json::json;

use crate::api::{Api, Body, found, query};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional, required};
use crate::place::{ONLY_READ, Place};
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "doppler",
    secrets: &[SecretSpec { suffix: "TOKEN", prompt: "Doppler token with write access", is_required: true }],
    options: &[required("project", Shape::Text), required("config", Shape::Text), optional("url", Shape::Text)],
    effect: Effect::NextStart,
    room: Room::EachKey,
    guide: "Create a service token of the config under Access, with read/write access. Programs under `doppler run` see the new \
            value when they start next; Doppler's own syncs carry it on. A branch config overrides what its root config holds.",
    build,
};

#[derive(Debug)]
struct Doppler {
    api: Api,
    name: String,
    key: String,
    project: String,
    config: String,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    const RESERVED: [&str; 3] = ["DOPPLER_PROJECT", "DOPPLER_ENVIRONMENT", "DOPPLER_CONFIG"];
    let is_valid = !setup.key.contains(|c: char| c.is_ascii_lowercase()) && !RESERVED.contains(&&*setup.key);
    setup.valid_key(is_valid, "capital letters, digits and `_`, and none of Doppler's own names")?;
    let (key, text) = (setup.variable()?, |key| setup.required(key).map(str::to_owned));
    let api = Api::new(setup, "https://api.doppler.com")?.with_bearer(setup.secret("TOKEN")?);
    let (project, config) = (text("project")?, text("config")?);
    Ok(Arc::new(Doppler { api, name: setup.name.to_owned(), key, project, config }))
}

impl Doppler {
    fn place(&self) -> [(&str, &str); 2] {
        [("project", &self.project), ("config", &self.config)]
    }

    async fn put(&self, token: &Token) -> Result<Receipt, DeliveryError> {
        let secrets = json!({&self.key: token.expose()});
        let body = json!({"project": self.project, "config": self.config, "secrets": secrets});
        let (_, answer) = self.api.json(Method::POST, "/v3/configs/config/secrets", Body::Json(&body)).await?;
        self.api.expect(answer["secrets"][&self.key].is_object()).map(|()| Receipt::default())
    }

    async fn holds(&self, token: &Token) -> Result<Holds, DeliveryError> {
        let [project, config] = self.place();
        let secret = query(&[project, config, ("name", &self.key)]);
        let Some(secret) = found(self.api.get(&format!("/v3/configs/config/secret?{secret}")).await)? else {
            return Ok(Holds::Another);
        };
        self.api.expect(secret["name"] == *self.key)?;
        // The value of a restricted secret is left out.
        Ok(secret["value"]["raw"].as_str().map_or(Holds::Unreadable, |held| Holds::of(Some(held), token)))
    }
}

impl Target for Doppler {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(self.put(token))
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(self.holds(token))
    }
}

impl Place for Doppler {
    fn plan(&self) -> String {
        format!("sets {} in the config {} of {}", self.key, self.config, self.project)
    }

    /// Whether the credential may write shows only when it does.
    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let found = self.api.get(&format!("/v3/configs/config?{}", query(&self.place()))).await?;
            self.api.expect(found["config"]["name"] == *self.config).map(|()| Receipt::default())
        })
    }

    fn checked(&self) -> &'static str {
        ONLY_READ
    }
}
