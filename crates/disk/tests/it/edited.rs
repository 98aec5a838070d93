//! A file that somebody else changes between the look and the replacement.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_disk::{Disk, RealDisk, ReplaceError, ReplaceOptions, Replacement};
use tempfile::tempdir;

fn reserve<'d>(disk: &'d dyn Disk, path: &Path) -> Replacement<'d> {
    Replacement::reserve(disk, path, 64, &ReplaceOptions::default()).unwrap()
}

#[test]
fn a_file_with_other_content_is_not_replaced() {
    // Also where two files cannot be exchanged.
    let none = Plan::FailEvery { name: "exchange", path: None, kind: ErrorKind::Unsupported };
    for plan in [Plan::Nothing, none] {
        let folder = tempdir().unwrap();
        let path = folder.path().join(".env");
        fs::write(&path, "A=1\n").unwrap();
        let disk = FaultyDisk::new(RealDisk, plan.clone());
        let reserved = reserve(&disk, &path);
        fs::write(&path, "A=1\nB=2\n").unwrap();
        let changed = Err(ReplaceError::Changed { path: path.clone() });
        assert_eq!(reserved.commit_over(Some(b"A=1\n"), b"A=3\n"), changed, "{plan:?}");
        assert_eq!(fs::read(&path).unwrap(), b"A=1\nB=2\n");
        assert_eq!(reserve(&disk, &path).commit_over(Some(b"A=1\nB=2\n"), b"A=3\n"), Ok(()), "{plan:?}");
        assert_eq!(fs::read(&path).unwrap(), b"A=3\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_edit_is_put_back_in_a_second_way_if_the_first_fails() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    // Somebody edits the file just before `step`, and another fault strikes.
    let commit = |step, plan| {
        fs::write(&path, "A=1\n").unwrap();
        let edited = path.clone();
        let meddled = FaultyDisk::meddled(RealDisk, step, move || fs::write(&edited, "A=1\nB=2\n").unwrap());
        let disk = FaultyDisk::new(meddled, plan);
        let committed = reserve(&disk, &path).commit_over(Some(b"A=1\n"), b"A=3\n");
        let steps = disk.steps();
        let exchange = steps.iter().rposition(|step| step.name == "exchange").unwrap();
        (exchange, committed, fs::read_to_string(&path).unwrap())
    };
    let (exchange, ..) = commit(usize::MAX, Plan::Nothing);
    let changed = Err(ReplaceError::Changed { path: path.clone() });
    let (put_back, committed, content) = commit(exchange, Plan::Nothing);
    assert!(put_back > exchange, "the edit was found after the exchange");
    assert_eq!((committed, &*content), (changed.clone(), "A=1\nB=2\n"));
    let (_, committed, content) = commit(exchange, Plan::FailOnce { step: put_back, kind: ErrorKind::Other });
    assert_eq!((committed, &*content), (changed, "A=1\nB=2\n"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

/// Its mode or owner may be another, too.
#[cfg(unix)]
#[test]
fn another_file_of_the_same_content_is_not_replaced() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    let reserved = reserve(&RealDisk, &path);
    fs::write(folder.path().join("other"), "A=1\n").unwrap();
    fs::rename(folder.path().join("other"), &path).unwrap();
    assert!(matches!(reserved.commit_over(Some(b"A=1\n"), b"A=2\n"), Err(ReplaceError::Changed { .. })));
}

#[test]
fn a_file_that_has_come_into_being_is_not_replaced() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    let reserved = reserve(&RealDisk, &path);
    fs::write(&path, "A=1\n").unwrap();
    assert!(matches!(reserved.commit_over(None, b"A=2\n"), Err(ReplaceError::Changed { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"A=1\n");
    fs::remove_file(&path).unwrap();
    assert_eq!(reserve(&RealDisk, &path).commit_over(None, b"A=2\n"), Ok(()));
}
