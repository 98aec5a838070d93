//! Calls to a service with a credential, and what its answers mean.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use everlit_http::{HttpClient, Method, Origin, Request, Response, Secret, Url};
use everlit_keeper::{DeliveryError, DeliveryErrorClass};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;

use crate::error::Error;
use crate::setup::Setup;

/// A service, with the headers of every call: the credential is one of them.
#[derive(Clone)]
pub(crate) struct Api {
    http: Arc<HttpClient>,
    base: Url,
    headers: Vec<(&'static str, Secret)>,
}

/// What a request carries.
#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    Empty,
    Json(&'a Value),
    /// RFC 7396.
    MergePatch(&'a Value),
    Form(&'a [(&'a str, &'a str)]),
    Bytes(&'a [u8]),
}

impl Body<'_> {
    fn content_type(self) -> Option<&'static str> {
        match self {
            Self::Empty => None,
            Self::Json(_) => Some("application/json"),
            Self::MergePatch(_) => Some("application/merge-patch+json"),
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::Bytes(_) => Some("application/octet-stream"),
        }
    }

    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Empty => Vec::new(),
            Self::Json(value) | Self::MergePatch(value) => value.to_string().into_bytes(),
            Self::Form(pairs) => query(pairs).into_bytes(),
            Self::Bytes(bytes) => bytes.to_vec(),
        }
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Api {:?}", self.base)
    }
}

impl Api {
    /// The service at the option `url` or else at `usual`.
    pub(crate) fn new(setup: &Setup<'_>, usual: &str) -> Result<Self, Error> {
        Ok(Self::at(setup.base(usual)?, setup.http()?))
    }

    /// The service at this address.
    pub(crate) fn at(base: Url, http: HttpClient) -> Self {
        Self { http: Arc::new(http), base, headers: Vec::new() }
    }

    /// With a header in every call.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, Secret::new(value)));
        self
    }

    /// With a bearer credential (RFC 6750).
    pub(crate) fn with_bearer(self, credential: &Secret) -> Self {
        self.with("authorization", format!("Bearer {}", credential.expose()))
    }

    /// The answer to a request with this path and query, if it is 2xx.
    pub(crate) async fn call(&self, method: Method, target: &str, body: Body<'_>) -> Result<Response, DeliveryError> {
        let url = at(self.base.origin(), &format!("{}{target}", self.base.target().trim_end_matches('/')))?;
        let mut headers = self.headers.clone();
        headers.extend(body.content_type().map(|kind| ("content-type", Secret::new(kind))));
        send(&self.http, Request { method, url, headers, body: body.bytes().into() }).await
    }

    /// The JSON document in the answer.
    pub(crate) async fn json(
        &self,
        method: Method,
        target: &str,
        body: Body<'_>,
    ) -> Result<(Response, Value), DeliveryError> {
        let response = self.call(method, target, body).await?;
        let value = serde_json::from_slice(&response.body).map_err(|_| self.odd())?;
        Ok((response, value))
    }

    /// The JSON document at this path.
    pub(crate) async fn get(&self, target: &str) -> Result<Value, DeliveryError> {
        self.json(Method::GET, target, Body::Empty).await.map(|(_, value)| value)
    }

    /// A document that a delivery can do without: empty if it does not come soon.
    pub(crate) async fn aside(&self, target: &str) -> Value {
        const PATIENCE: Duration = Duration::from_secs(5);
        tokio::time::timeout(PATIENCE, self.get(target)).await.ok().and_then(Result::ok).unwrap_or_default()
    }

    pub(crate) fn host(&self) -> &str {
        self.base.origin().host()
    }

    /// An error unless the answer is what the service documents.
    pub(crate) fn expect(&self, is_documented: bool) -> Result<(), DeliveryError> {
        if is_documented { Ok(()) } else { Err(self.odd()) }
    }

    /// The access token in the answer of an OAuth server (RFC 6749, 5.1).
    pub(crate) fn access_token(&self, answer: &Value) -> Result<Secret, DeliveryError> {
        let token = answer["access_token"].as_str().filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()));
        token.map(Secret::new).ok_or_else(|| self.odd())
    }

    /// A 2xx answer that is not the service's: a proxy's or a sign-in page.
    pub(crate) fn odd(&self) -> DeliveryError {
        odd(self.host())
    }
}

/// A 2xx answer that is not the service's: a proxy's or a sign-in page.
pub(crate) fn odd(host: &str) -> DeliveryError {
    DeliveryError::retry(format!(
        "{host} did not answer as the service does; a proxy or a sign-in page may be in between"
    ))
}

/// The URL of a call.
pub(crate) fn at(origin: &Origin, target: &str) -> Result<Url, DeliveryError> {
    Url::at(origin.clone(), Secret::new(target))
        .map_err(|error| DeliveryError::new(DeliveryErrorClass::Bug, format!("the address of the call {error}")))
}

/// The headers that hold a credential.
const CREDENTIALS: [&str; 4] = ["authorization", "private-token", "x-vault-token", "x-identity-header"];

/// Sends a request; anything but a 2xx answer is an error.
pub(crate) async fn send(http: &HttpClient, request: Request) -> Result<Response, DeliveryError> {
    let host = request.url.origin().host().to_owned();
    let is_credential = |(name, _): &&(&'static str, Secret)| CREDENTIALS.contains(name);
    let credentials: Vec<Secret> =
        request.headers.iter().filter(is_credential).map(|(_, value)| value.clone()).collect();
    let response = exchange(http, request).await?;
    match refusal(&response, &host, &credentials) {
        None if is_page(&response) => Err(DeliveryError::retry(format!(
            "{host} answered with a web page: a proxy or a sign-in page is in between, or the URL is that of a page"
        ))),
        None => Ok(response),
        Some(error) => Err(error),
    }
}

/// Sends a request and returns the answer, whatever its status.
pub(crate) async fn exchange(http: &HttpClient, request: Request) -> Result<Response, DeliveryError> {
    let host = request.url.origin().host().to_owned();
    http.send(request).await.map_err(|error| {
        let place = if error.detail.contains(&host) { String::new() } else { format!("{host}: ") };
        DeliveryError { io: error.kind, ..DeliveryError::retry(format!("{place}{error}")) }
    })
}

/// What an answer means that is not 2xx, by its status.
pub(crate) fn refusal(response: &Response, host: &str, credentials: &[Secret]) -> Option<DeliveryError> {
    use DeliveryErrorClass::{CredentialRefused, NotFound, RefusedByRule};
    let status = response.status;
    let why = reason(response, credentials);
    let error = |class, what: &str| DeliveryError {
        http_status: Some(status),
        ..DeliveryError::new(class, format!("{host} {what} ({status}){why}"))
    };
    let limited = response.header("x-ratelimit-remaining") == Some("0") || response.header("retry-after").is_some();
    Some(match status {
        200..=299 => return None,
        300..=399 => error(NotFound, "redirects, which is not followed: check `url`"),
        401 => error(CredentialRefused, "does not accept the credential"),
        403 if limited => wait(error(DeliveryErrorClass::Retry, "limits the rate of calls"), response),
        403 => error(CredentialRefused, "does not allow the credential to do this"),
        404 | 410 => error(NotFound, "does not know the place, or hides it from this credential"),
        408 | 425 | 500..=599 => wait(error(DeliveryErrorClass::Retry, "had an error of its own"), response),
        409 => error(DeliveryErrorClass::Retry, "is busy with another change of the same thing"),
        429 => wait(error(DeliveryErrorClass::Retry, "limits the rate of calls"), response),
        _ => error(RefusedByRule, "refused the request"),
    })
}

/// A web page, which no service answers with.
fn is_page(response: &Response) -> bool {
    let is_html = response.header("content-type").is_some_and(|kind| kind.trim().starts_with("text/html"));
    is_html || response.body.trim_ascii_start().starts_with(b"<")
}

/// With the wait that the service asks for.
fn wait(error: DeliveryError, response: &Response) -> DeliveryError {
    let seconds = response.header("retry-after").and_then(|value| value.trim().parse().ok());
    DeliveryError { retry_after: seconds.map(Duration::from_secs), ..error }
}

/// What the service says about an error, in JSON; nothing that could be a secret or a page.
fn reason(response: &Response, credentials: &[Secret]) -> String {
    const LONGEST: usize = 200;
    let Ok(value) = serde_json::from_slice::<Value>(&response.body) else { return String::new() };
    let text = EXPLANATIONS.iter().filter_map(|name| value.get(name)).find_map(explanation);
    let mut text = text.unwrap_or_default().to_owned();
    for credential in credentials {
        let credential = credential.expose();
        text = text.replace(credential.strip_prefix("Bearer ").unwrap_or(credential), "[redacted]");
    }
    let text: String = everlit_meta_api::clean(&text).chars().take(LONGEST).collect();
    if text.is_empty() { text } else { format!(": {text}") }
}

/// Where services put the explanation of an error, the most telling first.
const EXPLANATIONS: [&str; 5] = ["error_description", "message", "messages", "errors", "error"];

fn explanation(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(items) => items.iter().find_map(explanation),
        Value::Object(fields) => {
            let known = EXPLANATIONS.iter().filter_map(|name| fields.get(*name)).find_map(explanation);
            known.or_else(|| fields.values().find_map(explanation))
        }
        _ => None,
    }
}

/// What is there, or `None` if the service does not know it.
pub(crate) fn found<T>(answer: Result<T, DeliveryError>) -> Result<Option<T>, DeliveryError> {
    match answer {
        Err(error) if error.http_status == Some(404) => Ok(None),
        answer => answer.map(Some),
    }
}

/// The error with a better class and message where it came from an answer with this status.
pub(crate) fn reworded(
    error: DeliveryError,
    status: u16,
    class: DeliveryErrorClass,
    message: impl Into<String>,
) -> DeliveryError {
    if error.http_status == Some(status) { DeliveryError { class, message: message.into(), ..error } } else { error }
}

/// The error with what was attempted.
pub(crate) fn prefixed(what: &str, error: &DeliveryError) -> DeliveryError {
    DeliveryError { message: format!("{what}: {error}"), ..error.clone() }
}

/// One segment of a path, or one value of a query.
pub(crate) fn encoded(segment: &str) -> String {
    percent_encode(segment.as_bytes(), NON_ALPHANUMERIC).to_string()
}

/// The pairs as a query or a form holds them: `upsert=true&teamId=team%5F1`.
pub(crate) fn query(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    pairs.join("&")
}
