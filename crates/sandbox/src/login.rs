//! How an app gets its first token: the consent page, the authorization code and its exchange.

use form_urlencoded::byte_serialize;
use serde_json::{Value, json};

use crate::{
    endpoint::Product,
    error::{self, Envelope, MetaError},
    knobs::App,
    page,
    state::{CallContext, Code, Meta, Reply},
    token::{Kind, Token, random_text},
    variants::{ExchangeShape, Ids, Permissions},
};

impl Meta {
    /// The consent page. Posting its form to the same URL redirects with `code` or `error`, and `state`.
    ///
    /// Form fields: `decision` = `approve` or `deny`, and `username`.
    pub(crate) fn authorize(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let (app, redirect_uri, scopes) = self.authorize_request(ctx)?;
        let encoded = |state: &str| format!("&state={}", byte_serialize(state.as_bytes()).collect::<String>());
        let state = ctx.call.query.get("state").map(encoded).unwrap_or_default();
        let separator = if redirect_uri.contains('?') { '&' } else { '?' };
        match ctx.call.form.get("decision") {
            Some("approve") => {
                let code = self.issue_code(ctx, &app, &redirect_uri, scopes);
                // Meta appends these fragments; they are not part of the code.
                let fragment = if ctx.product == Product::Facebook { "#_=_" } else { "#_" };
                Ok(Reply::Redirect(format!("{redirect_uri}{separator}code={code}{state}{fragment}")))
            }
            Some("deny") => Ok(Reply::Redirect(format!(
                "{redirect_uri}{separator}error=access_denied&error_reason=user_denied&error_description=\
                 The+user+denied+your+request{state}"
            ))),
            _ => {
                let accounts = self.accounts().iter().filter(|account| account.product == ctx.product);
                let usernames: Vec<_> = accounts.map(|account| account.username.as_str()).collect();
                Ok(Reply::Html { status: 200, page: page::authorize(&app.name, &scopes, &usernames) })
            }
        }
    }

    /// Checks app, redirect URI and scopes, with Meta's error messages.
    fn authorize_request(&self, ctx: &CallContext<'_>) -> Result<(App, String, Vec<String>), MetaError> {
        let query = |name| ctx.call.query.get(name).unwrap_or_default();
        let invalid = |message: String| MetaError::new(400, message).status(400);
        let app = self.find_app(ctx.product, query("client_id")).ok_or_else(|| match ctx.product {
            Product::Threads => MetaError::new(1_349_026, "No application data was given").status(400),
            _ => invalid("Invalid platform app".into()),
        })?;
        let redirect_uri = query("redirect_uri");
        let is_web = redirect_uri.starts_with("https://") || redirect_uri.starts_with("http://");
        let is_clean = redirect_uri.bytes().all(|b| b.is_ascii_graphic());
        let is_registered = app.redirect_uris.is_empty() || app.redirect_uris.iter().any(|uri| uri == redirect_uri);
        if !(is_web && is_clean && is_registered) {
            return Err(invalid("Invalid redirect_uri".into()));
        }
        if query("response_type") != "code" {
            return Err(invalid("Invalid response_type".into()));
        }
        let scopes: Vec<String> =
            query("scope").split([',', ' ']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        // Instagram's old scope names stopped working on 27 January 2025.
        let is_old = |scope: &&String| ctx.product == Product::Instagram && !scope.starts_with("instagram_business_");
        let old: Vec<_> = scopes.iter().filter(is_old).map(String::as_str).collect();
        if !old.is_empty() {
            return Err(invalid(format!("Invalid scope field(s): {}", old.join(", "))));
        }
        Ok((app.clone(), redirect_uri.to_owned(), scopes))
    }

    fn issue_code(&mut self, ctx: &mut CallContext<'_>, app: &App, redirect_uri: &str, scopes: Vec<String>) -> String {
        let kind = match ctx.product {
            Product::Instagram => Kind::Instagram,
            Product::Threads => Kind::Threads,
            // Facebook Login for Business: the configuration belongs to a system user.
            Product::Facebook if ctx.call.query.get("config_id").is_some() => Kind::SystemUser,
            Product::Facebook => Kind::FacebookUser,
        };
        let username = ctx.call.form.get("username").map(str::trim).filter(|name| !name.is_empty());
        let account = self.find_or_add_account(kind, Some(username.unwrap_or("sandbox_demo")), None, &mut ctx.rng);
        let text = format!("AQfakeSANDBOX{}", random_text(&mut ctx.rng, 120));
        let code = Code {
            app_id: app.id.clone(),
            account,
            kind,
            redirect_uri: redirect_uri.to_owned(),
            scopes: scopes.into(),
            issued_at: self.now,
            used: false,
        };
        self.codes.insert(text.clone(), code);
        text
    }

    /// `POST /oauth/access_token` with a code: a short-lived token (Facebook: a long-lived one).
    pub(crate) fn code_exchange(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        if ctx.product != Product::Facebook && ctx.call.method != "POST" {
            return Err(MetaError { envelope: Some(Envelope::Graph), ..error::unsupported(&ctx.call.method) });
        }
        let code = self.redeem_code(ctx)?;
        let ttl = match code.kind {
            Kind::Instagram | Kind::Threads => Some(self.knobs.short_ttl),
            Kind::FacebookUser | Kind::FacebookPage => Some(self.knobs.long_ttl),
            Kind::SystemUser => None,
        };
        let new = Token {
            kind: code.kind,
            app_id: code.app_id.into(),
            account: code.account,
            issued_at: self.now,
            expires_at: ttl.map(|ttl| self.now + ttl),
            data_access_expires_at: (code.kind != Kind::SystemUser).then(|| self.now + self.knobs.consent_ttl),
            scopes: code.scopes,
            short: matches!(code.kind, Kind::Instagram | Kind::Threads),
            ..Token::default()
        };
        let token = self.registry.add(new, &mut ctx.rng).clone();
        Ok(match code.kind {
            Kind::Instagram => Reply::Json(self.instagram_exchange_reply(ctx, &token)),
            Kind::Threads => {
                // Always a bare number beyond 2^53: Meta considers a change of it breaking.
                let user_id = Ids::Number.json(&self.account(&token).user_id);
                Reply::Json(json!({"access_token": &*token.text, "user_id": user_id}))
            }
            _ => self.token_reply(ctx, token.id),
        })
    }

    /// Redeems the code if app, secret, redirect URI and time are right.
    fn redeem_code(&mut self, ctx: &CallContext<'_>) -> Result<Code, MetaError> {
        let is_instagram = ctx.product == Product::Instagram;
        let param = |name| if is_instagram { ctx.call.form.get(name) } else { ctx.call.param(name) };
        let param = |name| param(name).unwrap_or_default();
        if ctx.product == Product::Facebook {
            self.facebook_app(ctx)?;
        } else {
            let app = self.find_app(ctx.product, param("client_id"));
            let app = app.ok_or_else(|| error::bad_parameter("Invalid platform app"))?;
            if app.secret != param("client_secret") {
                return Err(error::bad_parameter("Error validating client secret"));
            }
            if param("grant_type") != "authorization_code" {
                return Err(error::bad_parameter("Invalid grant_type"));
            }
        }
        let used = || {
            error::bad_parameter(match ctx.product {
                Product::Instagram => "Matching code was not found or was already used",
                _ => "This authorization code has been used.",
            })
        };
        let code = self.codes.get_mut(param("code")).ok_or_else(used)?;
        if code.used || self.now - code.issued_at >= self.knobs.code_ttl || code.app_id != param("client_id") {
            return Err(used());
        }
        if code.redirect_uri != param("redirect_uri") {
            return Err(error::bad_parameter(
                "Error validating verification code. Please make sure your redirect_uri is identical to the one you \
                 used in the OAuth dialog request",
            ));
        }
        code.used = true;
        Ok(code.clone())
    }

    /// Instagram's reply to a code, in one of its four shapes.
    fn instagram_exchange_reply(&self, ctx: &mut CallContext<'_>, token: &Token) -> Value {
        let shape = self.knobs.exchange_shape.pick(&mut ctx.rng);
        let ids = if matches!(shape, ExchangeShape::A | ExchangeShape::C) { Ids::Text } else { Ids::Number };
        let mut reply = json!({"access_token": &*token.text});
        reply["user_id"] = ids.json(&self.account(token).app_scoped_id);
        match (self.knobs.permissions.pick(&mut ctx.rng), shape) {
            (Permissions::Absent, _) | (_, ExchangeShape::C) => {}
            (Permissions::Text, _) => reply["permissions"] = token.scopes.join(",").into(),
            (Permissions::List, _) => reply["permissions"] = json!(&*token.scopes),
        }
        match shape {
            ExchangeShape::A | ExchangeShape::D => json!({ "data": [reply] }),
            ExchangeShape::B | ExchangeShape::C => reply,
        }
    }

    /// `client_credentials`: the app's own token.
    pub(crate) fn app_token(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let (id, secret) = (ctx.param("client_id"), ctx.param("client_secret"));
        let prefix = if ctx.product == Product::Facebook {
            self.facebook_app(ctx)?;
            ""
        } else {
            let app = self.find_app(ctx.product, id).filter(|app| app.secret == secret);
            app.ok_or_else(|| error::bad_parameter("Error validating client secret"))?;
            "TH|"
        };
        Ok(Reply::Json(json!({"access_token": format!("{prefix}{id}|{secret}"), "token_type": "bearer"})))
    }
}
