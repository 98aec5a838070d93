//! How a run ended for one account.

use everlit_meta_api::{Class, Timestamp};

use crate::{
    AccountName, Cause, Decision, DeliveryError, Expiry, FailureState, Policy, Record, StoreError, StoreErrorClass,
    decide,
};

/// What happened to one account in one run.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which account.
    pub account: AccountName,
    /// When the report was written.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// What is known about the token after the run; `None` if the store could not be read.
    pub record: Option<Record>,
    /// Targets that do not hold the current token yet, with the reason.
    pub undelivered: Vec<(String, DeliveryError)>,
    /// What was odd about the stored state and did not stop the run, for people.
    pub notes: Vec<String>,
}

/// How a run ended.
#[allow(clippy::large_enum_variant, reason = "there is one for each account of a run; on some systems it is smaller")]
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Meta was not asked; this is why.
    Idle(Decision),
    /// Meta extended the token, and the new one is saved.
    Refreshed {
        /// The expiry before.
        before: Expiry,
        /// The expiry now.
        after: Expiry,
        /// Meta gave the same string back.
        same_string: bool,
    },
    /// An interrupted run had left a new token; it is in use now, and Meta was not asked for another.
    Recovered {
        /// The expiry of the recovered token.
        after: Expiry,
    },
    /// The token that a person gave is in use.
    Connected,
    /// The token that a person gave was rejected, and nothing has changed.
    NotConnected {
        /// [`Cause::AnotherAccount`], [`Cause::NewTokenRefused`] or [`Cause::ShortLived`].
        cause: Cause,
        /// Whose the tokens are, or what Meta said.
        message: String,
    },
    /// Meta confirmed the token; there was nothing to refresh.
    Verified,
    /// Meta does not refresh it yet.
    TooYoung {
        /// When it will.
        until: Timestamp,
        /// An earlier reply was lost: Meta has probably refreshed the token already.
        probably_refreshed: bool,
    },
    /// The attempt failed; the state says why, since when, and when it is retried or who has to act.
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
    /// The disk does not answer: whether a new token was received and saved shows at the next run.
    Pending,
    /// It is lost. The old token stays valid until its own expiry.
    Lost,
}

impl Report {
    pub(crate) fn new(account: &AccountName, outcome: Outcome, record: Option<Record>, at: Timestamp) -> Self {
        Self { account: account.clone(), at, outcome, record, undelivered: Vec::new(), notes: Vec::new() }
    }

    /// Adds what is undelivered by the record, and what kept the copies from being noted.
    pub(crate) fn with_copies(mut self, copies: Result<(), StoreError>) -> Self {
        self.undelivered = self.record.as_ref().map(Record::undelivered).unwrap_or_default();
        if let Err(error) = copies {
            self.undelivered.push(("the record of deliveries".to_owned(), error.into()));
        }
        self
    }

    /// How an account stands when nothing is asked of Meta.
    pub fn idle(account: &AccountName, record: Record, policy: &Policy, now: Timestamp) -> Self {
        let outcome = Outcome::Idle(decide(&record, now, policy));
        let undelivered = record.undelivered();
        Self { undelivered, ..Self::new(account, outcome, Some(record), now) }
    }

    /// Whether Meta was not asked about the account, because of what it has said about others of its app.
    pub fn waits_for_app(&self) -> bool {
        let failure = self.record.as_ref().and_then(|record| record.failure.as_ref());
        failure.is_some_and(|failure| failure.cause == Cause::Meta(Class::BackOff) && failure.evidence.is_none())
    }

    /// Why the run could not do its work, where the record does not tell: a place that cannot be written, or a bug.
    pub fn unrecorded_failure(&self) -> Option<String> {
        match &self.outcome {
            Outcome::NotSaved { error, .. } => Some(error.to_string()),
            Outcome::Refused(error) if !error.is_locked() => Some(error.to_string()),
            Outcome::Internal { message } => Some(message.clone()),
            _ => None,
        }
    }

    /// The cause of the last failure, where there is one.
    pub fn cause(&self) -> Option<Cause> {
        match &self.outcome {
            Outcome::NotConnected { cause, .. } | Outcome::Idle(Decision::NeedsPerson { cause }) => Some(*cause),
            Outcome::Failed(failure) => Some(failure.cause),
            _ => self.record.as_ref()?.failure.as_ref().map(|failure| failure.cause),
        }
    }
}

impl Outcome {
    /// The store failed before anything was asked of Meta.
    pub(crate) fn not_begun(error: StoreError) -> Self {
        match error.class {
            StoreErrorClass::NotSaved => Self::NotSaved { error, token: Safety::NotAsked },
            _ => Self::Refused(error),
        }
    }

    /// Meta's answer could not be recorded. It is reported now, as there is nothing to look it up in later.
    pub(crate) fn unrecorded(error: StoreError, message: &str) -> Self {
        let message = format!("{error}; what could not be recorded: {message}");
        let error = StoreError { class: StoreErrorClass::NotSaved, message, ..error };
        Self::NotSaved { error, token: Safety::NothingNew }
    }
}
