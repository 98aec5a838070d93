//! Time, handed in.

use std::time::Duration;

use everlit_meta_api::{BoxFuture, Timestamp};

/// The wall clock and the one way to wait.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The wall clock, in whole seconds since 1970: expiry is a matter of the calendar, not of uptime.
    fn now(&self) -> Timestamp;

    /// Ends after `duration`. A virtual clock moves itself on instead of waiting.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// Hears of pauses that a person at a terminal could take for a hang.
pub trait Progress: Send + Sync + std::fmt::Debug {
    /// A call failed for the moment; it is retried after `pause`.
    fn retrying_after(&self, pause: Duration);
}
