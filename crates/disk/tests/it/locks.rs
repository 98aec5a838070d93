//! One holder at a time.

use std::fs;
use std::io::ErrorKind;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_disk::{Disk, Locking, RealDisk, try_lock};
use tempfile::tempdir;

#[test]
fn the_second_is_told_who_holds_the_lock_and_gets_it_afterwards() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("lock");
    let Locking::Taken(first) = try_lock(&RealDisk, &path, "pid=1 host=web1 since=2026-11-03T09:00:00Z").unwrap()
    else {
        panic!("nobody else holds it");
    };
    for _ in 0..3 {
        match try_lock(&RealDisk, &path, "pid=2").unwrap() {
            Locking::Held { note } => assert_eq!(note, "pid=1 host=web1 since=2026-11-03T09:00:00Z"),
            Locking::Taken(_) => panic!("two holders"),
        }
    }
    drop(first);
    assert_eq!(fs::read(&path).unwrap(), b"", "a later loser must not be told of a past holder");

    let Locking::Taken(_second) = try_lock(&RealDisk, &path, "pid=2").unwrap() else { panic!("it is free again") };
    assert_eq!(fs::read(&path).unwrap(), b"pid=2");
    #[cfg(unix)]
    assert_eq!(RealDisk.stat(&path).unwrap().mode, 0o600);
}

#[test]
fn of_forty_at_once_exactly_one_gets_the_lock() {
    const RUNS: usize = 40;
    let folder = tempdir().unwrap();
    let path = folder.path().join("lock");
    for _ in 0..10 {
        let (start, end) = (Barrier::new(RUNS), Barrier::new(RUNS));
        let winners: usize = thread::scope(|scope| {
            let runs: Vec<_> = (0..RUNS)
                .map(|n| {
                    let (path, start, end) = (&path, &start, &end);
                    scope.spawn(move || {
                        start.wait();
                        let locking = try_lock(&RealDisk, path, &format!("run={n}")).unwrap();
                        end.wait(); // nobody lets go before all have tried
                        usize::from(matches!(locking, Locking::Taken(_)))
                    })
                })
                .collect();
            runs.into_iter().map(|run| run.join().unwrap()).sum()
        });
        assert_eq!(winners, 1);
    }
}

#[test]
fn a_full_disk_does_not_keep_anyone_from_the_lock() {
    let folder = tempdir().unwrap();
    let disk = FaultyDisk::new(RealDisk, Plan::Budget(0));
    assert!(matches!(try_lock(&disk, &folder.path().join("lock"), "pid=1").unwrap(), Locking::Taken(_)));
}

fn without_locks() -> FaultyDisk {
    FaultyDisk::new(RealDisk, Plan::FailEvery { name: "try_lock", path: None, kind: ErrorKind::Unsupported })
}

#[test]
fn without_file_locks_one_run_at_a_time_has_the_lock() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("lock");
    fs::write(&path, "").unwrap();
    let Locking::Taken(first) = try_lock(&without_locks(), &path, "pid=1").unwrap() else { panic!("it is free") };
    match try_lock(&without_locks(), &path, "pid=2").unwrap() {
        Locking::Held { note } => assert_eq!(note, "pid=1"),
        Locking::Taken(_) => panic!("two holders"),
    }
    drop(first);
    let (start, end) = (Barrier::new(20), Barrier::new(20));
    let (start, end, path) = (&start, &end, &path);
    let won = thread::scope(|scope| {
        let try_it = move || {
            start.wait();
            let locking = try_lock(&without_locks(), path, "").unwrap();
            end.wait();
            usize::from(matches!(locking, Locking::Taken(_)))
        };
        let runs: Vec<_> = (0..20).map(|_| scope.spawn(try_it)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).sum::<usize>()
    });
    assert_eq!(won, 1);
    assert!(!folder.path().join("lock.held").exists());
}

#[test]
fn without_file_locks_a_killed_run_blocks_for_six_hours() {
    let folder = tempdir().unwrap();
    let (path, held) = (folder.path().join("lock"), folder.path().join("lock.held"));
    fs::write(&path, "").unwrap();
    fs::write(&held, "pid=1").unwrap();
    let dated = |hours: u64| {
        let now = fs::metadata(&path).unwrap().modified().unwrap();
        let file = fs::File::options().write(true).open(&held).unwrap();
        file.set_modified(now - Duration::from_secs(hours * 60 * 60)).unwrap();
    };
    dated(5);
    assert!(matches!(try_lock(&without_locks(), &path, "").unwrap(), Locking::Held { .. }));
    dated(7);
    assert!(matches!(try_lock(&without_locks(), &path, "").unwrap(), Locking::Taken(_)));
}

#[test]
fn a_signal_keeps_nobody_from_the_lock() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("lock");
    let disk = FaultyDisk::new(RealDisk, Plan::FailOnce { step: 0, kind: ErrorKind::Interrupted });
    assert!(matches!(try_lock(&disk, &path, "").unwrap(), Locking::Taken(_)));
}

#[test]
fn a_file_that_is_being_created_is_locked() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("file");
    let file = RealDisk.create_private(&path).unwrap();
    assert!(RealDisk.try_lock(&path).unwrap().is_none());
    drop(file);
    assert!(RealDisk.try_lock(&path).unwrap().is_some());
    assert_eq!(RealDisk.create_private(&path).unwrap_err().kind(), ErrorKind::AlreadyExists);
}

/// The lock is on the file itself, which is another one after each edit.
#[cfg(unix)]
#[test]
fn a_turn_waits_for_the_edit_of_another_process() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("site.env");
    fs::write(&path, "A=1\n").unwrap();
    let other = RealDisk.try_lock(&path).unwrap().unwrap();
    thread::scope(|scope| {
        let turn =
            scope.spawn(|| everlit_disk::take_turn(&RealDisk, &path).map(|_turn| fs::read_to_string(&path).unwrap()));
        fs::write(folder.path().join("new"), "A=2\n").unwrap();
        fs::rename(folder.path().join("new"), &path).unwrap();
        let renamed = RealDisk.try_lock(&path).unwrap().unwrap();
        drop(other);
        assert!(!turn.is_finished());
        drop(renamed);
        assert_eq!(turn.join().unwrap().unwrap(), "A=2\n");
    });
}
