//! Refresh and exchange of tokens, for all three products.

use serde_json::{Map, Value, json};

use crate::{
    endpoint::{Endpoint, Product},
    error::{self, MetaError},
    state::{CallContext, Meta, Reply},
    token::{Kind, State, Token, TokenId},
    variants::{ExpiresIn, FbReexchange, OldAfterRefresh, RefreshShort, RefreshString, RefreshUnder24h, TokenType},
};

impl Meta {
    /// `GET /refresh_access_token` of Instagram and Threads: 60 days for a valid token that is at least a day old.
    pub(crate) fn refresh(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        require_get_with_grant(ctx, "refresh_token")?;
        let token = self.bearer(ctx)?;
        let error_type = ctx.product.error_type();
        if token.short {
            return Err(match self.knobs.refresh_short.pick(&mut ctx.rng) {
                RefreshShort::Error190 => error::not_a_token(error_type),
                RefreshShort::Error100 => error::bad_parameter("The access token is short-lived").kind(error_type),
                RefreshShort::Error452 => error::session_key(ctx.subcodes),
            });
        }
        self.check_permission(ctx, &token)?;
        if self.now - token.issued_at < self.knobs.refresh_min_age {
            return match self.knobs.refresh_under_24h.pick(&mut ctx.rng) {
                RefreshUnder24h::NoOp => Ok(self.token_reply(ctx, token.id)),
                RefreshUnder24h::Error100 => Err(error::bad_parameter("The access token is too young to be refreshed")),
                RefreshUnder24h::Error190 => Err(error::not_a_token(error_type)),
            };
        }
        let expires_at = Some(self.now + self.knobs.long_ttl);
        let refreshed = match self.knobs.refresh_string.pick(&mut ctx.rng) {
            RefreshString::Same => {
                if let Some(token) = self.registry.token_mut(token.id) {
                    token.issued_at = self.now;
                    token.expires_at = expires_at;
                }
                token.id
            }
            RefreshString::New => {
                if self.knobs.old_after_refresh == OldAfterRefresh::Dies {
                    self.set_state(&token.text, State::Revoked);
                }
                self.issue_replacement(ctx, &token, expires_at)
            }
        };
        Ok(self.token_reply(ctx, refreshed))
    }

    /// `GET /access_token` of Instagram and Threads: a short-lived token for a long-lived one. Checks the secret first.
    pub(crate) fn long_lived_exchange(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        require_get_with_grant(ctx, "exchange_token")?;
        let secret = ctx.param("client_secret");
        let app = self.apps.iter().find(|app| app.product == ctx.product && app.secret == secret);
        let app_id = app.ok_or_else(|| error::bad_parameter("Error validating client secret"))?.id.clone();
        let token = self.bearer(ctx)?;
        if *token.app_id != app_id {
            return Err(error::bad_parameter("Error validating client secret"));
        }
        if !token.short {
            return Err(error::session_key(ctx.subcodes));
        }
        self.check_permission(ctx, &token)?;
        Ok(self.reply_with_replacement(ctx, &token, Some(self.now + self.knobs.long_ttl)))
    }

    /// `fb_exchange_token`: a short-lived token for a long-lived one. A knob decides what a long-lived one yields.
    pub(crate) fn facebook_exchange(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let token = self.facebook_token_of_caller(ctx)?;
        let expires_at = match (token.expires_at, token.short, self.knobs.fb_reexchange) {
            (None, _, _) => None,
            (Some(_), true, _) | (Some(_), false, FbReexchange::Extends) => Some(self.now + self.knobs.long_ttl),
            (Some(expires_at), false, FbReexchange::CountsDown) => Some(expires_at),
        };
        Ok(self.reply_with_replacement(ctx, &token, expires_at))
    }

    /// `fb_exchange_token` with `set_token_expires_in_60_days`: a new system-user token; the old one keeps its expiry.
    pub(crate) fn system_user_refresh(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let token = self.facebook_token_of_caller(ctx)?;
        if token.kind != Kind::SystemUser {
            return Err(error::bad_parameter("(#100) set_token_expires_in_60_days is for system users only"));
        }
        Ok(self.reply_with_replacement(ctx, &token, Some(self.now + self.knobs.long_ttl)))
    }

    /// Checks the app's id and secret first, then the token, which must belong to that app.
    fn facebook_token_of_caller(&mut self, ctx: &mut CallContext<'_>) -> Result<Token, MetaError> {
        let app_id = self.facebook_app(ctx)?;
        let token = self.bearer(ctx)?;
        if *token.app_id != app_id {
            return Err(error::bad_parameter("(#100) The access token was issued to another app"));
        }
        Ok(token)
    }

    fn reply_with_replacement(&mut self, ctx: &mut CallContext<'_>, token: &Token, expires_at: Option<i64>) -> Reply {
        let replacement = self.issue_replacement(ctx, token, expires_at);
        self.token_reply(ctx, replacement)
    }

    /// Issues a new long-lived token like this one.
    fn issue_replacement(&mut self, ctx: &mut CallContext<'_>, token: &Token, expires_at: Option<i64>) -> TokenId {
        let new = Token { issued_at: self.now, expires_at, short: false, ..token.clone() };
        self.registry.add(new, &mut ctx.rng).id
    }

    /// `{"access_token", "token_type", "expires_in"}`, as the knobs shape it. No `expires_in` means never.
    pub(crate) fn token_reply(&self, ctx: &mut CallContext<'_>, id: TokenId) -> Reply {
        let mut reply = Map::new();
        if let Some(token) = self.registry.token(id) {
            reply.insert("access_token".into(), Value::from(&*token.text));
            let token_type = match self.knobs.token_type.pick(&mut ctx.rng) {
                TokenType::Lower => Some("bearer"),
                TokenType::Capital => Some("Bearer"),
                TokenType::Absent => None,
            };
            reply.extend(token_type.map(|token_type| ("token_type".into(), token_type.into())));
            let seconds = token.expires_at.map(|expires_at| {
                let jitter = i64::from(ctx.rng.u32(..=self.knobs.expires_in_jitter));
                (expires_at - self.now - jitter).max(1)
            });
            let expires_in = match (seconds, self.knobs.expires_in.pick(&mut ctx.rng)) {
                (None, _) | (_, ExpiresIn::Absent) => None,
                (Some(seconds), ExpiresIn::Number) => Some(json!(seconds)),
                (Some(seconds), ExpiresIn::Text) => Some(json!(seconds.to_string())),
                (Some(_), ExpiresIn::Zero) => Some(json!(0)),
            };
            reply.extend(expires_in.map(|expires_in| ("expires_in".into(), expires_in)));
        }
        Reply::Json(Value::Object(reply))
    }
}

/// Requires a GET with `grant_type` `ig_GRANT` or `th_GRANT`, as the product has it.
fn require_get_with_grant(ctx: &CallContext<'_>, grant: &str) -> Result<(), MetaError> {
    if ctx.call.method != "GET" {
        return Err(error::unsupported(&ctx.call.method));
    }
    debug_assert!(matches!(ctx.endpoint, Endpoint::Refresh | Endpoint::LongLivedExchange));
    let prefix = if ctx.product == Product::Threads { "th_" } else { "ig_" };
    if ctx.param("grant_type").strip_prefix(prefix) == Some(grant) {
        return Ok(());
    }
    Err(error::bad_parameter("(#100) Param grant_type is missing or not supported").kind(ctx.product.error_type()))
}
