//! A simulated account, small enough for a million of them, and the keeper's record of it.

use std::time::Duration;

use everlit_keeper::policy::WAIT_FOR_APP;
use everlit_keeper::{Cause, Expiry, FailureState, Record, next_attempt};
use everlit_meta_api::{Class, Evidence, Fingerprint, Timestamp, TokenKind};
use fastrand::Rng;

/// The start of the simulation: all times of accounts are seconds since a hundred days before it.
pub(crate) const START: Timestamp = Timestamp::from_unix(1_800_000_000);
const ORIGIN: Timestamp = Timestamp::from_unix(START.as_unix() - 100 * 86_400);

/// The life of a token as Meta gives it: 60 days, less what the reply took.
const LIFE: Duration = Duration::from_secs(5_183_944);

/// Seconds since [`ORIGIN`]; zero stands for "unknown".
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Moment(u32);

impl Moment {
    pub(crate) fn of(time: Timestamp) -> Self {
        Self(u32::try_from(time.since(ORIGIN)).unwrap_or(u32::MAX))
    }

    pub(crate) fn time(self) -> Option<Timestamp> {
        (self.0 > 0).then(|| ORIGIN + Duration::from_secs(u64::from(self.0)))
    }
}

/// What is known about one account's token.
#[derive(Debug)]
pub(crate) struct Account {
    fingerprint: Fingerprint,
    failure: Option<Box<FailureState>>,
    expires_at: Moment,
    issued_at: Moment,
    verified_at: Moment,
    /// When a person connects the account again, after the token was revoked.
    back_at: Moment,
    generation: u32,
}

impl Account {
    /// An account as it is imported: its expiry is known, its age is not.
    pub(crate) fn imported(number: u64, left: Duration) -> Self {
        let (expires_at, unknown) = (Moment::of(START + left), Moment::default());
        let fingerprint = fingerprint(number, 0);
        Self {
            fingerprint,
            failure: None,
            expires_at,
            issued_at: unknown,
            verified_at: unknown,
            back_at: unknown,
            generation: 0,
        }
    }

    /// When the token dies.
    pub(crate) fn expires_at(&self) -> Timestamp {
        self.expires_at.time().unwrap_or(START)
    }

    /// When a person comes back, if the token was revoked.
    pub(crate) fn back_at(&self) -> Option<Timestamp> {
        self.back_at.time()
    }

    /// Runs `decide` on the keeper's record of the account: `record` is used again and again.
    pub(crate) fn with_record<T>(&mut self, record: &mut Record, decide: impl FnOnce(&Record) -> T) -> T {
        record.fingerprint = self.fingerprint;
        record.expiry = Expiry::At(self.expires_at());
        record.issued_at = self.issued_at.time();
        record.last_verified_at = self.verified_at.time();
        record.failure = self.failure.take().map(|failure| *failure);
        let result = decide(record);
        self.failure = record.failure.take().map(Box::new);
        result
    }

    /// Meta has confirmed the token.
    pub(crate) fn verified(&mut self, now: Timestamp) {
        self.verified_at = Moment::of(now);
        self.failure = None;
    }

    /// Meta has refreshed the token. For every other account it has another text afterwards: Meta does both.
    pub(crate) fn refreshed(&mut self, number: u64, now: Timestamp) {
        if number.is_multiple_of(2) {
            self.generation += 1;
            self.fingerprint = fingerprint(number, self.generation);
        }
        self.issued_at = Moment::of(now);
        self.expires_at = Moment::of(now + LIFE);
        self.back_at = Moment::default();
        self.verified(now);
    }

    /// The token was revoked, and a person connects the account again later.
    pub(crate) fn revoked(&mut self, now: Timestamp, back_at: Timestamp, rng: &mut Rng) {
        self.back_at = Moment::of(back_at);
        let evidence = Evidence { code: Some(190), subcode: Some(460), ..Evidence::default() };
        self.failed(Cause::Meta(Class::Reconnect), Some(evidence), now, rng);
    }

    /// Meta did not answer.
    pub(crate) fn unanswered(&mut self, now: Timestamp, rng: &mut Rng) {
        self.failed(Cause::Meta(Class::Retry), None, now, rng);
    }

    /// Meta refuses calls for the app.
    pub(crate) fn limited(&mut self, now: Timestamp, rng: &mut Rng) {
        self.failed(Cause::Meta(Class::BackOff), None, now, rng);
    }

    fn failed(&mut self, cause: Cause, evidence: Option<Evidence>, now: Timestamp, rng: &mut Rng) {
        let before = self.failure.take();
        let attempts = before.as_ref().map_or(0, |failure| failure.attempts) + 1;
        let server_wait = (cause == Cause::Meta(Class::BackOff)).then_some(WAIT_FOR_APP);
        let same_since = before.as_ref().filter(|failure| failure.cause == cause).map(|failure| failure.cause_since);
        self.failure = Some(Box::new(FailureState {
            cause,
            message: String::new(),
            evidence,
            attempts,
            first_at: before.map_or(now, |failure| failure.first_at),
            cause_since: same_since.unwrap_or(now),
            last_at: now,
            next_attempt_at: next_attempt(attempts, now, Expiry::At(self.expires_at()), server_wait, rng),
            reply_lost: false,
            verifying: false,
        }));
    }
}

/// A record to be filled in for one account after the other.
pub(crate) fn blank_record() -> Record {
    Record::of_new_token(TokenKind::Instagram, fingerprint(0, 0), ORIGIN)
}

fn fingerprint(number: u64, generation: u32) -> Fingerprint {
    Fingerprint::of(&format!("simulated token {number} {generation}"))
}
