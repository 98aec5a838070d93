//! The table of notifier kinds. To add one, write its file, name it in `lib.rs`, and add a row here.

use crate::{Kind, Need, OptionSpec, SECURITY, SecretSpec, Shape};
use std::sync::Arc;

use crate::address::{self, CheckUrl};
use crate::chat::Chat;
use crate::command::Command;
use crate::discord::DISCORD;
use crate::email::Email;
use crate::heartbeat::Monitor;
use crate::http_channel::http_channel;
use crate::kind::{Build, BuildChannel};
use crate::monitors::{CRONITOR, DEAD_MANS_SNITCH, HEALTHCHECKS, PLAIN_URL, UPTIME_KUMA};
use crate::ntfy::Ntfy;
use crate::slack::SLACK;
use crate::teams::TEAMS;
use crate::webhook::Webhook;

/// Every kind of notifier, in the order in which help and errors list them.
pub static KINDS: [Kind; 12] = [
    channel(
        "slack",
        &[url("the URL of the incoming webhook (https://hooks.slack.com/services/...)", address::slack)],
        &[],
        |setup| http_channel(setup, Chat::new(setup, &SLACK)?),
    ),
    channel(
        "discord",
        &[url("the URL of the channel's webhook (https://discord.com/api/webhooks/...)", address::discord)],
        &[],
        |setup| http_channel(setup, Chat::new(setup, &DISCORD)?),
    ),
    channel("teams", &[url("the URL of the workflow that posts to the channel", address::teams)], &[], |setup| {
        http_channel(setup, Chat::new(setup, &TEAMS)?)
    }),
    channel(
        "ntfy",
        &[
            url("the URL of the topic (https://ntfy.sh/...)", address::ntfy),
            secret("TOKEN", "the access token, if the server requires one", Need::Optional),
        ],
        &[],
        |setup| http_channel(setup, Ntfy::new(setup)?),
    ),
    channel(
        "email",
        &[secret("PASSWORD", "the password for the mail server", Need::RequiredWith("user"))],
        &[
            required("server", Shape::Text),
            optional("security", Shape::OneOf(&SECURITY)),
            required("from", Shape::Text),
            required("to", Shape::List),
            optional("user", Shape::Text),
        ],
        |setup| Ok(Arc::new(Email::new(setup)?)),
    ),
    channel(
        "webhook",
        &[
            secret("URL", "the URL that receives the messages", Need::Required),
            secret("SECRET", "the signing secret (whsec_...)", Need::Generated),
        ],
        &[],
        |setup| http_channel(setup, Webhook::new(setup)?),
    ),
    channel("command", &[], &[required("command", Shape::Command)], |setup| Ok(Arc::new(Command::new(setup)?))),
    monitor(
        "healthchecks",
        &[url("the ping URL of the check (https://hc-ping.com/...)", address::healthchecks)],
        &HEALTHCHECKS,
    ),
    monitor(
        "uptime-kuma",
        &[url("the URL of the push monitor (https://.../api/push/...)", address::uptime_kuma)],
        &UPTIME_KUMA,
    ),
    monitor(
        "cronitor",
        &[url("the telemetry URL of the monitor (https://cronitor.link/p/...)", address::cronitor)],
        &CRONITOR,
    ),
    monitor("snitch", &[url("the URL of the snitch (https://nosnch.in/...)", address::snitch)], &DEAD_MANS_SNITCH),
    monitor(
        "url",
        &[
            url("the URL to call after each successful run", address::with_path),
            optional_url("URL_START", "the URL to call when a run starts"),
            optional_url("URL_FAIL", "the URL to call when a person must act"),
        ],
        &PLAIN_URL,
    ),
];

/// The kind with this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

const fn channel(
    name: &'static str,
    secrets: &'static [SecretSpec],
    options: &'static [OptionSpec],
    build: BuildChannel,
) -> Kind {
    Kind { name, secrets, options, build: Build::Channel(build) }
}

const fn monitor(name: &'static str, secrets: &'static [SecretSpec], monitor: &'static Monitor) -> Kind {
    Kind { name, secrets, options: &[], build: Build::Monitor(monitor) }
}

const fn url(prompt: &'static str, check_url: CheckUrl) -> SecretSpec {
    SecretSpec { check_url: Some(check_url), ..secret("URL", prompt, Need::Required) }
}

const fn optional_url(suffix: &'static str, prompt: &'static str) -> SecretSpec {
    SecretSpec { check_url: Some(address::with_path), ..secret(suffix, prompt, Need::Optional) }
}

const fn secret(suffix: &'static str, prompt: &'static str, need: Need) -> SecretSpec {
    SecretSpec { suffix, prompt, need, check_url: None }
}

const fn required(key: &'static str, shape: Shape) -> OptionSpec {
    OptionSpec { key, shape, is_required: true }
}

const fn optional(key: &'static str, shape: Shape) -> OptionSpec {
    OptionSpec { key, shape, is_required: false }
}
