//! A slot: killed or failing at any step, it holds padding or the content, and never anything else.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_disk::{Disk, Kind, RealDisk, ReplaceError, Slot};
use tempfile::{TempDir, tempdir};

const ROOM: usize = 64;
const CONTENT: &[u8] = b"a token, its length and its checksum";

fn place() -> (TempDir, PathBuf) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("candidate");
    (folder, path)
}

fn fill(disk: &dyn Disk, path: &std::path::Path) -> Result<(), ReplaceError> {
    Slot::reserve(disk, path, ROOM)?.fill(CONTENT)
}

#[test]
fn name_and_room_are_there_before_the_content_is_known() {
    let (_folder, path) = place();
    let slot = Slot::reserve(&RealDisk, &path, ROOM).unwrap();
    assert_eq!(fs::read(&path).unwrap(), [b'#'; ROOM]);
    #[cfg(unix)]
    assert_eq!(RealDisk.stat(&path).unwrap().mode, 0o600);
    slot.fill(CONTENT).unwrap();
    let found = fs::read(&path).unwrap();
    assert_eq!((found.len(), &found[..CONTENT.len()]), (ROOM, CONTENT));
}

#[test]
fn between_reservation_and_content_there_is_one_write() {
    let (_folder, path) = place();
    let disk = FaultyDisk::new(RealDisk, Plan::Nothing);
    let slot = Slot::reserve(&disk, &path, ROOM).unwrap();
    let reserved = disk.steps();
    let names: Vec<&str> = reserved.iter().map(|step| step.name).collect();
    assert!(names.ends_with(&["write_at", "sync", "sync_folder"]), "durable with its name: {names:?}");
    slot.fill(CONTENT).unwrap();
    let names: Vec<&str> = disk.steps()[reserved.len()..].iter().map(|step| step.name).collect();
    assert_eq!(names, ["write_at", "sync", "read_unlinked"]);
}

#[test]
fn a_slot_that_is_not_filled_leaves_nothing() {
    let (folder, path) = place();
    drop(Slot::reserve(&RealDisk, &path, ROOM).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn killed_at_any_step_it_holds_padding_or_the_content() {
    let (_folder, path) = place();
    let whole = FaultyDisk::new(RealDisk, Plan::Nothing);
    fill(&whole, &path).unwrap();
    let steps = whole.steps();
    let written = steps.iter().rposition(|step| step.name == "write_at").unwrap();
    for step in 0..steps.len() {
        for torn in [false, true] {
            let (_folder, path) = place();
            let disk = FaultyDisk::new(RealDisk, Plan::DieAt { step, torn });
            assert!(fill(&disk, &path).is_err());
            let found = fs::read(&path).unwrap_or_default();
            assert_eq!(found.starts_with(CONTENT), step > written, "killed at {step} of {steps:?}, torn: {torn}");
            assert_eq!(fill(&RealDisk, &path), Ok(()), "and the next run has its slot");
        }
    }
}

#[test]
fn an_error_at_any_step_never_reports_a_false_success() {
    let (_folder, path) = place();
    let whole = FaultyDisk::new(RealDisk, Plan::Nothing);
    fill(&whole, &path).unwrap();
    let input_output = ErrorKind::Other;
    for step in 0..whole.steps().len() {
        for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied, ErrorKind::Interrupted, input_output] {
            let (_folder, path) = place();
            let disk = FaultyDisk::new(RealDisk, Plan::FailOnce { step, kind });
            let result = fill(&disk, &path);
            let is_there = fs::read(&path).is_ok_and(|found| found.starts_with(CONTENT));
            assert!(result.is_err() || is_there, "{kind:?} at {step} of {:?}", whole.steps());
            assert!(kind != ErrorKind::Interrupted || result.is_ok(), "a signal is no reason to fail: step {step}");
        }
    }
}

#[test]
fn what_was_reserved_can_be_written_on_a_full_disk() {
    for bytes in 0..=ROOM * 2 {
        let (_folder, path) = place();
        let disk = FaultyDisk::new(RealDisk, Plan::Budget(bytes as u64));
        match Slot::reserve(&disk, &path, ROOM) {
            Ok(slot) => assert_eq!(slot.fill(CONTENT), Ok(()), "{bytes}"),
            Err(error) => {
                assert!(error.is_full() && bytes < ROOM, "{bytes}: {error}");
                assert!(!path.exists(), "{bytes}");
            }
        }
    }
}

#[test]
fn a_file_that_was_removed_meanwhile_is_noticed() {
    let (_folder, path) = place();
    let slot = Slot::reserve(&RealDisk, &path, ROOM).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(slot.fill(CONTENT).unwrap_err().kind(), Some(ErrorKind::NotFound));

    let slot = Slot::reserve(&RealDisk, &path, ROOM).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, "something else").unwrap();
    assert_eq!(slot.fill(CONTENT).unwrap_err().kind(), Some(ErrorKind::InvalidData));
    assert_eq!(fs::read(&path).unwrap(), b"something else");
}

#[test]
fn a_folder_in_its_place_is_refused() {
    let (_folder, path) = place();
    fs::create_dir(&path).unwrap();
    let error = Slot::reserve(&RealDisk, &path, ROOM).unwrap_err();
    assert_eq!(error, ReplaceError::NotAFile { path, found: Kind::Folder });
}
