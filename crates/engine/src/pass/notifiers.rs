//! Builds channels and heartbeats from the settings. One that cannot work does not fail the pass: it fails whenever it is
//! used, so that it is reported like any other failure and tokens are refreshed all the same.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::sync::Arc;

use everlit_host::{can_start, child_env, program_file};
use everlit_keeper::{AlertStore, Dispatcher, Notice, Notifier, NotifyError, NotifyErrorClass, RemediationHints, Step};
use everlit_meta_api::{BoxFuture, Secret};
use everlit_notify::{Error, Heartbeat, Setup};

use crate::ConfigError;
use crate::config::{NotifierSettings, Project, SECRETS_FILE};
use crate::network::connection_error;

/// Sends alerts to the channels of the settings.
pub fn dispatcher(
    project: &Project<'_>,
    store: Arc<dyn AlertStore>,
    hints: impl FnOnce() -> Arc<dyn RemediationHints>,
) -> Dispatcher {
    let dispatcher = Dispatcher::new(store, project.shared_clock()).with_threads(project.world.threads.clone());
    let channels = &project.settings.notify.channels;
    if channels.is_empty() {
        return dispatcher;
    }
    channels.iter().fold(dispatcher.with_remediation_hints(hints()), |dispatcher, channel| {
        let notifier = notifier(project, channel);
        if channel.is_fallback { dispatcher.with_fallback(notifier) } else { dispatcher.with_notifier(notifier) }
    })
}

/// A channel, even one that cannot work.
pub fn notifier(project: &Project<'_>, channel: &NotifierSettings) -> Arc<dyn Notifier> {
    build_notifier(project, channel)
        .unwrap_or_else(|error| Arc::new(Broken { name: channel.name.clone(), message: error.message }))
}

fn build_notifier(project: &Project<'_>, channel: &NotifierSettings) -> Result<Arc<dyn Notifier>, ConfigError> {
    setup(project, channel)?.channel().map_err(|error| config_error(channel, &error))
}

/// Why a channel cannot work, as far as can be told without sending anything.
pub fn check_notifier(project: &Project<'_>, channel: &NotifierSettings) -> Result<(), ConfigError> {
    build_notifier(project, channel)?;
    let Some(program) = channel.options.list("command").first() else { return Ok(()) };
    if can_start(program, &project.settings.folder, project.environment, &*project.disk) {
        return Ok(());
    }
    // The arguments may be secret, and so may the folder.
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let note = format!("once the first part of `command` in [notify.{}] is a program", channel.name);
    let next = Step::everlit_args(["notify", "test", &*channel.name]).with_note(note);
    Err(ConfigError::new(format!("there is no program {name} that could be started"), next))
}

/// Builds the heartbeat of one pass.
pub fn heartbeat(project: &Project<'_>, monitor: &NotifierSettings, run: u128) -> Result<Heartbeat, ConfigError> {
    setup(project, monitor)?.heartbeat(run).map_err(|error| config_error(monitor, &error))
}

/// The host of a secret URL, which may be shown; the rest is secret.
pub fn notifier_host(project: &Project<'_>, notifier: &NotifierSettings) -> Option<String> {
    let spec = notifier.kind.secrets.first()?;
    let url = project.secret(&notifier.variable(spec)).ok()??;
    Some(everlit_http::Url::parse(url.value.trim()).ok()?.origin().host().to_owned())
}

fn setup<'a>(project: &Project<'_>, notifier: &'a NotifierSettings) -> Result<Setup<'a>, ConfigError> {
    let mut secrets = BTreeMap::new();
    for spec in notifier.kind.secrets {
        let secret = project.secret(&notifier.variable(spec))?;
        secrets.extend(secret.map(|secret| (spec.suffix, Secret::new(secret.value.trim()))));
    }
    let variables = child_env::to_any(project.environment);
    let folder = &project.settings.folder;
    let program = notifier.options.text("command").map(OsStr::new);
    let program = program.map(|program| program_file(program, folder, project.environment, &*project.disk));
    Ok(Setup {
        name: &notifier.name,
        kind: notifier.kind,
        options: &notifier.options,
        secrets,
        roots: project.roots()?,
        proxy: project.proxy(),
        clock: project.shared_clock(),
        folder: folder.clone(),
        program,
        variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    })
}

fn config_error(notifier: &NotifierSettings, error: &Error) -> ConfigError {
    let (name, kind) = (notifier.name.as_str(), notifier.kind);
    match error {
        Error::MissingSecret(suffix) => {
            let secret = kind.secrets.iter().find(|secret| secret.suffix == *suffix);
            let variable = secret.map_or_else(|| (*suffix).to_owned(), |secret| notifier.variable(secret));
            let message = format!("{variable} is not set, neither in the environment nor in {SECRETS_FILE}");
            ConfigError::new(message, Step::everlit_args(["notify", "add", name, "--kind", kind.name]))
        }
        Error::Connection(_) => connection_error(&error.to_string()),
        _ => {
            let note = format!("once [{}.{name}] or its secret is corrected", kind.section());
            ConfigError::new(error.to_string(), Step::everlit_args(["notify", "test", name]).with_note(note))
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
