//! `everlit connect --guide`: how to make a token by hand. The text is the page in the documentation.

use everlit_meta_api::Platform;
use serde_json::json;

use crate::exit::Exit;
use crate::screen::Screen;

const PAGE: &str = include_str!("../../../../../docs/connect.md");

pub(super) fn show(platform: Platform, as_json: bool, screen: &mut Screen) -> Exit {
    let text = of(platform);
    if as_json {
        screen.json(&json!({ "schema": "everlit.guide/1", "platform": platform.as_str(), "text": text }));
    } else {
        screen.say(text);
    }
    Exit::Well
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
