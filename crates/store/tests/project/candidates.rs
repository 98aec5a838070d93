//! The candidate file: what it may look like, and what becomes of it.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use everlit_disk::RealDisk;
use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_keeper::{Candidate, Cause, EventKind, Expiry, Origin, Outcome, Safety, Store as _};
use everlit_meta_api::{AccountId, Class, DAY, Timestamp, Token};
use everlit_sandbox::{Fault, Injection, Issue, Kind, State};

use crate::site::Site;
use crate::world::{Scene, World};
use everlit_testkit::contract::{NOW, candidate_for, fake, now};

const FILE: &str = ".everlit/candidate";

#[test]
fn a_truncated_candidate_file_is_not_a_candidate() {
    let token = fake('A');
    let candidate = Candidate { account: AccountId::parse("17841400000000001").ok(), ..candidate_for(&token, 'B') };
    for expiry in [candidate.expiry, Expiry::Assumed(NOW), Expiry::Never, Expiry::Unknown] {
        let candidate = Candidate { expiry, ..candidate.clone() };
        let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
        site.under_lease(|lease| now(lease.save_candidate(&candidate)).unwrap());
        let whole = site.read(FILE);
        let content = whole.len() - 1;
        for len in 0..content {
            for tail in [&b""[..], &whole[..len].iter().map(|_| b'#').collect::<Vec<_>>()] {
                site.write(FILE, [&whole[..len], tail].concat());
                assert_eq!(site.load().unwrap().candidate, None, "{:?}", String::from_utf8_lossy(&whole[..len]));
            }
        }
        for end in [&b""[..], b"\n", b"\n####", b"####"] {
            site.write(FILE, [&whole[..content], end].concat());
            assert_eq!(site.load().unwrap().candidate, Some(candidate.clone()), "what follows is padding");
        }
    }
}

#[test]
fn a_candidate_with_one_wrong_bit_is_not_a_candidate() {
    let token = fake('A');
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
    site.under_lease(|lease| now(lease.save_candidate(&candidate_for(&token, 'B'))).unwrap());
    let whole = site.read(FILE);
    for place in 0..whole.len() - 1 {
        let mut wrong = whole.clone();
        wrong[place] ^= 1;
        site.write(FILE, wrong);
        assert_eq!(site.load().unwrap().candidate, None, "byte {place}");
    }
}

#[test]
#[cfg(unix)]
fn the_state_folder_is_private_and_ignores_itself() {
    use std::os::unix::fs::PermissionsExt as _;
    let token = fake('A');
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
    site.under_lease(|lease| now(lease.save_candidate(&candidate_for(&token, 'B'))).unwrap());
    let mode = |name: &str| fs::metadata(site.at(name)).unwrap().permissions().mode() & 0o7777;
    assert_eq!([mode(FILE), mode(".everlit"), mode(".everlit/recovery")], [0o600, 0o700, 0o700]);
    assert_eq!(site.read(".everlit/.gitignore"), b"*\n");
}

/// A token that Meta sent is not thrown away because everlit does not use it.
#[test]
fn a_refused_token_stays_in_a_private_file() {
    let token = fake('A');
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
    let (refused, next) = (candidate_for(&token, 'B'), candidate_for(&token, 'C'));
    site.under_lease(|lease| {
        now(lease.save_candidate(&refused)).unwrap();
        now(lease.discard_candidate()).unwrap();
    });
    let kept = String::from_utf8(site.read(".everlit/refused")).unwrap();
    assert!(kept.contains(refused.token.expose()));
    let record = everlit_keeper::Record::of_new_token(next.token.kind(), next.token.fingerprint(), NOW);
    site.under_lease(|lease| {
        now(lease.save_candidate(&next)).unwrap();
        now(lease.promote(&next, &record)).unwrap();
        now(lease.forget_kept()).unwrap();
    });
    assert!(!site.at(".everlit/refused").exists());
}

#[test]
fn a_file_without_a_candidate_blocks_no_refresh() {
    let padding = [b'#'; 4096];
    let contents: [&[u8]; 8] = [
        b"",
        b"\n",
        b"garbage",
        b"\0\0\0\0",
        b"everlit-candidate/1",
        b"\xff\xfe",
        b"everlit-candidate/1 18446744073709551615 00\n{}\n",
        &padding,
    ];
    for content in contents {
        let world = World::new(Scene::Plain);
        world.site.write(FILE, content);
        let run = world.run(Plan::Nothing);
        assert!(matches!(run.report.outcome, Outcome::Refreshed { .. }), "{content:?}: {:?}", run.report.outcome);
        world.check_all_well(&|| format!("{content:?}"));
    }
}

/// It may be the only token that Meta still takes.
#[test]
fn an_unreadable_candidate_is_not_treated_as_none() {
    let world = World::new(Scene::Plain);
    leave_candidate(&world, "", NOW);
    let path = world.site.at(FILE);
    // With the separators of this system.
    let named = path.components().collect::<PathBuf>().display().to_string();
    let unreadable = Plan::FailEvery { name: "read_unlinked", path: Some(path), kind: ErrorKind::PermissionDenied };
    match world.run(unreadable).report.outcome {
        Outcome::Refused(error) => assert!(error.to_string().contains(&named), "{error}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(world.refreshes(), 0);
    assert!(matches!(world.run(Plan::Nothing).report.outcome, Outcome::Recovered { .. }), "and it is still there");
}

#[test]
fn with_a_folder_as_candidate_meta_is_not_asked() {
    let world = World::new(Scene::Plain);
    fs::create_dir_all(world.site.at(FILE)).unwrap();
    match world.run(Plan::Nothing).report.outcome {
        Outcome::NotSaved { error, token: Safety::NotAsked } => {
            assert!(error.to_string().contains("a folder"), "{error}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.refreshes(), 0);
}

#[test]
fn a_waiting_candidate_is_put_in_use_without_another_refresh() {
    for home in ["", "scripts/"] {
        let world = World::new(Scene::Plain);
        leave_candidate(&world, home, NOW);
        let run = world.run(Plan::Nothing);
        assert!(matches!(run.report.outcome, Outcome::Recovered { .. }), "{home}: {:?}", run.report.outcome);
        assert_eq!(world.refreshes(), 0, "no other");
        world.check_all_well(&|| home.to_owned());
    }
}

#[test]
fn of_two_candidates_the_newer_wins_and_both_files_go() {
    for [newer, older] in [["", "scripts/"], ["scripts/", ""]] {
        let world = World::new(Scene::Plain);
        leave_candidate(&world, older, Timestamp::from_unix(NOW.as_unix() - DAY));
        let new = leave_candidate(&world, newer, NOW);
        assert!(matches!(world.run(Plan::Nothing).report.outcome, Outcome::Recovered { .. }));
        assert_eq!(world.site.load().unwrap().current, new);
        world.check_all_well(&|| newer.to_owned());
    }
}

#[test]
fn a_candidate_that_is_in_use_already_needs_only_its_record() {
    let world = World::new(Scene::Plain);
    let new = leave_candidate(&world, "", NOW);
    let [_, env] = world.whole_contents();
    world.site.write(".env.local", env);
    assert!(matches!(world.run(Plan::Nothing).report.outcome, Outcome::Recovered { .. }));
    assert_eq!(world.site.load().unwrap().current, new);
    assert_eq!(world.refreshes(), 0);
    world.check_all_well(&String::new);
}

#[test]
fn a_persons_working_token_wins_and_the_candidate_goes() {
    let world = World::new(Scene::Plain);
    leave_candidate(&world, "", NOW);
    let issue = Issue::new(Kind::Instagram).username("bakery");
    let persons = Token::parse(&world.meta.with(|meta| meta.issue(&issue))).unwrap();
    let env = String::from_utf8(world.site.read(".env.local")).unwrap().replace(&world.old, persons.expose());
    world.site.write(".env.local", &env);
    let report = world.run(Plan::Nothing).report;
    assert!(!matches!(report.outcome, Outcome::NotSaved { .. } | Outcome::Refused(_)), "{:?}", report.outcome);
    let stored = world.site.load().unwrap();
    assert_eq!(stored.candidate, None);
    assert_eq!(stored.current, persons);
    assert!(world.is_live(&persons));
    let events = stored.record.events.iter();
    assert_eq!(events.filter(|event| event.what == EventKind::Refused).count(), 1, "and the history says so");
}

/// Whose the dead token was cannot be found out: the candidate may be of another account.
#[test]
fn p1_never_worse_a_dead_token_of_unknown_owner_stays() {
    let world = World::new(Scene::Plain);
    let new = leave_candidate(&world, "", NOW);
    let issue = Issue::new(Kind::Instagram).username("bakery").state(State::Revoked);
    let dead = world.meta.with(|meta| meta.issue(&issue));
    let env = String::from_utf8(world.site.read(".env.local")).unwrap().replace(&world.old, &dead);
    world.site.write(".env.local", &env);
    let report = world.run(Plan::Nothing).report;
    assert_eq!(report.cause(), Some(Cause::Meta(Class::Reconnect)), "{:?}", report.outcome);
    let stored = world.site.load().unwrap();
    assert_eq!((stored.current.expose(), stored.candidate), (&dead[..], None));
    let kept = String::from_utf8(world.site.read(".everlit/refused")).unwrap();
    assert!(kept.contains(new.expose()), "it is out of the way, and kept");
}

#[test]
fn a_persons_token_and_the_candidate_wait_for_meta() {
    let world = World::new(Scene::Plain);
    leave_candidate(&world, "", NOW);
    let other = world.meta.with(|meta| meta.issue(&Issue::new(Kind::Instagram).username("bakery")));
    let env = String::from_utf8(world.site.read(".env.local")).unwrap().replace(&world.old, &other);
    world.site.write(".env.local", &env);
    world.meta.with(|meta| meta.inject(Injection::new(Fault::Dropped)));
    let report = world.run(Plan::Nothing).report;
    assert!(matches!(report.outcome, Outcome::Failed(_)), "{:?}", report.outcome);
    let stored = world.site.load().unwrap();
    assert_eq!(stored.current.expose(), other);
    assert!(stored.candidate.is_some());
}

/// A single env file that is mounted into a container: nothing can be created beside it.
#[test]
fn an_unwritable_env_folder_moves_state_beside_the_metadata() {
    for kind in [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem] {
        let world = World::new(Scene::Plain);
        // A folder in which no file can be created has no state folder either, and none can be removed.
        let names = ["create_private", "make_folder", "remove"];
        let disk = names.into_iter().fold(FaultyDisk::new(RealDisk, Plan::Nothing), |disk, name| {
            FaultyDisk::new(disk, Plan::FailEvery { name, path: Some(world.site.at("")), kind })
        });
        let run = world.run_on(disk.clone());
        assert!(matches!(run.report.outcome, Outcome::Refreshed { .. }), "{:?}", run.report.outcome);
        let state = world.site.at("scripts/.everlit");
        let is_candidate = |path: &std::path::Path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("candidate-"))
        };
        let mut steps = disk.steps().into_iter();
        assert!(steps.any(|step| step.path.parent() == Some(&state) && is_candidate(&step.path)));
        world.check_all_well(&|| format!("{:?}", run.report));
    }
}

/// Notes that cannot be written (here: a folder in the place of the metadata file) must not let a token die.
#[test]
fn metadata_that_is_never_written_stops_no_later_refresh() {
    let world = World::new(Scene::Fresh);
    fs::create_dir_all(world.site.at("scripts/instagram-token.json")).unwrap();
    for day in 0..120 {
        let report = world.run(Plan::Nothing).report;
        let is_told = match &report.outcome {
            Outcome::Refreshed { .. } | Outcome::Idle(_) | Outcome::Verified => {
                report.notes.iter().any(|note| note.contains("could not be written"))
            }
            _ => false,
        };
        assert!(is_told, "day {day}: {report:?}");
        assert!(world.is_live(&world.site.load().unwrap().current));
        world.meta.with(|meta| meta.advance(DAY));
    }
    assert_eq!(world.refreshes(), 4, "once a month, not once a day");
}

/// As if a run had died right after Meta's reply was saved; the old token is dead.
fn leave_candidate(world: &World, home: &str, received_at: Timestamp) -> Token {
    let text = world.meta.with(|meta| {
        let old = meta.newest_token("bakery").unwrap().text.to_string();
        meta.set_state(&old, State::Revoked);
        meta.issue(&Issue::new(Kind::Instagram).username("bakery"))
    });
    let token = Token::parse(&text).unwrap();
    let candidate = Candidate {
        token: token.clone(),
        replaces: Token::parse(&world.old).unwrap().fingerprint(),
        received_at,
        expiry: Expiry::At(Timestamp::from_unix(received_at.as_unix() + 60 * DAY)),
        account: None,
        origin: Origin::Refresh,
    };
    // Where the folder beside the env file is on a disk that is mounted read-only, the other one is used.
    let path = (!home.is_empty()).then(|| world.site.at(".everlit"));
    let kind = ErrorKind::ReadOnlyFilesystem;
    let plan = path.map_or(Plan::Nothing, |path| Plan::FailEvery { name: "try_lock", path: Some(path), kind });
    let (files, name) = (world.site.files_on(FaultyDisk::new(RealDisk, plan)), world.site.name());
    let mut lease = now(files.lease(&name, NOW)).unwrap();
    now(lease.save_candidate(&candidate)).unwrap();
    token
}
