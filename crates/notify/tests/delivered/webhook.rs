//! Signed webhooks, verified by the library of Standard Webhooks.

use std::time::{SystemTime, UNIX_EPOCH};

use everlit_http::Secret;
use everlit_keeper::{AccountName, Expiry, News, Notice, Notifier as _};
use everlit_meta_api::Timestamp;
use everlit_notify::{Error, Webhook, event};
use serde_json::{Value, json};

use crate::recorder::{Answer, Call, Recorder};
use crate::{NOW, Steps, notice, sender, validators};

/// Base64 of `fake signing secret of 32 bytes!`.
const SIGNING: &str = "whsec_ZmFrZSBzaWduaW5nIHNlY3JldCBvZiAzMiBieXRlcyE=";
/// Base64 of `another fake secret of 32 bytes!`.
const OTHER: &str = "whsec_YW5vdGhlciBmYWtlIHNlY3JldCBvZiAzMiBieXRlcyE=";

fn today() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// The calls that telling costs, when the first answer is a 503.
async fn calls(now: i64) -> Vec<Call> {
    let service = Recorder::answering(vec![Answer::Status(503, "", ""), Answer::Status(204, "", "")]).await;
    let clock = Steps::at(now);
    let webhook = Webhook::new("hook", &service.url("/"), &Secret::new(SIGNING), sender(&clock)).unwrap();
    webhook.notify(&notice()).await.unwrap();
    service.calls()
}

fn verdict(call: &Call, secret: &str, body: &str) -> Value {
    let headers: serde_json::Map<_, _> =
        call.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    validators::verdict(&json!({ "secret": secret, "headers": headers, "body": body }))
}

#[tokio::test]
async fn the_signature_is_accepted_by_the_standards_own_library_and_a_wrong_or_old_one_is_not() {
    let calls = calls(today()).await;
    assert_eq!(calls.len(), 2);
    for call in &calls {
        assert_eq!(verdict(call, SIGNING, &call.body), json!({ "accepted": true, "type": "token.refresh_failed" }));
        assert_eq!(verdict(call, OTHER, &call.body)["accepted"], false);
        assert_eq!(verdict(call, SIGNING, &call.body.replace("shop", "shot"))["accepted"], false);
    }
    assert_eq!(calls[0].header("webhook-id"), calls[1].header("webhook-id"), "a repetition can be told");
    assert_ne!(calls[0].header("webhook-timestamp"), calls[1].header("webhook-timestamp"));

    let old = crate::webhook::calls(today() - 600).await;
    let said = verdict(&old[0], SIGNING, &old[0].body);
    assert_eq!((&said["accepted"], &said["why"]), (&json!(false), &json!("Message timestamp too old")));
}

#[test]
fn a_program_gets_names_as_they_are_and_instants() {
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
fn each_sort_of_news_has_an_event_of_its_own() {
    let of = |news| event(&Notice { news, ..notice() })["type"].as_str().unwrap().to_owned();
    assert_eq!(of(News::NotSaved), "store.write_failed");
    assert_eq!(of(News::Expiring { days: 8 }), "token.expiring");
    assert_eq!(of(News::WellAgain), "token.recovered");
    assert_eq!(of(News::Test), "test");
    let mut over = Notice { news: News::Expiring { days: 0 }, ..notice() };
    over.accounts[0].expiry = Expiry::At(Timestamp::from_unix(NOW - 1));
    assert_eq!(event(&over)["type"], "token.expired");
}

#[test]
fn a_signing_secret_that_is_none_is_refused() {
    for wrong in ["", "whsec_", "whsec_c2hvcnQ=", "ZmFrZSBzaWduaW5nIHNlY3JldCBvZiAzMiBieXRlcyE=", "whsec_not base64!"] {
        let made =
            Webhook::new("hook", &Secret::new("https://x.example/"), &Secret::new(wrong), sender(&Steps::at(NOW)));
        assert_eq!(made.unwrap_err(), Error::SigningSecret, "{wrong}");
    }
}
