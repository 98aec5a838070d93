//! A CI/CD variable of a project on GitLab.
//!
//! <https://docs.gitlab.com/api/project_level_variables/>

use std::sync::Arc;

use everlit_http::{Method, Response};
use everlit_keeper::{DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::api::{Api, Body, encoded, found, query};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional, required};
use crate::place::Place;
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "gitlab-variable",
    secrets: &[SecretSpec { suffix: "TOKEN", prompt: "GitLab access token", is_required: true }],
    options: &[required("project", Shape::Text), optional("environments", Shape::List), optional("url", Shape::Text)],
    effect: Effect::NextRun,
    room: Room::EachKey,
    guide: "Create a project access token under Settings, Access tokens, with the role Maintainer and the scope api: it ends \
            after a year at most, and everlit tells before. CI_JOB_TOKEN cannot write variables. The project is its path \
            (group/name) or its number; environments are environment scopes (* if left out); url is your own GitLab. A variable \
            that everlit creates is masked.",
    build,
};

/// What GitLab tells about the credential. Tokens of groups and projects may ask it too.
const CREDENTIAL: &str = "/api/v4/personal_access_tokens/self";

/// The longest key.
const LONGEST_KEY: usize = 255;

#[derive(Debug)]
struct Gitlab {
    api: Api,
    name: String,
    key: String,
    project: String,
    scopes: Vec<String>,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_valid = !setup.key.is_empty() && setup.key.len() <= LONGEST_KEY && setup.key.chars().all(is_part);
    let key = setup.valid_key(is_valid, "1 to 255 letters, digits and `_`")?;
    let api = Api::new(setup, "https://gitlab.com")?.with("private-token", setup.secret("TOKEN")?.expose());
    let scopes = match setup.options.list("environments") {
        [] => vec!["*".to_owned()],
        listed => listed.to_vec(),
    };
    let (name, project) = (setup.name.to_owned(), setup.required("project")?.to_owned());
    Ok(Arc::new(Gitlab { api, name, key, project, scopes }))
}

impl Gitlab {
    fn variables(&self) -> String {
        format!("/api/v4/projects/{}/variables", encoded(&self.project))
    }

    fn variable(&self, scope: &str) -> String {
        let scope = query(&[("filter[environment_scope]", scope)]);
        format!("{}/{}?{scope}", self.variables(), self.key)
    }

    /// Updates the value and nothing else: GitLab refuses `masked` for a variable that is hidden.
    async fn put(&self, scope: &str, token: &Token) -> Result<(), DeliveryError> {
        let body = json!({"value": token.expose()});
        let updated = self.api.json(Method::PUT, &self.variable(scope), Body::Json(&body)).await;
        let (_, variable) = match found(updated)? {
            Some(updated) => updated,
            None => self.create(scope, token).await?,
        };
        self.api.expect(variable["key"] == *self.key && variable["environment_scope"] == *scope)
    }

    async fn create(&self, scope: &str, token: &Token) -> Result<(Response, Value), DeliveryError> {
        let body = json!({
            "key": self.key,
            "value": token.expose(),
            "environment_scope": scope,
            "masked": true,
            "raw": true,
        });
        self.api.json(Method::POST, &self.variables(), Body::Json(&body)).await
    }

    async fn may_write(&self) -> Result<Receipt, DeliveryError> {
        let variables = self.api.get(&format!("{}?per_page=1", self.variables())).await?;
        self.api.expect(variables.is_array())?;
        // An old GitLab may not know the call; what is no answer of GitLab's is an error all the same.
        let Some(credential) = found(self.api.get(CREDENTIAL).await)? else { return Ok(Receipt::default()) };
        let scopes = credential["scopes"].as_array().ok_or_else(|| self.api.odd())?;
        if !scopes.contains(&json!("api")) {
            let message = "the credential may only read: create one with the scope api";
            return Err(DeliveryError::new(DeliveryErrorClass::CredentialRefused, message));
        }
        Ok(receipt(&credential))
    }

    async fn holds(&self, token: &Token) -> Result<Holds, DeliveryError> {
        for scope in &self.scopes {
            let variable = found(self.api.get(&self.variable(scope)).await)?.unwrap_or_default();
            if variable["hidden"] == true {
                return Ok(Holds::Unreadable);
            }
            if variable["value"].as_str() != Some(token.expose()) {
                return Ok(Holds::Another);
            }
        }
        Ok(Holds::ThisToken)
    }
}

/// The credential ends as its day begins, in UTC.
fn receipt(credential: &Value) -> Receipt {
    let day: Option<Date> = credential["expires_at"].as_str().and_then(|day| day.parse().ok());
    let end = day.and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    Receipt { credential_ends_at: end.map(|end| Timestamp::from_unix(end.timestamp().as_second())) }
}

impl Target for Gitlab {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            for scope in &self.scopes {
                self.put(scope, token).await?;
            }
            Ok(receipt(&self.api.aside(CREDENTIAL).await))
        })
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(self.holds(token))
    }
}

impl Place for Gitlab {
    fn plan(&self) -> String {
        let scopes = match self.scopes.as_slice() {
            [all] if all == "*" => String::new(),
            scopes => format!(", environment {}", scopes.join(", ")),
        };
        format!("sets the variable {} of {}{scopes}", self.key, self.project)
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(self.may_write())
    }
}
