//! Facebook tokens: one prefix, three kinds with their own rules, told apart by `debug_token`.

use std::time::Duration;

use everlit_meta_api::{
    Class, Error, Evidence, Expiry as Expires, InfoType, Lifetime, Reply, Timestamp, Token, TokenInfo, TokenReply,
};

use crate::ask::FailedCall;
use crate::run::Run;
use crate::{Cause, Expiry, Outcome};

/// An exchange that moves the expiry by less than this has not extended the token.
const EXTENDED_BY: Duration = Duration::from_secs(24 * 60 * 60);

impl Run<'_> {
    pub(crate) async fn renew_facebook(&mut self, current: &Token) -> Outcome {
        let info = match self.ask(|client| client.debug_token(current)).await {
            Ok(reply) => reply.value,
            // This refusal concerns the caller, which is the app, not the token that is asked about.
            Err(failed_call)
                if failed_call.error.evidence().is_some()
                    && !matches!(failed_call.error.class(), Class::Retry | Class::BackOff) =>
            {
                let message = format!("Meta does not accept the app's id and secret: {}", failed_call.error);
                return self.remember(Cause::Meta(Class::Config), message, Some(&failed_call)).await;
            }
            Err(failed_call) => return self.failed(current, failed_call).await,
        };
        if !info.is_valid {
            return self.not_valid(current, info.error).await;
        }
        let now = self.now();
        self.note_info(&info);
        if self.record.data_access_ends.is_some_and(|end| end <= now) {
            let cause = Cause::DataAccessEnded;
            return self.remember(cause, cause.message().to_owned(), None).await;
        }
        match self.record.expiry.instant() {
            None => self.verified().await,
            Some(end) if !self.keeper.policy.force && end - self.keeper.policy.threshold > now => self.verified().await,
            Some(end) => self.exchange(current, info.token_type, end).await,
        }
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
        self.record.expiry = match info.expires_at {
            Some(Expires::Never) => Expiry::Never,
            Some(Expires::At(end)) => Expiry::At(end),
            None => self.record.expiry,
        };
        self.record.data_access_ends = info.data_access_expires_at;
        self.record.issued_at = info.issued_at.or(self.record.issued_at);
        self.record.last_verified_at = Some(self.now());
    }

    async fn exchange(&mut self, current: &Token, owner: InfoType, end: Timestamp) -> Outcome {
        // `debug_token` uses other ids than `/me`, against which a new token is checked.
        if self.record.account.is_none()
            && let Err(refused) = self.identify(current).await
        {
            return refused;
        }
        let system_user = owner == InfoType::SystemUser;
        let answer = if system_user {
            self.ask(|client| client.refresh_system_user(current)).await
        } else {
            self.ask(|client| client.fb_exchange(current)).await
        };
        let reply = match answer {
            Ok(reply) => self.with_measured_life(reply).await,
            Err(failed_call) => return self.failed(current, failed_call).await,
        };
        let moved = match reply.value.lifetime {
            Lifetime::Seconds(life) => self.now() + Duration::from_secs(life) > end + EXTENDED_BY,
            Lifetime::Never => true,
            Lifetime::Unknown => false,
        };
        if moved {
            return self.accept(current, reply).await;
        }
        let cause = Cause::CannotExtend;
        self.remember(cause, cause.message().to_owned(), None).await
    }

    /// Asks `debug_token` for the new expiry where the exchange reply does not name it.
    async fn with_measured_life(&mut self, mut reply: Reply<TokenReply>) -> Reply<TokenReply> {
        if reply.value.lifetime != Lifetime::Unknown {
            return reply;
        }
        let token = reply.value.token.clone();
        if let Ok(info) = self.ask(|client| client.debug_token(&token)).await {
            reply.value.lifetime = match info.value.expires_at {
                Some(Expires::Never) => Lifetime::Never,
                Some(Expires::At(end)) => {
                    u64::try_from(end.since(self.now())).map_or(Lifetime::Unknown, Lifetime::Seconds)
                }
                None => Lifetime::Unknown,
            };
        }
        reply
    }
}
