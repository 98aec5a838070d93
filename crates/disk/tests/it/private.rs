//! Private files and folders: nobody else can plant them, and root gives them to whom they belong.

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;

use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_disk::{
    Disk, Locking, RealDisk, ReplaceOptions, Slot, check_private_folder, create_folder, create_private_folder,
    read_private, replace, try_lock,
};
use tempfile::{TempDir, tempdir};

const OWNER: u32 = 12_345;
const STRANGER: u32 = 54_321;

/// Every way to open a private file, and whether it was refused as one that somebody may have planted.
fn refusals(path: &Path) -> Vec<(&'static str, bool)> {
    let refused = |kind: Option<ErrorKind>| kind == Some(ErrorKind::InvalidInput);
    let replaced = replace(&RealDisk, path, b"new", &ReplaceOptions::private());
    let slot = Slot::reserve(&RealDisk, path, 10).map(drop);
    let no_file = |error: &everlit_disk::ReplaceError| error.to_string().contains("not a file");
    vec![
        ("read", refused(read_private(&RealDisk, path, 100).err().map(|error| error.kind()))),
        ("lock", refused(try_lock(&RealDisk, path, "us").err().map(|error| error.kind()))),
        ("replace", replaced.is_err_and(|error| refused(error.kind()) || no_file(&error))),
        ("slot", slot.is_err_and(|error| refused(error.kind()) || no_file(&error))),
    ]
}

#[test]
fn a_planted_link_is_refused_and_its_target_untouched() {
    let folder = tempdir().unwrap();
    let (path, victim) = (folder.path().join("lock"), folder.path().join("victim"));
    fs::write(&victim, "precious").unwrap();
    symlink(&victim, &path).unwrap();
    for (how, is_refused) in refusals(&path) {
        assert!(is_refused, "symbolic link: {how}");
    }
    fs::remove_file(&path).unwrap();
    fs::hard_link(&victim, &path).unwrap();
    for (how, is_refused) in refusals(&path) {
        assert!(is_refused, "hard link: {how}");
    }
    assert_eq!(fs::read(&victim).unwrap(), b"precious");

    fs::remove_file(&path).unwrap();
    symlink(folder.path().join("nothing"), &path).unwrap();
    assert!(try_lock(&RealDisk, &path, "us").is_err());
    assert!(!folder.path().join("nothing").exists(), "nothing is created at the end of a link");
}

#[test]
fn a_link_in_the_place_of_a_private_folder_is_refused() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("elsewhere")).unwrap();
    symlink("elsewhere", folder.path().join(".everlit")).unwrap();
    let error = create_private_folder(&RealDisk, &folder.path().join(".everlit")).unwrap_err();
    assert_eq!(error.to_string(), "it is a symbolic link, not a folder");
    fs::write(folder.path().join("file"), "").unwrap();
    let error = check_private_folder(&RealDisk, &folder.path().join("file")).unwrap_err();
    assert_eq!(error.to_string(), "it is a file, not a folder");
}

#[test]
fn a_file_or_folder_that_a_stranger_planted_is_refused() {
    let Some(folder) = folder_of(OWNER) else { return };
    let (path, planted) = (folder.path().join("lock"), folder.path().join(".everlit"));
    fs::write(&path, "planted").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
    chown(&path, Some(STRANGER), None).unwrap();
    for (how, is_refused) in refusals(&path) {
        assert!(is_refused, "{how}");
    }
    assert_eq!(fs::read(&path).unwrap(), b"planted");
    fs::create_dir(&planted).unwrap();
    chown(&planted, Some(STRANGER), None).unwrap();
    let error = create_private_folder(&RealDisk, &planted).unwrap_err();
    assert_eq!(error.to_string(), format!("it belongs to another user (id {STRANGER})"));
    // The owner of the folder may keep files in it.
    chown(&path, Some(OWNER), None).unwrap();
    assert_eq!(read_private(&RealDisk, &path, 100).unwrap(), b"planted");
}

#[test]
fn what_root_creates_belongs_to_the_owner_of_the_folder() {
    let Some(folder) = folder_of(OWNER) else { return };
    let at = |name: &str| folder.path().join(name);
    create_folder(&RealDisk, &at("a/b")).unwrap();
    for name in [".everlit", ".everlit/recovery"] {
        assert!(create_private_folder(&RealDisk, &at(name)).unwrap());
    }
    Slot::reserve(&RealDisk, &at(".everlit/candidate"), 10).unwrap().fill(b"x").unwrap();
    drop(try_lock(&RealDisk, &at(".everlit/lock"), "us").unwrap());
    replace(&RealDisk, &at(".everlit/alerts.json"), b"{}", &ReplaceOptions::private()).unwrap();
    replace(&RealDisk, &at("metadata.json"), b"{}", &ReplaceOptions::default()).unwrap();
    for name in ["a", "a/b", ".everlit", ".everlit/recovery", ".everlit/candidate", ".everlit/lock"]
        .into_iter()
        .chain([".everlit/alerts.json", "metadata.json"])
    {
        let found = fs::metadata(at(name)).unwrap();
        assert_eq!((found.uid(), found.gid()), (OWNER, OWNER), "{name}");
    }
    assert_eq!(fs::metadata(at(".everlit/recovery")).unwrap().mode() & 0o7777, 0o700);
}

#[test]
fn roots_recovery_copy_belongs_to_the_owner_of_its_folder() {
    let Some(folder) = folder_of(OWNER) else { return };
    let (path, copy) = (folder.path().join(".env"), folder.path().join("copy"));
    fs::write(&path, "A=1\n").unwrap();
    fs::hard_link(&path, folder.path().join("other")).unwrap();
    let disk =
        FaultyDisk::new(RealDisk, Plan::FailEvery { name: "remove", path: Some(copy.clone()), kind: ErrorKind::Other });
    let options = ReplaceOptions { recovery: Some(copy.clone()), ..ReplaceOptions::default() };
    replace(&disk, &path, b"A=2\n", &options).unwrap();
    assert_eq!(fs::metadata(&copy).unwrap().uid(), OWNER);
}

#[test]
fn a_file_that_cannot_be_given_away_is_written_all_the_same() {
    let Some(folder) = folder_of(OWNER) else { return };
    let at = |name: &str| folder.path().join(name);
    let refused = |name| Plan::FailEvery { name, path: None, kind: ErrorKind::PermissionDenied };
    let disk = FaultyDisk::new(FaultyDisk::new(RealDisk, refused("set_owner")), refused("set_folder_owner"));
    create_private_folder(&disk, &at(".everlit")).unwrap();
    Slot::reserve(&disk, &at("candidate"), 10).unwrap().fill(b"x").unwrap();
    assert!(matches!(try_lock(&disk, &at("lock"), "us"), Ok(Locking::Taken(_))));
    // An empty folder that root left so is given away by its next run.
    assert!(!create_private_folder(&RealDisk, &at(".everlit")).unwrap());
    assert_eq!(RealDisk.stat(&at(".everlit")).unwrap().uid, OWNER);
}

#[test]
fn a_private_file_gets_a_fresh_inode_and_its_own_mode() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("alerts.json");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
    let before = fs::metadata(&path).unwrap().ino();
    replace(&RealDisk, &path, b"new", &ReplaceOptions::private()).unwrap();
    let after = fs::metadata(&path).unwrap();
    assert_eq!((after.mode() & 0o7777, after.ino() == before), (0o600, false));
}

/// A folder of that user; `None` where the tests do not run as root, who alone can make one.
fn folder_of(uid: u32) -> Option<TempDir> {
    let folder = tempdir().unwrap();
    if chown(folder.path(), Some(uid), Some(uid)).is_err() {
        eprintln!("only root can show this");
        return None;
    }
    Some(folder)
}
