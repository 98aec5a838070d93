//! Accounts by the minute in which they are due, and those that are overdue.

use std::collections::BTreeSet;

use everlit_keeper::policy::LONGEST_LIFE;
use everlit_meta_api::Timestamp;
use everlit_planner::{CRITICAL, Priority};

/// One turn of the worker in seconds.
pub(crate) const TURN: u32 = 60;

const NONE: u32 = u32::MAX;

/// Who is due when: a list for each minute of the next hundred days. Nobody is checked later than that.
#[derive(Debug)]
pub(crate) struct Calendar {
    first: Vec<u32>,
    next: Vec<u32>,
}

impl Calendar {
    pub(crate) fn new(accounts: usize) -> Self {
        let minutes = usize::try_from(LONGEST_LIFE.as_secs()).unwrap_or(usize::MAX) / TURN as usize + 2;
        Self { first: vec![NONE; minutes], next: vec![NONE; accounts] }
    }

    /// Puts an account that is in no list into that of the minute `turn`.
    pub(crate) fn put(&mut self, account: u32, turn: u32) {
        let slot = turn as usize % self.first.len();
        self.next[account as usize] = std::mem::replace(&mut self.first[slot], account);
    }

    /// Moves the accounts of a minute to `due`.
    pub(crate) fn take(&mut self, turn: u32, due: &mut Vec<u32>) {
        let slot = turn as usize % self.first.len();
        let mut account = std::mem::replace(&mut self.first[slot], NONE);
        while account != NONE {
            due.push(account);
            account = self.next[account as usize];
        }
    }
}

/// Overdue accounts in the planner's order, as two indexes of a database would hold them.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    by_run_at: BTreeSet<(Timestamp, u32)>,
    by_end: BTreeSet<(Timestamp, Timestamp, u32)>,
}

impl Backlog {
    pub(crate) fn add(&mut self, account: u32, run_at: Timestamp, end: Timestamp) {
        self.by_run_at.insert((run_at, account));
        self.by_end.insert((end, run_at, account));
    }

    pub(crate) fn len(&self) -> usize {
        self.by_run_at.len()
    }

    pub(crate) fn oldest(&self) -> Option<Timestamp> {
        self.by_run_at.first().map(|(run_at, _)| *run_at)
    }

    /// How many accounts are critical, counted up to `most`.
    pub(crate) fn critical(&self, now: Timestamp, most: usize) -> usize {
        self.living(now).take(most).take_while(|(end, ..)| *end <= now + CRITICAL).count()
    }

    /// Takes the account that is first by the planner's order.
    pub(crate) fn take_first(&mut self, now: Timestamp, end_of: impl Fn(u32) -> Timestamp) -> Option<u32> {
        let (run_at, oldest) = *self.by_run_at.first()?;
        let oldest = (Priority::of(run_at, Some(end_of(oldest)), now), run_at, oldest);
        let nearest =
            self.living(now).next().map(|(end, run_at, id)| (Priority::of(*run_at, Some(*end), now), *run_at, *id));
        let (_, run_at, account) = nearest.map_or(oldest, |nearest| nearest.min(oldest));
        self.by_run_at.remove(&(run_at, account));
        self.by_end.remove(&(end_of(account), run_at, account));
        Some(account)
    }

    /// Those that have not ended, the nearest end first.
    fn living(&self, now: Timestamp) -> impl Iterator<Item = &(Timestamp, Timestamp, u32)> {
        self.by_end.range((now + std::time::Duration::from_secs(1), Timestamp::from_unix(i64::MIN), 0)..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overdue_accounts_leave_in_the_planners_order() {
        let now = Timestamp::from_unix(1_000 * 86_400);
        let day = |days: i64| Timestamp::from_unix(now.as_unix() + days * 86_400);
        let mut rng = fastrand::Rng::with_seed(1);
        let accounts: Vec<(Timestamp, Timestamp)> =
            (0..500).map(|_| (day(rng.i64(-30..=0)), day(rng.i64(-5..50)))).collect();
        let mut backlog = Backlog::default();
        (0..500_u32).zip(&accounts).for_each(|(id, (run_at, end))| backlog.add(id, *run_at, *end));
        let rank = |id: &u32| {
            let (run_at, end) = accounts[*id as usize];
            (Priority::of(run_at, Some(end), now), run_at, *id)
        };
        let critical = (0..500).filter(|id| rank(id).0.is_critical()).count();
        assert_eq!(backlog.critical(now, 1_000), critical);
        let taken: Vec<u32> = std::iter::from_fn(|| backlog.take_first(now, |id| accounts[id as usize].1)).collect();
        assert_eq!(taken.len(), 500);
        assert!(taken.is_sorted_by_key(rank));
    }

    #[test]
    fn an_account_is_due_in_its_minute_only() {
        let mut calendar = Calendar::new(3);
        (0..3).for_each(|account| calendar.put(account, 7 + account / 2));
        let mut due = |turn| {
            let mut due = Vec::new();
            calendar.take(turn, &mut due);
            due
        };
        assert_eq!([due(6), due(7), due(7), due(8)], [vec![], vec![1, 0], vec![], vec![2]]);
    }
}
