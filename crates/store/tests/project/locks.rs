//! One refresh, however many runs there are at once.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
#[cfg(unix)]
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[cfg(unix)]
use everlit_disk::Disk as _;
use everlit_disk::RealDisk;
#[cfg(unix)]
use everlit_disk::faults::{FaultyDisk, Plan, Step};
use everlit_keeper::{AccountName, Health, Keeper, Outcome, Store as _};
use everlit_meta_api::{Client, DAY};
use everlit_store::{Key, ProjectAccount};

use everlit_testkit::Frozen;
use everlit_testkit::contract::{NOW, candidate_for, fake, now, record_of};

use crate::site::{Site, files_of};
use crate::world::{Scene, World};

#[test]
fn of_forty_runs_at_once_one_asks_meta_and_all_end_well() {
    for scene in [Scene::Plain, Scene::Fresh] {
        let world = World::new(scene);
        let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..40)
                .map(|seed| {
                    let world = &world;
                    scope.spawn(move || {
                        let clock = Arc::new(Frozen(NOW.as_unix()));
                        let client = Client::new(Arc::new(world.meta.clone()));
                        let keeper = Keeper::new(client, Arc::new(world.site.files()), clock, seed);
                        now(keeper.refresh(&world.site.name())).outcome
                    })
                })
                .collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        let refreshed = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Refreshed { .. })).count();
        let idle = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Idle(_))).count();
        assert_eq!((refreshed, idle), (1, 39), "{outcomes:?}");
        assert_eq!(world.refreshes(), 1);
        world.check_all_well(&|| format!("{outcomes:?}"));
    }
}

/// A target of a vault, or of another project, may be in the same file.
#[cfg(unix)]
#[test]
fn deliveries_of_others_wait_while_the_env_file_is_edited() {
    let edits = |step: &Step, env: &Path| ["rename", "exchange"].contains(&step.name) && step.path == env;
    let world = World::new(Scene::Plain);
    let env = world.site.at(".env.local");
    let steps = world.run(Plan::Nothing).disk.steps();
    let edit = steps.iter().position(|step| edits(step, &env)).unwrap();

    let world = World::new(Scene::Plain);
    let (env, was_taken) = (world.site.at(".env.local"), Arc::new(AtomicBool::new(false)));
    let seen = Arc::clone(&was_taken);
    let disk = FaultyDisk::meddled(RealDisk, edit, move || {
        seen.store(RealDisk.try_lock(&env).unwrap().is_none(), Ordering::Relaxed);
    });
    world.run_on(disk);
    assert!(was_taken.load(Ordering::Relaxed));
    world.check_all_well(&String::new);
}

#[test]
fn two_accounts_in_one_env_file_do_not_undo_each_others_edits() {
    const EDITS: usize = 201;
    let (a, b) = (fake('A'), fake('B'));
    let site = Site::new(format!("X=1\nIG_ACCESS_TOKEN={}\nSHOP_TOKEN={}\nY=2\n", a.expose(), b.expose()));
    let shop = ProjectAccount {
        name: AccountName::new("shop"),
        key: Key::Named("SHOP_TOKEN".to_owned()),
        metadata: "scripts/shop.json".into(),
        ..site.account.clone()
    };
    let accounts = vec![site.account.clone(), shop];
    #[cfg(unix)]
    std::fs::hard_link(site.at(".env.local"), site.at("another-name")).unwrap();
    std::thread::scope(|scope| {
        for (index, letters) in [['A', 'C'], ['B', 'D']].into_iter().enumerate() {
            let (site, accounts) = (&site, accounts.clone());
            scope.spawn(move || {
                let name = accounts[index].name.clone();
                let files = files_of(RealDisk, &site.at(""), accounts);
                for turn in 0..EDITS {
                    let (from, to) = (letters[turn % 2], letters[(turn + 1) % 2]);
                    let candidate = candidate_for(&fake(from), to);
                    let mut lease = now(files.lease(&name, NOW)).unwrap();
                    // Read while the other account is being edited in place: never half a token.
                    assert_eq!(now(lease.load(NOW)).unwrap().current, fake(from));
                    now(lease.save_candidate(&candidate)).unwrap();
                    now(lease.promote(&candidate, &record_of(&candidate.token))).unwrap();
                }
            });
        }
    });
    let expected = format!("X=1\nIG_ACCESS_TOKEN={}\nSHOP_TOKEN={}\nY=2\n", fake('C').expose(), fake('D').expose());
    assert_eq!(String::from_utf8(site.read(".env.local")).unwrap(), expected);
}

#[test]
fn a_killed_process_leaves_no_lock_behind() {
    const FOLDER: &str = "EVERLIT_STORE_TEST_CHILD";
    #[allow(clippy::disallowed_methods, reason = "tells the parent from the child that it starts")]
    let folder = std::env::var_os(FOLDER);
    let name = AccountName::new("default");
    if let Some(folder) = folder {
        let site = Site::empty();
        let files = files_of(RealDisk, folder.as_ref(), vec![site.account]);
        let _lease = now(files.lease(&name, NOW)).unwrap();
        println!("leased");
        std::io::stdout().flush().unwrap();
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        return;
    }
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", fake('A').expose()));
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "locks::a_killed_process_leaves_no_lock_behind", "--nocapture"])
        .env(FOLDER, site.at(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child: Child = everlit_testkit::started(|| command.spawn()).unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("leased")), "the child said nothing");
    let files = site.files();
    let refused = now(files.lease(&name, NOW)).map(drop).unwrap_err();
    assert!(refused.is_locked(), "{refused:?}");
    assert_eq!(refused.message, "another run holds the lock: pid 4711 on web1 since 2027-01-01T03:17:00Z");
    child.kill().unwrap();
    child.wait().unwrap();
    drop(now(files.lease(&name, NOW)).unwrap());
}

#[test]
fn a_run_with_nothing_to_do_leaves_its_time_and_no_more() {
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", fake('A').expose()));
    let files = site.files();
    assert_eq!(files.last_run(&site.name()), None, "never yet");
    for _ in 0..2 {
        files.note_run(&site.name(), None);
        assert!(files.last_run(&site.name()).is_some());
        assert_eq!(site.listing(), [".env.local", ".everlit/.gitignore", ".everlit/last-run"]);
    }
}

#[test]
fn whoever_changes_something_without_a_run_is_not_taken_for_one() {
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", fake('A').expose()));
    let files = site.files();
    drop(now(files.lease(&site.name(), NOW)).unwrap());
    assert_eq!(files.last_run(&site.name()), None, "a lease alone is no run");
    files.note_run(&site.name(), None);
    days_pass(&site, 9);
    drop(now(files.lease(&site.name(), NOW)).unwrap());
    let at = files.last_run(&site.name()).unwrap().at;
    assert!(NOW.since(at) >= 9 * DAY, "{at:?}");
}

/// The last run was so many days earlier.
fn days_pass(site: &Site, days: u64) {
    let note = File::options().write(true).open(site.at(".everlit/last-run")).unwrap();
    let modified = note.metadata().unwrap().modified().unwrap();
    note.set_modified(modified - Duration::from_secs(days * 86_400)).unwrap();
}

/// The disk dates the note by another clock: a file server's, or this machine's beside a stand-in for Meta.
#[test]
fn a_run_is_dated_by_the_clock_that_it_counted_with() {
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", fake('A').expose()));
    site.files().note_run(&site.name(), None);
    let run = site.files().last_run(&site.name()).unwrap();
    assert!(run.at.since(NOW).abs() < 60, "{run:?}");
}

#[test]
fn the_last_run_says_what_kept_it_from_its_work() {
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", fake('A').expose()));
    let (files, name) = (site.files(), site.name());
    for failure in [Some((Health::NotSaved, "the disk is full")), Some((Health::Unreadable, "\u{1f4a5}")), None] {
        files.note_run(&name, failure);
        let noted = files.last_run(&name).unwrap().failure;
        assert_eq!(noted, failure.map(|(health, message)| (health, message.to_owned())));
    }
    files.note_run(&name, Some((Health::NotSaved, &"\u{1f4a5}\u{1}".repeat(5_000))));
    assert!(files.last_run(&name).unwrap().failure.is_some(), "a long message is cut");
}

#[test]
fn a_schedule_stops_after_three_of_its_own_gaps() {
    for (gap_days, quiet_days, expected) in [(1, 2, false), (1, 4, true), (7, 20, false), (7, 22, true), (60, 25, true)]
    {
        let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", fake('A').expose()));
        let (files, name) = (site.files(), site.name());
        files.note_run(&name, None);
        days_pass(&site, gap_days);
        files.note_run(&name, None);
        let run = files.last_run(&name).unwrap();
        let later = run.at + Duration::from_secs(quiet_days * 86_400);
        assert_eq!(run.has_stopped(later), expected, "{quiet_days} days after runs every {gap_days}");
    }
}
