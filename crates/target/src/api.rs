//! Calls to a service with a bearer credential, and what its answers mean.

use std::fmt;
use std::time::Duration;

use everlit_http::{HttpClient, Method, Request, Response, Secret, Url};
use everlit_keeper::{DeliveryError, DeliveryErrorClass};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;

use crate::error::Error;
use crate::setup::Setup;

/// A service with a credential.
pub(crate) struct Api {
    http: HttpClient,
    base: Url,
    credential: Secret,
    headers: &'static [(&'static str, &'static str)],
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Api {:?}", self.base)
    }
}

impl Api {
    /// The service at the option `url` or else at `usual`, with the secret `TOKEN` as bearer credential.
    pub(crate) fn new(
        setup: &Setup<'_>,
        usual: &str,
        headers: &'static [(&'static str, &'static str)],
    ) -> Result<Self, Error> {
        let credential = Secret::new(format!("Bearer {}", setup.secret("TOKEN")?.expose()));
        Ok(Self { http: setup.http()?, base: setup.base(usual)?, credential, headers })
    }

    /// The answer to a request with this path and query, if it is 2xx.
    pub(crate) async fn call(
        &self,
        method: Method,
        target: &str,
        body: Option<&Value>,
    ) -> Result<Response, DeliveryError> {
        let target = format!("{}{target}", self.base.target().trim_end_matches('/'));
        let url = Url::at(self.base.origin().clone(), Secret::new(target))
            .map_err(|error| DeliveryError::new(DeliveryErrorClass::Bug, format!("the address of the call {error}")))?;
        let mut headers: Vec<_> = self.headers.iter().map(|(name, value)| (*name, Secret::new(*value))).collect();
        headers.push(("authorization", self.credential.clone()));
        if body.is_some() {
            headers.push(("content-type", Secret::new("application/json")));
        }
        let body = body.map(Value::to_string).unwrap_or_default().into_bytes().into();
        send(&self.http, Request { method, url, headers, body }).await
    }

    /// The JSON document in the answer.
    pub(crate) async fn json(
        &self,
        method: Method,
        target: &str,
        body: Option<&Value>,
    ) -> Result<(Response, Value), DeliveryError> {
        let response = self.call(method, target, body).await?;
        let value = serde_json::from_slice(&response.body).map_err(|_| self.odd())?;
        Ok((response, value))
    }

    pub(crate) fn host(&self) -> &str {
        self.base.origin().host()
    }

    /// A 2xx answer that is not the service's: a proxy's or a sign-in page.
    pub(crate) fn odd(&self) -> DeliveryError {
        DeliveryError::retry(format!(
            "{} did not answer as the service does; a proxy or a sign-in page may be in between",
            self.host()
        ))
    }
}

/// Sends a request; anything but a 2xx answer is an error.
pub(crate) async fn send(http: &HttpClient, request: Request) -> Result<Response, DeliveryError> {
    let host = request.url.origin().host().to_owned();
    let response = http.send(request).await.map_err(|error| {
        let place = if error.detail.contains(&host) { String::new() } else { format!("{host}: ") };
        DeliveryError { io: error.kind, ..DeliveryError::retry(format!("{place}{error}")) }
    })?;
    match refusal(&response, &host) {
        None if is_page(&response) => Err(DeliveryError::retry(format!(
            "{host} answered with a web page: a proxy or a sign-in page is in between, or the URL is that of a page"
        ))),
        None => Ok(response),
        Some(error) => Err(DeliveryError { http_status: Some(response.status), ..error }),
    }
}

fn refusal(response: &Response, host: &str) -> Option<DeliveryError> {
    use DeliveryErrorClass::{CredentialRefused, NotFound, RefusedByRule};
    let status = response.status;
    let why = reason(response);
    let error = |class, what: &str| DeliveryError::new(class, format!("{host} {what} ({status}){why}"));
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
        _ => error(RefusedByRule, "refused the token"),
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
fn reason(response: &Response) -> String {
    const LONGEST: usize = 200;
    let Ok(value) = serde_json::from_slice::<Value>(&response.body) else { return String::new() };
    let error = value.get("error").unwrap_or(&value);
    let text = [error.get("message"), value.get("message"), Some(error)].into_iter().flatten().find_map(Value::as_str);
    let text: String = everlit_meta_api::clean(text.unwrap_or_default()).chars().take(LONGEST).collect();
    if text.is_empty() { text } else { format!(": {text}") }
}

/// One segment of a path, or one value of a query.
pub(crate) fn encoded(segment: &str) -> String {
    percent_encode(segment.as_bytes(), NON_ALPHANUMERIC).to_string()
}
