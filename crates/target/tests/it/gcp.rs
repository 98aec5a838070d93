//! Google Cloud's Secret Manager: versions, and the key of a service account.

use std::sync::{Arc, Mutex};

use everlit_host::Environment;
use everlit_keeper::{DeliveryErrorClass, Holds};
use everlit_target::{Error, Place};
use serde_json::{Value, json};

use crate::fakes::gcp;
use crate::server::{Asked, Server, json as answer};
use crate::support::{CREDENTIAL, NOW, place, place_in, token, validator, validators};

/// A place on a machine of Google's, at this server.
fn on_google(server: &Server) -> Arc<dyn Place> {
    let metadata_server = server.url.trim_start_matches("http://");
    let environment = Environment::of("/".into(), &[("GCE_METADATA_HOST", metadata_server)]);
    let options: [(&'static str, &[&str]); 2] = [("project", &["bakery-1"]), ("url", &[&server.url])];
    place_in(&environment, false, "gcp-secret", "IG_ACCESS_TOKEN", &options, &[]).unwrap()
}

#[tokio::test]
async fn only_the_newest_two_versions_stay_enabled() {
    let state = Arc::<Mutex<Value>>::default();
    let server = Server::with_state(&state, gcp);
    let place = on_google(&server);
    for _ in 0..4 {
        place.deliver(&token(), None).await.unwrap();
    }
    let versions = state.lock().unwrap()["versions"].clone();
    let states: Vec<&Value> = versions.as_array().unwrap().iter().map(|version| &version["state"]).collect();
    assert_eq!(states, ["DISABLED", "DISABLED", "ENABLED", "ENABLED"]);
}

#[tokio::test]
async fn a_credential_that_may_only_add_delivers_all_the_same() {
    let server = Server::with_state(&Arc::default(), |state, asked| {
        if asked.line.starts_with("GET /v1/") {
            answer(403, &json!({"error": {"code": 403, "message": "Permission denied"}}))
        } else {
            gcp(state, asked)
        }
    });
    on_google(&server).deliver(&token(), None).await.unwrap();
}

#[tokio::test]
async fn a_credential_that_may_not_add_is_found_before_a_delivery() {
    let server = Server::with_state(&Arc::default(), |state, asked| {
        if asked.line.ends_with(":testIamPermissions") { answer(200, &json!({})) } else { gcp(state, asked) }
    });
    let error = on_google(&server).check().await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::CredentialRefused);
}

#[tokio::test]
async fn a_secret_of_google_clouds_is_created_by_a_person() {
    let server = Server::with_state(&Arc::default(), |state, asked| {
        if asked.line.ends_with(":addVersion") {
            answer(404, &json!({"error": {"code": 404, "message": "Secret not found"}}))
        } else {
            gcp(state, asked)
        }
    });
    let error = on_google(&server).deliver(&token(), None).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::NotFound);
    assert!(error.message.ends_with("gcloud secrets create IG_ACCESS_TOKEN --project bakery-1"), "{error}");
}

#[tokio::test]
async fn googles_own_library_accepts_each_call_and_token() {
    let mut key: Value = serde_json::from_str(&validator("gcp.py", &["key"], "")).unwrap();
    let public = key.as_object_mut().unwrap().remove("public").unwrap();
    let server = Server::with_state(&Arc::default(), |state, asked| {
        // The library looks at the tokens afterwards.
        let mut known = asked.clone();
        known.headers.retain(|(name, _)| name != "authorization");
        known.headers.push(("authorization".to_owned(), format!("Bearer {CREDENTIAL}")));
        gcp(state, &known)
    });
    let options: [(&'static str, &[&str]); 2] = [("project", &["bakery-1"]), ("url", &[&server.url])];
    let secrets = [("SERVICE_ACCOUNT", key.to_string())];
    let secrets = secrets.each_ref().map(|(suffix, key)| (*suffix, key.as_str()));
    let place = place("gcp-secret", "IG_ACCESS_TOKEN", &options, &secrets).unwrap();
    place.check().await.unwrap();
    for _ in 0..3 {
        place.deliver(&token(), None).await.unwrap();
    }
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken);
    let call = |asked: &Asked| {
        let (method, target) = asked.line.split_once(' ').unwrap();
        json!({"method": method, "target": target, "authorization": asked.header("authorization"), "body": asked.body})
    };
    let calls: Vec<Value> = server.asked().iter().map(call).collect();
    assert!(calls.iter().any(|call| call["target"].as_str().unwrap().ends_with(":disable")));
    let specification = validators().join("specs/google.json");
    let case = json!({"public": public, "now": NOW, "specification": specification, "calls": calls});
    validator("gcp.py", &["calls"], &case.to_string());
}

#[test]
fn what_is_no_key_of_a_service_account_is_refused() {
    let no_key = json!({"client_email": "a@b.example", "private_key_id": "1", "private_key": "fake"}).to_string();
    for key in ["fake", "{}", &no_key] {
        let refused = place("gcp-secret", "IG_ACCESS_TOKEN", &[("project", &["p"])], &[("SERVICE_ACCOUNT", key)]);
        assert_eq!(refused.unwrap_err(), Error::ServiceAccount, "{key}");
    }
}
