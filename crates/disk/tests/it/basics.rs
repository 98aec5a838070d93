//! One file, one replacement; and the small steps of the disk itself.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use everlit_disk::{
    Disk, Kind, RealDisk, ReplaceError, ReplaceOptions, Replacement, create_folder, create_private_folder, replace,
    sweep,
};
use tempfile::tempdir;

#[test]
fn a_file_gets_its_new_content_and_nothing_is_left_beside_it() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env.local");
    for content in [&b"A=1\n"[..], b"A=a longer one\n", b"", b"A=\xff\0\n"] {
        replace(&RealDisk, &path, content, &ReplaceOptions::default()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), content);
        assert_eq!(names(folder.path()), [".env.local"]);
    }
}

#[test]
fn more_content_than_was_reserved_is_written_too() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    let reserved = Replacement::reserve(&RealDisk, &path, 3, &ReplaceOptions::default()).unwrap();
    reserved.commit(b"A=more than three bytes\n").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"A=more than three bytes\n");
}

#[test]
fn a_reservation_that_is_given_up_leaves_the_file_as_it_was() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    let reserved = Replacement::reserve(&RealDisk, &path, 100, &ReplaceOptions::default()).unwrap();
    assert_eq!(names(folder.path()).len(), 2, "the space is held in a file of its own");
    assert_eq!(fs::read(&path).unwrap(), b"A=1\n");
    drop(reserved);
    assert_eq!(names(folder.path()), [".env"]);
    assert_eq!(fs::read(&path).unwrap(), b"A=1\n");
}

#[test]
fn a_name_without_a_folder_is_one_in_the_current_folder() {
    // The package's own folder, where cargo starts tests; the reservation is given up, so nothing stays.
    let reserved = Replacement::reserve(&RealDisk, Path::new("Cargo.toml"), 10, &ReplaceOptions::default()).unwrap();
    assert!(!reserved.is_in_place());
}

#[test]
fn the_error_names_a_missing_folder_or_one_in_the_way() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("missing/.env");
    let error = replace(&RealDisk, &path, b"A=1\n", &ReplaceOptions::default()).unwrap_err();
    assert_eq!((error.path(), error.kind()), (path.as_path(), Some(ErrorKind::NotFound)));
    assert!(error.to_string().starts_with("cannot create a file beside `"), "{error}");

    let error = replace(&RealDisk, folder.path(), b"A=1\n", &ReplaceOptions::default()).unwrap_err();
    assert_eq!(error, ReplaceError::NotAFile { path: folder.path().to_owned(), found: Kind::Folder });
}

#[test]
fn a_sweep_takes_what_killed_runs_left_and_nothing_else() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env.local");
    let kept = [".env.local", ".env.everlit.local", ".env.local.bak"];
    for name in kept.iter().chain(&[".env.local.everlit-1-0.local", ".env.everlit-99-12.local"]) {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    let running = Replacement::reserve(&RealDisk, &path, 10, &ReplaceOptions::default()).unwrap();

    assert_eq!(sweep(&RealDisk, folder.path()), Ok(2));
    running.commit(b"A=1\n").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"A=1\n", "the run that was under way is not disturbed");
    let mut kept = kept.map(String::from);
    kept.sort();
    assert_eq!(names(folder.path()), kept);
    assert_eq!(sweep(&RealDisk, folder.path()), Ok(0));
    assert_eq!(sweep(&RealDisk, &folder.path().join("missing")), Ok(0));
}

#[test]
fn a_name_that_a_killed_run_left_does_not_stop_the_next_run() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    for n in 0..200 {
        fs::write(folder.path().join(format!(".env.everlit-{}-{n}.local", std::process::id())), "").unwrap();
    }
    replace(&RealDisk, &path, b"A=1\n", &ReplaceOptions::default()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"A=1\n");
}

#[test]
fn reading_stops_at_the_limit() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, [7; 10]).unwrap();
    assert_eq!(RealDisk.read(&path, 10).unwrap(), [7; 10]);
    assert_eq!(RealDisk.read(&path, 9).unwrap_err().kind(), ErrorKind::FileTooLarge);
    assert_eq!(RealDisk.read(folder.path(), 9).unwrap_err().kind(), ErrorKind::IsADirectory);
    assert_eq!(RealDisk.read(&folder.path().join("none"), 9).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn touching_a_file_makes_it_new_and_keeps_its_content() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("restart.txt");
    fs::write(&path, "x").unwrap();
    File::options().write(true).open(&path).unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(1000)).unwrap();
    assert_eq!(RealDisk.stat(&path).unwrap().modified_unix, 1000);
    RealDisk.touch(&path).unwrap();
    assert!(RealDisk.stat(&path).unwrap().modified_unix > 1_700_000_000);
    assert_eq!(fs::read(&path).unwrap(), b"x");
    assert_eq!(RealDisk.touch(&folder.path().join("none")).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn folders_are_created_with_those_above_and_listed_in_order() {
    let folder = tempdir().unwrap();
    for _ in 0..2 {
        create_folder(&RealDisk, &folder.path().join("b/c")).unwrap();
        create_private_folder(&RealDisk, &folder.path().join("a")).unwrap();
    }
    assert_eq!(RealDisk.list(folder.path()).unwrap(), ["a", "b"]);
    assert_eq!(RealDisk.lstat(&folder.path().join("b/c")).unwrap().kind, Kind::Folder);
    #[cfg(unix)]
    assert_eq!(RealDisk.stat(&folder.path().join("a")).unwrap().mode, 0o700);
}

fn names(folder: &Path) -> Vec<String> {
    RealDisk.list(folder).unwrap().into_iter().map(|name| name.into_string().unwrap()).collect()
}
