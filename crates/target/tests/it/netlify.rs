//! Netlify's deploy contexts and builds.

use std::sync::{Arc, Mutex};

use everlit_keeper::Holds;
use everlit_target::Error;
use serde_json::{Value, json};

use crate::fakes::netlify;
use crate::prism::Prism;
use crate::server::Server;
use crate::support::{CREDENTIAL, place, token};

#[tokio::test]
async fn each_deploy_context_gets_the_token_and_others_keep_theirs() {
    let old = json!({"values": [{"context": "dev", "value": "mine"}, {"context": "production", "value": "old"}]});
    let state = Arc::new(Mutex::new(old));
    let server = Server::with_state(&state, netlify);
    let options: [(&'static str, &[&str]); 4] = [
        ("project", &["bakery.netlify.app"]),
        ("environments", &["production", "branch:staging"]),
        ("after", &["redeploy"]),
        ("url", &[&server.url]),
    ];
    let place = place("netlify", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    assert_eq!(
        place.plan(),
        "sets IG_ACCESS_TOKEN for production, branch staging of the site bakery.netlify.app, then deploys it"
    );
    place.deliver(&token(), None).await.unwrap();
    let (token, values) = (token(), state.lock().unwrap()["values"].clone());
    let expected = json!([
        {"context": "branch", "value": token.expose(), "context_parameter": "staging"},
        {"context": "production", "value": token.expose()},
        {"context": "dev", "value": "mine"},
    ]);
    assert_eq!(values, expected);
    assert_eq!(place.verify(&token).await.unwrap(), Holds::ThisToken);
    place.activation().unwrap().activate().await.unwrap();
    assert_eq!(server.lines().pop().unwrap(), "POST /api/v1/sites/bakery%2Enetlify%2Eapp/builds");
}

#[tokio::test]
async fn a_new_variable_has_all_contexts_that_deploy() {
    let state = Arc::<Mutex<Value>>::default();
    let server = Server::with_state(&state, netlify);
    let options: [(&'static str, &[&str]); 3] =
        [("project", &["bakery.netlify.app"]), ("after", &["none"]), ("url", &[&server.url])];
    let place = place("netlify", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    place.deliver(&token(), None).await.unwrap();
    let values = state.lock().unwrap()["values"].clone();
    let contexts: Vec<&str> =
        values.as_array().unwrap().iter().map(|value| value["context"].as_str().unwrap()).collect();
    assert_eq!(contexts, ["production", "deploy-preview", "branch-deploy"]);
}

#[tokio::test]
async fn netlifys_own_specification_accepts_each_call() {
    let server = Server::with_state(&Arc::default(), netlify);
    let prism = Prism::start("netlify.json", &server);
    let options: [(&'static str, &[&str]); 4] = [
        ("project", &["bakery.netlify.app"]),
        ("environments", &["production", "branch:staging"]),
        ("after", &["redeploy"]),
        ("url", &[&prism.url]),
    ];
    let place = place("netlify", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    place.check().await.unwrap();
    // Creates the variable, then updates it.
    for _ in 0..2 {
        place.deliver(&token(), None).await.unwrap();
    }
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken);
    place.activation().unwrap().activate().await.unwrap();
    // What the specification refuses does not get through.
    let path = "/api/v1/accounts/ada/env/IG_ACCESS_TOKEN?site_id=site-1";
    let refused = prism.call("PATCH", path, r#"{"context": "prod", "value": "fake"}"#);
    assert!(refused.contains("must be equal to one of the allowed values"), "{refused}");
}

#[test]
fn a_deploy_context_that_netlify_does_not_know_is_refused() {
    for context in ["prod", "branch:", "branch"] {
        let options: [(&'static str, &[&str]); 3] =
            [("project", &["site"]), ("after", &["none"]), ("environments", &[context])];
        let refused = place("netlify", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]);
        assert!(matches!(refused, Err(Error::Setting("environments", _))), "{context}");
    }
}
