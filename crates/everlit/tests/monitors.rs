//! What watches over everlit, held against the truth on every day of a long story: never green while a token is in danger.
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]

mod support;

use everlit_meta_api::DAY;
use everlit_sandbox::{Fault, Injection, MetaError, State};
use support::service::Service;
use support::{Meta, Project, USERNAME};

/// A site with everything that can watch it: `status --check`, a monitor that takes heartbeats, and alerts on the metrics.
struct Watched {
    meta: Meta,
    monitor: Service,
    site: Project,
    day: i64,
    /// The day of the last success that the monitor has seen, and whether a failure has come since.
    last_success: i64,
    has_failed: bool,
}

/// What is true on a day, as far as the story decides it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Truth {
    Well,
    /// Something is wrong, and everlit may need some days to find out.
    Unclear,
    Broken,
}

impl Watched {
    fn begins() -> Self {
        let meta = Meta::friendly();
        let token = meta.token_of_age(2);
        let toml = "metrics_file = \"everlit.prom\"\n\n[heartbeat.daily]\nkind = \"healthchecks\"\n";
        let site = Project::holding(&token).with_file("everlit.toml", toml);
        let monitor = Service::new();
        Self { meta, monitor, site, day: 0, last_success: 0, has_failed: false }
    }

    fn runs(&mut self) {
        let seen = self.monitor.lines().len();
        let url = format!("{}/ping", self.monitor.address);
        self.site.everlit(&["refresh"]).asking(&self.meta).env("EVERLIT_HEARTBEAT_DAILY_URL", url).run();
        for line in &self.monitor.lines()[seen..] {
            match line.split(['?', ' ']).nth(1).unwrap() {
                "/ping" => (self.last_success, self.has_failed) = (self.day, false),
                "/ping/fail" => self.has_failed = true,
                other => assert!(["/ping/start", "/ping/log"].contains(&other), "{line}"),
            }
        }
    }

    /// Each word of those who watch, and whether it is a green one.
    fn words(&self) -> [(&'static str, bool); 3] {
        let check = self.site.everlit(&["status", "--check"]).asking(&self.meta).run();
        [
            ("status --check", check.code == Some(0)),
            // A period of one day, and a grace time of two.
            ("the heartbeat", !self.has_failed && self.day - self.last_success <= 3),
            ("the metrics", self.has_no_alert()),
        ]
    }

    /// The rules of `packaging/prometheus`.
    fn has_no_alert(&self) -> bool {
        let metrics = self.site.read("everlit.prom");
        let now = self.meta.sandbox.with(|meta| meta.now);
        let values = |name: &str| -> Vec<i64> {
            let lines = metrics.lines().filter(|line| line.starts_with(name));
            lines.map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap()).collect()
        };
        let states = ["needs_person", "expired", "unreadable"];
        let needs_person = states.iter().any(|state| {
            let series = format!("everlit_tokens{{platform=\"instagram\",state=\"{state}\"}}");
            values(&series).iter().any(|count| *count > 0)
        });
        let ends_soon = values("everlit_token_expiry_timestamp_seconds").iter().any(|at| at - now < 21 * DAY);
        let fails = values("everlit_token_failing_since_timestamp_seconds").iter().any(|at| now - at > 3 * DAY);
        let stopped = values("everlit_run_completion_timestamp_seconds").iter().all(|at| 2 * (now - at) > 5 * DAY);
        !(needs_person || ends_soon || fails || stopped)
    }

    /// A day passes, with its run or without, and every word is held against the truth.
    fn a_day(&mut self, has_run: bool, truth: Truth) {
        self.day += 1;
        self.meta.sandbox.with(|meta| meta.advance(DAY));
        if has_run {
            self.runs();
        }
        let token = self.token();
        let is_alive = self.meta.sandbox.with(|meta| meta.token(&token).unwrap().state_at(meta.now) == State::Live);
        assert!(is_alive || truth != Truth::Well, "day {}: the story is wrong", self.day);
        for (word, is_green) in self.words() {
            let is_true = match truth {
                Truth::Well => is_green,
                Truth::Unclear => true,
                Truth::Broken => !is_green,
            };
            assert!(is_true, "day {}: {truth:?}, and {word} is green: {is_green}", self.day);
        }
    }

    fn token(&self) -> String {
        let env = self.site.read(".env.local");
        env.lines().find_map(|line| line.strip_prefix("IG_ACCESS_TOKEN=")).unwrap().to_owned()
    }

    /// A person brings a new token.
    fn is_repaired(&mut self) {
        let token = self.meta.token_of_age(0);
        self.site.everlit(&["connect", "--stdin"]).asking(&self.meta).fed(&token).ended(0);
        self.a_day(true, Truth::Well);
    }
}

#[test]
fn no_monitor_is_green_while_a_token_is_in_danger() {
    let mut watched = Watched::begins();
    watched.runs();
    for _ in 0..40 {
        watched.a_day(true, Truth::Well);
    }

    // The schedule stands still, which takes three days to be certain, and goes on.
    for day in 1..=6 {
        watched.a_day(false, if day <= 3 { Truth::Unclear } else { Truth::Broken });
    }
    watched.a_day(true, Truth::Well);

    // Nothing can be had of Meta, which says so in a way that no run waits for. Once a week everlit would ask; three days
    // later nobody is at ease any more.
    watched.meta.inject(Injection::new(Fault::Error(MetaError::new(4, "Application request limit reached"))));
    for day in 1..=40 {
        watched.a_day(true, if day <= 11 { Truth::Unclear } else { Truth::Broken });
    }
    watched.meta.lets_go();
    for _ in 0..3 {
        watched.a_day(true, Truth::Well);
    }

    // The owner revokes the token, which the weekly verification finds.
    watched.meta.sandbox.with(|meta| meta.set_state(USERNAME, State::Revoked));
    for day in 1..=12 {
        watched.a_day(true, if day <= 8 { Truth::Unclear } else { Truth::Broken });
    }
    watched.is_repaired();

    // Nobody notices that the schedule stands still, until the token has expired, and for ever after.
    for day in 1..=64 {
        watched.a_day(false, if day <= 3 { Truth::Unclear } else { Truth::Broken });
    }
    for _ in 0..3 {
        watched.a_day(true, Truth::Broken);
    }
    watched.is_repaired();
}
