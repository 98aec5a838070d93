//! How a run ended for one account.

use everlit_meta_api::Timestamp;

use crate::decide::Decision;
use crate::record::{AccountName, Cause, Expiry, FailureState, Health, Record};
use crate::store::{StoreError, StoreErrorClass};

/// What happened to one account in one run.
#[derive(Debug)]
pub struct Report {
    /// Which account.
    pub account: AccountName,
    /// How it ended.
    pub outcome: Outcome,
    /// What is known about the token after the run; `None` if the store could not be read.
    pub record: Option<Record>,
    /// Places of use that do not hold the current token yet, with the reason.
    pub undelivered: Vec<(String, String)>,
    /// What was odd and has been worked round, for people.
    pub notes: Vec<String>,
}

/// How a run ended.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// Meta was not asked; this is why.
    Idle(Decision),
    /// The token has a new life, and it is saved.
    Refreshed {
        /// The expiry before.
        before: Expiry,
        /// The expiry now.
        after: Expiry,
        /// Meta gave the same string back.
        same_string: bool,
    },
    /// An earlier run had died while saving; its token is in place now, and Meta was not asked for another.
    Recovered {
        /// The expiry of the recovered token.
        after: Expiry,
    },
    /// The token that a person gave is in place.
    Connected,
    /// The token that a person gave is not taken, and nothing has changed.
    NotConnected {
        /// [`Cause::AnotherAccount`], [`Cause::NewTokenRefused`] or [`Cause::ShortLived`].
        cause: Cause,
        /// Whose the tokens are, or what Meta said.
        message: String,
    },
    /// The token was looked at and works; there was nothing to refresh.
    Verified,
    /// Meta does not refresh it yet.
    TooYoung {
        /// When it will.
        until: Timestamp,
        /// A reply was lost before: Meta has probably refreshed the token already.
        probably_refreshed: bool,
    },
    /// It failed; the record says what, since when, and when it is tried again or who has to act.
    Failed(FailureState),
    /// The new token, or what is known about it, could not be saved.
    NotSaved {
        /// What could not be written.
        error: StoreError,
        /// What became of a token that Meta had already handed out.
        token: Safety,
    },
    /// The store could not be read or used; nothing was asked of Meta.
    Refused(StoreError),
    /// everlit itself failed; a bug.
    Internal {
        /// What is known about it.
        message: String,
    },
}

/// Where a received token is when saving fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Safety {
    /// Meta was not asked: nothing was received, nothing can be lost.
    NotAsked,
    /// Meta was asked and handed out nothing; only the note about it is missing.
    NothingNew,
    /// It is durable as the candidate; the next run finishes.
    Candidate,
    /// It is in use; only the notes about it are missing.
    Current,
    /// It is lost. The old token stays valid until its own expiry.
    Lost,
}

impl Report {
    pub(crate) fn new(account: &AccountName, outcome: Outcome, record: Option<Record>) -> Self {
        Self { account: account.clone(), outcome, record, undelivered: Vec::new(), notes: Vec::new() }
    }

    /// How the account stands after this run.
    pub fn health(&self) -> Health {
        match &self.outcome {
            Outcome::NotSaved { .. } | Outcome::Refused(StoreError { class: StoreErrorClass::NotSaved, .. }) => {
                Health::NotSaved
            }
            _ if !self.undelivered.is_empty() => Health::NotSaved,
            Outcome::Failed(failure) if !failure.cause.needs_person() => Health::Retrying,
            Outcome::Idle(Decision::BackedOff { .. }) => Health::Retrying,
            Outcome::Refused(error) if error.is_locked() => Health::Retrying,
            Outcome::Failed(_)
            | Outcome::Idle(Decision::NeedsPerson { .. } | Decision::Expired { .. })
            | Outcome::Refused(_)
            | Outcome::NotConnected { .. }
            | Outcome::Internal { .. } => Health::NeedsPerson,
            // A person is needed, and the token is too young for Meta to be asked whether somebody has acted.
            Outcome::Idle(Decision::TooYoung { .. }) if self.needs_person() => Health::NeedsPerson,
            Outcome::Idle(_)
            | Outcome::Refreshed { .. }
            | Outcome::Recovered { .. }
            | Outcome::Connected
            | Outcome::Verified
            | Outcome::TooYoung { .. } => Health::Healthy,
        }
    }
    fn needs_person(&self) -> bool {
        let failure = self.record.as_ref().and_then(|record| record.failure.as_ref());
        failure.is_some_and(|failure| failure.cause.needs_person())
    }
}
