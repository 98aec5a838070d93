//! One's own disk: read-only, full, mounted into a container, or somebody else's.
//!
//! Mounts need a namespace of their own; where a sandbox allows none, the test says so and shows nothing.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::process::Command;

use crate::support::{Meta, Project, Run};
use crate::{ENV, due};

/// Runs `everlit refresh` where the shell command `mount` has been at work on the project folder, `$P`; what follows
/// the program runs after it, in the same place.
fn mounted(project: &Project, meta: &Meta, mount: &str, run: &str) -> Option<Run> {
    mounted_for(project, meta, mount, run, &["refresh"])
}

fn mounted_for(project: &Project, meta: &Meta, mount: &str, run: &str, arguments: &[&str]) -> Option<Run> {
    let flags = ["-m", "-rm"].into_iter().find(|flags| {
        let probe = Command::new("unshare").args([flags, "mount", "-t", "tmpfs", "none", "/mnt"]).output();
        probe.is_ok_and(|output| output.status.success())
    });
    let Some(flags) = flags else {
        eprintln!("no mounts are allowed here");
        return None;
    };
    let script = format!("set -e\n{mount}\ncd \"$P\"\n{run}");
    let call = project.everlit_under(&["unshare", flags, "sh", "-c", &script], arguments);
    Some(call.env("P", project.path()).asking(meta).run())
}

const REFRESH: &str = r#"exec "$0" "$@""#;

/// Nothing asked, nothing changed, and the way out is named.
fn refused_before_asking(project: &Project, meta: &Meta, before: &str, run: Run) -> Run {
    let run = run
        .ended(5)
        .says("not saved")
        .says("Meta was not asked, so nothing is lost")
        .says("Next: everlit refresh\n")
        .says("once the place is writable");
    assert_eq!(meta.refreshes(), 0);
    assert_eq!(project.read(ENV), before);
    run
}

#[test]
fn on_a_read_only_disk_meta_is_not_asked() {
    let mounts = [
        r#"mount --bind "$P" "$P" && mount -o remount,ro,bind "$P""#,
        r#"mount --bind "$P/.env.local" "$P/.env.local" && mount -o remount,ro,bind "$P/.env.local""#,
    ];
    for mount in mounts {
        let meta = Meta::friendly();
        let project = due(&meta);
        let before = project.read(ENV);
        let Some(run) = mounted(&project, &meta, mount, REFRESH) else { return };
        refused_before_asking(&project, &meta, &before, run).says("Read-only file system");
        // Once it is writable again, all is well.
        project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
    }
}

#[test]
fn a_read_only_project_is_healthy_if_nothing_is_due() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(3);
    let project = Project::holding(&token).with_metadata(&token, 3);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let mount = r#"mount --bind "$P" "$P" && mount -o remount,ro,bind "$P""#;
    let Some(run) = mounted(&project, &meta, mount, REFRESH) else { return };
    run.ended(0).says("healthy");
}

#[test]
fn an_env_file_mounted_alone_is_written_in_place() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let (before, old) = (project.read(ENV), meta.newest());
    let mount = r#"cp "$P/.env.local" "$P/../outside"; mount --bind "$P/../outside" "$P/.env.local""#;
    let Some(run) = mounted(&project, &meta, mount, REFRESH) else { return };
    run.ended(0).says("refreshed");
    let outside = fs::read_to_string(project.path().join("../outside")).unwrap();
    assert_eq!(outside, before.replace(&old, &meta.newest()));
}

/// The project on a disk of 64 kB.
const SMALL_DISK: &str = r#"cp -r "$P" "$P-copy"; mount -t tmpfs -o size=64k none "$P"; cp -r "$P-copy/." "$P""#;

/// Takes the room that is left.
const FILL: &str = "cat /dev/zero > filler 2>/dev/null || true";

#[test]
fn on_a_full_disk_meta_is_not_asked() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let before = project.read(ENV);
    let after = r#"code=0; "$0" "$@" || code=$?; cat .env.local > "$P-copy/.env.local"; ls -A . .everlit scripts > "$P-copy/names"; exit $code"#;
    let Some(run) = mounted(&project, &meta, &format!("{SMALL_DISK}; cd \"$P\"; {FILL}"), after) else { return };
    refused_before_asking(&project, &meta, &before, run).says("No space left on device");
    let copy = project.path().with_file_name("site-copy");
    assert_eq!(fs::read_to_string(copy.join(ENV)).unwrap(), before);
    let names = fs::read_to_string(copy.join("names")).unwrap();
    assert!(!names.contains("everlit-1") && !names.contains("candidate"), "{names}");
}

#[test]
fn a_disk_that_fills_up_midway_has_room_for_the_reply() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let (before, old) = (project.read(ENV), meta.newest());
    meta.holds_back_the_refresh();
    // The two sides tell each other by files outside the small disk.
    let (asked, filled) = (project.home().join("asked"), project.home().join("filled"));
    let during = format!(
        r#""$0" "$@" & everlit=$!
        until [ -e "$HOME/asked" ] || ! kill -0 $everlit; do sleep 0.02; done
        {FILL}; ls -l filler >&2; : > "$HOME/filled"
        code=0; wait $everlit || code=$?
        cat .env.local > "$P-copy/.env.local"; cat scripts/instagram-token.json > "$P-copy/notes"; exit $code"#
    );
    let run = std::thread::scope(|threads| {
        let run = threads.spawn(|| mounted(&project, &meta, SMALL_DISK, &during));
        let until = |done: &dyn Fn() -> bool| {
            while !done() && !run.is_finished() {
                std::thread::yield_now();
            }
        };
        until(&|| meta.refreshes() > 0);
        fs::write(asked, "").unwrap();
        until(&|| filled.exists());
        meta.lets_go();
        run.join().unwrap()
    });
    let Some(run) = run else { return };
    run.ended(0).says("refreshed");
    let copy = project.path().with_file_name("site-copy");
    assert_eq!(fs::read_to_string(copy.join(ENV)).unwrap(), before.replace(&old, &meta.newest()));
    assert!(fs::read_to_string(copy.join("notes")).unwrap().contains(&meta.newest()[..20]));
}

/// A run without root's rights, in a project that `prepare` has arranged.
fn as_nobody(meta: &Meta, prepare: impl FnOnce(&Project)) -> (Project, Run) {
    const NOBODY: u32 = 65_534;
    let project = due(meta);
    let outside = project.home().parent().unwrap().to_owned();
    // Nobody may be unable to reach the folder in which the program was built.
    let program = outside.join("everlit");
    fs::copy(env!("CARGO_BIN_EXE_everlit"), &program).unwrap();
    for path in [outside.clone(), project.path(), project.path().join("scripts"), program.clone()] {
        fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    }
    let is_root = fs::metadata(&outside).unwrap().uid() == 0;
    if is_root {
        for path in ["", ENV, "scripts", "scripts/instagram-token.json"] {
            chown(project.path().join(path), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    prepare(&project);
    let program = program.display().to_string();
    let user = NOBODY.to_string();
    let drop_rights = ["setpriv", "--reuid", &user, "--regid", &user, "--clear-groups", &program];
    let starter = if is_root { &drop_rights[..] } else { &drop_rights[6..] };
    let run = project.command_line(&[starter, &["refresh"]].concat()).asking(meta).run();
    (project, run)
}

fn set_mode(project: &Project, path: &str, mode: u32) {
    fs::set_permissions(project.path().join(path), Permissions::from_mode(mode)).unwrap();
}

#[test]
fn in_a_read_only_folder_the_env_file_is_written_in_place() {
    let meta = Meta::friendly();
    let (project, run) = as_nobody(&meta, |project| set_mode(project, "", 0o555));
    run.ended(0).says("refreshed");
    assert!(project.read(ENV).contains(&meta.newest()));
    let names: Vec<String> = project.lasting_files().into_keys().collect();
    assert_eq!(names, [ENV, "scripts/instagram-token.json"]);
}

#[test]
fn without_permission_to_write_meta_is_not_asked() {
    let meta = Meta::friendly();
    let (project, run) = as_nobody(&meta, |project| {
        set_mode(project, ENV, 0o444);
        set_mode(project, "", 0o555);
        set_mode(project, "scripts", 0o555);
    });
    let before = project.read(ENV);
    refused_before_asking(&project, &meta, &before, run).says("Permission denied");
}

#[test]
fn an_env_file_without_read_permission_is_named() {
    let meta = Meta::friendly();
    let (_project, run) = as_nobody(&meta, |project| set_mode(project, ENV, 0o000));
    run.ended(2).says("Could not load current token from .env.local: ").says("Permission denied");
    assert_eq!(meta.calls(), 0);
}

/// The token matters more than the notes about it, which are kept elsewhere until they can be written.
#[test]
fn unwritable_metadata_is_reported_after_one_refresh() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let before = project.read("scripts/instagram-token.json");
    let mount = r#"mount --bind "$P/scripts" "$P/scripts" && mount -o remount,ro,bind "$P/scripts""#;
    let Some(run) = mounted(&project, &meta, mount, REFRESH) else { return };
    run.ended(0).says("refreshed").notes("instagram-token.json could not be written");
    let asked = meta.calls();
    for _ in 0..2 {
        let run = mounted(&project, &meta, mount, REFRESH).unwrap();
        run.ended(0).says("60 days left").notes("instagram-token.json could not be written");
        assert!(project.read(ENV).contains(&meta.newest()));
        assert_eq!(meta.calls(), asked, "Meta was asked again");
    }
    assert_eq!(project.read("scripts/instagram-token.json"), before);
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    assert!(!run.stderr.contains("could not be written") || !project.has(".everlit/record.json"), "{run}");
    assert!(project.read("scripts/instagram-token.json").contains(&meta.newest()[..20]));
    project.everlit(&["status"]).run().ended(0).says("60 days left");
    assert_eq!(meta.calls(), asked);
}

#[test]
fn mode_owner_and_symbolic_link_are_kept() {
    let meta = Meta::friendly();
    let project = due(&meta);
    fs::rename(project.path().join(ENV), project.path().join("real.env")).unwrap();
    std::os::unix::fs::symlink("real.env", project.path().join(ENV)).unwrap();
    project.set_mode("real.env", 0o640);
    let before = fs::metadata(project.path().join("real.env")).unwrap();
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
    assert!(fs::symlink_metadata(project.path().join(ENV)).unwrap().is_symlink());
    let after = fs::metadata(project.path().join("real.env")).unwrap();
    assert_eq!((after.mode(), after.uid(), after.gid()), (before.mode(), before.uid(), before.gid()));
    assert!(project.read("real.env").contains(&meta.newest()));
    fs::remove_dir_all(project.path().join("scripts")).unwrap();
    project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(0);
    let metadata = fs::metadata(project.path().join("scripts/instagram-token.json")).unwrap();
    assert_eq!(metadata.mode() & 0o7777, 0o600, "new metadata is private");
}

/// `everlit connect`, fed with another token of the same account.
const CONNECT: &str = r#"exec "$0" "$@" < "$P/../token""#;

#[test]
fn connect_on_a_read_only_disk_saves_nothing() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let (before, provided) = (project.read(ENV), meta.token_of_age(1));
    fs::write(project.path().join("../token"), &provided).unwrap();
    let mounts = [
        r#"mount --bind "$P" "$P" && mount -o remount,ro,bind "$P""#,
        r#"mount --bind "$P/.env.local" "$P/.env.local" && mount -o remount,ro,bind "$P/.env.local""#,
    ];
    for mount in mounts {
        let Some(run) = mounted_for(&project, &meta, mount, CONNECT, &["connect", "--stdin"]) else { return };
        run.ended(5).says("Read-only file system").says("has to be given again").never_shows(&provided[20..]);
        assert_eq!(project.read(ENV), before);
    }
}

#[test]
fn connect_writes_an_env_file_mounted_alone_in_place() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let (before, old, provided) = (project.read(ENV), meta.newest(), meta.token_of_age(1));
    fs::write(project.path().join("../token"), &provided).unwrap();
    let mount = r#"cp "$P/.env.local" "$P/../outside"; mount --bind "$P/../outside" "$P/.env.local""#;
    let Some(run) = mounted_for(&project, &meta, mount, CONNECT, &["connect", "--stdin"]) else { return };
    run.ended(0).says("connected");
    let outside = fs::read_to_string(project.path().join("../outside")).unwrap();
    assert_eq!(outside, before.replace(&old, &provided));
}

/// `sudo everlit refresh` in somebody's project.
#[test]
fn what_root_has_refreshed_its_owner_can_refresh_again() {
    let meta = Meta::friendly();
    // The owner's run comes after root's, in the same project.
    let (project, run) = as_nobody(&meta, |project| {
        fs::remove_dir_all(project.path().join("scripts")).unwrap();
        let by_root = project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
        assert!(!by_root.stderr.contains("permission"), "{by_root}");
        for name in ["scripts", ".everlit", ".everlit/recovery", ".everlit/.gitignore"] {
            assert_eq!(fs::metadata(project.path().join(name)).unwrap().uid(), owner_of(project), "{name}");
        }
        for name in project.files().into_keys() {
            assert_eq!(fs::metadata(project.path().join(&name)).unwrap().uid(), owner_of(project), "{name}");
        }
    });
    run.ended(0).says("healthy");
    assert_eq!(meta.refreshes(), 1);
    assert!(project.has(".everlit/last-run"));
}

fn owner_of(project: &Project) -> u32 {
    fs::metadata(project.path()).unwrap().uid()
}

/// A lock of root's that was never given away: every run of the owner's would end with 5, and nobody would know.
#[test]
fn a_lock_that_runs_cannot_use_is_seen_by_status_and_doctor() {
    let meta = Meta::friendly();
    let project = due(&meta);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.everlit(&["status", "--check"]).run().ended(0);
    let lock = project.path().join(".everlit/lock");
    fs::remove_file(&lock).unwrap();
    std::os::unix::fs::symlink("/dev/null", &lock).unwrap();
    project.everlit(&["status", "--check"]).run().ended(5).says("ERROR: default: ").says("a symbolic link, not a file");
    let run = project.everlit(&["doctor"]).asking(&meta).run().ended(5);
    run.says("lock` cannot be used: it is a symbolic link, not a file").says("find out who put");
    if owner_of(&project) != 0 || chown(project.path(), Some(65_534), None).is_err() {
        return; // only root can show the rest
    }
    fs::remove_file(&lock).unwrap();
    project.everlit(&["status", "--check"]).run().ended(5).says("belongs to root");
    project.everlit(&["doctor"]).asking(&meta).run().ended(5).says("sudo chown -R 65534");
}
