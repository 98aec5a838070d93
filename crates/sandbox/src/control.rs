//! What people and tests do with a Meta: the clock, tokens, knobs, faults, the log.

use crate::{
    call_log::LoggedCall,
    endpoint::{Endpoint, Product},
    fault::Injection,
    knobs::{App, Knobs},
    meta::Meta,
    rules::Violation,
    token::{Account, State, Token},
};

impl Meta {
    /// Unix seconds by the sandbox's clock.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Sets the clock, ahead or back.
    pub fn set_now(&mut self, unix_seconds: i64) {
        self.now = unix_seconds;
    }

    /// Moves the clock.
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

    /// The token issued last to an account, by username or user id.
    pub fn newest_token(&self, name_or_id: &str) -> Option<&Token> {
        self.tokens().rev().find(|token| {
            let account = self.account(token);
            account.username == name_or_id || account.user_id == name_or_id
        })
    }

    /// Whom a token speaks for.
    pub fn account(&self, token: &Token) -> &Account {
        self.registry.account(token.account)
    }

    /// All accounts.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.registry.accounts().map(|(_, account)| account)
    }

    /// Changes the state of tokens: of one by its text or as `#7`, or of all that an account has, by username or user id.
    /// Returns how many there were.
    pub fn set_state(&mut self, which: &str, state: State) -> usize {
        let put = |token: &mut Token| {
            token.state = state;
            token.rejections_received = 0;
        };
        let number = which.strip_prefix('#').and_then(|number| number.parse().ok());
        if let Some(token) = number.or_else(|| Some(self.token(which)?.id)).and_then(|id| self.registry.token_mut(id)) {
            put(token);
            return 1;
        }
        let is_meant = |account: &Account| account.username == which || account.user_id == which;
        let accounts: Vec<_> = self.registry.accounts().filter(|(_, a)| is_meant(a)).map(|(id, _)| id).collect();
        self.registry.tokens_mut().filter(|token| accounts.contains(&token.account)).map(put).count()
    }

    /// The knobs as they stand.
    pub fn knobs(&self) -> &Knobs {
        &self.knobs
    }

    /// The knobs, to be turned.
    pub fn knobs_mut(&mut self) -> &mut Knobs {
        &mut self.knobs
    }

    /// The first app of a product.
    pub fn app(&self, product: Product) -> Option<&App> {
        self.apps.iter().find(|app| app.product == product)
    }

    /// All apps.
    pub fn apps(&self) -> &[App] {
        &self.apps
    }

    /// Orders a fault; orders are tried in the order in which they came.
    pub fn inject(&mut self, injection: Injection) {
        self.injections.push(injection);
    }

    /// The faults that are still to come.
    pub fn injections(&self) -> &[Injection] {
        &self.injections
    }

    /// Takes all orders back. Replies that are late go out now: Meta is well again.
    pub fn clear_injections(&mut self) {
        self.injections.clear();
        self.injections_cleared.notify_waiters();
    }

    /// The last calls, oldest first.
    pub fn log(&self) -> impl DoubleEndedIterator<Item = &LoggedCall> + ExactSizeIterator {
        self.call_log.entries()
    }

    /// How many calls there were to an endpoint.
    pub fn calls_to(&self, endpoint: Endpoint) -> u64 {
        self.call_log.count(endpoint)
    }

    /// How many calls had each outcome: `ok`, `190/463`, the name of a fault.
    pub fn outcomes(&self) -> impl Iterator<Item = (&str, u64)> {
        self.call_log.outcomes().iter().map(|(outcome, count)| (outcome.as_str(), *count))
    }

    /// What a careful client would not have done, oldest first.
    pub fn violations(&self) -> impl DoubleEndedIterator<Item = &Violation> + ExactSizeIterator {
        self.call_log.violations()
    }

    /// Forgets the calls and their counts.
    pub fn clear_log(&mut self) {
        self.call_log.clear_entries();
    }

    /// Forgets the violations.
    pub fn clear_violations(&mut self) {
        self.call_log.clear_violations();
    }
}
