//! Files that no other may take the place of, and what is left if they cannot be written either.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_disk::{Disk, RealDisk, Recovered, ReplaceError, ReplaceOptions, Replacement, recover, replace};
use tempfile::tempdir;

/// Options that allow a write in place, with the recovery copy in this folder.
pub(crate) fn with_recovery(folder: &Path) -> ReplaceOptions {
    ReplaceOptions { recovery: Some(folder.join(".env.recovery.local")), ..ReplaceOptions::default() }
}

#[test]
fn every_name_of_a_hard_linked_file_shows_the_new_content() {
    let folder = tempdir().unwrap();
    let (path, other) = (folder.path().join(".env"), folder.path().join("other"));
    fs::write(&path, "A=1\n").unwrap();
    fs::hard_link(&path, &other).unwrap();

    let error = replace(&RealDisk, &path, b"A=2\n", &ReplaceOptions::default()).unwrap_err();
    assert!(error.to_string().contains("it has several hard links; no place was given"), "{error}");

    for content in ["A=a longer one\n", "A=2\n", ""] {
        let reserved = Replacement::reserve(&RealDisk, &path, content.len(), &with_recovery(folder.path())).unwrap();
        assert!(reserved.is_in_place());
        reserved.commit(content.as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
        assert_eq!(fs::read_to_string(&other).unwrap(), content);
        assert_eq!(RealDisk.list(folder.path()).unwrap(), [".env", "other"]);
    }
}

#[test]
fn a_file_that_cannot_be_opened_gets_no_recovery_copy() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    let held = |name, kind| Plan::FailEvery { name, path: Some(path.clone()), kind };
    let disk = FaultyDisk::new(RealDisk, held("rename", ErrorKind::ResourceBusy));
    let disk = FaultyDisk::new(disk, held("open_for_update", ErrorKind::PermissionDenied));

    let error = replace(&disk, &path, b"A=2\n", &with_recovery(folder.path())).unwrap_err();
    assert!(matches!(error, ReplaceError::NotWritable { kind: ErrorKind::PermissionDenied, .. }), "{error:?}");
    assert_eq!(fs::read(&path).unwrap(), b"A=1\n");
    assert_eq!(RealDisk.list(folder.path()).unwrap(), [".env"]);
}

#[test]
fn a_file_that_kept_its_content_is_not_half_written() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    fs::hard_link(&path, folder.path().join("other")).unwrap();
    let plan = Plan::FailEvery { name: "write_at", path: Some(path.clone()), kind: ErrorKind::PermissionDenied };
    let options = with_recovery(folder.path());

    let error = replace(&FaultyDisk::new(RealDisk, plan), &path, b"A=2\n", &options).unwrap_err();
    assert!(matches!(error, ReplaceError::Failed { kind: ErrorKind::PermissionDenied, .. }), "{error:?}");
    assert_eq!(fs::read(&path).unwrap(), b"A=1\n");
    let recovery = options.recovery.unwrap();
    assert_eq!(recover(&RealDisk, &path, &recovery, b"A=2\n"), Ok(Recovered::Old));
    assert_eq!(RealDisk.list(folder.path()).unwrap(), [".env", "other"]);
}

#[cfg(windows)]
#[test]
fn a_file_that_another_program_holds_open_stays_as_it_is() {
    use std::os::windows::fs::OpenOptionsExt;
    const FILE_SHARE_READ: u32 = 1;

    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    let held = fs::OpenOptions::new().read(true).share_mode(FILE_SHARE_READ).open(&path).unwrap();
    let error = replace(&RealDisk, &path, b"A=2\n", &with_recovery(folder.path())).unwrap_err();
    assert!(matches!(error, ReplaceError::NotWritable { .. }), "{error:?}");
    assert!(error.to_string().contains("another program holds it open"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"A=1\n");
    assert_eq!(RealDisk.list(folder.path()).unwrap(), [".env"]);

    drop(held);
    replace(&RealDisk, &path, b"A=2\n", &with_recovery(folder.path())).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"A=2\n");
}
