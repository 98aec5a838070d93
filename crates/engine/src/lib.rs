//! The engine of everlit: settings, secrets and accounts of a project, and one pass over all its accounts.
//!
//! It has no terminal: what a person should see comes back as data, and [`ConfigError`] carries the next step. The
//! program and the service are built on it.

mod account_store;
mod config;
mod error;
mod home;
mod hosted;
mod hosted_machine;
mod hosted_store;
pub mod import;
mod network;
mod package_json;
mod pass;
mod redactor;
mod rotation;
mod stand_in;
mod vault;
mod world;

pub use account_store::AccountStore;
pub use config::*;
pub use error::{ConfigError, ErrorKind};
pub use package_json::{PackageJsonError, SCRIPT_COMMAND, SCRIPT_NAME, ScriptEdit, with_script};
pub use pass::*;
pub use redactor::{Redactor, without_name};
pub use rotation::{ROTATED, Rotation, RotationEvent};
pub use stand_in::StandInTime;
pub use vault::{MASTER_KEY, vault_error};
pub use world::World;
