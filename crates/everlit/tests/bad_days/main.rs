//! Bad days: at Meta, on the way to it, and on one's own disk. What a person gets, and what becomes of the token.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test may panic, and says what it could not try"
)]

mod canned;
#[cfg(target_os = "linux")]
mod disks;
mod rejections;
mod replies;
#[path = "../support/mod.rs"]
mod support;
mod waits;

use everlit_meta_api::DAY;
use serde_json::Value;
use support::{Meta, Project};

const ENV: &str = ".env.local";
const METADATA: &str = "scripts/instagram-token.json";

/// A project whose token is due.
fn due(meta: &Meta) -> Project {
    let token = meta.token_of_age(31);
    Project::holding(&token).with_metadata(&token, 31)
}

/// So much time goes by: Meta's clock moves on, the project's dates move back.
fn time_passes(project: &Project, meta: &Meta, seconds: i64) {
    meta.sandbox.with(|meta| meta.advance(seconds));
    age(project, METADATA, seconds);
}

/// What stands in this metadata file has happened so many seconds earlier.
fn age(project: &Project, metadata_file: &str, seconds: i64) {
    let mut metadata = project.read_json(metadata_file);
    move_back(&mut metadata, seconds);
    project.write(metadata_file, format!("{metadata:#}\n"));
}

fn move_back(value: &mut Value, seconds: i64) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| match value.as_i64() {
            Some(at) if name == "expires_at" => *value = (at - seconds).into(),
            _ => move_back(value, seconds),
        }),
        Value::Array(items) => items.iter_mut().for_each(|item| move_back(item, seconds)),
        Value::String(text) => {
            if let Ok(at) = text.parse::<jiff::Timestamp>() {
                *text = jiff::Timestamp::from_second(at.as_second() - seconds).unwrap().to_string();
            }
        }
        _ => {}
    }
}
