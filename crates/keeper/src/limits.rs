//! Meta's limits apply to a whole app: what it tells one account counts for the app's other accounts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use everlit_meta_api::{Error, Platform, Timestamp, Usage};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use crate::policy::{LONGEST_WAIT, SLOW_AT_PERCENT, STOP_AT_PERCENT, WAIT_FOR_APP};

/// Which app issued a token, as far as everlit knows: the platform, and the name that the store knows, or the id in the settings.
pub(crate) type App = (Platform, Option<String>);

/// What Meta has said about the limits of each app.
#[derive(Debug, Default)]
pub(crate) struct AppLimits(Mutex<HashMap<App, Limit>>);

#[derive(Clone, Debug, Default)]
pub(crate) struct Limit {
    /// Nobody of the app is asked about before this instant.
    pub(crate) stopped_until: Option<Timestamp>,
    /// Meta has answered within the limit.
    pub(crate) is_open: bool,
    /// The app is near its limit.
    is_near: bool,
    /// Held by the one account that tries whether the limit has been reset.
    pub(crate) canary: Arc<Turn<()>>,
}

/// The turn of the account that tries whether a limit has been reset. The others wait until it is dropped.
pub(crate) type Canary = OwnedMutexGuard<()>;

impl AppLimits {
    pub(crate) fn with<T>(&self, app: &App, read: impl FnOnce(&mut Limit) -> T) -> T {
        let mut limits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read(limits.entry(app.clone()).or_default())
    }

    /// Whether the app of this name is near its limit, and not stopped. Without a name, any app of the platform counts.
    pub(crate) fn is_near(&self, platform: Platform, app: Option<&str>, now: Timestamp) -> bool {
        let limits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_stopped = |limit: &Limit| limit.stopped_until.is_some_and(|until| until > now);
        let is_meant = |known: &App| known.0 == platform && (app.is_none() || known.1.as_deref() == app);
        limits.iter().any(|(known, limit)| is_meant(known) && limit.is_near && !is_stopped(limit))
    }

    /// How many apps are stopped.
    pub(crate) fn stopped(&self, now: Timestamp) -> usize {
        let limits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        limits.values().filter(|limit| limit.stopped_until.is_some_and(|until| until > now)).count()
    }

    fn stop(&self, app: &App, now: Timestamp, wait: Option<Duration>) {
        let until = now + wait.unwrap_or(WAIT_FOR_APP).min(LONGEST_WAIT);
        self.with(app, |limit| {
            limit.stopped_until = limit.stopped_until.max(Some(until));
            // Afterwards, one account tries first.
            limit.is_open = false;
        });
    }

    pub(crate) fn note_usage(&self, app: &App, now: Timestamp, usage: Usage) {
        self.with(app, |limit| limit.is_open = true);
        let Some(percent) = usage.percent else { return };
        self.with(app, |limit| limit.is_near = percent >= SLOW_AT_PERCENT);
        if percent >= STOP_AT_PERCENT {
            self.stop(app, now, usage.regain_after);
        }
    }

    pub(crate) fn note_error(&self, app: &App, now: Timestamp, error: &Error) {
        if error.is_app_limit() {
            self.stop(app, now, error.retry_after());
        } else if error.evidence().is_some() {
            self.with(app, |limit| limit.is_open = true);
        }
    }
}
