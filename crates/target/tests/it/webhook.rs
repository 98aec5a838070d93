//! Signed webhooks, as the library of Standard Webhooks verifies them.

use serde_json::{Value, json};

use crate::server::{Asked, Server};
use crate::support::{EXPIRES, NOW, place, token, validator};

const SECRET: &str = "whsec_ZmFrZUZBS0VmYWtlRkFLRWZha2VGQUtFZmFrZUZBS0U=";

/// What the library makes of the call, at the time of the call.
fn verified(asked: &Asked) -> Value {
    let headers: serde_json::Map<String, Value> =
        asked.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let call = json!({"secret": SECRET, "headers": headers, "body": asked.body});
    serde_json::from_str(&validator("verify.py", &[&NOW.to_string()], &call.to_string())).unwrap()
}

#[tokio::test]
async fn a_webhook_holds_the_token_only_where_it_was_asked_for() {
    let server = Server::new(|_| (204, "", String::new()));
    let url = format!("{}/hook", server.url);
    let secrets = [("URL", url.as_str()), ("SECRET", SECRET)];
    for (token_option, with_token) in [("false", false), ("true", true)] {
        let place = place("webhook", "IG_ACCESS_TOKEN", &[("token", &[token_option])], &secrets).unwrap();
        place.deliver(&token(), Some(EXPIRES)).await.unwrap();
        let asked = server.asked().pop().unwrap();
        let event = verified(&asked);
        assert_eq!((&event["type"], &event["account"]), (&json!("token.refreshed"), &json!("shop")));
        assert_eq!(event["expires_at"], EXPIRES.as_unix());
        assert_eq!(event.get("access_token").and_then(Value::as_str), with_token.then_some(token().expose()));
    }
    let ids: Vec<String> = server.asked().iter().map(|asked| asked.header("webhook-id").to_owned()).collect();
    assert_eq!(ids[0], ids[1], "the same token has the same id, so that a receiver can drop what it has seen");
}
