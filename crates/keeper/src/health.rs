//! How an account stands: one set of states for JSON, metrics, alerts and exit codes, and the one judgement.

use everlit_meta_api::{Class, Timestamp};

use crate::codes::codes;
use crate::policy::{ALARM_BEFORE_END, EXPIRING, LASTING, STALE_COPY};
use crate::{Decision, Delivery, FailureState, Outcome, Record, Report, StoreErrorClass};

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
    /// The expiry is near, or comes before the next attempt, and nothing has averted it yet.
    Expiring,
    /// The expiry has passed, and Meta has not said since that the token works.
    Expired,
    /// Only a person can help.
    NeedsPerson,
    /// A new token, or what is known about it, could not be saved.
    NotSaved,
    /// The token is saved, and a target does not have it yet.
    NotDelivered,
    /// Nobody has given the account a token yet.
    NoToken,
    /// The account's files cannot be read, or hold no token.
    Unreadable,
    /// No run has looked at the account for days. Never said by a run.
    Stopped,
}

codes!(Health, 12:
    Self::Healthy => "healthy",
    Self::Due => "due",
    Self::TooYoung => "too_young",
    Self::Retrying => "retrying",
    Self::Expiring => "expiring",
    Self::Expired => "expired",
    Self::NeedsPerson => "needs_person",
    Self::NotSaved => "not_saved",
    Self::NotDelivered => "not_delivered",
    Self::NoToken => "no_token",
    Self::Unreadable => "unreadable",
    Self::Stopped => "stopped",
);

impl Health {
    /// The word for people: `needs a person`.
    pub fn label(self) -> &'static str {
        match self {
            Self::TooYoung => "too young",
            Self::NeedsPerson => "needs a person",
            Self::NotSaved => "not saved",
            Self::NotDelivered => "not delivered",
            Self::NoToken => "no token yet",
            _ => self.code(),
        }
    }

    /// What it means, and what to do.
    pub fn explanation(self) -> (&'static str, &'static str) {
        match self {
            Self::Healthy => ("The token works, and is not due yet.", "Nothing."),
            Self::Due => ("The next run refreshes or verifies the token.", "Nothing, if a schedule runs everlit."),
            Self::TooYoung => (
                "The token is due, but Meta refreshes only tokens that are at least 24 hours old.",
                "Nothing: a run after that time refreshes it.",
            ),
            Self::Retrying => {
                ("The last attempt failed, and the token still has time.", "Nothing yet: a later run retries.")
            }
            Self::Expiring => (
                "The expiry is near, or comes before the next attempt, and nothing has averted it yet.",
                "Look at the reason that `everlit status` shows; if it lasts, connect the account again before the expiry.",
            ),
            Self::Expired => (
                "The expiry has passed, and Meta has not said since that the token works.",
                "Connect the account again: its owner logs in once more.",
            ),
            Self::NeedsPerson => (
                "Waiting does not help: a person has to act.",
                "Run the command that `everlit status` shows for the account.",
            ),
            Self::NotSaved => (
                "A new token, or what is known about it, could not be written to disk.",
                "Make the place writable or free some room; the next run finishes the work.",
            ),
            Self::NotDelivered => (
                "The new token is saved, but one of the places where it is used does not have it yet.",
                "Correct what `everlit status` names; the next run delivers it again.",
            ),
            Self::NoToken => (
                "The account was added, and nobody has given it a token yet.",
                "Run the `everlit connect` command that `everlit status` shows for the account.",
            ),
            Self::Unreadable => (
                "The account's files cannot be read, or hold no token. Meta was not asked.",
                "Put the token where `everlit status` says, or make the file readable.",
            ),
            Self::Stopped => (
                "No run has looked at the account for days, so nothing refreshes its token in time.",
                "Run `everlit refresh` now, then `everlit schedule show` to see why its schedule stopped.",
            ),
        }
    }

    /// Whether nobody and nothing has to act but the next run.
    pub fn is_well(self) -> bool {
        matches!(self, Self::Healthy | Self::Due | Self::TooYoung)
    }

    /// Whether somebody has to act for the account to work: give it a token, log in, or make its files readable.
    pub fn needs_person(self) -> bool {
        matches!(self, Self::NeedsPerson | Self::Expired | Self::NoToken | Self::Unreadable)
    }

    /// Whether a token is not where it belongs.
    pub fn is_unsaved(self) -> bool {
        matches!(self, Self::NotSaved | Self::NotDelivered)
    }

    /// Whether everlit is still trying by itself.
    pub fn is_retrying(self) -> bool {
        matches!(self, Self::Retrying | Self::Expiring)
    }
}

impl Report {
    /// How the account stands after this run. Saved is not delivered: a target without the token counts, unless something
    /// worse is to be said of the token itself.
    pub fn health(&self) -> Health {
        let health = self.outcome.health(self.record.as_ref(), self.at);
        let is_open = health.is_well() || health.is_retrying();
        if is_open && !self.undelivered.is_empty() { Health::NotDelivered } else { health }
    }

    /// Whether a delivery needs a person: waiting does not help, or the token that the target holds is about to end.
    pub fn delivery_needs_person(&self) -> bool {
        self.undelivered.iter().any(|(target, error)| {
            let ends_at = self.delivery(target).and_then(|delivery| delivery.delivered_ends_at);
            error.needs_person() || ends_at.is_some_and(|end| end <= self.at + STALE_COPY)
        })
    }

    /// When the older token that a target still holds ends; `None` if it holds none, or that is not known.
    pub fn old_token_ends(&self, target: &str) -> Option<Timestamp> {
        self.delivery(target).filter(|delivery| delivery.delivered.is_some())?.delivered_ends_at
    }

    fn delivery(&self, target: &str) -> Option<&Delivery> {
        self.record.as_ref()?.deliveries.iter().find(|delivery| delivery.target == target)
    }

    /// Whether nothing but failures came for days, or with little time left: somebody should see why, although everlit goes
    /// on trying.
    pub fn is_failing_for_long(&self) -> bool {
        let Some(record) = self.record.as_ref().filter(|_| self.health().is_retrying()) else { return false };
        let lasts = record.failure.as_ref().is_some_and(|failure| failure.first_at + LASTING <= self.at);
        lasts || record.ends_by().is_some_and(|end| end <= self.at + ALARM_BEFORE_END)
    }
}

impl Outcome {
    /// How the token of `record` stands after this outcome.
    pub fn health(&self, record: Option<&Record>, now: Timestamp) -> Health {
        let end = record.and_then(Record::ends_by);
        let is_over = end.is_some_and(|end| end <= now);
        let failure = record.and_then(|record| record.failure.as_ref());
        match self {
            Self::Refreshed { .. } | Self::Recovered { .. } | Self::Connected | Self::Verified => Health::Healthy,
            Self::TooYoung { until, .. } => too_young(*until, end, now),
            Self::Failed(failure) => failed(failure, end, now),
            Self::NotSaved { .. } => Health::NotSaved,
            Self::Refused(error) => error.class.health(),
            Self::NotConnected { .. } | Self::Internal { .. } => Health::NeedsPerson,
            Self::Idle(decision) => match (decision, failure) {
                (Decision::NotDue { .. }, _) => Health::Healthy,
                // Until a run has shown that it works again, the failure counts.
                (Decision::Due { .. }, Some(failure)) => failed(failure, end, now),
                (Decision::Due { .. }, None) if is_over => Health::Expired,
                (Decision::Due { .. }, None) => Health::Due,
                (Decision::TooYoung { .. }, Some(failure)) if failure.cause.needs_person() => Health::NeedsPerson,
                (Decision::TooYoung { until }, _) => too_young(*until, end, now),
                (Decision::BackedOff { until }, _) => retrying(*until, end, now),
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
            Self::Locked | Self::Unreachable => Health::Retrying,
            Self::NoToken => Health::NoToken,
            Self::Missing | Self::Unusable | Self::NotAToken => Health::Unreadable,
        }
    }
}

/// Old enough only when it is over, it cannot be refreshed any more.
fn too_young(until: Timestamp, end: Option<Timestamp>, now: Timestamp) -> Health {
    match end {
        Some(end) if end <= now => Health::Expired,
        Some(end) if end <= until => Health::Expiring,
        _ => Health::TooYoung,
    }
}

fn failed(failure: &FailureState, end: Option<Timestamp>, now: Timestamp) -> Health {
    let is_over = end.is_some_and(|end| end <= now);
    match failure.cause.needs_person() {
        true if is_over && failure.cause.class() == Class::Reconnect => Health::Expired,
        true => Health::NeedsPerson,
        false => retrying(failure.next_attempt_at, end, now),
    }
}

/// An end that comes before the next attempt is near, however far away it is.
fn retrying(next_attempt_at: Timestamp, end: Option<Timestamp>, now: Timestamp) -> Health {
    match end {
        Some(end) if end <= now => Health::Expired,
        Some(end) if end <= (now + EXPIRING).max(next_attempt_at) => Health::Expiring,
        _ => Health::Retrying,
    }
}

#[cfg(test)]
mod tests {
    use super::Health;

    #[test]
    fn every_state_has_one_word_for_programs_and_people() {
        for health in Health::ALL {
            assert_eq!(Health::from_code(health.code()), Some(health));
            assert_eq!(health.label().replace(" a ", " ").replace(" yet", "").replace(' ', "_"), health.code());
        }
    }
}
