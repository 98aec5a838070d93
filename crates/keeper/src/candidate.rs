//! A new token on its way into use: how a reply becomes a candidate, and a candidate the current token.

use std::time::Duration;

use everlit_meta_api::{AccountId, Fingerprint, Lifetime, Timestamp, Token, TokenKind, TokenReply};

use crate::decide::plausible_expiry;
use crate::policy::{ASSUMED_LIFE, MINIMUM_AGE, SHORT_LIVED};
use crate::{Cause, Expiry, Record};

/// A token that Meta has handed out, or a person has given, and that is not yet in use.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The new token.
    pub token: Token,
    /// The token that it replaces.
    pub replaces: Fingerprint,
    /// When it was received.
    pub received_at: Timestamp,
    /// When it dies.
    pub expiry: Expiry,
    /// Whose it is, where known.
    pub account: Option<AccountId>,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a [`Candidate`] came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// Meta gave it for the token in use.
    Refresh,
    /// A person gave it: it may belong to another account than the token in use. Where no token was in use, it replaces
    /// itself.
    Person,
}

/// A reply may count from another second, and a repeated refresh may only hand back what is left.
const TOLERANCE: Duration = Duration::from_secs(24 * 60 * 60);

/// An exchange that moves the expiry by less than this has not extended a Facebook token.
const EXTENDED_BY: Duration = Duration::from_secs(24 * 60 * 60);

impl Candidate {
    /// The token in use, which `record` describes, as one that could take the place of `replaces`.
    pub fn of_current(current: &Token, record: &Record, replaces: Fingerprint) -> Self {
        Self {
            token: current.clone(),
            replaces,
            received_at: record.issued_at.unwrap_or(record.first_seen),
            expiry: record.expiry,
            account: record.account.clone(),
            origin: Origin::Refresh,
        }
    }

    /// What Meta has handed out for the token in use.
    pub(crate) fn received(reply: TokenReply, current: &Token, record: &Record, now: Timestamp) -> Self {
        Self {
            // A prefix that Meta has changed does not change what the token is.
            token: reply.token.or_kind(current.kind()),
            replaces: current.fingerprint(),
            received_at: now,
            expiry: match reply.lifetime {
                Lifetime::Seconds(life) => Expiry::At(now + Duration::from_secs(life)),
                Lifetime::Never => Expiry::Never,
                // `debug_token` knows.
                Lifetime::Unknown if current.kind() == TokenKind::Facebook => Expiry::Unknown,
                Lifetime::Unknown => Expiry::Assumed(now + ASSUMED_LIFE),
            },
            account: record.account.clone(),
            origin: Origin::Refresh,
        }
    }

    /// Why it must not replace the token in use, which `record` describes; `None` if it may.
    pub(crate) fn objection(&self, record: &Record) -> Option<Cause> {
        let own = self.token.fingerprint();
        let is_in_use = record.fingerprint == own && self.replaces != own;
        if self.origin == Origin::Person || is_in_use {
            return None;
        }
        if self.token.kind() != record.kind {
            return Some(Cause::NewTokenRefused);
        }
        let after = self.expiry.instant()?;
        let before = plausible_expiry(record, self.received_at).instant();
        if after <= self.received_at + SHORT_LIVED {
            // A token that has lived for longer was not short-lived.
            let has_lived = record.first_seen + SHORT_LIVED < self.received_at;
            return Some(if has_lived { Cause::WouldShorten } else { Cause::ShortLived });
        }
        match before {
            // Meta would not refresh it any more. How long the token in use lives is not known: it may be longer.
            None if after <= self.received_at + MINIMUM_AGE => Some(Cause::WouldShorten),
            Some(before) if after + TOLERANCE < before => Some(Cause::WouldShorten),
            Some(before) if record.kind == TokenKind::Facebook && after <= before + EXTENDED_BY => {
                Some(Cause::CannotExtend)
            }
            _ => None,
        }
    }
}

impl Record {
    /// Makes the record describe the candidate: a new expiry, no failure, deliveries to be made.
    pub(crate) fn adopt(&mut self, candidate: &Candidate) {
        let is_known = self.fingerprint == candidate.token.fingerprint();
        self.fingerprint = candidate.token.fingerprint();
        self.kind = candidate.token.kind();
        if candidate.expiry != Expiry::Unknown || !is_known {
            self.expiry = candidate.expiry;
        }
        match candidate.origin {
            Origin::Refresh => {
                self.account = self.account.take().or_else(|| candidate.account.clone());
                self.issued_at = Some(candidate.received_at);
            }
            // The token that is in use already: what is known about it still holds.
            Origin::Person if is_known => self.account.clone_from(&candidate.account),
            Origin::Person => {
                self.username = self.username.take().filter(|_| self.account == candidate.account);
                self.account.clone_from(&candidate.account);
                (self.issued_at, self.data_access_ends, self.last_verified_at) = (None, None, None);
                self.first_seen = candidate.received_at;
            }
        }
        self.too_young_until = None;
        self.failure = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    const DAY: u64 = 24 * 60 * 60;

    /// What a reply with `lifetime` becomes where the recorded expiry is `believed` seconds away, for a token first seen
    /// `known_for` seconds ago.
    fn judged(lifetime: Lifetime, believed: u64, known_for: u64) -> Result<Expiry, Cause> {
        let token = |letter: &str| Token::parse(&format!("IGAAfakeFAKE{}", letter.repeat(60))).unwrap();
        let (current, new) = (token("x"), token("y"));
        let first_seen = Timestamp::from_unix(NOW.as_unix() - known_for.cast_signed());
        let mut record = Record::of_new_token(current.kind(), current.fingerprint(), first_seen);
        record.expiry = Expiry::At(NOW + Duration::from_secs(believed));
        let reply = TokenReply { token: new, token_type: None, lifetime, user_id: None, permissions: None };
        let candidate = Candidate::received(reply, &current, &record, NOW);
        candidate.objection(&record).map_or(Ok(candidate.expiry), Err)
    }

    #[test]
    fn p1_never_worse_a_new_token_must_live_as_long_as_the_old_one() {
        use Lifetime::{Never, Seconds, Unknown};
        let at = |seconds| Expiry::At(NOW + Duration::from_secs(seconds));
        let table = [
            (Seconds(60 * DAY), 30 * DAY, Ok(at(60 * DAY))),
            (Never, 30 * DAY, Ok(Expiry::Never)),
            (Unknown, 30 * DAY, Ok(Expiry::Assumed(NOW + ASSUMED_LIFE))),
            // One hour, or two.
            (Seconds(3_600), 0, Err(Cause::ShortLived)),
            (Seconds(7_200), 0, Err(Cause::ShortLived)),
            (Seconds(7_201), 0, Ok(at(7_201))),
            // A repeated refresh may bring a day less; more than a day is a loss.
            (Seconds(29 * DAY), 30 * DAY, Ok(at(29 * DAY))),
            (Seconds(29 * DAY - 1), 30 * DAY, Err(Cause::WouldShorten)),
            (Seconds(60 * DAY), 100 * DAY, Err(Cause::WouldShorten)),
            // A recorded expiry that no token can have stops no refresh.
            (Seconds(60 * DAY), 100 * DAY + 1, Ok(at(60 * DAY))),
        ];
        for (lifetime, believed, expected) in table {
            assert_eq!(judged(lifetime, believed, 0), expected, "{lifetime:?} for {believed}");
        }
    }

    #[test]
    fn p1_never_worse_half_a_day_replaces_no_unknown_expiry() {
        let token = |letter: &str| Token::parse(&format!("IGAAfakeFAKE{}", letter.repeat(60))).unwrap();
        let (current, new) = (token("x"), token("y"));
        let record = Record::of_new_token(current.kind(), current.fingerprint(), NOW);
        for (hours, expected) in [(12, Some(Cause::WouldShorten)), (24, Some(Cause::WouldShorten)), (25, None)] {
            let lifetime = Lifetime::Seconds(hours * 3_600);
            let reply = TokenReply { token: new.clone(), token_type: None, lifetime, user_id: None, permissions: None };
            assert_eq!(Candidate::received(reply, &current, &record, NOW).objection(&record), expected, "{hours}");
        }
    }

    /// One reply does not turn a token that has lived for days into a short-lived one.
    #[test]
    fn an_hour_in_one_reply_does_not_condemn_an_old_token() {
        let hour = Lifetime::Seconds(3_600);
        assert_eq!(judged(hour, 0, 7_200), Err(Cause::ShortLived));
        assert_eq!(judged(hour, 0, 7_201), Err(Cause::WouldShorten));
    }
}
