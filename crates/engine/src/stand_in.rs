//! The time of a stand-in for Meta, such as `everlit sandbox`, whose days pass on command.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use everlit_host::runtime;
use everlit_http::{HttpClient, Method, Options, Origin, Request, Secret, Url};
use everlit_keeper::Clock;
use everlit_meta_api::{BoxFuture, Timestamp};

/// How the clock of a stand-in for Meta differs from this machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandInTime {
    /// By no more than a few seconds, or the stand-in sends no date.
    Same,
    /// By this many seconds, which may be negative.
    Ahead(i64),
    /// Not known: the stand-in does not answer.
    Unknown,
}

/// A stand-in's clock. The first reading asks the stand-in, and every later one counts from there.
#[derive(Debug)]
pub(crate) struct StandInClock {
    machine: Arc<dyn Clock>,
    origin: Origin,
    options: Options,
    time: OnceLock<StandInTime>,
}

impl StandInClock {
    /// The clock of the stand-in at `origin`, reached with these options.
    pub(crate) fn new(machine: Arc<dyn Clock>, origin: Origin, options: Options) -> Self {
        Self { machine, origin, options: Options { deadline: DEADLINE, ..options }, time: OnceLock::new() }
    }

    /// The time of this machine.
    pub(crate) fn machine_time(&self) -> Timestamp {
        self.machine.now()
    }

    /// How it differs from the machine's.
    pub(crate) fn time(&self) -> StandInTime {
        *self.time.get_or_init(|| {
            // A clock may be read within a runtime, in which no other can be started.
            std::thread::scope(|threads| threads.spawn(|| self.ask()).join().unwrap_or(StandInTime::Unknown))
        })
    }

    fn ask(&self) -> StandInTime {
        let url = Url::at(self.origin.clone(), Secret::new("/"));
        let (Ok(url), Ok(client), Ok(runtime)) = (url, HttpClient::new(self.options.clone()), runtime()) else {
            return StandInTime::Unknown;
        };
        let request = Request { method: Method::OPTIONS, url, headers: Vec::new(), body: Vec::new().into() };
        let Ok(reply) = runtime.block_on(client.send(request)) else { return StandInTime::Unknown };
        match reply.header("date").and_then(Timestamp::from_http_date).map(|date| date.since(self.machine.now())) {
            Some(ahead) if ahead.abs() > TOLERABLE => StandInTime::Ahead(ahead),
            _ => StandInTime::Same,
        }
    }
}

/// A stand-in is on this machine, or close by.
const DEADLINE: Duration = Duration::from_secs(2);

/// In seconds: a date has no fractions, and may have been on its way for as long as [`DEADLINE`].
const TOLERABLE: i64 = 5;

impl Clock for StandInClock {
    fn now(&self) -> Timestamp {
        let machine = self.machine.now();
        match self.time() {
            StandInTime::Ahead(seconds) => Timestamp::from_unix(machine.as_unix().saturating_add(seconds)),
            StandInTime::Same | StandInTime::Unknown => machine,
        }
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.machine.sleep(duration)
    }
}

#[cfg(test)]
mod tests {
    use everlit_sandbox::{Config, Sandbox};
    use everlit_testkit::{Frozen, START};

    use super::*;

    fn clock_of(url: &str) -> StandInClock {
        StandInClock::new(Arc::new(Frozen(START)), Origin::parse(url).unwrap(), Options::default())
    }

    #[tokio::test]
    async fn the_time_is_the_stand_ins_but_for_seconds() {
        for (ahead, expected) in [
            (30 * 86_400, StandInTime::Ahead(30 * 86_400)),
            (-6, StandInTime::Ahead(-6)),
            (5, StandInTime::Same),
            (0, StandInTime::Same),
        ] {
            let sandbox = Sandbox::start(Config::friendly().clock_at(START + ahead), 1, None).unwrap();
            let clock = clock_of(&sandbox.url());
            let now = if let StandInTime::Ahead(seconds) = expected { START + seconds } else { START };
            assert_eq!((clock.time(), clock.now().as_unix()), (expected, now));
            assert_eq!(sandbox.with(|meta| meta.log().len()), 0, "it is no call to Meta");
            sandbox.with(|meta| meta.advance(86_400));
            assert_eq!(clock.now().as_unix(), now, "a run counts with one clock");
        }
    }

    #[test]
    fn a_stand_in_that_does_not_answer_leaves_the_machines_time() {
        let sandbox = Sandbox::start(Config::friendly(), 1, None).unwrap();
        let clock = clock_of(&sandbox.url());
        drop(sandbox);
        assert_eq!((clock.time(), clock.now().as_unix()), (StandInTime::Unknown, START));
        // One that accepts and says nothing.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let clock = clock_of(&format!("http://{}", silent.local_addr().unwrap()));
        assert_eq!(clock.time(), StandInTime::Unknown);
    }
}
