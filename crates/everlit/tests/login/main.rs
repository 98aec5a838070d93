//! `everlit connect --instagram` and its like: a person logs in, and what can go wrong on the way.
#![cfg_attr(windows, allow(dead_code, reason = "what needs a pseudoterminal or a script is tested on Unix"))]
#![allow(clippy::disallowed_methods, reason = "tests start programs and look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]

#[cfg(unix)]
mod browser;
mod pasted;
mod person;
mod refused;
#[path = "../support/mod.rs"]
mod support;
#[cfg(unix)]
mod terminal;
