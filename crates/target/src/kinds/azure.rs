//! A secret in Azure Key Vault, which ends when the token does.
//!
//! <https://learn.microsoft.com/rest/api/keyvault/secrets/set-secret/set-secret>

use std::sync::Arc;

use everlit_http::{Method, Secret, Url};
use everlit_keeper::{DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use serde_json::json;

use crate::api::{Api, Body, encoded, found, prefixed, query, reworded};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional, required};
use crate::place::{ONLY_READ, Place, Source, Texts};
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "azure-keyvault",
    secrets: &[SecretSpec {
        suffix: "SECRET",
        prompt: "Client secret of the app registration (none with a managed identity)",
        is_required: false,
    }],
    options: &[
        required("url", Shape::Text),
        optional("tenant", Shape::Text),
        optional("client", Shape::Text),
        optional("authority", Shape::Text),
    ],
    effect: Effect::NextRead,
    room: Room::EachKey,
    guide: "url is the vault's: https://NAME.vault.azure.net. Give an app registration (tenant, client and its secret) or a \
            managed identity (client only if it is user-assigned) the role Key Vault Secrets Officer. Names have no `_`: \
            IG_ACCESS_TOKEN becomes IG-ACCESS-TOKEN. The secret gets the token's own end, so that Event Grid tells too. Azure \
            does not tell when the client's secret ends: note that date.",
    build,
};

const VERSION: (&str, &str) = ("api-version", "7.4");

/// The longest name.
const LONGEST_KEY: usize = 127;

#[derive(Debug)]
struct KeyVault {
    api: Api,
    identity: Identity,
    name: String,
    key: String,
}

/// Who asks for access to the vault.
#[derive(Debug)]
enum Identity {
    /// An app registration: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>.
    Client { authority: Api, path: String, id: String, secret: Secret, scope: String },
    /// The machine's own: <https://learn.microsoft.com/azure/app-service/overview-managed-identity> and
    /// <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token>.
    Managed { endpoint: Api, path: String },
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let key = setup.key.replace('_', "-");
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_valid = (1..=LONGEST_KEY).contains(&key.len()) && key.chars().all(is_part);
    setup.valid_key(is_valid, "letters, digits, `-` and `_`, as Azure requires")?;
    let vault = setup.base(setup.required("url")?)?;
    let resource = resource(vault.origin().host());
    let identity = Identity::new(setup, &resource)?;
    Ok(Arc::new(KeyVault { api: Api::at(vault, setup.http()?), identity, name: setup.name.to_owned(), key }))
}

/// What access is asked for: all vaults of this cloud, which `NAME.vault.azure.net` is a part of.
fn resource(host: &str) -> String {
    let cloud = host.split_once(".vault.").map_or("azure.net", |(_, cloud)| cloud);
    format!("https://vault.{cloud}")
}

impl Identity {
    fn new(setup: &Setup<'_>, resource: &str) -> Result<Self, Error> {
        if !setup.secrets.contains_key("SECRET") {
            return Self::managed(setup, resource);
        }
        let authority = setup.options.text("authority").unwrap_or("https://login.microsoftonline.com");
        let authority = setup.address("authority", authority)?;
        Ok(Self::Client {
            authority: Api::at(authority, setup.http()?),
            path: format!("/{}/oauth2/v2.0/token", encoded(setup.required("tenant")?)),
            id: setup.required("client")?.to_owned(),
            secret: setup.secret("SECRET")?.clone(),
            scope: format!("{resource}/.default"),
        })
    }

    /// App Service, Functions and Container Apps name an endpoint; virtual machines have the metadata service.
    fn managed(setup: &Setup<'_>, resource: &str) -> Result<Self, Error> {
        let client = setup.options.text("client").map(|client| ("client_id", client));
        let path = |version: &str| {
            let pairs: Vec<_> = [("api-version", version), ("resource", resource)].into_iter().chain(client).collect();
            format!("?{}", query(&pairs))
        };
        let variable = |name| setup.environment.variable(name);
        if let (Some(endpoint), Some(header)) = (variable("IDENTITY_ENDPOINT"), variable("IDENTITY_HEADER")) {
            let endpoint = Url::parse_metadata(endpoint).map_err(|error| Error::Url("IDENTITY_ENDPOINT", error))?;
            let endpoint = Api::at(endpoint, setup.http()?).with("x-identity-header", header);
            return Ok(Self::Managed { endpoint, path: path("2019-08-01") });
        }
        let endpoint = Url::parse_metadata("http://169.254.169.254/metadata/identity/oauth2/token");
        let endpoint = endpoint.map_err(|error| Error::Url("url", error))?;
        let endpoint = Api::at(endpoint, setup.http()?).with("metadata", "true");
        Ok(Self::Managed { endpoint, path: path("2018-02-01") })
    }

    async fn access_token(&self) -> Result<Secret, DeliveryError> {
        let (api, answer) = match self {
            Self::Managed { endpoint, path } => {
                let none = "no SECRET is set, and the machine has no managed identity";
                (endpoint, endpoint.get(path).await.map_err(|error| prefixed(none, &error)))
            }
            Self::Client { authority, path, id, secret, scope } => {
                let form = [
                    ("grant_type", "client_credentials"),
                    ("client_id", id),
                    ("client_secret", secret.expose()),
                    ("scope", scope),
                ];
                let answer = authority.json(Method::POST, path, Body::Form(&form)).await;
                (authority, answer.map(|(_, answer)| answer))
            }
        };
        // 400 is how OAuth refuses a client (RFC 6749, 5.2).
        let answer = answer.map_err(|error| match error.http_status {
            Some(400) => DeliveryError { class: DeliveryErrorClass::CredentialRefused, ..error },
            _ => error,
        })?;
        api.access_token(&answer)
    }
}

fn path_of(key: &str) -> String {
    format!("/secrets/{key}?{}", query(&[VERSION]))
}

impl KeyVault {
    async fn api(&self) -> Result<Api, DeliveryError> {
        Ok(self.api.clone().with_bearer(&self.identity.access_token().await?))
    }

    async fn put(&self, key: &str, text: &str, expires_at: Option<Timestamp>) -> Result<Receipt, DeliveryError> {
        let mut body = json!({"value": text, "attributes": {"enabled": true}});
        if let Some(end) = expires_at {
            body["attributes"]["exp"] = json!(end.as_unix());
        }
        let put = self.api().await?.json(Method::PUT, &path_of(key), Body::Json(&body)).await;
        let (_, secret) = put.map_err(|error| {
            let message = format!("{key} was deleted and can be recovered: recover or purge it in the vault");
            reworded(error, 409, DeliveryErrorClass::RefusedByRule, message)
        })?;
        self.api.expect(secret["value"] == *text).map(|()| Receipt::default())
    }

    /// The value of a secret.
    async fn value(&self, key: &str) -> Result<Option<Secret>, DeliveryError> {
        let secret = found(self.api().await?.get(&path_of(key)).await)?.unwrap_or_default();
        Ok(secret["value"].as_str().map(Secret::new))
    }
}

impl Target for KeyVault {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(
        &'a self,
        token: &'a Token,
        expires_at: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(self.put(&self.key, token.expose(), expires_at))
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(async move { Ok(Holds::of(self.value(&self.key).await?.as_ref().map(Secret::expose), token)) })
    }
}

impl Place for KeyVault {
    fn plan(&self) -> String {
        format!("writes the secret {} into {}", self.key, self.api.host())
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let path = format!("/secrets?{}", query(&[VERSION, ("maxresults", "1")]));
            let secrets = self.api().await?.get(&path).await?;
            self.api.expect(secrets["value"].is_array()).map(|()| Receipt::default())
        })
    }

    fn checked(&self) -> &'static str {
        ONLY_READ
    }

    fn source(&self) -> Option<&dyn Source> {
        Some(self)
    }
}

impl Texts for KeyVault {
    /// <https://learn.microsoft.com/azure/key-vault/secrets/about-secrets>
    const ROOM: usize = 25 * 1024;

    fn key(&self) -> &str {
        &self.key
    }

    async fn read(&self, key: &str) -> Result<Option<Secret>, DeliveryError> {
        self.value(key).await
    }

    async fn write(&self, key: &str, text: &str) -> Result<(), DeliveryError> {
        self.put(key, text, None).await.map(drop)
    }
}
