//! What tests and the management API can inspect and change: the clock, tokens, knobs, faults and the log.

use crate::{
    call_log::{LoggedCall, Violation},
    endpoint::{Endpoint, Product},
    fault::Injection,
    knobs::App,
    state::Meta,
    token::{Account, State, Token},
};

impl Meta {
    /// Moves the clock by this many seconds, forward or back.
    pub fn advance(&mut self, seconds: i64) {
        self.now = self.now.saturating_add(seconds);
    }

    /// The token with that text.
    pub fn token(&self, text: &str) -> Option<&Token> {
        self.registry.find(text)
    }

    /// All tokens, oldest first.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = &Token> {
        self.registry.tokens()
    }

    /// The newest token of an account, by username or user id.
    pub fn newest_token(&self, name_or_id: &str) -> Option<&Token> {
        self.tokens().rev().find(|token| self.account(token).is_named(name_or_id))
    }

    /// The account that a token belongs to.
    pub fn account(&self, token: &Token) -> &Account {
        self.registry.account(token.account)
    }

    /// All accounts.
    pub fn accounts(&self) -> &[Account] {
        self.registry.accounts()
    }

    /// Sets the state of one token, by its text or as `#7`, or of all tokens of an account, by username or user id.
    /// Returns how many tokens matched.
    pub fn set_state(&mut self, which: &str, state: State) -> usize {
        let set = |token: &mut Token| {
            token.state = state;
            token.rejections_received = 0;
        };
        let number = which.strip_prefix('#').and_then(|number| number.parse().ok());
        if let Some(token) = number.or_else(|| Some(self.token(which)?.id)).and_then(|id| self.registry.token_mut(id)) {
            set(token);
            return 1;
        }
        self.registry.tokens_of_mut(which).map(set).count()
    }

    /// The first app of a product.
    pub fn app(&self, product: Product) -> Option<&App> {
        self.apps.iter().find(|app| app.product == product)
    }

    /// Injects a fault. If several match a call, the one injected first strikes.
    pub fn inject(&mut self, injection: Injection) {
        self.injections.push(injection);
    }

    /// The injected faults that are still active.
    pub fn injections(&self) -> &[Injection] {
        &self.injections
    }

    /// Clears all injected faults and sends the responses they delay.
    pub fn clear_injections(&mut self) {
        self.injections.clear();
        self.injections_cleared.notify_waiters();
    }

    /// The latest calls, oldest first.
    pub fn log(&self) -> impl DoubleEndedIterator<Item = &LoggedCall> + ExactSizeIterator {
        self.call_log.entries.iter()
    }

    /// How many calls an endpoint has received.
    pub fn calls_to(&self, endpoint: Endpoint) -> u64 {
        self.call_log.by_endpoint.get(&endpoint).copied().unwrap_or_default()
    }

    /// How many calls had each outcome: `ok`, `190/463`, the name of a fault.
    pub fn outcomes(&self) -> impl Iterator<Item = (&str, u64)> {
        self.call_log.by_outcome.iter().map(|(outcome, count)| (outcome.as_str(), *count))
    }

    /// The latest rule violations, oldest first.
    pub fn violations(&self) -> impl DoubleEndedIterator<Item = &Violation> + ExactSizeIterator {
        self.call_log.violations.iter()
    }

    /// Clears the logged calls and their counts.
    pub fn clear_log(&mut self) {
        self.call_log.clear_entries();
    }

    /// Clears the violations.
    pub fn clear_violations(&mut self) {
        self.call_log.violations.clear();
    }
}
