//! A report that cannot be written: a reader who has gone wants no more, and a full disk is told.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]

mod support;

use std::process::Stdio;

use everlit_testkit::started;
use support::{Call, Meta, Project, Run};

/// Commands that end with 0 where nothing is wrong, each with something on stdout.
const REPORTS: [&[&str]; 21] = [
    &["refresh"],
    &["refresh", "--json"],
    &["refresh", "--dry-run"],
    &["status"],
    &["status", "--check"],
    &["status", "--json"],
    &["history"],
    &["history", "--json"],
    &["init"],
    &["doctor"],
    &["doctor", "--json"],
    &["explain", "190"],
    &["explain", "190", "--json"],
    &["token"],
    &["notify", "list"],
    &["schedule", "print", if cfg!(windows) { "windows" } else { "cron" }],
    &["connect", "--guide"],
    &["completions", "bash"],
    &["man"],
    &["--help"],
    &["--version"],
];

fn project(meta: &Meta) -> Project {
    let token = meta.token_of_age(31);
    let project = Project::holding(&token).with_metadata(&token, 31);
    // What was verified is well.
    project.everlit(&["status", "--live"]).asking(meta).run().ended(0);
    project
}

/// Only Linux has such a device.
#[cfg(target_os = "linux")]
fn full() -> Stdio {
    std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap().into()
}

/// A pipe that nobody reads any more.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// Something that a report cannot be written to.
type Broken = fn() -> Stdio;

fn run(project: &Project, meta: &Meta, arguments: &[&str], stdout: Stdio) -> Run {
    let mut command = project.everlit(arguments).asking(meta).into_command();
    command.stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped());
    Call::ended(&started(|| command.output()).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_stdout_is_reported_as_an_error() {
    let meta = Meta::friendly();
    for arguments in REPORTS {
        let run = run(&project(&meta), &meta, arguments, full());
        assert_eq!(run.code, Some(1), "{arguments:?}\n{run}");
        run.notes("cannot write to stdout: No space left on device").notes("Next: ").never_shows("panicked");
    }
}

#[test]
fn a_closed_pipe_neither_fails_the_run_nor_prints_an_error() {
    let meta = Meta::friendly();
    for arguments in REPORTS {
        let run = run(&project(&meta), &meta, arguments, closed());
        assert_eq!(run.code, Some(0), "{arguments:?}\n{run}");
        run.never_shows("cannot write").never_shows("Broken pipe").never_shows("panicked");
    }
}

#[test]
fn a_token_is_saved_even_if_the_report_cannot_be_written() {
    let meta = Meta::friendly();
    let cases: &[(Broken, i32)] = &[
        #[cfg(target_os = "linux")]
        (full, 1),
        (closed, 0),
    ];
    for (stdout, code) in cases {
        for flags in [&["refresh"][..], &["refresh", "--json"]] {
            let project = project(&meta);
            let refreshes = meta.refreshes();
            run(&project, &meta, flags, stdout()).ended(*code);
            assert_eq!(meta.refreshes(), refreshes + 1);
            assert!(project.read(".env.local").contains(&meta.newest()));
            project.everlit(&["status"]).run().ended(0).says("healthy");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_failed_run_keeps_its_exit_code_if_stdout_fails_too() {
    let (meta, project) = (Meta::friendly(), Project::empty());
    run(&project, &meta, &["status", "--json"], full()).ended(2).notes("cannot write to stdout");
    run(&project, &meta, &["token", "--json"], full()).ended(2).notes("cannot write to stdout");
}
