//! After the token is safe: put it where it is used.

use everlit_meta_api::Timestamp;

use crate::cycle::Keeper;
use crate::record::{AccountName, Delivery, EventKind, Health, Record};
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
                failed.push((target.name().to_owned(), error.message.clone()));
            }
            record.note_delivery(target.name(), outcome.map_err(|error| error.message), self.clock.now());
        }
        if let Err(error) = lease.save_record(record).await {
            failed.push(("the record of deliveries".to_owned(), error.to_string()));
        }
        failed
    }
}

impl Record {
    fn holds_current(&self, target: &str) -> bool {
        self.deliveries.iter().any(|d| d.target == target && d.delivered.as_ref() == Some(&self.fingerprint))
    }

    fn note_delivery(&mut self, target: &str, outcome: Result<(), String>, now: Timestamp) {
        let what = if outcome.is_ok() { EventKind::Delivered } else { EventKind::NotDelivered };
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
            Err(message) => {
                delivery.failure = Some(message);
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

impl Health {
    /// Whether somebody should look at it now.
    pub fn is_alarming(self) -> bool {
        matches!(self, Self::NotSaved | Self::NeedsPerson)
    }
}
