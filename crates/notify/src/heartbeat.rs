//! Heartbeats: a monitor elsewhere notices when everlit itself has stopped.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use everlit_http::{Request, Secret, Url};
use everlit_keeper::NotifyError;

use crate::sender::with_path;
use crate::{Error, Sender};

/// Who waits for the heartbeat. Addresses are secret: whoever knows one can send heartbeats.
#[derive(Clone, Debug)]
pub enum Monitor {
    /// healthchecks.io or one's own Healthchecks: the ping address, `https://hc-ping.com/<uuid>` or `.../<key>/<slug>`.
    /// <https://healthchecks.io/docs/http_api/>
    Healthchecks(Secret),
    /// Uptime Kuma: the address of a push monitor; the query that Kuma shows with it is left out.
    UptimeKuma(Secret),
    /// Cronitor: `https://cronitor.link/p/<api key>/<monitor key>`. <https://cronitor.io/docs/telemetry-api>
    Cronitor(Secret),
    /// Dead Man's Snitch: `https://nosnch.in/<token>`. <https://deadmanssnitch.com/docs>
    DeadMansSnitch(Secret),
    /// Anything that takes a plain `GET`.
    Other {
        /// Called before the work, if at all.
        start: Option<Secret>,
        /// Called when all is well.
        success: Secret,
        /// Called when a person must act; where there is none, nothing is called then, and the silence is the alarm.
        failure: Option<Secret>,
    },
}

/// What a run came to, in numbers. No name and no token gets to a monitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many accounts there are.
    pub accounts: u32,
    /// How many of them were looked at.
    pub checked: u32,
    /// How many failed in a way that will be tried again.
    pub failed: u32,
    /// How many wait for a person.
    pub needs_person: u32,
    /// How many hold a token or a delivery that could not be saved.
    pub not_saved: u32,
    /// The longest time since Meta confirmed a token.
    pub oldest_check: Option<Duration>,
    /// How long the run took.
    pub took: Duration,
    /// The program's exit code.
    pub exit: u8,
}

/// What a run means to somebody who waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verification {
    /// Every account was looked at, and nobody has to do anything.
    Healthy,
    /// Every account was looked at; some will be tried again.
    Retrying,
    /// Not every account was looked at, and nobody has to do anything about that yet.
    Incomplete,
    /// A person must act, or something could not be saved.
    Bad,
}

impl Summary {
    /// `/fail` pages somebody, so it stands for what only a person can mend: exit codes 1, 2, 3 and 5. A failure that passes
    /// by itself is written to the log of the monitor (`/log`), and the run still counts as a success, because success
    /// means "every token was looked at": a night of trouble at Meta must wake nobody, and a month of it brings an
    /// expiry near, of which people are told. A run that could not look at every account says neither; when no run
    /// can for as long as the monitor waits, the silence is the alarm.
    fn verdict(&self) -> Verification {
        match self.exit {
            1 | 2 | 3 | 5 => Verification::Bad,
            _ if self.needs_person > 0 || self.not_saved > 0 => Verification::Bad,
            0 | 4 if self.checked < self.accounts => Verification::Incomplete,
            0 if self.failed == 0 => Verification::Healthy,
            0 | 4 => Verification::Retrying,
            _ => Verification::Incomplete,
        }
    }

    /// `accounts=3 checked=3 ...`: a monitor shows it, and a number that never changes gives away a run that does nothing.
    fn message(&self) -> String {
        let Self { accounts, checked, failed, needs_person, not_saved, oldest_check, took, exit } = self;
        let mut message = format!(
            "accounts={accounts} checked={checked} failed={failed} needs_person={needs_person} not_saved={not_saved}"
        );
        if let Some(age) = oldest_check {
            // Writing to a String cannot fail.
            let _ = write!(message, " oldest_check_age={}s", age.as_secs());
        }
        let _ = write!(message, " took={}s exit={exit}", took.as_secs());
        message
    }
}

/// Sends heartbeats of one run. That a monitor cannot be reached never changes how the run ends.
#[derive(Debug)]
pub struct Heartbeat {
    name: String,
    signals: Signals,
    /// Pairs the start with the end, when runs overlap.
    run: String,
    /// The longest body that Healthchecks says it keeps.
    body_limit: AtomicUsize,
    sender: Sender,
}

/// [`Monitor`], with addresses read.
#[derive(Debug)]
enum Signals {
    Healthchecks(Url),
    UptimeKuma(Url),
    Cronitor(Url),
    DeadMansSnitch(Url),
    Other { start: Option<Url>, success: Url, failure: Option<Url> },
}

impl Heartbeat {
    /// A heartbeat of one run. `run` is a random number that no other run has.
    pub fn new(name: impl Into<String>, monitor: &Monitor, run: u128, sender: Sender) -> Result<Self, Error> {
        // What is added to the path or the query would end up in the wrong place otherwise.
        let bare = |url: &Secret| {
            let url = with_path(url)?;
            let path = url.path().trim_end_matches('/');
            if path.is_empty() {
                return Err(Error::NoPath);
            }
            Ok(Url::at(url.origin().clone(), Secret::new(path))?)
        };
        let signals = match monitor {
            Monitor::Healthchecks(url) => Signals::Healthchecks(bare(url)?),
            Monitor::UptimeKuma(url) => Signals::UptimeKuma(bare(url)?),
            Monitor::Cronitor(url) => Signals::Cronitor(bare(url)?),
            Monitor::DeadMansSnitch(url) => Signals::DeadMansSnitch(bare(url)?),
            Monitor::Other { start, success, failure } => Signals::Other {
                start: start.as_ref().map(with_path).transpose()?,
                success: with_path(success)?,
                failure: failure.as_ref().map(with_path).transpose()?,
            },
        };
        // Ten thousand bytes are what Healthchecks keeps unless it says otherwise.
        Ok(Self { name: name.into(), signals, run: uuid(run), body_limit: AtomicUsize::new(10_000), sender })
    }

    /// The name in the settings.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The host that it goes to, or several, for the words of a failure.
    pub fn goes_to(&self) -> String {
        let urls: Vec<&Url> = match &self.signals {
            Signals::Healthchecks(url)
            | Signals::UptimeKuma(url)
            | Signals::Cronitor(url)
            | Signals::DeadMansSnitch(url) => vec![url],
            Signals::Other { start, success, failure } => start.iter().chain([success]).chain(failure).collect(),
        };
        let hosts: BTreeSet<&str> = urls.iter().map(|url| url.origin().host()).collect();
        Vec::from_iter(hosts).join(" or ")
    }

    /// The run begins.
    pub async fn start(&self) -> Result<(), NotifyError> {
        let run = &self.run;
        match &self.signals {
            Signals::Healthchecks(url) => self.ping(url, &format!("/start?rid={run}"), "").await,
            Signals::Cronitor(url) => self.ping(url, &format!("?state=run&series={run}"), "").await,
            Signals::Other { start: Some(url), .. } => self.ping(url, "", "").await,
            Signals::UptimeKuma(_) | Signals::DeadMansSnitch(_) | Signals::Other { start: None, .. } => Ok(()),
        }
    }

    /// The run has ended, and what it came to.
    pub async fn finish(&self, summary: &Summary) -> Result<(), NotifyError> {
        let (run, message, verdict) = (&self.run, summary.message(), summary.verdict());
        let is_bad = verdict == Verification::Bad;
        if let Signals::Healthchecks(url) = &self.signals {
            if matches!(verdict, Verification::Retrying | Verification::Incomplete) {
                self.ping(url, &format!("/log?rid={run}"), &message).await?;
            }
            let signal = if is_bad { "/fail" } else { "" };
            return match verdict {
                Verification::Incomplete => Ok(()),
                _ => self.ping(url, &format!("{signal}?rid={run}"), &message).await,
            };
        }
        if verdict == Verification::Incomplete {
            return Ok(());
        }
        let message = message.replace(' ', "%20");
        match &self.signals {
            Signals::UptimeKuma(url) => {
                let status = if is_bad { "down" } else { "up" };
                let took = summary.took.as_millis();
                self.ping(url, &format!("?status={status}&msg={message}&ping={took}"), "").await
            }
            Signals::Cronitor(url) => {
                let state = if is_bad { "fail" } else { "complete" };
                let (count, errors) = (summary.checked, summary.failed + summary.needs_person + summary.not_saved);
                let numbers = format!("metric=count:{count}&metric=error_count:{errors}&status_code={}", summary.exit);
                self.ping(url, &format!("?state={state}&series={run}&{numbers}&message={message}"), "").await
            }
            Signals::DeadMansSnitch(url) => {
                // Anything but 0 is a failure there, and a failure that passes is none here.
                let status = if is_bad { summary.exit.max(1) } else { 0 };
                self.ping(url, &format!("?m={message}&s={status}"), "").await
            }
            Signals::Other { failure: Some(url), .. } if is_bad => self.ping(url, "", "").await,
            Signals::Other { success, .. } if !is_bad => self.ping(success, "", "").await,
            Signals::Other { .. } | Signals::Healthchecks(_) => Ok(()),
        }
    }

    /// Calls the address with `suffix` at its end: with `POST` where there is a body, else with `GET`.
    async fn ping(&self, url: &Url, suffix: &str, body: &str) -> Result<(), NotifyError> {
        let target = Secret::new(format!("{}{suffix}", url.target()));
        let url = Url::at(url.origin().clone(), target)
            .map_err(|error| NotifyError { message: format!("the address {error}"), is_permanent: true })?;
        // ASCII, so every byte is a boundary.
        let body = body.get(..body.len().min(self.body_limit.load(Ordering::Relaxed))).unwrap_or_default();
        let method = if body.is_empty() { "GET" } else { "POST" };
        let request =
            || Request { method, url: url.clone(), headers: Vec::new(), body: body.as_bytes().to_vec().into() };
        let remedy = "copy the address of the check again and store it";
        let response = self.sender.send(&request, remedy).await?;
        if let Some(limit) = response.header("ping-body-limit").and_then(|limit| limit.parse().ok()) {
            self.body_limit.store(limit, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// A random number in the form of a UUID of version 4 (RFC 9562).
fn uuid(random: u128) -> String {
    let bits = random & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hex.get(part).unwrap_or_default());
    parts.join("-")
}
