//! What was called, and what a careful client would not have done. No token is ever written here.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use crate::{endpoint::Endpoint, rules::Violation};

/// One call. Tokens appear by number alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoggedCall {
    /// Counts from 1, over all calls.
    pub number: u64,
    /// Unix seconds, by the sandbox's clock.
    pub at: i64,
    /// The endpoint.
    pub endpoint: Endpoint,
    /// `#3` for the third token issued; `unknown` for a token never issued; `none`.
    pub token: String,
    /// Whose token, by username.
    pub account: Option<String>,
    /// HTTP status; `None` where nothing was sent.
    pub status: Option<u16>,
    /// `ok`, an error's code and words, or the fault that struck.
    pub outcome: String,
}

/// The last calls and violations; the counts are over all.
#[derive(Debug, Default)]
pub(crate) struct CallLog {
    limit: usize,
    calls: u64,
    entries: VecDeque<LoggedCall>,
    violations: VecDeque<Violation>,
    by_endpoint: BTreeMap<&'static str, u64>,
    by_outcome: BTreeMap<String, u64>,
}

impl CallLog {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// The number of the call that begins now.
    pub(crate) fn begin(&mut self) -> u64 {
        self.calls += 1;
        self.calls
    }

    pub(crate) fn record_call(&mut self, entry: LoggedCall) {
        *self.by_endpoint.entry(entry.endpoint.name()).or_default() += 1;
        let outcome = entry.outcome.split(' ').next().unwrap_or_default().to_owned();
        *self.by_outcome.entry(outcome).or_default() += 1;
        push(&mut self.entries, entry, self.limit);
    }

    pub(crate) fn record_violation(&mut self, violation: Violation) {
        push(&mut self.violations, violation, self.limit);
    }

    /// How many calls there have been.
    pub(crate) fn calls(&self) -> u64 {
        self.calls
    }

    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &LoggedCall> + ExactSizeIterator {
        self.entries.iter()
    }

    pub(crate) fn violations(&self) -> impl DoubleEndedIterator<Item = &Violation> + ExactSizeIterator {
        self.violations.iter()
    }

    pub(crate) fn count(&self, endpoint: Endpoint) -> u64 {
        self.by_endpoint.get(endpoint.name()).copied().unwrap_or_default()
    }

    pub(crate) fn outcomes(&self) -> &BTreeMap<String, u64> {
        &self.by_outcome
    }

    /// Forgets the calls and their counts; numbers go on.
    pub(crate) fn clear_entries(&mut self) {
        self.entries.clear();
        self.by_endpoint.clear();
        self.by_outcome.clear();
    }

    pub(crate) fn clear_violations(&mut self) {
        self.violations.clear();
    }
}

fn push<T>(queue: &mut VecDeque<T>, item: T, limit: usize) {
    if queue.len() >= limit {
        queue.pop_front();
    }
    if limit > 0 {
        queue.push_back(item);
    }
}
