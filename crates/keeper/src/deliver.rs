//! After the token is safe: put it where it is used, and tell whoever must know.

use everlit_meta_api::Timestamp;

use crate::cycle::Keeper;
use crate::notify::{Affected, News, Notice};
use crate::record::{AccountName, Delivery, Happening, Record, Standing};
use crate::report::Report;
use crate::store::Lease;
use crate::target::Target;

impl Keeper {
    /// The targets of an account that do not hold its current token.
    pub(crate) fn undelivered(&self, account: &AccountName, record: &Record) -> Vec<&dyn Target> {
        let owned = self.targets.iter().filter(|(owner, _)| owner == account).map(|(_, target)| &**target);
        owned.filter(|target| !record.holds_current(target.name())).collect()
    }

    /// Delivers to each target that lacks the current token and records each outcome; asks Meta for nothing.
    /// Returns the targets that still lack it, with the reason.
    pub(crate) async fn deliver(
        &self,
        lease: &mut dyn Lease,
        account: &AccountName,
        record: &mut Record,
    ) -> Vec<(String, String)> {
        let pending = self.undelivered(account, record);
        if pending.is_empty() {
            return Vec::new();
        }
        let Ok(stored) = lease.load(self.clock.now()).await else {
            return pending
                .iter()
                .map(|target| (target.name().to_owned(), "the token could not be read".to_owned()))
                .collect();
        };
        let mut failed = Vec::new();
        for target in pending {
            let outcome = target.deliver(&stored.current, record.expiry.instant()).await;
            if let Err(error) = &outcome {
                failed.push((target.name().to_owned(), error.words.clone()));
            }
            record.note_delivery(target.name(), outcome.map_err(|error| error.words), self.clock.now());
        }
        if let Err(error) = lease.save_record(record).await {
            failed.push(("the record of deliveries".to_owned(), error.to_string()));
        }
        failed
    }

    /// Tells every notifier of a change of standing; remembers it once one of them has taken it.
    pub(crate) async fn tell(&self, mut report: Report) -> Report {
        let now = report.standing();
        let Some(record) = &mut report.record else { return report };
        if record.told == now || self.notifiers.is_empty() {
            return report;
        }
        let words = record.trouble.as_ref().map_or_else(|| "all is well again".to_owned(), |t| t.words.clone());
        let news = match now {
            Standing::NotSaved => News::NotSaved,
            Standing::Well => News::WellAgain,
            Standing::Struggling | Standing::NeedsPerson => News::NeedsPerson,
        };
        let at = self.clock.now();
        let affected = Affected {
            name: report.account.clone(),
            username: record.username.clone(),
            since: record.trouble.as_ref().map(|t| t.first_at),
            expiry: record.expiry,
        };
        let id = format!("{}-{}", report.account, at.as_unix());
        let notice = Notice { id, at, news, words, accounts: vec![affected], next: None, unreached: Vec::new() };
        let mut told = false;
        for notifier in &self.notifiers {
            match notifier.tell(&notice).await {
                Ok(()) => told = true,
                Err(error) => report.notes.push(format!("nobody was told: {error}")),
            }
        }
        if told {
            record.told = now;
            if let Ok(mut lease) = self.store.lease(&report.account, self.clock.now()).await
                && let Err(error) = lease.save_record(record).await
            {
                report.notes.push(format!("could not note that somebody was told: {error}"));
            }
        }
        report
    }
}

impl Record {
    fn holds_current(&self, target: &str) -> bool {
        self.deliveries.iter().any(|d| d.target == target && d.delivered.as_ref() == Some(&self.fingerprint))
    }

    fn note_delivery(&mut self, target: &str, outcome: Result<(), String>, now: Timestamp) {
        let what = if outcome.is_ok() { Happening::Delivered } else { Happening::NotDelivered };
        self.log(now, what, target);
        let index = self.deliveries.iter().position(|d| d.target == target).unwrap_or_else(|| {
            self.deliveries.push(Delivery::never(target));
            self.deliveries.len() - 1
        });
        let current = self.fingerprint;
        let delivery = &mut self.deliveries[index];
        match outcome {
            Ok(()) => {
                *delivery = Delivery { delivered: Some(current), delivered_at: Some(now), ..Delivery::never(target) };
            }
            Err(words) => {
                delivery.failure = Some(words);
                delivery.attempts = delivery.attempts.saturating_add(1);
            }
        }
    }
}

impl Delivery {
    fn never(target: &str) -> Self {
        Self { target: target.to_owned(), delivered: None, delivered_at: None, failure: None, attempts: 0 }
    }
}

impl Standing {
    /// Whether somebody should look at it now.
    pub fn is_alarming(self) -> bool {
        matches!(self, Self::NotSaved | Self::NeedsPerson)
    }
}
