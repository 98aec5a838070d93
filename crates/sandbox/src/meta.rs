//! The state machine: a call goes in, an answer comes out. No sockets, no async, no clock of its own.

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;
use tokio::sync::Notify;

use crate::{
    call::{Call, Delivery, Response},
    call_log::{CallLog, LoggedCall},
    endpoint::{Endpoint, Product, product_of},
    error::MetaError,
    fault::{self, Fault, Injection},
    knobs::{App, Clock, Config, Knobs},
    login::Code,
    response,
    token::{NewToken, Registry, Token, TokenId},
    variants::Language,
};

/// Meta, as far as tokens go.
///
/// The same configuration, seed and calls give the same answers. What befalls a token depends on the seed and on the calls made with
/// that token alone, so several workers that call for different tokens in any order meet the same trouble in each run.
#[derive(Debug)]
pub struct Meta {
    pub(crate) knobs: Knobs,
    pub(crate) apps: Vec<App>,
    pub(crate) registry: Registry,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) injections: Vec<Injection>,
    /// Told when the orders are taken back, to the replies that wait.
    pub(crate) injections_cleared: Arc<Notify>,
    pub(crate) call_log: CallLog,
    pub(crate) now: i64,
    pub(crate) seed: u64,
    pub(crate) manual_issue_count: u64,
}

/// One call on its way through.
pub(crate) struct CallContext<'a> {
    pub(crate) call: &'a Call,
    pub(crate) endpoint: Endpoint,
    pub(crate) product: Product,
    pub(crate) rng: fastrand::Rng,
    pub(crate) language: Language,
    pub(crate) subcodes: bool,
}

/// What an endpoint makes of a call.
#[derive(Debug)]
pub(crate) enum Reply {
    Json(Value),
    Html { status: u16, page: String },
    Redirect(String),
    Empty { status: u16 },
}

impl Meta {
    /// A Meta without accounts. Its clock stands where `config.clock` says, or at the start of 2026; [`Meta::set_now`] moves it.
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

    /// Answers a call, whatever it is.
    pub fn handle(&mut self, call: &Call) -> Response {
        let endpoint = Endpoint::of(call);
        let bearer = self.bearer_of(call, endpoint);
        let number = self.call_log.begin();
        self.check_rules(call, endpoint, bearer, number);
        let mut ctx = self.context(call, endpoint, bearer, number);
        let fault = self.fault_for(endpoint, bearer, &mut ctx.rng);
        let mut result = fault.as_ref().and_then(short_circuit).unwrap_or_else(|| self.dispatch(&mut ctx));
        if let (Ok(Reply::Json(reply)), Some(fault)) = (&mut result, &fault) {
            self.alter_reply(reply, fault, &mut ctx.rng);
        }
        let response = response::build(&mut ctx, &result, fault.as_ref(), &self.knobs, self.now);
        if matches!(fault, None | Some(Fault::WrongDate { .. })) {
            self.note_response(endpoint, bearer, result.is_ok());
        }
        let sent = !matches!(response.delivery, Delivery::Dropped | Delivery::LostAfterApply);
        self.call_log.record_call(LoggedCall {
            number,
            at: self.now,
            endpoint,
            token: self.label_of(call, endpoint, bearer),
            account: bearer
                .and_then(|id| self.registry.token(id))
                .map(|t| self.registry.account(t.account).username.clone()),
            status: sent.then_some(response.status),
            outcome: outcome(&result, fault.as_ref()),
        });
        response
    }

    fn dispatch(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        match ctx.endpoint {
            Endpoint::Authorize => self.authorize(ctx),
            Endpoint::CodeExchange => self.code_exchange(ctx),
            Endpoint::LongLivedExchange => self.long_lived_exchange(ctx),
            Endpoint::Refresh => self.refresh(ctx),
            Endpoint::FacebookExchange => self.facebook_exchange(ctx),
            Endpoint::SystemUserRefresh => self.system_user_refresh(ctx),
            Endpoint::AppToken => self.app_token(ctx),
            Endpoint::DebugToken => self.debug_token(ctx),
            Endpoint::Me => self.me(ctx),
            Endpoint::MeAccounts => self.me_accounts(ctx),
            Endpoint::Page => self.page(ctx),
            Endpoint::Revoke => self.revoke(ctx),
            Endpoint::Unknown => Err(MetaError::new(2500, "Unknown path components").status(400)),
        }
    }

    /// Steers the dice of one call by the token it is made with or, without one, by its number.
    fn context<'a>(
        &mut self,
        call: &'a Call,
        endpoint: Endpoint,
        bearer: Option<TokenId>,
        number: u64,
    ) -> CallContext<'a> {
        let rng_seed = match bearer.and_then(|id| self.registry.token_mut(id)) {
            Some(token) => {
                token.calls += 1;
                mix(token.rng_seed, token.calls)
            }
            None => mix(self.seed, number),
        };
        let mut rng = fastrand::Rng::with_seed(rng_seed);
        let (language, subcodes) = (self.knobs.language.pick(&mut rng), self.knobs.subcodes.pick(&mut rng));
        let asks_for_english = call.param("locale") == Some("en_US")
            || call.header_value("accept-language").is_some_and(|languages| languages.starts_with("en"));
        let language = if asks_for_english && self.knobs.honours_locale { Language::En } else { language };
        CallContext { call, endpoint, product: product_of(&call.host), rng, language, subcodes }
    }

    /// What goes wrong with this call: what was ordered first, then an incident, then the weather.
    fn fault_for(&mut self, endpoint: Endpoint, bearer: Option<TokenId>, rng: &mut fastrand::Rng) -> Option<Fault> {
        let bearer = bearer.and_then(|id| self.registry.token(id)).map(|t| (t, self.registry.account(t.account)));
        if let Some(fault) = fault::injected(&mut self.injections, endpoint, bearer, rng) {
            return Some(fault);
        }
        if let (Some(incident), Some((_, account))) = (&self.knobs.incident, bearer) {
            let is_on = incident.until.is_none_or(|until| self.now < until);
            let is_meant = incident.product.is_none_or(|product| product == account.product);
            if is_on && is_meant && share(account.rng_seed) < incident.fraction {
                return Some(Fault::Error(incident.error.clone()));
            }
        }
        let is_page_or_nothing = matches!(endpoint, Endpoint::Authorize | Endpoint::Unknown);
        if is_page_or_nothing { None } else { fault::random(&self.knobs.fault_rates, rng) }
    }

    /// What a fault does to a reply that is ready to go.
    fn alter_reply(&mut self, reply: &mut Value, fault: &Fault, rng: &mut fastrand::Rng) {
        let fields = match reply.get_mut("data") {
            Some(Value::Array(entries)) => entries.first_mut(),
            Some(data @ Value::Object(_)) => Some(data),
            _ => Some(reply),
        };
        let Some(Value::Object(fields)) = fields else { return };
        match fault {
            Fault::Alter { field, value: Value::Null } => drop(fields.shift_remove(field)),
            Fault::Alter { field, value } => drop(fields.insert(field.clone(), value.clone())),
            Fault::OtherAccount => {
                let token =
                    fields.get("access_token").and_then(Value::as_str).and_then(|text| self.registry.find(text));
                if let Some(token) = token.cloned() {
                    let stranger = self.account_named(token.kind, Some("somebody_else"), None, rng);
                    let new_token = NewToken { account: stranger, ..draft_of(&token) };
                    fields.insert("access_token".into(), Value::from(&*self.registry.add(new_token, rng).text));
                }
            }
            _ => {}
        }
    }

    /// The token that a call is made with or about, if it was ever issued here.
    fn bearer_of(&self, call: &Call, endpoint: Endpoint) -> Option<TokenId> {
        let text = call.param(endpoint.token_param()).or_else(|| call.bearer())?;
        self.registry.find(text).map(|token| token.id)
    }

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

/// The reply of a fault that keeps Meta from acting.
fn short_circuit(fault: &Fault) -> Option<Result<Reply, MetaError>> {
    match fault {
        Fault::Error(error) => Some(Err(error.clone())),
        Fault::Html { status } => Some(Ok(Reply::Html { status: *status, page: response::BUSY_PAGE.into() })),
        Fault::Empty { status } => Some(Ok(Reply::Empty { status: *status })),
        Fault::Redirect { location } => Some(Ok(Reply::Redirect(location.clone()))),
        Fault::Dropped => Some(Ok(Reply::Empty { status: 500 })),
        _ => None,
    }
}

/// The line for the log.
fn outcome(result: &Result<Reply, MetaError>, fault: Option<&Fault>) -> String {
    let said = match result {
        Ok(_) => "ok".into(),
        Err(error) => error.summary(),
    };
    match fault {
        None => said,
        Some(fault) if fault.executes_call() => format!("{} ({said})", fault.name()),
        Some(Fault::Error(_)) => format!("error {said}"),
        Some(fault) => fault.name().into(),
    }
}

/// A token as a draft for another like it.
pub(crate) fn draft_of(token: &Token) -> NewToken {
    NewToken {
        kind: token.kind,
        app_id: Arc::clone(&token.app_id),
        account: token.account,
        issued_at: token.issued_at,
        expires_at: token.expires_at,
        data_access_expires_at: token.data_access_expires_at,
        scopes: Arc::clone(&token.scopes),
        short: token.short,
        state: token.state,
    }
}

/// Two numbers into one that looks random (the finalizer of `SplitMix64`).
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A random number as a share between 0 and 1.
#[allow(clippy::cast_precision_loss, reason = "32 bits fit a double")]
fn share(rng_seed: u64) -> f64 {
    (rng_seed >> 32) as f64 / (1_u64 << 32) as f64
}
