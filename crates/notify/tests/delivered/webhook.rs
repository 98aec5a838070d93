//! Signed webhooks, verified by the library of Standard Webhooks.

use std::time::{SystemTime, UNIX_EPOCH};

use everlit_http::Secret;
use everlit_keeper::{AccountName, Expiry, News, Notice};
use everlit_meta_api::Timestamp;
use everlit_notify::{Error, event};
use serde_json::{Value, json};

use crate::recorder::{Answer, Call, Recorder};
use crate::{NOW, Stepping, channel, notice, validators};

/// Base64 of `fake signing secret of 32 bytes!`.
const SIGNING: &str = "whsec_ZmFrZSBzaWduaW5nIHNlY3JldCBvZiAzMiBieXRlcyE=";
/// Base64 of `another fake secret of 32 bytes!`.
const OTHER: &str = "whsec_YW5vdGhlciBmYWtlIHNlY3JldCBvZiAzMiBieXRlcyE=";

fn today() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// The calls for one notice, when the first answer is 503.
async fn calls(now: i64) -> Vec<Call> {
    let service = Recorder::answering(vec![Answer::Status(503, "", ""), Answer::Status(204, "", "")]).await;
    let clock = Stepping::at(now);
    let secrets = [("URL", service.url("/")), ("SECRET", Secret::new(SIGNING))];
    let webhook = channel("webhook", &secrets, &clock).unwrap();
    webhook.notify(&notice()).await.unwrap();
    service.calls()
}

fn verify(call: &Call, secret: &str, body: &str) -> Value {
    let headers: serde_json::Map<_, _> =
        call.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    validators::verify(&json!({ "secret": secret, "headers": headers, "body": body }))
}

#[tokio::test]
async fn the_reference_library_accepts_only_a_fresh_valid_signature() {
    let calls = calls(today()).await;
    assert_eq!(calls.len(), 2);
    for call in &calls {
        assert_eq!(verify(call, SIGNING, &call.body), json!({ "accepted": true, "type": "token.refresh_failed" }));
        assert_eq!(verify(call, OTHER, &call.body)["accepted"], false);
        assert_eq!(verify(call, SIGNING, &call.body.replace("shop", "shot"))["accepted"], false);
    }
    assert_eq!(calls[0].header("webhook-id"), calls[1].header("webhook-id"), "receivers can detect duplicates");
    assert_ne!(calls[0].header("webhook-timestamp"), calls[1].header("webhook-timestamp"));

    let old = crate::webhook::calls(today() - 600).await;
    let result = verify(&old[0], SIGNING, &old[0].body);
    assert_eq!((&result["accepted"], &result["why"]), (&json!(false), &json!("Message timestamp too old")));
}

#[test]
fn events_contain_raw_names_and_rfc3339_times() {
    let got = event(&notice());
    assert_eq!(got["timestamp"], "2027-01-15T08:00:00Z");
    assert_eq!(got["data"]["news"], "needs_person");
    assert_eq!(got["data"]["accounts"][0]["name"], "shop");
    assert_eq!(got["data"]["accounts"][0]["expires_at"], "2027-01-23T08:00:00Z");
    assert_eq!(got["data"]["next"], "everlit connect --account shop");

    let mut many = notice();
    many.accounts = vec![many.accounts[0].clone(); 700];
    many.accounts[0].name = AccountName::new("<a href=\"https://x.example\"> & @b");
    let got = event(&many);
    assert_eq!(got["data"]["accounts"][0]["name"], "<a href=\"https://x.example\"> & @b");
    assert_eq!((got["data"]["accounts"].as_array().unwrap().len(), &got["data"]["accounts_total"]), (20, &json!(700)));
}

#[test]
fn each_kind_of_news_has_its_own_event_type() {
    let of = |news| event(&Notice { news, ..notice() })["type"].as_str().unwrap().to_owned();
    assert_eq!(of(News::NotSaved), "store.write_failed");
    assert_eq!(of(News::Expiring { days: 8 }), "token.expiring");
    assert_eq!(of(News::Recovered), "token.recovered");
    assert_eq!(of(News::Test), "test");
    let mut over = Notice { news: News::Expiring { days: 0 }, ..notice() };
    over.accounts[0].expiry = Expiry::At(Timestamp::from_unix(NOW - 1));
    assert_eq!(event(&over)["type"], "token.expired");
}

#[test]
fn an_invalid_signing_secret_is_refused() {
    for wrong in ["", "whsec_", "whsec_c2hvcnQ=", "ZmFrZSBzaWduaW5nIHNlY3JldCBvZiAzMiBieXRlcyE=", "whsec_not base64!"] {
        let secrets = [("URL", Secret::new("https://x.example/")), ("SECRET", Secret::new(wrong))];
        let built = channel("webhook", &secrets, &Stepping::at(NOW));
        assert_eq!(built.unwrap_err(), Error::SigningSecret, "{wrong}");
    }
}
