//! A config var of an app on Heroku, which restarts the app's dynos.
//!
//! <https://devcenter.heroku.com/articles/platform-api-reference#config-vars>

use std::sync::Arc;

use everlit_http::Method;
use everlit_keeper::{DeliveryError, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use serde_json::json;

use crate::api::{Api, Body, encoded};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional, required};
use crate::place::{ONLY_READ, Place};
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "heroku",
    secrets: &[SecretSpec { suffix: "TOKEN", prompt: "Heroku API token", is_required: true }],
    options: &[required("project", Shape::Text), optional("url", Shape::Text)],
    effect: Effect::AtOnce,
    room: Room::EachKey,
    guide: "Create a token with `heroku authorizations:create --scope write-protected` (without --expires-in, it does not end). \
            The project is the app's name. Each change makes a release and restarts the dynos.",
    build,
};

#[derive(Debug)]
struct Heroku {
    api: Api,
    name: String,
    key: String,
    app: String,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let is_free = !setup.key.starts_with("HEROKU_") && !setup.key.starts_with("__");
    setup.valid_key(is_free, "a name without HEROKU_ or `__` at its start, as Heroku requires")?;
    let api = Api::new(setup, "https://api.heroku.com")?
        .with_bearer(setup.secret("TOKEN")?)
        .with("accept", "application/vnd.heroku+json; version=3");
    let (name, app) = (setup.name.to_owned(), setup.required("project")?.to_owned());
    Ok(Arc::new(Heroku { api, name, key: setup.variable()?, app }))
}

impl Heroku {
    fn app_path(&self) -> String {
        format!("/apps/{}", encoded(&self.app))
    }

    fn path(&self) -> String {
        format!("{}/config-vars", self.app_path())
    }

    async fn put(&self, token: &Token) -> Result<Receipt, DeliveryError> {
        let body = json!({&self.key: token.expose()});
        let (_, variables) = self.api.json(Method::PATCH, &self.path(), Body::Json(&body)).await?;
        self.api.expect(variables[&self.key] == *token.expose()).map(|()| Receipt::default())
    }
}

impl Target for Heroku {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(self.put(token))
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(async move { Ok(Holds::of(self.api.get(&self.path()).await?[&self.key].as_str(), token)) })
    }
}

impl Place for Heroku {
    fn plan(&self) -> String {
        format!("sets {} of the app {} and restarts its dynos", self.key, self.app)
    }

    /// A credential that may read the config vars, which are secrets, may write them unless its scope says otherwise.
    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let app = self.api.get(&self.app_path()).await?;
            self.api.expect(app["name"].is_string())?;
            let variables = self.api.get(&self.path()).await?;
            self.api.expect(variables.is_object()).map(|()| Receipt::default())
        })
    }

    fn checked(&self) -> &'static str {
        ONLY_READ
    }
}
