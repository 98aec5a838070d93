//! Every channel against something that validators what it is sent: servers and libraries of others where there are any, a
//! recorder with the documented limits where there are none.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "the validators are other programs, and read real files")]

mod chats;
#[cfg(unix)]
mod command;
mod heartbeat;
mod mail;
#[cfg(target_os = "linux")]
mod metrics;
mod recorder;
mod trying;
#[cfg(target_os = "linux")]
mod validators;
#[cfg(target_os = "linux")]
mod webhook;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use everlit_http::{Proxy, Roots};
use everlit_keeper::{AccountName, Affected, Clock, Expiry, News, Notice};
use everlit_meta_api::{BoxFuture, Timestamp};
use everlit_notify::Sender;

/// 15 January 2027, 08:00 UTC.
const NOW: i64 = 1_800_000_000;

/// A clock that moves itself on instead of waiting, and remembers for how long.
#[derive(Debug)]
struct Steps {
    now: AtomicI64,
    slept: Mutex<Vec<u64>>,
}

impl Steps {
    fn at(now: i64) -> Arc<Self> {
        Arc::new(Self { now: AtomicI64::new(now), slept: Mutex::default() })
    }

    fn slept(&self) -> Vec<u64> {
        self.slept.lock().unwrap().clone()
    }
}

impl Clock for Steps {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.now.load(Ordering::Relaxed))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.now.fetch_add(i64::try_from(duration.as_secs()).unwrap(), Ordering::Relaxed);
        self.slept.lock().unwrap().push(duration.as_secs());
        Box::pin(async {})
    }
}

fn sender(clock: &Arc<Steps>) -> Sender {
    Sender::new(Roots::Bundled, Proxy::default(), Arc::clone(clock) as Arc<dyn Clock>).unwrap()
}

fn affected(name: &str) -> Affected {
    Affected {
        name: AccountName::new(name),
        username: Some("shop.official".to_owned()),
        since: Some(Timestamp::from_unix(NOW - 3 * 86_400)),
        expiry: Expiry::At(Timestamp::from_unix(NOW + 8 * 86_400)),
    }
}

fn notice() -> Notice {
    Notice {
        id: "shop-needs-person-1800000000".to_owned(),
        at: Timestamp::from_unix(NOW),
        news: News::NeedsPerson,
        message: "Instagram says that the password was changed.".to_owned(),
        accounts: vec![affected("shop")],
        next: Some("everlit connect --account shop".to_owned()),
        unreached: vec!["ops: hooks.example is in trouble (503)".to_owned()],
    }
}
