//! Time, passed in.

use std::time::Duration;

use everlit_meta_api::{BoxFuture, Timestamp};

use crate::StoreError;

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

/// Repeats `attempt` while another run holds the lock, until it succeeds, fails otherwise, or `timeout` has passed.
///
/// # Errors
/// What the last attempt answered.
pub async fn retry_while_locked<T, A>(
    clock: &dyn Clock,
    timeout: Duration,
    pause: Duration,
    mut attempt: impl FnMut() -> A,
) -> Result<T, StoreError>
where
    A: Future<Output = Result<T, StoreError>>,
{
    let give_up_at = clock.now() + timeout;
    loop {
        match attempt().await {
            Err(error) if error.is_locked() && clock.now() < give_up_at => clock.sleep(pause).await,
            settled => return settled,
        }
    }
}
