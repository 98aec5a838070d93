//! The state machine: a call goes in, an answer comes out. No sockets, no async, no clock of its own.

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;

use crate::{
    call::{Answer, Call, Delivery},
    dress,
    endpoint::{Endpoint, Product, product_of},
    error::MetaError,
    fault::{self, Fault, Order},
    journal::{Entry, Journal, Rule, Violation},
    knobs::{App, Clock, Config, Knobs, Language},
    login::Code,
    token::{Account, AccountId, Book, Draft, Issue, Kind, State, Token, TokenId},
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
    orders: Vec<Order>,
    journal: Journal,
    now: i64,
    seed: u64,
    issued_by_hand: u64,
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
        if answer.delivery == Delivery::Whole && result.is_err() {
            self.note_told_dead(bearer);
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

    fn label_of(&self, call: &Call, endpoint: Endpoint, bearer: Option<TokenId>) -> String {
        match (bearer.and_then(|id| self.book.token(id)), call.param(endpoint.token_param()).or_else(|| call.bearer()))
        {
            (Some(token), _) => token.label(),
            (None, Some(_)) => "unknown".into(),
            (None, None) => "none".into(),
        }
    }

    /// Notes that the bearer of this token knows now that it is dead for good.
    fn note_told_dead(&mut self, bearer: Option<TokenId>) {
        let now = self.now;
        if let Some(token) = bearer.and_then(|id| self.book.token_mut(id))
            && is_terminal(token.state_at(now))
        {
            token.told_dead += 1;
        }
    }

    /// Holds the call against what a careful client does.
    fn inspect(&mut self, call: &Call, endpoint: Endpoint, bearer: Option<TokenId>, number: u64) {
        if matches!(endpoint, Endpoint::Authorize | Endpoint::Unknown) {
            return;
        }
        let header = |name| call.header_value(name).unwrap_or_default();
        let token = bearer.and_then(|id| self.book.token(id));
        let is_refresh = endpoint == Endpoint::Refresh;
        let is_exchange = is_refresh || endpoint == Endpoint::LongLivedExchange;
        let is_meta_form = endpoint != Endpoint::CodeExchange
            || product_of(&call.host) == Product::Facebook
            || (call.method == "POST" && !call.form.is_empty());
        let is_young = |token: &Token| {
            matches!(endpoint, Endpoint::Refresh | Endpoint::SystemUserRefresh)
                && !token.short
                && self.now - token.issued_at < self.knobs.refresh_min_age
        };
        let forgiven = self.knobs.dead_calls_forgiven;
        let broken = [
            (is_exchange && call.method != "GET", Rule::RefreshByGet),
            (!is_meta_form, Rule::CodeByForm),
            (is_refresh && call.param("client_secret").is_some(), Rule::NoSecretInRefresh),
            (!header("accept").contains("application/json"), Rule::AcceptJson),
            (header("user-agent").is_empty(), Rule::UserAgent),
            (!header("referer").is_empty(), Rule::NoReferer),
            (token.is_some_and(is_young), Rule::NotUnder24h),
            (token.is_some_and(|t| t.told_dead > forgiven && is_terminal(t.state_at(self.now))), Rule::DeadTokensRest),
        ];
        let label = self.label_of(call, endpoint, bearer);
        for (_, rule) in broken.into_iter().filter(|(is_broken, _)| *is_broken) {
            self.journal.object(Violation { number, at: self.now, endpoint, token: label.clone(), rule });
        }
    }
}

/// What people and tests do with it.
impl Meta {
    /// Unix seconds by the sandbox's clock.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Sets the clock, ahead or back.
    pub fn set_now(&mut self, unix_seconds: i64) {
        self.now = unix_seconds;
    }

    /// Moves the clock.
    pub fn advance(&mut self, seconds: i64) {
        self.now = self.now.saturating_add(seconds);
    }

    /// Issues a token by hand and returns its text.
    pub fn issue(&mut self, issue: &Issue) -> String {
        self.issued_by_hand += 1;
        let dice = &mut fastrand::Rng::with_seed(mixed(!self.seed, self.issued_by_hand));
        let account = self.account_named(issue.kind, issue.username.as_deref(), issue.user_id.as_deref(), dice);
        self.book.account_mut(account).private |= issue.private;
        let issued_at = self.now.saturating_sub(issue.age);
        let usual_ttl = match issue.kind {
            _ if issue.short => self.knobs.short_ttl,
            Kind::FacebookPage | Kind::SystemUser => 0,
            _ => self.knobs.long_ttl,
        };
        let ttl = issue.ttl.unwrap_or(usual_ttl);
        let usual_scopes = || issue.kind.usual_scopes().iter().map(ToString::to_string).collect();
        let draft = Draft {
            kind: issue.kind,
            app_id: self.app(issue.kind.product()).map(|app| app.id.as_str()).unwrap_or_default().into(),
            account,
            issued_at,
            expires_at: (ttl != 0).then(|| issued_at.saturating_add(ttl)),
            data_access_expires_at: (issue.kind != Kind::SystemUser).then(|| issued_at + self.knobs.consent_ttl),
            scopes: issue.scopes.clone().unwrap_or_else(usual_scopes).into(),
            short: issue.short,
            state: issue.state,
        };
        self.book.add(draft, dice).text.to_string()
    }

    /// The account of that name or id at that product, made if there is none.
    pub(crate) fn account_named(
        &mut self,
        kind: Kind,
        username: Option<&str>,
        user_id: Option<&str>,
        dice: &mut fastrand::Rng,
    ) -> AccountId {
        let known = self.book.accounts().find(|(_, account)| {
            account.product == kind.product()
                && (user_id.is_some_and(|id| account.user_id == id)
                    || user_id.is_none() && username.is_some_and(|name| account.username == name))
        });
        if let Some((id, _)) = known {
            return id;
        }
        let number = self.book.accounts().count() + 1;
        // As long as Meta's: beyond what a JavaScript number holds.
        let made_up_id = || match kind.product() {
            Product::Facebook => format!("1040{number:011}"),
            Product::Instagram | Product::Threads => format!("178414{number:011}"),
        };
        self.book.add_account(Account {
            product: kind.product(),
            username: username.map_or_else(|| format!("sandbox_{number}"), str::to_owned),
            user_id: user_id.map_or_else(made_up_id, str::to_owned),
            app_scoped_id: format!("309276087{number:08}"),
            account_type: if dice.bool() { "BUSINESS" } else { "MEDIA_CREATOR" }.into(),
            private: false,
            page: None,
            luck: dice.u64(..),
        })
    }

    /// The token with that text.
    pub fn token(&self, text: &str) -> Option<&Token> {
        self.book.find(text)
    }

    /// All tokens, oldest first.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = &Token> {
        self.book.tokens()
    }

    /// The token issued last to an account, by username or user id.
    pub fn newest_token(&self, name_or_id: &str) -> Option<&Token> {
        self.tokens().rev().find(|token| {
            let account = self.account(token);
            account.username == name_or_id || account.user_id == name_or_id
        })
    }

    /// Whom a token speaks for.
    pub fn account(&self, token: &Token) -> &Account {
        self.book.account(token.account)
    }

    /// All accounts.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.book.accounts().map(|(_, account)| account)
    }

    /// Changes the state of tokens: of one by its text or as `#7`, or of all that an account has, by username or user id.
    /// Returns how many there were.
    pub fn set_state(&mut self, which: &str, state: State) -> usize {
        let number =
            which.strip_prefix('#').and_then(|number| number.parse().ok()).or_else(|| self.token(which).map(|t| t.id));
        let is_meant = |account: &Account| account.username == which || account.user_id == which;
        let accounts: Vec<_> = self.book.accounts().filter(|(_, a)| is_meant(a)).map(|(id, _)| id).collect();
        let tokens = self.book.tokens_mut().filter(|token| match number {
            Some(number) => token.id == number,
            None => accounts.contains(&token.account),
        });
        tokens
            .map(|token| {
                token.state = state;
                token.told_dead = 0;
            })
            .count()
    }

    /// The knobs as they stand.
    pub fn knobs(&self) -> &Knobs {
        &self.knobs
    }

    /// The knobs, to be turned.
    pub fn knobs_mut(&mut self) -> &mut Knobs {
        &mut self.knobs
    }

    /// The first app of a product.
    pub fn app(&self, product: Product) -> Option<&App> {
        self.apps.iter().find(|app| app.product == product)
    }

    /// All apps.
    pub fn apps(&self) -> &[App] {
        &self.apps
    }

    /// Orders a fault; orders are tried in the order in which they came.
    pub fn order(&mut self, order: Order) {
        self.orders.push(order);
    }

    /// The faults that are still to come.
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Takes all orders back.
    pub fn clear_orders(&mut self) {
        self.orders.clear();
    }

    /// The last calls, oldest first.
    pub fn log(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.journal.entries()
    }

    /// How many calls there were to an endpoint.
    pub fn calls_to(&self, endpoint: Endpoint) -> u64 {
        self.journal.count(endpoint)
    }

    /// How many calls had each outcome: `ok`, `190/463`, the name of a fault.
    pub fn outcomes(&self) -> impl Iterator<Item = (&str, u64)> {
        self.journal.outcomes().iter().map(|(outcome, count)| (outcome.as_str(), *count))
    }

    /// What a careful client would not have done, oldest first.
    pub fn violations(&self) -> impl DoubleEndedIterator<Item = &Violation> + ExactSizeIterator {
        self.journal.violations()
    }

    /// Forgets the calls and their counts.
    pub fn clear_log(&mut self) {
        self.journal.clear_entries();
    }

    /// Forgets the violations.
    pub fn clear_violations(&mut self) {
        self.journal.clear_violations();
    }

    /// Notes how many calls are open at once; more than the knob allows is a violation.
    pub(crate) fn note_open_calls(&mut self, open: u32) {
        if self.knobs.calls_at_once.is_some_and(|limit| open > limit) {
            let (number, at) = (self.journal.calls() + 1, self.now);
            let (endpoint, token) = (Endpoint::Unknown, "none".into());
            self.journal.object(Violation { number, at, endpoint, token, rule: Rule::CallsAtOnce });
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

/// Only a new login helps.
fn is_terminal(state: State) -> bool {
    matches!(state, State::Expired | State::Revoked | State::Password | State::Deauthorized | State::BasicDisplay)
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
