//! Many runs at once on one project: one of them works, the others see that it is done.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Barrier;

use everlit_disk::{Locking, RealDisk, try_lock};
use everlit_sandbox::{Endpoint, Fault, Injection, MetaError, OldAfterRefresh};
use everlit_testkit::started;
use support::{Meta, Project, Run};

const LOCK: &str = ".everlit/lock";

fn due(meta: &Meta) -> Project {
    let token = meta.token_of_age(31);
    Project::holding(&token).with_metadata(&token, 31)
}

/// So many runs, all started together.
fn at_once(project: &Project, meta: &Meta, count: usize) -> Vec<Run> {
    let barrier = Barrier::new(count);
    std::thread::scope(|threads| {
        let start = || {
            threads.spawn(|| {
                let call = project.everlit(&["refresh"]).asking(meta);
                barrier.wait();
                call.run()
            })
        };
        let runs: Vec<_> = (0..count).map(|_| start()).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    })
}

#[test]
fn forty_concurrent_runs_ask_meta_for_one_token() {
    for count in [2, 4, 40] {
        let meta = Meta::with(|knobs| knobs.old_after_refresh = OldAfterRefresh::Dies);
        let project = due(&meta);
        for run in at_once(&project, &meta, count) {
            assert_eq!(run.code, Some(0), "{count} runs\n{run}");
            assert!(run.stdout.contains("refreshed") || run.stdout.contains("healthy"), "{run}");
        }
        assert_eq!(meta.refreshes(), 1, "{count} runs");
        assert!(project.read(".env.local").contains(&meta.newest()));
        let names: Vec<String> = project.lasting_files().into_keys().collect();
        assert_eq!(names, [".env.local", "scripts/instagram-token.json"], "{count} runs");
    }
}

#[test]
fn runs_that_waited_for_a_failed_one_do_not_ask_again() {
    let meta = Meta::friendly();
    let project = due(&meta);
    meta.inject(Injection::new(Fault::Error(MetaError::new(4, "Application request limit reached"))));
    for run in at_once(&project, &meta, 8) {
        assert_eq!(run.code, Some(4), "{run}");
    }
    assert_eq!(meta.calls(), 1);
}

#[test]
fn two_accounts_in_one_env_file_keep_each_others_edit() {
    let meta = Meta::friendly();
    let (a, b) = (meta.token_of_age(31), meta.token_of_age(31));
    let project = Project::empty()
        .with_file(".env.local", &format!("A={a}\nMINE=1\nB={b}\n"))
        .with_file("everlit.toml", "[account.a]\nkey = \"A\"\n[account.b]\nkey = \"B\"\n");
    std::thread::scope(|threads| {
        for name in ["a", "b"] {
            let (project, meta) = (&project, &meta);
            threads.spawn(move || project.everlit(&["refresh", "--account", name]).asking(meta).run().ended(0));
        }
    });
    let env = project.read(".env.local");
    assert!(!env.contains(&a) && !env.contains(&b) && env.contains("\nMINE=1\n"), "both are new");
    assert_eq!(meta.refreshes(), 2);
}

#[test]
fn a_held_lock_is_waited_for_briefly_and_then_named() {
    let meta = Meta::friendly();
    let project = due(&meta);
    std::fs::create_dir(project.path().join(".everlit")).unwrap();
    let note = "pid 4711 on web1 since 2026-11-03T09:00:00Z";
    let Locking::Taken(lock) = try_lock(&RealDisk, &project.path().join(LOCK), note).unwrap() else {
        panic!("nobody else holds it");
    };
    let before = project.read(".env.local");
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(6);
    run.says("another run holds the lock: pid 4711 on web1 since 2026-11-03T09:00:00Z").says("Next: wait for that run");
    assert_eq!(meta.calls(), 0);
    assert_eq!(project.read(".env.local"), before);
    project.everlit(&["status"]).run().ended(0);
    drop(lock);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
}

#[test]
fn a_run_that_is_killed_leaves_no_lock_behind() {
    let meta = Meta::friendly();
    let project = due(&meta);
    meta.inject(Injection::new(Fault::Slow { millis: 60_000 }).at(Endpoint::Me).times(1));
    let mut first = start(&project, &meta);
    while meta.calls() == 0 {
        assert!(first.try_wait().unwrap().is_none(), "it has ended before it asked");
        std::thread::yield_now();
    }
    let holder = std::fs::read_to_string(project.path().join(LOCK)).unwrap();
    assert!(holder.starts_with(&format!("pid {} on ", first.id())) && holder.contains(" since 20"), "{holder}");
    first.kill().unwrap();
    first.wait().unwrap();
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
    assert_eq!(meta.refreshes(), 1);
}

fn start(project: &Project, meta: &Meta) -> Child {
    let mut command = project.everlit(&["refresh"]).asking(meta).into_command();
    started(|| command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()).unwrap()
}

/// A person edits the file while Meta answers: what they wrote stays, and the new token is not lost.
#[test]
fn an_edit_made_during_a_refresh_is_kept() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let (before, old) = (project.read(".env.local"), meta.newest());
    meta.holds_back_the_refresh();
    let mut run = start(&project, &meta);
    meta.awaits_the_refresh(&mut run);
    write_beside(&project.path(), &format!("{before}ADDED=1\n"));
    meta.lets_go();
    assert!(run.wait().unwrap().success());
    assert_eq!(project.read(".env.local"), format!("{}ADDED=1\n", before.replace(&old, &meta.newest())));
}

#[test]
fn a_token_replaced_during_a_refresh_is_not_overwritten() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let theirs = meta.token_of_age(2);
    meta.holds_back_the_refresh();
    let mut run = start(&project, &meta);
    meta.awaits_the_refresh(&mut run);
    let theirs_in_place = format!("IG_ACCESS_TOKEN={theirs}\n");
    write_beside(&project.path(), &theirs_in_place);
    meta.lets_go();
    assert_eq!(run.wait().unwrap().code(), Some(5));
    assert_eq!(project.read(".env.local"), theirs_in_place);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    assert!(!project.has(".everlit/candidate"));
    let token = project.read(".env.local").trim_start_matches("IG_ACCESS_TOKEN=").trim().to_owned();
    let works = meta.sandbox.with(|meta| meta.token(&token).is_some());
    assert!(works && token != theirs, "their token was adopted and renewed");
}

/// As an editor does it.
fn write_beside(folder: &Path, content: &str) {
    std::fs::write(folder.join("edited"), content).unwrap();
    std::fs::rename(folder.join("edited"), folder.join(".env.local")).unwrap();
}
