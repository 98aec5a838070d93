//! Everything but the content stays as it was; what is not a file is refused.

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::process::Command;

use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_disk::{Disk, Kind, RealDisk, ReplaceError, ReplaceOptions, Replacement, replace, try_lock};
use tempfile::tempdir;

use crate::in_place::with_recovery;

#[test]
fn a_symbolic_link_stays_and_the_file_behind_it_changes() {
    let folder = tempdir().unwrap();
    let real = folder.path().join("shared/env");
    fs::create_dir_all(folder.path().join("shared")).unwrap();
    fs::create_dir_all(folder.path().join("links")).unwrap();
    fs::write(&real, "A=1\n").unwrap();
    let absolute = folder.path().join(".env.absolute");
    let relative = folder.path().join(".env.relative");
    let chain = folder.path().join("links/.env.chain");
    symlink(&real, &absolute).unwrap();
    symlink("shared/env", &relative).unwrap();
    symlink("../.env.relative", &chain).unwrap();

    for (n, link) in [&absolute, &relative, &chain].into_iter().enumerate() {
        let before = fs::read_link(link).unwrap();
        let content = format!("A={n}{n}\n");
        replace(&RealDisk, link, content.as_bytes(), &ReplaceOptions::default()).unwrap();
        assert_eq!(fs::read_link(link).unwrap(), before);
        assert!(fs::symlink_metadata(&real).unwrap().is_file());
        assert_eq!(fs::read_to_string(&real).unwrap(), content);
    }
}

#[test]
fn a_symbolic_link_to_nothing_or_to_itself_is_refused() {
    let folder = tempdir().unwrap();
    let dangling = folder.path().join(".env");
    symlink("gone", &dangling).unwrap();
    let error = replace(&RealDisk, &dangling, b"A=1\n", &ReplaceOptions::default()).unwrap_err();
    assert_eq!(error, ReplaceError::Dangling { path: dangling });
    assert!(error.to_string().ends_with("is a symbolic link to a file that does not exist"));
    assert!(!folder.path().join("gone").exists());

    let looped = folder.path().join(".env.loop");
    symlink(".env.loop", &looped).unwrap();
    let error = replace(&RealDisk, &looped, b"A=1\n", &ReplaceOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("cannot follow the symbolic link `"), "{error}");
    assert_eq!(RealDisk.list(folder.path()).unwrap().len(), 2, "nothing was created");
}

#[test]
fn the_mode_stays_whatever_it_is() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    for mode in [0o640, 0o644, 0o600, 0o400, 0o777, 0o660, 0o2640] {
        fs::remove_file(&path).ok();
        fs::write(&path, "A=1\n").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        replace(&RealDisk, &path, b"A=2\n", &ReplaceOptions::default()).unwrap();
        assert_eq!(RealDisk.stat(&path).unwrap().mode, mode, "{mode:o}");
        assert_eq!(fs::read(&path).unwrap(), b"A=2\n");
    }
}

#[test]
fn a_new_file_is_private_unless_asked_otherwise() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("a");
    replace(&RealDisk, &path, b"A=1\n", &ReplaceOptions::default()).unwrap();
    assert_eq!(RealDisk.stat(&path).unwrap().mode, 0o600);

    let path = folder.path().join("b");
    let options = ReplaceOptions { mode_when_new: 0o664, ..ReplaceOptions::default() };
    replace(&RealDisk, &path, b"A=1\n", &options).unwrap();
    assert_eq!(RealDisk.stat(&path).unwrap().mode, 0o664);
}

#[test]
fn space_reserved_for_a_private_file_is_private_too() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let _reserved = Replacement::reserve(&RealDisk, &path, 10, &ReplaceOptions::default()).unwrap();
    for name in RealDisk.list(folder.path()).unwrap() {
        assert_eq!(RealDisk.stat(&folder.path().join(name)).unwrap().mode, 0o600);
    }
}

#[test]
fn the_owner_stays() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    // Only root can give files away; whoever else runs this keeps a file of their own.
    let _ = std::os::unix::fs::chown(&path, Some(1234), Some(1235));
    let before = RealDisk.stat(&path).unwrap();
    replace(&RealDisk, &path, b"A=2\n", &ReplaceOptions::default()).unwrap();
    let after = RealDisk.stat(&path).unwrap();
    assert_eq!((after.uid, after.gid, after.mode), (before.uid, before.gid, before.mode));
    assert_eq!(fs::read(&path).unwrap(), b"A=2\n");
}

#[test]
fn attributes_that_cannot_be_copied_force_a_write_in_place() {
    // A user that the container does not know is refused with EINVAL.
    let cases = [("copy_extended_attributes", ErrorKind::PermissionDenied), ("set_mode", ErrorKind::InvalidInput)];
    for (failing, kind) in cases {
        let folder = tempdir().unwrap();
        let path = folder.path().join(".env");
        fs::write(&path, "A=1\n").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let inode = fs::metadata(&path).unwrap().ino();
        let plan = Plan::FailEvery { name: failing, path: None, kind };
        let disk = FaultyDisk::new(RealDisk, plan);

        let error = replace(&disk, &path, b"A=2\n", &ReplaceOptions::default()).unwrap_err();
        assert!(matches!(error, ReplaceError::NotWritable { .. }), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"A=1\n");

        replace(&disk, &path, b"A=2\n", &with_recovery(folder.path())).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"A=2\n");
        assert_eq!(fs::metadata(&path).unwrap().ino(), inode);
        assert_eq!(RealDisk.list(folder.path()).unwrap(), [".env"]);
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn extended_attributes_stay() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};

    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    if let Err(error) = setxattr(&path, "user.comment", b"keep me", XattrFlags::empty()) {
        assert_eq!(error, rustix::io::Errno::NOTSUP, "only a file system without attributes excuses this test");
        return;
    }
    setxattr(&path, "user.empty", b"", XattrFlags::empty()).unwrap();
    setxattr(&path, "user.long", &[b'x'; 2000], XattrFlags::empty()).unwrap();
    replace(&RealDisk, &path, b"A=2\n", &ReplaceOptions::default()).unwrap();

    assert_eq!(fs::read(&path).unwrap(), b"A=2\n");
    let mut value = [0; 3000];
    for (name, expected) in [("user.comment", &b"keep me"[..]), ("user.empty", b""), ("user.long", &[b'x'; 2000])] {
        let len = getxattr(&path, name, &mut value[..]).unwrap();
        assert_eq!(&value[..len], expected, "{name}");
    }
}

/// A list that lets user 1234 read: version 2, then tag, permissions and id of each entry, little-endian.
#[cfg(target_os = "linux")]
#[test]
fn an_access_control_list_stays() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};

    let entries: [(u16, u16, u32); 5] =
        [(0x01, 6, u32::MAX), (0x02, 4, 1234), (0x04, 0, u32::MAX), (0x10, 4, u32::MAX), (0x20, 0, u32::MAX)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in entries {
        list.extend(tag.to_le_bytes());
        list.extend(permissions.to_le_bytes());
        list.extend(id.to_le_bytes());
    }

    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::write(&path, "A=1\n").unwrap();
    if let Err(error) = setxattr(&path, "system.posix_acl_access", &list, XattrFlags::empty()) {
        assert_eq!(error, rustix::io::Errno::NOTSUP, "only a file system without such lists excuses this test");
        return;
    }
    let before = RealDisk.stat(&path).unwrap().mode;
    replace(&RealDisk, &path, b"A=2\n", &ReplaceOptions::default()).unwrap();
    let mut value = [0; 100];
    let len = getxattr(&path, "system.posix_acl_access", &mut value[..]).unwrap();
    assert_eq!(&value[..len], list);
    assert_eq!(RealDisk.stat(&path).unwrap().mode, before);
}

#[test]
fn a_huge_file_is_not_taken_into_memory_to_be_written_in_place() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(".env");
    fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    fs::hard_link(&path, folder.path().join("other")).unwrap();
    let error = replace(&RealDisk, &path, b"A=2\n", &with_recovery(folder.path())).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}

/// Each of these would wait for ever, or do something, if it were opened as a file is.
#[test]
fn what_is_not_a_file_is_refused_at_once() {
    let folder = tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let socket = folder.path().join("socket");
    let _listener = UnixListener::bind(&socket).unwrap();
    let linked = folder.path().join("linked");
    symlink("fifo", &linked).unwrap();

    let device = PathBuf::from("/dev/zero");
    for (path, found) in [(&fifo, Kind::Fifo), (&socket, Kind::Other), (&linked, Kind::Fifo), (&device, Kind::Device)] {
        match replace(&RealDisk, path, b"A=1\n", &ReplaceOptions::default()) {
            Err(ReplaceError::NotAFile { found: kind, .. }) => assert_eq!(kind, found),
            other => panic!("{}: {other:?}", path.display()),
        }
        assert_eq!(RealDisk.read(path, 10).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(RealDisk.open_for_update(path).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(RealDisk.touch(path).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert_eq!(RealDisk.list(folder.path()).unwrap(), ["fifo", "linked", "socket"]);
    assert!(try_lock(&RealDisk, &fifo, "").is_err());
}
