//! Redeployments: a deploy hook, which every host has, or the host's own call.

use std::sync::Arc;

use everlit_http::{HttpClient, Method, Request, Url};
use everlit_keeper::{Activation, DeliveryError};
use everlit_meta_api::BoxFuture;
use everlit_options::Options;

use crate::api::send;
use crate::error::Error;
use crate::kind::SecretSpec;
use crate::setup::Setup;

/// The values of the option `after`.
pub(crate) const AFTER: [&str; 3] = ["redeploy", "hook", "none"];

/// Those of a place without deploy hooks.
pub(crate) const REDEPLOY: [&str; 2] = ["redeploy", "none"];

/// The secret of [`DeployHook`].
pub(crate) const DEPLOY_HOOK: SecretSpec =
    SecretSpec { suffix: "HOOK", prompt: "Deploy hook URL (only for after = \"hook\")", is_required: false };

/// What the option `after` asks for; `redeploy` builds the host's own call, given its name.
pub(crate) fn activation(
    setup: &Setup<'_>,
    redeploy: impl FnOnce(String) -> Arc<dyn Activation>,
) -> Result<Option<Arc<dyn Activation>>, Error> {
    Ok(match setup.options.text("after") {
        Some("hook") => Some(Arc::new(DeployHook::new(setup)?)),
        Some("redeploy") => Some(redeploy(name_of_activation(setup))),
        _ => None,
    })
}

/// A URL that starts a deployment when it is called.
#[derive(Debug)]
struct DeployHook {
    http: HttpClient,
    url: Url,
    name: String,
}

impl DeployHook {
    fn new(setup: &Setup<'_>) -> Result<Self, Error> {
        Ok(Self { http: setup.http()?, url: setup.secret_url(DEPLOY_HOOK.suffix)?, name: name_of_activation(setup) })
    }
}

/// The name of the activation of a target, the same for all its accounts; `None` if it has none.
pub fn activation_name(target: &str, options: &Options) -> Option<String> {
    let after = options.text("after").filter(|after| *after != "none")?;
    Some(format!("{target}: {after}"))
}

pub(crate) fn name_of_activation(setup: &Setup<'_>) -> String {
    activation_name(setup.name, setup.options).unwrap_or_default()
}

impl Activation for DeployHook {
    fn name(&self) -> &str {
        &self.name
    }

    fn activate(&self) -> BoxFuture<'_, Result<(), DeliveryError>> {
        let (url, headers, body) = (self.url.clone(), Vec::new(), Vec::new().into());
        let request = Request { method: Method::POST, url, headers, body };
        Box::pin(async move { send(&self.http, request).await.map(drop) })
    }
}
