//! The protocols of the monitors.

use crate::Summary;
use everlit_http::Url;

use crate::answer;
use crate::heartbeat::{Monitor, Ping};
use crate::summary::Signal;

/// healthchecks.io, or a Healthchecks of your own: `https://hc-ping.com/<uuid>` or `.../<key>/<slug>`.
/// <https://healthchecks.io/docs/http_api/>
pub(crate) static HEALTHCHECKS: Monitor = Monitor {
    appends: true,
    answer: Some(answer::healthchecks),
    start: |to| vec![get(&to.urls.main, format!("/start?rid={}", to.run))],
    finish: |to, summary| {
        let ping = |signal: &str| Ping {
            url: &to.urls.main,
            suffix: format!("{signal}?rid={}", to.run),
            body: summary.message(),
        };
        match summary.signal() {
            Signal::Success => vec![ping("")],
            Signal::Retrying => vec![ping("/log"), ping("")],
            Signal::Incomplete => vec![ping("/log")],
            Signal::Failure => vec![ping("/fail")],
        }
    },
};

/// Uptime Kuma: the URL of a push monitor. The query that Kuma shows with it is dropped.
pub(crate) static UPTIME_KUMA: Monitor = Monitor {
    appends: true,
    answer: Some(answer::uptime_kuma),
    start: |_| Vec::new(),
    finish: |to, summary| {
        let (message, took) = (query_message(summary), summary.took.as_millis());
        outcome(summary, |is_failure| {
            let status = if is_failure { "down" } else { "up" };
            get(&to.urls.main, format!("?status={status}&msg={message}&ping={took}"))
        })
    },
};

/// Cronitor: `https://cronitor.link/p/<api key>/<monitor key>`. <https://cronitor.io/docs/telemetry-api>
pub(crate) static CRONITOR: Monitor = Monitor {
    appends: true,
    answer: None,
    start: |to| vec![get(&to.urls.main, format!("?state=run&series={}", to.run))],
    finish: |to, summary| {
        let (count, errors) = (summary.checked, summary.failed + summary.needs_person + summary.not_saved);
        let numbers = format!("metric=count:{count}&metric=error_count:{errors}&status_code={}", summary.exit);
        let (run, message) = (&to.run, query_message(summary));
        outcome(summary, |is_failure| {
            let state = if is_failure { "fail" } else { "complete" };
            get(&to.urls.main, format!("?state={state}&series={run}&{numbers}&message={message}"))
        })
    },
};

/// Dead Man's Snitch: `https://nosnch.in/<token>`. <https://deadmanssnitch.com/docs>
pub(crate) static DEAD_MANS_SNITCH: Monitor = Monitor {
    appends: true,
    answer: None,
    start: |_| Vec::new(),
    finish: |to, summary| {
        outcome(summary, |is_failure| {
            // Anything but 0 is a failure there, and exit code 4 (retrying) is not one here.
            let status = if is_failure { summary.exit.max(1) } else { 0 };
            get(&to.urls.main, format!("?m={}&s={status}", query_message(summary)))
        })
    },
};

/// Anything that accepts a plain `GET`. Without a failure URL, the missing heartbeat raises the alarm.
pub(crate) static PLAIN_URL: Monitor = Monitor {
    appends: false,
    answer: None,
    start: |to| to.urls.start.iter().map(|url| get(url, String::new())).collect(),
    finish: |to, summary| match summary.signal() {
        Signal::Success | Signal::Retrying => vec![get(&to.urls.main, String::new())],
        Signal::Incomplete => Vec::new(),
        Signal::Failure => to.urls.failure.iter().map(|url| get(url, String::new())).collect(),
    },
};

/// One ping for a success or a failure, and none for an incomplete run.
fn outcome<'a>(summary: &Summary, ping: impl FnOnce(bool) -> Ping<'a>) -> Vec<Ping<'a>> {
    match summary.signal() {
        Signal::Incomplete => Vec::new(),
        signal => vec![ping(signal == Signal::Failure)],
    }
}

fn get(url: &Url, suffix: String) -> Ping<'_> {
    Ping { url, suffix, body: String::new() }
}

fn query_message(summary: &Summary) -> String {
    summary.message().replace(' ', "%20")
}
