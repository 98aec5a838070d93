//! From settings to channels and heartbeats that work. One that cannot work is no error of the run: it fails whenever it
//! is used, with the reason, so that it is told of like any other failure and keeps no token from being refreshed.

use everlit_keeper::Step;
use std::sync::Arc;

use everlit_keeper::{Keeper, Notice, Notifier, NotifyError, RemediationHints, Report};
use everlit_meta_api::{BoxFuture, Secret, Timestamp};
use everlit_notify::{Chat, Command, Email, EmailSettings, Heartbeat, Monitor, Ntfy, Sender, Webhook};

use crate::output::invocation::Invocation;
use crate::output::problem::Problem;
use crate::output::view::View;
use crate::settings::telling::{Channel, ChannelKind, HeartbeatKind, HeartbeatSettings, Mail, variable};
use crate::wire::{Context, EACH_SETTING};
use everlit_host::child_env;

/// Tells whoever the settings name.
pub(crate) fn join(context: &Context<'_>, keeper: Keeper) -> Keeper {
    let channels = &context.settings.telling.channels;
    if channels.is_empty() {
        return keeper;
    }
    let keeper = keeper.with_remediation_hints(Arc::new(Advice {
        now: context.now(),
        invocation: Invocation::from_anywhere(context),
    }));
    channels.iter().fold(keeper, |keeper, channel| {
        let notifier = notifier(context, channel);
        if channel.is_fallback { keeper.with_fallback(notifier) } else { keeper.with_notifier(notifier) }
    })
}

/// A channel, whether it can work or not.
pub(crate) fn notifier(context: &Context<'_>, channel: &Channel) -> Arc<dyn Notifier> {
    made(context, channel)
        .unwrap_or_else(|problem| Arc::new(Broken { name: channel.name.clone(), message: problem.message }))
}

/// A channel, or why it cannot work.
pub(crate) fn made(context: &Context<'_>, channel: &Channel) -> Result<Arc<dyn Notifier>, Problem> {
    let name = channel.name.as_str();
    let url = || needed(context, "notify", name, "URL");
    let optional = |what| optional(context, "notify", name, what);
    let next = format!("set [notify.{name}] and its secret right, then everlit notify test {name}");
    let wrong = |error: everlit_notify::Error| Problem::config(error.to_string()).with_next(&*next);
    Ok(match &channel.kind {
        ChannelKind::Chat(service) => Arc::new(Chat::new(name, *service, &url()?, sender(context)?).map_err(wrong)?),
        ChannelKind::Ntfy => {
            let token = optional("TOKEN")?;
            Arc::new(Ntfy::new(name, &url()?, token.as_ref(), sender(context)?).map_err(wrong)?)
        }
        ChannelKind::Webhook => {
            let signing = needed(context, "notify", name, "SECRET")?;
            Arc::new(Webhook::new(name, &url()?, &signing, sender(context)?).map_err(wrong)?)
        }
        ChannelKind::Email(mail) => {
            let Mail { server, security, user, from, to } = mail.clone();
            let password = optional("PASSWORD")?;
            let roots = context.roots()?;
            let settings = EmailSettings { server, security, user, password, from, to, roots };
            Arc::new(Email::new(name, settings, context.shared_clock()).map_err(wrong)?)
        }
        ChannelKind::Command(argv) => {
            let variables = child_env::to_any(context.environment);
            let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let folder = context.settings.folder.clone();
            Arc::new(Command::new(name, argv.clone(), folder, variables, context.shared_clock()).map_err(wrong)?)
        }
    })
}

/// A heartbeat of one run, or why there can be none.
pub(crate) fn heartbeat(context: &Context<'_>, beat: &HeartbeatSettings, run: u128) -> Result<Heartbeat, Problem> {
    let url = needed(context, "heartbeat", &beat.name, "URL")?;
    let monitor = match beat.kind {
        HeartbeatKind::Healthchecks => Monitor::Healthchecks(url),
        HeartbeatKind::UptimeKuma => Monitor::UptimeKuma(url),
        HeartbeatKind::Cronitor => Monitor::Cronitor(url),
        HeartbeatKind::Snitch => Monitor::DeadMansSnitch(url),
        HeartbeatKind::Url => Monitor::Other {
            start: optional(context, "heartbeat", &beat.name, "URL_START")?,
            success: url,
            failure: optional(context, "heartbeat", &beat.name, "URL_FAIL")?,
        },
    };
    let heartbeat = Heartbeat::new(beat.name.as_str(), &monitor, run, sender(context)?);
    heartbeat.map_err(|error| {
        let next = format!("set [heartbeat.{0}] and its secret right, then everlit notify test {0}", beat.name);
        Problem::config(error.to_string()).with_next(next)
    })
}

/// The host that a secret address leads to, for people; the rest of it is the secret.
pub(crate) fn host(context: &Context<'_>, section: &str, name: &str) -> Option<String> {
    let url = context.secret(&variable(section, name, "URL")).ok()??;
    Some(everlit_http::Url::parse(url.value.trim()).ok()?.origin().host().to_owned())
}

fn needed(context: &Context<'_>, section: &str, name: &str, what: &str) -> Result<Secret, Problem> {
    let variable = variable(section, name, what);
    match context.secret(&variable)? {
        Some(secret) => Ok(Secret::new(secret.value.trim())),
        None => Err(Problem::config(format!(
            "{variable} is not set, neither in the environment nor in {}",
            crate::settings::SECRETS_FILE
        ))
        .with_next(format!("set it there, then everlit notify test {name}"))),
    }
}

fn optional(context: &Context<'_>, section: &str, name: &str, what: &str) -> Result<Option<Secret>, Problem> {
    Ok(context.secret(&variable(section, name, what))?.map(|secret| Secret::new(secret.value.trim())))
}

fn sender(context: &Context<'_>) -> Result<Sender, Problem> {
    Sender::new(context.roots()?, context.proxy(), context.shared_clock())
        .map_err(|error| Problem::config(error.to_string()).with_next(EACH_SETTING))
}

/// A channel that cannot work as it is set up.
#[derive(Debug)]
struct Broken {
    name: String,
    message: String,
}

impl Notifier for Broken {
    fn name(&self) -> &str {
        &self.name
    }

    /// Its words say what is wrong with it before it goes anywhere.
    fn goes_to(&self) -> Option<&str> {
        None
    }

    fn notify<'a>(&'a self, _: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        Box::pin(async move { Err(NotifyError { message: self.message.clone(), is_permanent: true }) })
    }
}

/// What the screen would say, cut to the one command, for a person who is not in this folder.
#[derive(Debug)]
struct Advice {
    now: Timestamp,
    invocation: Invocation,
}

impl RemediationHints for Advice {
    fn advice(&self, reports: &[&Report]) -> Option<String> {
        let next = |report: &Report| View::of_report(report, self.now).next;
        let first = next(reports.first()?)?;
        let is_for_all = reports.iter().all(|report| next(report).as_ref() == Some(&first));
        // If the accounts need different steps, `status` lists them all.
        let step = if is_for_all { first } else { Step::everlit("status") };
        Some(step.command.map_or(step.note.unwrap_or_default(), |command| self.invocation.command(&command)))
    }
}
