//! The story that README tells, as a new user lives it: a real Next.js site, real files, the line that stands in the
//! crontab; Meta and the chat are played. Weeks pass because libfaketime turns the program's clock and the sandbox its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]
#![allow(clippy::disallowed_methods, reason = "a test looks at real files with the means of std")]

mod support;

use everlit_meta_api::DAY;
use std::fs;
use std::path::Path;

use everlit_sandbox::{Fault, Injection, MetaError, State};
use support::machine::{CRONTAB, CronDaemon, NO_SYSTEMD};
use support::nextjs::{nextjs_site, shown};
use support::service::Service;
use support::{Call, Meta, Project, Run, USERNAME};

/// A site on a machine of its own, and the day it is there.
struct Story {
    meta: Meta,
    chat: Service,
    site: Project,
    day: i64,
}

impl Story {
    fn begins() -> Self {
        let site = nextjs_site("IGAAfakeNOT-THERE-YET");
        site.write(".env.local", "SITE_NAME=\"A bakery\"\n");
        site.set_mode(".env.local", 0o600);
        for (name, script) in [("crontab", CRONTAB), ("systemctl", NO_SYSTEMD)] {
            site.write(&format!("../bin/{name}"), format!("#!/bin/sh\n{script}\n"));
            site.set_mode(&format!("../bin/{name}"), 0o755);
        }
        let meta = Meta::friendly();
        // What the jobs of this crontab are told; without it they would ask the real Meta.
        site.write("../bin/table", format!("EVERLIT_META_URL={}\n", meta.sandbox.url()));
        Self { meta, chat: Service::new(), site, day: 0 }
    }

    /// A command as README shows it, `<` for what it is fed with.
    fn types(&self, line: &str) -> Run {
        let (command, file) = line.split_once(" < ").map_or((line, None), |(command, file)| (command, Some(file)));
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        let call = self.on_this_machine(self.site.everlit(&words)).asking(&self.meta);
        match file {
            Some(file) => call.fed(self.site.read(file)),
            None => call.run(),
        }
    }

    /// The next day comes, and with it the run that the crontab asks for.
    fn next_day(&mut self) -> Run {
        self.day += 1;
        self.meta.sandbox.with(|meta| meta.advance(DAY));
        let table = self.site.read("../bin/table");
        let line = table.lines().find(|line| line.contains(" * * * ")).unwrap();
        let command = line.splitn(6, ' ').nth(5).unwrap();
        self.on_this_machine(self.site.command_line(&["/bin/sh", "-c", command])).asking(&self.meta).run()
    }

    /// With its crontab, and its clock. The library is named as the `faketime` command does it, `$LIB` for the loader to fill
    /// in; the command itself leaves a semaphore behind when it is killed, and stumbles over it when its number comes again.
    fn on_this_machine(&self, call: Call) -> Call {
        let bin = self.site.path().parent().unwrap().join("bin");
        call.env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .env("LD_PRELOAD", "/usr/$LIB/faketime/libfaketime.so.1")
            .env("FAKETIME", format!("+{}d", self.day))
    }

    fn page(&self) -> String {
        shown(&self.site, &self.meta)
    }

    /// What the chat has been told, without its JSON.
    fn messages(&self) -> Vec<String> {
        self.chat.at("/services").iter().map(|body| body.replace("\\n", "\n")).collect()
    }
}

/// The commands of README's story, in their order.
fn commands_of_readme() -> Vec<String> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let story = readme.split_once("\n## The whole story\n").unwrap().1;
    let story = story.split("\n## ").next().unwrap();
    let blocks = story.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.flat_map(str::lines).map(|line| line.split("  #").next().unwrap().trim_end().to_owned()).collect()
}

#[test]
fn a_site_runs_for_months_and_asks_for_help_only_when_needed() {
    let commands = commands_of_readme();
    let [init, connect, notify, schedule, repair] = commands.as_slice() else { panic!("{commands:?}") };
    let _cron = CronDaemon::started();
    let mut story = Story::begins();
    story.site.write("token.txt", story.meta.token_of_age(2));
    story.site.write("slack.txt", format!("{}/services/T0/B0/fakeFAKE\n", story.chat.address));

    story.types(init).ended(0).says("Next: everlit connect");
    story.types(connect).ended(0).says(&format!("@{USERNAME}")).says("Next: everlit schedule install");
    story.types(notify).ended(0);
    story.types(schedule).ended(0).says("next run");
    assert_eq!(story.page(), format!("Follow @{USERNAME}"));

    // Ten weeks: longer than any token lives.
    let first = story.site.read(".env.local");
    for _ in 0..70 {
        let run = story.next_day().ended(0);
        let printed = run.stdout + &run.stderr;
        let printed: Vec<_> = printed.lines().filter(|line| !line.starts_with("Not the real Meta: ")).collect();
        assert_eq!(printed, [""; 0], "day {}: cron mails what a job prints", story.day);
    }
    assert_ne!(story.site.read(".env.local"), first);
    assert_eq!(story.page(), format!("Follow @{USERNAME}"));
    assert_eq!(story.messages(), [""; 0], "nobody is told that all is well");

    // The owner changes the password, and every token of the account is dead.
    story.meta.sandbox.with(|meta| meta.set_state(USERNAME, State::PasswordChanged));
    assert!(story.page().starts_with("Instagram is gone"));
    let days = (1..=7).find(|_| story.next_day().code == Some(3)).unwrap_or(99);
    let messages = story.messages();
    assert_eq!(messages.len(), 1, "after {days} days: {messages:?}");
    assert!(messages[0].contains("password") && messages[0].contains("/site connect"), "{}", messages[0]);
    for _ in 0..2 {
        story.next_day().ended(3);
    }
    assert_eq!(story.messages().len(), 1, "once is enough");

    story.site.write("new-token.txt", story.meta.token_of_age(0));
    story.types(repair).ended(0).says(&format!("@{USERNAME}"));
    let messages = story.messages();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[1].contains("recovered"), "{}", messages[1]);
    story.next_day().ended(0);
    assert_eq!(story.page(), format!("Follow @{USERNAME}"));
    let everything = format!("{messages:?}{}", story.types("everlit history"));
    assert!(!everything.contains(story.site.read("new-token.txt").trim()));
}

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
