//! Clocks that no test waits for.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use everlit_keeper::Clock;
use everlit_meta_api::{BoxFuture, Timestamp};
use everlit_sandbox::InProcess;
use tokio::time::Instant;

/// Meta's own clock: both agree, and sleeping advances it.
#[derive(Clone, Debug)]
pub struct MetaClock(pub InProcess);

impl Clock for MetaClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.0.with(|meta| meta.now))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.0.with(|meta| meta.advance(whole(duration).max(1)));
            tokio::task::yield_now().await;
        })
    }
}

/// A clock that is wrong by some seconds, ahead or behind.
#[derive(Debug)]
pub struct Shifted {
    /// The right clock.
    pub clock: Arc<MetaClock>,
    /// Positive is ahead.
    pub by_seconds: i64,
}

impl Clock for Shifted {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.clock.now().as_unix() + self.by_seconds)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.clock.sleep(duration)
    }
}

/// A clock that stands still at this Unix time, so that no run gives up waiting.
#[derive(Debug)]
pub struct Frozen(pub i64);

impl Clock for Frozen {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.0)
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        std::thread::yield_now();
        Box::pin(tokio::task::yield_now())
    }
}

/// A clock that advances instead of waiting, and records for how long.
#[derive(Debug)]
pub struct Stepping {
    now: AtomicI64,
    slept: Mutex<Vec<u64>>,
}

impl Stepping {
    /// A clock at this Unix time.
    pub fn at(now: i64) -> Arc<Self> {
        Arc::new(Self { now: AtomicI64::new(now), slept: Mutex::default() })
    }

    /// The pauses, in seconds.
    pub fn slept(&self) -> Vec<u64> {
        self.slept.lock().unwrap().clone()
    }
}

impl Clock for Stepping {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.now.load(Ordering::Relaxed))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.now.fetch_add(whole(duration), Ordering::Relaxed);
        self.slept.lock().unwrap().push(duration.as_secs());
        Box::pin(std::future::ready(()))
    }
}

/// Tokio's paused clock, which a sleeper moves on and which takes Meta's along.
#[derive(Clone, Debug)]
pub struct Jumping {
    began: Instant,
    start: Timestamp,
    meta: InProcess,
}

impl Jumping {
    /// Starts at Meta's time. Needs a runtime with its time paused.
    pub fn of(meta: &InProcess) -> Self {
        let start = Timestamp::from_unix(meta.with(|meta| meta.now));
        Self { began: Instant::now(), start, meta: meta.clone() }
    }
}

impl Clock for Jumping {
    fn now(&self) -> Timestamp {
        let now = self.start + self.began.elapsed();
        self.meta.with(|meta| meta.now = now.as_unix());
        now
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        // By itself, a paused clock stands still while a thread works on an account.
        Box::pin(tokio::time::advance(duration))
    }
}

fn whole(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
