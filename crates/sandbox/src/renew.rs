//! Longer-lived tokens: exchange and refresh, of all three products.

use serde_json::{Map, Value, json};

use crate::{
    endpoint::{Endpoint, Product},
    error::{self, MetaError, Rejection},
    meta::{CallContext, Meta, Reply, draft_of},
    token::{Kind, NewToken, State, Token, TokenId},
    variants::{ExpiresIn, FbReexchange, OldAfterRefresh, RefreshShort, RefreshString, RefreshUnder24h, TokenType},
};

impl Meta {
    /// `GET /refresh_access_token` of Instagram and Threads: 60 days from now, for a token that is a day old and has not expired.
    pub(crate) fn refresh(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let grant = if ctx.product == Product::Threads { "th_refresh_token" } else { "ig_refresh_token" };
        get_with_grant(ctx, grant)?;
        let token = self.bearer(ctx)?;
        if token.short {
            return Err(match self.knobs.refresh_short.pick(&mut ctx.rng) {
                RefreshShort::Error190 => error::not_a_token(error_type(ctx.product)),
                RefreshShort::Error100 => {
                    error::bad_parameter("The access token is short-lived").kind(error_type(ctx.product))
                }
                RefreshShort::Error452 => error::session_key(ctx.subcodes),
            });
        }
        self.may_act(ctx, &token)?;
        if self.now() - token.issued_at < self.knobs.refresh_min_age {
            return match self.knobs.refresh_under_24h.pick(&mut ctx.rng) {
                RefreshUnder24h::NoOp => Ok(self.token_reply(ctx, token.id)),
                RefreshUnder24h::Error100 => Err(error::bad_parameter("The access token is too young to be refreshed")),
                RefreshUnder24h::Error190 => Err(error::not_a_token(error_type(ctx.product))),
            };
        }
        let expires_at = Some(self.now() + self.knobs.long_ttl);
        let renewed = match self.knobs.refresh_string.pick(&mut ctx.rng) {
            RefreshString::Same => {
                let now = self.now();
                if let Some(token) = self.registry.token_mut(token.id) {
                    token.issued_at = now;
                    token.expires_at = expires_at;
                }
                token.id
            }
            RefreshString::New => {
                if self.knobs.old_after_refresh == OldAfterRefresh::Dies {
                    self.set_state(&token.text, State::Revoked);
                }
                self.successor(ctx, &token, expires_at)
            }
        };
        Ok(self.token_reply(ctx, renewed))
    }

    /// `GET /access_token` of Instagram and Threads: a short-lived token for a long-lived one. The secret is looked at first.
    pub(crate) fn long_lived_exchange(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let grant = if ctx.product == Product::Threads { "th_exchange_token" } else { "ig_exchange_token" };
        get_with_grant(ctx, grant)?;
        let secret = ctx.call.param("client_secret").unwrap_or_default();
        let app = self.apps.iter().find(|app| app.product == ctx.product && app.secret == secret);
        let app_id = app.ok_or_else(|| error::bad_parameter("Error validating client secret"))?.id.clone();
        let token = self.bearer(ctx)?;
        if *token.app_id != app_id {
            return Err(error::bad_parameter("Error validating client secret"));
        }
        if !token.short {
            return Err(error::session_key(ctx.subcodes));
        }
        self.may_act(ctx, &token)?;
        let expires_at = Some(self.now() + self.knobs.long_ttl);
        let renewed = self.successor(ctx, &token, expires_at);
        Ok(self.token_reply(ctx, renewed))
    }

    /// `fb_exchange_token`: short for long. Whether it prolongs a long-lived user token is a knob.
    pub(crate) fn facebook_exchange(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let token = self.facebook_token_of_caller(ctx)?;
        let expires_at = match (token.expires_at, token.short, self.knobs.fb_reexchange) {
            (None, _, _) => None,
            (Some(_), true, _) | (Some(_), false, FbReexchange::Extends) => Some(self.now() + self.knobs.long_ttl),
            (Some(expires_at), false, FbReexchange::CountsDown) => Some(expires_at),
        };
        let renewed = self.successor(ctx, &token, expires_at);
        Ok(self.token_reply(ctx, renewed))
    }

    /// `fb_exchange_token` with `set_token_expires_in_60_days`: a new system-user token; the old one lives to its own expiry.
    pub(crate) fn system_user_refresh(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let token = self.facebook_token_of_caller(ctx)?;
        if token.kind != Kind::SystemUser {
            return Err(error::bad_parameter("(#100) set_token_expires_in_60_days is for system users alone"));
        }
        let expires_at = Some(self.now() + self.knobs.long_ttl);
        let renewed = self.successor(ctx, &token, expires_at);
        Ok(self.token_reply(ctx, renewed))
    }

    /// The app's id and secret first, then the token, which must be one of that app's.
    fn facebook_token_of_caller(&mut self, ctx: &mut CallContext<'_>) -> Result<Token, MetaError> {
        let app_id = self.facebook_app(ctx)?;
        let token = self.bearer(ctx)?;
        if *token.app_id != app_id {
            return Err(error::bad_parameter("(#100) The access token was issued to another app"));
        }
        Ok(token)
    }

    /// The Facebook app that `client_id` and `client_secret` belong to.
    pub(crate) fn facebook_app(&self, ctx: &CallContext<'_>) -> Result<String, MetaError> {
        let param = |name| ctx.call.param(name).unwrap_or_default();
        let app = self.apps.iter().find(|app| app.product == Product::Facebook && app.id == param("client_id"));
        let no_app = "Error validating application. Cannot get application info due to a system error.";
        let app = app.ok_or_else(|| MetaError::new(101, no_app))?;
        if app.secret != param("client_secret") {
            return Err(MetaError::new(1, "Error validating client secret."));
        }
        Ok(app.id.clone())
    }

    /// A new token in place of another, issued now.
    pub(crate) fn successor(&mut self, ctx: &mut CallContext<'_>, token: &Token, expires_at: Option<i64>) -> TokenId {
        let new_token = NewToken { issued_at: self.now(), expires_at, short: false, ..draft_of(token) };
        self.registry.add(new_token, &mut ctx.rng).id
    }

    /// `{"access_token", "token_type", "expires_in"}` in one of the forms that the knobs allow. No `expires_in`: never expires.
    pub(crate) fn token_reply(&self, ctx: &mut CallContext<'_>, id: TokenId) -> Reply {
        let mut reply = Map::new();
        if let Some(token) = self.registry.token(id) {
            reply.insert("access_token".into(), Value::from(&*token.text));
            match self.knobs.token_type.pick(&mut ctx.rng) {
                TokenType::Lower => drop(reply.insert("token_type".into(), "bearer".into())),
                TokenType::Capital => drop(reply.insert("token_type".into(), "Bearer".into())),
                TokenType::Absent => {}
            }
            let expires_in = token.expires_at.map(|expires_at| {
                let jitter = i64::from(ctx.rng.u32(..=self.knobs.expires_in_jitter));
                (expires_at - self.now() - jitter).max(1)
            });
            match (expires_in, self.knobs.expires_in.pick(&mut ctx.rng)) {
                (None, _) | (_, ExpiresIn::Absent) => {}
                (Some(seconds), ExpiresIn::Number) => drop(reply.insert("expires_in".into(), seconds.into())),
                (Some(seconds), ExpiresIn::Text) => drop(reply.insert("expires_in".into(), seconds.to_string().into())),
                (Some(_), ExpiresIn::Zero) => drop(reply.insert("expires_in".into(), json!(0))),
            }
        }
        Reply::Json(Value::Object(reply))
    }

    /// The token that the call is made with or about, if it is good at this host and now.
    pub(crate) fn bearer(&self, ctx: &CallContext<'_>) -> Result<Token, MetaError> {
        let allows_header = self.knobs.bearer || ctx.product == Product::Facebook;
        let header = ctx.call.bearer().filter(|_| allows_header);
        let text = ctx.call.param(ctx.endpoint.token_param()).or(header).unwrap_or_default();
        if text.is_empty() {
            return Err(error::not_a_token(error_type(ctx.product)));
        }
        self.good_token(ctx, text)
    }

    /// The token with that text, if it is good at this host and now.
    pub(crate) fn good_token(&self, ctx: &CallContext<'_>, text: &str) -> Result<Token, MetaError> {
        let token = self.registry.find(text).filter(|token| token.kind.product() == ctx.product);
        let token = token.ok_or_else(error::cannot_parse)?;
        match self.rejection(ctx, token) {
            Some(error) => Err(error),
            None => Ok(token.clone()),
        }
    }

    /// Why a token is refused at its own host; `None` for a good one.
    pub(crate) fn rejection(&self, ctx: &CallContext<'_>, token: &Token) -> Option<MetaError> {
        let now = self.now();
        let rejection = match token.state_at(now) {
            State::Live => return None,
            State::RoleRemoved => return Some(lost_role(ctx, token)),
            State::BasicDisplay => return Some(error::unsupported(&ctx.call.method)),
            State::Expired => Rejection::Expired { at: token.expires_at.map_or(now, |at| at.min(now)), now },
            State::Revoked => Rejection::LoggedOut,
            State::PasswordChanged => Rejection::PasswordChanged,
            State::Deauthorized => Rejection::NotAuthorized { app: token.app_id.to_string() },
            State::Checkpoint => Rejection::Checkpoint {
                site: match token.kind.product() {
                    Product::Instagram => "www.instagram.com",
                    Product::Facebook => "www.facebook.com",
                    Product::Threads => "www.threads.com",
                },
            },
        };
        Some(rejection.error(ctx.language, ctx.subcodes))
    }

    /// Whether the permissions are there: the basic scope, and on a private profile the consent.
    fn may_act(&self, ctx: &CallContext<'_>, token: &Token) -> Result<(), MetaError> {
        let basic = if ctx.product == Product::Threads { "threads_basic" } else { "instagram_business_basic" };
        let consent_is_over = token.data_access_expires_at.is_some_and(|at| at <= self.now());
        if !token.scopes.iter().any(|scope| scope == basic) || (self.account(token).private && consent_is_over) {
            return Err(error::no_permission(error_type(ctx.product)));
        }
        Ok(())
    }
}

/// An account without its role: Instagram speaks of the method, Facebook of the page, Threads of the permission.
fn lost_role(ctx: &CallContext<'_>, token: &Token) -> MetaError {
    match token.kind {
        Kind::Instagram => error::unsupported(&ctx.call.method),
        Kind::Threads => error::no_permission("THApiException"),
        Kind::FacebookUser | Kind::FacebookPage | Kind::SystemUser => {
            let message = "Error validating access token: The user no longer has a role on the page.";
            let error = MetaError::new(190, message);
            if ctx.subcodes { error.subcode(492) } else { error }
        }
    }
}

fn get_with_grant(ctx: &CallContext<'_>, grant: &str) -> Result<(), MetaError> {
    if ctx.call.method != "GET" {
        return Err(error::unsupported(&ctx.call.method));
    }
    debug_assert!(matches!(ctx.endpoint, Endpoint::Refresh | Endpoint::LongLivedExchange));
    match ctx.call.param("grant_type") {
        Some(given) if given == grant => Ok(()),
        _ => {
            Err(error::bad_parameter("(#100) Param grant_type is missing or not supported")
                .kind(error_type(ctx.product)))
        }
    }
}

/// The `type` of errors at a product's graph host.
pub(crate) fn error_type(product: Product) -> &'static str {
    match product {
        Product::Instagram => "IGApiException",
        Product::Threads => "THApiException",
        Product::Facebook => "OAuthException",
    }
}
