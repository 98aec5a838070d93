//! Access control lists: what is private there, and what stays as it was.

use std::fs;
use std::path::Path;
use std::process::Command;

use everlit_disk::{Disk, RealDisk, ReplaceOptions, create_private_folder, replace};
use tempfile::tempdir;

/// Everyone, whatever the language of the system.
const EVERYONE: &str = "S-1-1-0";

fn others(path: &Path) -> Vec<String> {
    RealDisk.access(path).unwrap().unwrap().others.into_keys().collect()
}

/// Lets everybody read a file, or what is created in a folder from now on.
fn open_to_everyone(path: &Path) {
    let rights = if path.is_dir() { "(OI)(CI)R" } else { "R" };
    // Wine has no such program, and opens what is created to everybody anyway; so the tests look at the result.
    let _ = Command::new("icacls").arg(path).args(["/grant", &format!("*{EVERYONE}:{rights}")]).output();
}

#[test]
fn a_new_file_is_private_whatever_its_folder_hands_down() {
    let folder = tempdir().unwrap();
    open_to_everyone(folder.path());
    let [ordinary, private, shared] = ["ordinary", "private", "shared"].map(|name| folder.path().join(name));

    fs::write(&ordinary, "A=1\n").unwrap();
    assert!(others(&ordinary).contains(&EVERYONE.to_owned()), "or this test shows nothing");
    replace(&RealDisk, &private, b"A=1\n", &ReplaceOptions::default()).unwrap();
    assert_eq!(others(&private), [""; 0]);
    let options = ReplaceOptions { mode_when_new: 0o644, ..ReplaceOptions::default() };
    replace(&RealDisk, &shared, b"A=1\n", &options).unwrap();
    assert_eq!(others(&shared), others(&ordinary));
}

#[test]
fn a_private_folder_is_private_whatever_it_inherits() {
    let folder = tempdir().unwrap();
    open_to_everyone(folder.path());
    let state = folder.path().join(".everlit");
    create_private_folder(&RealDisk, &state).unwrap();
    assert_eq!(others(&state), [""; 0]);
}

#[test]
fn what_is_in_a_private_folder_inherits_its_privacy() {
    let folder = tempdir().unwrap();
    let state = folder.path().join(".everlit");
    create_private_folder(&RealDisk, &state).unwrap();
    fs::write(state.join("note"), "").unwrap();
    assert_eq!(others(&state.join("note")), [""; 0]);
}

#[test]
fn an_access_control_list_is_kept() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    open_to_everyone(&path);
    let before = others(&path);
    assert!(before.contains(&EVERYONE.to_owned()), "or this test shows nothing");
    replace(&RealDisk, &path, b"A=2\n", &ReplaceOptions::default()).unwrap();
    assert_eq!(others(&path), before);
    assert_eq!(fs::read(&path).unwrap(), b"A=2\n");
}

#[test]
fn a_path_of_more_than_260_characters_is_no_obstacle() {
    let folder = tempdir().unwrap();
    let deep = (0..4).fold(folder.path().to_owned(), |folder, _| folder.join("x".repeat(80)));
    fs::create_dir_all(&deep).unwrap();
    let path = deep.join(".env");
    replace(&RealDisk, &path, b"A=1\n", &ReplaceOptions::default()).unwrap();
    replace(&RealDisk, &path, b"A=2\n", &ReplaceOptions::default()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"A=2\n");
}

#[test]
fn a_read_only_file_is_not_said_to_be_held_open() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    let read_only = |is: bool| {
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(is);
        fs::set_permissions(&path, permissions).unwrap();
    };
    read_only(true);
    let replaced = replace(&RealDisk, &path, b"A=2\n", &ReplaceOptions::default());
    read_only(false);
    // Wine replaces it.
    assert!(replaced.err().is_none_or(|error| !error.to_string().contains("another program")));
}
