//! Slack's incoming webhooks, and whatever takes the same: Mattermost, Rocket.Chat, Discord's address with `/slack` at its end.
//!
//! <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/>

use serde_json::{Value, json};

use crate::message::{Message, Tone, cut, utf16};

/// The title as `text`, the rest as an attachment: the one shape that all four services show. `parse` and `mrkdwn` keep Slack
/// from making links and formats of what is left; Slack cuts an attachment after 8,000 characters, Discord after 2,000.
pub(crate) fn payload(message: &Message) -> Value {
    const TITLE: usize = 250;
    const TEXT: usize = 2_000;
    let text = message.text(|line| escape(&line.plain()), utf16, TEXT);
    let color = match message.tone {
        Tone::Bad => "danger",
        Tone::Warning => "warning",
        Tone::Good => "good",
    };
    let title = cut(&escape(&message.title), utf16, TITLE);
    json!({
        "text": title,
        "mrkdwn": false,
        "parse": "none",
        "link_names": 0,
        "unfurl_links": false,
        "unfurl_media": false,
        "attachments": [{ "color": color, "fallback": title, "text": text, "mrkdwn_in": [] }],
    })
}

/// The three characters that Slack reads as its own; two of them cannot come.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
