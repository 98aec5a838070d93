//! Project files as a store: on real files, on disks that fail, with a Meta in this process.
#![allow(clippy::disallowed_methods, reason = "tests look at the real files behind the store's back")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(missing_docs, unreachable_pub, reason = "a test binary has no readers from outside")]

mod alerts;
mod site;

mod candidates;
mod connected;
mod copies;
mod kept;
mod keys;
mod locks;
mod many;
mod metadata;
mod saved;
mod shared;
#[cfg(unix)]
mod state;
#[cfg(unix)]
mod switched;
mod world;
