//! `everlit serve`: keeps the accounts of a vault alive until a signal ends it.

mod demo;

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread;

use everlit_engine::{LogFormat, Project, ServeOverrides, ServeSettings, World};
use everlit_host::Environment;
use everlit_keeper::RemediationHints;
use everlit_service::{Service, logging, serve};

use self::demo::Demo;
use crate::cli::{Global, Serve};
use crate::context::Context;
use crate::output::{Exit, Hints, Problem, Screen};
use crate::runtime::runtime;

pub(crate) fn run(global: &Global, environment: &Environment, world: World, flags: &Serve) -> Result<Exit, Problem> {
    if !flags.demo {
        return keep_alive(global, environment, world, flags, |_| {});
    }
    let demo = &Demo::create(global)?;
    // Its own settings, and nobody else's.
    let global = Global { dir: None, vault: None, ..global.clone() };
    let (ready, addresses) = mpsc::channel();
    thread::scope(|scope| {
        let color = global.color;
        scope.spawn(move || demo.introduce(&addresses, &mut Screen::of_this_process(color, environment)));
        let ended = keep_alive(&global, demo.environment(), world, flags, |address| {
            // A thread that cannot show the steps is no reason to end.
            let _ = ready.send(address);
        });
        // The thread ends with it.
        drop(ready);
        ended
    })
}

fn keep_alive(
    global: &Global,
    environment: &Environment,
    world: World,
    flags: &Serve,
    ready: impl FnOnce(SocketAddr),
) -> Result<Exit, Problem> {
    let settings = Context::without_vault(global, environment)?.serve_settings(&ServeOverrides::from(flags))?;
    logging::init(log_format(&settings));
    let overrides = global.overrides();
    let hints = |project: &Project<'_>| Arc::new(Hints::new(global, project)) as Arc<dyn RemediationHints>;
    let service = Service { overrides: &overrides, environment, world, settings };
    runtime()?.block_on(serve(&service, &hints, ready))?;
    Ok(Exit::Success)
}

fn log_format(settings: &ServeSettings) -> LogFormat {
    let usual = if std::io::stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json };
    settings.log_format.as_ref().map_or(usual, |setting| setting.value)
}
