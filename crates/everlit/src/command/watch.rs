//! One whole run after another, on the wall clock: what `refresh --watch` is, and what goes on beside a command of `run`.

use std::time::Duration;

use everlit_meta_api::Timestamp;
use tokio::sync::Notify;

use crate::cli::{Global, Refresh};
use crate::command::refresh::{self, Shown};
use crate::output::exit::Exit;
use crate::output::problem::Problem;
use crate::output::screen::Screen;
use crate::output::view::View;
use crate::runtime::runtime;
use crate::wire::{Context, World};
use everlit_host::Environment;
use everlit_host::{Signal, Signals};

/// With nothing due a run reads a few small files. Hourly, a token that comes due or a file that a person has mended is
/// not left until tomorrow; the keeper's stored waits see to it that Meta is not asked more often.
const RUN_EVERY: Duration = Duration::from_secs(60 * 60);

/// A stored wait may end sooner than that; two runs lie at least this far apart.
const PAUSE: Duration = Duration::from_secs(60);

/// No sleep is longer: a machine that was suspended, a clock that was set and a token that another run has put in place
/// are noticed within it.
const SLICE: Duration = Duration::from_secs(5);

/// `everlit refresh --watch`: until it is told to end, and never in the midst of a run unless told twice.
pub(crate) fn run(
    global: &Global,
    environment: &Environment,
    world: World,
    screen: &mut Screen,
) -> Result<u8, Problem> {
    // Settings that cannot be used end it at once; later they may be in the middle of an edit.
    Context::new(global, environment, world.clone())?;
    let runtime = runtime()?;
    runtime.block_on(async {
        let mut signals = Signals::listen().map_err(|error| Problem::internal(format!("cannot start: {error}")))?;
        let (watch, stop) = (Watch { global, environment, world }, Notify::new());
        let mut watching = std::pin::pin!(watch.keep(screen, || {}, &stop));
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

/// Everything that a run begins with, so that each reads its settings anew, as one of cron's would.
pub(crate) struct Watch<'a> {
    pub(crate) global: &'a Global,
    pub(crate) environment: &'a Environment,
    pub(crate) world: World,
}

impl Watch<'_> {
    /// Runs now and then again and again, until `stop`, which never interrupts a run. `look` is called after each run and
    /// after each slice of sleep.
    pub(crate) async fn keep(&self, screen: &mut Screen, mut look: impl FnMut(), stop: &Notify) {
        let mut shown = Shown::All;
        loop {
            let next = self.one_run(shown, screen).await;
            look();
            let since = self.world.clock.now();
            loop {
                tokio::select! {
                    () = tokio::time::sleep(SLICE) => {}
                    () = stop.notified() => return,
                }
                look();
                let now = self.world.clock.now();
                // A clock that was set back would put off the next run for as long.
                if now >= next || now < since {
                    break;
                }
            }
            shown = Shown::News;
        }
    }

    /// One whole run, and when the next one is to be made.
    async fn one_run(&self, shown: Shown, screen: &mut Screen) -> Timestamp {
        let flags = Refresh { force: false, dry_run: false, watch: true };
        let views = match Context::new(self.global, self.environment, self.world.clone()) {
            Ok(context) => refresh::whole_run(&context, &flags, shown, screen).await,
            Err(problem) => Err(problem),
        };
        let views = views.unwrap_or_else(|problem| {
            screen.problem(&problem);
            Vec::new()
        });
        next_run(&views, self.world.clock.now())
    }
}

/// The earliest stored wait, or an hour from now.
fn next_run(views: &[View], now: Timestamp) -> Timestamp {
    let troubles = views.iter().filter_map(|view| view.record.as_ref()?.failure.as_ref());
    let waits = troubles.map(|failure| failure.next_attempt_at).filter(|at| *at > now);
    let earliest = waits.chain([now + RUN_EVERY]).min().unwrap_or(now + RUN_EVERY);
    earliest.max(now + PAUSE)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test writes a file with the means of std")]
mod tests {
    use std::sync::Arc;

    use clap::Parser as _;
    use everlit_keeper::Clock;
    use everlit_meta_api::BoxFuture;
    use everlit_sandbox::{Config, Endpoint, InProcess, Issue, Kind, Meta, State};
    use tokio::time::Instant;

    use super::*;
    use crate::cli::Cli;

    const START: i64 = 1_798_773_420;
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// Tokio's paused clock, which jumps to the next sleeper's hour, moves Meta's.
    #[derive(Clone, Debug)]
    struct Jumping {
        began: Instant,
        meta: InProcess,
    }

    impl Clock for Jumping {
        fn now(&self) -> Timestamp {
            let now = Timestamp::from_unix(START) + self.began.elapsed();
            self.meta.with(|meta| meta.set_now(now.as_unix()));
            now
        }

        fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
            Box::pin(tokio::time::sleep(duration))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn watch_outlives_a_token_despite_random_errors() {
        let meta = InProcess::new(Meta::new(Config::default().clock_at(START), 7));
        let token = meta.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(3)));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env.local"), format!("IG_ACCESS_TOKEN={token}\n")).unwrap();
        let clock = Jumping { began: Instant::now(), meta: meta.clone() };
        let world = World { clock: Arc::new(clock.clone()), seed: 7, transport: Some(Arc::new(meta.clone())) };
        let cli = Cli::try_parse_from(["everlit", "refresh", "--watch"]).unwrap();
        let environment = Environment::empty(folder.path().to_owned());
        let watch = Watch { global: &cli.global, environment: &environment, world };
        let (stop, mut screen) = (Notify::new(), Screen::of(std::io::sink(), std::io::sink()));
        let end = Timestamp::from_unix(START) + 70 * DAY;
        let look = || {
            if clock.now() >= end {
                stop.notify_one();
            }
        };
        watch.keep(&mut screen, look, &stop).await;

        let env = std::fs::read_to_string(folder.path().join(".env.local")).unwrap();
        let current = env.trim_start_matches("IG_ACCESS_TOKEN=").trim_end();
        meta.with(|meta| {
            let now = meta.now();
            assert_eq!(meta.token(current).map(|token| token.state_at(now)), Some(State::Live));
            assert!((2..12).contains(&meta.calls_to(Endpoint::Refresh)), "{}", meta.calls_to(Endpoint::Refresh));
        });
    }
}
