//! What only the system itself can show: mounts, full disks, other users. A test starts itself again where needed.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use everlit_disk::{RealDisk, ReplaceError, ReplaceOptions, Replacement, replace, sweep};
use tempfile::tempdir;

use crate::children::{CHILD, child_folder};
use crate::in_place::with_recovery;

#[test]
fn a_file_mounted_into_a_container_is_written_in_place() {
    if let Some(folder) = child_folder() {
        let path = folder.join("project/.env.local");
        let refused = fs::rename(folder.join("project/spare"), &path).unwrap_err();
        assert_eq!(refused.raw_os_error(), Some(16), "EBUSY, or this test shows nothing");
        for content in ["A=a longer one\n", "A=2\n"] {
            let options = with_recovery(&folder.join("project"));
            assert!(Replacement::reserve(&RealDisk, &path, 99, &options).unwrap().is_in_place(), "known in advance");
            replace(&RealDisk, &path, content.as_bytes(), &with_recovery(&folder.join("project"))).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
            assert_eq!(fs::read_to_string(folder.join("outside")).unwrap(), content);
        }
        let error = replace(&RealDisk, &path, b"A=3\n", &ReplaceOptions::default()).unwrap_err();
        assert!(error.to_string().contains("no place was given"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "A=2\n");
        return;
    }
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("project")).unwrap();
    for name in ["outside", "project/.env.local", "project/spare"] {
        fs::write(folder.path().join(name), "A=1\n").unwrap();
    }
    let mount = r#"mount --bind "$CHILD/outside" "$CHILD/project/.env.local""#;
    if in_mount_namespace("system::a_file_mounted_into_a_container_is_written_in_place", folder.path(), mount) {
        let mut names: Vec<_> =
            fs::read_dir(folder.path().join("project")).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [".env.local", "spare"]);
    }
}

/// As `docker run -v ./.env:/app/.env:ro` does: the folder is writable, the file never is.
#[test]
fn a_file_mounted_read_only_is_refused_when_reserving() {
    if let Some(folder) = child_folder() {
        let path = folder.join(".env");
        let error = Replacement::reserve(&RealDisk, &path, 10, &with_recovery(&folder)).unwrap_err();
        assert!(error.to_string().contains("cannot write the file itself"), "{error}");
        assert!(error.is_read_only(), "{error:?}");
        return;
    }
    let folder = tempdir().unwrap();
    fs::write(folder.path().join(".env"), "A=1\n").unwrap();
    let mount = r#"mount --bind "$CHILD/.env" "$CHILD/.env" && mount -o remount,ro,bind "$CHILD/.env""#;
    let test = "system::a_file_mounted_read_only_is_refused_when_reserving";
    in_mount_namespace(test, folder.path(), mount);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_immutable_file_is_refused_when_reserving() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    let chattr = |flag| Command::new("chattr").arg(flag).arg(&path).status().is_ok_and(|status| status.success());
    if !chattr("+i") {
        eprintln!("only root can make a file immutable, and not on every file system");
        return;
    }
    let result = Replacement::reserve(&RealDisk, &path, 10, &with_recovery(folder.path())).map(drop);
    assert!(chattr("-i"));
    let error = result.unwrap_err().to_string();
    assert!(error.contains("immutable; cannot write the file itself: Operation not permitted"), "{error}");
}

#[test]
fn on_a_really_full_disk_the_reserved_space_is_there() {
    if let Some(folder) = child_folder() {
        for hard_link in [false, true] {
            let at = folder.join(format!("small/{hard_link}"));
            fs::create_dir(&at).unwrap();
            let path = at.join(".env");
            fs::write(&path, "A=1\n").unwrap();
            if hard_link {
                fs::hard_link(&path, at.join("other")).unwrap();
            }
            let content = "A=x\n".repeat(5000);

            let filler = fill(&at);
            let error = Replacement::reserve(&RealDisk, &path, content.len(), &with_recovery(&at)).unwrap_err();
            assert!(error.is_full(), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), "A=1\n");

            fs::remove_file(filler).unwrap();
            let reserved = Replacement::reserve(&RealDisk, &path, content.len(), &with_recovery(&at)).unwrap();
            assert_eq!(reserved.is_in_place(), hard_link);
            let filler = fill(&at);
            reserved.commit(content.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
            fs::remove_file(filler).unwrap();
            fs::remove_file(path).unwrap();
            fs::remove_file(at.join("other")).ok();
            fs::remove_dir(&at).expect("nothing is left in it");
        }
        return;
    }
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("small")).unwrap();
    let mount = r#"mount -t tmpfs -o size=128k none "$CHILD/small""#;
    in_mount_namespace("system::on_a_really_full_disk_the_reserved_space_is_there", folder.path(), mount);
}

#[test]
fn on_a_disk_mounted_read_only_the_error_says_so() {
    if let Some(folder) = child_folder() {
        for name in ["project/.env", "project/new"] {
            let error = replace(&RealDisk, &folder.join(name), b"A=2\n", &with_recovery(&folder)).unwrap_err();
            assert!(matches!(error, ReplaceError::NotWritable { .. }) && error.is_read_only(), "{error}");
        }
        return;
    }
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("project")).unwrap();
    fs::write(folder.path().join("project/.env"), "A=1\n").unwrap();
    let mount = r#"mount --bind "$CHILD/project" "$CHILD/project" && mount -o remount,ro,bind "$CHILD/project""#;
    in_mount_namespace("system::on_a_disk_mounted_read_only_the_error_says_so", folder.path(), mount);
    assert_eq!(fs::read(folder.path().join("project/.env")).unwrap(), b"A=1\n");
}

#[test]
fn in_a_folder_that_is_not_writable_a_file_is_written_in_place() {
    let Some(folder) = unprivileged("system::in_a_folder_that_is_not_writable_a_file_is_written_in_place", |_| {})
    else {
        return;
    };
    let (project, path) = (folder.join("project"), folder.join("project/.env"));
    fs::create_dir(&project).unwrap();
    fs::write(&path, "A=1\n").unwrap();
    fs::set_permissions(&project, Permissions::from_mode(0o500)).unwrap();

    replace(&RealDisk, &path, b"A=2\n", &with_recovery(&folder)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"A=2\n");
    let error = replace(&RealDisk, &path, b"A=3\n", &with_recovery(&project)).unwrap_err();
    assert!(error.to_string().contains("cannot create the recovery copy"), "{error}");
    let error = replace(&RealDisk, &project.join("new"), b"A=3\n", &with_recovery(&folder)).unwrap_err();
    assert!(matches!(error, ReplaceError::NotWritable { .. }), "{error}");

    fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    let error = replace(&RealDisk, &path, b"A=3\n", &with_recovery(&folder)).unwrap_err();
    assert!(error.to_string().contains("cannot write the file itself"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"A=2\n");
    fs::set_permissions(&project, Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_read_only_file_of_ours_is_replaced_and_stays_read_only() {
    let Some(folder) = unprivileged("system::a_read_only_file_of_ours_is_replaced_and_stays_read_only", |_| {}) else {
        return;
    };
    let path = folder.join(".env");
    fs::write(&path, "A=1\n").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    replace(&RealDisk, &path, b"A=2\n", &ReplaceOptions::default()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"A=2\n");
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o400);

    // A run killed after it has copied that mode leaves a file that its own user cannot write.
    let temp = folder.join(".env.everlit-1-1.local");
    fs::copy(&path, &temp).unwrap();
    assert_eq!(sweep(&RealDisk, &folder), Ok(1));
}

#[test]
fn an_unreadable_extended_attribute_is_not_quietly_lost() {
    use rustix::fs::{XattrFlags, setxattr};

    let test = "system::an_unreadable_extended_attribute_is_not_quietly_lost";
    let Some(folder) = unprivileged(test, |_| {}) else { return };
    let path = folder.join(".env");
    fs::write(&path, "A=1\n").unwrap();
    if let Err(error) = setxattr(&path, "user.comment", b"keep me", XattrFlags::empty()) {
        assert_eq!(error, rustix::io::Errno::NOTSUP, "only a file system without attributes excuses this test");
        return;
    }
    fs::set_permissions(&path, Permissions::from_mode(0o200)).unwrap();
    let error = Replacement::reserve(&RealDisk, &path, 10, &with_recovery(&folder)).unwrap_err();
    assert!(error.to_string().contains("cannot keep the extended attributes of it"), "{error}");
}

#[test]
fn a_file_of_another_user_keeps_its_owner() {
    // Root's file, which everybody may write, in a folder which everybody may write.
    let prepare = |folder: &Path| {
        fs::write(folder.join(".env"), "A=1\n").unwrap();
        fs::set_permissions(folder.join(".env"), Permissions::from_mode(0o666)).unwrap();
        fs::write(folder.join(".env.closed"), "A=1\n").unwrap();
        fs::set_permissions(folder.join(".env.closed"), Permissions::from_mode(0o644)).unwrap();
    };
    let Some(folder) = unprivileged("system::a_file_of_another_user_keeps_its_owner", prepare) else { return };
    let path = folder.join(".env");
    let before = fs::metadata(&path).unwrap();
    replace(&RealDisk, &path, b"A=2\n", &with_recovery(&folder)).unwrap();
    let after = fs::metadata(&path).unwrap();
    assert_eq!((after.uid(), after.gid(), after.mode()), (before.uid(), before.gid(), before.mode()));
    assert_eq!(fs::read(&path).unwrap(), b"A=2\n");

    fs::write(folder.join("ours"), "").unwrap();
    if fs::metadata(folder.join("ours")).unwrap().uid() == before.uid() {
        return; // only root can prepare another user's file
    }
    let error = replace(&RealDisk, &folder.join(".env.closed"), b"A=2\n", &with_recovery(&folder)).unwrap_err();
    assert!(error.to_string().contains("cannot keep the owner of it"), "{error}");
    assert_eq!(fs::read(folder.join(".env.closed")).unwrap(), b"A=1\n");
}

/// Takes all the space that is left.
fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("filler");
    let mut file = File::create(&path).unwrap();
    for size in [4096, 1] {
        while file.write_all(&vec![b'x'; size]).is_ok() {}
    }
    path
}

/// Runs the test again as a child that has mounts of its own, after the shell command `mount`.
///
/// Where a sandbox allows no mounts, it says so and answers false; the scenes of `faults` show the same there with
/// simulated errors.
fn in_mount_namespace(test: &str, folder: &Path, mount: &str) -> bool {
    // The second form is for those who are not root.
    let Some(flags) = ["-m", "-rm"].into_iter().find(|flags| {
        let probe = Command::new("unshare").args([flags, "mount", "-t", "tmpfs", "none", "/mnt"]).output();
        probe.is_ok_and(|output| output.status.success())
    }) else {
        eprintln!("{test}: no mounts are allowed here");
        return false;
    };
    let script = format!(r#"{mount} && exec "$0" --exact {test} --nocapture"#);
    let output = Command::new("unshare")
        .args([flags, "sh", "-c", &script.replace("$CHILD", &format!("${CHILD}"))])
        .arg(std::env::current_exe().unwrap())
        .env(CHILD, folder)
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && out.contains("1 passed"), "{out}{}", String::from_utf8_lossy(&output.stderr));
    true
}

/// A folder to work in without root's rights, whom permissions do not bind. The parent `prepare`s the folder, runs the
/// test again in it, as nobody if it is root itself, and gets `None`.
fn unprivileged(test: &str, prepare: impl Fn(&Path)) -> Option<PathBuf> {
    const NOBODY: u32 = 65534;
    if let Some(folder) = child_folder() {
        return Some(folder);
    }
    let folder = tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    // Nobody may be unable to reach the folder in which this program was built.
    let program = folder.path().join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let work = folder.path().join("work");
    fs::create_dir(&work).unwrap();
    fs::set_permissions(&work, Permissions::from_mode(0o777)).unwrap();
    prepare(&work);

    let mut command = Command::new(&program);
    command.args(["--exact", test, "--nocapture"]).env(CHILD, &work).current_dir("/");
    if fs::metadata(&work).unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && out.contains("1 passed"), "{out}{}", String::from_utf8_lossy(&output.stderr));
    None
}
