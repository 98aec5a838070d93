//! The only place that reads this machine's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::{knobs::Clock, state::Meta};

/// Keeps the clock of a [`Meta`] running with this machine's clock.
#[derive(Debug)]
pub(crate) struct ClockSync {
    /// The machine's time at the last sync, in Unix seconds; `None` for a fixed clock.
    last: Option<i64>,
}

impl ClockSync {
    /// Sets the clock to this machine's time, unless it is fixed.
    pub(crate) fn start(clock: Clock, meta: &mut Meta) -> Self {
        let last = (clock == Clock::Real).then(unix_seconds);
        if let Some(now) = last {
            meta.now = now;
        }
        Self { last }
    }

    /// Moves the clock by the time since the last sync, on top of any change made in between.
    pub(crate) fn sync(&mut self, meta: &mut Meta) {
        if let Some(last) = &mut self.last {
            let now = unix_seconds();
            meta.advance(now - *last);
            *last = now;
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the served sandbox follows the machine's clock; the state machine takes the time as input"
)]
fn unix_seconds() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |past| i64::try_from(past.as_secs()).unwrap_or(i64::MAX))
}
