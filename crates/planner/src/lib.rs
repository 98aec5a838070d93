//! What a worker that serves many accounts may begin now: which accounts first, and how many.
//!
//! [`Priority`] is the order: tokens near their end, then whatever has waited longest. [`Admission`] is the pace: without a
//! limit in normal times, hardly anything while Meta fails, and a slow drain of the backlog afterwards. Both are pure: time
//! comes in as an argument, and the caller keeps the accounts.

mod admission;
mod outcomes;
mod priority;

pub use admission::{Admission, Load, Permit, State, steady_per_second};
pub use outcomes::Outcome;
pub use priority::{CRITICAL, Priority};
