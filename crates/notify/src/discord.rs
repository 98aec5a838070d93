//! Discord's webhooks. <https://discord.com/developers/docs/resources/webhook#execute-webhook>

use serde_json::{Value, json};

use crate::message::{Line, Message, Tone, cut, utf16};

/// The title as `content`, which is what a phone shows; the rest as an embed. Nobody is mentioned, whatever the text says.
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
        // No backtick is left in it that could end the code.
        Line::Command(command) => format!("Run: `{command}`"),
        Line::Account(account) => format!("- {}", escape(account)),
        Line::Words(message) => escape(message),
    }
}

/// A backslash before each character that Discord's Markdown reads as its own.
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
