//! Checks what every channel sends: with third-party servers and libraries where they exist, else with a recorder that
//! enforces the documented limits.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "the validators are other programs, and read real files")]

mod addresses;
mod answers;
mod chats;
#[cfg(unix)]
mod command;
mod docs;
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

use std::sync::Arc;

use everlit_http::{Proxy, Roots, Secret};
use everlit_keeper::{AccountName, Affected, Clock, Expiry, News, Notice, Notifier, Step};
use everlit_meta_api::Timestamp;
use everlit_notify::{Error, Options, Setup, kind};
use everlit_testkit::Stepping;

/// 15 January 2027, 08:00 UTC.
const NOW: i64 = 1_800_000_000;

/// What a notifier called `ops` of this kind is built from.
fn setup<'a>(of: &str, options: &'a Options, secrets: &[(&'static str, Secret)], clock: &Arc<Stepping>) -> Setup<'a> {
    Setup {
        name: "ops",
        kind: kind(of).unwrap(),
        options,
        secrets: secrets.iter().cloned().collect(),
        roots: Roots::Bundled,
        proxy: Proxy::default(),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        folder: std::env::temp_dir(),
        program: None,
        variables: vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned())],
    }
}

/// A channel that needs nothing but secrets.
fn channel(of: &str, secrets: &[(&'static str, Secret)], clock: &Arc<Stepping>) -> Result<Arc<dyn Notifier>, Error> {
    setup(of, &Options::default(), secrets, clock).channel()
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
        next: Some(Step::everlit("connect --account shop")),
        unreached: vec!["ops: hooks.example had an internal error (503)".to_owned()],
    }
}
