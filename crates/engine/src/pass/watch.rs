//! One pass after another, on the wall clock: `refresh --watch`, and what runs beside a command of `run`.

use std::sync::Arc;
use std::time::Duration;

use everlit_host::Environment;
use everlit_keeper::{Clock, Report};
use everlit_meta_api::Timestamp;
use tokio::sync::Notify;

use super::frontend::Frontend;
use super::run::Pass;
use crate::World;
use crate::config::{Overrides, Project};

/// A pass with nothing due only reads a few small files. Hourly, a token that becomes due or a file that a person has
/// corrected does not wait until tomorrow; the keeper's stored waits still limit how often Meta is asked.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// A stored wait may end earlier than the interval, but two passes are at least this far apart.
const SHORTEST_PAUSE: Duration = Duration::from_secs(60);

/// The longest sleep. A suspended machine, a changed clock and a token that another run has stored are noticed within it.
const SLICE: Duration = Duration::from_secs(5);

/// Repeats passes, each with settings that are read again, as a scheduler's runs would.
#[derive(Debug)]
pub struct Watch<'a> {
    /// The settings of this caller.
    pub overrides: &'a Overrides,
    /// Environment variables and the working folder.
    pub environment: &'a Environment,
    /// Time, randomness and the connection to Meta.
    pub world: World,
}

impl Watch<'_> {
    /// Runs passes until `stop`, which never interrupts one. Calls `tick` after each pass and each slice of sleep.
    pub async fn run(&self, frontend: &mut dyn Frontend, mut tick: impl FnMut(), stop: &Notify) {
        loop {
            let (reports, clock) = self.pass(frontend).await;
            let ended = clock.now();
            let next = next_pass(&reports, ended);
            tick();
            loop {
                tokio::select! {
                    () = tokio::time::sleep(SLICE) => {}
                    () = stop.notified() => return,
                }
                tick();
                let now = clock.now();
                // A clock that was set back must not put the next pass off by as much.
                if now >= next || now < ended {
                    break;
                }
            }
        }
    }

    /// One pass, and the clock it counted with; without reports if it could not start.
    async fn pass(&self, frontend: &mut dyn Frontend) -> (Vec<Report>, Arc<dyn Clock>) {
        match Project::open_for_pass(self.overrides, self.environment, self.world.clone()) {
            // An error has been shown by the frontend.
            Ok(project) => (Pass::new(&project, false).run(frontend).await.unwrap_or_default(), project.shared_clock()),
            Err(failure) => {
                failure.report(frontend).await;
                (Vec::new(), Arc::clone(&self.world.clock))
            }
        }
    }
}

/// When the earliest stored wait ends, or an hour from now.
fn next_pass(reports: &[Report], now: Timestamp) -> Timestamp {
    let failures = reports.iter().filter_map(|report| report.record.as_ref()?.failure.as_ref());
    let waits = failures.map(|failure| failure.next_attempt_at).filter(|at| *at > now);
    waits.fold(now + INTERVAL, Timestamp::min).max(now + SHORTEST_PAUSE)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test writes a file with the means of std")]
mod tests {
    use everlit_keeper::{AccountThreads, RemediationHints, Step};
    use everlit_meta_api::DAY;
    use everlit_sandbox::{Config, Endpoint, Issue, Kind, State};
    use everlit_testkit::{Jumping, START};

    use super::*;
    use crate::error::ConfigError;
    use crate::pass::Aftermath;

    /// Nobody watches.
    #[derive(Debug)]
    struct Nobody;

    impl Frontend for Nobody {
        fn hints(&self, _: &Project<'_>) -> Arc<dyn RemediationHints> {
            Arc::new(Self)
        }

        fn failed(&mut self, error: &ConfigError) -> u8 {
            panic!("{error}")
        }

        fn refreshed(&mut self, _: &Project<'_>, _: &[Report]) -> u8 {
            0
        }

        fn finished(&mut self, _: &Aftermath) {}
    }

    impl RemediationHints for Nobody {
        fn advice(&self, _: &[&Report]) -> Option<Step> {
            None
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_watch_outlives_a_token_although_meta_fails_at_random() {
        let everybody = everlit_testkit::World::at(START, Config::default(), 7);
        let token = everybody.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(3));
        let meta = everybody.meta;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env.local"), format!("IG_ACCESS_TOKEN={token}\n")).unwrap();
        let clock = Jumping::of(&meta);
        let world = World {
            clock: Arc::new(clock.clone()),
            seed: 7,
            transport: Some(Arc::new(meta.clone())),
            threads: AccountThreads::default(),
        };
        let environment = Environment::empty(folder.path().to_owned());
        let watch = Watch { overrides: &Overrides::default(), environment: &environment, world };
        let stop = Notify::new();
        let end = Timestamp::from_unix(START + 70 * DAY);
        let tick = || {
            if clock.now() >= end {
                stop.notify_one();
            }
        };
        watch.run(&mut Nobody, tick, &stop).await;

        let env = std::fs::read_to_string(folder.path().join(".env.local")).unwrap();
        let current = env.trim_start_matches("IG_ACCESS_TOKEN=").trim_end();
        meta.with(|meta| {
            let now = meta.now;
            assert_eq!(meta.token(current).map(|token| token.state_at(now)), Some(State::Live));
            assert!((2..12).contains(&meta.calls_to(Endpoint::Refresh)), "{}", meta.calls_to(Endpoint::Refresh));
        });
    }
}
