//! Handles a call from start to end: endpoint, fault, response, log.

use serde_json::Value;

use crate::{
    call::{Call, Delivery, Response},
    call_log::LoggedCall,
    endpoint::{Endpoint, Product},
    error::MetaError,
    fault::{self, Fault},
    response,
    state::{CallContext, Meta, Reply, mix},
    token::{Token, TokenId},
    variants::Language,
};

impl Meta {
    /// Handles any call.
    pub fn handle(&mut self, call: &Call) -> Response {
        let endpoint = Endpoint::of(call);
        let bearer = self.bearer_of(call, endpoint);
        let number = self.call_log.begin_call();
        self.check_rules(call, endpoint, bearer, number);
        let mut ctx = self.context(call, endpoint, bearer, number);
        let fault = self.fault_for(endpoint, bearer, &mut ctx.rng);
        let mut result = fault.as_ref().and_then(fault_reply).unwrap_or_else(|| self.execute(&mut ctx));
        if let (Ok(Reply::Json(reply)), Some(fault)) = (&mut result, &fault) {
            self.alter_reply(reply, fault, &mut ctx.rng);
        }
        let response = response::build(&mut ctx, &result, fault.as_ref(), &self.knobs, self.now);
        if matches!(fault, None | Some(Fault::WrongDate { .. })) {
            self.note_response(endpoint, bearer, result.is_ok());
        }
        let is_sent = !matches!(response.delivery, Delivery::Dropped | Delivery::LostAfterApply);
        let token = bearer.and_then(|id| self.registry.token(id));
        self.call_log.record_call(LoggedCall {
            number,
            at: self.now,
            endpoint,
            token: self.label_of(call, endpoint, bearer),
            account: token.map(|token| self.account(token).username.clone()),
            status: is_sent.then_some(response.status),
            outcome: outcome(&result, fault.as_ref()),
        });
        response
    }

    fn execute(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
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

    /// Seeds the random choices of one call by its token or, without a token, by its number.
    fn context<'a>(
        &mut self,
        call: &'a Call,
        endpoint: Endpoint,
        bearer: Option<TokenId>,
        number: u64,
    ) -> CallContext<'a> {
        let seed = match bearer.and_then(|id| self.registry.token_mut(id)) {
            Some(token) => {
                token.calls += 1;
                mix(token.rng_seed, token.calls)
            }
            None => mix(self.seed, number),
        };
        let mut rng = fastrand::Rng::with_seed(seed);
        let (language, subcodes) = (self.knobs.language.pick(&mut rng), self.knobs.subcodes.pick(&mut rng));
        let wants_english = call.param("locale") == Some("en_US")
            || call.header_value("accept-language").is_some_and(|languages| languages.starts_with("en"));
        let language = if wants_english && self.knobs.honours_locale { Language::En } else { language };
        CallContext { call, endpoint, product: Product::of_host(&call.host), rng, language, subcodes }
    }

    /// The fault for this call: an injected one first, then an incident, then a random one.
    fn fault_for(&mut self, endpoint: Endpoint, bearer: Option<TokenId>, rng: &mut fastrand::Rng) -> Option<Fault> {
        let bearer = bearer.and_then(|id| self.registry.token(id)).map(|t| (t, self.registry.account(t.account)));
        if let Some(fault) = fault::injected(&mut self.injections, endpoint, bearer, rng) {
            return Some(fault);
        }
        if let (Some(incident), Some((_, account))) = (&self.knobs.incident, bearer) {
            let is_active = incident.until.is_none_or(|until| self.now < until);
            let is_affected = incident.product.is_none_or(|product| product == account.product);
            if is_active && is_affected && fraction(account.rng_seed) < incident.fraction {
                return Some(Fault::Error(incident.error.clone()));
            }
        }
        let is_exempt = matches!(endpoint, Endpoint::Authorize | Endpoint::Unknown);
        if is_exempt { None } else { fault::random(&self.knobs.fault_rates, rng) }
    }

    /// Applies a fault to a finished reply.
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
                let text = fields.get("access_token").and_then(Value::as_str);
                if let Some(token) = text.and_then(|text| self.registry.find(text)).cloned() {
                    let account = self.find_or_add_account(token.kind, Some("somebody_else"), None, rng);
                    let new = Token { account, ..token };
                    fields.insert("access_token".into(), Value::from(&*self.registry.add(new, rng).text));
                }
            }
            Fault::NotValid { reason } if fields.contains_key("is_valid") => {
                fields.insert("is_valid".into(), false.into());
                fields.shift_remove("error");
                fields.extend(reason.json().map(|error| ("error".to_owned(), error)));
            }
            _ => {}
        }
    }
}

/// The reply of a fault that keeps Meta from executing the call.
fn fault_reply(fault: &Fault) -> Option<Result<Reply, MetaError>> {
    match fault {
        Fault::Error(error) => Some(Err(error.clone())),
        Fault::Html { status } => Some(Ok(Reply::Html { status: *status, page: response::BUSY_PAGE.into() })),
        Fault::Empty { status } => Some(Ok(Reply::Empty { status: *status })),
        Fault::Redirect { location } => Some(Ok(Reply::Redirect(location.clone()))),
        Fault::Dropped => Some(Ok(Reply::Empty { status: 500 })),
        _ => None,
    }
}

/// The outcome as the log shows it.
fn outcome(result: &Result<Reply, MetaError>, fault: Option<&Fault>) -> String {
    let outcome = match result {
        Ok(_) => "ok".into(),
        Err(error) => error.summary(),
    };
    match fault {
        None => outcome,
        Some(fault) if fault.executes_call() => format!("{} ({outcome})", fault.name()),
        Some(Fault::Error(_)) => format!("error {outcome}"),
        Some(fault) => fault.name().into(),
    }
}

/// A random number scaled to between 0 and 1.
#[allow(clippy::cast_precision_loss, reason = "32 bits fit a double")]
fn fraction(random: u64) -> f64 {
    (random >> 32) as f64 / (1_u64 << 32) as f64
}
