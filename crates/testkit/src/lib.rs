//! What the tests of several crates share: clocks, a Meta in this process, and servers of other people's. For tests only.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot go on has failed")]

mod clock;
pub mod contract;
#[cfg(unix)]
pub mod postgres;
#[cfg(unix)]
pub mod server;
mod spellings;

use std::sync::Arc;

use everlit_meta_api::Token;
use everlit_sandbox::{Config, Endpoint, InProcess, Issue, Meta, State};

pub use clock::{Frozen, Jumping, MetaClock, Shifted, Stepping};
pub use spellings::spellings;

/// What `start` returns. Wine fails to create a process once in many thousand times, before anything of it has run, so that is
/// tried again.
pub fn started<T>(mut start: impl FnMut() -> std::io::Result<T>) -> std::io::Result<T> {
    const ERROR_INTERNAL_ERROR: i32 = 1359;
    const RETRIES: usize = 4;
    let failed_in_wine = |result: &std::io::Result<T>| {
        cfg!(windows) && result.as_ref().is_err_and(|error| error.raw_os_error() == Some(ERROR_INTERNAL_ERROR))
    };
    let mut result = start();
    for _ in 0..RETRIES {
        if !failed_in_wine(&result) {
            break;
        }
        result = start();
    }
    result
}

/// 1 January 2027, 03:17 UTC.
pub const START: i64 = 1_798_773_420;

/// A Meta in this process, and its clock, which is everybody's.
#[derive(Clone, Debug)]
pub struct World {
    /// Meta.
    pub meta: InProcess,
    /// Its clock.
    pub clock: Arc<MetaClock>,
}

impl World {
    /// A Meta that behaves like this, at this Unix time.
    pub fn at(now: i64, config: Config, seed: u64) -> Self {
        let meta = InProcess::new(Meta::new(config.clock_at(now), seed));
        Self { clock: Arc::new(MetaClock(meta.clone())), meta }
    }

    /// Issues a token.
    pub fn issue(&self, issue: &Issue) -> String {
        self.meta.with(|meta| meta.issue(issue))
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: i64) {
        self.meta.with(|meta| meta.advance(seconds));
    }

    /// Unix seconds.
    pub fn now(&self) -> i64 {
        self.meta.with(|meta| meta.now)
    }

    /// Whether Meta accepts the token.
    pub fn is_live(&self, token: &Token) -> bool {
        self.meta.with(|meta| meta.token(token.expose()).is_some_and(|token| token.state_at(meta.now) == State::Live))
    }

    /// How many refreshes Meta has been asked for.
    pub fn refreshes(&self) -> u64 {
        self.meta.with(|meta| meta.calls_to(Endpoint::Refresh))
    }
}
