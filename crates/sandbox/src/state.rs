//! The state that all endpoints share, and what one call carries through them.

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;
use tokio::sync::Notify;

use crate::{
    call::Call,
    call_log::CallLog,
    endpoint::{Endpoint, Product},
    fault::Injection,
    knobs::{App, Clock, Config, Knobs},
    token::{AccountId, Kind, Registry, TokenId},
    variants::Language,
};

/// Meta's token endpoints as a state machine: a call goes in, a response comes out. No sockets, no clock of its own.
///
/// The same configuration, seed and calls give the same responses. What happens to a token depends on the seed and on
/// the calls with that token only, so several workers that use different tokens get the same faults in each run, in
/// whatever order they call.
#[derive(Debug)]
pub struct Meta {
    /// How it behaves.
    pub knobs: Knobs,
    /// The registered apps.
    pub apps: Vec<App>,
    /// Unix seconds by the sandbox's clock.
    pub now: i64,
    pub(crate) registry: Registry,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) injections: Vec<Injection>,
    /// Wakes delayed responses when the injected faults are cleared.
    pub(crate) injections_cleared: Arc<Notify>,
    pub(crate) call_log: CallLog,
    pub(crate) seed: u64,
    pub(crate) manual_issue_count: u64,
}

/// An authorization code that was sent to a redirect URI.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) app_id: String,
    pub(crate) account: AccountId,
    pub(crate) kind: Kind,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Arc<[String]>,
    pub(crate) issued_at: i64,
    pub(crate) used: bool,
}

/// One call on its way through the endpoints.
pub(crate) struct CallContext<'a> {
    pub(crate) call: &'a Call,
    pub(crate) endpoint: Endpoint,
    pub(crate) product: Product,
    pub(crate) rng: fastrand::Rng,
    pub(crate) language: Language,
    pub(crate) subcodes: bool,
}

impl CallContext<'_> {
    /// A query parameter or form field; empty if absent.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.call.param(name).unwrap_or_default()
    }
}

/// An endpoint's successful reply.
#[derive(Debug)]
pub(crate) enum Reply {
    Json(Value),
    Html { status: u16, page: String },
    Redirect(String),
    Empty { status: u16 },
}

impl Meta {
    /// A Meta without accounts. Its clock starts at the time in `config.clock`, or at the start of 2026.
    pub fn new(config: Config, seed: u64) -> Self {
        const START_OF_2026: i64 = 1_767_225_600;
        Self {
            now: match config.clock {
                Clock::Fixed { at } => at,
                Clock::Real => START_OF_2026,
            },
            call_log: CallLog::new(config.call_log_limit),
            knobs: config.knobs,
            apps: config.apps,
            registry: Registry::default(),
            codes: HashMap::new(),
            injections: Vec::new(),
            injections_cleared: Arc::default(),
            seed,
            manual_issue_count: 0,
        }
    }

    /// The token that the call uses or is about, if it was issued here.
    pub(crate) fn bearer_of(&self, call: &Call, endpoint: Endpoint) -> Option<TokenId> {
        let text = call.param(endpoint.token_param()).or_else(|| call.bearer())?;
        self.registry.find(text).map(|token| token.id)
    }

    /// How the log refers to that token: `#3`, `unknown` or `none`.
    pub(crate) fn label_of(&self, call: &Call, endpoint: Endpoint, bearer: Option<TokenId>) -> String {
        match (
            bearer.and_then(|id| self.registry.token(id)),
            call.param(endpoint.token_param()).or_else(|| call.bearer()),
        ) {
            (Some(token), _) => token.label(),
            (None, Some(_)) => "unknown".into(),
            (None, None) => "none".into(),
        }
    }
}

/// Mixes two numbers into a seed (the finalizer of `SplitMix64`).
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
