//! GitLab's variables: their scopes, and the end of the credential.

use std::sync::{Arc, Mutex};

use everlit_keeper::{DeliveryErrorClass, Holds};

use serde_json::{Value, json};

use crate::fakes::gitlab;
use crate::server::{Server, json as answer};
use crate::support::{CREDENTIAL, place, token};

#[tokio::test]
async fn a_new_variable_is_masked_and_each_scope_has_its_own() {
    let state = Arc::<Mutex<Value>>::default();
    let server = Server::with_state(&state, gitlab);
    let options: [(&'static str, &[&str]); 3] =
        [("project", &["ada/bakery"]), ("environments", &["production", "*"]), ("url", &[&server.url])];
    let place = place("gitlab-variable", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    assert_eq!(place.plan(), "sets the variable IG_ACCESS_TOKEN of ada/bakery, environment production, *");
    let receipt = place.deliver(&token(), None).await.unwrap();
    assert_eq!(receipt.credential_ends_at.unwrap().as_unix(), 1_803_859_200, "2027-03-01 00:00 UTC");
    assert_eq!(place.check().await.unwrap(), receipt);
    let state = state.lock().unwrap().clone();
    for scope in ["production", "*"] {
        let variable = &state[scope];
        assert_eq!((&variable["masked"], &variable["raw"]), (&json!(true), &json!(true)), "{scope}");
        assert_eq!(variable["value"], token().expose());
    }
    assert_eq!(place.verify(&token()).await.unwrap(), Holds::ThisToken);
}

#[tokio::test]
async fn a_credential_that_may_only_read_is_found_before_a_delivery() {
    let server = Server::new(|asked| match asked.line.as_str() {
        "GET /api/v4/personal_access_tokens/self" => answer(200, &json!({"scopes": ["read_api"]})),
        _ => answer(200, &json!([])),
    });
    let options: [(&'static str, &[&str]); 2] = [("project", &["7"]), ("url", &[&server.url])];
    let place = place("gitlab-variable", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    let error = place.check().await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::CredentialRefused);
    assert!(error.message.contains("scope api"), "{error}");
}
