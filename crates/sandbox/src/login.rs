//! How an app gets its first token: the page that asks a person, the code, the exchange of the code.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    call::encode,
    endpoint::Product,
    error::{self, Envelope, MetaError},
    knobs::App,
    meta::{CallContext, Meta, Reply},
    page,
    profile::id_json,
    response::alphanumeric_text,
    token::{AccountId, Kind, NewToken, State, Token},
    variants::{ExchangeShape, Ids, Permissions},
};

/// An authorization code that was handed to a redirect URI.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    app_id: String,
    account: AccountId,
    kind: Kind,
    redirect_uri: String,
    scopes: Arc<[String]>,
    issued_at: i64,
    used: bool,
}

impl Meta {
    /// The page that asks a person; its form is posted back here and ends in a redirect with `code` or `error`, and `state`.
    ///
    /// Form fields: `decision` = `approve` or `deny`, and `username`.
    pub(crate) fn authorize(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let (app, redirect_uri, scopes) = self.authorize_request(ctx)?;
        let state = ctx.call.query.get("state").map(|state| format!("&state={}", encode(state))).unwrap_or_default();
        let separator = if redirect_uri.contains('?') { '&' } else { '?' };
        match ctx.call.form.get("decision") {
            Some("approve") => {
                let code = self.issue_code(ctx, &app, &redirect_uri, scopes);
                // Meta's own trailing fragments; they are not part of the code.
                let fragment = if ctx.product == Product::Facebook { "#_=_" } else { "#_" };
                Ok(Reply::Redirect(format!("{redirect_uri}{separator}code={code}{state}{fragment}")))
            }
            Some("deny") => Ok(Reply::Redirect(format!(
                "{redirect_uri}{separator}error=access_denied&error_reason=user_denied&error_description=\
                 The+user+denied+your+request{state}"
            ))),
            _ => {
                let known = self.registry.accounts().filter(|(_, account)| account.product == ctx.product);
                let known: Vec<_> = known.map(|(_, account)| account.username.clone()).collect();
                Ok(Reply::Html { status: 200, page: page::authorize(&app.name, &scopes, &known) })
            }
        }
    }

    /// Checks app, redirect URI and scopes, in words that Meta uses.
    fn authorize_request(&self, ctx: &CallContext<'_>) -> Result<(App, String, Vec<String>), MetaError> {
        let query = |name| ctx.call.query.get(name).unwrap_or_default();
        let Some(app) = self.apps.iter().find(|app| app.product == ctx.product && app.id == query("client_id")) else {
            return Err(match ctx.product {
                Product::Threads => MetaError::new(1_349_026, "No application data was given").status(400),
                _ => MetaError::new(400, "Invalid platform app").status(400),
            });
        };
        let redirect_uri = query("redirect_uri");
        let is_web = redirect_uri.starts_with("https://") || redirect_uri.starts_with("http://");
        let is_clean = redirect_uri.bytes().all(|b| b.is_ascii_graphic());
        let is_registered = app.redirect_uris.is_empty() || app.redirect_uris.iter().any(|uri| uri == redirect_uri);
        if !(is_web && is_clean && is_registered) {
            return Err(MetaError::new(400, "Invalid redirect_uri").status(400));
        }
        if query("response_type") != "code" {
            return Err(MetaError::new(400, "Invalid response_type").status(400));
        }
        let scopes: Vec<String> =
            query("scope").split([',', ' ']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        // The first names of Instagram's scopes ended on 27 January 2025.
        let is_dead = |scope: &&String| ctx.product == Product::Instagram && !scope.starts_with("instagram_business_");
        let dead: Vec<_> = scopes.iter().filter(is_dead).map(String::as_str).collect();
        if !dead.is_empty() {
            return Err(MetaError::new(400, format!("Invalid scope field(s): {}", dead.join(", "))).status(400));
        }
        Ok((app.clone(), redirect_uri.to_owned(), scopes))
    }

    fn issue_code(&mut self, ctx: &mut CallContext<'_>, app: &App, redirect_uri: &str, scopes: Vec<String>) -> String {
        let kind = match ctx.product {
            Product::Instagram => Kind::Instagram,
            Product::Threads => Kind::Threads,
            // Facebook Login for Business: the configuration stands for a system user.
            Product::Facebook if ctx.call.query.get("config_id").is_some() => Kind::SystemUser,
            Product::Facebook => Kind::FacebookUser,
        };
        let username = ctx.call.form.get("username").map(str::trim).filter(|name| !name.is_empty());
        let account = self.account_named(kind, Some(username.unwrap_or("sandbox_demo")), None, &mut ctx.rng);
        let code = format!("AQfakeSANDBOX{}", alphanumeric_text(&mut ctx.rng, 120));
        let (app_id, redirect_uri) = (app.id.clone(), redirect_uri.to_owned());
        let issued_at = self.now();
        self.codes.insert(
            code.clone(),
            Code { app_id, account, kind, redirect_uri, scopes: scopes.into(), issued_at, used: false },
        );
        code
    }

    /// `POST /oauth/access_token` with a code: a short-lived token (Facebook: a long-lived one).
    pub(crate) fn code_exchange(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        if ctx.product != Product::Facebook && ctx.call.method != "POST" {
            return Err(MetaError { envelope: Some(Envelope::Graph), ..error::unsupported(&ctx.call.method) });
        }
        let code = self.accepted_code(ctx)?;
        let now = self.now();
        let ttl = match code.kind {
            Kind::Instagram | Kind::Threads => Some(self.knobs.short_ttl),
            Kind::FacebookUser | Kind::FacebookPage => Some(self.knobs.long_ttl),
            Kind::SystemUser => None,
        };
        let new_token = NewToken {
            kind: code.kind,
            app_id: code.app_id.into(),
            account: code.account,
            issued_at: now,
            expires_at: ttl.map(|ttl| now + ttl),
            data_access_expires_at: (code.kind != Kind::SystemUser).then(|| now + self.knobs.consent_ttl),
            scopes: code.scopes,
            short: matches!(code.kind, Kind::Instagram | Kind::Threads),
            state: State::Live,
        };
        let token = self.registry.add(new_token, &mut ctx.rng).clone();
        Ok(match code.kind {
            Kind::Instagram => Reply::Json(self.exchanged(ctx, &token)),
            Kind::Threads => {
                // A bare number beyond 2^53, always: Meta calls changing it breaking.
                let user_id = id_json(&self.account(&token).user_id, Ids::Number);
                Reply::Json(json!({"access_token": &*token.text, "user_id": user_id}))
            }
            _ => self.token_reply(ctx, token.id),
        })
    }

    /// The code, if app, secret, redirect URI and time are right; it is used up by that.
    fn accepted_code(&mut self, ctx: &CallContext<'_>) -> Result<Code, MetaError> {
        let is_instagram = ctx.product == Product::Instagram;
        let param = |name| if is_instagram { ctx.call.form.get(name) } else { ctx.call.param(name) };
        let param = |name| param(name).unwrap_or_default();
        if ctx.product == Product::Facebook {
            self.facebook_app(ctx)?;
        } else {
            let app = self.apps.iter().find(|app| app.product == ctx.product && app.id == param("client_id"));
            let app = app.ok_or_else(|| error::bad_parameter("Invalid platform app"))?;
            if app.secret != param("client_secret") {
                return Err(error::bad_parameter("Error validating client secret"));
            }
            if param("grant_type") != "authorization_code" {
                return Err(error::bad_parameter("Invalid grant_type"));
            }
        }
        let used_up = || match ctx.product {
            Product::Instagram => error::bad_parameter("Matching code was not found or was already used"),
            _ => error::bad_parameter("This authorization code has been used."),
        };
        let (now, code_ttl) = (self.now(), self.knobs.code_ttl);
        let code = self.codes.get_mut(param("code")).ok_or_else(used_up)?;
        if code.used || now - code.issued_at >= code_ttl || code.app_id != param("client_id") {
            return Err(used_up());
        }
        if code.redirect_uri != param("redirect_uri") {
            return Err(error::bad_parameter(
                "Error validating verification code. Please make sure your redirect_uri is identical to the one you used \
                 in the OAuth dialog request",
            ));
        }
        code.used = true;
        Ok(code.clone())
    }

    /// Instagram's reply to a code in one of its four shapes.
    fn exchanged(&self, ctx: &mut CallContext<'_>, token: &Token) -> Value {
        let shape = self.knobs.exchange_shape.pick(&mut ctx.rng);
        let ids = if matches!(shape, ExchangeShape::A | ExchangeShape::C) { Ids::Text } else { Ids::Number };
        let mut reply = json!({"access_token": &*token.text});
        reply["user_id"] = id_json(&self.account(token).app_scoped_id, ids);
        let permissions = match (self.knobs.permissions.pick(&mut ctx.rng), shape) {
            (Permissions::Absent, _) | (_, ExchangeShape::C) => None,
            (Permissions::Text, _) => Some(Value::from(token.scopes.join(","))),
            (Permissions::List, _) => Some(json!(&*token.scopes)),
        };
        if let Some(permissions) = permissions {
            reply["permissions"] = permissions;
        }
        match shape {
            ExchangeShape::A | ExchangeShape::D => json!({ "data": [reply] }),
            ExchangeShape::B | ExchangeShape::C => reply,
        }
    }

    /// `client_credentials`: the token of the app itself.
    pub(crate) fn app_token(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let param = |name| ctx.call.param(name).unwrap_or_default();
        if ctx.product == Product::Facebook {
            self.facebook_app(ctx)?;
            return Ok(Reply::Json(json!({
                "access_token": format!("{}|{}", param("client_id"), param("client_secret")), "token_type": "bearer"
            })));
        }
        let app = self.apps.iter().find(|app| app.product == ctx.product && app.id == param("client_id"));
        match app.filter(|app| app.secret == param("client_secret")) {
            Some(app) => Ok(Reply::Json(json!({
                "access_token": format!("TH|{}|{}", app.id, app.secret), "token_type": "bearer"
            }))),
            None => Err(error::bad_parameter("Error validating client secret")),
        }
    }
}
