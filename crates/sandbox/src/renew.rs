//! Longer-lived tokens: exchange and refresh, of all three products.

use serde_json::{Map, Value, json};

use crate::{
    endpoint::{Endpoint, Product},
    error::{self, MetaError, Refusal},
    meta::{Ask, Meta, Reply, draft_of},
    token::{Draft, Kind, State, Token, TokenId},
    ways::{ExpiresIn, FbReexchange, OldAfterRefresh, RefreshShort, RefreshString, RefreshUnder24h, TokenType},
};

impl Meta {
    /// `GET /refresh_access_token` of Instagram and Threads: 60 days from now, for a token that is a day old and has not expired.
    pub(crate) fn refresh(&mut self, ask: &mut Ask<'_>) -> Result<Reply, MetaError> {
        let grant = if ask.product == Product::Threads { "th_refresh_token" } else { "ig_refresh_token" };
        get_with_grant(ask, grant)?;
        let token = self.bearer(ask)?;
        if token.short {
            return Err(match self.knobs.refresh_short.pick(&mut ask.dice) {
                RefreshShort::Error190 => error::not_a_token(exception_of(ask.product)),
                RefreshShort::Error100 => {
                    error::bad_parameter("The access token is short-lived").kind(exception_of(ask.product))
                }
                RefreshShort::Error452 => error::session_key(ask.subcodes),
            });
        }
        self.may_act(ask, &token)?;
        if self.now() - token.issued_at < self.knobs.refresh_min_age {
            return match self.knobs.refresh_under_24h.pick(&mut ask.dice) {
                RefreshUnder24h::NoOp => Ok(self.token_reply(ask, token.id)),
                RefreshUnder24h::Error100 => Err(error::bad_parameter("The access token is too young to be refreshed")),
                RefreshUnder24h::Error190 => Err(error::not_a_token(exception_of(ask.product))),
            };
        }
        let expires_at = Some(self.now() + self.knobs.long_ttl);
        let renewed = match self.knobs.refresh_string.pick(&mut ask.dice) {
            RefreshString::Same => {
                let now = self.now();
                if let Some(token) = self.book.token_mut(token.id) {
                    token.issued_at = now;
                    token.expires_at = expires_at;
                }
                token.id
            }
            RefreshString::New => {
                if self.knobs.old_after_refresh == OldAfterRefresh::Dies {
                    self.set_state(&token.text, State::Revoked);
                }
                self.successor(ask, &token, expires_at)
            }
        };
        Ok(self.token_reply(ask, renewed))
    }

    /// `GET /access_token` of Instagram and Threads: a short-lived token for a long-lived one. The secret is looked at first.
    pub(crate) fn long_lived_exchange(&mut self, ask: &mut Ask<'_>) -> Result<Reply, MetaError> {
        let grant = if ask.product == Product::Threads { "th_exchange_token" } else { "ig_exchange_token" };
        get_with_grant(ask, grant)?;
        let secret = ask.call.param("client_secret").unwrap_or_default();
        let app = self.apps.iter().find(|app| app.product == ask.product && app.secret == secret);
        let app_id = app.ok_or_else(|| error::bad_parameter("Error validating client secret"))?.id.clone();
        let token = self.bearer(ask)?;
        if *token.app_id != app_id {
            return Err(error::bad_parameter("Error validating client secret"));
        }
        if !token.short {
            return Err(error::session_key(ask.subcodes));
        }
        self.may_act(ask, &token)?;
        let expires_at = Some(self.now() + self.knobs.long_ttl);
        let renewed = self.successor(ask, &token, expires_at);
        Ok(self.token_reply(ask, renewed))
    }

    /// `fb_exchange_token`: short for long. Whether it prolongs a long-lived user token is a knob.
    pub(crate) fn facebook_exchange(&mut self, ask: &mut Ask<'_>) -> Result<Reply, MetaError> {
        let token = self.facebook_token_of_caller(ask)?;
        let expires_at = match (token.expires_at, token.short, self.knobs.fb_reexchange) {
            (None, _, _) => None,
            (Some(_), true, _) | (Some(_), false, FbReexchange::Extends) => Some(self.now() + self.knobs.long_ttl),
            (Some(expires_at), false, FbReexchange::CountsDown) => Some(expires_at),
        };
        let renewed = self.successor(ask, &token, expires_at);
        Ok(self.token_reply(ask, renewed))
    }

    /// `fb_exchange_token` with `set_token_expires_in_60_days`: a new system-user token; the old one lives to its own expiry.
    pub(crate) fn system_user_refresh(&mut self, ask: &mut Ask<'_>) -> Result<Reply, MetaError> {
        let token = self.facebook_token_of_caller(ask)?;
        if token.kind != Kind::SystemUser {
            return Err(error::bad_parameter("(#100) set_token_expires_in_60_days is for system users alone"));
        }
        let expires_at = Some(self.now() + self.knobs.long_ttl);
        let renewed = self.successor(ask, &token, expires_at);
        Ok(self.token_reply(ask, renewed))
    }

    /// The app's id and secret first, then the token, which must be one of that app's.
    fn facebook_token_of_caller(&mut self, ask: &mut Ask<'_>) -> Result<Token, MetaError> {
        let app_id = self.facebook_app(ask)?;
        let token = self.bearer(ask)?;
        if *token.app_id != app_id {
            return Err(error::bad_parameter("(#100) The access token was issued to another app"));
        }
        Ok(token)
    }

    /// The Facebook app that `client_id` and `client_secret` belong to.
    pub(crate) fn facebook_app(&self, ask: &Ask<'_>) -> Result<String, MetaError> {
        let param = |name| ask.call.param(name).unwrap_or_default();
        let app = self.apps.iter().find(|app| app.product == Product::Facebook && app.id == param("client_id"));
        let no_app = "Error validating application. Cannot get application info due to a system error.";
        let app = app.ok_or_else(|| MetaError::new(101, no_app))?;
        if app.secret != param("client_secret") {
            return Err(MetaError::new(1, "Error validating client secret."));
        }
        Ok(app.id.clone())
    }

    /// A new token in place of another, issued now.
    pub(crate) fn successor(&mut self, ask: &mut Ask<'_>, token: &Token, expires_at: Option<i64>) -> TokenId {
        let draft = Draft { issued_at: self.now(), expires_at, short: false, ..draft_of(token) };
        self.book.add(draft, &mut ask.dice).id
    }

    /// `{"access_token", "token_type", "expires_in"}` in one of the forms that the knobs allow. No `expires_in`: never expires.
    pub(crate) fn token_reply(&self, ask: &mut Ask<'_>, id: TokenId) -> Reply {
        let mut reply = Map::new();
        if let Some(token) = self.book.token(id) {
            reply.insert("access_token".into(), Value::from(&*token.text));
            match self.knobs.token_type.pick(&mut ask.dice) {
                TokenType::Lower => drop(reply.insert("token_type".into(), "bearer".into())),
                TokenType::Capital => drop(reply.insert("token_type".into(), "Bearer".into())),
                TokenType::Absent => {}
            }
            let expires_in = token.expires_at.map(|expires_at| {
                let jitter = i64::from(ask.dice.u32(..=self.knobs.expires_in_jitter));
                (expires_at - self.now() - jitter).max(1)
            });
            match (expires_in, self.knobs.expires_in.pick(&mut ask.dice)) {
                (None, _) | (_, ExpiresIn::Absent) => {}
                (Some(seconds), ExpiresIn::Number) => drop(reply.insert("expires_in".into(), seconds.into())),
                (Some(seconds), ExpiresIn::Text) => drop(reply.insert("expires_in".into(), seconds.to_string().into())),
                (Some(_), ExpiresIn::Zero) => drop(reply.insert("expires_in".into(), json!(0))),
            }
        }
        Reply::Json(Value::Object(reply))
    }

    /// The token that the call is made with or about, if it is good at this host and now.
    pub(crate) fn bearer(&self, ask: &Ask<'_>) -> Result<Token, MetaError> {
        let allows_header = self.knobs.bearer || ask.product == Product::Facebook;
        let header = ask.call.bearer().filter(|_| allows_header);
        let text = ask.call.param(ask.endpoint.token_param()).or(header).unwrap_or_default();
        if text.is_empty() {
            return Err(error::not_a_token(exception_of(ask.product)));
        }
        self.good_token(ask, text)
    }

    /// The token with that text, if it is good at this host and now.
    pub(crate) fn good_token(&self, ask: &Ask<'_>, text: &str) -> Result<Token, MetaError> {
        let token = self.book.find(text).filter(|token| token.kind.product() == ask.product);
        let token = token.ok_or_else(error::cannot_parse)?;
        match self.refusal(ask, token) {
            Some(error) => Err(error),
            None => Ok(token.clone()),
        }
    }

    /// Why a token is refused at its own host; `None` for a good one.
    pub(crate) fn refusal(&self, ask: &Ask<'_>, token: &Token) -> Option<MetaError> {
        let now = self.now();
        let refusal = match token.state_at(now) {
            State::Live => return None,
            State::RoleRemoved => return Some(lost_role(ask, token)),
            State::BasicDisplay => return Some(error::unsupported(&ask.call.method)),
            State::Expired => Refusal::Expired { at: token.expires_at.map_or(now, |at| at.min(now)), now },
            State::Revoked => Refusal::LoggedOut,
            State::Password => Refusal::PasswordChanged,
            State::Deauthorized => Refusal::NotAuthorized { app: token.app_id.to_string() },
            State::Checkpoint => Refusal::Checkpoint {
                site: match token.kind.product() {
                    Product::Instagram => "www.instagram.com",
                    Product::Facebook => "www.facebook.com",
                    Product::Threads => "www.threads.com",
                },
            },
        };
        Some(refusal.error(ask.language, ask.subcodes))
    }

    /// Whether the permissions are there: the basic scope, and on a private profile the consent.
    fn may_act(&self, ask: &Ask<'_>, token: &Token) -> Result<(), MetaError> {
        let basic = if ask.product == Product::Threads { "threads_basic" } else { "instagram_business_basic" };
        let consent_is_over = token.data_access_expires_at.is_some_and(|at| at <= self.now());
        if !token.scopes.iter().any(|scope| scope == basic) || (self.account(token).private && consent_is_over) {
            return Err(error::no_permission(exception_of(ask.product)));
        }
        Ok(())
    }
}

/// An account without its role: Instagram speaks of the method, Facebook of the page, Threads of the permission.
fn lost_role(ask: &Ask<'_>, token: &Token) -> MetaError {
    match token.kind {
        Kind::Instagram => error::unsupported(&ask.call.method),
        Kind::Threads => error::no_permission("THApiException"),
        Kind::FacebookUser | Kind::FacebookPage | Kind::SystemUser => {
            let message = "Error validating access token: The user no longer has a role on the page.";
            let error = MetaError::new(190, message);
            if ask.subcodes { error.subcode(492) } else { error }
        }
    }
}

fn get_with_grant(ask: &Ask<'_>, grant: &str) -> Result<(), MetaError> {
    if ask.call.method != "GET" {
        return Err(error::unsupported(&ask.call.method));
    }
    debug_assert!(matches!(ask.endpoint, Endpoint::Refresh | Endpoint::LongLivedExchange));
    match ask.call.param("grant_type") {
        Some(given) if given == grant => Ok(()),
        _ => {
            Err(error::bad_parameter("(#100) Param grant_type is missing or not supported")
                .kind(exception_of(ask.product)))
        }
    }
}

/// The `type` of errors at a product's graph host.
pub(crate) fn exception_of(product: Product) -> &'static str {
    match product {
        Product::Instagram => "IGApiException",
        Product::Threads => "THApiException",
        Product::Facebook => "OAuthException",
    }
}
