//! Many accounts in one run: a bounded number at once, and none at the expense of another.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::threads::NoResult;
use crate::{AccountName, Keeper, Lease, Outcome, Report, Safety, StoreError, StoreErrorClass};

/// Turns to load records, and turns to work on accounts. One that does not end costs the others one place until the
/// account's deadline.
#[derive(Debug)]
struct Turns {
    load: Semaphore,
    work: Semaphore,
    /// Accounts that still wait for their turn to be worked on.
    waiting: AtomicUsize,
}

/// Notes that an account waits no more, when dropped.
#[derive(Debug)]
struct Waits(Arc<Turns>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Keeper {
    /// Refreshes all accounts, at most [`Keeper::with_concurrency`] at once, each on a thread of its own. A slow, hanging or
    /// panicking account occupies one place, at most until its deadline, and does nothing else to the others. Accounts with the
    /// same token get the same new one. Where Meta answers nobody, it is not asked about all. Sends no alerts: afterwards, [`Dispatcher::notify`](crate::Dispatcher::notify) does.
    pub async fn refresh_all(&self, accounts: &[AccountName]) -> Vec<Report> {
        let keeper = Arc::new(self.clone().with_fresh_memory());
        let turns = || Semaphore::new(self.concurrency);
        let waiting = AtomicUsize::new(accounts.len());
        let turns = Arc::new(Turns { load: turns(), work: turns(), waiting });
        let tasks: Vec<_> = accounts
            .iter()
            .map(|account| {
                let (keeper, account, turns) = (Arc::clone(&keeper), account.clone(), Arc::clone(&turns));
                let waits = Waits(Arc::clone(&turns));
                tokio::spawn(async move { keeper.refresh_in_turn(&account, &turns, waits).await })
            })
            .collect();
        let mut reports = Vec::with_capacity(tasks.len());
        for (account, task) in accounts.iter().zip(tasks) {
            reports.push(task.await.unwrap_or_else(|_| self.panicked(account)));
        }
        keeper.recognize_incidents(&mut reports).await;
        keeper.deliver_all(&mut reports).await;
        reports
    }

    /// Works on an account under a lease that the caller has taken. Ends at the deadline; work that has not ended by then
    /// goes on, and nothing of it is dropped. Neither delivers to targets nor sends alerts.
    pub async fn refresh_claimed(&self, account: &AccountName, lease: Box<dyn Lease>) -> Report {
        let calls_end_at = Some(Instant::now() + self.deadlines.calls);
        let (keeper, name) = (Self { calls_end_at, ..self.clone() }, account.clone());
        let work = tokio::spawn(async move {
            let began = keeper.clock.now();
            let report = keeper.work_under(lease, &name).await;
            keeper.note_refusals(&report, began);
            report
        });
        match tokio::time::timeout(self.deadlines.whole, work).await {
            Ok(Ok(report)) => report,
            Ok(Err(_)) => self.panicked(account),
            Err(_) => self.unfinished(account),
        }
    }

    async fn refresh_in_turn(self: &Arc<Self>, account: &AccountName, turns: &Turns, waits: Waits) -> Report {
        let idle = {
            let _turn = turns.load.acquire().await;
            let (keeper, name) = (Arc::clone(self), account.clone());
            let load = async move || keeper.idle(&name, keeper.store.load(&name, keeper.clock.now()).await);
            self.threads.run(account, self.deadlines.load, load).await
        };
        match idle {
            Ok(None) => {}
            Ok(Some(report)) => return report,
            Err(NoResult::Panicked) => return self.panicked(account),
            Err(NoResult::Hangs) => return self.unanswered(account),
        }
        let _turn = turns.work.acquire().await;
        drop(waits);
        let began = Instant::now();
        let calls_end_at = Some(began + self.deadlines.calls);
        let (keeper, name) = (Self { calls_end_at, ..(**self).clone() }, account.clone());
        let report = match self.threads.run(account, self.deadlines.whole, async move || keeper.work(&name).await).await
        {
            Ok(report) => report,
            Err(NoResult::Panicked) => return self.panicked(account),
            Err(NoResult::Hangs) => return self.unfinished(account),
        };
        if turns.waiting.load(Ordering::Relaxed) > 0 {
            self.rest_if_near_limit(&report, began.elapsed()).await;
        }
        report
    }

    fn panicked(&self, account: &AccountName) -> Report {
        let message = "everlit failed while it worked on this account; the others are not affected".to_owned();
        Report::new(account, Outcome::Internal { message }, None, self.clock.now())
    }

    /// The files of the account could not even be read in time.
    fn unanswered(&self, account: &AccountName) -> Report {
        let message = hangs("read", self.deadlines.load);
        Report::new(account, Outcome::Refused(timed_out(StoreErrorClass::Unusable, message)), None, self.clock.now())
    }

    /// The work on the account has begun and not ended in time. It goes on while the process lives.
    fn unfinished(&self, account: &AccountName) -> Report {
        let error = timed_out(StoreErrorClass::NotSaved, hangs("written", self.deadlines.whole));
        Report::new(account, Outcome::NotSaved { error, token: Safety::Pending }, None, self.clock.now())
    }
}

fn hangs(action: &str, deadline: Duration) -> String {
    let seconds = deadline.as_secs_f32();
    format!(
        "the files of this account could not be {action} within {seconds} s: the disk or its server does not answer"
    )
}

fn timed_out(class: StoreErrorClass, message: String) -> StoreError {
    StoreError { io: Some(std::io::ErrorKind::TimedOut), ..StoreError::new(class, message) }
}
