//! Facebook tokens: one prefix, three kinds with their own rules, told apart by `debug_token`.

use everlit_meta_api::{Class, Error, Evidence, Expiry as Expires, InfoType, Token, TokenInfo, TokenKind};

use crate::ask::FailedCall;
use crate::record::APP_REFUSED;
use crate::run::Run;
use crate::spread::refresh_at;
use crate::{Candidate, Cause, Expiry, Outcome};

impl Run<'_> {
    pub(crate) async fn renew_facebook(&mut self, current: &Token) -> Outcome {
        let info = match self.ask(|client| client.debug_token(current)).await {
            Ok(reply) => reply.value,
            // This refusal concerns the caller, which is the app, not the token that is asked about.
            Err(failed_call)
                if failed_call.error.evidence().is_some()
                    && !matches!(failed_call.error.class(), Class::Retry | Class::BackOff) =>
            {
                return self.app_refused(&failed_call).await;
            }
            Err(failed_call) => return self.failed(current, failed_call).await,
        };
        if !info.is_valid {
            return self.not_valid(current, info.error).await;
        }
        if self.previous.is_some()
            && let Err(refused) = self.identify(current).await
        {
            return refused;
        }
        let now = self.now();
        self.note_info(&info);
        if self.record.data_access_ends.is_some_and(|end| end <= now) {
            let cause = Cause::DataAccessEnded;
            return self.remember(cause, cause.message().to_owned(), None).await;
        }
        let policy = &self.keeper.policy;
        match self.record.expiry.instant() {
            None => self.verified().await,
            Some(end) if !policy.force && refresh_at(&self.record, end, policy) > now => self.verified().await,
            Some(_) => self.exchange(current, info.token_type).await,
        }
    }

    /// Meta did not let the app ask. Nothing has been said about the token.
    async fn app_refused(&mut self, failed_call: &FailedCall) -> Outcome {
        let error = &failed_call.error;
        // What it says of a token, it says of the pair with which the app asks.
        let is_of_token = |said: &Evidence| matches!(said.code, Some(102 | 190)) && !said.blames_app();
        let (class, message) = match error.class() {
            Class::Config if error.evidence().is_some_and(is_of_token) => (Class::Config, APP_REFUSED.to_owned()),
            class @ (Class::AppOwner | Class::Config) => (class, error.meaning()),
            _ => (Class::Config, APP_REFUSED.to_owned()),
        };
        self.remember(Cause::Meta(class), message, Some(failed_call)).await
    }

    /// `debug_token` says that the token is not valid. Its reason counts like that of any other call; without one, `/me` is
    /// asked, because one word does not end a token.
    async fn not_valid(&mut self, current: &Token, reason: Option<Evidence>) -> Outcome {
        if let Some(evidence) = reason {
            let failed_call = FailedCall { error: Error::Api(Box::new(evidence)), reply_lost: false };
            return self.failed(current, failed_call).await;
        }
        match self.identify(current).await {
            Ok(()) => {
                let message = "Meta says that the token is not valid, and accepts it all the same".to_owned();
                self.remember(Cause::Meta(Class::Unknown), message, None).await
            }
            Err(refused) => refused,
        }
    }

    /// Takes over what `debug_token` says: it is more reliable than any record.
    fn note_info(&mut self, info: &TokenInfo) {
        self.record.expiry = expiry(info.expires_at).unwrap_or(self.record.expiry);
        self.record.data_access_ends = info.data_access_expires_at;
        self.record.issued_at = info.issued_at.or(self.record.issued_at);
        self.record.last_verified_at = Some(self.now());
    }

    async fn exchange(&mut self, current: &Token, owner: InfoType) -> Outcome {
        // `debug_token` uses other ids than `/me`, against which a new token is checked.
        if self.record.account.is_none()
            && let Err(refused) = self.identify(current).await
        {
            return refused;
        }
        let system_user = owner == InfoType::SystemUser;
        let answer = if system_user {
            self.ask_for_successor(current, |client| client.refresh_system_user(current)).await
        } else {
            self.ask_for_successor(current, |client| client.fb_exchange(current)).await
        };
        match answer {
            Ok(reply) => self.accept(current, reply).await,
            Err(failed_call) => self.not_accepted(current, failed_call).await,
        }
    }

    /// Asks `debug_token` when a received token ends, where the reply did not say.
    pub(crate) async fn with_measured_life(&mut self, candidate: &Candidate) -> Candidate {
        let mut candidate = candidate.clone();
        if candidate.expiry == Expiry::Unknown
            && candidate.token.kind() == TokenKind::Facebook
            && let Ok(info) = self.ask(|client| client.debug_token(&candidate.token)).await
        {
            // Of a token that is not valid, `expires_at: 0` means revoked.
            let named = info.value.expires_at.filter(|_| info.value.is_valid);
            candidate.expiry = expiry(named).unwrap_or(Expiry::Unknown);
        }
        candidate
    }
}

/// The expiry that `debug_token` names, if it does.
fn expiry(named: Option<Expires>) -> Option<Expiry> {
    named.map(|named| match named {
        Expires::Never => Expiry::Never,
        Expires::At(end) => Expiry::At(end),
    })
}
