//! Real processes, really killed. A test starts itself again as the child.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use everlit_disk::{Locking, RealDisk, Recovered, recover, replace, sweep, try_lock};
use tempfile::tempdir;

use crate::children::{CHILD, child_folder};
use crate::in_place::with_recovery;

#[test]
fn a_killed_holder_leaves_no_lock_behind() {
    if let Some(folder) = child_folder() {
        let Locking::Taken(_lock) = try_lock(&RealDisk, &folder.join("lock"), "pid=child").unwrap() else { panic!() };
        say("locked");
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        return;
    }
    let folder = tempdir().unwrap();
    let mut child = start("processes::a_killed_holder_leaves_no_lock_behind", folder.path());
    wait_for_lines(&mut child, "locked", 1);
    match try_lock(&RealDisk, &folder.path().join("lock"), "pid=parent").unwrap() {
        Locking::Held { note } => assert_eq!(note, "pid=child"),
        Locking::Taken(_) => panic!("two holders"),
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(try_lock(&RealDisk, &folder.path().join("lock"), "").unwrap(), Locking::Taken(_)));
}

#[test]
fn forty_processes_take_turns() {
    const PROCESSES: u32 = 40;
    const TURNS: u32 = 5;
    if let Some(folder) = child_folder() {
        for _ in 0..TURNS {
            let _lock = loop {
                match try_lock(&RealDisk, &folder.join("lock"), "").unwrap() {
                    Locking::Taken(lock) => break lock,
                    Locking::Held { .. } => thread::yield_now(),
                }
            };
            // Two at once would count one turn.
            let count: u32 = fs::read_to_string(folder.join("count")).unwrap().parse().unwrap();
            fs::write(folder.join("count"), (count + 1).to_string()).unwrap();
        }
        return;
    }
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("count"), "0").unwrap();
    let children: Vec<Child> =
        (0..PROCESSES).map(|_| start("processes::forty_processes_take_turns", folder.path())).collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    assert_eq!(fs::read_to_string(folder.path().join("count")).unwrap(), (PROCESSES * TURNS).to_string());
}

#[test]
fn a_process_killed_at_any_moment_leaves_a_whole_file() {
    if let Some(folder) = child_folder() {
        for n in 0.. {
            replace(&RealDisk, &folder.join(".env"), contents()[n % 2].as_bytes(), &with_recovery(&folder)).unwrap();
            say("replaced");
        }
    }
    for hard_link in [false, true] {
        let folder = tempdir().unwrap();
        let path = folder.path().join(".env");
        fs::write(&path, &contents()[1]).unwrap();
        if hard_link {
            fs::hard_link(&path, folder.path().join("other")).unwrap();
        }
        for lines in 1..=15 {
            let mut child = start("processes::a_process_killed_at_any_moment_leaves_a_whole_file", folder.path());
            wait_for_lines(&mut child, "replaced", lines);
            child.kill().unwrap();
            child.wait().unwrap();

            let recovery = folder.path().join(".env.recovery.local");
            if let Ok(old) = fs::read_to_string(&recovery) {
                assert!(hard_link);
                let wanted = contents().into_iter().find(|content| *content != old).unwrap();
                let recovered = recover(&RealDisk, &path, &recovery, wanted.as_bytes()).unwrap();
                assert!(!matches!(recovered, Recovered::Edited { .. }));
            }
            let now = fs::read_to_string(&path).unwrap();
            assert!(contents().contains(&now), "{} bytes", now.len());
            sweep(&RealDisk, folder.path()).unwrap();
            let names = fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(names, if hard_link { 2 } else { 1 });
        }
    }
}

/// Long enough for several pages.
fn contents() -> [String; 2] {
    ["A=first\n".repeat(5000), "B=the second\n".repeat(9000)]
}

fn start(test: &str, folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(CHILD, folder).stdin(Stdio::piped()).stdout(Stdio::piped());
    everlit_testkit::started(|| command.spawn()).unwrap()
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

/// The test harness writes lines of its own, and the child's may begin behind the harness's.
fn wait_for_lines(child: &mut Child, line: &str, count: usize) {
    let out = BufReader::new(child.stdout.as_mut().unwrap());
    let seen = out.lines().map_while(Result::ok).filter(|seen| seen.ends_with(line)).take(count).count();
    assert_eq!(seen, count, "the child ended early");
}
