//! Who is told. One file for each channel, each a [`Notifier`](everlit_keeper::Notifier), and what chats have in common in
//! `chat`; one for heartbeats, which tell a monitor that everlit still runs; one for metrics.
//!
//! What goes out holds no token, and nothing in it is taken for markup: names of accounts and Meta's own words may be
//! chosen by anybody. [`Sender`] carries whatever goes over HTTP, and tries again where that can help.

mod chat;
mod command;
mod discord;
mod email;
mod error;
mod heartbeat;
#[cfg(test)]
mod hostile;
mod message;
pub mod metrics;
mod ntfy;
mod sender;
mod slack;
mod teams;
mod webhook;

pub use chat::{Chat, Service};
pub use command::Command;
pub use email::{Email, EmailSettings, Security};
pub use error::Error;
pub use heartbeat::{Heartbeat, Monitor, Summary};
pub use ntfy::Ntfy;
pub use sender::Sender;
pub use webhook::{Webhook, event, signing_secret};
