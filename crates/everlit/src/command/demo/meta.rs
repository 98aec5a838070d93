//! The demo's Meta and clock: the sandbox in this process, without a network.

use everlit_engine::World;
use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::{AccountThreads, Clock};
use everlit_meta_api::{BoxFuture, DAY, Timestamp};
use everlit_sandbox::{Config, Endpoint, Fault, InProcess, Injection, Issue, Kind, LoggedCall, Meta, MetaError, State};

/// Day 1: 4 January 2027, 09:00 UTC. Fixed, so that the demo's output is always the same.
const DAY_ONE: i64 = 1_799_053_200;

const SEED: u64 = 1;

/// The account that the token belongs to.
const OWNER: &str = "sunny_bakery";

/// One Meta and one clock, shared by everlit and the sandbox.
#[derive(Clone, Debug)]
pub(crate) struct DemoMeta(InProcess);

impl DemoMeta {
    pub(crate) fn new() -> Self {
        Self(InProcess::new(Meta::new(Config::friendly().clock_at(DAY_ONE), SEED)))
    }

    /// Replaces the real clock and the network.
    pub(crate) fn world(&self) -> World {
        World {
            clock: Arc::new(self.clone()),
            seed: SEED,
            transport: Some(Arc::new(self.0.clone())),
            threads: AccountThreads::default(),
        }
    }

    /// Moves the clock to 09:00 on that day.
    pub(crate) fn go_to_day(&self, day: i64) {
        self.0.with(|meta| meta.now = DAY_ONE + (day - 1) * DAY);
    }

    /// A token as Meta's App Dashboard issues it, that many days old.
    pub(crate) fn token_made(&self, days_ago: i64) -> String {
        self.0.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username(OWNER).aged_days(days_ago)))
    }

    /// Makes the next `times` refreshes fail with one of Meta's errors.
    pub(crate) fn break_refreshes(&self, times: u32) {
        let error = MetaError::new(2, "An unexpected error has occurred. Please retry your request later.");
        let injection =
            Injection::new(Fault::Error(error.transient(true).status(500))).at(Endpoint::Refresh).times(times);
        self.0.with(|meta| meta.inject(injection));
    }

    /// Invalidates all of the owner's tokens, as a password change does.
    pub(crate) fn change_password(&self) {
        self.0.with(|meta| meta.set_state(OWNER, State::PasswordChanged));
    }

    /// The calls since the last time this was called.
    pub(crate) fn take_log(&self) -> Vec<LoggedCall> {
        self.0.with(|meta| {
            let log = meta.log().cloned().collect();
            meta.clear_log();
            log
        })
    }

    /// How many of the sandbox's rules everlit has broken.
    pub(crate) fn violations(&self) -> usize {
        self.0.with(|meta| meta.violations().len())
    }
}

impl Clock for DemoMeta {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.0.with(|meta| meta.now))
    }

    /// Moves the clock by whole seconds instead of waiting.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
        self.0.with(|meta| meta.advance(seconds.try_into().unwrap_or(i64::MAX)));
        Box::pin(async {})
    }
}
