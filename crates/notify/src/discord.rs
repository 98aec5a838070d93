//! Discord's webhooks. <https://discord.com/developers/docs/resources/webhook#execute-webhook>

use everlit_http::{Secret, Url};
use everlit_keeper::{Notice, Notifier, NotifyError};
use everlit_meta_api::BoxFuture;
use serde_json::{Value, json};

use crate::sender::{post_json, with_path};
use crate::words::{Line, Message, Tone, cut, utf16};
use crate::{Error, Sender};

/// A channel in Discord.
#[derive(Debug)]
pub struct Discord {
    name: String,
    url: Url,
    sender: Sender,
}

impl Discord {
    /// A channel that the webhook at `url` writes to.
    pub fn new(name: impl Into<String>, url: &Secret, sender: Sender) -> Result<Self, Error> {
        Ok(Self { name: name.into(), url: with_path(url)?, sender })
    }
}

impl Notifier for Discord {
    fn name(&self) -> &str {
        &self.name
    }

    fn tell<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        Box::pin(async move {
            let body = payload(&Message::of(notice));
            let remedy = "make a new webhook in the settings of the Discord channel and store its address";
            self.sender.send(|| post_json(&self.url, &body), remedy).await.map(drop)
        })
    }
}

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
        Line::Words(words) => escape(words),
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
