//! The heart of everlit: when a token is refreshed, and the one straight way it takes from Meta to the disk.
//!
//! [`decide()`] answers "when", pure and alone in its file; [`Keeper`] walks the way. Who is told of what, and when, stands
//! in `tell.rs`, as pure. The keeper knows no concrete
//! store, target, notifier, clock or transport: they come in as traits.

mod ask;
mod backoff;
mod clock;
mod connect;
mod cycle;
mod decide;
mod deliver;
mod facebook;
mod incident;
mod notify;
pub mod policy;
mod record;
mod reply;
mod report;
mod setback;
mod store;
mod target;
mod tell;
mod telling;

pub use backoff::next_attempt;
pub use clock::Clock;
pub use connect::{Given, Replace};
pub use cycle::Keeper;
pub use decide::{Decision, Why, decide};
pub use notify::{Adviser, Affected, News, Notice, Notifier, NotifyError};
pub use policy::Policy;
pub use record::{AccountName, Cause, Delivery, Event, Expiry, Happening, Record, Standing, Trouble};
pub use report::{Outcome, Report, Safety};
pub use store::{Candidate, Guard, Lease, Origin, Store, StoreError, Stored};
pub use target::{DeliveryError, Target};
pub use tell::{Alarm, REMINDERS, Told, Unsent};
pub use telling::Telling;
