//! Puts the loops together, and obeys signals.

use std::net::SocketAddr;

use everlit_engine::{ConfigError, Origin, Overrides, Project, ServeSettings, Setting, World};
use everlit_host::{Environment, Signal, Signals};
use everlit_keeper::Step;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};

use crate::heartbeat::Heartbeat;
use crate::listener::{bind, listen};
use crate::outbox::Outbox;
use crate::site::{Current, Hints, Site};
use crate::state::State;
use crate::supervisor;
use crate::worker::Worker;

/// What a service works with.
#[derive(Debug)]
pub struct Service<'a> {
    /// The settings of this caller.
    pub overrides: &'a Overrides,
    /// Environment variables and the working folder.
    pub environment: &'a Environment,
    /// Time, randomness and the connection to Meta.
    pub world: World,
    /// Where to listen, and how much to do at once.
    pub settings: ServeSettings,
}

/// Serves the vault of the settings until a signal asks to end; then lets work in flight end. A second signal ends it at once:
/// others take over what is in flight once its leases end.
///
/// `hints` are next steps for the notices of a project, to be read by people who are somewhere else; `ready` learns where the
/// service answers about health and metrics. Must be called inside a tokio runtime.
///
/// # Errors
/// If it cannot begin: no vault, another's master key, wrong settings, no port. What goes wrong later is logged and tried again.
pub async fn serve(
    service: &Service<'_>,
    hints: &Hints<'_>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ConfigError> {
    let Service { overrides, environment, world, settings } = service;
    if !overrides.accounts.is_empty() {
        let next = Step::everlit("account pause NAME").with_note("for those that it must not refresh");
        return Err(ConfigError::new("a service keeps all accounts of its vault alive, not those of --account", next));
    }
    let mut signals = Signals::listen().map_err(|error| ConfigError::internal(format!("cannot start: {error}")))?;
    let listener = listener(&settings.listen).await?;
    let site = Site::open(overrides, environment, world.clone(), hints)?;
    let address = listener.local_addr().map_err(|error| ConfigError::internal(format!("cannot listen: {error}")))?;
    let concurrency = settings.concurrency.value;
    // It is needed for as long as the process lives.
    let state: &'static State = Box::leak(Box::new(State::new(site.project.now(), concurrency)));
    let vault = site.project.settings.vault.as_ref().map(|vault| vault.address.value.to_string());
    tracing::info!(vault, listen = %address, concurrency, version = env!("CARGO_PKG_VERSION"), "serving");
    if let Some(url) = &site.project.settings.meta_url {
        tracing::warn!(url = url.value, origin = %url.origin, "not the real Meta");
    }
    warn_of_settings(&site.project);
    let current = Current::new(site, overrides, environment, world.clone(), hints);
    let stop = Notify::new();
    let (sender, reports) = mpsc::unbounded_channel();
    let worker = Worker::new(&current, state, sender, concurrency);
    let outbox = Outbox::new(&current, state);
    let mut heartbeat = Heartbeat::new(&current, state);
    supervisor::ready();
    ready(address);
    let work = async {
        // The outbox ends once the worker sends no more reports.
        tokio::join!(worker.run(&stop), outbox.run(reports));
    };
    tokio::select! {
        () = work => tracing::info!("stopped"),
        () = heartbeat.run() => {}
        () = listen(listener, state) => {}
        () = obey(&mut signals, &current, &stop) => tracing::warn!("stopped at once; others take over what is in flight"),
    }
    heartbeat.end().await;
    Ok(())
}

fn warn_of_settings(project: &Project<'_>) {
    for problem in project.settings.problems_of_run() {
        tracing::warn!(problem = problem.message, "a setting is wrong");
    }
}

async fn listener(address: &Setting<SocketAddr>) -> Result<TcpListener, ConfigError> {
    let Setting { value, origin } = address;
    bind(*value, *origin == Origin::Default).await.map_err(|error| {
        let message = format!("cannot listen on {value} ({origin}): {error}");
        ConfigError::new(message, Step::everlit("serve --listen 127.0.0.1:0").with_note("picks a free port"))
    })
}

/// Obeys signals until one asks to end at once.
async fn obey(signals: &mut Signals, current: &Current<'_>, stop: &Notify) {
    let mut is_stopping = false;
    loop {
        match signals.next().await {
            Signal::HangUp => {
                supervisor::reloading();
                match current.reload() {
                    Ok(()) => {
                        tracing::info!("the settings were read again");
                        warn_of_settings(&current.get().project);
                    }
                    Err(error) => tracing::error!(error = %error, "the settings were not changed"),
                }
                supervisor::ready();
            }
            signal if signal.asks_to_end() && is_stopping => return,
            signal if signal.asks_to_end() => {
                tracing::info!("stopping: work in flight is being finished");
                is_stopping = true;
                supervisor::stopping();
                stop.notify_one();
            }
            _ => {}
        }
    }
}
