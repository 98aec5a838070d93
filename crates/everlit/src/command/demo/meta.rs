//! The Meta of the demo, with its clock: the sandbox in this process, asked without a network.

use std::sync::Arc;
use std::time::Duration;

use everlit_keeper::Clock;
use everlit_meta_api::{BoxFuture, Timestamp};
use everlit_sandbox::{Config, Endpoint, Fault, InProcess, Injection, Issue, Kind, LoggedCall, Meta, MetaError, State};

use crate::wire::World;

/// Day 1: 4 January 2027, 09:00 UTC. Fixed, so that the demo says the same each time.
const DAY_ONE: i64 = 1_799_053_200;

const DAY: i64 = 24 * 60 * 60;

const SEED: u64 = 1;

/// Whose token it is.
const OWNER: &str = "sunny_bakery";

/// One Meta and one clock, shared by everlit and the sandbox.
#[derive(Clone, Debug)]
pub(crate) struct DemoMeta(InProcess);

impl DemoMeta {
    pub(crate) fn new() -> Self {
        Self(InProcess::new(Meta::new(Config::friendly().clock_at(DAY_ONE), SEED)))
    }

    /// What everlit gets instead of the real clock and the network.
    pub(crate) fn world(&self) -> World {
        World { clock: Arc::new(self.clone()), seed: SEED, transport: Some(Arc::new(self.0.clone())) }
    }

    /// Turns the clock ahead to nine in the morning of that day.
    pub(crate) fn go_to_day(&self, day: i64) {
        self.0.with(|meta| meta.set_now(DAY_ONE + (day - 1) * DAY));
    }

    /// A token as the owner gets it from Meta's App Dashboard, made that many days ago.
    pub(crate) fn token_made(&self, days_ago: i64) -> String {
        self.0.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username(OWNER).aged_days(days_ago)))
    }

    /// The next so many refreshes fail on Meta's side.
    pub(crate) fn break_refreshes(&self, times: u32) {
        let error = MetaError::new(2, "An unexpected error has occurred. Please retry your request later.");
        let injection =
            Injection::new(Fault::Error(error.transient(true).status(500))).at(Endpoint::Refresh).times(times);
        self.0.with(|meta| meta.inject(injection));
    }

    /// Ends every token of the owner's, as a new password does.
    pub(crate) fn change_password(&self) {
        self.0.with(|meta| meta.set_state(OWNER, State::PasswordChanged));
    }

    /// What Meta was asked since the last look.
    pub(crate) fn take_log(&self) -> Vec<LoggedCall> {
        self.0.with(|meta| {
            let log = meta.log().cloned().collect();
            meta.clear_log();
            log
        })
    }

    /// How often everlit did what a careful client would not have done.
    pub(crate) fn violations(&self) -> usize {
        self.0.with(|meta| meta.violations().len())
    }
}

impl Clock for DemoMeta {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.0.with(|meta| meta.now()))
    }

    /// Nobody waits: the clock moves on by whole seconds.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
        self.0.with(|meta| meta.advance(seconds.try_into().unwrap_or(i64::MAX)));
        Box::pin(async {})
    }
}
