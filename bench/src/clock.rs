//! Reads the clock. Nothing else in the bench does.
#![allow(clippy::disallowed_methods, reason = "measuring means reading the clock")]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Runs `work` and returns its result and how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// Whole seconds since 1970, or 0 if the clock is earlier than that.
pub(crate) fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
