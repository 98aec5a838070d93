//! After the token is saved: delivery to the targets that lack it.

use std::sync::Arc;

use everlit_meta_api::{Fingerprint, Timestamp};

use crate::run::Run;
use crate::{
    AccountName, Delivery, DeliveryError, DeliveryErrorClass, EventKind, Expiry, Keeper, Record, Target, next_attempt,
};

impl Keeper {
    /// The targets of an account that do not hold its current token.
    pub(crate) fn undelivered(&self, account: &AccountName, record: &Record) -> Vec<Arc<dyn Target>> {
        let owned = self.targets.iter().filter(|(owner, _)| owner == account).map(|(_, target)| Arc::clone(target));
        let copies = record.deliveries.iter().filter_map(|delivery| self.store.copy(account, delivery));
        owned.chain(copies).filter(|target| !record.is_delivered(target.name())).collect()
    }
}

impl Run<'_> {
    /// Delivers to each target that lacks the token in use and records each outcome; asks Meta for nothing.
    /// Returns the targets that still lack it, with the reason.
    pub(crate) async fn deliver(&mut self, account: &AccountName) -> Vec<(String, DeliveryError)> {
        if self.keeper.undelivered(account, &self.record).is_empty() {
            return Vec::new();
        }
        let stored = match self.lease.load(self.now()).await {
            Ok(stored) => stored,
            Err(error) => {
                let error = DeliveryError { io: error.io, ..retry(format!("the token could not be read: {error}")) };
                let pending = self.keeper.undelivered(account, &self.record).into_iter();
                return pending.map(|target| (target.name().to_owned(), error.clone())).collect();
            }
        };
        // What is delivered and recorded is the token on disk, whatever this run believes to be in use.
        let current = stored.current.fingerprint();
        if self.record.fingerprint != current {
            self.record = stored.record;
        }
        let mut failed = Vec::new();
        for target in self.keeper.undelivered(account, &self.record) {
            let outcome = target.deliver(&stored.current, self.record.expiry.instant()).await;
            let attempts = self.record.note_delivery(target.name(), current, outcome.as_ref().err(), self.now());
            if let Err(error) = outcome {
                failed.push((target.name().to_owned(), attempts, error));
            }
        }
        self.set_next_check();
        for (_, attempts, error) in &failed {
            let at = next_attempt(*attempts, self.now(), Expiry::Unknown, error.retry_after(), &mut self.rng);
            self.record.next_check_at = self.record.next_check_at.map(|next| next.min(at));
        }
        let mut failed: Vec<_> = failed.into_iter().map(|(target, _, error)| (target, error)).collect();
        if let Err(error) = self.lease.save_record(&self.record).await {
            let error = DeliveryError { io: error.io, ..retry(error.to_string()) };
            failed.push(("the record of deliveries".to_owned(), error));
        }
        failed
    }
}

fn retry(message: String) -> DeliveryError {
    DeliveryError::new(DeliveryErrorClass::Retry { after: None }, message)
}

impl Record {
    /// The deliveries on record that have yet to be made, with what is known of the failure.
    pub(crate) fn undelivered(&self) -> Vec<(String, DeliveryError)> {
        let pending = self.deliveries.iter().filter(|delivery| delivery.delivered != Some(self.fingerprint));
        let why = |delivery: &Delivery| delivery.failure.clone().unwrap_or_else(|| "the next run does it".to_owned());
        pending.map(|delivery| (delivery.target.clone(), retry(why(delivery)))).collect()
    }

    fn is_delivered(&self, target: &str) -> bool {
        self.deliveries.iter().any(|d| d.target == target && d.delivered == Some(self.fingerprint))
    }

    /// Records an attempt to deliver `token`; returns how many have failed in a row.
    fn note_delivery(
        &mut self,
        target: &str,
        token: Fingerprint,
        error: Option<&DeliveryError>,
        now: Timestamp,
    ) -> u32 {
        let what = if error.is_none() { EventKind::Delivered } else { EventKind::NotDelivered };
        self.log(now, what, target);
        let index = self.deliveries.iter().position(|d| d.target == target).unwrap_or_else(|| {
            self.deliveries.push(Delivery::never(target));
            self.deliveries.len() - 1
        });
        let delivery = &mut self.deliveries[index];
        match error {
            None => {
                *delivery = Delivery { delivered: Some(token), delivered_at: Some(now), ..Delivery::never(target) };
            }
            Some(error) => {
                delivery.failure = Some(error.message.clone());
                delivery.attempts = delivery.attempts.saturating_add(1);
            }
        }
        delivery.attempts
    }
}

impl Delivery {
    fn never(target: &str) -> Self {
        Self { target: target.to_owned(), delivered: None, delivered_at: None, failure: None, attempts: 0 }
    }
}
