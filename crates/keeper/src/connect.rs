//! Connects a token that a person provides: verified before anything else, then saved like any new token.

use std::time::Duration;

use everlit_meta_api::{
    Error, Expiry as Expires, InfoType, Lifetime, Me, PageToken, Timestamp, Token, TokenKind, TokenReply,
};

use crate::policy::{ASSUMED_LIFE, SHORT_LIVED};
use crate::run::Run;
use crate::verify::Verification;
use crate::{
    AccountName, Candidate, Cause, EventKind, Expiry, Keeper, Lease, Origin, Outcome, Record, Report, Safety,
    StoreError, StoreErrorClass, Stored,
};

/// A token from a person or a login, with what Meta says about it. It works: `/me` has answered.
#[derive(Clone, Debug, PartialEq)]
pub struct ProvidedToken {
    /// The token.
    pub token: Token,
    /// Whose it is.
    pub me: Me,
    /// When it dies; [`Expiry::Unknown`] where Meta offers no way to ask.
    pub expiry: Expiry,
    /// When it was issued, where known.
    pub issued_at: Option<Timestamp>,
    /// When Meta stops answering with this person's data (Facebook only).
    pub data_access_ends: Option<Timestamp>,
    /// What kind of owner it has, where `debug_token` has said so.
    pub stands_for: Option<InfoType>,
    /// The granted permissions; `None` means that Meta did not say.
    pub permissions: Option<Vec<String>>,
    /// An exchange was requested, and Meta says that the token is long-lived already (452): it is kept as it is.
    pub already_long: bool,
}

/// Which token a new one may replace.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Replace {
    /// One of the same account, or one whose account is not known.
    SameAccount,
    /// Any token.
    AnyAccount,
}

impl ProvidedToken {
    /// A token that Meta has just issued for a login or an exchange.
    pub fn fresh(reply: TokenReply, me: Me, now: Timestamp) -> Self {
        let expiry = match reply.lifetime {
            Lifetime::Seconds(life) => Expiry::At(now + Duration::from_secs(life)),
            Lifetime::Never => Expiry::Never,
            // A Facebook token may live for an hour or for ever: the next run asks.
            Lifetime::Unknown if reply.token.kind() == TokenKind::Facebook => Expiry::Unknown,
            Lifetime::Unknown => Expiry::Assumed(now + ASSUMED_LIFE),
        };
        Self { expiry, issued_at: Some(now), permissions: reply.permissions, ..Self::of_unknown_age(reply.token, me) }
    }

    fn of_unknown_age(token: Token, me: Me) -> Self {
        Self {
            token,
            me,
            expiry: Expiry::Unknown,
            issued_at: None,
            data_access_ends: None,
            stands_for: None,
            permissions: None,
            already_long: false,
        }
    }

    /// Whether it is known to expire within hours. For an Instagram token that a person provides this is not known.
    pub fn is_short_lived(&self, now: Timestamp) -> bool {
        let life = |end: Timestamp| end.since(self.issued_at.unwrap_or(now));
        self.expiry.instant().is_some_and(|end| u64::try_from(life(end)).unwrap_or(0) <= SHORT_LIVED.as_secs())
    }

    /// Why it must not replace the token that is there.
    fn differs_from(&self, there: &Stored) -> Option<String> {
        let (old, new) = (there.current.kind().platform(), self.token.kind().platform());
        if let (Some(old), Some(new)) = (old, new)
            && old != new
        {
            return Some(format!("the existing token is from {}, the new one from {}", old.title(), new.title()));
        }
        let of_candidate = || there.candidate.as_ref().and_then(|candidate| candidate.account.as_ref());
        let known = there.record.account.as_ref().or_else(of_candidate)?;
        let found = self.me.identity()?;
        let named = |name: Option<&String>, id| match name {
            Some(name) => format!("@{name} ({id})"),
            None => format!("the account {id}"),
        };
        let (old, new) = (named(there.record.username.as_ref(), known), named(self.me.username.as_ref(), found));
        (self.me.is_account(known, self.token.kind().platform()) == Some(false))
            .then(|| format!("the existing token belongs to {old}, the new one to {new}"))
    }

    fn candidate(&self, there: Option<&Stored>, now: Timestamp) -> Candidate {
        let itself = self.token.fingerprint();
        Candidate {
            token: self.token.clone(),
            replaces: there.map_or(itself, |stored| stored.current.fingerprint()),
            received_at: now,
            expiry: self.expiry,
            account: self.me.identity().cloned(),
            origin: Origin::Person,
        }
    }
}

impl Keeper {
    /// Finds out whose a provided token is and, where Meta tells, how long it lives. Changes nothing.
    pub async fn examine(&self, token: Token) -> Result<ProvidedToken, Error> {
        let me =
            self.ask(&mut self.rng(), |client| client.me(&token)).await.map_err(|failed_call| failed_call.error)?.value;
        let mut provided = ProvidedToken::of_unknown_age(token, me);
        self.inspect(&mut provided).await;
        Ok(provided)
    }

    /// Exchanges a short-lived token for a long-lived one of the same account. Needs the app.
    pub async fn exchange(&self, provided: ProvidedToken) -> Result<ProvidedToken, Error> {
        let token = &provided.token;
        let is_facebook = token.kind() == TokenKind::Facebook;
        if is_facebook && provided.expiry == Expiry::Never {
            return Ok(ProvidedToken { already_long: true, ..provided });
        }
        let mut rng = self.rng();
        let answer = if is_facebook {
            self.ask(&mut rng, |client| client.fb_exchange(token)).await
        } else {
            self.ask(&mut rng, |client| client.exchange(token)).await
        };
        let reply = match answer.map_err(|failed_call| failed_call.error) {
            Ok(reply) => reply.value,
            Err(Error::AlreadyLongLived(_)) => return Ok(ProvidedToken { already_long: true, ..provided }),
            Err(error) => return Err(error),
        };
        let reply = TokenReply {
            token: reply.token.or_kind(token.kind()),
            permissions: reply.permissions.or(provided.permissions),
            ..reply
        };
        let mut long = ProvidedToken::fresh(reply, provided.me, self.clock.now());
        self.inspect(&mut long).await;
        Ok(long)
    }

    /// Lists the Facebook pages that the owner of a user token manages, each with its own token.
    pub async fn pages(&self, owner: &ProvidedToken) -> Result<Vec<PageToken>, Error> {
        let pages = self.ask(&mut self.rng(), |client| client.page_tokens(&owner.token)).await;
        pages.map(|reply| reply.value).map_err(|failed_call| failed_call.error)
    }

    /// Adds what `debug_token` knows, where it exists and answers. If it does not, the token is not to blame.
    async fn inspect(&self, provided: &mut ProvidedToken) {
        if !matches!(provided.token.kind(), TokenKind::Facebook | TokenKind::Threads) {
            return;
        }
        let Ok(info) = self.ask(&mut self.rng(), |client| client.debug_token(&provided.token)).await else { return };
        let info = info.value;
        provided.expiry = match info.expires_at {
            Some(Expires::Never) => Expiry::Never,
            Some(Expires::At(end)) => Expiry::At(end),
            None => provided.expiry,
        };
        provided.issued_at = info.issued_at.or(provided.issued_at);
        provided.data_access_ends = info.data_access_expires_at;
        provided.stands_for = Some(info.token_type);
        if !info.scopes.is_empty() {
            provided.permissions = Some(info.scopes);
        }
    }

    /// Proves that a new token of this account could be saved, before Meta is asked for one.
    pub async fn prove_room(&self, account: &AccountName) -> Result<(), StoreError> {
        let mut lease = self.lease(account).await?;
        what_is_there(&mut *lease, self.clock.now()).await?;
        lease.reserve().await
    }

    /// Saves a provided token in the place of the one that is there, if any, and delivers it. Sends no alerts.
    ///
    /// Ends in [`Outcome::Connected`]. With [`Outcome::NotConnected`], [`Outcome::Refused`] or [`Outcome::NotSaved`] the
    /// token that was there stays, unless [`Safety`] says otherwise.
    pub async fn connect(&self, account: &AccountName, provided: &ProvidedToken, replace: Replace) -> Report {
        let mut report = match self.lease(account).await {
            Ok(mut lease) => self.connect_under(&mut *lease, account, provided, replace).await,
            Err(error) => Report::new(account, Outcome::not_begun(error), None, self.clock.now()),
        };
        if report.outcome == Outcome::Connected {
            self.deliver_all(std::slice::from_mut(&mut report)).await;
        }
        report
    }

    async fn connect_under(
        &self,
        lease: &mut dyn Lease,
        account: &AccountName,
        provided: &ProvidedToken,
        replace: Replace,
    ) -> Report {
        let now = self.clock.now();
        if provided.is_short_lived(now) {
            let message = "Meta gave a token for an hour where a long-lived one was asked for".to_owned();
            return Report::new(account, Outcome::NotConnected { cause: Cause::ShortLived, message }, None, now);
        }
        let there = match what_is_there(lease, now).await {
            Ok(there) => there,
            Err(error) => return Report::new(account, Outcome::not_begun(error), None, self.clock.now()),
        };
        if replace == Replace::SameAccount
            && let Some(message) = there.as_ref().and_then(|there| provided.differs_from(there))
        {
            return Report::new(account, Outcome::NotConnected { cause: Cause::AnotherAccount, message }, None, now);
        }
        let candidate = provided.candidate(there.as_ref(), now);
        let Stored { current, record, notes, candidate: earlier, previous } = there.unwrap_or_else(|| {
            let record = Record::of_new_token(provided.token.kind(), provided.token.fingerprint(), now);
            Stored { current: provided.token.clone(), record, candidate: None, previous: None, notes: Vec::new() }
        });
        let mut run = Run { previous, ..Run::new(self, lease, account, record) };
        let outcome = run.take(provided, &candidate, &current, earlier.as_ref()).await;
        let copies = match outcome {
            Outcome::Connected => run.update_copies(account).await,
            _ => Ok(()),
        };
        let report = Report::new(account, outcome, Some(run.record), self.clock.now());
        Report { notes, ..report }.with_copies(copies)
    }

    fn rng(&self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seed)
    }
}

impl Run<'_> {
    /// Saves the token as candidate, verifies it once more, and puts it in use. `earlier` is a candidate that was waiting: it
    /// goes on waiting if the provided one is refused.
    async fn take(
        &mut self,
        provided: &ProvidedToken,
        candidate: &Candidate,
        current: &Token,
        earlier: Option<&Candidate>,
    ) -> Outcome {
        if let Err(error) = self.lease.reserve().await {
            return Outcome::not_begun(error);
        }
        if let Err(error) = self.lease.save_candidate(candidate).await {
            return Outcome::NotSaved { error, token: Safety::NothingNew };
        }
        let me = match self.verify_candidate(candidate, current).await {
            Verification::NotRefused(me) => me.unwrap_or_else(|| provided.me.clone()),
            Verification::Refused(cause, message) => {
                let undone = match earlier {
                    Some(earlier) => self.lease.save_candidate(earlier).await,
                    None => self.lease.discard_candidate().await,
                };
                return match undone {
                    Ok(()) => Outcome::NotConnected { cause, message },
                    Err(error) => Outcome::NotSaved { error, token: Safety::Candidate },
                };
            }
        };
        let previous = self.record.clone();
        self.record.adopt(candidate);
        self.record.issued_at = provided.issued_at.or(self.record.issued_at);
        self.record.data_access_ends = provided.data_access_ends.or(self.record.data_access_ends);
        self.record_owner(&me);
        self.log_connected(candidate);
        if let Err((error, token)) = self.promote(candidate, previous).await {
            return Outcome::NotSaved { error, token };
        }
        self.forget_kept().await;
        Outcome::Connected
    }

    pub(crate) fn log_connected(&mut self, candidate: &Candidate) {
        let (kind, fingerprint) = (candidate.token.kind(), candidate.token.fingerprint());
        let whose = self.record.username.as_ref().map_or_else(String::new, |name| format!(" of @{name}"));
        let message = format!("{kind} token {fingerprint}{whose}");
        self.record.log(candidate.received_at, EventKind::Connected, message);
    }
}

/// What a new token would replace; `None` where there is no token, or something that cannot be one.
async fn what_is_there(lease: &mut dyn Lease, now: Timestamp) -> Result<Option<Stored>, StoreError> {
    match lease.load(now).await {
        Ok(stored) => Ok(Some(stored)),
        Err(error)
            if matches!(
                error.class,
                StoreErrorClass::Missing | StoreErrorClass::NoToken | StoreErrorClass::NotAToken
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
