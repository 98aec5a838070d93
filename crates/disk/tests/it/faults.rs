//! Every step of a replacement, failed or killed, in every way a file is replaced.
//!
//! The steps are not listed here: each scene is run once whole, and its recorded steps are then struck one by one.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use everlit_disk::faults::{FaultyDisk, Plan, Step};
use everlit_disk::{
    Disk, Kind, RealDisk, Recovered, ReplaceError, ReplaceOptions, Replacement, recover, replace, sweep,
};
use tempfile::TempDir;

/// ENOSPC, EDQUOT, EROFS, EBUSY, EACCES and EPERM, EXDEV, EINTR, and EIO, whose kind has no name in std.
fn kinds() -> Vec<ErrorKind> {
    #[cfg(unix)]
    let input_output = std::io::Error::from_raw_os_error(5).kind();
    #[cfg(not(unix))]
    let input_output = ErrorKind::Other;
    vec![
        ErrorKind::StorageFull,
        ErrorKind::QuotaExceeded,
        ErrorKind::ReadOnlyFilesystem,
        ErrorKind::ResourceBusy,
        ErrorKind::PermissionDenied,
        ErrorKind::CrossesDevices,
        ErrorKind::Interrupted,
        input_output,
    ]
}

#[test]
fn killed_at_any_step_the_file_is_wholly_old_or_new() {
    for_every_scene(|scene, contents| {
        let steps = scene.site(contents).run_whole();
        for step in 0..steps.len() {
            for torn in [false, true] {
                let site = scene.site(contents);
                let disk = FaultyDisk::new(site.disk(), Plan::DieAt { step, torn });
                let result = site.replace(&disk);
                assert!(disk.is_dead());
                site.check(&result, disk.is_dead(), &format!("killed at {step} of {steps:?}, torn: {torn}"));
            }
        }
    });
}

#[test]
fn after_an_error_at_any_step_the_file_is_wholly_old_or_new() {
    for_every_scene(|scene, contents| {
        let steps = scene.site(contents).run_whole();
        for step in 0..steps.len() {
            for kind in kinds() {
                let site = scene.site(contents);
                let disk = FaultyDisk::new(site.disk(), Plan::FailOnce { step, kind });
                let result = site.replace(&disk);
                if kind == ErrorKind::Interrupted {
                    assert_eq!(result, Ok(()), "a signal is no reason to fail: step {step} of {steps:?}");
                }
                site.check(&result, false, &format!("{kind:?} at {step} of {steps:?}"));
            }
        }
    });
}

#[test]
fn after_a_persistent_error_the_file_is_wholly_old_or_new() {
    for_every_scene(|scene, contents| {
        let mut names: Vec<&str> = scene.site(contents).run_whole().iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            for kind in kinds() {
                let site = scene.site(contents);
                let disk = FaultyDisk::new(site.disk(), Plan::FailEvery { name, path: None, kind });
                let result = site.replace(&disk);
                site.check(&result, false, &format!("{kind:?} at every {name}"));
            }
        }
    });
}

#[test]
fn killed_while_handling_an_error_the_file_is_old_or_new() {
    let input_output = *kinds().last().unwrap();
    for_every_scene(|scene, contents| {
        let steps = scene.site(contents).run_whole().len();
        for failing in 0..steps {
            for kind in [input_output, ErrorKind::PermissionDenied] {
                let plan = Plan::FailOnce { step: failing, kind };
                let site = scene.site(contents);
                let disk = FaultyDisk::new(FaultyDisk::new(site.disk(), plan.clone()), Plan::Nothing);
                let _ = site.replace(&disk);
                for step in failing + 1..disk.steps().len() {
                    let site = scene.site(contents);
                    let failing_disk = FaultyDisk::new(site.disk(), plan.clone());
                    let disk = FaultyDisk::new(failing_disk, Plan::DieAt { step, torn: true });
                    let result = site.replace(&disk);
                    site.check(&result, disk.is_dead(), &format!("{kind:?} at {failing}, killed at {step}"));
                }
            }
        }
    });
}

#[test]
fn an_interrupted_recovery_is_finished_by_the_next() {
    for_every_scene(|scene, contents| {
        let steps = scene.site(contents).run_whole().len();
        let crash = |step| {
            let site = scene.site(contents);
            let _ = site.replace(&FaultyDisk::new(site.disk(), Plan::DieAt { step, torn: true }));
            site
        };
        for crashed_at in 0..steps {
            let recovery = FaultyDisk::new(RealDisk, Plan::Nothing);
            crash(crashed_at).recover(&recovery).unwrap();
            for step in 0..recovery.steps().len() {
                let killed = [false, true].map(|torn| Plan::DieAt { step, torn });
                let failed = kinds().into_iter().map(|kind| Plan::FailOnce { step, kind });
                for plan in killed.into_iter().chain(failed) {
                    let site = crash(crashed_at);
                    let _ = site.recover(&FaultyDisk::new(RealDisk, plan.clone()));
                    site.check(&Err(site.any_error()), true, &format!("crashed at {crashed_at}, then {plan:?}"));
                }
            }
        }
    });
}

/// P2: before Meta is asked for a token, there is room for it. Held on every size of disk.
#[test]
fn p2_reserved_content_fits_however_full_the_disk_is() {
    for_every_scene(|scene, contents| {
        let enough = contents.old.map_or(0, <[u8]>::len) * 2 + contents.new.len() * 3 + 1;
        let mut reserved_at = None;
        for bytes in 0..=enough {
            let site = scene.site(contents);
            let disk = FaultyDisk::new(site.disk(), Plan::Budget(bytes as u64));
            let result = match Replacement::reserve(&disk, &site.path, contents.new.len(), &site.options()) {
                Ok(reserved) => {
                    reserved_at = reserved_at.or(Some(bytes));
                    let result = reserved.commit(contents.new);
                    // That the rename will be refused is not always known in time; then the copy of the old content
                    // may want more than was held for the new.
                    let copy_fits = scene != Scene::Mounted || bytes >= contents.old.map_or(0, <[u8]>::len);
                    assert!(result.is_ok() || !copy_fits, "{scene:?}, {bytes} bytes: {result:?}");
                    result
                }
                Err(error) => {
                    assert!(error.is_full(), "{error}");
                    assert_eq!(reserved_at, None, "more room, yet refused");
                    Err(error)
                }
            };
            site.check(&result, false, &format!("{bytes} bytes left"));
        }
        assert!(reserved_at.is_some());
    });
}

#[test]
fn an_interrupted_sweep_is_finished_by_the_next() {
    let scene = Scene::Plain;
    let contents = Contents { old: Some(b"A=1\n"), new: b"A=2\n" };
    let crash = || {
        let site = scene.site(&contents);
        let _ = site.replace(&FaultyDisk::new(site.disk(), Plan::DieAt { step: 6, torn: false }));
        assert_eq!(site.leftovers().len(), 1);
        site
    };
    let whole = FaultyDisk::new(RealDisk, Plan::Nothing);
    assert_eq!(crash().sweep(&whole), Ok(1));
    for step in 0..whole.steps().len() {
        for plan in [Plan::DieAt { step, torn: false }, Plan::FailOnce { step, kind: ErrorKind::PermissionDenied }] {
            let site = crash();
            let _ = site.sweep(&FaultyDisk::new(RealDisk, plan));
            assert_eq!(fs::read(&site.path).unwrap(), b"A=1\n");
            site.sweep(&RealDisk).unwrap();
            assert_eq!(site.leftovers(), [""; 0]);
        }
        let site = crash();
        let interrupted = FaultyDisk::new(RealDisk, Plan::FailOnce { step, kind: ErrorKind::Interrupted });
        assert_eq!(site.sweep(&interrupted), Ok(1));
    }
}

/// What a power cut needs: content before its name, the copy before the write that it insures.
#[test]
fn each_thing_is_durable_before_what_relies_on_it() {
    for_every_scene(|scene, contents| {
        let site = scene.site(contents);
        let steps = site.run_whole();
        let nth = |what: &str, position: Option<usize>| position.unwrap_or_else(|| panic!("no {what} in {steps:?}"));
        let find = |name, path: &Path| steps.iter().position(|step| step.name == name && step.path == path);
        let last = |name, path: &Path| steps.iter().rposition(|step| step.name == name && step.path == path);
        let rename = steps.iter().rposition(|step| step.name == "rename").unwrap();
        let final_name = &steps[rename].path;
        let folder = final_name.parent().unwrap();
        // The temporary file that was synced last before the rename is the one that was renamed.
        let synced = steps[..rename].iter().rposition(|step| step.name == "sync").unwrap();
        let temp = &steps[synced].path;
        assert!(last("write_at", temp).unwrap() < synced && last("set_len", temp).unwrap() < synced, "{steps:?}");
        let folder_synced = rename + nth("folder sync", steps[rename..].iter().position(|s| s.name == "sync_folder"));
        assert_eq!(steps[folder_synced].path, folder);
        if *final_name == site.recovery {
            let real = &site.real;
            let order = [
                folder_synced,
                nth("write", find("write_at", real)),
                nth("set_len", last("set_len", real)),
                nth("sync", last("sync", real)),
                nth("reading back", last("read", real)),
                nth("removal", last("remove", &site.recovery)),
            ];
            assert!(order.is_sorted(), "{scene:?}: {order:?} of {steps:?}");
        } else {
            assert_eq!(*final_name, site.real);
        }
    });
}

#[test]
fn reserved_space_is_made_durable_before_it_is_counted_on() {
    for_every_scene(|scene, contents| {
        let site = scene.site(contents);
        let disk = FaultyDisk::new(site.disk(), Plan::Nothing);
        let reserved = Replacement::reserve(&disk, &site.path, contents.new.len(), &site.options()).unwrap();
        let steps = disk.steps();
        let last_write = steps.iter().rposition(|step| step.name == "write_at").unwrap();
        assert_eq!(steps[last_write + 1], Step { name: "sync", ..steps[last_write].clone() }, "{scene:?}");
        drop(reserved);
        site.check(&Err(site.any_error()), false, "given up");
    });
}

#[test]
fn a_refused_new_name_gives_the_reason_of_the_rename() {
    let site = Scene::NoFileYet.site(&Contents { old: None, new: b"A=1\n" });
    for kind in kinds().into_iter().filter(|kind| *kind != ErrorKind::Interrupted) {
        let disk = FaultyDisk::new(RealDisk, refused("rename", &site.path, kind));
        match site.replace(&disk) {
            Err(ReplaceError::Failed { step: "replace", kind: found, .. }) => assert_eq!(found, kind),
            other => panic!("{other:?}"),
        }
    }
}

/// One way in which a file is replaced.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Scene {
    AttributesNotToBeCopied,
    FolderNotWritable,
    #[cfg(unix)]
    HardLink,
    /// As a single file mounted into a container: the rename answers `EBUSY`.
    Mounted,
    NoFileYet,
    Plain,
    #[cfg(unix)]
    Symlink,
}

const SCENES: &[Scene] = &[
    Scene::AttributesNotToBeCopied,
    Scene::FolderNotWritable,
    #[cfg(unix)]
    Scene::HardLink,
    Scene::Mounted,
    Scene::NoFileYet,
    Scene::Plain,
    #[cfg(unix)]
    Scene::Symlink,
];

#[derive(Clone, Copy)]
struct Contents {
    old: Option<&'static [u8]>,
    new: &'static [u8],
}

fn for_every_scene(check: impl Fn(Scene, &Contents)) {
    let (short, long): (&[u8], &[u8]) = (b"A=1\nTOKEN=old\nB=2\n", b"A=1\nTOKEN=a much longer one\nB=2\n");
    let changes = [(short, long), (long, short), (short, &b"A=1\nTOKEN=new\nB=2\n"[..]), (&b""[..], short)];
    for &scene in SCENES {
        for (old, new) in changes {
            check(scene, &Contents { old: (scene != Scene::NoFileYet).then_some(old), new });
        }
    }
}

impl Scene {
    fn site(self, contents: &Contents) -> Site {
        // In memory where there is such a folder: thousands of runs, each of which syncs.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
        let at = fs::canonicalize(folder.path()).unwrap();
        for sub in ["project", "state", "common"] {
            fs::create_dir(at.join(sub)).unwrap();
        }
        let mut site = Site {
            scene: self,
            path: at.join("project/.env.local"),
            real: at.join("project/.env.local"),
            recovery: at.join("state/.env.recovery.local"),
            folder,
            contents: *contents,
            refused: Plan::Nothing,
        };
        match self {
            Self::NoFileYet | Self::Plain => {}
            #[cfg(unix)]
            Self::HardLink => {
                fs::write(&site.path, "").unwrap();
                fs::hard_link(&site.path, at.join("common/other")).unwrap();
            }
            #[cfg(unix)]
            Self::Symlink => {
                std::os::unix::fs::symlink("../common/env", &site.path).unwrap();
                site.real = at.join("common/env");
            }
            Self::AttributesNotToBeCopied => {
                site.refused = refused("copy_extended_attributes", &at.join("project"), ErrorKind::PermissionDenied);
            }
            Self::FolderNotWritable => {
                site.refused = refused("create_private", &at.join("project"), ErrorKind::PermissionDenied);
            }
            Self::Mounted => site.refused = refused("rename", &site.path, ErrorKind::ResourceBusy),
        }
        if let Some(old) = contents.old {
            fs::write(&site.path, old).unwrap();
            set_mode(&site.path);
        }
        site
    }
}

fn refused(name: &'static str, path: &Path, kind: ErrorKind) -> Plan {
    Plan::FailEvery { name, path: Some(path.to_owned()), kind }
}

#[cfg(unix)]
fn set_mode(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o640)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path) {}

/// A scene on the disk.
struct Site {
    scene: Scene,
    folder: TempDir,
    path: PathBuf,
    /// The file itself, where `path` is a link.
    real: PathBuf,
    recovery: PathBuf,
    contents: Contents,
    refused: Plan,
}

impl Site {
    /// The disk as the scene has it, before any fault.
    fn disk(&self) -> FaultyDisk {
        FaultyDisk::new(RealDisk, self.refused.clone())
    }

    fn options(&self) -> ReplaceOptions {
        ReplaceOptions { recovery: Some(self.recovery.clone()), ..ReplaceOptions::default() }
    }

    fn replace(&self, disk: &dyn Disk) -> Result<(), ReplaceError> {
        replace(disk, &self.path, self.contents.new, &self.options())
    }

    fn recover(&self, disk: &dyn Disk) -> Result<Recovered, ReplaceError> {
        recover(disk, &self.path, &self.recovery, self.contents.new)
    }

    /// The steps of a run in which nothing goes wrong that is not the scene's own.
    fn run_whole(&self) -> Vec<Step> {
        let disk = FaultyDisk::new(self.disk(), Plan::Nothing);
        assert_eq!(self.replace(&disk), Ok(()), "{:?}", self.scene);
        self.check(&Ok(()), false, "whole run");
        disk.steps()
    }

    /// The heart of it: what is on the disk after `result`.
    fn check(&self, result: &Result<(), ReplaceError>, died: bool, what: &str) {
        let what = format!("{:?}: {what}: {result:?}", self.scene);
        let (old, new) = (self.contents.old, Some(self.contents.new));

        // As it was left.
        let left = self.content();
        let whole = left.as_deref() == old || left.as_deref() == new;
        if self.recovery.exists() {
            assert_eq!(fs::read(&self.recovery).ok().as_deref(), old, "{what}");
        } else {
            assert!(whole, "{what}: left {left:?}");
        }
        match result {
            Ok(()) | Err(ReplaceError::NotDurable { .. }) => assert_eq!(left.as_deref(), new, "{what}"),
            Err(ReplaceError::HalfWritten { recovery, .. }) => assert!(recovery.exists(), "{what}"),
            Err(_) if died => {}
            Err(_) => assert_eq!(left.as_deref(), old, "{what}"),
        }

        // As the next run sets it right.
        let recovered = self.recover(&RealDisk).unwrap();
        assert!(!matches!(recovered, Recovered::Edited { .. }), "{what}");
        let now = self.content();
        assert!(now.as_deref() == old || now.as_deref() == new, "{what}: recovered {now:?}");
        if whole {
            assert_eq!(now, left, "{what}");
        }
        self.sweep(&RealDisk).unwrap();
        assert_eq!(self.leftovers(), [""; 0], "{what}");
        self.check_attributes(now.is_some(), &what);

        // And works again.
        assert_eq!(self.replace(&self.disk()), Ok(()), "{what}");
        assert_eq!(self.content().as_deref(), new, "{what}");
        self.check_attributes(true, &what);
    }

    fn check_attributes(&self, exists: bool, what: &str) {
        let other = self.folder.path().join("common/other");
        if other.exists() {
            assert_eq!(fs::read(other).unwrap(), fs::read(&self.path).unwrap(), "{what}");
        }
        if self.path != self.real {
            assert_eq!(RealDisk.lstat(&self.path).unwrap().kind, Kind::Symlink, "{what}");
        }
        #[cfg(unix)]
        if exists {
            let mode = if self.contents.old.is_some() { 0o640 } else { 0o600 };
            assert_eq!(RealDisk.stat(&self.path).unwrap().mode, mode, "{what}");
        }
        #[cfg(not(unix))]
        let _ = exists;
    }

    fn content(&self) -> Option<Vec<u8>> {
        fs::read(&self.path).ok()
    }

    /// Every file that is not the scene's own.
    /// Sweeps the folder of the file itself, then that of the recovery copy.
    fn sweep(&self, disk: &dyn Disk) -> Result<usize, ReplaceError> {
        let folders = [&self.real, &self.recovery].map(|file| file.parent().unwrap());
        folders.into_iter().try_fold(0, |removed, folder| Ok(removed + sweep(disk, folder)?))
    }

    fn leftovers(&self) -> Vec<String> {
        let mut names = Vec::new();
        for sub in ["project", "state", "common"] {
            for name in RealDisk.list(&self.folder.path().join(sub)).unwrap() {
                let name = name.into_string().unwrap();
                if ![".env.local", "env", "other"].contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// For a run that was killed, of which nobody saw the result.
    fn any_error(&self) -> ReplaceError {
        ReplaceError::Dangling { path: self.path.clone() }
    }
}
