//! Meta's limits apply to a whole app: what it tells one account counts for the app's other accounts.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use everlit_meta_api::{Error, Platform, Timestamp, Usage};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use crate::AccountName;
use crate::policy::{
    INCIDENT_ASK_EVERY, LONGEST_WAIT, REFUSED_ALIKE, REFUSED_WITHIN, SLOW_AT_PERCENT, STOP_AT_PERCENT, WAIT_FOR_APP,
};

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
    refused: Refused,
}

/// The accounts of an app that Meta has refused alike since it last accepted one.
#[derive(Clone, Debug, Default)]
struct Refused {
    codes: Codes,
    /// As many as count.
    accounts: HashSet<AccountName>,
    last_at: Option<Timestamp>,
}

/// Meta's code and subcode.
type Codes = (Option<i64>, Option<i64>);

/// Why an account is not asked about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stop {
    /// Its app has used up its calls.
    UsedUp {
        /// Until when.
        until: Timestamp,
    },
    /// Meta refuses many accounts of its app alike.
    Incident {
        /// Until when.
        until: Timestamp,
    },
}

impl Limit {
    /// Why nobody of the app is asked about now.
    pub(crate) fn stop(&self, now: Timestamp) -> Option<Stop> {
        let used_up = self.stopped_until.filter(|until| *until > now).map(|until| Stop::UsedUp { until });
        let incident = self.refused.stopped_until().filter(|until| *until > now);
        used_up.or_else(|| incident.map(|until| Stop::Incident { until }))
    }

    /// Whether accounts take turns in finding out how the app stands.
    pub(crate) fn takes_turns(&self, has_waited: bool) -> bool {
        (has_waited || self.refused.are_many()) && !self.is_open
    }
}

impl Refused {
    fn are_many(&self) -> bool {
        self.accounts.len() >= REFUSED_ALIKE
    }

    /// Afterwards, one account asks whether it is over.
    fn stopped_until(&self) -> Option<Timestamp> {
        self.last_at.filter(|_| self.are_many()).map(|last| last + INCIDENT_ASK_EVERY)
    }

    fn add(&mut self, account: &AccountName, codes: Codes, now: Timestamp) {
        let is_old = self.last_at.is_some_and(|last| last + REFUSED_WITHIN < now);
        if is_old || self.codes != codes {
            *self = Self { codes, ..Self::default() };
        }
        self.last_at = Some(now);
        if !self.are_many() {
            self.accounts.insert(account.clone());
        }
    }
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
        self.with(app, |limit| limit.is_open = !limit.refused.are_many());
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
            self.with(app, |limit| limit.is_open = !limit.refused.are_many());
        }
    }

    /// Meta has refreshed or confirmed a token of the app.
    pub(crate) fn note_accepted(&self, app: &App) {
        self.with(app, |limit| {
            limit.refused = Refused::default();
            limit.is_open = true;
        });
    }

    /// Meta has refused an account of the app.
    pub(crate) fn note_refused(&self, app: &App, account: &AccountName, codes: Codes, now: Timestamp) {
        self.with(app, |limit| {
            limit.refused.add(account, codes, now);
            limit.is_open &= !limit.refused.are_many();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    const CODES: Codes = (Some(190), None);

    fn app() -> App {
        (Platform::Instagram, None)
    }

    /// As many accounts as count, refused one after the other.
    fn refused() -> AppLimits {
        let limits = AppLimits::default();
        for number in 0..REFUSED_ALIKE {
            assert_eq!(limits.with(&app(), |limit| limit.stop(NOW)), None, "{number} do not count");
            limits.note_refused(&app(), &AccountName::new(format!("shop-{number}")), CODES, NOW);
        }
        limits
    }

    #[test]
    fn many_accounts_refused_alike_stop_the_others_for_a_while() {
        let limits = refused();
        let until = NOW + INCIDENT_ASK_EVERY;
        assert_eq!(limits.with(&app(), |limit| limit.stop(NOW)), Some(Stop::Incident { until }));
        let asks = |limits: &AppLimits| limits.with(&app(), |limit| (limit.stop(until), limit.takes_turns(false)));
        assert_eq!(asks(&limits), (None, true), "one asks, and the others wait for its answer");
        // Refused again, by whatever account.
        limits.note_refused(&app(), &AccountName::new("shop-0"), CODES, until);
        assert!(limits.with(&app(), |limit| limit.stop(until)).is_some());
        limits.note_accepted(&app());
        assert_eq!(asks(&limits), (None, false));
    }

    #[test]
    fn refusals_of_one_account_or_of_another_kind_stop_nobody() {
        let limits = AppLimits::default();
        for _ in 0..2 * REFUSED_ALIKE {
            limits.note_refused(&app(), &AccountName::new("shop"), CODES, NOW);
        }
        for number in 0..i64::try_from(2 * REFUSED_ALIKE).unwrap() {
            let codes = (Some(190), Some(number % 2));
            limits.note_refused(&app(), &AccountName::new(format!("shop-{number}")), codes, NOW);
        }
        assert_eq!(limits.with(&app(), |limit| limit.stop(NOW)), None);
    }

    #[test]
    fn refusals_of_long_ago_are_forgotten() {
        let (limits, later) = (refused(), NOW + REFUSED_WITHIN + Duration::from_secs(1));
        limits.note_refused(&app(), &AccountName::new("shop"), CODES, later);
        assert_eq!(limits.with(&app(), |limit| limit.stop(later)), None);
    }
}
