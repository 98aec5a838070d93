//! Many accounts in one run: a bounded number at once, and none at the expense of another.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::{AccountName, Keeper, Outcome, Report};

/// Turns to load records, and turns to work on accounts. A turn that does not end costs the others one place.
#[derive(Debug)]
struct Turns {
    load: Semaphore,
    work: Semaphore,
}

impl Keeper {
    /// Refreshes all accounts, at most [`Keeper::with_concurrency`] at once. A slow or panicking account occupies one
    /// place and does nothing else to the others. Accounts with the same token get the same new one. Sends no alerts: afterwards,
    /// [`Dispatcher::notify`](crate::Dispatcher::notify) does.
    pub async fn refresh_all(&self, accounts: &[AccountName]) -> Vec<Report> {
        let keeper = Arc::new(Self { handed_out: Some(Arc::default()), ..self.clone() });
        let turns = || Semaphore::new(self.concurrency);
        let turns = Arc::new(Turns { load: turns(), work: turns() });
        let tasks: Vec<_> = accounts
            .iter()
            .map(|account| {
                let (keeper, account, turns) = (Arc::clone(&keeper), account.clone(), Arc::clone(&turns));
                tokio::spawn(async move { keeper.refresh_in_turn(&account, &turns).await })
            })
            .collect();
        let mut reports = Vec::with_capacity(tasks.len());
        for (account, task) in accounts.iter().zip(tasks) {
            reports.push(task.await.unwrap_or_else(|_| {
                let message = "everlit failed while it worked on this account; the others are not affected".to_owned();
                Report::new(account, Outcome::Internal { message }, None, self.clock.now())
            }));
        }
        self.recognize_incident(&mut reports).await;
        reports
    }

    async fn refresh_in_turn(&self, account: &AccountName, turns: &Turns) -> Report {
        let loaded = {
            let _turn = turns.load.acquire().await;
            self.store.load(account, self.clock.now()).await
        };
        if let Some(report) = self.idle(account, loaded) {
            return report;
        }
        let _turn = turns.work.acquire().await;
        // On the heap: most of a thousand accounts wait for their turn, or have no work.
        Box::pin(self.work(account)).await
    }
}
