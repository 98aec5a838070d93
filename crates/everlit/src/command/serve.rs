//! `everlit serve`: keeps the accounts of a vault alive until a signal ends it.

mod demo;

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::sync::Arc;

use everlit_engine::{LogFormat, Project, ServeOverrides, ServeSettings, World};
use everlit_host::Environment;
use everlit_keeper::RemediationHints;
use everlit_service::{Service, logging, serve};

use self::demo::Demo;
use crate::cli::{Global, Serve};
use crate::context::Context;
use crate::output::{Exit, Hints, Problem, Screen};
use crate::runtime::runtime;

pub(crate) fn run(
    global: &Global,
    environment: &Environment,
    world: World,
    flags: &Serve,
    screen: &mut Screen,
) -> Result<Exit, Problem> {
    if flags.demo {
        let demo = Demo::create(global, environment)?;
        // Its own settings, and nobody else's.
        let global = Global { dir: None, vault: None, ..global.clone() };
        return keep_alive(&global, demo.environment(), world, flags, screen, |address, screen| {
            demo.introduce(address, screen);
        });
    }
    keep_alive(global, environment, world, flags, screen, |_, _| {})
}

fn keep_alive(
    global: &Global,
    environment: &Environment,
    world: World,
    flags: &Serve,
    screen: &mut Screen,
    ready: impl FnOnce(SocketAddr, &mut Screen),
) -> Result<Exit, Problem> {
    let settings = Context::without_vault(global, environment)?.serve_settings(&ServeOverrides::from(flags))?;
    logging::init(log_format(&settings));
    let overrides = global.overrides();
    let hints = |project: &Project<'_>| Arc::new(Hints::new(global, project)) as Arc<dyn RemediationHints>;
    let service = Service { overrides: &overrides, environment, world, settings };
    runtime()?.block_on(serve(&service, &hints, |address| ready(address, screen)))?;
    Ok(Exit::Success)
}

fn log_format(settings: &ServeSettings) -> LogFormat {
    let usual = if std::io::stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json };
    settings.log_format.as_ref().map_or(usual, |setting| setting.value)
}
