//! What a careful client does not do.

use serde::Serialize;

use crate::{
    call::Call,
    endpoint::{Endpoint, Product, product_of},
    meta::Meta,
    token::{State, Token, TokenId},
};

/// Something that a careful client does not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Number of the call.
    pub number: u64,
    /// Unix seconds, by the sandbox's clock.
    pub at: i64,
    /// The endpoint.
    pub endpoint: Endpoint,
    /// As in [`LoggedCall::token`](crate::Entry::token).
    pub token: String,
    /// What is wrong.
    pub rule: Rule,
}

/// What a careful client does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Refreshes and exchanges by GET.
    RefreshUsesGet,
    /// Exchanges a code by POST of a form.
    CodeExchangeUsesForm,
    /// Sends no app secret to a refresh of an Instagram or Threads token.
    NoSecretInRefresh,
    /// Sends `Accept: application/json`.
    AcceptJson,
    /// Sends a `User-Agent`.
    UserAgent,
    /// Sends no `Referer`.
    NoReferer,
    /// Lets a token grow 24 hours old before it refreshes it.
    NoRefreshUnder24h,
    /// Leaves a token alone once it was told that the token is dead.
    NoCallsWithDeadToken,
    /// Keeps to a number of calls at once.
    ConcurrencyLimit,
}

impl Rule {
    /// The rule in words.
    pub fn message(self) -> &'static str {
        match self {
            Self::RefreshUsesGet => "a refresh or an exchange is a GET",
            Self::CodeExchangeUsesForm => "a code is exchanged by POST of a form",
            Self::NoSecretInRefresh => "no app secret goes to a refresh",
            Self::AcceptJson => "the client accepts application/json",
            Self::UserAgent => "the client names itself (User-Agent)",
            Self::NoReferer => "no Referer is sent",
            Self::NoRefreshUnder24h => "a token under 24 hours old is not refreshed",
            Self::NoCallsWithDeadToken => "a token known to be dead is left alone",
            Self::ConcurrencyLimit => "not too many calls at once",
        }
    }
}

impl Meta {
    /// Notes what the bearer of a token knows now that the reply has reached it: that the token is dead, or how old it is.
    pub(crate) fn note_response(&mut self, endpoint: Endpoint, bearer: Option<TokenId>, succeeded: bool) {
        let now = self.now;
        if let Some(token) = bearer.and_then(|id| self.registry.token_mut(id)) {
            if !succeeded && is_terminal(token.state_at(now)) {
                token.rejections_received += 1;
            } else if succeeded && endpoint == Endpoint::Refresh {
                token.known_issued_at = token.issued_at;
            }
        }
    }

    /// Holds the call against what a careful client does.
    pub(crate) fn check_rules(&mut self, call: &Call, endpoint: Endpoint, bearer: Option<TokenId>, number: u64) {
        if matches!(endpoint, Endpoint::Authorize | Endpoint::Unknown) {
            return;
        }
        let header = |name| call.header_value(name).unwrap_or_default();
        let token = bearer.and_then(|id| self.registry.token(id));
        let is_refresh = endpoint == Endpoint::Refresh;
        let is_exchange = is_refresh || endpoint == Endpoint::LongLivedExchange;
        let is_meta_form = endpoint != Endpoint::CodeExchange
            || product_of(&call.host) == Product::Facebook
            || (call.method == "POST" && !call.form.is_empty());
        let is_young =
            |token: &Token| is_refresh && !token.short && self.now - token.known_issued_at < self.knobs.refresh_min_age;
        let forgiven = self.knobs.allowed_dead_token_calls;
        let broken = [
            (is_exchange && call.method != "GET", Rule::RefreshUsesGet),
            (!is_meta_form, Rule::CodeExchangeUsesForm),
            (is_refresh && call.param("client_secret").is_some(), Rule::NoSecretInRefresh),
            (!header("accept").contains("application/json"), Rule::AcceptJson),
            (header("user-agent").is_empty(), Rule::UserAgent),
            (!header("referer").is_empty(), Rule::NoReferer),
            (token.is_some_and(is_young), Rule::NoRefreshUnder24h),
            (
                token.is_some_and(|t| t.rejections_received > forgiven && is_terminal(t.state_at(self.now))),
                Rule::NoCallsWithDeadToken,
            ),
        ];
        let label = self.label_of(call, endpoint, bearer);
        for (_, rule) in broken.into_iter().filter(|(is_broken, _)| *is_broken) {
            self.call_log.record_violation(Violation { number, at: self.now, endpoint, token: label.clone(), rule });
        }
    }

    /// Notes how many calls are open at once; more than the knob allows is a violation.
    pub(crate) fn check_concurrency(&mut self, open: u32) {
        if self.knobs.max_concurrent_calls.is_some_and(|limit| open > limit) {
            let (number, at) = (self.call_log.calls() + 1, self.now);
            let (endpoint, token) = (Endpoint::Unknown, "none".into());
            self.call_log.record_violation(Violation { number, at, endpoint, token, rule: Rule::ConcurrencyLimit });
        }
    }
}

/// Only a new login helps.
fn is_terminal(state: State) -> bool {
    matches!(
        state,
        State::Expired | State::Revoked | State::PasswordChanged | State::Deauthorized | State::BasicDisplay
    )
}
