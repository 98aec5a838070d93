//! Who is told, and who waits for a heartbeat: `[notify.NAME]`, `[heartbeat.NAME]` and `metrics_file` of `everlit.toml`.
//! No secret stands there: addresses and passwords are looked up by the names that [`variable`] makes.

use std::path::PathBuf;

use everlit_notify::{Security, Service};
use toml_edit::{DocumentMut, Item, TableLike};

use super::{check_names, wrong};
use crate::output::problem::Problem;

/// Everything about telling that can be set.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct DispatchReport {
    pub(crate) channels: Vec<Channel>,
    pub(crate) heartbeats: Vec<HeartbeatSettings>,
    /// Written after each run, for Prometheus.
    pub(crate) metrics_file: Option<PathBuf>,
}

/// A way to reach a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Channel {
    pub(crate) name: String,
    pub(crate) kind: ChannelKind,
    /// Used only when another one fails.
    pub(crate) is_fallback: bool,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum ChannelKind {
    Chat(Service),
    Ntfy,
    Webhook,
    Email(Mail),
    /// A program and its arguments.
    Command(Vec<String>),
}

/// What is no secret about sending mail.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Mail {
    pub(crate) server: String,
    pub(crate) security: Security,
    pub(crate) user: Option<String>,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
}

/// Somebody who waits for a heartbeat.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct HeartbeatSettings {
    pub(crate) name: String,
    pub(crate) kind: HeartbeatKind,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum HeartbeatKind {
    Healthchecks,
    UptimeKuma,
    Cronitor,
    Snitch,
    Url,
}

/// Under these words the kinds stand in the file.
const CHANNEL_KINDS: [&str; 7] = ["slack", "discord", "teams", "ntfy", "email", "webhook", "command"];
const BEAT_KINDS: [(&str, HeartbeatKind); 5] = [
    ("healthchecks", HeartbeatKind::Healthchecks),
    ("uptime-kuma", HeartbeatKind::UptimeKuma),
    ("cronitor", HeartbeatKind::Cronitor),
    ("snitch", HeartbeatKind::Snitch),
    ("url", HeartbeatKind::Url),
];
const SECURITY: [(&str, Security); 3] =
    [("starttls", Security::StartTls), ("tls", Security::Tls), ("none", Security::None)];

impl DispatchReport {
    pub(super) fn read(file: &DocumentMut) -> Result<Self, Problem> {
        let mut telling = Self::default();
        for (name, table) in tables(file, "notify")? {
            telling.channels.push(channel(name, table)?);
        }
        for (name, table) in tables(file, "heartbeat")? {
            telling.heartbeats.push(beat(name, table)?);
        }
        telling.no_two_have_one_variable()?;
        telling.metrics_file = match file.get("metrics_file") {
            Some(item) => {
                let path = item.as_str().map(PathBuf::from);
                // It is written whole, and the collector reads no others: no env file or other file of the project's is one.
                let path = path.filter(|path| path.extension().is_some_and(|extension| extension == "prom"));
                Some(path.ok_or_else(|| wrong("`metrics_file` must be a path that ends in .prom"))?)
            }
            None => None,
        };
        Ok(telling)
    }

    /// The names under which the secrets of these channels and heartbeats may stand.
    pub(crate) fn variables(&self) -> Vec<String> {
        let channels = self.channels.iter().flat_map(|channel| variables_of("notify", &channel.name));
        channels.chain(self.heartbeats.iter().flat_map(|beat| variables_of("heartbeat", &beat.name))).collect()
    }

    /// `a-b` and `a_b` are two names, and one variable would hold the secret of both.
    fn no_two_have_one_variable(&self) -> Result<(), Problem> {
        let names = self.channels.iter().map(|channel| &channel.name);
        let names: Vec<&String> = names.chain(self.heartbeats.iter().map(|beat| &beat.name)).collect();
        for (index, name) in names.iter().enumerate() {
            if let Some(other) = names[index + 1..].iter().find(|other| in_capitals(other) == in_capitals(name)) {
                return Err(wrong(&format!("`{name}` and `{other}` in [notify] and [heartbeat] are too much alike")));
            }
        }
        Ok(())
    }
}

impl ChannelKind {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Chat(Service::Slack) => "slack",
            Self::Chat(Service::Discord) => "discord",
            Self::Chat(Service::Teams) => "teams",
            Self::Ntfy => "ntfy",
            Self::Webhook => "webhook",
            Self::Email(_) => "email",
            Self::Command(_) => "command",
        }
    }
}

impl HeartbeatKind {
    pub(crate) fn word(self) -> &'static str {
        BEAT_KINDS.iter().find(|(_, kind)| *kind == self).map_or("url", |(word, _)| word)
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        BEAT_KINDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }
}

/// `EVERLIT_NOTIFY_OPS_URL`: where a secret of a channel or a heartbeat stands.
pub(crate) fn variable(section: &str, name: &str, what: &str) -> String {
    format!("EVERLIT_{}_{}_{what}", section.to_ascii_uppercase(), in_capitals(name))
}

/// All that [`variable`] makes of this name.
pub(crate) fn variables_of(section: &str, name: &str) -> Vec<String> {
    let of_channels: &[&str] = &["URL", "TOKEN", "SECRET", "PASSWORD"];
    let whats = if section == "heartbeat" { &["URL", "URL_START", "URL_FAIL"] } else { of_channels };
    whats.iter().map(|what| variable(section, name, what)).collect()
}

/// Whether a channel or a heartbeat may have this name: it becomes a part of a variable's.
pub(crate) fn is_name(name: &str) -> bool {
    const LONGEST: usize = 40;
    (1..=LONGEST).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// How a name stands in the variable of its secret.
pub(crate) fn in_capitals(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}

fn tables<'a>(
    file: &'a DocumentMut,
    section: &'static str,
) -> Result<impl Iterator<Item = (&'a str, &'a dyn TableLike)>, Problem> {
    let mut found = Vec::new();
    if let Some(item) = file.get(section) {
        let tables = item.as_table_like();
        let tables = tables.ok_or_else(|| wrong(&format!("`{section}` must be tables such as [{section}.ops]")))?;
        for (name, item) in tables.iter() {
            if !is_name(name) {
                return Err(wrong(&format!("a name in [{section}] has at most 40 letters, digits, `-` and `_`")));
            }
            let table = item.as_table_like().ok_or_else(|| wrong(&format!("`{section}.{name}` must be a table")))?;
            found.push((name, table));
        }
    }
    Ok(found.into_iter())
}

fn channel(name: &str, table: &dyn TableLike) -> Result<Channel, Problem> {
    let place = format!("notify.{name}");
    let word = text(table, &place, "kind")?.unwrap_or_default();
    let own: &[&str] = match word.as_str() {
        "email" => &["server", "security", "user", "from", "to"],
        "command" => &["command"],
        _ => &[],
    };
    let kind = match word.as_str() {
        "slack" => ChannelKind::Chat(Service::Slack),
        "discord" => ChannelKind::Chat(Service::Discord),
        "teams" => ChannelKind::Chat(Service::Teams),
        "ntfy" => ChannelKind::Ntfy,
        "webhook" => ChannelKind::Webhook,
        "email" => ChannelKind::Email(mail(table, &place)?),
        "command" => ChannelKind::Command(list(table, &place, "command")?),
        _ => return Err(wrong(&format!("`{place}.kind` must be one of {}", CHANNEL_KINDS.join(", ")))),
    };
    check_names(table, &[&["kind", "fallback"], own].concat(), &format!("{place}."))?;
    let is_fallback = match table.get("fallback") {
        Some(item) => item.as_bool().ok_or_else(|| wrong(&format!("`{place}.fallback` must be true or false")))?,
        None => false,
    };
    Ok(Channel { name: name.to_owned(), kind, is_fallback })
}

fn mail(table: &dyn TableLike, place: &str) -> Result<Mail, Problem> {
    let needed = |key: &str| {
        text(table, place, key)?.ok_or_else(|| wrong(&format!("`{place}.{key}` is missing: mail needs it")))
    };
    let security = text(table, place, "security")?;
    let security = security.map_or(Some(Security::StartTls), |word| {
        SECURITY.iter().find(|(known, _)| *known == word).map(|(_, security)| *security)
    });
    let security = security.ok_or_else(|| wrong(&format!("`{place}.security` must be one of starttls, tls, none")))?;
    let to = match table.get("to").and_then(Item::as_str) {
        Some(one) => vec![one.to_owned()],
        None => list(table, place, "to")?,
    };
    Ok(Mail { server: needed("server")?, security, user: text(table, place, "user")?, from: needed("from")?, to })
}

fn beat(name: &str, table: &dyn TableLike) -> Result<HeartbeatSettings, Problem> {
    let place = format!("heartbeat.{name}");
    check_names(table, &["kind"], &format!("{place}."))?;
    let kind = text(table, &place, "kind")?.and_then(|word| HeartbeatKind::of(&word));
    let known = BEAT_KINDS.map(|(word, _)| word).join(", ");
    let kind = kind.ok_or_else(|| wrong(&format!("`{place}.kind` must be one of {known}")))?;
    Ok(HeartbeatSettings { name: name.to_owned(), kind })
}

fn text(table: &dyn TableLike, place: &str, key: &str) -> Result<Option<String>, Problem> {
    let Some(item) = table.get(key) else { return Ok(None) };
    let value = item.as_str().filter(|value| !value.trim().is_empty());
    Ok(Some(value.ok_or_else(|| wrong(&format!("`{place}.{key}` must be text, and not empty")))?.to_owned()))
}

fn list(table: &dyn TableLike, place: &str, key: &str) -> Result<Vec<String>, Problem> {
    let array = table.get(key).and_then(Item::as_array).filter(|array| !array.is_empty());
    let texts = array.and_then(|array| array.iter().map(|value| value.as_str().map(str::to_owned)).collect());
    texts.ok_or_else(|| wrong(&format!("`{place}.{key}` must be a list of texts, and not empty")))
}
