//! The kinds of places, in the order in which they are shown.

use everlit_options::{OptionSpec, Shape};

use crate::kind::{Effect, Kind, Room, SecretSpec};
use crate::{command, env_file, file, github, redeploy, vercel, webhook};

const fn required(key: &'static str, shape: Shape) -> OptionSpec {
    OptionSpec { key, shape, is_required: true }
}

const fn optional(key: &'static str, shape: Shape) -> OptionSpec {
    OptionSpec { key, shape, is_required: false }
}

const HOOK: SecretSpec =
    SecretSpec { suffix: "HOOK", prompt: "Deploy hook URL (only for after = \"hook\")", is_required: false };

/// All of them.
pub static KINDS: [Kind; 6] = [
    Kind {
        name: "env-file",
        secrets: &[],
        options: &[required("path", Shape::Text)],
        effect: Effect::NextRead,
        room: Room::EachKey,
        guide: "Another env file, also outside the project: the key is replaced byte for byte, or added at the end. Most programs \
                read an env file once, as they start: restart them with a target of kind command.",
        build: env_file::build,
    },
    Kind {
        name: "file",
        secrets: &[],
        options: &[required("path", Shape::Text), optional("format", Shape::OneOf(&file::FORMATS))],
        effect: Effect::NextRead,
        room: Room::One,
        guide: "A file with the token and nothing else (format = \"raw\"), or with a JSON object about it. A new file is private \
                (0600). A file with anything else in it is left alone.",
        build: file::build,
    },
    Kind {
        name: "command",
        secrets: &[],
        options: &[
            required("command", Shape::Command),
            optional("stdin", Shape::OneOf(&command::STDIN)),
            optional("timeout", Shape::Text),
            optional("verify", Shape::Command),
        ],
        effect: Effect::Theirs,
        room: Room::Any,
        guide: "A program without a shell, with the token on stdin (raw, line, json or dotenv) or not at all (none). Exit code 0 \
                means delivered, 75 that it should be tried again, anything else that a person must look. EVERLIT_ACCOUNT, \
                EVERLIT_KEY, EVERLIT_EXPIRES_AT and others are in its environment; the token never is.",
        build: command::build,
    },
    Kind {
        name: "webhook",
        secrets: &[
            SecretSpec { suffix: "URL", prompt: "URL of the webhook", is_required: true },
            SecretSpec { suffix: "SECRET", prompt: "Signing secret (whsec_...)", is_required: true },
        ],
        options: &[optional("token", Shape::OneOf(&["true", "false"]))],
        effect: Effect::Theirs,
        room: Room::Any,
        guide: "A signed POST (Standard Webhooks) that says that the token is new. It holds the token only with token = \"true\".",
        build: webhook::build,
    },
    Kind {
        name: "github-secret",
        secrets: &[SecretSpec { suffix: "TOKEN", prompt: "GitHub token that may write secrets", is_required: true }],
        options: &[
            optional("project", Shape::Text),
            optional("environments", Shape::List),
            optional("organization", Shape::Text),
            optional("workflow", Shape::Text),
            optional("after", Shape::OneOf(&redeploy::AFTER)),
            optional("url", Shape::Text),
        ],
        effect: Effect::NextRun,
        room: Room::EachKey,
        guide: "Create a fine-grained token under Settings, Developer settings, with access to the repository and the permission \
                Secrets: read and write (for an environment also Environments: read and write; for a workflow also Actions: read \
                and write). The GITHUB_TOKEN of a workflow cannot write secrets. Use a secret of an environment: a run that \
                waits in a queue has read those of the repository already, an old token among them.",
        build: github::build,
    },
    Kind {
        name: "vercel",
        secrets: &[SecretSpec { suffix: "TOKEN", prompt: "Vercel token", is_required: true }, HOOK],
        options: &[
            required("project", Shape::Text),
            optional("team", Shape::Text),
            optional("environments", Shape::List),
            required("after", Shape::OneOf(&redeploy::AFTER)),
            optional("url", Shape::Text),
        ],
        effect: Effect::NextDeployment,
        room: Room::EachKey,
        guide: "Create a token under Account Settings, Tokens, for the team of the project. The project is its name or its id \
                (prj_...), the team its id (team_...). Only new deployments see a new value: set after = \"redeploy\", or after = \
                \"hook\" with a deploy hook of the project.",
        build: vercel::build,
    },
];

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}
