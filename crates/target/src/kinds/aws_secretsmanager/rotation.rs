//! Rotation by Secrets Manager: a new version of the secret waits as `AWSPENDING` until it becomes `AWSCURRENT`.
//!
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>

use everlit_keeper::{DeliveryError, DeliveryErrorClass};
use everlit_meta_api::{BoxFuture, Secret, clean};
use serde_json::{Map, Value, json};

use super::{NOT_FOUND, PENDING, SecretsManager};
use crate::aws::{Refusal, VaultPlace};
use crate::place::{Rotation, Stage};

const CURRENT: &str = "AWSCURRENT";

impl Rotation for VaultPlace<SecretsManager> {
    /// An ARN ends with a `-` and six characters of AWS's own: `...:secret:site/ig-token-AbCdEf`.
    fn is_of(&self, secret: &str) -> bool {
        let named = secret.strip_prefix("arn:").and_then(|arn| arn.splitn(6, ':').nth(5));
        match named.map(|name| name.rsplit_once('-')) {
            Some(Some((name, end))) => name == self.key && end.len() == 6,
            Some(None) => false,
            None => secret == self.key,
        }
    }

    fn stage<'a>(&'a self, secret: &'a str, version: &'a str) -> BoxFuture<'a, Result<Stage, DeliveryError>> {
        Box::pin(async move {
            let (key, description) = (&self.key, self.describe().await?);
            let arn = description["ARN"].as_str().unwrap_or_default();
            if secret.starts_with("arn:") && secret != arn {
                return Err(refused(format!("the rotation is of {}, and {key} is {}", clean(secret), clean(arn))));
            }
            if description["RotationEnabled"] != true {
                let how = format!("aws secretsmanager rotate-secret --secret-id {key} --rotation-lambda-arn ...");
                return Err(refused(format!("rotation is not enabled for the secret {key}: `{how}` enables it")));
            }
            let versions = versions(&description);
            let Some(stages) = versions.get(version) else {
                return Err(refused(format!("the secret {key} has no version {version}")));
            };
            match () {
                () if has(stages, CURRENT) => Ok(Stage::InUse),
                () if has(stages, PENDING) => Ok(Stage::Waiting),
                () => Err(refused(format!("the version {version} of the secret {key} is not {PENDING}"))),
            }
        })
    }

    fn waiting<'a>(&'a self, version: &'a str) -> BoxFuture<'a, Result<Option<Secret>, DeliveryError>> {
        Box::pin(async move {
            let body = json!({"SecretId": self.key, "VersionId": version, "VersionStage": PENDING});
            match self.vault.client.call("GetSecretValue", &body).await {
                // AWS creates the version before there is anything in it.
                Err(Refusal { code, .. }) if code == NOT_FOUND => Ok(None),
                answer => Ok(answer?["SecretString"].as_str().map(Secret::new)),
            }
        })
    }

    fn hold<'a>(&'a self, version: &'a str, text: &'a Secret) -> BoxFuture<'a, Result<(), DeliveryError>> {
        Box::pin(self.vault.hold(&self.key, version, text))
    }

    fn finish<'a>(&'a self, version: &'a str) -> BoxFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move {
            let description = self.describe().await?;
            let mut body = json!({"SecretId": self.key, "VersionStage": CURRENT, "MoveToVersionId": version});
            if let Some((in_use, _)) = versions(&description).into_iter().find(|(_, stages)| has(stages, CURRENT)) {
                body["RemoveFromVersionId"] = in_use.into();
            }
            self.vault.client.call("UpdateSecretVersionStage", &body).await?;
            Ok(())
        })
    }
}

impl VaultPlace<SecretsManager> {
    async fn describe(&self) -> Result<Value, DeliveryError> {
        Ok(self.vault.client.call("DescribeSecret", &json!({"SecretId": self.key})).await?)
    }
}

/// The staging labels of each version.
fn versions(description: &Value) -> Map<String, Value> {
    description["VersionIdsToStages"].as_object().cloned().unwrap_or_default()
}

fn has(stages: &Value, stage: &str) -> bool {
    stages.as_array().is_some_and(|stages| stages.iter().any(|known| known == stage))
}

fn refused(message: String) -> DeliveryError {
    DeliveryError::new(DeliveryErrorClass::RefusedByRule, message)
}
