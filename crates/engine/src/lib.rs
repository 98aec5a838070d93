//! The engine of everlit: settings, secrets and accounts of a project, and one pass over all its accounts.
//!
//! It has no terminal: what a person should see comes back as data, and [`ConfigError`] carries the next step. The
//! program and the service are built on it.

mod config;
mod error;
mod network;
mod pass;
mod world;

pub use config::*;
pub use error::{ConfigError, ErrorKind};
pub use pass::*;
pub use world::World;
