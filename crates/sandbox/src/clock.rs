//! The one place that reads the time of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::{knobs::Clock, meta::Meta};

/// Drives the clock of a [`Meta`] along with this machine's.
#[derive(Debug)]
pub(crate) struct ClockSync {
    /// When the clock was last moved, in Unix seconds; `None`: it stands.
    last: Option<i64>,
}

impl ClockSync {
    /// Sets the clock to this machine's time, unless it is to stand.
    pub(crate) fn start(clock: Clock, meta: &mut Meta) -> Self {
        match clock {
            Clock::Fixed { .. } => Self { last: None },
            Clock::Real => {
                let now = unix_seconds();
                meta.set_now(now);
                Self { last: Some(now) }
            }
        }
    }

    /// Moves the clock by what has passed since the last call. Whoever set it in between is respected.
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
    reason = "the sandbox runs on beside the machine's clock; the state machine itself is told the time"
)]
fn unix_seconds() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |past| i64::try_from(past.as_secs()).unwrap_or(i64::MAX))
}
