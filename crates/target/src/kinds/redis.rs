//! A key in Redis, Valkey or anything that speaks its protocol, or in Upstash's Redis over HTTP.

mod resp;

use std::sync::Arc;

use everlit_http::{DatabaseUrl, Method, Secret, Tls, dial};
use everlit_keeper::DeliveryErrorClass::{self, CredentialRefused, NotFound, RefusedByRule, Retry};
use everlit_keeper::{DeliveryError, Holds, Receipt, Target};
use everlit_meta_api::{BoxFuture, Timestamp, Token};
use everlit_options::Shape;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::api::{Api, Body};
use crate::content::Content;
use crate::database::{CA_FILE, URL, roots_of, said, unreached, url_of};
use crate::error::Error;
use crate::kind::{Effect, Kind, Room, SecretSpec, required};
use crate::place::{Place, Source, Texts};
use crate::setup::Setup;

use resp::{Connection, Reply};

pub(crate) static KIND: Kind = Kind {
    name: "redis",
    secrets: &[URL],
    options: &[Content::FORMAT, CA_FILE],
    effect: Effect::NextRead,
    room: Room::EachAccount,
    guide: "A key in Redis or Valkey, without an expiry. Paste the URL with the password: rediss:// is encrypted and verified; \
            redis:// is for this machine, or with ?sslmode=disable for a network that is yours. `key` may hold {account}, as in \
            instagram:{account}; left out, it is the account's name. format = \"json\" stores expires_at beside the token. The \
            user needs GET and SET on the key, and MULTI and DISCARD to be checked without writing.",
    build,
};

/// <https://upstash.com/docs/redis/features/restapi>
pub(crate) static UPSTASH: Kind = Kind {
    name: "upstash",
    secrets: &[SecretSpec { suffix: "TOKEN", prompt: "UPSTASH_REDIS_REST_TOKEN", is_required: true }],
    options: &[required("url", Shape::Text), Content::FORMAT],
    effect: Effect::NextRead,
    room: Room::EachAccount,
    guide: "A key in Upstash's Redis, without an expiry. url is UPSTASH_REDIS_REST_URL, the secret UPSTASH_REDIS_REST_TOKEN (not \
            the read-only one). `key` may hold {account}, as in instagram:{account}; left out, it is the account's name. \
            format = \"json\" stores expires_at beside the token.",
    build: build_upstash,
};

#[derive(Debug)]
struct Redis {
    name: String,
    key: String,
    content: Content,
    server: Server,
}

/// How the commands get there.
#[derive(Debug)]
enum Server {
    Socket(Box<Socket>),
    Http(Box<Api>),
}

#[derive(Debug)]
struct Socket {
    url: DatabaseUrl,
    tls: Tls,
}

fn build(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let url = url_of(setup, &["redis", "rediss"], 6379)?;
    if url.scheme == "redis" && url.is_encrypted() {
        let why =
            "is not encrypted: begin it with rediss://, or append ?sslmode=disable if the network between is yours";
        return Err(Error::Setting("URL", why.to_owned()));
    }
    Ok(Arc::new(Redis::new(setup, Server::Socket(Box::new(Socket { url, tls: Tls::new(roots_of(setup)?) })))))
}

fn build_upstash(setup: &Setup<'_>) -> Result<Arc<dyn Place>, Error> {
    let api = Api::new(setup, "")?.with_bearer(setup.secret("TOKEN")?);
    Ok(Arc::new(Redis::new(setup, Server::Http(Box::new(api)))))
}

/// Runs commands one after the other.
enum Session<'r> {
    Socket(Connection<Box<dyn Stream>>, &'r str),
    Http(&'r Api),
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Server {
    async fn session(&self) -> Result<Session<'_>, DeliveryError> {
        match self {
            Self::Socket(socket) => socket.session().await,
            Self::Http(api) => Ok(Session::Http(api)),
        }
    }
}

impl Socket {
    /// Connects and logs in.
    async fn session(&self) -> Result<Session<'_>, DeliveryError> {
        let url = &self.url;
        let stream = dial(&url.host, url.port).await.map_err(|error| unreached(&error))?;
        let stream: Box<dyn Stream> = if url.scheme == "rediss" {
            Box::new(self.tls.secure(stream, &url.host).await.map_err(|error| unreached(&error))?)
        } else {
            Box::new(stream)
        };
        let mut session = Session::Socket(Connection::new(stream), &url.host);
        if let Some(password) = &url.password {
            let user = Some(&*url.user).filter(|user| !user.is_empty());
            let login: Vec<&str> = ["AUTH"].into_iter().chain(user).chain([password.expose()]).collect();
            session.call(&login).await?;
        }
        if !["", "0"].contains(&&*url.database) {
            session.call(&["SELECT", &url.database]).await?;
        }
        Ok(session)
    }
}

impl Session<'_> {
    async fn call(&mut self, command: &[&str]) -> Result<Option<String>, DeliveryError> {
        match self {
            Self::Socket(connection, host) => {
                let reply = connection.call(command).await.map_err(|error| DeliveryError {
                    io: Some(error.kind()),
                    ..DeliveryError::retry(format!("{host} closed the connection, or wants TLS (rediss://): {error}"))
                })?;
                match reply {
                    Reply::Text(text) => Ok(Some(text)),
                    Reply::Nil => Ok(None),
                    Reply::Error(message) => Err(refusal(host, &message)),
                }
            }
            Self::Http(api) => {
                let (_, answer) = api.json(Method::POST, "/", Body::Json(&json!(command))).await.map_err(of_upstash)?;
                match answer.get("result") {
                    Some(Value::String(text)) => Ok(Some(text.clone())),
                    Some(Value::Null) => Ok(None),
                    _ => Err(api.odd()),
                }
            }
        }
    }

    /// Whether the key may be written, without writing it.
    async fn rehearse(&mut self, key: &str) -> Result<(), DeliveryError> {
        match self {
            // Rights are checked as a command is queued: <https://redis.io/docs/latest/develop/using-commands/transactions/>
            Self::Socket(..) => {
                if let Err(error) = self.call(&["MULTI"]).await {
                    let message = format!("only a delivery shows whether the user may write: {error}");
                    return Err(DeliveryError::retry(message));
                }
                self.call(&["SET", key, ""]).await?;
                self.call(&["DISCARD"]).await?;
            }
            // XX writes only over what is there, and that key is not.
            Self::Http(_) => drop(self.call(&["SET", &format!("{key}:everlit-check"), "", "XX"]).await?),
        }
        Ok(())
    }
}

/// What an error of the server means: <https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors>
fn refusal(host: &str, message: &str) -> DeliveryError {
    let code = message.split(' ').next().unwrap_or_default();
    let (class, what) = meaning(code, message);
    DeliveryError::new(class, format!("{host} {what}: {}", said(message)))
}

fn meaning(code: &str, message: &str) -> (DeliveryErrorClass, &'static str) {
    match code {
        "WRONGPASS" | "NOAUTH" => (CredentialRefused, "does not accept the user or the password"),
        "NOPERM" => (CredentialRefused, "does not let the user do this: it needs GET and SET on the key"),
        "ERR" if message.contains("AUTH") => (CredentialRefused, "does not log in like this: check user and password"),
        "ERR" if message.contains("DB index") => (NotFound, "has no such database"),
        "MOVED" | "ASK" => (NotFound, "is one node of a cluster, and the key is on another"),
        "READONLY" => (RefusedByRule, "is a replica: use the URL of the primary"),
        "WRONGTYPE" => (RefusedByRule, "has something other than a string in the key, which was left alone"),
        "DENIED" => (RefusedByRule, "accepts only connections from its own machine"),
        _ => (Retry, "cannot do this now"),
    }
}

/// A read-only token is a credential that does not suffice.
fn of_upstash(error: DeliveryError) -> DeliveryError {
    let class = if error.message.contains("NOPERM") { CredentialRefused } else { error.class };
    DeliveryError { class, ..error }
}

impl Redis {
    fn new(setup: &Setup<'_>, server: Server) -> Self {
        Self { name: setup.name.to_owned(), key: setup.key.clone(), content: Content::of(setup), server }
    }

    /// What the key holds, if nothing but a token.
    async fn held(&self, session: &mut Session<'_>) -> Result<Option<Token>, DeliveryError> {
        let Some(content) = session.call(&["GET", &self.key]).await?.filter(|content| !content.is_empty()) else {
            return Ok(None);
        };
        self.content.token_in(content.as_bytes()).map(Some).ok_or_else(|| {
            let message = format!("the key {} holds something other than a token and was left alone", self.key);
            DeliveryError::new(RefusedByRule, message)
        })
    }
}

impl Target for Redis {
    fn name(&self) -> &str {
        &self.name
    }

    fn deliver<'a>(
        &'a self,
        token: &'a Token,
        expires_at: Option<Timestamp>,
    ) -> BoxFuture<'a, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let mut session = self.server.session().await?;
            self.held(&mut session).await?;
            session.call(&["SET", &self.key, &self.content.with(token, expires_at)]).await?;
            Ok(Receipt::default())
        })
    }

    fn verify<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<Holds, DeliveryError>> {
        Box::pin(async move {
            let mut session = self.server.session().await?;
            let content = session.call(&["GET", &self.key]).await?.unwrap_or_default();
            let is_there = self.content.token_in(content.as_bytes()).is_some_and(|held| held == *token);
            Ok(if is_there { Holds::ThisToken } else { Holds::Another })
        })
    }
}

impl Place for Redis {
    fn plan(&self) -> String {
        format!("writes {} into the key {}", self.content.name(), self.key)
    }

    fn check(&self) -> BoxFuture<'_, Result<Receipt, DeliveryError>> {
        Box::pin(async move {
            let mut session = self.server.session().await?;
            self.held(&mut session).await?;
            session.rehearse(&self.key).await?;
            Ok(Receipt::default())
        })
    }

    fn source(&self) -> Option<&dyn Source> {
        Some(self)
    }
}

impl Texts for Redis {
    /// Far less than Redis takes; Upstash takes 1 MB in a call.
    const ROOM: usize = 100 * 1024;

    fn key(&self) -> &str {
        &self.key
    }

    async fn read(&self, key: &str) -> Result<Option<Secret>, DeliveryError> {
        let content = self.server.session().await?.call(&["GET", key]).await?;
        let token = content.as_ref().filter(|_| key == self.key);
        let token = token.and_then(|content| self.content.token_in(content.as_bytes()));
        Ok(token.map(|token| Secret::new(token.expose())).or_else(|| content.map(Secret::new)))
    }

    async fn write(&self, key: &str, text: &str) -> Result<(), DeliveryError> {
        self.server.session().await?.call(&["SET", key, text]).await.map(drop)
    }
}
