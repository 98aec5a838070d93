//! Notifies people through channels, sends heartbeats to monitors, and writes metrics.
//!
//! Each channel is a [`Notifier`](everlit_keeper::Notifier) in a file of its own; [`KINDS`] lists them all. Messages
//! contain no token, and clients find no markup in names and quotes, which anybody may have chosen.

mod address;
mod answer;
mod chat;
mod command;
mod discord;
mod email;
mod error;
mod event;
mod exposition;
mod heartbeat;
#[cfg(test)]
mod hostile;
mod http_channel;
mod kind;
mod kinds;
mod message;
pub mod metrics;
mod monitors;
mod ntfy;
mod retry;
mod sender;
mod slack;
mod summary;
mod teams;
mod webhook;

pub use email::SECURITY;
pub use error::Error;
pub use event::event;
pub use everlit_options::{OptionSpec, Options, Shape, variable_part};
pub use exposition::Exposition;
pub use heartbeat::Heartbeat;
pub use kind::{Kind, Need, SecretSpec, Setup};
pub use kinds::{KINDS, kind};
pub use summary::Summary;
pub use webhook::signing_secret;
