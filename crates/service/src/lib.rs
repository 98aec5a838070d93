//! `everlit serve`: keeps the accounts of a vault alive for as long as it runs.
//!
//! [`serve()`] puts four loops together, which share what `state.rs` holds: the worker takes accounts that are due and works on
//! them (`worker.rs`); the outbox delivers their tokens and tells people (`outbox.rs`); the heartbeat says every half minute that
//! all of this lives, to the vault, the service manager and the monitors (`heartbeat.rs`); and the listener answers about health
//! and metrics (`listener.rs`). How much may be started is decided in the crate `planner`; what happens to one account, in the
//! crate `keeper`. Any number of such processes may serve one vault: leases keep them out of each other's way.

mod alerts;
mod catch_up;
mod heartbeat;
mod incident;
mod listener;
pub mod logging;
mod metrics;
mod outbox;
mod serve;
mod site;
mod state;
mod supervisor;
mod worker;

pub use serve::{Service, serve};
pub use site::Hints;
