//! Amazon Web Services: signed calls, with credentials found where AWS's own tools find them.

mod client;
mod credentials;
mod endpoint;
mod profile;
mod provider;
mod refusal;
mod sigv4;
mod vault;

pub(crate) use client::{Client, Service};
pub(crate) use refusal::Refusal;
pub(crate) use sigv4::hex_digest;
pub(crate) use vault::{OPTIONS, Stored, Vault, VaultPlace, place};
