//! A key of a KV namespace, or a secret of a Worker, on Cloudflare.
//!
//! <https://developers.cloudflare.com/api/resources/kv/> and
//! <https://developers.cloudflare.com/api/resources/workers/subresources/scripts/subresources/secrets/>

use std::sync::Arc;

use everlit_http::Method;
use everlit_keeper::{DeliveryError, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::{OptionSpec, Shape};
use serde_json::json;

use crate::api::{Api, Body, encoded, found};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional, required};
use crate::place::{Place, ends_at};
use crate::setup::Setup;

const SECRETS: [SecretSpec; 1] = [SecretSpec { suffix: "TOKEN", prompt: "Cloudflare API token", is_required: true }];
const ACCOUNT: OptionSpec = required("account_id", Shape::Text);
const URL: OptionSpec = optional("url", Shape::Text);

pub(crate) static KV: Kind = Kind {
    name: "cloudflare-kv",
    secrets: &SECRETS,
    options: &[ACCOUNT, required("namespace", Shape::Text), URL],
    effect: Effect::NextRead,
    room: Room::EachKey,
    guide: "Create an API token under My Profile, API Tokens, with the permission Account, Workers KV Storage: Edit. \
            account_id and the namespace's id are in the dashboard. Readers elsewhere in the world may see the old value for a \
            minute or more.",
    build: build_kv,
};

pub(crate) static WORKER_SECRET: Kind = Kind {
    name: "cloudflare-worker-secret",
    secrets: &SECRETS,
    options: &[ACCOUNT, required("project", Shape::Text), URL],
    effect: Effect::AtOnce,
    room: Room::EachKey,
    guide: "Create an API token under My Profile, API Tokens, with the permission Account, Workers Scripts: Edit. The project \
            is the Worker's name. Each change makes a new version of the Worker and deploys it at once.",
    build: build_secret,
};

/// The longest name of a key, in bytes.
const LONGEST_KEY: usize = 512;

#[derive(Debug)]
struct Cloudflare {
    api: Api,
    name: String,
    key: String,
    account: String,
    slot: Slot,
}

/// What holds the token.
#[derive(Debug)]
enum Slot {
    /// A key of the namespace with this id.
    Kv(String),
    /// A secret of the Worker with this name.
    Secret(String),
}

fn build_kv(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let is_valid = !matches!(&*setup.key, "" | "." | "..") && setup.key.len() <= LONGEST_KEY;
    let key = setup.valid_key(is_valid, "1 to 512 bytes, and neither `.` nor `..`")?;
    build(setup, key, Slot::Kv(setup.required("namespace")?.to_owned()))
}

fn build_secret(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    build(setup, setup.variable()?, Slot::Secret(setup.required("project")?.to_owned()))
}

fn build(setup: &Setup<'_>, key: String, slot: Slot) -> Result<Arc<dyn Place>, Error> {
    let api = Api::new(setup, "https://api.cloudflare.com/client/v4")?.with_bearer(setup.secret("TOKEN")?);
    let (name, account) = (setup.name.to_owned(), setup.required("account_id")?.to_owned());
    Ok(Arc::new(Cloudflare { api, name, key, account, slot }))
}

impl Cloudflare {
    /// The path of the namespace, or of the secrets of the Worker.
    fn path(&self) -> String {
        let account = encoded(&self.account);
        match &self.slot {
            Slot::Kv(namespace) => format!("/accounts/{account}/storage/kv/namespaces/{}", encoded(namespace)),
            Slot::Secret(worker) => format!("/accounts/{account}/workers/scripts/{}/secrets", encoded(worker)),
        }
    }

    fn value_path(&self) -> String {
        format!("{}/values/{}", self.path(), encoded(&self.key))
    }

    async fn put(&self, token: &Token) -> Result<Receipt, DeliveryError> {
        let (_, answer) = match &self.slot {
            Slot::Kv(_) => {
                let value = Body::Bytes(token.expose().as_bytes());
                self.api.json(Method::PUT, &self.value_path(), value).await?
            }
            Slot::Secret(_) => {
                let secret = json!({"name": self.key, "text": token.expose(), "type": "secret_text"});
                self.api.json(Method::PUT, &self.path(), Body::Json(&secret)).await?
            }
        };
        self.api.expect(answer["success"] == true)?;
        Ok(self.receipt().await)
    }

    /// The end of the credential, which belongs to a user or to the account.
    async fn receipt(&self) -> Receipt {
        let of_account = format!("/accounts/{}/tokens/verify", encoded(&self.account));
        for path in ["/user/tokens/verify", &of_account] {
            let credential = self.api.aside(path).await;
            if credential["success"] == true {
                return ends_at(&credential["result"]["expires_on"]);
            }
        }
        Receipt::default()
    }

    async fn holds(&self, token: &Token) -> Result<Holds, DeliveryError> {
        if let Slot::Secret(_) = self.slot {
            return Ok(Holds::Unreadable);
        }
        let held = found(self.api.call(Method::GET, &self.value_path(), Body::Empty).await)?;
        let held = held.and_then(|answer| String::from_utf8(answer.body).ok());
        Ok(Holds::of(held.as_deref(), token))
    }
}

impl Target for Cloudflare {
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

impl Place for Cloudflare {
    fn plan(&self) -> String {
        match &self.slot {
            Slot::Kv(namespace) => format!("writes {} into the KV namespace {namespace}", self.key),
            Slot::Secret(worker) => format!("sets the secret {} of the Worker {worker} and deploys it", self.key),
        }
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            self.api.expect(self.api.get(&self.path()).await?["success"] == true)?;
            Ok(self.receipt().await)
        })
    }
}
