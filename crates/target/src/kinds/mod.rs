//! The kinds of places, one file for each.

mod cloudflare;
mod command;
mod doppler;
mod env_file;
mod file;
mod github;
mod gitlab;
mod heroku;
mod netlify;
mod vault;
mod vercel;
mod webhook;

use crate::kind::Kind;

/// All of them, in the order in which they are shown.
pub static KINDS: [&Kind; 13] = [
    &env_file::KIND,
    &file::KIND,
    &command::KIND,
    &webhook::KIND,
    &github::KIND,
    &gitlab::KIND,
    &vercel::KIND,
    &netlify::KIND,
    &heroku::KIND,
    &cloudflare::KV,
    &cloudflare::WORKER_SECRET,
    &vault::KIND,
    &doppler::KIND,
];

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.into_iter().find(|kind| kind.name == name)
}
