//! Slack's incoming webhooks, which Mattermost, Rocket.Chat and Discord (URL with `/slack` appended) also accept.
//!
//! <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/>

use serde_json::{Value, json};

use crate::answer;
use crate::chat::Service;
use crate::message::{Message, Tone, cut, utf16};

pub(crate) static SLACK: Service =
    Service { payload, answer: answer::slack, remedy: "create a new incoming webhook in Slack and store its URL" };

/// The title as `text`, the rest as an attachment: all four services show this. `parse` and `mrkdwn` stop Slack from
/// linking and formatting the text. Slack truncates an attachment at 8,000 characters, Discord at 2,000.
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

/// Escapes the three characters that Slack reserves. [`inert`](crate::message::inert) has already removed two of them.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
