//! What a service's refusals mean: who can help, and when it is tried again.

use std::time::Duration;

use everlit_keeper::{DeliveryError, DeliveryErrorClass};
use serde_json::json;

use crate::server::Server;
use crate::support::{CREDENTIAL, place, token};

async fn refusal(status: u16, headers: &'static str, body: &str) -> DeliveryError {
    let body = body.to_owned();
    let server = Server::new(move |_| (status, headers, body.clone()));
    let options: [(&'static str, &[&str]); 3] = [("project", &["p"]), ("after", &["none"]), ("url", &[&server.url])];
    let place = place("vercel", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    place.deliver(&token(), None).await.unwrap_err()
}

#[tokio::test]
async fn each_refusal_says_who_can_help() {
    use DeliveryErrorClass::{CredentialRefused, NotFound, RefusedByRule, Retry};
    let said = json!({"error": {"message": "the reason"}}).to_string();
    let table = [
        (401, "", CredentialRefused),
        (403, "", CredentialRefused),
        (403, "x-ratelimit-remaining: 0\r\n", Retry),
        (404, "", NotFound),
        (409, "", Retry),
        (413, "", RefusedByRule),
        (422, "", RefusedByRule),
        (429, "retry-after: 120\r\n", Retry),
        (500, "", Retry),
        (503, "retry-after: 120\r\n", Retry),
        (302, "location: https://evil.example/\r\n", NotFound),
    ];
    for (status, headers, class) in table {
        let error = refusal(status, headers, &said).await;
        assert_eq!((error.class, error.http_status), (class, Some(status)), "{error}");
        assert!(error.message.contains("127.0.0.1") && error.message.contains("the reason"), "{error}");
        let asked_to_wait = headers.starts_with("retry-after").then(|| Duration::from_secs(120));
        assert_eq!(error.retry_after, asked_to_wait, "{status}");
    }
}

#[tokio::test]
async fn p3_an_answer_that_echoes_secrets_is_not_repeated() {
    let echo = json!({"error": {"message": format!("bad value {}", token().expose())}}).to_string();
    let error = refusal(400, "", &echo).await;
    assert!(!error.message.contains("fakeFAKE"), "{error}");
    let error = refusal(200, "content-type: text/html; charset=utf-8\r\n", "Login").await;
    assert!(error.message.contains("answered with a web page"), "{error}");
    for page in ["", "\u{0}\u{1}garbage", "[]", "7"] {
        let error = refusal(200, "", page).await;
        assert!(error.message.contains("did not answer as the service does"), "{page}: {error}");
    }
}

#[tokio::test]
async fn a_service_that_is_not_there_is_tried_again() {
    // Nothing listens there.
    let options: [(&'static str, &[&str]); 3] =
        [("project", &["p"]), ("after", &["none"]), ("url", &["http://127.0.0.1:9"])];
    let place = place("vercel", "IG_ACCESS_TOKEN", &options, &[("TOKEN", CREDENTIAL)]).unwrap();
    let error = place.deliver(&token(), None).await.unwrap_err();
    assert_eq!((error.class, error.http_status), (DeliveryErrorClass::Retry, None));
}
