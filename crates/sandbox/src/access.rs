//! Checks that the endpoints share: which app calls, and whether its token is accepted.

use crate::{
    endpoint::{Endpoint, Product},
    error::{self, MetaError, Rejection},
    knobs::App,
    sign,
    state::{CallContext, Meta},
    token::{Kind, State, Token},
};

impl Meta {
    /// The app of that product with that id.
    pub(crate) fn find_app(&self, product: Product, id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.product == product && app.id == id)
    }

    /// The Facebook app that `client_id` and `client_secret` belong to.
    pub(crate) fn facebook_app(&self, ctx: &CallContext<'_>) -> Result<String, MetaError> {
        let no_app = "Error validating application. Cannot get application info due to a system error.";
        let app =
            self.find_app(Product::Facebook, ctx.param("client_id")).ok_or_else(|| MetaError::new(101, no_app))?;
        if app.secret != ctx.param("client_secret") {
            return Err(MetaError::new(1, "Error validating client secret."));
        }
        Ok(app.id.clone())
    }

    /// The token that the call uses or is about, if it is valid on this host and now.
    pub(crate) fn bearer(&self, ctx: &CallContext<'_>) -> Result<Token, MetaError> {
        let allows_header = self.knobs.bearer || ctx.product == Product::Facebook;
        let header = ctx.call.bearer().filter(|_| allows_header);
        let text = ctx.call.param(ctx.endpoint.token_param()).or(header).unwrap_or_default();
        if text.is_empty() {
            return Err(error::not_a_token(ctx.product.error_type()));
        }
        self.valid_token(ctx, text)
    }

    /// The token with that text, if it is valid on this host and now.
    pub(crate) fn valid_token(&self, ctx: &CallContext<'_>, text: &str) -> Result<Token, MetaError> {
        let token = self.registry.find(text).filter(|token| token.kind.product() == ctx.product);
        let token = token.ok_or_else(error::cannot_parse)?;
        self.rejection(ctx, token).map_or_else(|| Ok(token.clone()), Err)
    }

    /// Why its own host rejects a token; `None` for a valid one.
    pub(crate) fn rejection(&self, ctx: &CallContext<'_>, token: &Token) -> Option<MetaError> {
        let now = self.now;
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

    /// Checks the permissions for an exchange: the basic scope and, for a private profile, the consent.
    pub(crate) fn check_permission(&self, ctx: &CallContext<'_>, token: &Token) -> Result<(), MetaError> {
        let basic = if ctx.product == Product::Threads { "threads_basic" } else { "instagram_business_basic" };
        let consent_has_ended = token.data_access_expires_at.is_some_and(|at| at <= self.now);
        if !token.scopes.iter().any(|scope| scope == basic) || (self.account(token).private && consent_has_ended) {
            return Err(error::no_permission(ctx.product.error_type()));
        }
        Ok(())
    }

    /// Checks the `appsecret_proof`, which is optional unless the knob requires it.
    pub(crate) fn check_proof(&self, ctx: &CallContext<'_>, token: &Token) -> Result<(), MetaError> {
        if ctx.product != Product::Facebook || ctx.endpoint == Endpoint::DebugToken {
            return Ok(());
        }
        let invalid = |message: &str| Err(error::bad_parameter(message).kind("GraphMethodException"));
        let app = self.apps.iter().find(|app| app.id == *token.app_id);
        match (ctx.call.query.get("appsecret_proof"), app) {
            (None, _) if self.knobs.require_appsecret_proof => {
                invalid("API calls from the server require an appsecret_proof argument")
            }
            (Some(proof), Some(app)) => {
                let message = match ctx.call.query.get("appsecret_time") {
                    Some(time) => format!("{}|{time}", token.text),
                    None => token.text.to_string(),
                };
                if !proof.eq_ignore_ascii_case(&sign::proof(&app.secret, &message)) {
                    return invalid("Invalid appsecret_proof provided in the API argument");
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// The account has lost its role: Instagram blames the method, Facebook the page, Threads the permission.
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
