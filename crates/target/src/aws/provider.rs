//! Credentials, fetched when they are needed and kept until they end.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use everlit_disk::{Disk, uninterrupted};
use everlit_http::{HttpClient, Method, Origin, Request, Response, Secret};
use everlit_keeper::{Clock, DeliveryError, DeliveryErrorClass};
use everlit_meta_api::Timestamp;
use serde_json::Value;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::api::{at, encoded, exchange, refusal, send};
use crate::aws::credentials::{Authorization, Credentials, NO_CREDENTIALS, Source, WebIdentity};
use crate::aws::refusal::Refusal;
use crate::disk::blocking;
use crate::error::Error;
use crate::setup::Setup;

/// Gives credentials from a [`Source`].
#[derive(Debug)]
pub(crate) struct Provider {
    source: Source,
    http: HttpClient,
    /// For the services of the machine itself: they answer at once, or are not there.
    metadata: HttpClient,
    disk: Arc<dyn Disk>,
    clock: Arc<dyn Clock>,
    fetched: Mutex<Option<Fetched>>,
}

/// Credentials and their end, if they have one.
#[derive(Debug)]
struct Fetched {
    credentials: Credentials,
    ends_at: Option<Timestamp>,
}

impl Provider {
    pub(crate) fn new(setup: &Setup<'_>, source: Source) -> Result<Self, Error> {
        Ok(Self {
            source,
            http: setup.http()?,
            metadata: setup.http_within(Duration::from_secs(2))?,
            disk: Arc::clone(&setup.disk),
            clock: Arc::clone(&setup.clock),
            fetched: Mutex::default(),
        })
    }

    /// Credentials that are valid for some minutes yet.
    pub(crate) async fn credentials(&self) -> Result<Credentials, DeliveryError> {
        const RESERVE: Duration = Duration::from_secs(300);
        let mut fetched = self.fetched.lock().await;
        let soon = self.clock.now() + RESERVE;
        match &*fetched {
            Some(kept) if kept.ends_at.is_none_or(|end| end > soon) => Ok(kept.credentials.clone()),
            _ => Ok(fetched.insert(self.fetch().await?).credentials.clone()),
        }
    }

    async fn fetch(&self) -> Result<Fetched, DeliveryError> {
        match &self.source {
            Source::Static(credentials) => Ok(Fetched { credentials: credentials.clone(), ends_at: None }),
            Source::WebIdentity(identity) => self.assume_role(identity).await,
            Source::Container { url, authorization } => {
                let mut headers = Vec::new();
                match authorization {
                    Some(Authorization::Token(token)) => headers.push(("authorization", token.clone())),
                    Some(Authorization::File(path)) => headers.push(("authorization", self.read(path.clone()).await?)),
                    None => {}
                }
                let request = Request { method: Method::GET, url: url.clone(), headers, body: Zeroizing::default() };
                from_json(&send(&self.metadata, request).await?, url.origin())
            }
            Source::Instance(origin) => self.of_the_instance(origin).await,
        }
    }

    /// Exchanges the token of another identity provider for credentials.
    ///
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
    async fn assume_role(&self, identity: &WebIdentity) -> Result<Fetched, DeliveryError> {
        let token = self.read(identity.token_file.clone()).await?;
        let (role, session) = (encoded(&identity.role_arn), encoded(&identity.session_name));
        let body = format!(
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={role}&RoleSessionName={session}&WebIdentityToken={}",
            encoded(token.expose())
        );
        let headers = vec![("content-type", Secret::new("application/x-www-form-urlencoded"))];
        let url = at(&identity.sts, "/")?;
        let request = Request { method: Method::POST, url, headers, body: body.into_bytes().into() };
        let response = exchange(&self.http, request).await?;
        let (xml, host) = (String::from_utf8_lossy(&response.body), identity.sts.host());
        if let Some(by_status) = refusal(&response, host, &[]) {
            let code = element(&xml, "Code").unwrap_or_default();
            return Err(Refusal::new(code, element(&xml, "Message"), by_status, host).into());
        }
        temporary(
            element(&xml, "AccessKeyId"),
            element(&xml, "SecretAccessKey"),
            element(&xml, "SessionToken"),
            element(&xml, "Expiration"),
        )
        .ok_or_else(|| no_credentials(&identity.sts))
    }

    /// The credentials of the role that the instance has.
    ///
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html>
    async fn of_the_instance(&self, origin: &Origin) -> Result<Fetched, DeliveryError> {
        const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
        let lifetime = ("x-aws-ec2-metadata-token-ttl-seconds", Secret::new("300"));
        let asked = self.ask(Method::PUT, origin, "/latest/api/token", lifetime).await;
        // Most machines are not EC2 instances, and nothing answers there.
        let session = asked.map_err(|error| match error.http_status {
            None => DeliveryError::new(DeliveryErrorClass::CredentialRefused, format!("{NO_CREDENTIALS} ({error})")),
            Some(_) => error,
        })?;
        let session = || ("x-aws-ec2-metadata-token", Secret::new(String::from_utf8_lossy(&session.body)));
        let roles = self.ask(Method::GET, origin, ROLES, session()).await.map_err(|error| match error.class {
            DeliveryErrorClass::NotFound => {
                let message = "this EC2 instance has no role: attach an instance profile, or set AWS_ACCESS_KEY_ID";
                DeliveryError { class: DeliveryErrorClass::CredentialRefused, message: message.to_owned(), ..error }
            }
            _ => error,
        })?;
        // One role; the characters of its name need no encoding.
        let path = format!("{ROLES}{}", String::from_utf8_lossy(&roles.body).trim());
        from_json(&self.ask(Method::GET, origin, &path, session()).await?, origin)
    }

    async fn ask(
        &self,
        method: Method,
        origin: &Origin,
        path: &str,
        header: (&'static str, Secret),
    ) -> Result<Response, DeliveryError> {
        let (url, headers) = (at(origin, path)?, vec![header]);
        let request = Request { method, url, headers, body: Zeroizing::default() };
        let response = exchange(&self.metadata, request).await?;
        refusal(&response, origin.host(), &[]).map_or(Ok(response), Err)
    }

    /// A token that something else keeps fresh in a file.
    async fn read(&self, path: PathBuf) -> Result<Secret, DeliveryError> {
        const LARGEST: usize = 1 << 16;
        let disk = Arc::clone(&self.disk);
        blocking(move || {
            let content = uninterrupted(|| disk.read(&path, LARGEST));
            let text = content.and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other));
            text.map(|text| Secret::new(text.trim())).map_err(|error| {
                let message = format!("no AWS credentials: {} cannot be read: {error}", path.display());
                DeliveryError {
                    io: Some(error.kind()),
                    ..DeliveryError::new(DeliveryErrorClass::CredentialRefused, message)
                }
            })
        })
        .await
    }
}

fn no_credentials(origin: &Origin) -> DeliveryError {
    DeliveryError::retry(format!("{} did not answer with AWS credentials", origin.host()))
}

/// What the endpoints of containers and instances answer with.
fn from_json(response: &Response, origin: &Origin) -> Result<Fetched, DeliveryError> {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let field = |name: &str| body[name].as_str();
    temporary(field("AccessKeyId"), field("SecretAccessKey"), field("Token"), field("Expiration"))
        .ok_or_else(|| no_credentials(origin))
}

fn temporary(id: Option<&str>, secret: Option<&str>, token: Option<&str>, ends_at: Option<&str>) -> Option<Fetched> {
    let ends_at: jiff::Timestamp = ends_at?.parse().ok()?;
    let credentials = Credentials {
        access_key_id: id?.to_owned(),
        secret_access_key: Secret::new(secret?),
        session_token: Some(Secret::new(token?)),
    };
    Some(Fetched { credentials, ends_at: Some(Timestamp::from_unix(ends_at.as_second())) })
}

/// The text of the first element of this name. Keys, tokens and dates contain nothing that XML escapes.
fn element<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text.trim())
}
