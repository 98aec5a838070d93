//! A key of a Secret in Kubernetes, and a restart of the pods that have it in their environment.
//!
//! <https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/>

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use everlit_http::{Method, Roots, Secret};
use everlit_keeper::{Activation, Clock, DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use serde_json::{Value, json};

use crate::api::{Api, Body, encoded, reworded};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, optional, required};
use crate::place::{Place, Source, Texts};
use crate::redeploy::{REDEPLOY, activation};
use crate::setup::Setup;

pub(crate) static KIND: Kind = Kind {
    name: "kubernetes-secret",
    secrets: &[SecretSpec {
        suffix: "TOKEN",
        prompt: "Token of a service account (in a cluster, the pod's own is used)",
        is_required: false,
    }],
    options: &[
        required("namespace", Shape::Text),
        required("project", Shape::Text),
        optional("deployment", Shape::Text),
        optional("after", Shape::OneOf(&REDEPLOY)),
        optional("url", Shape::Text),
    ],
    effect: Effect::NextStart,
    room: Room::EachKey,
    guide: "The project is the name of the Secret: create it once. In a cluster, everlit uses the pod's service account; \
            elsewhere set url to the address of the API server and create a token with `kubectl create token`. The role needs \
            patch on this one Secret. Pods that mount it see the new value within minutes; environment variables change only \
            when a pod starts: after = \"redeploy\" restarts a deployment, which needs patch on it.",
    build,
};

/// Where a pod finds its credential: <https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/>.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The longest key.
const LONGEST_KEY: usize = 253;

#[derive(Debug)]
struct Kubernetes {
    api: Arc<Api>,
    name: String,
    key: String,
    namespace: String,
    secret: String,
    credential_ends_at: Option<Timestamp>,
    after: Option<Arc<dyn Activation>>,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let key = &setup.key;
    let is_valid = (1..=LONGEST_KEY).contains(&key.len()) && key.chars().all(is_part) && !key.starts_with("..");
    let key = setup.valid_key(is_valid && key != ".", "letters, digits, `-`, `_` and `.`")?;
    let text = |key| setup.required(key).map(str::to_owned);
    let (namespace, secret) = (text("namespace")?, text("project")?);
    let (api, credential_ends_at) = server(setup, Path::new(SERVICE_ACCOUNT))?;
    let api = Arc::new(api);
    if setup.options.text("after") == Some("redeploy") {
        text("deployment")?;
    }
    let after = activation(setup, |name| {
        let deployment = setup.options.text("deployment").unwrap_or_default();
        let path = format!("/apis/apps/v1/namespaces/{}/deployments/{}", encoded(&namespace), encoded(deployment));
        Arc::new(Restart { api: Arc::clone(&api), name, path, clock: Arc::clone(&setup.clock) })
    })?;
    let name = setup.name.to_owned();
    Ok(Arc::new(Kubernetes { api, name, key, namespace, secret, credential_ends_at, after }))
}

/// The API server with the credential of the settings, or else as the pod finds it; and the end of that credential. The pod's
/// is renewed by the cluster, and read anew for each run.
fn server(setup: &Setup<'_>, service_account: &Path) -> Result<(Api, Option<Timestamp>), Error> {
    if setup.secrets.contains_key("TOKEN") {
        let credential = setup.secret("TOKEN")?;
        return Ok((Api::new(setup, setup.required("url")?)?.with_bearer(credential), end_of(credential.expose())));
    }
    let Some(host) = setup.environment.variable("KUBERNETES_SERVICE_HOST") else {
        return Err(Error::MissingSecret("TOKEN"));
    };
    let port = setup.environment.variable("KUBERNETES_SERVICE_PORT").unwrap_or("443");
    let usual = if host.contains(':') { format!("https://[{host}]:{port}") } else { format!("https://{host}:{port}") };
    let read = |file: &str| {
        const LONGEST: usize = 64 * 1024;
        let path = service_account.join(file);
        setup.disk.read(&path, LONGEST).map_err(|error| Error::Connection(format!("{}: {error}", path.display())))
    };
    let credential = String::from_utf8(read("token")?).map_err(|_| Error::Secret("TOKEN"))?;
    let inside = Setup { roots: Roots::Only(read("ca.crt")?), ..setup.clone() };
    Ok((Api::new(&inside, &usual)?.with_bearer(&Secret::new(credential.trim())), None))
}

/// The end of a token of a service account: the claim `exp` (RFC 7519).
fn end_of(credential: &str) -> Option<Timestamp> {
    let claims = URL_SAFE_NO_PAD.decode(credential.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    claims["exp"].as_i64().map(Timestamp::from_unix)
}

impl Kubernetes {
    /// The Secret after a merge patch. A dry run writes nothing, but needs the same rights.
    async fn patch(&self, patch: &Value, is_dry_run: bool) -> Result<Value, DeliveryError> {
        let dry_run = if is_dry_run { "&dryRun=All" } else { "" };
        let (namespace, secret) = (encoded(&self.namespace), encoded(&self.secret));
        let path = format!("/api/v1/namespaces/{namespace}/secrets/{secret}?fieldManager=everlit{dry_run}");
        let (_, secret) = self.api.json(Method::PATCH, &path, Body::MergePatch(patch)).await.map_err(|error| {
            let (secret, namespace) = (&self.secret, &self.namespace);
            let create = format!("kubectl create secret generic {secret} -n {namespace}");
            let message = format!("there is no Secret {secret} in {namespace}; create it once: {create}");
            reworded(error, 404, DeliveryErrorClass::NotFound, message)
        })?;
        self.api.expect(secret["kind"] == "Secret" && secret["metadata"]["name"] == *self.secret)?;
        Ok(secret)
    }

    fn receipt(&self) -> Receipt {
        Receipt { credential_ends_at: self.credential_ends_at }
    }

    async fn put(&self, key: &str, text: &str) -> Result<Receipt, DeliveryError> {
        let value = STANDARD.encode(text);
        let secret = self.patch(&json!({"data": {key: value}}), false).await?;
        self.api.expect(secret["data"][key] == *value).map(|()| self.receipt())
    }

    /// The text under a key of the Secret.
    async fn value(&self, key: &str) -> Result<Option<Secret>, DeliveryError> {
        let secret = self.patch(&json!({}), true).await?;
        let value = secret["data"][key].as_str().and_then(|value| STANDARD.decode(value).ok());
        Ok(value.and_then(|value| String::from_utf8(value).ok()).map(Secret::new))
    }
}

impl Target for Kubernetes {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(&'a self, token: &'a Token, _: Option<Timestamp>) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(self.put(&self.key, token.expose()))
    }

    fn activation(&self) -> Option<Arc<dyn Activation>> {
        self.after.clone()
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(async move { Ok(Holds::of(self.value(&self.key).await?.as_ref().map(Secret::expose), token)) })
    }
}

impl Place for Kubernetes {
    fn plan(&self) -> String {
        let then = if self.after.is_some() { ", then restarts the deployment" } else { "" };
        format!("writes {} into the Secret {} in {}{then}", self.key, self.secret, self.namespace)
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move { self.patch(&json!({}), true).await.map(|_| self.receipt()) })
    }

    fn source(&self) -> Option<&dyn Source> {
        Some(self)
    }
}

impl Texts for Kubernetes {
    /// A Secret may have 1 MiB, with every other key in it.
    const ROOM: usize = 100 * 1024;

    fn key(&self) -> &str {
        &self.key
    }

    async fn read(&self, key: &str) -> Result<Option<Secret>, DeliveryError> {
        self.value(key).await
    }

    async fn write(&self, key: &str, text: &str) -> Result<(), DeliveryError> {
        self.put(key, text).await.map(drop)
    }
}

/// Replaces the pods of a deployment one by one, as `kubectl rollout restart` does.
#[derive(Debug)]
struct Restart {
    api: Arc<Api>,
    name: String,
    path: String,
    clock: Arc<dyn Clock>,
}

impl Activation for Restart {
    fn name(&self) -> &str {
        &self.name
    }

    fn activate(&self) -> BoxFuture<'_, Result<(), DeliveryError>> {
        Box::pin(async move {
            let now = jiff::Timestamp::from_second(self.clock.now().as_unix()).map(|now| now.to_string());
            let annotations = json!({"kubectl.kubernetes.io/restartedAt": now.unwrap_or_default()});
            let patch = json!({"spec": {"template": {"metadata": {"annotations": annotations}}}});
            let path = format!("{}?fieldManager=everlit", self.path);
            let (_, deployment) = self.api.json(Method::PATCH, &path, Body::MergePatch(&patch)).await?;
            self.api.expect(deployment["kind"] == "Deployment")
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may panic, and writes what a cluster would")]
mod tests {
    use std::collections::BTreeMap;

    use everlit_disk::RealDisk;
    use everlit_host::Environment;
    use everlit_http::Proxy;
    use everlit_keeper::AccountName;
    use everlit_options::Options;
    use everlit_testkit::Frozen;

    use super::*;

    #[test]
    fn a_pod_uses_its_own_service_account() {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment::of("/".into(), &[("KUBERNETES_SERVICE_HOST", "fd00::1")]);
        let options = Options::default();
        let setup = Setup {
            name: "cluster",
            options: &options,
            account: AccountName::new("shop"),
            key: "token".to_owned(),
            rotation: None,
            secrets: BTreeMap::new(),
            is_trial: false,
            roots: Roots::Bundled,
            proxy: Proxy::default(),
            clock: Arc::new(Frozen(0)),
            disk: Arc::new(RealDisk),
            folder: "/".into(),
            environment: &environment,
        };
        let missing = server(&setup, folder.path()).unwrap_err().to_string();
        assert!(missing.contains("token"), "{missing}");
        std::fs::write(folder.path().join("token"), "fakeTOKENfake\n").unwrap();
        std::fs::write(folder.path().join("ca.crt"), "fake").unwrap();
        let (api, end) = server(&setup, folder.path()).unwrap();
        assert_eq!((format!("{api:?}").as_str(), end), ("Api https://[fd00::1]:443/..", None));
    }
}
