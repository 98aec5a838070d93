//! Somebody edits the env file, or a deploy points its name elsewhere, at any moment after Meta's reply: neither their
//! work nor the new token is lost.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use everlit_disk::RealDisk;
use everlit_disk::faults::{FaultyDisk, Plan, Step};
use everlit_keeper::{Keeper, Outcome, Report, Safety};
use everlit_meta_api::Client;

use crate::site::files_of;
use crate::world::{Scene, World};
use everlit_testkit::contract::now;

/// The first step after Meta's reply, and all steps of an undisturbed run.
fn steps_of(world: &World) -> (usize, Vec<Step>) {
    let run = world.run(Plan::Nothing);
    (run.replied_after.unwrap(), run.disk.steps())
}

/// Writes another file and renames it over the env file, as many editors do.
fn edit_by_rename(path: &Path) {
    let edited = path.with_file_name("edited");
    fs::write(&edited, [b"ADDED=1\n".to_vec(), fs::read(path).unwrap()].concat()).unwrap();
    fs::rename(edited, path).unwrap();
}

/// Writes into the file itself, as other editors do.
fn edit_in_place(path: &Path) {
    fs::write(path, [b"ADDED=1\n".to_vec(), fs::read(path).unwrap()].concat()).unwrap();
}

#[test]
fn p7_an_edit_at_any_moment_of_a_refresh_is_kept() {
    let (replied, steps) = steps_of(&World::new(Scene::Plain));
    for (step, next) in steps.iter().enumerate().skip(replied) {
        for edit in [edit_by_rename, edit_in_place] {
            let world = World::new(Scene::Plain);
            let path = world.site.at(".env.local");
            let report = world.run_on(FaultyDisk::meddled(RealDisk, step, move || edit(&path))).report;
            let story = format!("edited before {next:?}: {report:?}");
            assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{story}");
            let [_, whole] = world.whole_contents();
            let expected = [b"ADDED=1\n".to_vec(), whole].concat();
            assert_eq!(world.site.read(".env.local"), expected, "{story}");
            assert_eq!(world.site.leftovers(), [""; 0], "{story}");
        }
    }
}

#[test]
fn p7_an_edit_just_before_a_write_in_place_is_kept() {
    let (_, steps) = steps_of(&World::new(Scene::HardLinked));
    let is_env = |step: &Step| step.path.ends_with(".env.local");
    let writes = |pair: &[Step]| pair[0].name == "read" && pair[1].name == "write_at" && pair.iter().all(is_env);
    let last_look = steps.windows(2).position(writes).unwrap_or_else(|| panic!("no last look: {steps:?}"));
    let world = World::new(Scene::HardLinked);
    let path = world.site.at(".env.local");
    let report = world.run_on(FaultyDisk::meddled(RealDisk, last_look, move || edit_in_place(&path))).report;
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{report:?}");
    let [_, whole] = world.whole_contents();
    assert_eq!(world.site.read(".env.local"), [b"ADDED=1\n".to_vec(), whole].concat());
}

/// How a site's env file is reached through a link.
#[derive(Clone, Copy, Debug)]
enum Linked {
    /// `current/.env.local`, and the deploy points `.env.local` to another file.
    File,
    /// The deploy points `current` to another folder.
    Folder,
}

/// Two releases of a site, the first in use.
struct Site {
    world: World,
}

impl Site {
    fn new(linked: Linked) -> Self {
        let world = World::new(Scene::Plain);
        let env = String::from_utf8(world.site.read(".env.local")).unwrap();
        for release in ["1", "2"] {
            world.site.write(&format!("releases/{release}/.env.local"), format!("RELEASE={release}\n{env}"));
        }
        fs::remove_file(world.site.at(".env.local")).unwrap();
        let site = Self { world };
        match linked {
            Linked::File => fs::create_dir(site.folder()).unwrap(),
            Linked::Folder => {}
        }
        deploy(&site.folder(), linked, "1");
        site
    }

    fn folder(&self) -> PathBuf {
        self.world.site.at("current")
    }

    fn env(&self, release: &str) -> String {
        fs::read_to_string(self.world.site.at(&format!("releases/{release}/.env.local"))).unwrap()
    }

    fn run(&self, disk: FaultyDisk) -> Report {
        let (world, account) = (&self.world, self.world.site.account.clone());
        let store = Arc::new(files_of(disk, &self.folder(), vec![account.clone()]));
        let keeper = Keeper::new(Client::new(Arc::new(world.meta.clone())), store, world.clock.clone(), 1);
        now(keeper.refresh(&account.name))
    }

    /// Whether the candidate file of a release holds the newest token.
    fn waits_in(&self, release: &str) -> bool {
        let candidate = self.world.site.at(&format!("releases/{release}/.everlit/candidate"));
        fs::read_to_string(candidate).is_ok_and(|text| text.contains(&self.world.newest()))
    }
}

/// Points the site to that release, in one step.
fn deploy(folder: &Path, linked: Linked, release: &str) {
    let releases = folder.parent().unwrap().join("releases");
    let (link, target) = match linked {
        Linked::File => (folder.join(".env.local"), releases.join(release).join(".env.local")),
        Linked::Folder => (folder.to_owned(), releases.join(release)),
    };
    let next = link.with_file_name("next");
    symlink(target, &next).unwrap();
    fs::rename(next, link).unwrap();
}

#[test]
fn p2_a_deploy_at_any_moment_of_a_refresh_loses_no_token() {
    for linked in [Linked::File, Linked::Folder] {
        let undisturbed = FaultyDisk::new(RealDisk, Plan::Nothing);
        let site = Site::new(linked);
        site.run(undisturbed.clone());
        let steps = undisturbed.steps();
        let is_read_back = |step: &Step| step.name == "read" && step.path.ends_with("current/.env.local");
        let read_back = steps.iter().rposition(is_read_back).unwrap();
        for (step, next) in steps.iter().enumerate() {
            let site = Site::new(linked);
            let folder = site.folder();
            let report = site.run(FaultyDisk::meddled(RealDisk, step, move || deploy(&folder, linked, "2")));
            let story = format!("{linked:?}, deployed before {step}, {next:?}: {report:?}");
            let newest = site.world.newest();
            assert!(!site.env("1").contains("RELEASE=2") && !site.env("2").contains("RELEASE=1"), "{story}");
            // A deploy after the last look finds a new token in the file that it leaves.
            let place = if step <= read_back { "2" } else { "1" };
            assert!(site.env(place).contains(&newest) || site.waits_in(place), "the new token is lost: {story}");
            if let Outcome::NotSaved { token: Safety::Lost, .. } = report.outcome {
                panic!("{story}");
            }
            if step <= read_back {
                site.run(FaultyDisk::new(RealDisk, Plan::Nothing));
                assert!(site.env("2").contains(&newest), "{story}");
                assert!(!site.waits_in("1") && !site.waits_in("2"), "{story}");
                assert!(!matches!(report.outcome, Outcome::Refreshed { .. }) || site.world.refreshes() == 1, "{story}");
            }
        }
    }
}
