//! A parameter of AWS Systems Manager's Parameter Store, encrypted.
//!
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>

use std::sync::Arc;

use everlit_keeper::{DeliveryError, DeliveryErrorClass};
use everlit_meta_api::Secret;
use serde_json::json;

use crate::aws::{Client, OPTIONS, Refusal, Service, Stored, Vault, place};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room};
use crate::place::Place;
use crate::setup::Setup;

static SERVICE: Service = Service { name: "ssm", prefix: "AmazonSSM", endpoint_variable: "AWS_ENDPOINT_URL_SSM" };

pub(crate) static KIND: Kind = Kind {
    name: "aws-ssm",
    secrets: &[],
    options: OPTIONS,
    effect: Effect::NextRead,
    room: Room::EachKey,
    guide: "A SecureString in AWS Systems Manager's Parameter Store; `key` is its name, such as /site/ig-token. Credentials and \
            region come from where AWS's own tools find them: the environment, ~/.aws (`profile`), or the role of a machine, \
            container or job. Rights: ssm:GetParameter and ssm:PutParameter. A parameter that exists must be a SecureString; \
            name its `kms_key` if it has one of its own. Only a delivery shows whether the credential may write.",
    build,
};

#[derive(Debug)]
struct ParameterStore {
    client: Client,
    kms_key: Option<String>,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let key = &setup.key;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    if !key.chars().all(is_allowed) || key.contains('/') && !key.starts_with('/') {
        let rule =
            "must be letters, digits, `_`, `.`, `-` and `/`, with `/` at the start if it has any, as AWS requires";
        return Err(Error::Setting("key", rule.to_owned()));
    }
    let vault = ParameterStore {
        client: Client::new(setup, &SERVICE)?,
        kms_key: setup.options.text("kms_key").map(str::to_owned),
    };
    Ok(place(setup, vault))
}

impl Vault for ParameterStore {
    const WHAT: &'static str = "parameter";
    /// That of a standard parameter.
    const ROOM: usize = 4096;

    fn region(&self) -> &str {
        &self.client.region
    }

    async fn read(&self, name: &str) -> Result<Option<Stored>, DeliveryError> {
        let answer = match self.client.call("GetParameter", &json!({"Name": name, "WithDecryption": true})).await {
            Err(Refusal { code, .. }) if code == "ParameterNotFound" => return Ok(None),
            answer => answer?,
        };
        let parameter = &answer["Parameter"];
        let text = parameter["Value"].as_str().ok_or_else(|| self.client.odd())?;
        if parameter["Type"] != "SecureString" {
            let message = format!(
                "the parameter {name} is not encrypted, and AWS does not change the type of one that exists: delete it, and \
                 the next delivery creates it as a SecureString"
            );
            return Err(DeliveryError::new(DeliveryErrorClass::RefusedByRule, message));
        }
        Ok(Some(Stored { text: Secret::new(text), version: parameter["Version"].to_string() }))
    }

    async fn write(&self, name: &str, text: &Secret, over: Option<&Stored>) -> Result<(), DeliveryError> {
        // What somebody else has created meanwhile is not overwritten.
        let mut body =
            json!({"Name": name, "Value": text.expose(), "Type": "SecureString", "Overwrite": over.is_some()});
        if let Some(kms_key) = &self.kms_key {
            body["KeyId"] = kms_key.as_str().into();
        }
        let answer = self.client.call("PutParameter", &body).await?;
        if answer["Version"].is_number() { Ok(()) } else { Err(self.client.odd()) }
    }
}
