//! The story that README tells, as a new user lives it: a real Next.js site, real files, the line that stands in the
//! crontab; Meta and the chat are played. Weeks pass because libfaketime turns the program's clock and the sandbox its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]
#![allow(clippy::disallowed_methods, reason = "a test looks at real files with the means of std")]

mod support;

use everlit_meta_api::DAY;
use std::fs;
use std::path::Path;

use everlit_sandbox::State;
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
