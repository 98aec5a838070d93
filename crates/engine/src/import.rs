//! Brings accounts from elsewhere into a vault: folders with projects, tables, the files of other programs, exports.
//!
//! [`gather()`] reads the sources and changes none of them, [`Plan::new`] says what is to be done with what was found, and
//! [`Plan::carry_out`] does it.

mod carry_out;
mod columns;
mod csv;
mod folder;
mod found;
mod gather;
mod instatokend;
mod plan;
mod spread;
mod sqlite;

pub use columns::{BadMapping, Mapping};
pub use found::{Found, Gathered, LeftOut};
pub use gather::{ImportFormat, ImportOptions, gather};
pub use plan::{Action, Existing, Plan, Planned};
pub use spread::first_check;
