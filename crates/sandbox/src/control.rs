//! What people and tests do with a Meta: the clock, tokens, knobs, faults, the log.

use crate::{
    endpoint::{Endpoint, Product},
    fault::Order,
    journal::Entry,
    knobs::{App, Knobs},
    manners::Violation,
    meta::Meta,
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
        self.book.find(text)
    }

    /// All tokens, oldest first.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = &Token> {
        self.book.tokens()
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
        self.book.account(token.account)
    }

    /// All accounts.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.book.accounts().map(|(_, account)| account)
    }

    /// Changes the state of tokens: of one by its text or as `#7`, or of all that an account has, by username or user id.
    /// Returns how many there were.
    pub fn set_state(&mut self, which: &str, state: State) -> usize {
        let put = |token: &mut Token| {
            token.state = state;
            token.told_dead = 0;
        };
        let number = which.strip_prefix('#').and_then(|number| number.parse().ok());
        if let Some(token) = number.or_else(|| Some(self.token(which)?.id)).and_then(|id| self.book.token_mut(id)) {
            put(token);
            return 1;
        }
        let is_meant = |account: &Account| account.username == which || account.user_id == which;
        let accounts: Vec<_> = self.book.accounts().filter(|(_, a)| is_meant(a)).map(|(id, _)| id).collect();
        self.book.tokens_mut().filter(|token| accounts.contains(&token.account)).map(put).count()
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
    pub fn order(&mut self, order: Order) {
        self.orders.push(order);
    }

    /// The faults that are still to come.
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Takes all orders back. Replies that are late go out now: Meta is well again.
    pub fn clear_orders(&mut self) {
        self.orders.clear();
        self.well_again.notify_waiters();
    }

    /// The last calls, oldest first.
    pub fn log(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.journal.entries()
    }

    /// How many calls there were to an endpoint.
    pub fn calls_to(&self, endpoint: Endpoint) -> u64 {
        self.journal.count(endpoint)
    }

    /// How many calls had each outcome: `ok`, `190/463`, the name of a fault.
    pub fn outcomes(&self) -> impl Iterator<Item = (&str, u64)> {
        self.journal.outcomes().iter().map(|(outcome, count)| (outcome.as_str(), *count))
    }

    /// What a careful client would not have done, oldest first.
    pub fn violations(&self) -> impl DoubleEndedIterator<Item = &Violation> + ExactSizeIterator {
        self.journal.violations()
    }

    /// Forgets the calls and their counts.
    pub fn clear_log(&mut self) {
        self.journal.clear_entries();
    }

    /// Forgets the violations.
    pub fn clear_violations(&mut self) {
        self.journal.clear_violations();
    }
}
