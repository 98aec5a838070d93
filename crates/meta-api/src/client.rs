//! Asks Meta. Every method sends one request to the one host that the kind of the token names.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::redact::Shield;
use crate::request::{self, Refreshing};
use crate::{
    App, Error, HttpReply, HttpRequest, Lifetime, Me, PageToken, Platform, Reply, Stage, Timestamp, Token, TokenInfo,
    TokenKind, TokenReply, Transport, TransportError, Usage, parse,
};

/// Meta's token endpoints over some [`Transport`]. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    app: Option<App>,
}

impl Client {
    /// A client without an app: it can [`refresh`](Self::refresh) and ask for [`me`](Self::me).
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport, app: None }
    }

    /// Adds the app whose id and secret the other calls need. It must be the app of the platform that is asked.
    #[must_use]
    pub fn with_app(self, app: App) -> Self {
        Self { app: Some(app), ..self }
    }

    /// A long-lived Instagram or Threads token for another 60 days. The token must be 24 hours old and not expired.
    ///
    /// Facebook tokens have no such call: [`fb_exchange`](Self::fb_exchange), [`refresh_system_user`](Self::refresh_system_user).
    pub async fn refresh(&self, token: &Token) -> Result<Reply<TokenReply>, Error> {
        let at = refreshing(token)?;
        self.ask_token(request::refresh(at, token), Lifetime::MIN, Lifetime::Unknown).await
    }

    /// A short-lived Instagram or Threads token for a long-lived one. Needs the app.
    ///
    /// [`Error::AlreadyLongLived`] for one from the dashboard, which is long-lived from the start.
    pub async fn exchange(&self, token: &Token) -> Result<Reply<TokenReply>, Error> {
        let request = request::exchange(refreshing(token)?, token, self.app()?);
        match self.ask_token(request, Lifetime::MIN, Lifetime::Unknown).await {
            Err(Error::Api(evidence)) if evidence.code == Some(452) => Err(Error::AlreadyLongLived(evidence)),
            other => other,
        }
    }

    /// A Facebook user token for a long-lived one. Needs the app. Meta does not promise that a token that is long-lived already
    /// gets a later expiry. A reply without `expires_in` means that the new one does not expire.
    pub async fn fb_exchange(&self, token: &Token) -> Result<Reply<TokenReply>, Error> {
        require_facebook(token)?;
        self.ask_token(request::fb_exchange(token, self.app()?), Lifetime::MIN, Lifetime::Never).await
    }

    /// A Facebook system user's token for another 60 days; the old one stays valid until its own expiry. Needs the app.
    pub async fn refresh_system_user(&self, token: &Token) -> Result<Reply<TokenReply>, Error> {
        require_facebook(token)?;
        self.ask_token(request::refresh_system_user(token, self.app()?), Lifetime::MIN, Lifetime::Unknown).await
    }

    /// The code of a login for a token. Needs the app. A code works once, within an hour.
    ///
    /// `code` may still end in `#_`. `redirect_uri` must be the one of the login, to the letter. The token is short-lived for
    /// Instagram and Threads ([`exchange`](Self::exchange) comes next); for Facebook a reply without `expires_in` means that
    /// it does not expire.
    pub async fn exchange_code(
        &self,
        platform: Platform,
        code: &str,
        redirect_uri: &str,
    ) -> Result<Reply<TokenReply>, Error> {
        let unstated = if platform == Platform::Facebook { Lifetime::Never } else { Lifetime::Unknown };
        // A short-lived token begins with an hour, of which the way here takes a part.
        let shortest = Duration::from_secs(1);
        self.ask_token(request::exchange_code(platform, code, redirect_uri, self.app()?), shortest, unstated).await
    }

    /// Whose token it is; also the proof that it works.
    pub async fn me(&self, token: &Token) -> Result<Reply<Me>, Error> {
        let platform = token.kind().platform().ok_or_else(unknown_kind)?;
        self.ask(request::me(platform, token, self.app.as_ref()), |body, shield| Ok(parse::me(body, shield)?)).await
    }

    /// What Meta knows about a Facebook token (needs the app) or a Threads token (whose owner must be a tester of the app).
    /// There is no such call for Instagram tokens.
    pub async fn debug_token(&self, token: &Token) -> Result<Reply<TokenInfo>, Error> {
        let request = match token.kind() {
            TokenKind::Facebook => request::debug_facebook(token, self.app()?),
            TokenKind::Threads => request::debug_threads(token),
            TokenKind::Unknown => return Err(unknown_kind()),
            TokenKind::Instagram | TokenKind::InstagramBasicDisplay => {
                return Err(Error::Config("Meta offers no way to look up an Instagram token's expiry".to_owned()));
            }
        };
        self.ask(request, |body, shield| Ok(parse::token_info(body, shield)?)).await
    }

    /// The Facebook pages that the owner of a user token may act for, each with its own token. At most 5000.
    pub async fn page_tokens(&self, token: &Token) -> Result<Reply<Vec<PageToken>>, Error> {
        const MOST_SHEETS: usize = 50;
        require_facebook(token)?;
        let mut sheet = self.page_sheet(token, None).await?;
        let mut pages = sheet.value.0;
        for _ in 1..MOST_SHEETS {
            let Some(cursor) = sheet.value.1 else { break };
            sheet = self.page_sheet(token, Some(&cursor)).await?;
            pages.append(&mut sheet.value.0);
        }
        Ok(Reply { value: pages, usage: sheet.usage, date: sheet.date })
    }

    async fn page_sheet(
        &self,
        token: &Token,
        after: Option<&str>,
    ) -> Result<Reply<(Vec<PageToken>, Option<String>)>, Error> {
        let request = request::accounts(token, self.app.as_ref(), after);
        self.ask(request, |body, shield| Ok(parse::page_tokens(body, shield))).await
    }

    async fn ask_token(
        &self,
        request: HttpRequest,
        shortest: Duration,
        unstated: Lifetime,
    ) -> Result<Reply<TokenReply>, Error> {
        self.ask(request, |body, shield| Ok(parse::token_reply(body, shield, shortest, unstated)?)).await
    }

    async fn ask<T>(
        &self,
        request: HttpRequest,
        read: impl FnOnce(&Map<String, Value>, &Shield) -> Result<T, Error>,
    ) -> Result<Reply<T>, Error> {
        let shield = Shield::of(&request);
        let reply = self
            .send(request)
            .await
            .map_err(|error| TransportError { detail: shield.clean(&error.detail), ..error })?;
        let body = parse::object(&reply, &shield)?;
        Ok(Reply {
            value: read(&body, &shield)?,
            usage: Usage::of(&reply),
            date: reply.header("date").and_then(Timestamp::from_http_date),
        })
    }

    /// Sends to the host, or to its other name if the first could not be reached at all.
    async fn send(&self, request: HttpRequest) -> Result<HttpReply, TransportError> {
        let Some(other) = request::other_name(request.host) else { return self.transport.send(request).await };
        match self.transport.send(request.clone()).await {
            Err(error) if !error.sent && matches!(error.stage, Stage::Resolve | Stage::Connect) => {
                self.transport.send(HttpRequest { host: other, ..request }).await
            }
            result => result,
        }
    }

    fn app(&self) -> Result<&App, Error> {
        self.app.as_ref().ok_or_else(|| Error::Config("this call needs the app's id and secret".to_owned()))
    }
}

fn refreshing(token: &Token) -> Result<Refreshing, Error> {
    match token.kind() {
        TokenKind::Instagram => Ok(Refreshing::Instagram),
        TokenKind::Threads => Ok(Refreshing::Threads),
        TokenKind::Unknown => Err(unknown_kind()),
        TokenKind::Facebook => Err(Error::Config(
            "Facebook tokens are not refreshed but exchanged, which needs the app's id and secret".to_owned(),
        )),
        TokenKind::InstagramBasicDisplay => Err(Error::Config(
            "this is a token of Instagram Basic Display, which Meta switched off on 4 December 2024; \
             connect a professional account with Instagram Login"
                .to_owned(),
        )),
    }
}

fn require_facebook(token: &Token) -> Result<(), Error> {
    match token.kind() {
        TokenKind::Facebook => Ok(()),
        other => Err(Error::Config(format!("this call is for Facebook tokens; the kind of this one is {other}"))),
    }
}

fn unknown_kind() -> Error {
    Error::Config(
        "the token's first characters are of no known kind (Instagram IGAA, Threads THAA, Facebook EAA), \
         so there is no host to send it to"
            .to_owned(),
    )
}
