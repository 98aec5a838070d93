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
use support::{Meta, Project};

const ENV: &str = ".env.local";
const METADATA: &str = "scripts/instagram-token.json";

/// A project whose token is due.
fn due(meta: &Meta) -> Project {
    let token = meta.token_of_age(31);
    Project::holding(&token).with_metadata(&token, 31)
}

/// So much time goes by at Meta, and so for everlit, which counts with its clock.
fn time_passes(meta: &Meta, seconds: i64) {
    meta.sandbox.with(|meta| meta.advance(seconds));
}
