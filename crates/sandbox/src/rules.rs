//! Checks whether a client follows the [`Rule`]s.

use crate::{
    call::Call,
    call_log::{Rule, Violation},
    endpoint::{Endpoint, Product},
    knobs::App,
    state::Meta,
    token::{Token, TokenId},
};

impl Meta {
    /// Records what the client now knows about its token: that it is dead, or when it was issued.
    pub(crate) fn note_response(&mut self, endpoint: Endpoint, bearer: Option<TokenId>, succeeded: bool) {
        let now = self.now;
        if let Some(token) = bearer.and_then(|id| self.registry.token_mut(id)) {
            if !succeeded && token.state_at(now).is_terminal() {
                token.rejections_received += 1;
            } else if succeeded && endpoint == Endpoint::Refresh {
                token.known_issued_at = token.issued_at;
            }
        }
    }

    /// Records a violation for each rule that this call breaks.
    pub(crate) fn check_rules(&mut self, call: &Call, endpoint: Endpoint, bearer: Option<TokenId>, number: u64) {
        if matches!(endpoint, Endpoint::Authorize | Endpoint::Unknown) {
            return;
        }
        let header = |name| call.header_value(name).unwrap_or_default();
        let token = bearer.and_then(|id| self.registry.token(id));
        let is_refresh = endpoint == Endpoint::Refresh;
        let is_exchange = is_refresh || endpoint == Endpoint::LongLivedExchange;
        let may_use_this_form = endpoint != Endpoint::CodeExchange
            || Product::of_host(&call.host) == Product::Facebook
            || (call.method == "POST" && !call.form.is_empty());
        let is_young =
            |token: &Token| is_refresh && !token.short && self.now - token.known_issued_at < self.knobs.refresh_min_age;
        let is_known_dead = |token: &Token| {
            token.rejections_received > self.knobs.allowed_dead_token_calls && token.state_at(self.now).is_terminal()
        };
        let checks = [
            (is_exchange && call.method != "GET", Rule::RefreshUsesGet),
            (!may_use_this_form, Rule::CodeExchangeUsesForm),
            (is_refresh && call.param("client_secret").is_some(), Rule::NoSecretInRefresh),
            (!header("accept").contains("application/json"), Rule::AcceptJson),
            (header("user-agent").is_empty(), Rule::UserAgent),
            (!header("referer").is_empty(), Rule::NoReferer),
            (token.is_some_and(is_young), Rule::NoRefreshUnder24h),
            (token.is_some_and(is_known_dead), Rule::NoCallsWithDeadToken),
        ];
        let label = self.label_of(call, endpoint, bearer);
        for (_, rule) in checks.into_iter().filter(|(is_broken, _)| *is_broken) {
            self.call_log.record_violation(Violation { number, at: self.now, endpoint, token: label.clone(), rule });
        }
    }

    /// The app that makes the call: the one it names, else the one of its secret or token; without any, the product.
    pub(crate) fn app_of(&self, call: &Call) -> String {
        let named =
            |app: &App| call.param("client_id") == Some(&app.id) || call.param("client_secret") == Some(&app.secret);
        let token = self.bearer_of(call, Endpoint::of(call)).and_then(|id| self.registry.token(id));
        let named = self.apps.iter().find(|app| named(app)).map(|app| app.id.clone());
        named
            .or_else(|| token.map(|token| token.app_id.to_string()))
            .unwrap_or_else(|| Product::of_host(&call.host).name().to_owned())
    }

    /// The account whose token the call refreshes; `None` for any other call.
    pub(crate) fn refreshed_account(&self, call: &Call) -> Option<String> {
        let endpoint = Endpoint::of(call);
        let bearer = self.bearer_of(call, endpoint).filter(|_| endpoint == Endpoint::Refresh)?;
        self.registry.token(bearer).map(|token| format!("{:?}", token.account))
    }

    /// Records a violation if the account has more than one refresh open.
    pub(crate) fn check_refreshes(&mut self, call: &Call, open: u32) {
        if open > 1 {
            let (number, at, endpoint) = (self.call_log.calls + 1, self.now, Endpoint::Refresh);
            let token = self.label_of(call, endpoint, self.bearer_of(call, endpoint));
            self.call_log.record_violation(Violation { number, at, endpoint, token, rule: Rule::OneRefreshAtATime });
        }
    }

    /// Records a violation if an app has more calls open than the knob allows.
    pub(crate) fn check_concurrency(&mut self, open: u32) {
        if self.knobs.max_concurrent_calls.is_some_and(|limit| open > limit) {
            let (number, at) = (self.call_log.calls + 1, self.now);
            let (endpoint, token) = (Endpoint::Unknown, "none".into());
            self.call_log.record_violation(Violation { number, at, endpoint, token, rule: Rule::ConcurrencyLimit });
        }
    }
}
