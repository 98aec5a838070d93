//! Sends messages over HTTP, and interprets the responses.

use std::sync::Arc;
use std::time::Duration;

use everlit_http::{HttpClient, Method, Options, Proxy, Request, Response, Roots, Secret, Stage, Url};
use everlit_keeper::{Clock, NotifyError};
use serde_json::Value;

use crate::Error;
use crate::answer::{Answer, is_page};
use crate::retry::{ATTEMPT, Failure, retry};

/// Sends messages over HTTP.
#[derive(Debug)]
pub(crate) struct Sender {
    http: HttpClient,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Sender {
    /// Connects to nothing yet. Fails with [`Error::Connection`] if the proxy cannot be used.
    pub(crate) fn new(roots: Roots, proxy: Proxy, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let http = HttpClient::new(Options { deadline: ATTEMPT, roots, proxy });
        Ok(Self { http: http.map_err(|error| Error::Connection(error.detail))?, clock })
    }

    /// Sends a request, built anew for each attempt, until one is accepted.
    ///
    /// `answer` reads what a 2xx response says. `remedy` says what to do about a URL that does not work.
    pub(crate) async fn send(
        &self,
        request: &(dyn Fn() -> Request + Sync),
        answer: &(dyn Fn(&Response) -> Answer + Sync),
        remedy: &str,
    ) -> Result<Response, NotifyError> {
        let host = request().url.origin().host().to_owned();
        let attempt = || async {
            match self.http.send(request()).await {
                Ok(response) => accepted(response, answer, &host, remedy),
                Err(error) => Err(unsent(&error, &host)),
            }
        };
        retry(&*self.clock, &host, attempt).await
    }
}

fn unsent(error: &everlit_http::Error, host: &str) -> Failure {
    // Some of these errors name the host already.
    let place = if error.detail.contains(host) { String::new() } else { format!("{host}: ") };
    let failure = match error.stage {
        Stage::Setup => Failure::misconfigured(format!("{place}{error}")),
        Stage::Resolve | Stage::Connect => Failure::temporary(format!("{place}{error}; check the URL and the network")),
        _ => Failure::temporary(format!("{place}{error}")),
    };
    failure.io(error.kind)
}

/// The response if it is 2xx and says that the message has arrived. Redirects are failures: following one would carry a
/// secret URL, or a message, elsewhere.
fn accepted(
    response: Response,
    answer: &(dyn Fn(&Response) -> Answer + Sync),
    host: &str,
    remedy: &str,
) -> Result<Response, Failure> {
    let status = response.status;
    let name = error_name(&response);
    let wait = retry_after(&response);
    let failure = match status {
        200..=299 if is_page(&response) => Failure::refused(format!(
            "{host} answered with a web page ({status}): a proxy or a sign-in page is in between, or the URL is that of a \
             page: {remedy}"
        )),
        200..=299 => match answer(&response) {
            Answer::Accepted => return Ok(response),
            Answer::Later(reason) => Failure::temporary(format!("{host} answered {status}, but {reason}")),
            Answer::Refused(reason) => Failure::refused(format!("{host} answered {status}, but {reason}: {remedy}")),
            Answer::Unknown => Failure::refused(format!(
                "{host} answered {status}, but not as the service does, so the message may not have arrived: {remedy}"
            )),
        },
        300..=399 => Failure::refused(format!(
            "{host} redirects ({status}), which is not followed; store the URL that it redirects to"
        )),
        404 | 410 => Failure::refused(format!("{host} does not know this URL ({status}{name}): {remedy}")),
        401 | 403 => Failure::refused(format!("{host} denied access ({status}{name}): {remedy}")),
        413 => Failure::refused(format!("{host} rejected the message as too long ({status})")),
        429 => {
            let asked = wait.map(|wait| format!(" and asks to wait {} seconds", wait.as_secs()));
            Failure::temporary(format!("{host} limits the rate of messages ({status}){}", asked.unwrap_or_default()))
        }
        408 | 500..=599 => Failure::temporary(format!("{host} had an internal error ({status})")),
        _ => Failure::refused(format!("{host} rejected the message ({status}{name}): {remedy}")),
    };
    Err(failure.http_status(status, wait))
}

/// The seconds of `Retry-After`, or of Discord's `retry_after` in JSON, which may be a fraction.
fn retry_after(response: &Response) -> Option<Duration> {
    let header = response.header("retry-after").and_then(|value| value.trim().parse::<f64>().ok());
    let body = || serde_json::from_slice::<Value>(&response.body).ok()?.get("retry_after")?.as_f64();
    let seconds = header.or_else(body).filter(|seconds| seconds.is_finite())?;
    // Anything over a day does not fit the budget anyway.
    Some(Duration::from_secs_f64(seconds.clamp(0.0, 86_400.0).ceil()))
}

/// `, channel_is_archived`: the name of an error in the response; nothing that could be a secret or a page.
fn error_name(response: &Response) -> String {
    let is_name = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
    let name = std::str::from_utf8(response.body.trim_ascii()).ok();
    let name = name.filter(|name| (3..=40).contains(&name.len()) && name.as_bytes().iter().all(is_name));
    name.map_or_else(String::new, |name| format!(", {name}"))
}

/// A `POST` of JSON.
pub(crate) fn post_json(url: &Url, body: &Value) -> Request {
    let headers = vec![("content-type", Secret::new("application/json"))];
    Request { method: Method::POST, url: url.clone(), headers, body: body.to_string().into_bytes().into() }
}
