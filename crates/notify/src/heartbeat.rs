//! Heartbeats: a monitor elsewhere notices when everlit itself has stopped.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use everlit_http::{Method, Request, Secret, Url};
use everlit_keeper::{NotifyError, NotifyErrorClass};

use crate::answer::{self, ReadAnswer};
use crate::sender::Sender;
use crate::{Error, Summary};

/// Sends the heartbeats of one run. An unreachable monitor never changes how the run ends.
#[derive(Debug)]
pub struct Heartbeat {
    monitor: &'static Monitor,
    to: Endpoint,
    /// The longest body that Healthchecks says it stores.
    body_limit: AtomicUsize,
    sender: Sender,
}

/// The protocol of a monitor: which pings it expects.
#[derive(Debug)]
pub(crate) struct Monitor {
    /// Whether paths and queries are appended to the URL, so that a query in it must be dropped.
    pub(crate) appends: bool,
    /// What a 2xx response says; `None` where the service documents no body, so that every one counts.
    pub(crate) answer: Option<ReadAnswer>,
    pub(crate) start: fn(&Endpoint) -> Vec<Ping<'_>>,
    pub(crate) finish: for<'a> fn(&'a Endpoint, &Summary) -> Vec<Ping<'a>>,
}

/// Where the pings of one run go. The URLs are secret: whoever knows one can send heartbeats.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) urls: Urls,
    /// Pairs start and end when runs overlap: a UUID.
    pub(crate) run: String,
}

/// The URLs of a monitor.
#[derive(Debug)]
pub(crate) struct Urls {
    pub(crate) main: Url,
    pub(crate) start: Option<Url>,
    pub(crate) failure: Option<Url>,
}

/// One call: a `POST` if it has a body, else a `GET`.
#[derive(Debug)]
pub(crate) struct Ping<'a> {
    pub(crate) url: &'a Url,
    /// Appended to the URL.
    pub(crate) suffix: String,
    pub(crate) body: String,
}

impl Heartbeat {
    pub(crate) fn new(monitor: &'static Monitor, mut urls: Urls, run: u128, sender: Sender) -> Result<Self, Error> {
        if monitor.appends {
            let path = urls.main.path().trim_end_matches('/');
            if path.is_empty() {
                return Err(Error::NoPath);
            }
            urls.main = Url::at(urls.main.origin().clone(), Secret::new(path))?;
        }
        let to = Endpoint { urls, run: uuid(run) };
        // Healthchecks stores ten thousand bytes unless it says otherwise.
        Ok(Self { monitor, to, body_limit: AtomicUsize::new(10_000), sender })
    }

    /// The host or hosts that it calls, for error messages.
    pub fn goes_to(&self) -> String {
        let urls = self.to.urls.start.iter().chain([&self.to.urls.main]).chain(&self.to.urls.failure);
        let hosts: BTreeSet<&str> = urls.map(|url| url.origin().host()).collect();
        Vec::from_iter(hosts).join(" or ")
    }

    /// Reports that the run starts.
    pub async fn start(&self) -> Result<(), NotifyError> {
        self.send((self.monitor.start)(&self.to)).await
    }

    /// Reports how the run ended.
    pub async fn finish(&self, summary: &Summary) -> Result<(), NotifyError> {
        self.send((self.monitor.finish)(&self.to, summary)).await
    }

    async fn send(&self, pings: Vec<Ping<'_>>) -> Result<(), NotifyError> {
        for Ping { url, suffix, body } in pings {
            let target = Secret::new(format!("{}{suffix}", url.target()));
            let url = Url::at(url.origin().clone(), target)
                .map_err(|error| NotifyError::new(NotifyErrorClass::Misconfigured, format!("the URL {error}")))?;
            // ASCII, so every byte is a boundary.
            let body = body.get(..body.len().min(self.body_limit.load(Ordering::Relaxed))).unwrap_or_default();
            let method = if body.is_empty() { Method::GET } else { Method::POST };
            let request = || Request {
                method: method.clone(),
                url: url.clone(),
                headers: Vec::new(),
                body: body.as_bytes().to_vec().into(),
            };
            let remedy = "copy the URL from the monitor again and store it";
            let response = self.sender.send(&request, &self.monitor.answer.unwrap_or(answer::any), remedy).await?;
            if let Some(limit) = response.header("ping-body-limit").and_then(|limit| limit.parse().ok()) {
                self.body_limit.store(limit, Ordering::Relaxed);
            }
        }
        Ok(())
    }
}

/// A random number in the form of a version 4 UUID (RFC 9562).
fn uuid(random: u128) -> String {
    let bits = random & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hex.get(part).unwrap_or_default());
    parts.join("-")
}
