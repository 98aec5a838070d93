//! A secret of GitHub Actions: of a repository, of one of its environments, or of an organisation.
//!
//! <https://docs.github.com/en/rest/actions/secrets>. The value is sealed for GitHub's public key (libsodium's sealed box);
//! nobody can read it back, so a delivery is verified by the date of the secret.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto_box::PublicKey;
use crypto_box::aead::OsRng;
use everlit_http::{Method, Response};
use everlit_keeper::{Activation, DeliveryError, DeliveryErrorClass, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use serde_json::{Value, json};

use crate::api::{Api, Body, encoded};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional};
use crate::place::{ONLY_READ, Place};
use crate::redeploy::{REDEPLOY, name_of_activation};
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "github-secret",
    secrets: &[SecretSpec { suffix: "TOKEN", prompt: "GitHub token that may write secrets", is_required: true }],
    options: &[
        optional("project", Shape::Text),
        optional("environments", Shape::List),
        optional("organization", Shape::Text),
        optional("workflow", Shape::Text),
        optional("after", Shape::OneOf(&REDEPLOY)),
        optional("url", Shape::Text),
    ],
    effect: Effect::NextRun,
    room: Room::EachKey,
    guide: "Create a fine-grained token under Settings, Developer settings, with access to the repository and the permission \
            Secrets: read and write (for an environment also Environments: read and write; for a workflow also Actions: read \
            and write). The GITHUB_TOKEN of a workflow cannot write secrets. Use a secret of an environment: a run that \
            waits in a queue has read those of the repository already, an old token among them.",
    build,
};

#[derive(Debug)]
struct Github {
    api: Arc<Api>,
    name: String,
    key: String,
    /// Where the secret stands, for people.
    shown: String,
    /// The paths of the secrets: one for each environment.
    places: Vec<String>,
    is_organization: bool,
    dispatch: Option<Arc<Dispatch>>,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let key = setup.key.to_ascii_uppercase();
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if !key.chars().all(is_name) || key.starts_with(|c: char| c.is_ascii_digit()) || key.starts_with("GITHUB_") {
        let rule = "must be letters, digits and `_`, without a digit or GITHUB_ at its start, as GitHub requires";
        return Err(Error::Setting("key", rule.to_owned()));
    }
    let api = Api::new(setup, "https://api.github.com")?
        .with_bearer(setup.secret("TOKEN")?)
        .with("accept", "application/vnd.github+json")
        .with("x-github-api-version", "2022-11-28");
    let api = Arc::new(api);
    let organization = setup.options.text("organization");
    let (places, shown) = match (organization, setup.options.list("environments")) {
        (Some(organization), _) => (
            vec![format!("/orgs/{}/actions/secrets", encoded(organization))],
            format!("of the organization {organization}"),
        ),
        (None, []) => {
            let (project, repository) = repository(setup)?;
            (vec![format!("/repos/{repository}/actions/secrets")], format!("of {project}"))
        }
        (None, environments) => {
            let (project, repository) = repository(setup)?;
            let place = |name: &String| format!("/repos/{repository}/environments/{}/secrets", encoded(name));
            let shown = format!("of {project}, environment {}", environments.join(", "));
            (environments.iter().map(place).collect(), shown)
        }
    };
    let dispatch = match (setup.options.text("after"), setup.options.text("workflow")) {
        (Some("redeploy"), Some(workflow)) => {
            let (_, repository) = repository(setup)?;
            let path = format!("/repos/{repository}");
            Some(Arc::new(Dispatch {
                api: Arc::clone(&api),
                path,
                workflow: encoded(workflow),
                name: name_of_activation(setup),
            }))
        }
        (Some("redeploy"), None) => return Err(Error::Setting("workflow", "is missing: `after` starts it".to_owned())),
        _ => None,
    };
    let (name, is_organization) = (setup.name.to_owned(), organization.is_some());
    Ok(Arc::new(Github { api, name, key, shown, places, is_organization, dispatch }))
}

/// `owner/repo`, as it stands in the settings and as it stands in a path.
fn repository<'a>(setup: &'a Setup<'_>) -> Result<(&'a str, String), Error> {
    let project = setup.required("project")?;
    match project.split('/').collect::<Vec<_>>().as_slice() {
        [owner, name] if !owner.is_empty() && !name.is_empty() => {
            Ok((project, format!("{}/{}", encoded(owner), encoded(name))))
        }
        _ => Err(Error::Setting("project", "must be owner/repository".to_owned())),
    }
}

impl Github {
    async fn put(&self, place: &str, token: &Token) -> Result<Receipt, DeliveryError> {
        let (response, public_key) = self.api.json(Method::GET, &format!("{place}/public-key"), Body::Empty).await?;
        let receipt = receipt(&response);
        let (sealed, key_id) = seal(&public_key, token).ok_or_else(|| self.api.odd())?;
        let mut body = json!({"encrypted_value": sealed, "key_id": key_id});
        if self.is_organization {
            // Required in every call; everlit leaves it as it is.
            body["visibility"] = self.existing(place).await?["visibility"].clone();
            if body["visibility"] == "selected" {
                let path = format!("{place}/{}/repositories?per_page=100", self.key);
                let repositories = self.api.get(&path).await?;
                let ids = repositories["repositories"].as_array().into_iter().flatten();
                body["selected_repository_ids"] = ids.map(|repository| repository["id"].clone()).collect();
            }
        }
        let put = self.api.call(Method::PUT, &format!("{place}/{}", self.key), Body::Json(&body)).await?;
        self.api.expect(matches!(put.status, 201 | 204))?;
        Ok(receipt)
    }

    /// What GitHub tells about the secret of an organisation, which a person creates: only they know who may see it.
    async fn existing(&self, place: &str) -> Result<Value, DeliveryError> {
        let found = self.api.get(&format!("{place}/{}", self.key)).await;
        found.map_err(|error| match error.class {
            DeliveryErrorClass::NotFound => {
                let message = format!(
                    "the organization has no secret {}: create it once on GitHub, with the repositories that may use it",
                    self.key
                );
                DeliveryError { message, ..error }
            }
            _ => error,
        })
    }
}

/// The token for the eyes of the holder of the key alone, and the id of that key.
fn seal(public_key: &Value, token: &Token) -> Option<(String, String)> {
    let key: [u8; 32] = STANDARD.decode(public_key["key"].as_str()?).ok()?.try_into().ok()?;
    let sealed = PublicKey::from(key).seal(&mut OsRng, token.expose().as_bytes()).ok()?;
    Some((STANDARD.encode(sealed), public_key["key_id"].as_str()?.to_owned()))
}

/// GitHub names the end of a personal access token in a header: `2026-12-31 00:00:00 UTC`, or with an offset.
fn receipt(response: &Response) -> Receipt {
    let header = response.header("github-authentication-token-expiration");
    let end = header.and_then(|text| {
        let text = text.trim().replace(" UTC", " +0000");
        jiff::fmt::strtime::parse("%Y-%m-%d %H:%M:%S %z", text).ok()?.to_timestamp().ok()
    });
    Receipt { credential_ends_at: end.map(|end| Timestamp::from_unix(end.as_second())) }
}

impl Target for Github {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let mut receipt = Receipt::default();
            for place in &self.places {
                receipt = self.put(place, token).await?;
            }
            Ok(receipt)
        })
    }

    fn activation(&self) -> Option<Arc<dyn Activation>> {
        self.dispatch.clone().map(|dispatch| dispatch as Arc<dyn Activation>)
    }
}

impl Place for Github {
    fn plan(&self) -> String {
        let then = self.dispatch.as_ref().map(|_| ", then starts the workflow").unwrap_or_default();
        format!("writes the secret {} {}{then}", self.key, self.shown)
    }

    /// The public key is shown only to a credential that may use secrets.
    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let mut receipt_of_last = Receipt::default();
            for place in &self.places {
                let (response, key) = self.api.json(Method::GET, &format!("{place}/public-key"), Body::Empty).await?;
                self.api.expect(key["key_id"].is_string())?;
                receipt_of_last = receipt(&response);
                if self.is_organization {
                    self.existing(place).await?;
                }
            }
            Ok(receipt_of_last)
        })
    }

    fn checked(&self) -> &'static str {
        ONLY_READ
    }
}

/// Starts a workflow on the default branch.
#[derive(Debug)]
struct Dispatch {
    api: Arc<Api>,
    path: String,
    workflow: String,
    name: String,
}

impl Activation for Dispatch {
    fn name(&self) -> &str {
        &self.name
    }

    fn activate(&self) -> BoxFuture<'_, Result<(), DeliveryError>> {
        Box::pin(async move {
            let repository = self.api.get(&self.path).await?;
            let branch = repository["default_branch"].as_str().ok_or_else(|| self.api.odd())?;
            let path = format!("{}/actions/workflows/{}/dispatches", self.path, self.workflow);
            let started = self.api.call(Method::POST, &path, Body::Json(&json!({"ref": branch}))).await?;
            self.api.expect(started.status == 204)
        })
    }
}
