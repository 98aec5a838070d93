//! What a user's files look like after a replacement, whole or broken off: on real files.
#![allow(clippy::disallowed_methods, reason = "these tests look at the file system behind the crate's back")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]
#![allow(clippy::print_stderr, reason = "tests say what this machine did not let them show")]

#[cfg(unix)]
mod attributes;
mod basics;
#[cfg(unix)]
mod children;
mod edited;
mod faults;
mod in_place;
mod locks;
#[cfg(unix)]
mod private;
#[cfg(unix)]
mod processes;
mod recovery;
mod slots;
#[cfg(target_os = "linux")]
mod system;
#[cfg(windows)]
mod windows;
