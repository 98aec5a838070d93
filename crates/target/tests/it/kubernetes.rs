//! Kubernetes' Secrets and deployments.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use everlit_host::Environment;
use everlit_keeper::DeliveryErrorClass;
use everlit_target::Error;
use serde_json::json;

use crate::fakes::{kubernetes, merge};
use crate::server::{Server, json as answer};
use crate::support::{CREDENTIAL, place, place_in, token, validator};

#[tokio::test]
async fn the_other_keys_of_a_secret_stay_and_pods_are_replaced() {
    let state = Arc::new(Mutex::new(json!({"data": {"other": "bWluZQ=="}})));
    let server = Server::with_state(&state, kubernetes);
    let options: [(&'static str, &[&str]); 5] = [
        ("namespace", &["web"]),
        ("project", &["site"]),
        ("deployment", &["shop"]),
        ("after", &["redeploy"]),
        ("url", &[&server.url]),
    ];
    let place = place("kubernetes-secret", "ig.token", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    assert_eq!(place.plan(), "writes ig.token into the Secret site in web, then restarts the deployment");
    place.deliver(&token(), None).await.unwrap();
    assert_eq!(state.lock().unwrap()["decoded"], json!({"other": "mine", "ig.token": token().expose()}));
    let patch = server.asked().pop().unwrap().json();
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "site"}, "data": patch["data"]});
    validator("manifest.py", &[], &secret.to_string());
    place.activation().unwrap().activate().await.unwrap();
    let restart = server.asked().pop().unwrap().json();
    let annotations = &restart["spec"]["template"]["metadata"]["annotations"];
    assert_eq!(*annotations, json!({"kubectl.kubernetes.io/restartedAt": "2027-01-15T08:00:00Z"}));
    let mut deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "shop"},
        "spec": {
            "selector": {"matchLabels": {"app": "shop"}},
            "template": {
                "metadata": {"labels": {"app": "shop"}},
                "spec": {"containers": [{"name": "shop", "image": "shop"}]},
            },
        },
    });
    merge(&mut deployment, &restart);
    validator("manifest.py", &[], &deployment.to_string());
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_created_by_a_person() {
    let missing = json!({"kind": "Status", "message": "secrets \"site\" not found", "code": 404});
    let server = Server::new(move |_| answer(404, &missing));
    let options: [(&'static str, &[&str]); 3] =
        [("namespace", &["web"]), ("project", &["site"]), ("url", &[&server.url])];
    let place = place("kubernetes-secret", "token", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    let error = place.check().await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::NotFound);
    assert!(error.message.ends_with("kubectl create secret generic site -n web"), "{error}");
}

#[tokio::test]
async fn the_end_of_a_token_of_a_service_account_is_known() {
    let server = Server::new(|_| answer(200, &json!({"kind": "Secret", "metadata": {"name": "site"}})));
    let claims = URL_SAFE_NO_PAD.encode(json!({"exp": 1_803_859_200, "sub": "fake"}).to_string());
    let credential = format!("fake.{claims}.fake");
    let options: [(&'static str, &[&str]); 3] =
        [("namespace", &["web"]), ("project", &["site"]), ("url", &[&server.url])];
    let place = place("kubernetes-secret", "token", &options, &[("TOKEN", &credential)]).unwrap();
    assert_eq!(place.check().await.unwrap().credential_ends_at.unwrap().as_unix(), 1_803_859_200);
}

#[test]
fn what_is_missing_is_named_before_a_call() {
    let options: [(&'static str, &[&str]); 2] = [("namespace", &["web"]), ("project", &["site"])];
    let outside = place("kubernetes-secret", "token", &options, &[]);
    assert!(matches!(outside, Err(Error::MissingSecret("TOKEN"))));
    let without_url = place("kubernetes-secret", "token", &options, &[("TOKEN", CREDENTIAL)]);
    assert!(matches!(without_url, Err(Error::Setting("url", _))));
    let inside = Environment::of("/".into(), &[("KUBERNETES_SERVICE_HOST", "10.0.0.1")]);
    let without_account = place_in(&inside, false, "kubernetes-secret", "token", &options, &[]);
    assert!(matches!(without_account, Err(Error::Connection(_))), "{without_account:?}");
    let options: [(&'static str, &[&str]); 4] =
        [("namespace", &["web"]), ("project", &["site"]), ("after", &["redeploy"]), ("url", &["http://127.0.0.1:9"])];
    let without_deployment = place("kubernetes-secret", "token", &options, &[("TOKEN", CREDENTIAL)]);
    assert!(matches!(without_deployment, Err(Error::Setting("deployment", _))));
}
