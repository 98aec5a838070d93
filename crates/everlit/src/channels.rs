//! Builds channels and heartbeats from the settings. One that cannot work does not fail the run: it fails whenever it is
//! used, so that it is reported like any other failure and tokens are refreshed all the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use everlit_keeper::{
    AlertStore, Dispatcher, Notice, Notifier, NotifyError, NotifyErrorClass, RemediationHints, Report, Step,
};
use everlit_meta_api::{BoxFuture, Secret, Timestamp};
use everlit_notify::{Error, Heartbeat, Setup};

use crate::output::invocation::Invocation;
use crate::output::problem::Problem;
use crate::output::view::View;
use crate::settings::SECRETS_FILE;
use crate::settings::notify::NotifierSettings;
use crate::wire::{Context, EACH_SETTING};
use everlit_host::child_env;

/// Sends alerts to the channels of the settings.
pub(crate) fn dispatcher(context: &Context<'_>, store: Arc<dyn AlertStore>) -> Dispatcher {
    let dispatcher = Dispatcher::new(store, context.shared_clock());
    let channels = &context.settings.notify.channels;
    if channels.is_empty() {
        return dispatcher;
    }
    let invocation = Invocation::from_anywhere(context);
    let dispatcher = dispatcher.with_remediation_hints(Arc::new(Advice { now: context.now(), invocation }));
    channels.iter().fold(dispatcher, |dispatcher, channel| {
        let notifier = notifier(context, channel);
        if channel.is_fallback { dispatcher.with_fallback(notifier) } else { dispatcher.with_notifier(notifier) }
    })
}

/// A channel, even one that cannot work.
pub(crate) fn notifier(context: &Context<'_>, channel: &NotifierSettings) -> Arc<dyn Notifier> {
    build(context, channel)
        .unwrap_or_else(|problem| Arc::new(Broken { name: channel.name.clone(), message: problem.message }))
}

/// Builds a channel.
pub(crate) fn build(context: &Context<'_>, channel: &NotifierSettings) -> Result<Arc<dyn Notifier>, Problem> {
    setup(context, channel)?.channel().map_err(|error| problem(channel, &error))
}

/// Builds the heartbeat of one run.
pub(crate) fn heartbeat(context: &Context<'_>, monitor: &NotifierSettings, run: u128) -> Result<Heartbeat, Problem> {
    setup(context, monitor)?.heartbeat(run).map_err(|error| problem(monitor, &error))
}

/// The host of a secret URL, which may be shown; the rest is secret.
pub(crate) fn host(context: &Context<'_>, notifier: &NotifierSettings) -> Option<String> {
    let spec = notifier.kind.secrets.first()?;
    let url = context.secret(&notifier.variable(spec)).ok()??;
    Some(everlit_http::Url::parse(url.value.trim()).ok()?.origin().host().to_owned())
}

fn setup<'a>(context: &Context<'_>, notifier: &'a NotifierSettings) -> Result<Setup<'a>, Problem> {
    let mut secrets = BTreeMap::new();
    for spec in notifier.kind.secrets {
        let secret = context.secret(&notifier.variable(spec))?;
        secrets.extend(secret.map(|secret| (spec.suffix, Secret::new(secret.value.trim()))));
    }
    let variables = child_env::to_any(context.environment);
    Ok(Setup {
        name: &notifier.name,
        kind: notifier.kind,
        options: &notifier.options,
        secrets,
        roots: context.roots()?,
        proxy: context.proxy(),
        clock: context.shared_clock(),
        folder: context.settings.folder.clone(),
        variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    })
}

fn problem(notifier: &NotifierSettings, error: &Error) -> Problem {
    let name = notifier.name.as_str();
    match error {
        Error::MissingSecret(suffix) => {
            let secret = notifier.kind.secrets.iter().find(|secret| secret.suffix == *suffix);
            let variable = secret.map_or_else(|| (*suffix).to_owned(), |secret| notifier.variable(secret));
            Problem::config(format!("{variable} is not set, neither in the environment nor in {SECRETS_FILE}"))
                .with_next(Step::everlit_args(["notify", "add", name, "--kind", notifier.kind.name]))
        }
        Error::Connection(_) => Problem::config(error.to_string()).with_next(EACH_SETTING),
        _ => {
            let section = notifier.kind.section();
            let next = Step::everlit_args(["notify", "test", name]);
            let note = format!("after correcting [{section}.{name}] or its secret");
            Problem::config(error.to_string()).with_next(next.with_note(note))
        }
    }
}

/// A channel that cannot work with its settings.
#[derive(Debug)]
struct Broken {
    name: String,
    message: String,
}

impl Notifier for Broken {
    fn name(&self) -> &str {
        &self.name
    }

    /// Its message says what is wrong with its settings; no host is involved.
    fn goes_to(&self) -> Option<&str> {
        None
    }

    fn notify<'a>(&'a self, _: &'a Notice) -> BoxFuture<'a, Result<(), NotifyError>> {
        Box::pin(async move { Err(NotifyError::new(NotifyErrorClass::Misconfigured, self.message.clone())) })
    }
}

/// The screen's next step as one command that works from any folder.
#[derive(Debug)]
struct Advice {
    now: Timestamp,
    invocation: Invocation,
}

impl RemediationHints for Advice {
    fn advice(&self, reports: &[&Report]) -> Option<Step> {
        let next = |report: &Report| View::of_report(report, self.now).next;
        let first = next(reports.first()?)?;
        let is_for_all = reports.iter().all(|report| next(report).as_ref() == Some(&first));
        // If the accounts need different steps, `status` lists them all.
        let step = if is_for_all { first } else { Step::everlit("status") };
        Some(match &step.command {
            Some(command) => Step::shell(self.invocation.command(command)),
            None => step,
        })
    }
}
