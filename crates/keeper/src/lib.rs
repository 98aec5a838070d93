//! The heart of everlit: when a token is refreshed, and the one straight way it takes from Meta to the disk.
//!
//! [`decide()`] answers "when", pure and alone in its file; [`Keeper`] walks the way. Who is told of what, and when, stands
//! in `alert/policy.rs`, equally pure. The keeper knows no concrete
//! store, target, notifier, clock or transport: they come in as traits.

mod alert;
mod ask;
mod backoff;
mod clock;
mod connect;
mod cycle;
mod decide;
mod deliver;
mod facebook;
mod failure;
mod incident;
mod notify;
pub mod policy;
mod record;
mod reply;
mod report;
mod step;
mod store;
mod target;

pub use alert::dispatch::{DispatchReport, Dispatcher};
pub use alert::policy::REMINDERS;
pub use alert::state::{Alarm, AlertState, AlertStore, Undelivered};
pub use backoff::next_attempt;
pub use clock::{Clock, Progress, retry_while_locked};
pub use connect::{ProvidedToken, Replace};
pub use cycle::Keeper;
pub use decide::{Decision, Why, decide, next_check};
pub use notify::{Affected, News, Notice, Notifier, NotifyError, NotifyErrorClass, RemediationHints};
pub use policy::Policy;
pub use record::{AccountName, Cause, Delivery, Event, EventKind, Expiry, FailureState, Health, Record};
pub use report::{Outcome, Report, Safety};
pub use step::{Step, StepCommand};
pub use store::{Candidate, Guard, Lease, Origin, Store, StoreError, StoreErrorClass, Stored};
pub use target::{DeliveryError, DeliveryErrorClass, Target};
