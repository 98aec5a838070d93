//! Judging what Meta handed out: a stored token is replaced only by a better one of the same account.

use std::time::Duration;

use everlit_meta_api::{Class, Error, Lifetime, Me, Timestamp, Token, TokenReply};

use crate::cycle::Run;
use crate::decide::plausible_expiry;
use crate::policy::{ASSUMED_LIFE, SHORT_LIVED};
use crate::record::{Cause, EventKind, Expiry, Record};
use crate::store::{Candidate, Origin};

/// What `GET /me` said about a candidate.
pub(crate) enum Verification {
    /// It works, as the one whose it is confirms, or nothing definite could be learned: it becomes current.
    NotRefused(Option<Me>),
    /// It must not replace the token in use.
    Refused(Cause, String),
}

/// A day's tolerance: a reply may count from another second, and a repeated refresh may only hand back what is left.
const TOLERANCE: Duration = Duration::from_secs(24 * 60 * 60);

/// The candidate that a well-formed reply amounts to, or why it must not replace the current token.
pub(crate) fn candidate_from(
    reply: TokenReply,
    current: &Token,
    record: &Record,
    now: Timestamp,
) -> Result<Candidate, Cause> {
    let expiry = match reply.lifetime {
        Lifetime::Seconds(life) if Duration::from_secs(life) <= SHORT_LIVED => return Err(Cause::ShortLived),
        Lifetime::Seconds(life) => Expiry::At(now + Duration::from_secs(life)),
        Lifetime::Never => Expiry::Never,
        Lifetime::Unknown => Expiry::Assumed(now + ASSUMED_LIFE),
    };
    if let (Some(before), Some(after)) = (plausible_expiry(record, now).instant(), expiry.instant())
        && after + TOLERANCE < before
    {
        return Err(Cause::WouldShorten);
    }
    let replaces = current.fingerprint();
    // A prefix that Meta has changed does not change what the token is.
    let token = reply.token.or_kind(current.kind());
    if token.kind() != current.kind() {
        return Err(Cause::NewTokenRefused);
    }
    let account = record.account.clone();
    Ok(Candidate { token, replaces, received_at: now, expiry, account, origin: Origin::Refresh })
}

/// Meta has an answer, and it is no: not a moment's failure, not a limit.
fn is_refusal(error: &Error) -> bool {
    error.evidence().is_some() && !matches!(error.class(), Class::Retry | Class::BackOff)
}

impl Run<'_> {
    /// Looks whether the candidate works and whose it is. A dead line is no refusal. A refusal without a definite subcode
    /// has to be said twice, and counts only if `current` is better off: else the trouble is the account's, not the token's.
    pub(crate) async fn verify_candidate(&mut self, candidate: &Candidate, current: &Token) -> Verification {
        let mut refusals = 0;
        loop {
            match self.ask(|client| client.me(&candidate.token)).await {
                Ok(me) if self.is_somebody_else(candidate, &me.value) => {
                    return Verification::Refused(Cause::AnotherAccount, Cause::AnotherAccount.message().to_owned());
                }
                Ok(me) => return Verification::NotRefused(Some(me.value)),
                Err(failed_call) if is_refusal(&failed_call.error) => {
                    refusals += 1;
                    let said = refusals == 2;
                    let definite = failed_call.error.is_definite();
                    if definite || (said && self.ask(|client| client.me(current)).await.is_ok()) {
                        let message = format!("{}: {}", Cause::NewTokenRefused.message(), failed_call.error.message());
                        return Verification::Refused(Cause::NewTokenRefused, message);
                    }
                    if said {
                        return Verification::NotRefused(None);
                    }
                }
                Err(_) => return Verification::NotRefused(None),
            }
        }
    }

    fn is_somebody_else(&self, candidate: &Candidate, me: &Me) -> bool {
        let of_record = self.record.account.as_ref().filter(|_| candidate.origin == Origin::Refresh);
        let known = of_record.or(candidate.account.as_ref());
        matches!((known, me.identity()), (Some(known), Some(found)) if known != found)
    }

    /// Notes whose token it is and that it works.
    pub(crate) fn record_owner(&mut self, me: &Me) {
        self.record.last_verified_at = Some(self.now());
        self.record.account = self.record.account.take().or_else(|| me.identity().cloned());
        self.record.username = me.username.clone().or_else(|| self.record.username.take());
    }
}

impl Record {
    /// From now on the record describes the candidate: a new life, no trouble, deliveries to be made.
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
            // The token that is in use already, once more: what is known of it still holds.
            Origin::Person if is_known => self.account.clone_from(&candidate.account),
            Origin::Person => {
                self.username = self.username.take().filter(|_| self.account == candidate.account);
                self.account.clone_from(&candidate.account);
                (self.issued_at, self.data_access_ends) = (None, None);
                self.first_seen = candidate.received_at;
            }
        }
        self.too_young_until = None;
        self.failure = None;
    }
}

impl Cause {
    /// The cause in plain words; Meta's own words stand in [`crate::FailureState::message`].
    pub fn message(self) -> &'static str {
        match self {
            Self::Meta(Class::Retry) => "Meta or the way to it failed for the moment",
            Self::Meta(Class::BackOff) => "Meta asked to be left alone for a while",
            Self::Meta(Class::Reconnect) => "the token is dead; the account has to be connected again",
            Self::Meta(Class::AccountOwner) => "the account's owner has to act",
            Self::Meta(Class::AppOwner) => "the owner of the Meta app has to act",
            Self::Meta(Class::Config) => "the configuration is wrong",
            Self::Meta(Class::Unknown) => "Meta gave an answer that decides nothing",
            Self::Incident => {
                "Meta refuses many accounts alike: an incident at Meta or of the app, rather than so many dead tokens"
            }
            Self::BasicDisplay => "an Instagram Basic Display token: Meta ended that product on 4 December 2024",
            Self::ShortLived => "a short-lived token (one hour), which has to be exchanged for a long-lived one first",
            Self::CannotExtend => "Meta does not extend this Facebook user token; its owner has to log in again",
            Self::DataAccessEnded => "the 90 days of data access are over; the token's owner has to log in again",
            Self::AnotherAccount => "Meta answered with a token of another account; the old token was kept",
            Self::NewTokenRefused => "Meta does not accept its own new token; the old token was kept",
            Self::WouldShorten => "the new token would end earlier than the one in use; the old token was kept",
        }
    }

    /// The event that this leaves in the history: nothing came, or what came was not good enough.
    pub(crate) fn event_kind(self) -> EventKind {
        match self {
            Self::ShortLived | Self::AnotherAccount | Self::NewTokenRefused | Self::WouldShorten => EventKind::Refused,
            _ => EventKind::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    const DAY: u64 = 24 * 60 * 60;

    /// What becomes of a reply that promises `lifetime` for a token of which the books say that it ends in `believed` seconds.
    fn judged(lifetime: Lifetime, believed: u64) -> Result<Expiry, Cause> {
        let token = |letter: &str| Token::parse(&format!("IGAAfakeFAKE{}", letter.repeat(60))).unwrap();
        let (current, new) = (token("x"), token("y"));
        let mut record = Record::of_new_token(current.kind(), current.fingerprint(), NOW);
        record.expiry = Expiry::At(NOW + Duration::from_secs(believed));
        let reply = TokenReply { token: new, token_type: None, lifetime, user_id: None, permissions: None };
        candidate_from(reply, &current, &record, NOW).map(|candidate| candidate.expiry)
    }

    #[test]
    fn p1_never_worse_is_a_reply_that_lives_long_and_at_least_as_long_as_the_token_in_use() {
        use Lifetime::{Never, Seconds, Unknown};
        let at = |seconds| Expiry::At(NOW + Duration::from_secs(seconds));
        let table = [
            (Seconds(60 * DAY), 30 * DAY, Ok(at(60 * DAY))),
            (Never, 30 * DAY, Ok(Expiry::Never)),
            (Unknown, 30 * DAY, Ok(Expiry::Assumed(NOW + ASSUMED_LIFE))),
            // An hour, or two.
            (Seconds(3_600), 0, Err(Cause::ShortLived)),
            (Seconds(7_200), 0, Err(Cause::ShortLived)),
            (Seconds(7_201), 0, Ok(at(7_201))),
            // A day less is what a repeated refresh may bring; more than a day is a loss.
            (Seconds(29 * DAY), 30 * DAY, Ok(at(29 * DAY))),
            (Seconds(29 * DAY - 1), 30 * DAY, Err(Cause::WouldShorten)),
            (Seconds(60 * DAY), 100 * DAY, Err(Cause::WouldShorten)),
            // Books that no token can have written stop no refresh.
            (Seconds(60 * DAY), 100 * DAY + 1, Ok(at(60 * DAY))),
        ];
        for (lifetime, believed, expected) in table {
            assert_eq!(judged(lifetime, believed), expected, "{lifetime:?} for {believed}");
        }
    }
}
