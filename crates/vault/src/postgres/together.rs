//! Calls about many accounts that share a statement, and with it a round trip, a plan, and a sync of the server's disk.
//!
//! Calls that arrive while a statement is on its way go out together with the next one; nothing waits for more of them. No
//! account is held up by another: a statement leaves out those that somebody has locked, and those whose turn is over, and each
//! of these is then asked about alone, as are all of a statement that the server refuses.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, oneshot};

use super::statement::Statement;
use crate::VaultError;

/// Statements of one kind that are on their way at once: should one hang, others go on.
const TURNS: usize = 2;

/// Accounts in one statement, at most.
const MOST: usize = 128;

/// A call that can be made for many accounts at once.
pub(super) trait Shared: Send + Sized {
    /// The account it is about.
    fn account(&self) -> i64;

    /// One statement for all of these, each about another account. It has a row `account, answer` for each that it has done,
    /// and waits for no lock that others have on a row.
    fn statement(calls: &[Self]) -> Statement;
}

/// What became of a call.
#[derive(Debug)]
pub(super) enum Settled<C> {
    /// It is done, with this answer.
    Done(i64),
    /// It is to be made alone, which says why it could not be done.
    Alone(C),
}

/// The same, or why nobody knows.
pub(super) type Outcome<C> = Result<Settled<C>, VaultError>;

/// Calls that wait for the next statement.
#[derive(Debug)]
pub(super) struct Together<C> {
    waiting: Mutex<Vec<Waiting<C>>>,
    pub(super) turns: Semaphore,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Waiting<C> {
    pub(super) call: C,
    pub(super) outcome: oneshot::Sender<Outcome<C>>,
}

impl<C> Default for Together<C> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turns: Semaphore::new(TURNS) }
    }
}

impl<C: Shared> Together<C> {
    /// Adds a call to those that wait.
    pub(super) fn add(&self, call: C) -> oneshot::Receiver<Outcome<C>> {
        let (outcome, receiver) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { call, outcome });
        receiver
    }

    /// The next ones, of different accounts.
    pub(super) fn take(&self) -> Vec<Waiting<C>> {
        let mut accounts = HashSet::new();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let goes = |waiting: &Waiting<C>| accounts.len() < MOST && accounts.insert(waiting.call.account());
        let (taken, left) = std::mem::take(&mut *waiting).into_iter().partition(goes);
        *waiting = left;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Call(i64);

    impl Shared for Call {
        fn account(&self) -> i64 {
            self.0
        }

        fn statement(_: &[Self]) -> Statement {
            Statement::new("")
        }
    }

    #[test]
    fn no_statement_has_an_account_twice() {
        let queue = Together::default();
        let _outcomes = [7, 8, 7, 9, 7].map(|account| queue.add(Call(account)));
        let taken = || queue.take().iter().map(|waiting| waiting.call.0).collect::<Vec<_>>();
        assert_eq!([taken(), taken(), taken(), taken()], [vec![7, 8, 9], vec![7], vec![7], vec![]]);
    }

    #[test]
    fn a_statement_has_a_bounded_number_of_accounts() {
        let queue = Together::default();
        let _outcomes: Vec<_> = (0..=MOST).map(|account| queue.add(Call(account.try_into().unwrap()))).collect();
        assert_eq!([queue.take().len(), queue.take().len()], [MOST, 1]);
    }
}
