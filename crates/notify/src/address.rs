//! URLs that can never work: people copy the address of a page, or of a service that is gone.

use everlit_http::Url;

use crate::Error;

/// Checks a URL before anything is sent to it.
pub(crate) type CheckUrl = fn(&Url) -> Result<(), Error>;

/// A URL with a path, which services need to know the receiver.
pub(crate) fn with_path(url: &Url) -> Result<(), Error> {
    if url.path() == "/" && url.query().is_empty() { Err(Error::NoPath) } else { Ok(()) }
}

pub(crate) fn slack(url: &Url) -> Result<(), Error> {
    with_path(url)?;
    let path = url.path();
    if is_at(url, "hooks.slack.com") {
        return refuse_if(
            !path.starts_with("/services/"),
            "the URL starts a workflow of Slack; create an incoming webhook, whose URL begins with \
             https://hooks.slack.com/services/",
        );
    }
    refuse_if(
        is_at(url, "slack.com"),
        "the URL is that of a page of Slack; create an incoming webhook, whose URL begins with \
         https://hooks.slack.com/services/",
    )?;
    refuse_if(
        is_discord(url) && !path.trim_end_matches('/').ends_with("/slack"),
        "the URL is Discord's: use --kind discord, or append /slack to it",
    )
}

pub(crate) fn discord(url: &Url) -> Result<(), Error> {
    with_path(url)?;
    let path = url.path().trim_end_matches('/');
    refuse_if(
        is_discord(url) && !(path.starts_with("/api/") && path.contains("/webhooks/")),
        "the URL is that of a page of Discord; in the channel's settings, under Integrations > Webhooks, copy the \
         webhook's URL: https://discord.com/api/webhooks/...",
    )?;
    refuse_if(
        path.ends_with("/slack") || path.ends_with("/github"),
        "the URL is for messages in the form of another service; remove its last part, /slack or /github",
    )
}

pub(crate) fn teams(url: &Url) -> Result<(), Error> {
    with_path(url)?;
    let is_connector = is_at(url, "webhook.office.com")
        || ["outlook.office.com", "outlook.office365.com"].iter().any(|host| is_at(url, host));
    refuse_if(
        is_connector,
        "the URL is that of an Office connector, which Microsoft has shut down; create a workflow in Teams from the \
         template \"Post to a channel when a webhook request is received\", and use its URL",
    )?;
    let pages =
        ["teams.microsoft.com", "teams.live.com", "teams.cloud.microsoft", "powerautomate.com", "flow.microsoft.com"];
    refuse_if(
        pages.iter().any(|host| is_at(url, host)),
        "the URL is that of a page; open the workflow, and copy the URL from its trigger \"When a Teams webhook request \
         is received\"",
    )
}

/// An ntfy topic: the last part of the path.
pub(crate) fn ntfy(url: &Url) -> Result<(), Error> {
    // Pages of the web app, which ntfy allows as no topic.
    const PAGES: [&str; 7] = ["app", "docs", "account", "settings", "login", "signup", "metrics"];
    let (root, topic) = url.path().trim_end_matches('/').rsplit_once('/').ok_or(Error::Topic)?;
    let is_topic = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_invalid = topic.is_empty() || topic.len() > 64 || !topic.bytes().all(is_topic) || PAGES.contains(&topic);
    // On the public server a second part is a way to read the topic, such as /json.
    let is_nested = is_at(url, "ntfy.sh") && !root.is_empty();
    if is_invalid || is_nested || !url.query().is_empty() { Err(Error::Topic) } else { Ok(()) }
}

pub(crate) fn healthchecks(url: &Url) -> Result<(), Error> {
    with_path(url)?;
    let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let is_page = is_at(url, "healthchecks.io") && parts.first() != Some(&"ping")
        || matches!(parts.as_slice(), [.., "checks" | "projects", _, "details" | "checks" | "log" | "settings"]);
    refuse_if(
        is_page,
        "the URL is that of a page; copy the ping URL of the check, which begins with https://hc-ping.com/ (on a server \
         of your own, with .../ping/)",
    )?;
    refuse_if(
        matches!(parts.as_slice(), [.., uuid, _] if is_uuid(uuid)),
        "the URL goes on after the check's UUID; everlit adds /start, /fail and /log itself",
    )
}

pub(crate) fn uptime_kuma(url: &Url) -> Result<(), Error> {
    with_path(url)?;
    let token = url.path().split_once("/api/push/").map(|(_, token)| token.trim_matches('/'));
    refuse_if(
        token.is_none_or(str::is_empty),
        "the URL is not that of a push monitor, which contains /api/push/ and a token; copy it from the monitor of type \
         Push",
    )
}

pub(crate) fn cronitor(url: &Url) -> Result<(), Error> {
    with_path(url)?;
    refuse_if(
        is_at(url, "cronitor.io") && !url.path().starts_with("/p/"),
        "the URL is that of a page; copy the telemetry URL, which begins with https://cronitor.link/p/",
    )
}

pub(crate) fn snitch(url: &Url) -> Result<(), Error> {
    with_path(url)?;
    refuse_if(
        is_at(url, "deadmanssnitch.com"),
        "the URL is that of a page; copy the snitch's own URL, which begins with https://nosnch.in/",
    )
}

fn refuse_if(is_wrong: bool, message: &'static str) -> Result<(), Error> {
    if is_wrong { Err(Error::Address(message)) } else { Ok(()) }
}

/// At this host, or at a name below it.
fn is_at(url: &Url, domain: &str) -> bool {
    let host = url.origin().host().to_ascii_lowercase();
    host.strip_suffix(domain).is_some_and(|below| below.is_empty() || below.ends_with('.'))
}

fn is_discord(url: &Url) -> bool {
    ["discord.com", "discordapp.com", "discord.gg"].iter().any(|host| is_at(url, host))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
