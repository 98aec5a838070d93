//! `everlit refresh --watch`: one pass after another, until a signal ends it.

use everlit_engine::{Watch, World};
use everlit_host::{Environment, Signal, Signals};
use tokio::sync::Notify;

use crate::cli::Global;
use crate::command::refresh::{PassView, for_pass};
use crate::output::{Exit, Problem, Screen};
use crate::runtime::runtime;

/// Runs until it is told to end, and interrupts a pass only if it is told twice.
pub(crate) fn run(
    global: &Global,
    environment: &Environment,
    world: World,
    screen: &mut Screen,
) -> Result<u8, Problem> {
    // Unusable settings end it at once; later, somebody may be editing them.
    for_pass(global, environment, world.clone(), screen)?.warn_of_stand_in(screen);
    let runtime = runtime()?;
    runtime.block_on(async {
        let mut signals = Signals::listen().map_err(|error| Problem::internal(format!("cannot start: {error}")))?;
        let (watch, stop) = (Watch { overrides: &global.overrides(), environment, world }, Notify::new());
        let mut view = PassView::repeated(global, screen);
        let mut watching = std::pin::pin!(watch.run(&mut view, || {}, &stop));
        let signal = tokio::select! {
            signal = signals.end() => signal,
            () = &mut watching => Signal::Terminate,
        };
        stop.notify_one();
        tokio::select! {
            () = watching => {}
            _ = signals.end() => {}
        }
        Ok(if signal == Signal::Interrupt { signal.exit_code() } else { Exit::Success.code() })
    })
}
