//! GitHub's secrets, sealed for a key that a test holds.

use everlit_keeper::DeliveryErrorClass;
use everlit_target::Error;
use serde_json::{Value, json};

use crate::prism::Prism;
use crate::server::{Answer, Asked, Server, json as json_answer};
use crate::support::{CREDENTIAL, EXPIRES, place, token, validator};

const HEADERS: &str = "content-type: application/json\r\n\
                       github-authentication-token-expiration: 2027-03-01 12:00:00 UTC\r\n";

/// Answers as GitHub documents it: <https://docs.github.com/en/rest/actions/secrets>.
fn github(public_key: String) -> impl Fn(&Asked) -> Answer + Send + 'static {
    move |asked| {
        assert_eq!(asked.header("authorization"), format!("Bearer {CREDENTIAL}"));
        assert_eq!(asked.header("accept"), "application/vnd.github+json");
        let (method, path) = asked.line.split_once(' ').unwrap();
        let key = json!({"key_id": "568250167242549743", "key": public_key}).to_string();
        match method {
            "GET" if path.ends_with("/public-key") => (200, HEADERS, key),
            "GET" if path.ends_with("/repositories?per_page=100") => {
                (200, "", json!({"total_count": 2, "repositories": [{"id": 7}, {"id": 8}]}).to_string())
            }
            "GET" if path.starts_with("/orgs/") => {
                let (created, updated) = ("2026-01-01T00:00:00Z", "2026-11-27T00:00:00Z");
                let secret = json!({"name": "IG_ACCESS_TOKEN", "visibility": "selected", "created_at": created, "updated_at": updated});
                json_answer(200, &secret)
            }
            "GET" => (200, "", json!({"full_name": "ada/site", "default_branch": "trunk"}).to_string()),
            "PUT" => {
                let body = asked.json();
                let fields: Vec<&String> = body.as_object().unwrap().keys().collect();
                let known = ["encrypted_value", "key_id", "visibility", "selected_repository_ids"];
                assert!(fields.iter().all(|field| known.contains(&field.as_str())), "{fields:?}");
                (204, "", String::new())
            }
            _ => (204, "", String::new()),
        }
    }
}

fn key_pair() -> (String, String) {
    let pair: Value = serde_json::from_str(&validator("box.py", &[], "")).unwrap();
    let text = |name: &str| pair[name].as_str().unwrap().to_owned();
    (text("private"), text("public"))
}

#[tokio::test]
async fn github_can_open_the_secret_and_nobody_else() {
    let (private, public) = key_pair();
    let server = Server::new(github(public));
    let options: [(&'static str, &[&str]); 3] =
        [("project", &["ada/site"]), ("environments", &["production", "pre view"]), ("url", &[&server.url])];
    let place = place("github-secret", "ig_access_token", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    assert_eq!(place.plan(), "writes the secret IG_ACCESS_TOKEN of ada/site, environment production, pre view");
    let receipt = place.deliver(&token(), Some(EXPIRES)).await.unwrap();
    assert_eq!(
        receipt.credential_ends_at.unwrap().as_unix(),
        1_803_902_400,
        "the header names the end of the credential"
    );
    let asked = server.asked();
    let lines: Vec<&str> = asked.iter().map(|asked| asked.line.as_str()).collect();
    let at = |environment: &str| format!("/repos/ada/site/environments/{environment}/secrets");
    let (production, preview) = (at("production"), at("pre%20view"));
    let expected = [
        format!("GET {production}/public-key"),
        format!("PUT {production}/IG_ACCESS_TOKEN"),
        format!("GET {preview}/public-key"),
        format!("PUT {preview}/IG_ACCESS_TOKEN"),
    ];
    assert_eq!(lines, expected);
    for put in [&asked[1], &asked[3]] {
        assert!(!put.body.contains("fakeFAKE"), "P3: the token is sealed");
        let opened = validator("box.py", &[&private], put.json()["encrypted_value"].as_str().unwrap());
        assert_eq!(opened, token().expose());
    }
    assert_ne!(asked[1].json()["encrypted_value"], asked[3].json()["encrypted_value"]);
}

#[tokio::test]
async fn an_organizations_secret_keeps_its_repositories() {
    let (_, public) = key_pair();
    let server = Server::new(github(public));
    let options: [(&'static str, &[&str]); 2] = [("organization", &["bakery"]), ("url", &[&server.url])];
    let place = place("github-secret", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    place.deliver(&token(), None).await.unwrap();
    let put = server.asked().pop().unwrap();
    assert_eq!(put.line, "PUT /orgs/bakery/actions/secrets/IG_ACCESS_TOKEN");
    assert_eq!(
        (&put.json()["visibility"], &put.json()["selected_repository_ids"]),
        (&json!("selected"), &json!([7, 8]))
    );
}

#[tokio::test]
async fn a_workflow_is_started_on_the_default_branch() {
    let (_, public) = key_pair();
    let server = Server::new(github(public));
    let options: [(&'static str, &[&str]); 4] =
        [("project", &["ada/site"]), ("workflow", &["deploy.yml"]), ("after", &["redeploy"]), ("url", &[&server.url])];
    let place = place("github-secret", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    place.activation().unwrap().activate().await.unwrap();
    let dispatch = server.asked().pop().unwrap();
    assert_eq!(dispatch.line, "POST /repos/ada/site/actions/workflows/deploy%2Eyml/dispatches");
    assert_eq!(dispatch.json(), json!({"ref": "trunk"}));
}

#[tokio::test]
async fn a_check_writes_nothing() {
    let (_, public) = key_pair();
    let server = Server::new(github(public));
    let options: [(&'static str, &[&str]); 2] = [("project", &["ada/site"]), ("url", &[&server.url])];
    let place = place("github-secret", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    assert!(place.check().await.unwrap().credential_ends_at.is_some());
    assert_eq!(server.lines(), ["GET /repos/ada/site/actions/secrets/public-key"]);
}

#[tokio::test]
async fn githubs_own_specification_accepts_each_call() {
    let (private, public) = key_pair();
    let server = Server::new(github(public));
    let prism = Prism::start("github.json", &server);
    let at: (&'static str, &[&str]) = ("url", &[&prism.url]);
    let project: (&'static str, &[&str]) = ("project", &["ada/site"]);
    let of_all: [&[(&'static str, &[&str])]; 3] = [
        &[at, project, ("workflow", &["deploy.yml"]), ("after", &["redeploy"])],
        &[at, project, ("environments", &["production"])],
        &[at, ("organization", &["bakery"])],
    ];
    for options in of_all {
        let place = place("github-secret", "IG_ACCESS_TOKEN", options, &[("TOKEN", CREDENTIAL)]).unwrap();
        place.check().await.unwrap();
        place.deliver(&token(), None).await.unwrap();
        let put = server.asked().pop().unwrap();
        assert_eq!(validator("box.py", &[&private], put.json()["encrypted_value"].as_str().unwrap()), token().expose());
        if let Some(dispatch) = place.activation() {
            dispatch.activate().await.unwrap();
        }
    }
    // What the specification refuses does not get through.
    let refused =
        prism.call("PUT", "/repos/ada/site/actions/secrets/IG_ACCESS_TOKEN", r#"{"encrypted_value": "ZmFrZQ=="}"#);
    assert!(refused.contains("required property 'key_id'"), "{refused}");
}

#[test]
fn names_that_github_refuses_are_refused_first() {
    for key in ["GITHUB_TOKEN", "1TOKEN", "IG-TOKEN", "TÖKEN"] {
        let refused = place("github-secret", key, &[("project", &["ada/site"])], &[("TOKEN", CREDENTIAL)]);
        assert!(matches!(refused, Err(Error::Setting("key", _))), "{key}");
    }
    let refused = place("github-secret", "IG_TOKEN", &[("project", &["site"])], &[("TOKEN", CREDENTIAL)]);
    assert!(matches!(refused, Err(Error::Setting("project", _))));
    assert!(matches!(
        place("github-secret", "IG_TOKEN", &[("project", &["a/b"])], &[]),
        Err(Error::MissingSecret("TOKEN"))
    ));
}

#[tokio::test]
async fn an_answer_without_a_key_is_not_githubs() {
    let server = Server::new(|_| (200, "", "<html>Please sign in</html>".to_owned()));
    let options: [(&'static str, &[&str]); 2] = [("project", &["ada/site"]), ("url", &[&server.url])];
    let place = place("github-secret", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    let error = place.deliver(&token(), None).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::Retry);
    assert!(error.message.contains("answered with a web page"), "{error}");
}
