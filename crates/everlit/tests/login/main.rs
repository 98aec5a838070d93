//! `everlit connect --instagram` and its like: a person logs in, and what can go wrong on the way.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "tests start programs and look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]

mod browser;
mod pasted;
mod person;
mod refused;
#[path = "../support/mod.rs"]
mod support;
mod terminal;
