//! A field of a secret in Vault or `OpenBao` (key/value secrets engine, version 2).
//!
//! <https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2>

use std::sync::Arc;

use everlit_http::{Method, Secret};
use everlit_keeper::{DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use serde_json::json;

use crate::api::{Api, Body, encoded, found};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional, required};
use crate::place::{Place, Source, Texts, ends_at};
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "vault-kv",
    secrets: &[SecretSpec { suffix: "TOKEN", prompt: "Vault token", is_required: true }],
    options: &[
        required("url", Shape::Text),
        optional("mount", Shape::Text),
        required("secret_path", Shape::Text),
        optional("namespace", Shape::Text),
    ],
    effect: Effect::NextRead,
    room: Room::EachKey,
    guide: "url is VAULT_ADDR. The token needs a policy with read, create and patch on MOUNT/data/SECRET_PATH (the mount is secret if \
            left out), and everlit tells before it ends. The key is a field of the secret: other fields stay as they are. \
            Works with Vault and OpenBao, for version 2 of the key/value engine.",
    build,
};

#[derive(Debug)]
struct Vault {
    api: Api,
    name: String,
    key: String,
    mount: String,
    path: String,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let key = setup.valid_key(!setup.key.is_empty(), "a name")?;
    let mut api = Api::new(setup, "")?.with("x-vault-token", setup.secret("TOKEN")?.expose());
    if let Some(namespace) = setup.options.text("namespace") {
        let is_visible = namespace.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_visible {
            return Err(Error::Setting("namespace", "has a character that no header can carry".to_owned()));
        }
        api = api.with("x-vault-namespace", namespace);
    }
    let mount = setup.options.text("mount").unwrap_or("secret").trim_matches('/').to_owned();
    let path = setup.required("secret_path")?.trim_matches('/').to_owned();
    Ok(Arc::new(Vault { api, name: setup.name.to_owned(), key, mount, path }))
}

/// A path whose parts stay apart.
fn encoded_path(path: &str) -> String {
    path.split('/').map(encoded).collect::<Vec<_>>().join("/")
}

impl Vault {
    fn data_path(&self) -> String {
        format!("/v1/{}/data/{}", encoded_path(&self.mount), encoded_path(&self.path))
    }

    /// Sets a field in the version that is there. If somebody else writes meanwhile, Vault refuses.
    async fn put(&self, field: &str, text: &str) -> Result<Receipt, DeliveryError> {
        let field = json!({field: text});
        let written = if let Some(secret) = found(self.api.get(&self.data_path()).await)? {
            let version = secret["data"]["metadata"]["version"].as_u64().ok_or_else(|| self.api.odd())?;
            let body = json!({"options": {"cas": version}, "data": field});
            self.api.json(Method::PATCH, &self.data_path(), Body::MergePatch(&body)).await
        } else {
            // Version 1 of the engine knows no such paths and would take the body for a secret.
            self.check_engine().await?;
            let body = json!({"options": {"cas": 0}, "data": field});
            self.api.json(Method::POST, &self.data_path(), Body::Json(&body)).await
        };
        let (_, written) = written.map_err(|error| match error.http_status {
            Some(400) if error.message.contains("check-and-set") => {
                DeliveryError { class: DeliveryErrorClass::Retry, ..error }
            }
            _ => error,
        })?;
        self.api.expect(written["data"]["version"].is_u64())?;
        Ok(self.receipt().await)
    }

    /// The text of a field.
    async fn field(&self, field: &str) -> Result<Option<Secret>, DeliveryError> {
        let secret = found(self.api.get(&self.data_path()).await)?.unwrap_or_default();
        Ok(secret["data"]["data"][field].as_str().map(Secret::new))
    }

    /// Whether the mount is a key/value engine of version 2: what Vault's own program asks first.
    async fn check_engine(&self) -> Result<(), DeliveryError> {
        let mount = self.api.get(&format!("/v1/sys/internal/ui/mounts/{}", encoded_path(&self.mount))).await?;
        if mount["data"]["options"]["version"] == "2" {
            return Ok(());
        }
        let message = format!("{} is not a key/value secrets engine of version 2", self.mount);
        Err(DeliveryError::new(DeliveryErrorClass::RefusedByRule, message))
    }

    /// What the credential may do with the secret.
    async fn check_rights(&self) -> Result<(), DeliveryError> {
        let path = format!("{}/data/{}", self.mount, self.path);
        let asked = json!({"paths": [path]});
        let (_, answer) = self.api.json(Method::POST, "/v1/sys/capabilities-self", Body::Json(&asked)).await?;
        let rights = answer["data"][&path].as_array().ok_or_else(|| self.api.odd())?;
        let may = |right: &str| rights.iter().any(|one| one == right || one == "root");
        if may("read") && may("patch") {
            return Ok(());
        }
        let message = format!("the credential may not read and patch {path}: its policy lacks one of the two");
        Err(DeliveryError::new(DeliveryErrorClass::CredentialRefused, message))
    }

    /// The end of the credential.
    async fn receipt(&self) -> Receipt {
        let credential = self.api.aside("/v1/auth/token/lookup-self").await;
        ends_at(&credential["data"]["expire_time"])
    }
}

impl Target for Vault {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(self.put(&self.key, token.expose()))
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(async move {
            let held = self.field(&self.key).await?;
            Ok(Holds::of(held.as_ref().map(Secret::expose), token))
        })
    }
}

impl Place for Vault {
    fn plan(&self) -> String {
        format!("writes the field {} of {} in {}", self.key, self.path, self.mount)
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            self.check_rights().await?;
            self.check_engine().await?;
            Ok(self.receipt().await)
        })
    }

    fn source(&self) -> Option<&dyn Source> {
        Some(self)
    }
}

impl Texts for Vault {
    /// All fields together may have 512 KiB with Vault's usual storage.
    const ROOM: usize = 100 * 1024;

    fn key(&self) -> &str {
        &self.key
    }

    async fn read(&self, key: &str) -> Result<Option<Secret>, DeliveryError> {
        self.field(key).await
    }

    async fn write(&self, key: &str, text: &str) -> Result<(), DeliveryError> {
        self.put(key, text).await.map(drop)
    }
}
