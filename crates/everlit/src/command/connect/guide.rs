//! `everlit connect --guide`: how to make a token by hand. The text is the page in the documentation.

use everlit_meta_api::Platform;
use serde_json::json;

use crate::output::{Exit, Screen};

/// No line of the page that goes on in the next one is shorter.
const SHORT: usize = 100;

const PAGE: &str = include_str!("../../../../../docs/connect.md");

pub(super) fn show(platform: Platform, as_json: bool, screen: &mut Screen) -> Exit {
    let text = of(platform);
    if as_json {
        screen.json(&json!({ "schema": "everlit.guide/1", "platform": platform.as_str(), "text": text }));
    } else {
        // A terminal breaks paragraphs to its own width.
        screen.say(if screen.columns().is_some() { in_paragraphs(text) } else { text.to_owned() });
    }
    Exit::Success
}

/// Without the page's own line ends within paragraphs. A short line ends where it ends.
fn in_paragraphs(text: &str) -> String {
    let mut whole = String::new();
    let mut before = "";
    for line in text.lines() {
        let rest = line.trim_start();
        let is_item = rest.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        if before.len() > SHORT && !rest.is_empty() && !is_item {
            whole.push(' ');
            whole.push_str(rest);
        } else {
            whole.push('\n');
            whole.push_str(line);
        }
        before = line;
    }
    whole.split_off(1)
}

/// The platform's part of the page.
fn of(platform: Platform) -> &'static str {
    let heading = match platform {
        Platform::Instagram => "An Instagram token by hand",
        Platform::Threads => "A Threads token by hand",
        Platform::Facebook => "A Facebook token by hand",
    };
    let part = PAGE.split("\n## ").find(|part| part.starts_with(heading));
    part.unwrap_or(PAGE).trim_end()
}
