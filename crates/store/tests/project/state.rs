//! The state folder: planted by somebody else, removed while Meta answers, or left by root.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt as _, chown, lchown, symlink};

use everlit_disk::RealDisk;
use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_keeper::{Health, Outcome, Store as _, StoreErrorClass};
use everlit_store::{StateFolder, StateProblem};

use crate::site::Site;
use crate::world::{Scene, World};
use everlit_testkit::contract::{NOW, candidate_for, fake, now, record_of};

const OWNER: u32 = 12_345;
const STRANGER: u32 = 54_321;

fn site() -> Site {
    Site::new(format!("IG_ACCESS_TOKEN={}\n", fake('A').expose()))
}

#[test]
fn a_state_folder_that_is_a_link_is_refused_and_not_followed() {
    let site = site();
    fs::create_dir(site.at("elsewhere")).unwrap();
    symlink("elsewhere", site.at(".everlit")).unwrap();
    let error = site.load().unwrap_err();
    assert_eq!(error.class, StoreErrorClass::NotSaved);
    assert!(error.message.contains("it is a symbolic link, not a folder"), "{error}");
    let error = now(site.files().lease(&site.name(), NOW)).map(drop).unwrap_err();
    assert_eq!((error.class, error.io), (StoreErrorClass::NotSaved, Some(ErrorKind::InvalidInput)));
    assert_eq!(fs::read_dir(site.at("elsewhere")).unwrap().count(), 0);
    let unusable = site.files().unusable_state(&site.name()).unwrap();
    assert!(matches!(unusable.problem, StateProblem::Planted(_)), "{unusable:?}");
}

#[test]
fn a_planted_lock_or_candidate_is_refused_and_meta_is_not_asked() {
    for file in [".everlit/lock", ".everlit/candidate"] {
        let world = World::new(Scene::Plain);
        fs::create_dir(world.site.at(".everlit")).unwrap();
        fs::write(world.site.at("victim"), "precious").unwrap();
        symlink(world.site.at("victim"), world.site.at(file)).unwrap();
        let report = world.run(Plan::Nothing).report;
        assert_eq!(report.health(), Health::NotSaved, "one fault, one state: {file}");
        let error = match report.outcome {
            Outcome::NotSaved { error, .. } | Outcome::Refused(error) => error,
            other => panic!("{file}: {other:?}"),
        };
        assert!(error.message.contains("it is a symbolic link, not a file"), "{error}");
        assert_eq!(world.refreshes(), 0);
        assert_eq!(world.site.read("victim"), b"precious", "{file}");
        let unusable = world.site.files().unusable_state(&world.site.name()).unwrap();
        assert!(unusable.path.ends_with(file) && unusable.to_string().contains("symbolic link"), "{unusable}");
    }
}

#[test]
fn a_strangers_lock_or_candidate_is_refused() {
    for file in [".everlit/lock", ".everlit/candidate"] {
        let world = World::new(Scene::Plain);
        world.site.write(file, "planted");
        if chown(world.site.at(file), Some(STRANGER), None).is_err() {
            return; // only root can show this
        }
        let report = world.run(Plan::Nothing).report;
        let error = match report.outcome {
            Outcome::NotSaved { error, .. } | Outcome::Refused(error) => error,
            other => panic!("{file}: {other:?}"),
        };
        assert!(error.message.contains("it belongs to another user (id 54321)"), "{error}");
        assert_eq!(world.refreshes(), 0);
    }
}

/// `git clean -fdx`, or a deploy.
#[test]
fn a_state_folder_removed_while_meta_answers_loses_nothing() {
    let site = site();
    let candidate = candidate_for(&fake('A'), 'B');
    site.under_lease(|lease| {
        now(lease.reserve()).unwrap();
        fs::remove_dir_all(site.at(".everlit")).unwrap();
        now(lease.save_candidate(&candidate)).unwrap();
        assert_eq!(site.load().unwrap().candidate, Some(candidate.clone()));
        now(lease.promote(&candidate, &record_of(&candidate.token))).unwrap();
    });
    let stored = site.load().unwrap();
    assert_eq!((stored.current, stored.candidate), (candidate.token, None));
}

#[test]
fn whatever_root_creates_belongs_to_the_owner_of_the_project() {
    for scene in [Scene::Fresh, Scene::Plain] {
        let world = World::new(scene);
        for name in ["", ".env.local", "scripts", "scripts/instagram-token.json"] {
            let is_there = world.site.at(name).exists();
            if is_there && chown(world.site.at(name), Some(OWNER), Some(OWNER)).is_err() {
                return; // only root can show this
            }
        }
        assert!(matches!(world.run(Plan::Nothing).report.outcome, Outcome::Refreshed { .. }));
        world.site.files().note_run(&world.site.name(), None);
        let mut found = world.site.listing();
        found.extend(["scripts", ".everlit", ".everlit/recovery"].map(str::to_owned));
        assert!(found.len() > 6, "{found:?}");
        for name in found {
            assert_eq!(fs::metadata(world.site.at(&name)).unwrap().uid(), OWNER, "{scene:?}: {name}");
        }
    }
}

#[test]
fn what_root_has_left_to_itself_is_named() {
    let site = site();
    site.under_lease(|_| ());
    if chown(site.at(""), Some(OWNER), None).is_err() {
        return; // only root can show this
    }
    let unusable = || site.files().unusable_state(&site.name());
    assert_eq!(unusable().unwrap().problem, StateProblem::Roots { owner: OWNER });
    chown(site.at(".everlit"), Some(OWNER), None).unwrap();
    assert_eq!(unusable().unwrap().path, site.at(".everlit/recovery"));
    chown(site.at(".everlit/recovery"), Some(OWNER), None).unwrap();
    assert_eq!(unusable().unwrap().path, site.at(".everlit/lock"));
    chown(site.at(".everlit/lock"), Some(OWNER), None).unwrap();
    assert_eq!(unusable(), None);
}

#[test]
fn a_closed_state_folder_sends_nobody_to_another_lock() {
    let site = site();
    site.under_lease(|_| ());
    fs::create_dir(site.at("scripts")).unwrap();
    let path = Some(site.at(".everlit"));
    let disk = FaultyDisk::new(RealDisk, Plan::FailEvery { name: "try_lock", path, kind: ErrorKind::PermissionDenied });
    let files = site.files_on(disk);
    let error = now(files.lease(&site.name(), NOW)).map(drop).unwrap_err();
    assert_eq!((error.path, error.io), (Some(site.at(".everlit/lock")), Some(ErrorKind::PermissionDenied)));
    assert!(!site.at("scripts/.everlit").exists());
}

#[test]
fn a_state_folder_is_made_whole_after_a_kill_at_any_step() {
    let disk = FaultyDisk::new(RealDisk, Plan::Nothing);
    StateFolder::within(&site().at("")).create(&disk).unwrap();
    for step in 0..disk.steps().len() {
        let site = site();
        let state = StateFolder::within(&site.at(""));
        let _ = state.create(&FaultyDisk::new(RealDisk, Plan::DieAt { step, torn: true }));
        state.create(&RealDisk).unwrap();
        assert_eq!(site.read(".everlit/.gitignore"), b"*\n", "{step}");
        assert!(site.at(".everlit/recovery").is_dir(), "{step}");
    }
}

/// A user's link, followed by root's cron, would let the user write where only root may.
#[test]
fn root_follows_no_link_of_a_user_to_other_peoples_files() {
    for name in [".env.local", "scripts/instagram-token.json", "scripts"] {
        let (world, elsewhere) = (World::new(Scene::Plain), Site::empty());
        let (path, target) = (world.site.at(name), elsewhere.at("target"));
        fs::rename(&path, &target).unwrap();
        symlink(&target, &path).unwrap();
        if lchown(&path, Some(OWNER), Some(OWNER)).is_err() {
            return; // only root can show this
        }
        let files = elsewhere.listing();
        match world.run(Plan::Nothing).report.outcome {
            Outcome::Refused(error) => assert!(error.message.contains("link of user 12345"), "{name}: {error}"),
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!((elsewhere.listing(), world.refreshes()), (files, 0), "{name}");
        // Into the user's own files it leads as it always did.
        for own in ["target", "target/instagram-token.json"] {
            let _ = chown(elsewhere.at(own), Some(OWNER), Some(OWNER));
        }
        let outcome = world.run(Plan::Nothing).report.outcome;
        assert!(matches!(outcome, Outcome::Refreshed { .. }), "{name}: {outcome:?}");
    }
}
