//! Vercel's environment variables and redeployments.

use std::collections::BTreeSet;

use everlit_keeper::DeliveryErrorClass;
use serde_json::{Value, json};

use crate::server::{Answer, Asked, Server, json as answer};
use crate::support::{CREDENTIAL, place, token, validator};

/// Answers as Vercel documents it: <https://vercel.com/docs/rest-api>.
fn vercel(asked: &Asked) -> Answer {
    assert_eq!(asked.header("authorization"), format!("Bearer {CREDENTIAL}"));
    let path = asked.line.split_once(' ').unwrap().1;
    if asked.line.starts_with("POST /v10/projects/") {
        let body = asked.json();
        let is_development = body["target"].as_array().unwrap().contains(&json!("development"));
        if is_development && body["type"] == "sensitive" {
            return answer(400, &json!({"error": {"code": "bad_request", "message": "not for development"}}));
        }
        let created = json!({"key": body["key"], "type": body["type"], "target": body["target"], "id": "env_1"});
        return answer(201, &json!({"created": created, "failed": []}));
    }
    if path.starts_with("/v7/deployments") {
        let deployment = json!({
            "uid": "dpl_1",
            "name": "bakery",
            "projectId": "prj_1",
            "url": "bakery-1.vercel.app",
            "created": 1_800_000_000_000_u64,
            "createdAt": 1_800_000_000_000_u64,
            "creator": {"uid": "user_1"},
            "type": "LAMBDAS",
            "readyState": "READY",
            "state": "READY",
            "inspectorUrl": null,
        });
        let pagination = json!({"count": 1, "next": null, "prev": null});
        return answer(200, &json!({"deployments": [deployment], "pagination": pagination}));
    }
    if path.starts_with("/v13/deployments") {
        return answer(200, &json!({"id": "dpl_2", "readyState": "QUEUED"}));
    }
    answer(200, &json!({"envs": []}))
}

/// What is asked, however it is written: the method, the path, the query by name, and the body.
fn meaning(asked: &Asked) -> (String, BTreeSet<String>, Value) {
    let decoded = asked.decoded();
    let (path, query) = decoded.split_once('?').unwrap_or((&decoded, ""));
    let body = serde_json::from_str(&asked.body).unwrap_or_default();
    (path.to_owned(), query.split('&').map(str::to_owned).collect(), body)
}

#[tokio::test]
async fn vercels_own_client_makes_the_same_calls() {
    let (theirs, ours) = (Server::new(vercel), Server::new(vercel));
    validator("vercel.mjs", &[&theirs.url, CREDENTIAL], token().expose());
    let options: [(&'static str, &[&str]); 5] = [
        ("project", &["prj_1"]),
        ("team", &["team_1"]),
        ("environments", &["production", "preview", "development"]),
        ("after", &["redeploy"]),
        ("url", &[&ours.url]),
    ];
    let place = place("vercel", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    place.check().await.unwrap();
    place.deliver(&token(), None).await.unwrap();
    place.activation().unwrap().activate().await.unwrap();
    let all = |server: &Server| server.asked().iter().map(meaning).collect::<Vec<_>>();
    assert_eq!(all(&ours).len(), 5);
    for (ours, theirs) in all(&ours).iter().zip(all(&theirs)) {
        assert_eq!(*ours, theirs);
    }
}

#[tokio::test]
async fn production_gets_a_sensitive_value_and_development_another() {
    let server = Server::new(vercel);
    let options: [(&'static str, &[&str]); 5] = [
        ("project", &["prj_1"]),
        ("team", &["team_1"]),
        ("environments", &["production", "preview", "development"]),
        ("after", &["redeploy"]),
        ("url", &[&server.url]),
    ];
    let place = place("vercel", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    place.deliver(&token(), None).await.unwrap();
    let asked = server.asked();
    let path = "POST /v10/projects/prj%5F1/env?upsert=true&teamId=team%5F1";
    assert_eq!(server.lines(), [path, path]);
    let value = token();
    let of = |kind: &str, environments: &[&str]| json!({"key": "IG_ACCESS_TOKEN", "value": value.expose(), "type": kind, "target": environments});
    assert_eq!(asked[0].json(), of("sensitive", &["production", "preview"]));
    assert_eq!(asked[1].json(), of("encrypted", &["development"]));
    place.activation().unwrap().activate().await.unwrap();
    let redeploy = server.asked().pop().unwrap();
    assert_eq!(redeploy.line, "POST /v13/deployments?forceNew=1&teamId=team%5F1");
    assert_eq!(redeploy.json(), json!({"name": "bakery", "deploymentId": "dpl_1", "target": "production"}));
}

#[tokio::test]
async fn a_failure_inside_a_201_is_a_failure() {
    let server = Server::new(|_| {
        let failed = json!([{"error": {"code": "ENV_CONFLICT", "message": "it is linked to a shared variable"}}]);
        (201, "", json!({"created": [], "failed": failed}).to_string())
    });
    let options: [(&'static str, &[&str]); 3] = [("project", &["p"]), ("after", &["none"]), ("url", &[&server.url])];
    let place = place("vercel", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    let error = place.deliver(&token(), None).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::RefusedByRule);
    assert!(error.message.contains("it is linked to a shared variable"), "{error}");
}

#[tokio::test]
async fn a_deploy_hook_is_called_once_the_value_is_there() {
    let (api, hook) = (Server::new(vercel), Server::new(|_| (201, "", "{}".to_owned())));
    let options: [(&'static str, &[&str]); 3] = [("project", &["p"]), ("after", &["hook"]), ("url", &[&api.url])];
    let url = format!("{}/v1/integrations/deploy/prj/fake", hook.url);
    let place = place("vercel", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL), ("HOOK", &url)]).unwrap();
    let activation = place.activation().unwrap();
    assert_eq!(activation.name(), "site: hook");
    activation.activate().await.unwrap();
    let called = hook.asked().pop().unwrap();
    assert_eq!((called.line.as_str(), called.header("authorization")), ("POST /v1/integrations/deploy/prj/fake", ""));
}
