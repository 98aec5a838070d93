//! The heart of everlit: when a token is refreshed, and how it gets from Meta to the disk.
//!
//! [`decide()`] answers "when", pure and alone in its file; `cycle.rs` is the refresh cycle of one account; who is notified,
//! and when, stands in `alert/policy.rs`, equally pure. The keeper knows no concrete store, target, notifier, clock or
//! transport: they are passed in as traits.

mod alert;
mod ask;
mod backoff;
mod batch;
mod candidate;
mod cause;
mod clock;
mod codes;
mod connect;
mod cycle;
mod decide;
mod deliver;
mod facebook;
mod failure;
mod handed_out;
mod health;
mod incident;
mod limited;
mod limits;
mod notify;
pub mod policy;
mod record;
mod report;
mod run;
mod silence;
mod spread;
mod step;
mod store;
mod target;
mod threads;
mod verify;

pub use alert::dispatch::{DispatchReport, Dispatcher};
pub use alert::policy::REMINDERS;
pub use alert::state::{Alarm, AlertState, AlertStore, Undelivered};
pub use backoff::next_attempt;
pub use candidate::{Candidate, Origin};
pub use cause::Cause;
pub use clock::{Clock, Progress, retry_while_locked};
pub use connect::{ProvidedToken, Replace};
pub use decide::{Decision, Why, decide, next_check};
pub use deliver::in_time;
pub use health::Health;
pub use incident::{Incident, incidents};
pub use notify::{Affected, News, Notice, Notifier, NotifyError, NotifyErrorClass, RemediationHints};
pub use policy::{Deadlines, Policy};
pub use record::{AccountName, Delivery, Event, EventKind, Expiry, FailureState, Record};
pub use report::{Outcome, Report, Safety};
pub use run::{Apps, Keeper};
pub use step::{Step, StepCommand};
pub use store::{Guard, Lease, Store, StoreError, StoreErrorClass, Stored};
pub use target::{Activation, DeliveryError, DeliveryErrorClass, Holds, Receipt, Target};
pub use threads::AccountThreads;
