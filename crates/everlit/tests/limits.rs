//! The limits that a shell or a service manager sets: reaching one is an error in words.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use support::{Meta, Project, Run};

fn limited(project: &Project, meta: &Meta, limit: &str, command: &[&str]) -> Run {
    let script = format!("{limit} && exec \"$0\" \"$@\"");
    project.everlit_under(&["sh", "-c", &script], command).asking(meta).run()
}

fn due(meta: &Meta) -> Project {
    let token = meta.token_of_age(31);
    Project::holding(&token).with_metadata(&token, 31)
}

#[test]
fn a_file_size_limit_is_told_and_meta_is_not_asked() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let before = project.read(".env.local");
    for blocks in [0, 1] {
        let run = limited(&project, &meta, &format!("ulimit -f {blocks}"), &["refresh"]).ended(5);
        run.says("(ulimit -f)").says("Meta was not asked, so nothing is lost").says("Next: ");
        assert_eq!((meta.refreshes(), project.read(".env.local")), (0, before.clone()));
    }
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
}

#[test]
fn with_few_file_descriptors_no_run_panics() {
    let meta = Meta::friendly();
    for command in ["refresh", "status", "doctor"] {
        let code = |descriptors: u32| {
            let project = due(&meta);
            let run = limited(&project, &meta, &format!("ulimit -n {descriptors}"), &[command]);
            assert!(!run.stderr.contains("panicked"), "{descriptors}: {run}");
            assert!(run.code.is_some_and(|code| code != 101), "{descriptors}: {run}");
            if run.stderr.contains("open files") {
                assert!(run.code != Some(0), "{descriptors}: {run}");
            }
            run.code
        };
        // At once, because a run that cannot connect tries for half a minute.
        let codes: Vec<_> = std::thread::scope(|scope| {
            let runs: Vec<_> = (4..=16).map(|descriptors| scope.spawn(move || code(descriptors))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert!(codes.contains(&Some(1)), "some have too few: {codes:?}");
    }
}

#[test]
fn a_key_that_cannot_be_written_leaves_no_file() {
    let (project, meta) = (Project::empty(), Meta::friendly());
    let run = limited(&project, &meta, "ulimit -f 0", &["key", "create", "new.key"]).ended(5);
    run.notes("cannot write the master key to").notes("Next: everlit key create");
    assert!(!project.has("new.key"));
}
