//! `everlit notify add`: first the secret, then the settings, so that nothing is set up that has no secret.

use everlit_http::Url;
use toml_edit::{Array, Table, value};

use super::secret::Wanted;
use super::{check_name, put, secret};
use crate::cli::{MailSecurity, NotifyAdd, NotifyKind};
use crate::output::exit::Exit;
use crate::output::invocation::path;
use crate::output::problem::Problem;
use crate::output::screen::Screen;
use crate::settings::telling::{HeartbeatKind, in_capitals, variable};
use crate::settings::{CONFIG_FILE, SECRETS_FILE, change, parse};
use crate::wire::Context;
use everlit_host::Repository;

pub(super) fn run(context: &Context<'_>, flags: &NotifyAdd, screen: &mut Screen) -> Result<Exit, Problem> {
    check_name(&flags.name)?;
    let section = section(flags.kind);
    refuse_another_kind(context, flags)?;
    let table = table(flags)?;
    let mut changed = secret::ask_and_keep(context, flags, &secrets_of(flags), screen)?;
    if flags.kind == NotifyKind::Webhook {
        changed |= signing_secret(context, &flags.name, screen)?;
    }
    changed |= change::config(context, |text| {
        let mut document = parse(text)?;
        Ok(put(&mut document, section, &flags.name, table).then(|| document.to_string()))
    })?;
    let name = &flags.name;
    if changed {
        let telling = &context.settings.telling;
        let channels = telling.channels.iter().map(|channel| &channel.name);
        let was_there = channels.chain(telling.heartbeats.iter().map(|beat| &beat.name)).any(|known| known == name);
        screen.say(if was_there { format!("changed {name}") } else { format!("added {name} to {CONFIG_FILE}") });
    } else {
        screen.say(format!("{name} is set up already; nothing was changed"));
    }
    warn_of_git(context, screen);
    if let Some(message) = change::secrets_are_open(context) {
        screen.note(format!("{message}: chmod 600 {}", path(context.global, SECRETS_FILE)));
    }
    screen.next(format!("everlit notify test {name}"));
    Ok(Exit::Success)
}

fn section(kind: NotifyKind) -> &'static str {
    if HeartbeatKind::of(word(kind)).is_some() { "heartbeat" } else { "notify" }
}

/// As it stands in the file.
fn word(kind: NotifyKind) -> &'static str {
    match kind {
        NotifyKind::Slack => "slack",
        NotifyKind::Discord => "discord",
        NotifyKind::Teams => "teams",
        NotifyKind::Ntfy => "ntfy",
        NotifyKind::Email => "email",
        NotifyKind::Webhook => "webhook",
        NotifyKind::Command => "command",
        NotifyKind::Healthchecks => "healthchecks",
        NotifyKind::UptimeKuma => "uptime-kuma",
        NotifyKind::Cronitor => "cronitor",
        NotifyKind::Snitch => "snitch",
        NotifyKind::Url => "url",
    }
}

/// The secret that it needs, if any, and those that it can do without, in the order of the lines of `--stdin`.
fn secrets_of(flags: &NotifyAdd) -> Vec<Wanted> {
    let needed = match flags.kind {
        NotifyKind::Email => flags.user.as_ref().map(|_| "PASSWORD"),
        NotifyKind::Command => None,
        _ => Some("URL"),
    };
    let more: &[(&str, &str)] = match flags.kind {
        NotifyKind::Ntfy => &[("TOKEN", "the access token, where the server wants one")],
        NotifyKind::Url => &[
            ("URL_START", "the address that is called as a run begins"),
            ("URL_FAIL", "the address that is called where a person must act"),
        ],
        _ => &[],
    };
    let needed = needed.map(|what| (what, question(flags.kind), true));
    let all = needed.into_iter().chain(more.iter().map(|(what, question)| (*what, *question, false)));
    all.map(|(what, question, is_needed)| Wanted {
        name: variable(section(flags.kind), &flags.name, what),
        question,
        is_needed,
        check: match what {
            "PASSWORD" => |_| Ok(()),
            "TOKEN" => check_token,
            _ => check_url,
        },
    })
    .collect()
}

fn question(kind: NotifyKind) -> &'static str {
    match kind {
        NotifyKind::Slack => "the address of the incoming webhook (https://hooks.slack.com/services/...)",
        NotifyKind::Discord => "the address of the channel's webhook (https://discord.com/api/webhooks/...)",
        NotifyKind::Teams => "the address of the workflow that posts to the channel",
        NotifyKind::Ntfy => "the address of the topic (https://ntfy.sh/...)",
        NotifyKind::Webhook => "the address that takes the messages",
        NotifyKind::Email | NotifyKind::Command => "the password of the mail user",
        NotifyKind::Healthchecks => "the ping address of the check (https://hc-ping.com/...)",
        NotifyKind::UptimeKuma => "the address of the push monitor (https://.../api/push/...)",
        NotifyKind::Cronitor => "the telemetry address of the monitor (https://cronitor.link/p/...)",
        NotifyKind::Snitch => "the address of the snitch (https://nosnch.in/...)",
        NotifyKind::Url => "the address that is called after each good run",
    }
}

/// The words of the error hold nothing of the address.
fn check_url(text: &str) -> Result<(), Problem> {
    Url::parse(text).map(drop).map_err(|error| {
        Problem::config(format!("the address {error}"))
            .with_next("the same again with the whole address, such as https://example.com/...")
    })
}

/// It goes into a header.
fn check_token(text: &str) -> Result<(), Problem> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Problem::config("the access token holds a blank or a letter that no token has")
        .with_next("the same again with the token alone, after the address"))
}

fn refuse_another_kind(context: &Context<'_>, flags: &NotifyAdd) -> Result<(), Problem> {
    let (telling, name) = (&context.settings.telling, flags.name.as_str());
    let channels = telling.channels.iter().map(|channel| (channel.name.as_str(), channel.kind.word()));
    let beats = telling.heartbeats.iter().map(|beat| (beat.name.as_str(), beat.kind.word()));
    // Names that are written alike in capitals would share the variable of their secret.
    let clashes = |(known, kind): &(&str, &str)| {
        let same = *known == name;
        (same && *kind != word(flags.kind)) || (!same && in_capitals(known) == in_capitals(name))
    };
    match channels.chain(beats).find(clashes) {
        None => Ok(()),
        Some((known, _)) if known != name => {
            let message = format!("{name} and {known}, which is there already, are too much alike");
            Err(Problem::config(message).with_next("everlit notify add under another name"))
        }
        Some((_, kind)) => Err(Problem::config(format!("{name} is there already, of the kind {kind}"))
            .with_next(format!("another name, or everlit notify remove {name}"))),
    }
}

fn table(flags: &NotifyAdd) -> Result<Table, Problem> {
    let mut table = Table::new();
    table.insert("kind", value(word(flags.kind)));
    let is_mail = flags.kind == NotifyKind::Email;
    let mail_flags = [flags.server.is_some(), flags.security.is_some(), flags.from.is_some(), flags.user.is_some()];
    if !is_mail && (mail_flags.contains(&true) || !flags.to.is_empty()) {
        return Err(Problem::config("--server, --security, --from, --to and --user belong to --kind email")
            .with_next("the same again without them, or with --kind email"));
    }
    if (flags.kind == NotifyKind::Command) == flags.command.is_empty() {
        let next = format!("everlit notify add {} --kind command -- PROGRAM ARGUMENTS", flags.name);
        return Err(Problem::config("--kind command, and it alone, takes a command after --").with_next(next));
    }
    if flags.fallback {
        if section(flags.kind) == "heartbeat" {
            return Err(Problem::config("a heartbeat goes out after each run; it cannot be a fallback")
                .with_next("the same again without --fallback"));
        }
        table.insert("fallback", value(true));
    }
    if is_mail {
        let (Some(server), Some(from), false) = (&flags.server, &flags.from, flags.to.is_empty()) else {
            let next =
                format!("everlit notify add {} --kind email --server HOST --from ADDRESS --to ADDRESS", flags.name);
            return Err(Problem::config("mail needs --server, --from and --to").with_next(next));
        };
        table.insert("server", value(server));
        if let Some(security) = flags.security {
            let word = match security {
                MailSecurity::Starttls => "starttls",
                MailSecurity::Tls => "tls",
                MailSecurity::None => "none",
            };
            table.insert("security", value(word));
        }
        table.insert("from", value(from));
        table.insert("to", value(flags.to.iter().collect::<Array>()));
        if let Some(user) = &flags.user {
            table.insert("user", value(user));
        }
    }
    if !flags.command.is_empty() {
        table.insert("command", value(flags.command.iter().collect::<Array>()));
    }
    Ok(table)
}

/// Made on the spot where there is none yet, and shown this once: the receiver needs it.
fn signing_secret(context: &Context<'_>, name: &str, screen: &mut Screen) -> Result<bool, Problem> {
    let name = variable("notify", name, "SECRET");
    if context.secret(&name)?.is_some() {
        return Ok(false);
    }
    let made = secret::new_signing_secret()?;
    secret::keep(context, &name, made.expose())?;
    screen.note("The receiver checks messages with this signing secret. It is shown only now:");
    screen.print(format!("{}\n", made.expose()));
    Ok(true)
}

fn warn_of_git(context: &Context<'_>, screen: &mut Screen) {
    let git = Repository::around(&context.settings.folder, context.environment, &*context.disk);
    if git.is_some_and(|git| git.ignores(std::path::Path::new(SECRETS_FILE)) == Some(false)) {
        let message = "everlit init adds what is missing to .gitignore";
        screen.note(format!("git does not ignore {SECRETS_FILE}: {}", screen.advice(message)));
    }
}
