//! Places over HTTP, against a server that answers as the services document it, and what receivers make of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "the validators are other programs, and the server has real sockets")]

mod aws;
mod azure;
mod env_file;
mod fakes;
mod gcp;
mod github;
mod gitlab;
mod hosts;
mod kubernetes;
mod netlify;
mod prism;
mod refusals;
mod server;
mod support;
mod upstash;
mod vault;
mod vercel;
mod webhook;
