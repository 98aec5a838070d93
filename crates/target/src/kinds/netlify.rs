//! Environment variables of a site on Netlify, and a build: only new deploys see a new value.
//!
//! <https://open-api.netlify.com/#tag/environmentVariables>

use std::sync::Arc;

use everlit_http::Method;
use everlit_keeper::{Activation, DeliveryError, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use serde_json::{Value, json};

use crate::api::{Api, Body, encoded, found};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional, required};
use crate::place::{ONLY_READ, Place};
use crate::redeploy::{AFTER, DEPLOY_HOOK, activation};
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "netlify",
    secrets: &[SecretSpec { suffix: "TOKEN", prompt: "Netlify token", is_required: true }, DEPLOY_HOOK],
    options: &[
        required("project", Shape::Text),
        optional("environments", Shape::List),
        required("after", Shape::OneOf(&AFTER)),
        optional("url", Shape::Text),
    ],
    effect: Effect::NextDeployment,
    room: Room::EachKey,
    guide: "Create a personal access token under User settings, Applications. The project is the site's id, or its domain \
            (bakery.netlify.app). environments are deploy contexts: production, deploy-preview and branch-deploy if left out; \
            also dev, all, and branch:NAME. Only new deploys see a new value: set after = \"redeploy\", or after = \"hook\" with \
            a build hook.",
    build,
};

#[derive(Debug)]
struct Netlify {
    api: Arc<Api>,
    name: String,
    key: String,
    project: String,
    contexts: Vec<Context>,
    after: Option<Arc<dyn Activation>>,
}

/// A deploy context.
#[derive(Debug)]
struct Context {
    kind: String,
    branch: Option<String>,
}

/// Where the variables of a site are.
struct Site {
    id: String,
    account: String,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let api = Arc::new(Api::new(setup, "https://api.netlify.com")?.with_bearer(setup.secret("TOKEN")?));
    let contexts = match setup.options.list("environments") {
        [] => ["production", "deploy-preview", "branch-deploy"].map(str::to_owned).to_vec(),
        listed => listed.to_vec(),
    };
    let contexts = contexts.iter().map(|name| Context::parse(name)).collect::<Result<_, _>>()?;
    let project = setup.required("project")?.to_owned();
    let after = activation(setup, |name| Arc::new(Build { api: Arc::clone(&api), name, project: project.clone() }))?;
    Ok(Arc::new(Netlify { api, name: setup.name.to_owned(), key: setup.variable()?, project, contexts, after }))
}

impl Context {
    fn parse(name: &str) -> Result<Self, Error> {
        const KNOWN: [&str; 6] = ["all", "dev", "dev-server", "branch-deploy", "deploy-preview", "production"];
        match name.strip_prefix("branch:") {
            Some(branch) if !branch.is_empty() => {
                Ok(Self { kind: "branch".to_owned(), branch: Some(branch.to_owned()) })
            }
            _ if KNOWN.contains(&name) => Ok(Self { kind: name.to_owned(), branch: None }),
            _ => {
                let message = format!("has {name}; Netlify knows {}, branch:NAME", KNOWN.join(", "));
                Err(Error::Setting("environments", message))
            }
        }
    }

    fn shown(&self) -> String {
        self.branch.as_ref().map_or_else(|| self.kind.clone(), |branch| format!("branch {branch}"))
    }

    /// As the API takes it.
    fn with_value(&self, value: &str) -> Value {
        let mut body = json!({"context": self.kind, "value": value});
        if let Some(branch) = &self.branch {
            body["context_parameter"] = json!(branch);
        }
        body
    }

    /// The value that a variable has in this context.
    fn value_in<'v>(&self, variable: &'v Value) -> Option<&'v str> {
        let values = variable["values"].as_array()?;
        let is_this = |value: &&Value| {
            value["context"] == *self.kind && value["context_parameter"].as_str() == self.branch.as_deref()
        };
        values.iter().find(is_this)?["value"].as_str()
    }
}

impl Site {
    fn variables(&self) -> String {
        format!("/api/v1/accounts/{}/env?site_id={}", encoded(&self.account), encoded(&self.id))
    }

    fn variable(&self, key: &str) -> String {
        format!("/api/v1/accounts/{}/env/{key}?site_id={}", encoded(&self.account), encoded(&self.id))
    }
}

impl Netlify {
    async fn site(&self) -> Result<Site, DeliveryError> {
        let site = self.api.get(&format!("/api/v1/sites/{}", encoded(&self.project))).await?;
        let text = |name: &str| site[name].as_str().map(str::to_owned).ok_or_else(|| self.api.odd());
        Ok(Site { id: text("id")?, account: text("account_slug")? })
    }

    async fn put(&self, token: &Token) -> Result<Receipt, DeliveryError> {
        let site = self.site().await?;
        for context in &self.contexts {
            let body = context.with_value(token.expose());
            let path = site.variable(&self.key);
            match found(self.api.json(Method::PATCH, &path, Body::Json(&body)).await)? {
                Some((_, variable)) => self.api.expect(self.has(&variable, context, token))?,
                None => return self.create(&site, token).await,
            }
        }
        Ok(Receipt::default())
    }

    async fn create(&self, site: &Site, token: &Token) -> Result<Receipt, DeliveryError> {
        let values: Vec<Value> = self.contexts.iter().map(|context| context.with_value(token.expose())).collect();
        let body = json!([{"key": self.key, "values": values}]);
        let (_, created) = self.api.json(Method::POST, &site.variables(), Body::Json(&body)).await?;
        let has_all = self.contexts.iter().all(|context| self.has(&created[0], context, token));
        self.api.expect(has_all).map(|()| Receipt::default())
    }

    /// Whether the answer shows the token in this context, or may not show it.
    fn has(&self, variable: &Value, context: &Context, token: &Token) -> bool {
        let is_shown = context.value_in(variable) == Some(token.expose());
        variable["key"] == *self.key && (is_shown || is_secret(variable))
    }

    async fn holds(&self, token: &Token) -> Result<Holds, DeliveryError> {
        let site = self.site().await?;
        Ok(match found(self.api.get(&site.variable(&self.key)).await)? {
            Some(variable) if is_secret(&variable) => Holds::Unreadable,
            Some(variable) if self.contexts.iter().all(|context| self.has(&variable, context, token)) => {
                Holds::ThisToken
            }
            _ => Holds::Another,
        })
    }
}

fn is_secret(variable: &Value) -> bool {
    variable["is_secret"] == true
}

impl Target for Netlify {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(self.put(token))
    }

    fn activation(&self) -> Option<Arc<dyn Activation>> {
        self.after.clone()
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(self.holds(token))
    }
}

impl Place for Netlify {
    fn plan(&self) -> String {
        let then = if self.after.is_some() { ", then deploys it" } else { "" };
        let contexts: Vec<String> = self.contexts.iter().map(Context::shown).collect();
        format!("sets {} for {} of the site {}{then}", self.key, contexts.join(", "), self.project)
    }

    /// Reading the variables needs the same access to the site as setting one.
    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let variables = self.api.get(&self.site().await?.variables()).await?;
            self.api.expect(variables.is_array()).map(|()| Receipt::default())
        })
    }

    fn checked(&self) -> &'static str {
        ONLY_READ
    }
}

/// Builds and deploys what is on the production branch.
#[derive(Debug)]
struct Build {
    api: Arc<Api>,
    name: String,
    project: String,
}

impl Activation for Build {
    fn name(&self) -> &str {
        &self.name
    }

    fn activate(&self) -> BoxFuture<'_, Result<(), DeliveryError>> {
        Box::pin(async move {
            let path = format!("/api/v1/sites/{}/builds", encoded(&self.project));
            let (_, build) = self.api.json(Method::POST, &path, Body::Empty).await?;
            self.api.expect(build["id"].is_string())
        })
    }
}
