//! Leases that are to be given back.

use std::sync::{Mutex, PoisonError};

/// The leases that are to be given back. They are, before another one is taken: who has just dropped a lease may want it again.
#[derive(Debug, Default)]
pub(super) struct Releases {
    waiting: Mutex<Vec<Release>>,
    /// One at a time, so that whoever comes second finds it done.
    pub(super) turn: tokio::sync::Mutex<()>,
}

/// A lease that somebody has done with.
#[derive(Debug)]
pub(super) enum Release {
    /// Of an account: which, and the number of its lease.
    Account(i64, i64),
    /// That belongs to no account.
    Named(&'static str, i64),
}

impl Releases {
    pub(super) fn account(&self, account: i64, lease: i64) {
        self.add(Release::Account(account, lease));
    }

    pub(super) fn named(&self, name: &'static str, lease: i64) {
        self.add(Release::Named(name, lease));
    }

    pub(super) fn add(&self, release: Release) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(release);
    }

    pub(super) fn take(&self) -> Vec<Release> {
        std::mem::take(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
