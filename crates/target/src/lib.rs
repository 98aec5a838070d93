//! Where fresh tokens go, one file for each kind of place: [`KINDS`] lists them all.
//!
//! A [`Place`] is a [`Target`](everlit_keeper::Target) that can be examined too, without writing: what a delivery would do,
//! whether its credential may write, and whether the place holds the token. Some are a [`Source`] too: a machine without a
//! disk of its own reads the token from there.

mod api;
mod aws;
mod content;
mod database;
mod disk;
mod error;
mod kind;
mod kinds;
mod place;
mod redeploy;
mod setup;

pub use error::Error;
pub use kind::{Effect, Kind, Room, SecretSpec};
pub use kinds::{KINDS, kind};
pub use place::{Place, Rotation, STATE, Source, Stage};
pub use redeploy::activation_name;
pub use setup::Setup;
