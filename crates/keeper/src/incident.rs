//! Many accounts that Meta refuses in the same way are an incident at Meta or in the app, not that many dead tokens.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use everlit_meta_api::{Evidence, TokenKind};
use tokio::sync::watch;

use crate::Record;
use crate::policy::{INCIDENT_SIZE, LOCK_TIMEOUT};

/// Meta's code and subcode.
type Codes = (Option<i64>, Option<i64>);

/// What Meta last answered to the accounts of one run, counted as their records are loaded: a run over a few of 100
/// million accounts judges by its own.
#[derive(Debug)]
pub(crate) struct Refusals {
    counts: Mutex<HashMap<(TokenKind, Option<Codes>), usize>>,
    /// Accounts whose records are not loaded yet.
    pending: watch::Sender<usize>,
}

/// An account whose record is not loaded yet. Dropping it without [`Pending::loaded`] leaves the account uncounted.
#[derive(Debug)]
pub(crate) struct Pending(Arc<Refusals>);

impl Refusals {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { counts: Mutex::default(), pending: watch::Sender::new(0) })
    }

    /// Expects one more account to be loaded.
    pub(crate) fn expect(self: &Arc<Self>) -> Pending {
        self.pending.send_modify(|pending| *pending += 1);
        Pending(Arc::clone(self))
    }

    /// Whether Meta refuses so many accounts of this kind with the same codes that it says little about one token.
    pub(crate) async fn is_incident(&self, kind: TokenKind, refusal: Option<&Evidence>) -> bool {
        // A record that takes long to load must not delay the others for ever.
        let mut pending = self.pending.subscribe();
        let _ = tokio::time::timeout(LOCK_TIMEOUT, pending.wait_for(|pending| *pending == 0)).await;
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let of_kind: usize = counts.iter().filter(|((of, _), _)| *of == kind).map(|(_, count)| count).sum();
        let alike = counts.get(&(kind, refusal.map(Evidence::codes))).copied().unwrap_or(0);
        alike >= INCIDENT_SIZE && 2 * alike >= of_kind
    }
}

impl Pending {
    /// Counts what Meta answered before this run.
    pub(crate) fn loaded(self, record: &Record) {
        let evidence = record.failure.as_ref().and_then(|failure| failure.evidence.as_ref());
        let key = (record.kind, evidence.map(Evidence::codes));
        *self.0.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.pending.send_modify(|pending| *pending -= 1);
    }
}
