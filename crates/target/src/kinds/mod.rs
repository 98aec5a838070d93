//! The kinds of places, one file for each.

mod aws_secretsmanager;
mod aws_ssm;
mod azure;
mod cloudflare;
mod command;
mod doppler;
mod env_file;
mod file;
mod gcp;
mod github;
mod gitlab;
mod heroku;
mod kubernetes;
#[cfg(feature = "mysql")]
mod mysql;
mod netlify;
#[cfg(feature = "postgres")]
mod postgres;
mod redis;
mod vault;
mod vercel;
mod webhook;

use crate::kind::Kind;

/// All of them, in the order in which they are shown.
pub static KINDS: &[&Kind] = &[
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
    &kubernetes::KIND,
    &vault::KIND,
    &doppler::KIND,
    &azure::KIND,
    &gcp::KIND,
    #[cfg(feature = "postgres")]
    &postgres::KIND,
    #[cfg(feature = "mysql")]
    &mysql::KIND,
    &redis::KIND,
    &redis::UPSTASH,
    &aws_ssm::KIND,
    &aws_secretsmanager::KIND,
];

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}
