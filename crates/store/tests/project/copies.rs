//! Copies of the token in other env files: deliveries of their own, each byte for byte.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use everlit_disk::RealDisk;
use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_keeper::{Health, Keeper, Outcome, Policy, Report, Store};
use everlit_meta_api::{Client, DAY};
use everlit_store::Tracking;

use crate::world::{Scene, World};
use everlit_testkit::contract::{NOW, fake, now};

/// The copy on a disk that may fail.
const COPY: &str = "apps/web/.env.local";

/// Git, which tracks `.env.test`, and says nothing about `.env.development`.
#[derive(Debug)]
struct Git;

impl Tracking for Git {
    fn tracks(&self, path: &Path) -> Option<bool> {
        (path != Path::new(".env.development")).then(|| path == Path::new(".env.test"))
    }
}

fn run(world: &World, plan: Plan) -> Report {
    run_on(world, FaultyDisk::new(RealDisk, plan))
}

fn run_on(world: &World, disk: FaultyDisk) -> Report {
    let store = world.site.files_on(disk).with_copies(Arc::new(Git));
    let client = Client::new(Arc::new(world.meta.clone()));
    now(Keeper::new(client, Arc::new(store), world.clock.clone(), 1).refresh(&world.site.name()))
}

fn world_with_copy() -> World {
    let world = World::new(Scene::Plain);
    world.site.write("pnpm-workspace.yaml", "packages: [apps/*]\n");
    world.site.write(COPY, in_copy(&world.old));
    world
}

fn in_copy(token: &str) -> Vec<u8> {
    format!("A='1'\r\nexport IG_TOKEN=\"{token}\" # web\r\nB=2").into_bytes()
}

fn cannot_write(world: &World) -> Plan {
    Plan::FailEvery { name: "create_private", path: Some(world.site.at("apps/web")), kind: ErrorKind::StorageFull }
}

#[test]
fn a_copy_that_git_may_track_is_named_and_not_changed() {
    let world = World::new(Scene::Plain);
    world.site.write(".env.development", in_copy(&world.old));
    let report = run(&world, Plan::Nothing);
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{report:?}");
    assert_eq!(world.site.read(".env.development"), in_copy(&world.old));
    let note = report.notes.iter().find(|note| note.starts_with(".env.development holds the same token")).unwrap();
    assert!(note.contains("git cannot be asked whether it tracks the file"), "{note}");
}

#[test]
fn p7_every_copy_of_the_token_is_updated_byte_for_byte() {
    let world = world_with_copy();
    world.site.write("compose.yaml", "services:\n  web:\n    env_file: [deploy.env]\n");
    let files = [".env.production", ".env.development.local", "deploy.env", ".env.test"];
    let content = |token: &str| format!("SITE=x\nIG_ACCESS_TOKEN={token}\nOTHER=IGAA");
    for file in files {
        world.site.write(file, content(&world.old));
    }
    let report = run(&world, Plan::Nothing);
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{report:?}");
    let undelivered: Vec<_> = report.undelivered.iter().map(|(target, why)| format!("{target}: {why}")).collect();
    assert_eq!(undelivered.len(), 1, "{undelivered:?}");
    assert!(undelivered[0].starts_with("./.env.test:IG_ACCESS_TOKEN: git tracks it"), "{undelivered:?}");
    assert_eq!(report.health(), Health::NotDelivered, "that copy is stale from now on");
    assert!(world.holds_new_env());
    let new = world.newest();
    for file in &files[..3] {
        assert_eq!(world.site.read(file), content(&new).as_bytes(), "{file}");
    }
    assert_eq!(world.site.read(COPY), in_copy(&new));
    assert_eq!(world.site.read(".env.test"), content(&world.old).as_bytes(), "git tracks it");
    assert!(report.notes.iter().any(|note| note.contains(".env.test") && note.contains("git")), "{:?}", report.notes);
    let delivered = report.record.unwrap().deliveries;
    assert!(delivered.iter().any(|delivery| delivery.target == "./apps/web/.env.local:IG_TOKEN"), "{delivered:?}");
}

#[test]
fn a_file_that_leads_to_copies_and_cannot_be_read_is_named() {
    for (file, kind) in [
        ("package.json", ErrorKind::PermissionDenied),
        ("compose.yaml", ErrorKind::PermissionDenied),
        ("docker-compose.yml", ErrorKind::FileTooLarge),
    ] {
        let world = world_with_copy();
        let report = run(&world, Plan::FailEvery { name: "read", path: Some(world.site.at(file)), kind });
        assert!(world.holds_new_env(), "it stops no refresh");
        let note = report.notes.iter().find(|note| note.starts_with(&format!("{file} cannot be read (")));
        assert!(note.is_some_and(|note| note.contains("that it leads to hold copies")), "{file}: {:?}", report.notes);
    }
    let quiet = run(&world_with_copy(), Plan::Nothing);
    assert!(quiet.notes.iter().all(|note| !note.contains("cannot be read")), "{:?}", quiet.notes);
}

#[test]
fn a_run_with_nothing_due_looks_at_no_other_file() {
    let world = world_with_copy();
    run(&world, Plan::Nothing);
    let disk = FaultyDisk::new(RealDisk, Plan::Nothing);
    let report = run_on(&world, disk.clone());
    assert!(matches!(report.outcome, Outcome::Idle(_)), "{report:?}");
    assert!(disk.steps().iter().all(|step| !step.path.ends_with(COPY) && !step.path.ends_with(".env.production")));
}

/// The file hangs when it is looked for, then when it is written.
#[test]
fn p8_a_copy_whose_disk_hangs_does_not_stop_the_refresh() {
    let reads = |world: &World| {
        let disk = FaultyDisk::new(RealDisk, Plan::Nothing);
        run_on(world, disk.clone());
        let steps = disk.steps().into_iter().enumerate();
        steps.filter(|(_, step)| step.path.ends_with(COPY)).map(|(number, _)| number).collect::<Vec<_>>()
    };
    let numbers = reads(&world_with_copy());
    for number in [numbers[0], numbers[1]] {
        let world = world_with_copy();
        let (_test, over) = std::sync::mpsc::channel::<()>();
        let over = std::sync::Mutex::new(over);
        let hang = move || _ = over.lock().unwrap().recv();
        let report = run_on(&world, FaultyDisk::meddled(RealDisk, number, hang));
        assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{report:?}");
        assert!(world.holds_new_env());
        // What is not known is said.
        let is_told = report.health() == Health::NotDelivered || report.notes.iter().any(|note| note.contains(COPY));
        assert!(is_told, "{report:?}");
    }
}

#[test]
fn p8_a_copy_that_cannot_be_written_is_tried_again() {
    let world = world_with_copy();
    for _ in 0..2 {
        let report = run(&world, cannot_write(&world));
        assert_eq!(report.health(), Health::NotDelivered, "{report:?}");
        assert!(world.holds_new_env(), "the token itself is in place");
        assert_eq!(world.site.read(COPY), in_copy(&world.old));
    }
    let stored = world.site.load().unwrap();
    let idle = Report::idle(&world.site.name(), stored.record, &Policy::default(), NOW);
    assert_eq!(idle.health(), Health::NotDelivered, "known without a run");
    // The next refresh comes first: the copy gets the newest token, and none before it.
    world.advance(31 * DAY);
    let report = run(&world, Plan::Nothing);
    assert!(matches!(report.outcome, Outcome::Refreshed { .. }), "{report:?}");
    assert_eq!(report.health(), Health::Healthy);
    assert_eq!(world.site.read(COPY), in_copy(&world.newest()));
    assert_eq!(world.refreshes(), 2);
}

#[test]
fn a_copy_that_a_person_has_changed_since_is_left_alone() {
    let world = world_with_copy();
    run(&world, cannot_write(&world));
    world.site.write(COPY, in_copy(fake('B').expose()));
    let report = run(&world, Plan::Nothing);
    assert_eq!(world.site.read(COPY), in_copy(fake('B').expose()));
    assert!(report.notes.iter().any(|note| note.contains(COPY)), "{:?}", report.notes);
    assert_eq!(run(&world, Plan::Nothing).health(), Health::Healthy, "it is no copy any more");
}

#[test]
fn p8_a_crash_at_any_step_forgets_no_copy() {
    for step in 0.. {
        let world = world_with_copy();
        let disk = FaultyDisk::new(RealDisk, Plan::DieAt { step, torn: true });
        run_on(&world, disk.clone());
        let story = disk.steps().last().map(|last| format!("{step}: {} {}", last.name, last.path.display()));
        let steps = disk.steps().len();
        run(&world, Plan::Nothing);
        let report = run(&world, Plan::Nothing);
        let in_use = now(world.site.files().load(&world.site.name(), NOW)).unwrap().current;
        assert_eq!(world.site.read(COPY), in_copy(in_use.expose()), "{story:?}");
        // In the one system call that takes Meta's reply, a new token can be lost.
        assert!(report.health() == Health::Healthy || !world.is_live(&in_use), "{story:?}: {report:?}");
        if steps < step {
            break;
        }
    }
}
