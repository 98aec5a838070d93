//! The kinds of places, one file for each.

mod command;
mod env_file;
mod file;
mod github;
mod vercel;
mod webhook;

use crate::kind::Kind;

/// All of them, in the order in which they are shown.
pub static KINDS: [&Kind; 6] =
    [&env_file::KIND, &file::KIND, &command::KIND, &webhook::KIND, &github::KIND, &vercel::KIND];

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.into_iter().find(|kind| kind.name == name)
}
