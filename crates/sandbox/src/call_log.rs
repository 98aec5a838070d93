//! The log of calls and of rule violations. It never contains a token.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::Serialize;

use crate::{endpoint::Endpoint, variants::named};

/// One call. Tokens appear by number only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoggedCall {
    /// Counts all calls, from 1.
    pub number: u64,
    /// Unix seconds by the sandbox's clock.
    pub at: i64,
    /// The endpoint.
    pub endpoint: Endpoint,
    /// `#3` for the third token issued; `unknown` for a token never issued here; `none`.
    pub token: String,
    /// The username of the token's account.
    pub account: Option<String>,
    /// HTTP status; `None` if nothing was sent.
    pub status: Option<u16>,
    /// `ok`, the error's code and message, or the name of the fault.
    pub outcome: String,
}

/// A rule that a call broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Number of the call.
    pub number: u64,
    /// Unix seconds by the sandbox's clock.
    pub at: i64,
    /// The endpoint.
    pub endpoint: Endpoint,
    /// As in [`LoggedCall::token`].
    pub token: String,
    /// The rule.
    pub rule: Rule,
}

named! {
    /// Rules that a well-behaved client follows.
    Rule {
        /// Refresh and exchange tokens by GET.
        RefreshUsesGet = "refresh_uses_get",
        /// Exchange a code by POST with a form.
        CodeExchangeUsesForm = "code_exchange_uses_form",
        /// Send no app secret when refreshing an Instagram or Threads token.
        NoSecretInRefresh = "no_secret_in_refresh",
        /// Send `Accept: application/json`.
        AcceptJson = "accept_json",
        /// Send a `User-Agent`.
        UserAgent = "user_agent",
        /// Send no `Referer`.
        NoReferer = "no_referer",
        /// Refresh a token only once it is 24 hours old.
        NoRefreshUnder24h = "no_refresh_under_24h",
        /// Stop using a token once Meta has reported it dead.
        NoCallsWithDeadToken = "no_calls_with_dead_token",
        /// Limit the number of concurrent calls of an app.
        ConcurrencyLimit = "concurrency_limit",
        /// Refresh an account's token in one call at a time.
        OneRefreshAtATime = "one_refresh_at_a_time",
    }
}

impl Rule {
    /// The rule in one sentence.
    pub fn message(self) -> &'static str {
        match self {
            Self::RefreshUsesGet => "refresh and exchange tokens by GET",
            Self::CodeExchangeUsesForm => "exchange a code by POST with a form",
            Self::NoSecretInRefresh => "send no app secret in a refresh",
            Self::AcceptJson => "send Accept: application/json",
            Self::UserAgent => "send a User-Agent",
            Self::NoReferer => "send no Referer",
            Self::NoRefreshUnder24h => "refresh a token only once it is 24 hours old",
            Self::NoCallsWithDeadToken => "stop using a token that Meta has reported dead",
            Self::ConcurrencyLimit => "limit the number of concurrent calls of an app",
            Self::OneRefreshAtATime => "refresh an account's token in one call at a time",
        }
    }
}

/// The latest calls and violations, and counts of all calls.
#[derive(Debug, Default)]
pub(crate) struct CallLog {
    limit: usize,
    pub(crate) calls: u64,
    pub(crate) entries: VecDeque<LoggedCall>,
    pub(crate) violations: VecDeque<Violation>,
    pub(crate) by_endpoint: HashMap<Endpoint, u64>,
    pub(crate) by_outcome: BTreeMap<String, u64>,
}

impl CallLog {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Counts a new call and returns its number.
    pub(crate) fn begin_call(&mut self) -> u64 {
        self.calls += 1;
        self.calls
    }

    pub(crate) fn record_call(&mut self, call: LoggedCall) {
        *self.by_endpoint.entry(call.endpoint).or_default() += 1;
        let outcome = call.outcome.split(' ').next().unwrap_or_default().to_owned();
        *self.by_outcome.entry(outcome).or_default() += 1;
        push(&mut self.entries, call, self.limit);
    }

    pub(crate) fn record_violation(&mut self, violation: Violation) {
        push(&mut self.violations, violation, self.limit);
    }

    /// Removes the calls and their counts; numbering continues.
    pub(crate) fn clear_entries(&mut self) {
        self.entries.clear();
        self.by_endpoint.clear();
        self.by_outcome.clear();
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
