//! Endpoints about a token's account: `/me`, pages, `debug_token` and `revoke`.

use serde_json::{Map, Value, json};

use crate::{
    endpoint::{Product, strip_version},
    error::{self, MetaError},
    state::{CallContext, Meta, Reply},
    token::{Account, AccountId, Kind, State, Token},
    variants::{Ids, MeShape},
};

impl Meta {
    /// `GET /me?fields=...`
    pub(crate) fn me(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        if ctx.call.method != "GET" {
            return Err(error::unsupported(&ctx.call.method));
        }
        let token = self.bearer(ctx)?;
        self.check_proof(ctx, &token)?;
        if ctx.product == Product::Threads {
            self.check_permission(ctx, &token)?;
        }
        let ids = self.knobs.ids.pick(&mut ctx.rng);
        let account = self.account(&token);
        let default_fields = if ctx.product == Product::Facebook { "id,name" } else { "id" };
        let fields = ctx.call.param("fields").unwrap_or(default_fields).split(',').map(str::trim);
        let mut reply = Map::new();
        for field in fields.filter(|field| !field.is_empty()) {
            let value = field_of(account, ctx.product, field, ids).ok_or_else(|| {
                let message = format!("Tried accessing nonexisting field ({field}) on node type (User)");
                error::bad_parameter(message).kind(ctx.product.error_type())
            })?;
            reply.insert(field.into(), value);
        }
        let reply = Value::Object(reply);
        let wraps = ctx.product == Product::Instagram && self.knobs.me_shape.pick(&mut ctx.rng) == MeShape::Data;
        Ok(Reply::Json(if wraps { json!({ "data": [reply] }) } else { reply }))
    }

    /// `GET /me/accounts`: a Facebook user's pages. Their tokens never expire if the user's token is long-lived.
    pub(crate) fn me_accounts(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let token = self.bearer(ctx)?;
        self.check_proof(ctx, &token)?;
        if token.kind == Kind::FacebookPage {
            return Err(error::bad_parameter(
                "(#100) Tried accessing nonexisting field (accounts) on node type (Page)",
            ));
        }
        let page = self.page_of(&token, ctx);
        let page_token = self.page_token(&token, page, ctx);
        let account = self.registry.account(page);
        let mut entry = json!({"id": account.user_id, "name": account.username, "access_token": &*page_token.text});
        entry["tasks"] = json!(["MANAGE", "CREATE_CONTENT", "MODERATE", "ANALYZE"]);
        Ok(Reply::Json(json!({"data": [entry], "paging": {"cursors": {"before": "QVFI", "after": "QVFI"}}})))
    }

    /// `GET /{page-id}?fields=access_token`
    pub(crate) fn page(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let token = self.bearer(ctx)?;
        self.check_proof(ctx, &token)?;
        let page = self.page_of(&token, ctx);
        let wanted = strip_version(&ctx.call.path);
        if self.registry.account(page).user_id != wanted {
            let message = format!(
                "Unsupported get request. Object with ID '{wanted}' does not exist, cannot be loaded due to missing \
                 permissions, or does not support this operation."
            );
            return Err(error::bad_parameter(message).subcode(33).kind("GraphMethodException"));
        }
        let page_token = self.page_token(&token, page, ctx);
        Ok(Reply::Json(json!({"access_token": &*page_token.text, "id": wanted})))
    }

    /// `GET /debug_token`: HTTP 200 even for a dead token, as long as the caller is valid.
    pub(crate) fn debug_token(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let caller_app = self.caller_app(ctx)?;
        let text = ctx.param("input_token");
        if text.is_empty() {
            return Err(error::bad_parameter("(#100) The parameter input_token is required"));
        }
        let Some(token) = self.registry.find(text).filter(|token| token.kind.product() == ctx.product) else {
            let error = json!({"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"});
            return Ok(Reply::Json(json!({"data": {"error": error, "is_valid": false, "scopes": []}})));
        };
        if *token.app_id != caller_app {
            return Err(error::bad_parameter("(#100) The App_id in the input_token did not match the Viewing App"));
        }
        let account = self.account(token);
        let rejection = self.rejection(ctx, token);
        let mut data = json!({
            "app_id": &*token.app_id,
            "type": token.kind.debug_type(),
            "application": self.apps.iter().find(|app| app.id == *token.app_id).map(|app| app.name.clone()),
            "data_access_expires_at": token.data_access_expires_at.unwrap_or(0),
            "expires_at": token.expires_at.unwrap_or(0),
            "is_valid": rejection.is_none(),
            "scopes": &*token.scopes,
            "user_id": account.app_scoped_id,
        });
        if let Some(rejection) = rejection {
            data["error"] = json!({"code": rejection.code, "message": rejection.message});
            if let Some(subcode) = rejection.subcode {
                data["error"]["subcode"] = subcode.into();
            }
        }
        if !token.short {
            data["issued_at"] = token.issued_at.into();
        }
        if token.kind == Kind::FacebookPage {
            data["profile_id"] = account.user_id.clone().into();
        }
        Ok(Reply::Json(json!({ "data": data })))
    }

    /// The app that calls `debug_token`, by `id|secret` or by a valid token of its own.
    fn caller_app(&self, ctx: &CallContext<'_>) -> Result<String, MetaError> {
        let caller = ctx.call.param("access_token").or_else(|| ctx.call.bearer()).unwrap_or_default();
        let pair = caller.strip_prefix("TH|").unwrap_or(caller).split_once('|');
        let app = pair.and_then(|(id, secret)| self.apps.iter().find(|app| app.id == id && app.secret == secret));
        match app {
            Some(app) if app.product == ctx.product => Ok(app.id.clone()),
            Some(_) => Err(error::cannot_parse()),
            None if pair.is_some() => Err(error::not_a_token(ctx.product.error_type())),
            None => Ok(self.valid_token(ctx, caller)?.app_id.to_string()),
        }
    }

    /// `GET /oauth/revoke`: the token is dead at once.
    pub(crate) fn revoke(&mut self, ctx: &mut CallContext<'_>) -> Result<Reply, MetaError> {
        let app_id = self.facebook_app(ctx)?;
        self.valid_token(ctx, ctx.param("access_token"))?;
        let token = self.bearer(ctx)?;
        if *token.app_id != app_id {
            return Err(error::bad_parameter("(#100) The access token was issued to another app"));
        }
        self.set_state(&token.text, State::Revoked);
        Ok(Reply::Json(json!({"success": true})))
    }

    /// The page that the bearer manages, created on first use.
    fn page_of(&mut self, token: &Token, ctx: &mut CallContext<'_>) -> AccountId {
        if token.kind == Kind::FacebookPage {
            return token.account;
        }
        if let Some(page) = self.account(token).page {
            return page;
        }
        let name = format!("{}'s page", self.account(token).username);
        let page = self.find_or_add_account(Kind::FacebookPage, Some(&name), None, &mut ctx.rng);
        self.registry.account_mut(token.account).page = Some(page);
        page
    }

    /// The page's token for this bearer: an existing one, or a new one.
    fn page_token(&mut self, bearer: &Token, page: AccountId, ctx: &mut CallContext<'_>) -> Token {
        let expires_at = if bearer.short { bearer.expires_at } else { None };
        let now = self.now;
        let matches = |token: &&Token| {
            token.account == page && token.state_at(now) == State::Live && token.expires_at == expires_at
        };
        if let Some(token) = self.registry.tokens().find(matches) {
            return token.clone();
        }
        let new = Token { kind: Kind::FacebookPage, account: page, issued_at: now, expires_at, ..bearer.clone() };
        self.registry.add(new, &mut ctx.rng).clone()
    }
}

fn field_of(account: &Account, product: Product, field: &str, ids: Ids) -> Option<Value> {
    Some(match (field, product) {
        // Facebook names a page by its own id; Instagram and Threads know the account by an app-scoped one.
        ("id", Product::Instagram) => ids.json(&account.app_scoped_id),
        ("id", Product::Facebook | Product::Threads) | ("user_id", Product::Instagram) => ids.json(&account.user_id),
        ("username", Product::Instagram | Product::Threads) | ("name", _) => account.username.clone().into(),
        ("account_type", Product::Instagram) => account.account_type.clone().into(),
        ("profile_picture_url", Product::Instagram) | ("threads_profile_picture_url", Product::Threads) => {
            "https://example.com/sandbox.jpg".into()
        }
        ("followers_count" | "media_count" | "follows_count", Product::Instagram) => 42.into(),
        _ => return None,
    })
}
