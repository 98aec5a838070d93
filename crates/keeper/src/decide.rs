//! When is a token refreshed? This file is the whole answer: pure, no clock, no disk, no network. Where there are many
//! accounts, `spread.rs` moves each one's due time a little.

use everlit_meta_api::{Class, Timestamp, TokenKind};

use crate::policy::{INCIDENT, LONGEST_LIFE, LONGEST_WAIT, MINIMUM_AGE};
use crate::spread::{refresh_at, verify_every};
use crate::{Cause, Expiry, FailureState, Policy, Record};

/// What to do with a token now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Nothing, before this instant.
    NotDue {
        /// When the token becomes due.
        until: Timestamp,
    },
    /// Ask Meta now.
    Due {
        /// What made it due.
        why: Why,
    },
    /// Due, but Meta does not refresh tokens that are under 24 hours old.
    TooYoung {
        /// When it is old enough.
        until: Timestamp,
    },
    /// Due, but the last attempt failed and it is too early for the next one.
    BackedOff {
        /// When the next attempt may be made.
        until: Timestamp,
    },
    /// everlit cannot help; a person has to act.
    NeedsPerson {
        /// Why.
        cause: Cause,
    },
    /// The token is dead, as Meta has confirmed; only a new login helps.
    Expired {
        /// Since when.
        since: Timestamp,
    },
}

/// What made a token due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Why {
    /// The expiry is not known yet.
    UnknownExpiry,
    /// Less time is left than the policy asks for.
    NearExpiry,
    /// The recorded expiry has passed. Records can be wrong (a clock, a copied file), so Meta is asked once.
    PastExpiry,
    /// The last verification is too long ago: the token may have been revoked.
    VerificationDue,
    /// A person was needed and may have acted since.
    MaybeResolved,
    /// `--force`.
    Forced,
}

/// Decides. The order matters: first what only a person can fix, then what only time can fix.
pub fn decide(record: &Record, now: Timestamp, policy: &Policy) -> Decision {
    if record.kind == TokenKind::InstagramBasicDisplay {
        return Decision::NeedsPerson { cause: Cause::BasicDisplay };
    }
    let failure = record.failure.as_ref().filter(|_| !policy.force);
    let mended = match failure.filter(|failure| failure.cause.needs_person()) {
        Some(failure) if is_final(failure, record.expiry, now) => return final_verdict(failure, record.expiry, now),
        Some(failure) if waiting(failure, now) => return Decision::NeedsPerson { cause: failure.cause },
        Some(_) => Some(Why::MaybeResolved),
        None => None,
    };
    let why = match mended.map_or_else(|| why_due(record, now, policy), Ok) {
        Ok(why) => why,
        Err(until) => return Decision::NotDue { until },
    };
    if why != Why::VerificationDue
        && let Some(until) = old_enough_at(record, now)
    {
        return Decision::TooYoung { until };
    }
    match failure.filter(|failure| waiting(failure, now)) {
        Some(failure) => Decision::BackedOff { until: failure.next_attempt_at },
        None => Decision::Due { why },
    }
}

/// When a run should next check this record: the first instant at which the decision can change. Stores find their due
/// accounts by it. A dead token is checked rarely, without asking Meta.
pub fn next_check(record: &Record, now: Timestamp, policy: &Policy) -> Timestamp {
    match decide(record, now, &Policy { force: false, ..*policy }) {
        Decision::Due { .. } => now,
        Decision::TooYoung { until } | Decision::BackedOff { until } => until,
        Decision::NotDue { until } => {
            record.last_verified_at.map_or(until, |at| until.min(at + verify_every(record, policy)))
        }
        Decision::NeedsPerson { .. } | Decision::Expired { .. } => {
            let failure = record.failure.as_ref().filter(|failure| waiting(failure, now));
            failure.map_or(now + LONGEST_LIFE, |failure| failure.next_attempt_at)
        }
    }
}

/// Whether the token is dead for good; another token in its place starts a new record. Only Meta's word can be final, never
/// what everlit has concluded by itself. Refusals without a reason have been wrong before: Meta is asked again until they
/// have outlasted any incident, or the token its expiry.
fn is_final(failure: &FailureState, expiry: Expiry, now: Timestamp) -> bool {
    let Some(evidence) = &failure.evidence else { return false };
    let is_over = expiry.instant().is_some_and(|end| end <= now) || failure.cause_since + INCIDENT <= now;
    failure.cause == Cause::Meta(Class::Reconnect) && (evidence.is_definite() || is_over)
}

fn final_verdict(failure: &FailureState, expiry: Expiry, now: Timestamp) -> Decision {
    match expiry.instant() {
        Some(since) if since <= now => Decision::Expired { since },
        _ => Decision::NeedsPerson { cause: failure.cause },
    }
}

/// The stored wait, unless a wrong clock wrote it.
fn waiting(failure: &FailureState, now: Timestamp) -> bool {
    failure.next_attempt_at > now && failure.next_attempt_at <= now + LONGEST_WAIT
}

/// Why the token is due, or when it will be.
fn why_due(record: &Record, now: Timestamp, policy: &Policy) -> Result<Why, Timestamp> {
    if policy.force {
        return Ok(Why::Forced);
    }
    match plausible_expiry(record, now) {
        Expiry::Unknown => Ok(Why::UnknownExpiry),
        Expiry::Never => {
            let verify_at =
                record.last_verified_at.filter(|at| *at <= now).map_or(now, |at| at + verify_every(record, policy));
            let data_access_ends = record.data_access_ends.filter(|end| *end > now);
            let verify_at = data_access_ends.map_or(verify_at, |end| verify_at.min(end));
            if verify_at <= now { Ok(Why::VerificationDue) } else { Err(verify_at) }
        }
        Expiry::At(end) | Expiry::Assumed(end) if end <= now => Ok(Why::PastExpiry),
        Expiry::At(end) | Expiry::Assumed(end) => {
            let due_at = refresh_at(record, end, policy);
            let verified_at = record.last_verified_at.filter(|at| *at <= now);
            let verify_at = verified_at.map_or(now, |at| at + verify_every(record, policy));
            match () {
                () if due_at <= now => Ok(Why::NearExpiry),
                () if verify_at <= now => Ok(Why::VerificationDue),
                () => Err(due_at),
            }
        }
    }
}

/// The recorded expiry, unless a wrong clock wrote it: further away than any token lives, or counted from a date that is
/// still to come. It must hide neither a refresh that is due nor a better token.
pub(crate) fn plausible_expiry(record: &Record, now: Timestamp) -> Expiry {
    let is_too_far = record.expiry.instant().is_some_and(|end| end > now + LONGEST_LIFE);
    let is_from_the_future = record.issued_at.is_some_and(|issued| issued > now + MINIMUM_AGE);
    if is_too_far || is_from_the_future { Expiry::Unknown } else { record.expiry }
}

/// When the token is old enough to be refreshed, if that lies ahead: a rule for Instagram and Threads. Issue dates in the
/// future are ignored.
fn old_enough_at(record: &Record, now: Timestamp) -> Option<Timestamp> {
    if record.kind == TokenKind::Facebook {
        return None;
    }
    let by_age = record.issued_at.filter(|issued| *issued <= now).map(|issued| issued + MINIMUM_AGE);
    let by_meta = record.too_young_until.filter(|until| *until <= now + LONGEST_WAIT);
    by_age.max(by_meta).filter(|until| *until > now)
}
