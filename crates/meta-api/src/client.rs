//! The client: each method sends one request to the one host that the token's kind determines.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::redact::Sanitizer;
use crate::request::{self, RefreshApi};
use crate::{
    App, ConfigError, Error, HttpReply, HttpRequest, Lifetime, Me, PageToken, Platform, Reply, Stage, Timestamp, Token,
    TokenInfo, TokenKind, TokenReply, Transport, TransportError, Usage, parse,
};

/// Meta's token endpoints over a [`Transport`]. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    app: Result<App, ConfigError>,
}

impl Client {
    /// A client without an app: enough for [`refresh`](Self::refresh) and [`me`](Self::me).
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport, app: Err(ConfigError::NoApp) }
    }

    /// Adds the app whose id and secret the other calls need. It must be registered with the platform of the token.
    #[must_use]
    pub fn with_app(self, app: App) -> Self {
        Self { app: Ok(app), ..self }
    }

    /// Says why there is no app although one is set up: the calls that need it fail with this message.
    #[must_use]
    pub fn with_unusable_app(self, why: impl Into<String>) -> Self {
        Self { app: Err(ConfigError::UnusableApp(why.into())), ..self }
    }

    /// Extends a long-lived Instagram or Threads token by 60 days. The token must be 24 hours old and not expired.
    ///
    /// Facebook has no such call: see [`fb_exchange`](Self::fb_exchange),
    /// [`refresh_system_user`](Self::refresh_system_user).
    pub async fn refresh(&self, token: &Token) -> Result<Reply<TokenReply>, Error> {
        let request = request::refresh(refresh_api(token)?, token);
        self.call_for_token(request, Lifetime::MIN).await
    }

    /// Exchanges a short-lived Instagram or Threads token for a long-lived one. Needs the app.
    ///
    /// [`Error::AlreadyLongLived`] for a token from the dashboard, which is long-lived from the start.
    pub async fn exchange(&self, token: &Token) -> Result<Reply<TokenReply>, Error> {
        let request = request::exchange(refresh_api(token)?, token, self.app()?);
        match self.call_for_token(request, Lifetime::MIN).await {
            Err(Error::Api(evidence)) if evidence.code == Some(452) => Err(Error::AlreadyLongLived(evidence)),
            other => other,
        }
    }

    /// Exchanges a Facebook user token for a long-lived one. Needs the app. For a token that is already long-lived,
    /// Meta does not promise a later expiry. A reply may lack `expires_in`: [`debug_token`](Self::debug_token) knows the
    /// expiry.
    pub async fn fb_exchange(&self, token: &Token) -> Result<Reply<TokenReply>, Error> {
        require_facebook(token)?;
        self.call_for_token(request::fb_exchange(token, self.app()?), Lifetime::MIN).await
    }

    /// Renews a Facebook system user's token for 60 days; the old one stays valid until its own expiry. Needs the app.
    pub async fn refresh_system_user(&self, token: &Token) -> Result<Reply<TokenReply>, Error> {
        require_facebook(token)?;
        self.call_for_token(request::refresh_system_user(token, self.app()?), Lifetime::MIN).await
    }

    /// Exchanges the code of a login for a token. Needs the app. A code works once, within an hour.
    ///
    /// `code` may still end in `#_`. `redirect_uri` must be identical to the one of the login. For Instagram and
    /// Threads, the token is short-lived ([`exchange`](Self::exchange) comes next); for Facebook, a reply without
    /// `expires_in` may carry a token that does not expire ([`debug_token`](Self::debug_token) tells).
    pub async fn exchange_code(
        &self,
        platform: Platform,
        code: &str,
        redirect_uri: &str,
    ) -> Result<Reply<TokenReply>, Error> {
        // A short-lived token starts with an hour, part of which has passed when the reply arrives.
        let shortest = Duration::from_secs(1);
        let request = request::exchange_code(platform, code, redirect_uri, self.app()?);
        self.call_for_token(request, shortest).await
    }

    /// The account that the token belongs to. An answer also proves that the token works.
    pub async fn me(&self, token: &Token) -> Result<Reply<Me>, Error> {
        let platform = token.kind().platform().ok_or(ConfigError::UnknownKind)?;
        self.call(request::me(platform, token, self.app.as_ref().ok()), |body, sanitizer| {
            Ok(parse::me(body, sanitizer)?)
        })
        .await
    }

    /// What Meta knows about a Facebook token (needs the app) or a Threads token (whose owner must be a tester of the
    /// app). Instagram has no such call.
    pub async fn debug_token(&self, token: &Token) -> Result<Reply<TokenInfo>, Error> {
        let request = match token.kind() {
            TokenKind::Facebook => request::debug_facebook(token, self.app()?),
            TokenKind::Threads => request::debug_threads(token),
            TokenKind::Unknown => return Err(ConfigError::UnknownKind.into()),
            TokenKind::Instagram | TokenKind::InstagramBasicDisplay => return Err(ConfigError::NoDebugToken.into()),
        };
        self.call(request, |body, sanitizer| Ok(parse::token_info(body, sanitizer)?)).await
    }

    /// The Facebook pages that the owner of a user token may act for, each with its own token. At most 5000.
    pub async fn page_tokens(&self, token: &Token) -> Result<Reply<Vec<PageToken>>, Error> {
        const MAX_CALLS: usize = 50;
        require_facebook(token)?;
        let mut pages = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let request = request::accounts(token, self.app.as_ref().ok(), cursor.as_deref());
            let Reply { value, usage, date } =
                self.call(request, |body, sanitizer| Ok(parse::page_tokens(body, sanitizer))).await?;
            let (more, next) = value;
            pages.push(more);
            if next.is_none() || pages.len() == MAX_CALLS {
                return Ok(Reply { value: pages.concat(), usage, date });
            }
            cursor = next;
        }
    }

    async fn call_for_token(&self, request: HttpRequest, shortest: Duration) -> Result<Reply<TokenReply>, Error> {
        self.call(request, |body, sanitizer| Ok(parse::token_reply(body, sanitizer, shortest)?)).await
    }

    async fn call<T>(
        &self,
        request: HttpRequest,
        read: impl FnOnce(&Map<String, Value>, &Sanitizer) -> Result<T, Error>,
    ) -> Result<Reply<T>, Error> {
        let sanitizer = Sanitizer::of(&request);
        let reply = self
            .send(request)
            .await
            .map_err(|error| TransportError { detail: sanitizer.clean(&error.detail), ..error })?;
        let body = parse::object(&reply, &sanitizer)?;
        Ok(Reply {
            value: read(&body, &sanitizer)?,
            usage: Usage::of(&reply),
            date: reply.header("date").and_then(Timestamp::from_http_date),
        })
    }

    /// Sends to the host, or to its fallback if the host could not be reached at all.
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        let Some(host) = request::fallback_host(request.host) else { return self.transport.send(request).await };
        match self.transport.send(request.clone()).await {
            Err(error) if !error.sent && matches!(error.stage, Stage::Resolve | Stage::Connect) => {
                self.transport.send(HttpRequest { host, ..request }).await
            }
            result => result,
        }
    }

    /// The id of the app, if there is one.
    pub fn app_id(&self) -> Option<&str> {
        self.app.as_ref().ok().map(|app| &*app.id)
    }

    fn app(&self) -> Result<&App, ConfigError> {
        self.app.as_ref().map_err(Clone::clone)
    }
}

fn refresh_api(token: &Token) -> Result<RefreshApi, ConfigError> {
    match token.kind() {
        TokenKind::Instagram => Ok(RefreshApi::INSTAGRAM),
        TokenKind::Threads => Ok(RefreshApi::THREADS),
        TokenKind::Unknown => Err(ConfigError::UnknownKind),
        TokenKind::Facebook => Err(ConfigError::NotRefreshable),
        TokenKind::InstagramBasicDisplay => Err(ConfigError::BasicDisplay),
    }
}

fn require_facebook(token: &Token) -> Result<(), ConfigError> {
    match token.kind() {
        TokenKind::Facebook => Ok(()),
        other => Err(ConfigError::NotFacebook(other)),
    }
}
