//! What chats and push services receive, checked against their documented limits.

use everlit_http::Secret;
use everlit_keeper::{News, Notifier};
use everlit_notify::Error;
use serde_json::Value;

use crate::recorder::{Answer, Call, Recorder, Rules};
use crate::{NOW, Stepping, affected, channel, notice};

/// Slack: `text` must be there; an attachment's colour is a word or a number; no more than 100 attachments.
fn slack_rules(call: &Call) -> Result<(), String> {
    let body = json_post(call)?;
    rule(body["text"].as_str().is_some_and(|text| !text.is_empty() && text.len() <= 40_000), "no_text")?;
    let attachments = body["attachments"].as_array().ok_or("invalid_payload")?;
    rule(attachments.len() <= 100, "too_many_attachments")?;
    let colors = ["good", "warning", "danger"];
    rule(attachments.iter().all(|a| colors.iter().any(|color| a["color"] == **color)), "invalid_payload")
}

/// Discord, "Execute Webhook" and "Embed Limits".
fn discord_rules(call: &Call) -> Result<(), String> {
    let body = json_post(call)?;
    let within = |value: &Value, limit| value.as_str().is_none_or(|text| text.encode_utf16().count() <= limit);
    rule(within(&body["content"], 2_000), "50035")?;
    let embeds = body["embeds"].as_array().ok_or("50006")?;
    rule(embeds.len() <= 10 && embeds.iter().all(|embed| within(&embed["description"], 4_096)), "50035")?;
    rule(embeds.iter().all(|embed| embed["color"].as_u64().is_some_and(|color| color <= 0xff_ffff)), "50035")
}

/// Teams takes adaptive cards of less than 28 KB.
#[cfg(target_os = "linux")]
fn teams_rules(call: &Call) -> Result<(), String> {
    let body = json_post(call)?;
    rule(call.body.len() < 28 * 1_024, "too_large")?;
    rule(body["type"] == "message", "no_message")?;
    let attachment = &body["attachments"][0];
    rule(attachment["contentType"] == "application/vnd.microsoft.card.adaptive", "no_card")?;
    rule(attachment["content"]["type"] == "AdaptiveCard", "no_card")
}

/// ntfy publishes JSON at the root; a longer message becomes an attachment.
fn ntfy_rules(call: &Call) -> Result<(), String> {
    let body = json_post(call)?;
    rule(call.target == "/", "not_the_root")?;
    rule(body["topic"] == "my-topic", "no_topic")?;
    rule(body["message"].as_str().is_some_and(|message| message.len() <= 4_096), "too_long")?;
    rule(body["priority"].as_u64().is_some_and(|priority| (1..=5).contains(&priority)), "priority")
}

fn json_post(call: &Call) -> Result<Value, String> {
    rule(call.method == "POST" && call.header("content-type") == Some("application/json"), "invalid_payload")?;
    serde_json::from_str(&call.body).map_err(|_| "invalid_payload".to_owned())
}

fn rule(is_kept: bool, name: &str) -> Result<(), String> {
    if is_kept { Ok(()) } else { Err(name.to_owned()) }
}

async fn service(rules: Rules, status: u16, body: &'static str) -> Recorder {
    Recorder::ruled(rules, Answer::Status(status, "", body)).await
}

/// Sends the usual notice and one that is far too long. Returns what arrived of the usual one.
async fn notify(channel: &dyn Notifier, service: &Recorder) -> Value {
    channel.notify(&notice()).await.unwrap();
    let mut long = notice();
    long.message = "\u{1f600} words ".repeat(2_000);
    long.accounts = (0..500).map(|number| affected(&format!("{number} {}", "\u{e9}".repeat(300)))).collect();
    long.unreached = vec!["\u{1f600}".repeat(4_000); 30];
    channel.notify(&long).await.unwrap();
    service.calls()[0].json()
}

const BODY: [&str; 4] = [
    "Instagram says that the password was changed.",
    "- shop (user shop.official): since 12 Jan 2027; token expires on 23 Jan 2027 (in 8 days)",
    "Run: everlit connect --account shop",
    "Could not notify ops: hooks.example had an internal error (503)",
];

#[tokio::test]
async fn slack_shows_account_cause_date_and_next_step() {
    let service = service(slack_rules, 200, "ok").await;
    let slack = channel("slack", &[("URL", service.url("/services/T0/B0/x"))], &Stepping::at(NOW)).unwrap();
    let got = notify(&*slack, &service).await;
    assert_eq!(got["text"], "everlit: action required for shop");
    assert_eq!(got["attachments"][0]["text"], BODY.join("\n"));
    assert_eq!(got["attachments"][0]["color"], "danger");
}

#[tokio::test]
async fn discord_shows_the_command_as_code_and_mentions_nobody() {
    let service = service(discord_rules, 204, "").await;
    let discord = channel("discord", &[("URL", service.url("/api/webhooks/1/x"))], &Stepping::at(NOW)).unwrap();
    let got = notify(&*discord, &service).await;
    assert_eq!(got["content"], "everlit: action required for shop");
    let description = got["embeds"][0]["description"].as_str().unwrap();
    assert!(description.contains("\nRun: `everlit connect --account shop`\n"), "{description}");
    assert!(description.contains("- shop \\(user shop.official\\)"), "{description}");
    assert_eq!(got["allowed_mentions"]["parse"], Value::Array(Vec::new()));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn microsofts_library_renders_the_whole_teams_card() {
    let service = service(teams_rules, 202, "").await;
    let teams = channel("teams", &[("URL", service.url("/workflows/x?sig=y"))], &Stepping::at(NOW)).unwrap();
    let got = notify(&*teams, &service).await;
    let card = &got["attachments"][0]["content"];
    let result = crate::validators::card(card);
    assert_eq!(result["complaints"], Value::Array(Vec::new()));
    let shown: Vec<_> = result["understood"]["body"]
        .as_array()
        .unwrap()
        .iter()
        .map(|block| block["inlines"][0]["text"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(shown[0], "everlit: action required for shop");
    assert_eq!(shown[1..], BODY);
}

#[tokio::test]
async fn ntfy_priority_is_high_only_if_somebody_must_act() {
    let service = service(ntfy_rules, 200, r#"{"id":"fake","event":"message"}"#).await;
    let (url, clock) = (service.url("/my-topic"), Stepping::at(NOW));
    let ntfy = channel("ntfy", &[("URL", url), ("TOKEN", Secret::new("tk_fakefake"))], &clock).unwrap();
    let got = notify(&*ntfy, &service).await;
    assert_eq!((&got["title"], &got["priority"]), (&"everlit: action required for shop".into(), &5.into()));
    assert_eq!(got["message"], BODY.join("\n"));
    assert_eq!(service.calls()[0].header("authorization"), Some("Bearer tk_fakefake"));
    for (news, priority) in
        [(News::Expiring { days: 20 }, 4), (News::Expiring { days: 2 }, 5), (News::Recovered, 2), (News::Test, 3)]
    {
        ntfy.notify(&everlit_keeper::Notice { news, ..notice() }).await.unwrap();
        assert_eq!(service.calls().last().unwrap().json()["priority"], priority);
    }
    for wrong in ["https://ntfy.sh", "https://ntfy.sh/a b", "https://ntfy.sh/a.b", "https://ntfy.sh/topic?x=y"] {
        channel("ntfy", &[("URL", Secret::new(wrong))], &clock).unwrap_err();
    }
    let error = channel("ntfy", &[("URL", Secret::new("https://ntfy.sh/"))], &clock).unwrap_err();
    assert_eq!(error, Error::Topic);
}
