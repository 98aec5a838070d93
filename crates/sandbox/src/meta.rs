//! The state machine: a call goes in, an answer comes out. No sockets, no async, no clock of its own.

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;
use tokio::sync::Notify;

use crate::{
    call::{Answer, Call, Delivery},
    dress,
    endpoint::{Endpoint, Product, product_of},
    error::MetaError,
    fault::{self, Fault, Order},
    journal::{Entry, Journal},
    knobs::{App, Clock, Config, Knobs},
    login::Code,
    token::{Book, Draft, Token, TokenId},
    ways::Language,
};

/// Meta, as far as tokens go.
///
/// The same configuration, seed and calls give the same answers. What befalls a token depends on the seed and on the calls made with
/// that token alone, so several workers that call for different tokens in any order meet the same trouble in each run.
#[derive(Debug)]
pub struct Meta {
    pub(crate) knobs: Knobs,
    pub(crate) apps: Vec<App>,
    pub(crate) book: Book,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) orders: Vec<Order>,
    /// Told when the orders are taken back, to the replies that wait.
    pub(crate) well_again: Arc<Notify>,
    pub(crate) journal: Journal,
    pub(crate) now: i64,
    pub(crate) seed: u64,
    pub(crate) issued_by_hand: u64,
}

/// One call on its way through.
pub(crate) struct Ask<'a> {
    pub(crate) call: &'a Call,
    pub(crate) endpoint: Endpoint,
    pub(crate) product: Product,
    pub(crate) dice: fastrand::Rng,
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
                Clock::Standing { at } => at,
                Clock::Real => START_OF_2026,
            },
            journal: Journal::new(config.journal_limit),
            knobs: config.knobs,
            apps: config.apps,
            book: Book::default(),
            codes: HashMap::new(),
            orders: Vec::new(),
            well_again: Arc::default(),
            seed,
            issued_by_hand: 0,
        }
    }

    /// Answers a call, whatever it is.
    pub fn answer(&mut self, call: &Call) -> Answer {
        let endpoint = Endpoint::of(call);
        let bearer = self.bearer_of(call, endpoint);
        let number = self.journal.begin();
        self.inspect(call, endpoint, bearer, number);
        let mut ask = self.ask(call, endpoint, bearer, number);
        let fault = self.fault_for(endpoint, bearer, &mut ask.dice);
        let mut result = fault.as_ref().and_then(instead_of_acting).unwrap_or_else(|| self.act(&mut ask));
        if let (Ok(Reply::Json(reply)), Some(fault)) = (&mut result, &fault) {
            self.alter(reply, fault, &mut ask.dice);
        }
        let answer = dress::answer(&mut ask, &result, fault.as_ref(), &self.knobs, self.now);
        if matches!(fault, None | Some(Fault::WrongDate { .. })) {
            self.note_told(endpoint, bearer, result.is_ok());
        }
        let sent = !matches!(answer.delivery, Delivery::Dropped | Delivery::LostAfterApply);
        self.journal.record(Entry {
            number,
            at: self.now,
            endpoint,
            token: self.label_of(call, endpoint, bearer),
            account: bearer.and_then(|id| self.book.token(id)).map(|t| self.book.account(t.account).username.clone()),
            status: sent.then_some(answer.status),
            outcome: outcome(&result, fault.as_ref()),
        });
        answer
    }

    fn act(&mut self, ask: &mut Ask<'_>) -> Result<Reply, MetaError> {
        match ask.endpoint {
            Endpoint::Authorize => self.authorize(ask),
            Endpoint::CodeExchange => self.code_exchange(ask),
            Endpoint::LongLivedExchange => self.long_lived_exchange(ask),
            Endpoint::Refresh => self.refresh(ask),
            Endpoint::FacebookExchange => self.facebook_exchange(ask),
            Endpoint::SystemUserRefresh => self.system_user_refresh(ask),
            Endpoint::AppToken => self.app_token(ask),
            Endpoint::DebugToken => self.debug_token(ask),
            Endpoint::Me => self.me(ask),
            Endpoint::MeAccounts => self.me_accounts(ask),
            Endpoint::Page => self.page(ask),
            Endpoint::Revoke => self.revoke(ask),
            Endpoint::Unknown => Err(MetaError::new(2500, "Unknown path components").status(400)),
        }
    }

    /// Steers the dice of one call by the token it is made with or, without one, by its number.
    fn ask<'a>(&mut self, call: &'a Call, endpoint: Endpoint, bearer: Option<TokenId>, number: u64) -> Ask<'a> {
        let luck = match bearer.and_then(|id| self.book.token_mut(id)) {
            Some(token) => {
                token.calls += 1;
                mixed(token.luck, token.calls)
            }
            None => mixed(self.seed, number),
        };
        let mut dice = fastrand::Rng::with_seed(luck);
        let (language, subcodes) = (self.knobs.language.pick(&mut dice), self.knobs.subcodes.pick(&mut dice));
        let asks_for_english = call.param("locale") == Some("en_US")
            || call.header_value("accept-language").is_some_and(|languages| languages.starts_with("en"));
        let language = if asks_for_english && self.knobs.honours_locale { Language::En } else { language };
        Ask { call, endpoint, product: product_of(&call.host), dice, language, subcodes }
    }

    /// What goes wrong with this call: what was ordered first, then an incident, then the weather.
    fn fault_for(&mut self, endpoint: Endpoint, bearer: Option<TokenId>, dice: &mut fastrand::Rng) -> Option<Fault> {
        let bearer = bearer.and_then(|id| self.book.token(id)).map(|t| (t, self.book.account(t.account)));
        if let Some(fault) = fault::ordered(&mut self.orders, endpoint, bearer, dice) {
            return Some(fault);
        }
        if let (Some(incident), Some((_, account))) = (&self.knobs.incident, bearer) {
            let is_on = incident.until.is_none_or(|until| self.now < until);
            let is_meant = incident.product.is_none_or(|product| product == account.product);
            if is_on && is_meant && share(account.luck) < incident.fraction {
                return Some(Fault::Error(incident.error.clone()));
            }
        }
        let is_page_or_nothing = matches!(endpoint, Endpoint::Authorize | Endpoint::Unknown);
        if is_page_or_nothing { None } else { fault::by_chance(&self.knobs.weather, dice) }
    }

    /// What a fault does to a reply that is ready to go.
    fn alter(&mut self, reply: &mut Value, fault: &Fault, dice: &mut fastrand::Rng) {
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
                let token = fields.get("access_token").and_then(Value::as_str).and_then(|text| self.book.find(text));
                if let Some(token) = token.cloned() {
                    let stranger = self.account_named(token.kind, Some("somebody_else"), None, dice);
                    let draft = Draft { account: stranger, ..draft_of(&token) };
                    fields.insert("access_token".into(), Value::from(&*self.book.add(draft, dice).text));
                }
            }
            _ => {}
        }
    }

    /// The token that a call is made with or about, if it was ever issued here.
    fn bearer_of(&self, call: &Call, endpoint: Endpoint) -> Option<TokenId> {
        let text = call.param(endpoint.token_param()).or_else(|| call.bearer())?;
        self.book.find(text).map(|token| token.id)
    }

    pub(crate) fn label_of(&self, call: &Call, endpoint: Endpoint, bearer: Option<TokenId>) -> String {
        match (bearer.and_then(|id| self.book.token(id)), call.param(endpoint.token_param()).or_else(|| call.bearer()))
        {
            (Some(token), _) => token.label(),
            (None, Some(_)) => "unknown".into(),
            (None, None) => "none".into(),
        }
    }
}

/// The reply of a fault that keeps Meta from acting.
fn instead_of_acting(fault: &Fault) -> Option<Result<Reply, MetaError>> {
    match fault {
        Fault::Error(error) => Some(Err(error.clone())),
        Fault::Html { status } => Some(Ok(Reply::Html { status: *status, page: dress::BUSY_PAGE.into() })),
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
        Some(fault) if fault.lets_meta_act() => format!("{} ({said})", fault.name()),
        Some(Fault::Error(_)) => format!("error {said}"),
        Some(fault) => fault.name().into(),
    }
}

/// A token as a draft for another like it.
pub(crate) fn draft_of(token: &Token) -> Draft {
    Draft {
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
pub(crate) fn mixed(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A random number as a share between 0 and 1.
#[allow(clippy::cast_precision_loss, reason = "32 bits fit a double")]
fn share(luck: u64) -> f64 {
    (luck >> 32) as f64 / (1_u64 << 32) as f64
}
