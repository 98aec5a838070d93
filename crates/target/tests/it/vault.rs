//! Vault: other fields of a secret stay, and nobody's change is overwritten.

use std::sync::{Arc, Mutex};

use everlit_keeper::DeliveryErrorClass;
use serde_json::json;

use crate::fakes::vault;
use crate::server::{Server, json as answer};
use crate::support::{CREDENTIAL, place, token};

#[tokio::test]
async fn the_other_fields_of_a_secret_stay() {
    let state = Arc::new(Mutex::new(json!({"data": {"client_id": "mine"}, "version": 4})));
    let server = Server::with_state(&state, vault);
    let options: [(&'static str, &[&str]); 3] =
        [("secret_path", &["/sites/bakery"]), ("namespace", &["team/"]), ("url", &[&server.url])];
    let place = place("vault-kv", "token", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    let receipt = place.deliver(&token(), None).await.unwrap();
    assert_eq!(receipt.credential_ends_at.unwrap().as_unix(), 1_803_859_200, "2027-03-01 00:00 UTC");
    let kept = state.lock().unwrap().clone();
    assert_eq!(kept, json!({"data": {"client_id": "mine", "token": token().expose()}, "version": 5}));
}

#[tokio::test]
async fn a_change_by_somebody_else_meanwhile_is_kept() {
    let state = Arc::new(Mutex::new(json!({"data": {"client_id": "mine"}, "version": 4})));
    let server = Server::with_state(&state, |state, asked| {
        let answer = vault(state, asked);
        if asked.line.starts_with("GET /v1/secret/data/") {
            *state = json!({"data": {"client_id": "theirs"}, "version": 5});
        }
        answer
    });
    let options: [(&'static str, &[&str]); 3] =
        [("secret_path", &["sites/bakery"]), ("namespace", &["team/"]), ("url", &[&server.url])];
    let place = place("vault-kv", "token", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    let error = place.deliver(&token(), None).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::Retry, "{error}");
    assert_eq!(*state.lock().unwrap(), json!({"data": {"client_id": "theirs"}, "version": 5}));
}

#[tokio::test]
async fn an_engine_of_version_1_gets_no_token() {
    let server = Server::new(|asked| match asked.line.as_str() {
        "GET /v1/sys/internal/ui/mounts/kv" => answer(200, &json!({"data": {"type": "kv", "options": null}})),
        "GET /v1/kv/data/bakery" => answer(404, &json!({"errors": []})),
        _ => answer(204, &json!(null)),
    });
    let options: [(&'static str, &[&str]); 3] =
        [("mount", &["kv/"]), ("secret_path", &["bakery"]), ("url", &[&server.url])];
    let place = place("vault-kv", "token", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    let error = place.deliver(&token(), None).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::RefusedByRule);
    assert!(error.message.contains("version 2"), "{error}");
    assert!(!server.lines().iter().any(|line| line.starts_with("POST")), "{:?}", server.lines());
}

#[tokio::test]
async fn a_policy_without_patch_is_found_before_a_delivery() {
    let server = Server::new(|_| answer(200, &json!({"data": {"secret/data/bakery": ["read", "update"]}})));
    let options: [(&'static str, &[&str]); 2] = [("secret_path", &["bakery"]), ("url", &[&server.url])];
    let place = place("vault-kv", "token", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    let error = place.check().await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::CredentialRefused);
    assert!(error.message.contains("secret/data/bakery"), "{error}");
}
