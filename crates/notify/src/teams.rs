//! Microsoft Teams, through a workflow triggered by "When a Teams webhook request is received".
//!
//! <https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>

use serde_json::{Value, json};

use crate::answer;
use crate::chat::Service;
use crate::message::{Line, Message, Tone};

pub(crate) static TEAMS: Service = Service {
    payload,
    answer: answer::teams,
    remedy: "the workflow was deleted, or its owner left: create a new one and store its URL",
};

/// An Adaptive Card of rich text blocks, which do not render Markdown. Teams rejects more than 28 KB.
pub(crate) fn payload(message: &Message) -> Value {
    const BYTES: usize = 20_000;
    message.fit(|lines| card(message, lines), |card| card.to_string().len(), BYTES)
}

fn card(message: &Message, lines: &[Line]) -> Value {
    let color = match message.tone {
        Tone::Bad => "Attention",
        Tone::Warning => "Warning",
        Tone::Good => "Good",
    };
    let title =
        json!({ "type": "TextRun", "text": message.title, "weight": "Bolder", "size": "Medium", "color": color });
    let mut body = vec![json!({ "type": "RichTextBlock", "inlines": [title] })];
    body.extend(lines.iter().map(|line| {
        let font = if matches!(line, Line::Command(_)) { "Monospace" } else { "Default" };
        let run = json!({ "type": "TextRun", "text": line.plain(), "fontType": font });
        json!({ "type": "RichTextBlock", "inlines": [run] })
    }));
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.2",
        "body": body,
    });
    let attachment =
        json!({ "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card });
    json!({ "type": "message", "attachments": [attachment] })
}
