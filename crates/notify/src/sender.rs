//! Trying, and trying again: how often, how long, and what an answer means.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use everlit_http::{HttpClient, Method, Options, Proxy, Request, Response, Roots, Stage, Url};
use everlit_keeper::{Clock, NotifyError, NotifyErrorClass};
use everlit_meta_api::redact;

use crate::error::Error;

/// Longest time for one try: a webhook that takes longer is not going to answer.
pub(crate) const TRY: Duration = Duration::from_secs(10);
/// Longest time for all tries and the waits between them: a run waits for its channels.
pub(crate) const BUDGET: Duration = Duration::from_secs(30);
/// Before the second and the third try. What lasts longer than this is for the next run.
const WAITS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// Sends messages over HTTP.
#[derive(Debug)]
pub(crate) struct Sender {
    http: HttpClient,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Sender {
    /// A sender that goes the way of these settings. Opens nothing yet.
    ///
    /// [`Error::Connection`] when the proxy cannot be used.
    pub(crate) fn new(roots: Roots, proxy: Proxy, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let options = Options { deadline: TRY, roots, proxy };
        let http = HttpClient::new(options).map_err(|error| Error::Connection(error.detail))?;
        Ok(Self { http, clock })
    }

    /// Sends what `request` makes, anew for each try, until it is taken. `remedy` is what a person can do about an address
    /// that does not work.
    pub(crate) async fn send(
        &self,
        request: &(dyn Fn() -> Request + Sync),
        remedy: &str,
    ) -> Result<Response, NotifyError> {
        let host = request().url.origin().host().to_owned();
        persist(&*self.clock, &host, || async {
            match self.http.send(request()).await {
                Ok(response) => validator(response, &host, remedy),
                Err(error) => {
                    let (again, what) = match error.stage {
                        Stage::Setup => (Again::No, ""),
                        Stage::Resolve | Stage::Connect => {
                            (Again::Yes(None), "; look at the address and at the network")
                        }
                        _ => (Again::Yes(None), ""),
                    };
                    // Some of these name the host already.
                    let place = if error.detail.contains(&host) { String::new() } else { format!("{host}: ") };
                    Err(Failure { message: format!("{place}{error}{what}"), again })
                }
            }
        })
        .await
    }
}

/// A try that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What happened, and what to do. Redacted by [`persist`].
    pub(crate) message: String,
    /// Whether trying again can help.
    pub(crate) again: Again,
}

/// Whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// Yes, not before so long has passed if the other side said so.
    Yes(Option<Duration>),
    /// Not before somebody has changed something.
    No,
}

/// Tries three times at most, within [`BUDGET`]. A wait that the other side asks for is kept where it fits. `place` is the
/// host or the program, for the words of a failure.
pub(crate) async fn persist<T, F: Future<Output = Result<T, Failure>> + Send>(
    clock: &dyn Clock,
    place: &str,
    once: impl Fn() -> F,
) -> Result<T, NotifyError> {
    let started = clock.now();
    let mut waits = WAITS.into_iter();
    loop {
        let spent = Duration::from_secs(u64::try_from(clock.now().since(started)).unwrap_or(0));
        let left = BUDGET.saturating_sub(spent).min(TRY);
        let tried = tokio::time::timeout(left, once()).await;
        let failure = match tried {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(failure)) => failure,
            Err(_) => {
                let message = format!("no answer from {place} within {} seconds", left.as_secs());
                Failure { message, again: Again::Yes(None) }
            }
        };
        let spent = Duration::from_secs(u64::try_from(clock.now().since(started)).unwrap_or(0));
        let wait = match (failure.again, waits.next()) {
            (Again::Yes(failed_call), Some(usual)) => failed_call.map_or(usual, |failed_call| failed_call.max(usual)),
            _ => return Err(failure.into()),
        };
        if spent + wait >= BUDGET {
            return Err(failure.into());
        }
        clock.sleep(wait).await;
    }
}

impl From<Failure> for NotifyError {
    fn from(failure: Failure) -> Self {
        let class = if failure.again == Again::No { NotifyErrorClass::Refused } else { NotifyErrorClass::Temporary };
        Self::new(class, redact(&failure.message))
    }
}

/// What an answer means. Only 2xx is success: a redirect would lead a secret address, or a message, elsewhere.
fn validator(response: Response, host: &str, remedy: &str) -> Result<Response, Failure> {
    let status = response.status;
    let said = Said(&response);
    let (message, again) = match status {
        200..=299 => return Ok(response),
        300..=399 => (
            format!("{host} points to another address ({status}), which is not followed; store the one it points to"),
            Again::No,
        ),
        404 | 410 => (format!("{host} does not know this address ({status}{said}): {remedy}"), Again::No),
        401 | 403 => (format!("{host} refuses ({status}{said}): {remedy}"), Again::No),
        413 => (format!("{host} finds the message too long ({status})"), Again::No),
        429 => {
            let wait = retry_after(&response);
            let how_long =
                wait.map_or_else(String::new, |wait| format!("; it asks to wait {} seconds", wait.as_secs()));
            (format!("{host} takes no more messages for now ({status}){how_long}"), Again::Yes(wait))
        }
        408 | 500..=599 => (format!("{host} is in trouble ({status})"), Again::Yes(retry_after(&response))),
        _ => (format!("{host} does not accept the message ({status}{said}): {remedy}"), Again::No),
    };
    Err(Failure { message, again })
}

/// The seconds of `Retry-After`, or of Discord's `retry_after` in JSON, which may hold a fraction.
fn retry_after(response: &Response) -> Option<Duration> {
    let header = response.header("retry-after").and_then(|value| value.trim().parse::<f64>().ok());
    let body = || serde_json::from_slice::<serde_json::Value>(&response.body).ok()?.get("retry_after")?.as_f64();
    // A day and more are all the same: they do not fit.
    header
        .or_else(body)
        .filter(|seconds| seconds.is_finite())
        .map(|s| Duration::from_secs_f64(s.clamp(0.0, 86_400.0).ceil()))
}

/// An error's name in the answer, such as `channel_is_archived`; nothing that could be a secret or a page.
struct Said<'a>(&'a Response);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_name = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
        match std::str::from_utf8(self.0.body.trim_ascii()) {
            Ok(name) if (3..=40).contains(&name.len()) && name.bytes().all(|byte| is_name(&byte)) => {
                write!(f, ", {name}")
            }
            _ => Ok(()),
        }
    }
}

/// An address in which a path says what is to be reached.
pub(crate) fn with_path(url: &everlit_http::Secret) -> Result<Url, Error> {
    let url = Url::parse(url.expose())?;
    if url.path() == "/" && url.query().is_empty() { Err(Error::NoPath) } else { Ok(url) }
}

/// A `POST` of JSON.
pub(crate) fn post_json(url: &Url, body: &serde_json::Value) -> Request {
    let body = body.to_string().into_bytes().into();
    let headers = vec![("content-type", everlit_http::Secret::new("application/json"))];
    Request { method: Method::POST, url: url.clone(), headers, body }
}
