//! The table of notifier kinds. To add one, write its file, name it in `lib.rs`, and add a row here.

use std::sync::Arc;

use crate::chat::Chat;
use crate::command::Command;
use crate::discord::DISCORD;
use crate::email::{Email, SECURITY};
use crate::kind::{Build, Form, Kind, Need, OptionSpec, SecretSpec, Shape};
use crate::monitors::{CRONITOR, DEAD_MANS_SNITCH, HEALTHCHECKS, PLAIN_URL, UPTIME_KUMA};
use crate::ntfy::Ntfy;
use crate::slack::SLACK;
use crate::teams::TEAMS;
use crate::webhook::Webhook;

/// Every kind of notifier, in the order in which help and errors list them.
pub static KINDS: [Kind; 12] = [
    Kind {
        name: "slack",
        secrets: &[url("the URL of the incoming webhook (https://hooks.slack.com/services/...)")],
        options: &[],
        build: Build::Channel(|setup| Ok(Arc::new(Chat::new(setup, &SLACK)?))),
    },
    Kind {
        name: "discord",
        secrets: &[url("the URL of the channel's webhook (https://discord.com/api/webhooks/...)")],
        options: &[],
        build: Build::Channel(|setup| Ok(Arc::new(Chat::new(setup, &DISCORD)?))),
    },
    Kind {
        name: "teams",
        secrets: &[url("the URL of the workflow that posts to the channel")],
        options: &[],
        build: Build::Channel(|setup| Ok(Arc::new(Chat::new(setup, &TEAMS)?))),
    },
    Kind {
        name: "ntfy",
        secrets: &[
            url("the URL of the topic (https://ntfy.sh/...)"),
            SecretSpec {
                suffix: "TOKEN",
                prompt: "the access token, if the server requires one",
                need: Need::Optional,
                form: Form::Token,
            },
        ],
        options: &[],
        build: Build::Channel(|setup| Ok(Arc::new(Ntfy::new(setup)?))),
    },
    Kind {
        name: "email",
        secrets: &[SecretSpec {
            suffix: "PASSWORD",
            prompt: "the password for the mail server",
            need: Need::RequiredWith("user"),
            form: Form::Text,
        }],
        options: &[
            required("server", Shape::Text),
            optional("security", Shape::OneOf(&SECURITY)),
            required("from", Shape::Text),
            required("to", Shape::List),
            optional("user", Shape::Text),
        ],
        build: Build::Channel(|setup| Ok(Arc::new(Email::new(setup)?))),
    },
    Kind {
        name: "webhook",
        secrets: &[
            url("the URL that receives the messages"),
            SecretSpec {
                suffix: "SECRET",
                prompt: "the signing secret (whsec_...)",
                need: Need::Generated,
                form: Form::Token,
            },
        ],
        options: &[],
        build: Build::Channel(|setup| Ok(Arc::new(Webhook::new(setup)?))),
    },
    Kind {
        name: "command",
        secrets: &[],
        options: &[required("command", Shape::Command)],
        build: Build::Channel(|setup| Ok(Arc::new(Command::new(setup)?))),
    },
    Kind {
        name: "healthchecks",
        secrets: &[url("the ping URL of the check (https://hc-ping.com/...)")],
        options: &[],
        build: Build::Monitor(&HEALTHCHECKS),
    },
    Kind {
        name: "uptime-kuma",
        secrets: &[url("the URL of the push monitor (https://.../api/push/...)")],
        options: &[],
        build: Build::Monitor(&UPTIME_KUMA),
    },
    Kind {
        name: "cronitor",
        secrets: &[url("the telemetry URL of the monitor (https://cronitor.link/p/...)")],
        options: &[],
        build: Build::Monitor(&CRONITOR),
    },
    Kind {
        name: "snitch",
        secrets: &[url("the URL of the snitch (https://nosnch.in/...)")],
        options: &[],
        build: Build::Monitor(&DEAD_MANS_SNITCH),
    },
    Kind {
        name: "url",
        secrets: &[
            url("the URL to call after each successful run"),
            SecretSpec { need: Need::Optional, suffix: "URL_START", ..url("the URL to call when a run starts") },
            SecretSpec { need: Need::Optional, suffix: "URL_FAIL", ..url("the URL to call when a person must act") },
        ],
        options: &[],
        build: Build::Monitor(&PLAIN_URL),
    },
];

/// The kind with this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

const fn url(prompt: &'static str) -> SecretSpec {
    SecretSpec { suffix: "URL", prompt, need: Need::Required, form: Form::Url }
}

const fn required(key: &'static str, shape: Shape) -> OptionSpec {
    OptionSpec { key, shape, is_required: true }
}

const fn optional(key: &'static str, shape: Shape) -> OptionSpec {
    OptionSpec { key, shape, is_required: false }
}
