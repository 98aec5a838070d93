//! Azure Key Vault: names, ends, and who asks.

use std::sync::{Arc, Mutex};

use everlit_host::Environment;
use everlit_keeper::DeliveryErrorClass;
use everlit_target::Error;
use serde_json::{Value, json};

use crate::fakes::azure;
use crate::server::{Server, json as answer};
use crate::support::{CREDENTIAL, EXPIRES, place, place_in, token};

#[tokio::test]
async fn the_secret_ends_when_the_token_does() {
    let state = Arc::<Mutex<Value>>::default();
    let server = Server::with_state(&state, azure);
    let options: [(&'static str, &[&str]); 4] = [
        ("url", &[&server.url]),
        ("tenant", &["bakery.example"]),
        ("client", &["app-1"]),
        ("authority", &[&server.url]),
    ];
    let place = place("azure-keyvault", "IG_ACCESS_TOKEN", &options, &[("SECRET", CREDENTIAL)]).unwrap();
    assert_eq!(place.plan(), "writes the secret IG-ACCESS-TOKEN into 127.0.0.1");
    place.deliver(&token(), Some(EXPIRES)).await.unwrap();
    assert_eq!(state.lock().unwrap()["attributes"], json!({"enabled": true, "exp": EXPIRES.as_unix()}));
}

#[tokio::test]
async fn a_managed_identity_needs_no_secret() {
    let vault = Server::new(|asked| {
        assert_eq!(asked.header("authorization"), "Bearer fakeACCESSfake");
        answer(200, &json!({"value": [], "nextLink": null}))
    });
    let identity = Server::new(|asked| {
        assert_eq!(asked.header("x-identity-header"), "fakeHEADERfake");
        answer(200, &json!({"access_token": "fakeACCESSfake", "expires_on": "1800003600", "token_type": "Bearer"}))
    });
    let endpoint = format!("{}/msi/token", identity.url);
    let variables = [("IDENTITY_ENDPOINT", endpoint.as_str()), ("IDENTITY_HEADER", "fakeHEADERfake")];
    let environment = Environment::of("/".into(), &variables);
    let options: [(&'static str, &[&str]); 2] = [("url", &[&vault.url]), ("client", &["user-1"])];
    let place = place_in(&environment, false, "azure-keyvault", "IG_ACCESS_TOKEN", &options, &[]).unwrap();
    place.check().await.unwrap();
    let path = "GET /msi/token?api%2Dversion=2019%2D08%2D01&resource=https%3A%2F%2Fvault%2Eazure%2Enet";
    assert_eq!(identity.lines(), [format!("{path}&client%5Fid=user%2D1")]);
}

#[tokio::test]
async fn a_deleted_secret_is_for_a_person_to_recover() {
    let server = Server::new(|asked| {
        if asked.line.starts_with("POST") {
            answer(200, &json!({"access_token": "fakeACCESSfake"}))
        } else {
            answer(409, &json!({"error": {"code": "Conflict", "message": "deleted but recoverable"}}))
        }
    });
    let options: [(&'static str, &[&str]); 4] =
        [("url", &[&server.url]), ("tenant", &["t"]), ("client", &["c"]), ("authority", &[&server.url])];
    let place = place("azure-keyvault", "IG_ACCESS_TOKEN", &options, &[("SECRET", CREDENTIAL)]).unwrap();
    let error = place.deliver(&token(), None).await.unwrap_err();
    assert_eq!(error.class, DeliveryErrorClass::RefusedByRule);
    assert!(error.message.contains("recover or purge"), "{error}");
}

#[test]
fn an_app_registration_needs_a_tenant_and_a_client() {
    let url: (&'static str, &[&str]) = ("url", &["https://bakery.vault.azure.net"]);
    let build = |options: &[(&'static str, &[&str])]| {
        place("azure-keyvault", "IG_ACCESS_TOKEN", options, &[("SECRET", CREDENTIAL)])
    };
    assert!(matches!(build(&[url, ("client", &["c"])]), Err(Error::Setting("tenant", _))));
    assert!(matches!(build(&[url, ("tenant", &["t"])]), Err(Error::Setting("client", _))));
    assert!(build(&[url, ("tenant", &["t"]), ("client", &["c"])]).is_ok());
}
