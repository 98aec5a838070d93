//! Discord's webhooks. <https://discord.com/developers/docs/resources/webhook#execute-webhook>

use serde_json::{Value, json};

use crate::answer;
use crate::chat::Service;
use crate::message::{Line, Message, Tone, cut, utf16};

pub(crate) static DISCORD: Service = Service {
    payload,
    answer: answer::discord,
    remedy: "create a new webhook in the settings of the Discord channel and store its URL",
};

/// The title as `content`, which phones show; the rest as an embed. Nobody is mentioned, whatever the text contains.
pub(crate) fn payload(message: &Message) -> Value {
    const CONTENT: usize = 2_000;
    const DESCRIPTION: usize = 4_000;
    let color = match message.tone {
        Tone::Bad => 0x00d9_3025,
        Tone::Warning => 0x00f9_ab00,
        Tone::Good => 0x001e_8e3e,
    };
    json!({
        "content": cut(&escape(&message.title), utf16, CONTENT),
        "embeds": [{ "description": message.text(markdown, utf16, DESCRIPTION), "color": color }],
        "allowed_mentions": { "parse": [] },
    })
}

fn markdown(line: &Line) -> String {
    match line {
        // Contains no backtick that could end the code: see `inert`.
        Line::Command(command) => format!("Run: `{command}`"),
        Line::Account(account) => format!("- {}", escape(account)),
        Line::Text(text) => escape(text),
    }
}

/// Puts a backslash before each character that is special in Discord's Markdown.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '#' | '[' | ']' | '(' | ')' | '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
