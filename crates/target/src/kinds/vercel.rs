//! Environment variables of a project on Vercel, and a redeployment: only new deployments see a new value.
//!
//! <https://vercel.com/docs/rest-api/projects/create-one-or-more-environment-variables>

use std::sync::Arc;

use everlit_http::Method;
use everlit_keeper::{Activation, DeliveryError, DeliveryErrorClass, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token, clean};
use everlit_options::Shape;
use serde_json::{Value, json};

use crate::api::{Api, Body, encoded, query};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional, required};
use crate::place::{ONLY_READ, Place};
use crate::redeploy::{AFTER, DEPLOY_HOOK, activation};
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "vercel",
    secrets: &[SecretSpec { suffix: "TOKEN", prompt: "Vercel token", is_required: true }, DEPLOY_HOOK],
    options: &[
        required("project", Shape::Text),
        optional("team", Shape::Text),
        optional("environments", Shape::List),
        required("after", Shape::OneOf(&AFTER)),
        optional("url", Shape::Text),
    ],
    effect: Effect::NextDeployment,
    room: Room::EachKey,
    guide: "Create a token under Account Settings, Tokens, for the team of the project. The project is its name or its id \
            (prj_...), the team its id (team_...). Only new deployments see a new value: set after = \"redeploy\", or after = \
            \"hook\" with a deploy hook of the project.",
    build,
};

#[derive(Debug)]
struct Vercel {
    api: Arc<Api>,
    name: String,
    key: String,
    project: String,
    team: Option<String>,
    environments: Vec<String>,
    after: Option<Arc<dyn Activation>>,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let api = Arc::new(Api::new(setup, "https://api.vercel.com")?.with_bearer(setup.secret("TOKEN")?));
    let environments = match setup.options.list("environments") {
        [] => vec!["production".to_owned(), "preview".to_owned()],
        listed => listed.to_vec(),
    };
    let known = ["production", "preview", "development"];
    if let Some(unknown) = environments.iter().find(|name| !known.contains(&name.as_str())) {
        let message = format!("has {unknown}; Vercel knows {}", known.join(", "));
        return Err(Error::Setting("environments", message));
    }
    let (project, team) = (setup.required("project")?.to_owned(), setup.options.text("team").map(str::to_owned));
    let after = activation(setup, |name| {
        Arc::new(Redeploy { api: Arc::clone(&api), name, project: project.clone(), team: team.clone() })
    })?;
    Ok(Arc::new(Vercel {
        api,
        name: setup.name.to_owned(),
        key: setup.key.clone(),
        project,
        team,
        environments,
        after,
    }))
}

/// A path with a query for this team.
fn path(path: &str, pairs: &[(&str, &str)], team: Option<&str>) -> String {
    let team = team.map(|team| ("teamId", team));
    let pairs: Vec<_> = pairs.iter().copied().chain(team).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", query(&pairs)) }
}

impl Vercel {
    fn path(&self, pairs: &[(&str, &str)]) -> String {
        path(&format!("/v10/projects/{}/env", encoded(&self.project)), pairs, self.team.as_deref())
    }

    /// Vercel refuses sensitive values for development, so that one is set by itself.
    async fn put(&self, token: &Token, kind: &str, environments: &[&str]) -> Result<(), DeliveryError> {
        if environments.is_empty() {
            return Ok(());
        }
        let body = json!({"key": self.key, "value": token.expose(), "type": kind, "target": environments});
        let (_, answer) = self.api.json(Method::POST, &self.path(&[("upsert", "true")]), Body::Json(&body)).await?;
        if !answer["created"].is_object() && !answer["created"].is_array() {
            return Err(self.api.odd());
        }
        // Vercel answers 201 and lists here what it has not done.
        match answer["failed"].as_array().and_then(|failed| failed.first()) {
            None => Ok(()),
            Some(failed) => {
                let why = clean(failed["error"]["message"].as_str().unwrap_or("it does not say why"));
                let message = format!("{} did not set {}: {why}", self.api.host(), self.key);
                Err(DeliveryError::new(DeliveryErrorClass::RefusedByRule, message))
            }
        }
    }
}

impl Target for Vercel {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let (development, deployed): (Vec<&str>, Vec<&str>) =
                self.environments.iter().map(String::as_str).partition(|name| *name == "development");
            self.put(token, "sensitive", &deployed).await?;
            self.put(token, "encrypted", &development).await?;
            Ok(Receipt::default())
        })
    }

    fn activation(&self) -> Option<Arc<dyn Activation>> {
        self.after.clone()
    }
}

impl Place for Vercel {
    fn plan(&self) -> String {
        let then = if self.after.is_some() { ", then redeploys it" } else { "" };
        let (key, project) = (&self.key, &self.project);
        format!("sets {key} for {} of the project {project}{then}", self.environments.join(", "))
    }

    /// Reading the names of the variables needs the same access to the project as setting one.
    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let variables = self.api.get(&self.path(&[])).await?;
            self.api.expect(variables["envs"].is_array()).map(|()| Receipt::default())
        })
    }

    fn checked(&self) -> &'static str {
        ONLY_READ
    }
}

/// Deploys what is in production once more.
#[derive(Debug)]
struct Redeploy {
    api: Arc<Api>,
    name: String,
    project: String,
    team: Option<String>,
}

impl Activation for Redeploy {
    fn name(&self) -> &str {
        &self.name
    }

    fn activate(&self) -> BoxFuture<'_, Result<(), DeliveryError>> {
        Box::pin(async move {
            let team = self.team.as_deref();
            let latest =
                [("projectId", self.project.as_str()), ("target", "production"), ("state", "READY"), ("limit", "1")];
            let found = self.api.get(&path("/v7/deployments", &latest, team)).await?;
            let deployment = found["deployments"].as_array().ok_or_else(|| self.api.odd())?.first();
            let Some((id, name)) = deployment.and_then(id_and_name) else {
                let message = "the project has no deployment in production yet: deploy it once".to_owned();
                return Err(DeliveryError::new(DeliveryErrorClass::NotFound, message));
            };
            let body = json!({"name": name, "deploymentId": id, "target": "production"});
            let path = path("/v13/deployments", &[("forceNew", "1")], team);
            let (_, started) = self.api.json(Method::POST, &path, Body::Json(&body)).await?;
            self.api.expect(started["id"].is_string())
        })
    }
}

fn id_and_name(deployment: &Value) -> Option<(&str, &str)> {
    Some((deployment["uid"].as_str()?, deployment["name"].as_str()?))
}
