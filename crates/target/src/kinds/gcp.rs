//! A secret in Google Cloud's Secret Manager: each delivery adds a version.
//!
//! <https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/addVersion>

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use everlit_http::{Method, Secret, Url};
use everlit_keeper::{Clock, DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::api::{Api, Body, encoded, found, prefixed, reworded};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional, required};
use crate::place::{Place, Source, Texts};
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "gcp-secret",
    secrets: &[SecretSpec {
        suffix: "SERVICE_ACCOUNT",
        prompt: "Key of a service account, as JSON on one line (none on Google Cloud itself)",
        is_required: false,
    }],
    options: &[required("project", Shape::Text), optional("url", Shape::Text)],
    effect: Effect::NextRead,
    room: Room::EachKey,
    guide: "The key is the secret's id: create it once with `gcloud secrets create`, and give the service account the role \
            Secret Manager Secret Version Manager on it. On Google Cloud, the machine's own service account is used; elsewhere \
            its key, as JSON. Each delivery adds a version and disables those before the previous one. Readers must ask for \
            the version latest; Cloud Run reads it when an instance starts, or at each read where it is mounted.",
    build,
};

/// How long a delivery may spend on old versions.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest id.
const LONGEST_KEY: usize = 255;

#[derive(Debug)]
struct SecretManager {
    api: Api,
    identity: Identity,
    name: String,
    key: String,
    project: String,
}

/// Who adds versions.
#[derive(Debug)]
enum Identity {
    /// A service account, by its key.
    Key(Box<ServiceAccount>),
    /// The machine's service account: <https://cloud.google.com/compute/docs/access/authenticate-workloads>.
    Machine(Api),
}

/// A service account that signs for itself: <https://google.aip.dev/auth/4111>.
#[derive(Debug)]
struct ServiceAccount {
    email: String,
    key_id: String,
    key: RsaKeyPair,
    clock: Arc<dyn Clock>,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_valid = (1..=LONGEST_KEY).contains(&setup.key.len()) && setup.key.chars().all(is_part);
    let key = setup.valid_key(is_valid, "1 to 255 letters, digits, `-` and `_`")?;
    let api = Api::new(setup, "https://secretmanager.googleapis.com")?;
    let identity = match setup.secrets.get("SERVICE_ACCOUNT") {
        Some(key) => Identity::Key(Box::new(ServiceAccount::parse(key, Arc::clone(&setup.clock))?)),
        None => Identity::Machine(metadata_server(setup)?),
    };
    let (name, project) = (setup.name.to_owned(), setup.required("project")?.to_owned());
    Ok(Arc::new(SecretManager { api, identity, name, key, project }))
}

/// The metadata server, at the address that Google's own libraries take from `GCE_METADATA_HOST`.
fn metadata_server(setup: &Setup<'_>) -> Result<Api, Error> {
    const NAME: &str = "GCE_METADATA_HOST";
    let url = match setup.environment.variable(NAME) {
        Some(host) => Url::parse_metadata(&format!("http://{host}")),
        None => Url::parse_metadata("http://169.254.169.254"),
    };
    let url = url.map_err(|error| Error::Url(NAME, error))?;
    Ok(Api::at(url, setup.http()?).with("metadata-flavor", "Google"))
}

impl ServiceAccount {
    fn parse(secret: &Secret, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let fields: Value = serde_json::from_str(secret.expose()).map_err(|_| Error::ServiceAccount)?;
        let text = |name: &str| fields[name].as_str().ok_or(Error::ServiceAccount);
        let lines = text("private_key")?.lines().filter(|line| !line.starts_with("-----"));
        let base64: Zeroizing<String> = Zeroizing::new(lines.map(str::trim).collect());
        let der = Zeroizing::new(STANDARD.decode(base64.as_bytes()).map_err(|_| Error::ServiceAccount)?);
        let key = RsaKeyPair::from_pkcs8(&der).map_err(|_| Error::ServiceAccount)?;
        let (email, key_id) = (text("client_email")?.to_owned(), text("private_key_id")?.to_owned());
        Ok(Self { email, key_id, key, clock })
    }

    /// A signed JWT (RFC 7519) that is good for as long as a delivery may take.
    fn access_token(&self) -> Option<Secret> {
        const LIFE: i64 = 600;
        let now = self.clock.now().as_unix();
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.key_id});
        let scope = "https://www.googleapis.com/auth/cloud-platform";
        let claims = json!({"iss": self.email, "sub": self.email, "scope": scope, "iat": now, "exp": now + LIFE});
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).ok()?;
        Some(Secret::new(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))))
    }
}

impl Identity {
    async fn access_token(&self) -> Result<Secret, DeliveryError> {
        match self {
            Self::Key(account) => account.access_token().ok_or_else(|| {
                let message = "the key of the service account cannot sign";
                DeliveryError::new(DeliveryErrorClass::CredentialRefused, message)
            }),
            Self::Machine(server) => {
                let path = "/computeMetadata/v1/instance/service-accounts/default/token";
                let answer = server.get(path).await.map_err(|error| {
                    prefixed("no SERVICE_ACCOUNT is set, and the machine has none of Google Cloud's", &error)
                })?;
                server.access_token(&answer)
            }
        }
    }
}

impl SecretManager {
    async fn api(&self) -> Result<Api, DeliveryError> {
        Ok(self.api.clone().with_bearer(&self.identity.access_token().await?))
    }

    fn path(&self, key: &str) -> String {
        format!("/v1/projects/{}/secrets/{key}", encoded(&self.project))
    }

    async fn put(&self, key: &str, text: &str) -> Result<Receipt, DeliveryError> {
        let api = self.api().await?;
        let bytes = text.as_bytes();
        let payload = json!({"data": STANDARD.encode(bytes), "dataCrc32c": crc32c(bytes).to_string()});
        let path = format!("{}:addVersion", self.path(key));
        let added = api.json(Method::POST, &path, Body::Json(&json!({"payload": payload}))).await;
        let (_, version) = added.map_err(|error| {
            let create = format!("gcloud secrets create {key} --project {}", self.project);
            let message = format!("{} has no secret {key}; create it once: {create}", self.project);
            reworded(error, 404, DeliveryErrorClass::NotFound, message)
        })?;
        let number = number(&version).ok_or_else(|| api.odd())?;
        // The token is there: versions that stay enabled cost cents, and the next delivery tries again.
        drop(tokio::time::timeout(PATIENCE, self.disable_before(&api, key, number)).await);
        Ok(Receipt::default())
    }

    /// Disables what came before the version before this one. They can be enabled again.
    async fn disable_before(&self, api: &Api, key: &str, number_added: u64) -> Result<(), DeliveryError> {
        let path = format!("{}/versions?filter=state%3AENABLED&pageSize=100", self.path(key));
        let listed = api.get(&path).await?;
        let enabled = listed["versions"].as_array().into_iter().flatten().filter_map(number);
        let mut older: Vec<u64> = enabled.filter(|number| *number < number_added).collect();
        older.sort_unstable_by(|a, b| b.cmp(a));
        for number in older.into_iter().skip(1) {
            let path = format!("{}/versions/{number}:disable", self.path(key));
            api.json(Method::POST, &path, Body::Json(&json!({}))).await?;
        }
        Ok(())
    }

    /// The text in the latest version.
    async fn latest(&self, key: &str) -> Result<Option<Secret>, DeliveryError> {
        let path = format!("{}/versions/latest:access", self.path(key));
        let version = found(self.api().await?.get(&path).await)?.unwrap_or_default();
        let data = version["payload"]["data"].as_str().and_then(|data| STANDARD.decode(data).ok());
        Ok(data.and_then(|data| String::from_utf8(data).ok()).map(Secret::new))
    }

    /// Google answers this question for any secret, and with nothing for one that is not there.
    async fn may_add(&self) -> Result<Receipt, DeliveryError> {
        const ADD: &str = "secretmanager.versions.add";
        let path = format!("{}:testIamPermissions", self.path(&self.key));
        let body = json!({"permissions": [ADD]});
        let (_, answer) = self.api().await?.json(Method::POST, &path, Body::Json(&body)).await?;
        let granted = answer["permissions"].as_array();
        if granted.is_some_and(|granted| granted.contains(&json!(ADD))) {
            return Ok(Receipt::default());
        }
        let message = format!("the credential may not add versions to {}, or {0} is not there", self.key);
        Err(DeliveryError::new(DeliveryErrorClass::CredentialRefused, message))
    }
}

/// The number in `projects/1/secrets/TOKEN/versions/7`.
fn number(version: &Value) -> Option<u64> {
    version["name"].as_str()?.rsplit_once("/versions/")?.1.parse().ok()
}

/// CRC-32C (Castagnoli, RFC 3720), with which Google notices damage on the way.
fn crc32c(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0x82F6_3B78;
    let shifted = |crc: u32, _: u32| if crc & 1 == 1 { (crc >> 1) ^ POLYNOMIAL } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shifted))
}

impl Target for SecretManager {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(self.put(&self.key, token.expose()))
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(async move {
            match self.latest(&self.key).await {
                // Whoever may add versions may not always read them.
                Err(error) if error.http_status == Some(403) => Ok(Holds::Unreadable),
                held => Ok(Holds::of(held?.as_ref().map(Secret::expose), token)),
            }
        })
    }
}

impl Place for SecretManager {
    fn plan(&self) -> String {
        format!("adds a version to the secret {} of {}", self.key, self.project)
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(self.may_add())
    }

    fn source(&self) -> Option<&dyn Source> {
        Some(self)
    }
}

impl Texts for SecretManager {
    /// <https://cloud.google.com/secret-manager/quotas>
    const ROOM: usize = 64 * 1024;

    fn key(&self) -> &str {
        &self.key
    }

    async fn read(&self, key: &str) -> Result<Option<Secret>, DeliveryError> {
        self.latest(key).await
    }

    async fn write(&self, key: &str, text: &str) -> Result<(), DeliveryError> {
        self.put(key, text).await.map(drop)
    }
}
