//! The files of a temporary folder as a store whose tokens survive: each goes to its places first.

use std::collections::HashMap;
use std::sync::Arc;

use everlit_keeper::{
    AccountName, Candidate, Delivery, EventKind, Guard, Lease, Record, Store, StoreError, Stored, Target,
};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_store::ProjectFiles;

use crate::home::Home;

/// Project files, some accounts of which have a [`Home`] elsewhere.
#[derive(Debug)]
pub(crate) struct HostedStore {
    pub(crate) files: Arc<ProjectFiles>,
    pub(crate) homes: HashMap<AccountName, Arc<Home>>,
}

impl Store for HostedStore {
    fn load<'a>(&'a self, account: &'a AccountName, now: Timestamp) -> BoxFuture<'a, Result<Stored, StoreError>> {
        self.files.load(account, now)
    }

    fn due(&self, now: Timestamp, limit: usize) -> BoxFuture<'_, Result<Vec<AccountName>, StoreError>> {
        self.files.due(now, limit)
    }

    fn copy(&self, account: &AccountName, delivery: &Delivery) -> Option<Arc<dyn Target>> {
        self.files.copy(account, delivery)
    }

    fn lease_deliveries<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Guard<'a>, StoreError>> {
        self.files.lease_deliveries(account, now)
    }

    fn lease<'a>(
        &'a self,
        account: &'a AccountName,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Box<dyn Lease + 'a>, StoreError>> {
        Box::pin(async move {
            let lease = self.files.lease(account, now).await?;
            Ok(match self.homes.get(account) {
                Some(home) => {
                    let (current, held) = (None, None);
                    Box::new(HostedLease { files: &self.files, account, home, lease, current, held }) as _
                }
                None => lease,
            })
        })
    }
}

#[derive(Debug)]
struct HostedLease<'a> {
    files: &'a ProjectFiles,
    account: &'a AccountName,
    home: &'a Home,
    lease: Box<dyn Lease + 'a>,
    /// The token in use, as last loaded.
    current: Option<(Token, Option<Timestamp>)>,
    /// The token that this run has put into its places, and the names of those that took it.
    held: Option<(Token, Vec<String>)>,
}

impl Lease for HostedLease<'_> {
    fn load(&mut self, now: Timestamp) -> BoxFuture<'_, Result<Stored, StoreError>> {
        Box::pin(async move {
            let stored = self.lease.load(now).await?;
            self.current = Some((stored.current.clone(), stored.record.expiry.instant()));
            Ok(stored)
        })
    }

    fn reserve(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            self.home.check().await?;
            self.lease.reserve().await
        })
    }

    /// The files do not survive: the candidate is safe once it is in its place, or in the state beside the token.
    fn save_candidate<'a>(&'a mut self, candidate: &'a Candidate) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.lease.save_candidate(candidate).await?;
            let is_new = self.current.as_ref().is_none_or(|(current, _)| *current != candidate.token);
            if self.home.keeps_candidates() {
                self.home.save_state(self.files, self.account).await
            } else if is_new {
                let names = self.home.put(&candidate.token, candidate.expiry.instant()).await?;
                self.held = Some((candidate.token.clone(), names));
                Ok(())
            } else {
                Ok(())
            }
        })
    }

    fn promote<'a>(
        &'a mut self,
        candidate: &'a Candidate,
        record: &'a Record,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let names = match self.held.take().filter(|(token, _)| *token == candidate.token) {
                Some((_, names)) => names,
                None => self.home.put(&candidate.token, candidate.expiry.instant()).await?,
            };
            if let Some((current, _)) = self.current.as_ref().filter(|(current, _)| *current != candidate.token) {
                self.home.note_replaced(current);
            }
            self.lease.promote(candidate, &with_delivered(record, &names, candidate.received_at)).await?;
            if self.home.is_rotated() {
                // Should the rotation not end, the next run finds a candidate, and finishes it.
                self.lease.save_candidate(candidate).await?;
            }
            self.home.save_state(self.files, self.account).await
        })
    }

    fn discard_candidate(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            if let (false, Some((current, end))) = (self.home.keeps_candidates(), &self.current) {
                self.home.put(current, *end).await?;
                self.held = None;
            }
            self.lease.discard_candidate().await?;
            self.home.save_state(self.files, self.account).await
        })
    }

    fn keep_previous<'a>(&'a mut self, previous: &'a Candidate) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.lease.keep_previous(previous).await?;
            self.home.save_state(self.files, self.account).await
        })
    }

    fn forget_previous(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.lease.forget_previous()
    }

    fn forget_kept(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.lease.forget_kept()
    }

    fn save_record<'a>(&'a mut self, record: &'a Record) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.lease.save_record(record).await?;
            self.home.save_state(self.files, self.account).await
        })
    }
}

/// The record of a token that these targets hold already.
fn with_delivered(record: &Record, targets: &[String], at: Timestamp) -> Record {
    let mut record = record.clone();
    let (fingerprint, ends_at) = (record.fingerprint, record.expiry.instant());
    for name in targets {
        record.log(at, EventKind::Delivered, name);
    }
    for delivery in record.deliveries.iter_mut().filter(|delivery| targets.contains(&delivery.target)) {
        *delivery = Delivery {
            place: delivery.place.take(),
            delivered: Some(fingerprint),
            delivered_at: Some(at),
            delivered_ends_at: ends_at,
            credential_ends_at: delivery.credential_ends_at,
            ..Delivery::never(&delivery.target)
        };
    }
    record
}
