//! How an account stands: one set of states for JSON, metrics, alerts and exit codes, and the one judgement.

use everlit_meta_api::{Class, Timestamp};

use crate::codes::codes;
use crate::policy::EXPIRING;
use crate::{Cause, Decision, Expiry, Outcome, Record, Report, StoreErrorClass, Why};

/// How an account stands.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Health {
    /// The token works, and nothing has to be done.
    Healthy,
    /// The next run refreshes or verifies the token.
    Due,
    /// Due, but Meta does not refresh tokens that are under 24 hours old.
    TooYoung,
    /// The last attempt failed; everlit retries by itself.
    Retrying,
    /// The expiry is near, or has passed without Meta confirming it, and nothing has averted it yet.
    Expiring,
    /// The token is dead, and its expiry has passed.
    Expired,
    /// Only a person can help.
    NeedsPerson,
    /// A new token, or what is known about it, could not be saved.
    NotSaved,
    /// The token is saved, and a target does not have it yet.
    NotDelivered,
    /// The account's files cannot be read, or hold no token.
    Unreadable,
}

codes!(Health, 10:
    Self::Healthy => "healthy",
    Self::Due => "due",
    Self::TooYoung => "too_young",
    Self::Retrying => "retrying",
    Self::Expiring => "expiring",
    Self::Expired => "expired",
    Self::NeedsPerson => "needs_person",
    Self::NotSaved => "not_saved",
    Self::NotDelivered => "not_delivered",
    Self::Unreadable => "unreadable",
);

impl Health {
    /// The word for people: `needs a person`.
    pub fn label(self) -> &'static str {
        match self {
            Self::TooYoung => "too young",
            Self::NeedsPerson => "needs a person",
            Self::NotSaved => "not saved",
            Self::NotDelivered => "not delivered",
            _ => self.code(),
        }
    }

    /// Whether nobody and nothing has to act but the next run.
    pub fn is_well(self) -> bool {
        matches!(self, Self::Healthy | Self::Due | Self::TooYoung)
    }

    /// Whether everlit is still trying by itself.
    pub fn is_retrying(self) -> bool {
        matches!(self, Self::Retrying | Self::Expiring)
    }
}

impl Report {
    /// How the account stands after this run. Saved is not delivered: a target without the token counts.
    pub fn health(&self) -> Health {
        match self.outcome.health(self.record.as_ref(), self.at) {
            health if health == Health::NotSaved || self.undelivered.is_empty() => health,
            _ => Health::NotDelivered,
        }
    }
}

impl Outcome {
    /// How the token of `record` stands after this outcome.
    pub fn health(&self, record: Option<&Record>, now: Timestamp) -> Health {
        let expiry = record.map_or(Expiry::Unknown, |record| record.expiry);
        let failure = record.and_then(|record| record.failure.as_ref());
        match self {
            Self::Refreshed { .. } | Self::Recovered { .. } | Self::Connected | Self::Verified => Health::Healthy,
            Self::TooYoung { until, .. } => too_young(*until, expiry),
            Self::Failed(failure) => failed(failure.cause, expiry, now),
            Self::NotSaved { .. } => Health::NotSaved,
            Self::Refused(error) => error.class.health(),
            Self::NotConnected { .. } | Self::Internal { .. } => Health::NeedsPerson,
            Self::Idle(decision) => match (decision, failure) {
                (Decision::NotDue { .. }, _) => Health::Healthy,
                // Until a run has shown that it works again, the failure counts.
                (Decision::Due { .. }, Some(failure)) => failed(failure.cause, expiry, now),
                (Decision::Due { why: Why::PastExpiry }, None) => Health::Expiring,
                (Decision::Due { .. }, None) => Health::Due,
                (Decision::TooYoung { .. }, Some(failure)) if failure.cause.needs_person() => Health::NeedsPerson,
                (Decision::TooYoung { until }, _) => too_young(*until, expiry),
                (Decision::BackedOff { .. }, _) => retrying(expiry, now),
                (Decision::NeedsPerson { .. }, _) => Health::NeedsPerson,
                (Decision::Expired { .. }, _) => Health::Expired,
            },
        }
    }
}

impl StoreErrorClass {
    /// How an account with such an error stands.
    pub fn health(self) -> Health {
        match self {
            Self::NotSaved => Health::NotSaved,
            Self::Locked => Health::Retrying,
            Self::Missing | Self::Unusable | Self::NotAToken => Health::Unreadable,
        }
    }
}

/// Old enough only when it is over, it cannot be refreshed any more.
fn too_young(until: Timestamp, expiry: Expiry) -> Health {
    if expiry.instant().is_some_and(|end| end <= until) { Health::Expiring } else { Health::TooYoung }
}

fn failed(cause: Cause, expiry: Expiry, now: Timestamp) -> Health {
    let is_past = expiry.instant().is_some_and(|end| end <= now);
    match cause.needs_person() {
        true if is_past && cause.class() == Class::Reconnect => Health::Expired,
        true => Health::NeedsPerson,
        false => retrying(expiry, now),
    }
}

fn retrying(expiry: Expiry, now: Timestamp) -> Health {
    if expiry.left(now).is_some_and(|left| left <= EXPIRING) { Health::Expiring } else { Health::Retrying }
}

#[cfg(test)]
mod tests {
    use super::Health;

    #[test]
    fn every_state_has_one_word_for_programs_and_people() {
        for health in Health::ALL {
            assert_eq!(Health::from_code(health.code()), Some(health));
            assert_eq!(health.label().replace(" a ", " ").replace(' ', "_"), health.code());
        }
    }
}
