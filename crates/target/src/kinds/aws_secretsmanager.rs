//! A secret of AWS Secrets Manager.
//!
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html>

mod rotation;

use std::sync::Arc;

use everlit_keeper::{DeliveryError, DeliveryErrorClass};
use everlit_meta_api::Secret;
use serde_json::json;

use crate::aws::{Client, OPTIONS, Refusal, Service, Stored, Vault, VaultPlace, hex_digest, place};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room};
use crate::place::{Place, Rotation};
use crate::setup::Setup;

static SERVICE: Service =
    Service { name: "secretsmanager", prefix: "secretsmanager", endpoint_variable: "AWS_ENDPOINT_URL_SECRETS_MANAGER" };

pub(crate) static KIND: Kind = Kind {
    name: "aws-secretsmanager",
    secrets: &[],
    options: OPTIONS,
    effect: Effect::NextRead,
    room: Room::EachKey,
    guide: "A secret of AWS Secrets Manager that holds the token and nothing else; `key` is its name. One that does not exist \
            is created, with `kms_key` if it is set. Credentials and region come from where AWS's own tools find them: the \
            environment, ~/.aws (`profile`), or the role of a machine, container or job. Rights: \
            secretsmanager:GetSecretValue, PutSecretValue and, to create it, CreateSecret. Only a delivery shows whether \
            the credential may write.",
    build,
};

#[derive(Debug)]
struct SecretsManager {
    client: Client,
    kms_key: Option<String>,
    /// The name of the token's secret, and the version of it that a rotation wants to have.
    rotated: Option<(String, String)>,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    if !setup.key.chars().all(|c| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c)) {
        let rule = "must be the name of the secret, not its ARN: letters, digits and `/_+=.@-`, as AWS requires";
        return Err(Error::Setting("key", rule.to_owned()));
    }
    let vault = SecretsManager {
        client: Client::new(setup, &SERVICE)?,
        kms_key: setup.options.text("kms_key").map(str::to_owned),
        rotated: setup.rotation.clone().map(|version| (setup.key.clone(), version)),
    };
    Ok(place(setup, vault))
}

impl Vault for SecretsManager {
    const WHAT: &'static str = "secret";
    /// AWS keeps 65,536 bytes. An answer of that length is not read, and JSON in JSON takes up to twice its own length.
    const ROOM: usize = 30_000;

    fn region(&self) -> &str {
        &self.client.region
    }

    async fn read(&self, name: &str) -> Result<Option<Stored>, DeliveryError> {
        let answer =
            match self.client.call("GetSecretValue", &json!({"SecretId": name, "VersionStage": "AWSCURRENT"})).await {
                // The secret does not exist, or has no value yet.
                Err(Refusal { code, .. }) if code == NOT_FOUND => return Ok(None),
                answer => answer?,
            };
        let version = answer["VersionId"].as_str().ok_or_else(|| self.client.odd())?.to_owned();
        // A binary secret has no text.
        Ok(Some(Stored { text: Secret::new(answer["SecretString"].as_str().unwrap_or_default()), version }))
    }

    async fn write(&self, name: &str, text: &Secret, over: Option<&Stored>) -> Result<(), DeliveryError> {
        if let Some((_, version)) = self.rotated.as_ref().filter(|(key, _)| key == name) {
            return self.hold(name, version, text).await;
        }
        let version = version_after(over, text);
        let mut body = json!({"SecretString": text.expose(), "ClientRequestToken": version});
        body["SecretId"] = name.into();
        match self.client.call("PutSecretValue", &body).await {
            Err(Refusal { code, .. }) if code == NOT_FOUND => self.create(name, text, &version).await,
            Err(refusal) => Err(refusal.error),
            Ok(answer) if answer["VersionId"].is_string() => Ok(()),
            Ok(_) => Err(self.client.odd()),
        }
    }

    fn rotation(place: &VaultPlace<Self>) -> Option<&dyn Rotation> {
        Some(place)
    }
}

/// The staging label of a version that is not in use yet.
const PENDING: &str = "AWSPENDING";

const NOT_FOUND: &str = "ResourceNotFoundException";

impl SecretsManager {
    /// Lets the text wait as this version, which a repetition does not change.
    async fn hold(&self, name: &str, version: &str, text: &Secret) -> Result<(), DeliveryError> {
        let mut body = json!({"SecretId": name, "ClientRequestToken": version, "VersionStages": [PENDING]});
        body["SecretString"] = text.expose().into();
        let answer = self.client.call("PutSecretValue", &body).await?;
        if answer["VersionId"] == *version { Ok(()) } else { Err(self.client.odd()) }
    }

    async fn create(&self, name: &str, text: &Secret, version: &str) -> Result<(), DeliveryError> {
        let mut body = json!({"Name": name, "SecretString": text.expose(), "ClientRequestToken": version});
        if let Some(kms_key) = &self.kms_key {
            body["KmsKeyId"] = kms_key.as_str().into();
        }
        match self.client.call("CreateSecret", &body).await {
            Ok(answer) if answer["ARN"].is_string() => Ok(()),
            Ok(_) => Err(self.client.odd()),
            Err(Refusal { error, .. }) if error.class == DeliveryErrorClass::CredentialRefused => {
                let message = format!(
                    "the secret {name} does not exist: create it with `aws secretsmanager create-secret --name {name}`, or \
                     give the credential secretsmanager:CreateSecret ({error})"
                );
                Err(DeliveryError { message, ..error })
            }
            Err(refusal) => Err(refusal.error),
        }
    }
}

/// The id of the version that this text becomes: the same when a request is repeated, so that AWS makes one version of it, and
/// another when an older token comes back, which AWS would otherwise take for a repetition and ignore.
fn version_after(over: Option<&Stored>, text: &Secret) -> String {
    let before = over.map_or("", |stored| &stored.version);
    let digest = hex_digest(format!("{before}\n{}", text.expose()).as_bytes());
    digest.chars().take(32).collect()
}
