//! The metadata file: whatever is wrong with it, it neither stops a refresh that is due nor hides one; and what the
//! older script wrote and read stays as it was.

use std::fs;
use std::io::ErrorKind;

use everlit_disk::RealDisk;
use everlit_disk::faults::{FaultyDisk, Plan};
use everlit_keeper::{Decision, Expiry, Outcome, Record};
use everlit_meta_api::{DAY, Timestamp, Token};
use everlit_sandbox::{Fault, Injection, MetaError, State};
use serde_json::{Value, json};

use crate::site::Site;
#[cfg(unix)]
use crate::world::set_mode;
use crate::world::{Scene, World};
use everlit_testkit::contract::{NOW, fake, now, record_of};

const FILE: &str = "scripts/instagram-token.json";

#[test]
fn no_damage_to_the_file_stops_or_hides_a_due_refresh() {
    let world = World::new(Scene::Plain);
    let hint = format!("{}...", &world.old[..20]);
    let fingerprint = Token::parse(&world.old).unwrap().fingerprint().to_string();
    let whole = String::from_utf8(world.site.read(FILE)).unwrap();
    let far = NOW.as_unix() + 900 * DAY;
    let ours = |ours: Value| json!({"access_token": hint, "note": "mine", "everlit": ours}).to_string();
    let table: Vec<(&str, Vec<u8>)> = vec![
        ("empty", vec![]),
        ("blank", b" \n\t\r\n".to_vec()),
        ("garbage", b"access_token: IGAA...".to_vec()),
        ("binary", (0..=255).collect()),
        ("cut off", whole[..whole.len() / 2].into()),
        ("with something behind it", format!("{whole}{whole}").into()),
        ("null", b"null".to_vec()),
        ("deep", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).into()),
        ("deep inside", format!("{{\"a\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000)).into()),
        ("no field", b"{}".to_vec()),
        ("a byte order mark", format!("\u{feff}{whole}").into()),
        ("UTF-16", whole.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("right hint, wrong types", json!({"access_token": hint, "expires_at": {}, "refreshed_at": [], "note": "mine"}).to_string().into()),
        ("numbers as text", json!({"access_token": hint, "expires_at": (NOW.as_unix() + 9 * DAY).to_string(), "note": "mine"}).to_string().into()),
        ("text for a number", json!({"access_token": hint, "expires_at": "soon", "note": "mine"}).to_string().into()),
        ("a float", format!("{{\"access_token\":\"{hint}\",\"expires_at\":1.8e9,\"note\":\"mine\"}}").into()),
        ("a wild float", format!("{{\"access_token\":\"{hint}\",\"expires_at\":1e300,\"note\":\"mine\"}}").into()),
        ("far away", json!({"access_token": hint, "expires_at": far, "note": "mine"}).to_string().into()),
        ("zero", json!({"access_token": hint, "expires_at": 0, "note": "mine"}).to_string().into()),
        ("negative", json!({"access_token": hint, "expires_at": -1, "expires_in": -5, "note": "mine"}).to_string().into()),
        ("the ends of time", json!({"access_token": hint, "expires_at": i64::MIN, "note": "mine"}).to_string().into()),
        ("of another token", json!({"access_token": "IGAAsomebodyElses000...", "expires_at": NOW.as_unix() + 59 * DAY, "note": "mine"}).to_string().into()),
        ("from the future", json!({"access_token": hint, "expires_at": NOW.as_unix() + DAY, "refreshed_at": "2097-01-01T00:00:00Z", "note": "mine"}).to_string().into()),
        ("ours is text", ours(json!("yes")).into()),
        ("ours is empty", ours(json!({})).into()),
        ("ours of wrong types", ours(json!({"fingerprint": 3, "failure": 4, "events": 5, "deliveries": {}, "expiry": 0})).into()),
        ("ours of another token", ours(json!({"fingerprint": "sha256:0123456789abcdef", "expiry": "never"})).into()),
        ("ours of no token", ours(json!({"fingerprint": "?", "expiry": "never"})).into()),
        (
            "ours from the future",
            ours(json!({"fingerprint": fingerprint, "too_young_until": "2097-01-01T00:00:00Z", "issued_at": "2097-01-01T00:00:00Z", "first_seen": "2097-01-01T00:00:00Z"})).into(),
        ),
        (
            "a wait written by a wrong clock",
            ours(json!({"fingerprint": fingerprint, "failure": {"cause": "retry", "message": "", "first_at": "2097-01-01T00:00:00Z", "last_at": "2097-01-01T00:00:00Z", "next_attempt_at": "2097-01-02T00:00:00Z", "attempts": -3}})).into(),
        ),
        (
            "half a failure",
            ours(json!({"fingerprint": fingerprint, "failure": {"cause": "reconnect"}, "events": [1, {}, {"at": "x"}, null]})).into(),
        ),
        ("of a later everlit", ours(json!({"schema": 99, "fingerprint": fingerprint, "expiry": "eventually"})).into()),
    ];
    for (what, content) in table {
        let world = World::new(Scene::Plain);
        world.site.write(FILE, &content);
        let stored = world.site.load().unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(stored.current.expose(), world.old, "{what}");
        let run = world.run(Plan::Nothing);
        assert!(matches!(run.report.outcome, Outcome::Refreshed { .. }), "{what}: {:?}", run.report.outcome);
        let had_note = String::from_utf8_lossy(&content).contains("mine");
        let is_object = serde_json::from_str::<serde_json::Map<String, Value>>(
            String::from_utf8_lossy(&content).trim_start_matches('\u{feff}'),
        );
        let written: Value = serde_json::from_slice(&world.site.read(FILE)).unwrap();
        assert_eq!(written["note"] == "mine", had_note && is_object.is_ok(), "{what}");
        assert!(world.is_live(&world.site.load().unwrap().current), "{what}");
        assert_eq!(world.site.load().unwrap().notes, [""; 0], "{what}");
        assert!(matches!(world.run(Plan::Nothing).report.outcome, Outcome::Idle(Decision::NotDue { .. })), "{what}");
        assert_eq!(world.refreshes(), 1, "{what}");
    }
}

#[test]
fn a_metadata_file_of_something_else_is_left_alone() {
    let world = World::new(Scene::Plain);
    let (old, hint) = (&world.old, format!("{}...", &world.old[..20]));
    let other = fake('B').expose().to_owned();
    let end = NOW.as_unix() + 9 * DAY;
    let (this, another, foreign) =
        ("the whole token", "a whole token in clear that is not", "was not written by everlit");
    let table: Vec<(&str, Value)> = vec![
        (this, json!({"access_token": old, "expires_at": end, "token_type": "bearer"})),
        (another, json!({"access_token": other, "refreshed_at": "2026-12-31T00:00:00Z"})),
        (another, json!({"access_token": other, "everlit": {"schema": 1}})),
        (another, json!([{"name": "a", "access_token": old}, {"name": "b", "access_token": other}])),
        (another, json!(other)),
        (foreign, json!([])),
        (foreign, json!([{"access_token": hint}])),
        (foreign, json!({"name": "shop", "version": "1.0.0"})),
        (foreign, json!({"access_token": 5, "token_type": []})),
        (foreign, json!({"access_token": "IGAAshort", "expires_at": end})),
        (foreign, json!({"access_token": hint, "expires_at": end * 1000})),
        (foreign, json!({"access_token": hint, "expires_at": "2027-01-10T00:00:00Z"})),
    ];
    let damaged = (another, format!("token = {other}\n"));
    let table = table.into_iter().map(|(what, content)| (what, format!("{content}"))).chain([damaged]);
    for (what, content) in table {
        let world = World::new(Scene::Plain);
        world.site.write(FILE, &content);
        let run = world.run(Plan::Nothing);
        assert!(matches!(run.report.outcome, Outcome::Refreshed { .. }), "{content}: {:?}", run.report.outcome);
        assert!(run.report.notes.iter().any(|note| note.contains(what)), "{content}: {:?}", run.report.notes);
        assert_eq!(world.site.read(FILE), content.as_bytes());
        // What is known about the token is kept all the same.
        assert!(world.site.at(".everlit/record.json").exists(), "{content}");
        assert!(matches!(world.run(Plan::Nothing).report.outcome, Outcome::Idle(Decision::NotDue { .. })), "{content}");
        assert_eq!(world.refreshes(), 1, "{content}");
        assert_eq!(world.site.read(FILE), content.as_bytes());
    }
}

#[test]
fn metadata_of_something_else_outlives_a_dead_token() {
    let world = World::new(Scene::Plain);
    let content = json!({"access_token": fake('B').expose()}).to_string();
    world.site.write(FILE, &content);
    world.meta.with(|meta| {
        let _ = meta.set_state(&world.old, State::Revoked);
    });
    let run = world.run(Plan::Nothing);
    assert!(matches!(run.report.outcome, Outcome::Failed(_)), "{:?}", run.report.outcome);
    assert_eq!(world.site.read(FILE), content.as_bytes());
    assert!(world.site.load().unwrap().record.failure.is_some());
}

#[test]
fn dates_of_other_scripts_are_understood_in_any_unit() {
    let token = fake('A');
    let end = NOW.as_unix() + 9 * DAY;
    for date in [json!(end * 1000), json!((end * 1000).to_string()), json!("2027-01-10T03:17:00.000Z")] {
        for shown in [token.hint(), token.expose().to_owned()] {
            let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
            site.write(
                FILE,
                json!({"access_token": shown, "expires_at": date, "refreshed_at": (end - 9 * DAY) * 1000}).to_string(),
            );
            let record = site.load().unwrap().record;
            assert_eq!((record.expiry, record.issued_at), (Expiry::At(Timestamp::from_unix(end)), Some(NOW)), "{date}");
        }
    }
}

#[test]
fn an_unusable_metadata_file_stops_no_refresh_and_stays() {
    let huge = format!("{{\"note\":\"{}\"}}", "x".repeat(2 << 20));
    for what in ["a folder", "huge", "unreadable", "a folder that cannot be created"] {
        let world = World::new(Scene::Fresh);
        match what {
            "a folder" => fs::create_dir_all(world.site.at(FILE)).unwrap(),
            "huge" => world.site.write(FILE, &huge),
            "unreadable" => world.site.write(FILE, "{\"note\":\"mine\"}"),
            _ => world.site.write("scripts", "this is a file"),
        }
        let unreadable =
            Plan::FailEvery { name: "read", path: Some(world.site.at(FILE)), kind: ErrorKind::PermissionDenied };
        let plan = if what == "unreadable" { unreadable } else { Plan::Nothing };
        let before = world.site.listing();
        let run = world.run(plan);
        assert!(matches!(run.report.outcome, Outcome::Refreshed { .. }), "{what}: {:?}", run.report);
        assert!(run.report.notes.iter().any(|note| note.contains(FILE)), "{what}: {:?}", run.report);
        assert!(world.holds_new_env(), "{what}");
        assert_eq!(world.refreshes(), 1, "{what}");
        match what {
            "a folder" => assert!(world.site.at(FILE).is_dir()),
            "huge" => assert_eq!(world.site.read(FILE), huge.as_bytes()),
            "unreadable" => assert_eq!(world.site.read(FILE), b"{\"note\":\"mine\"}"),
            _ => assert_eq!(world.site.read("scripts"), b"this is a file"),
        }
        assert!(before.iter().all(|name| world.site.listing().contains(name)));
    }
}

/// A token that can be saved does not wait for its notes, and what is known about it is kept.
#[test]
fn a_full_disk_at_the_metadata_stops_no_refresh() {
    let world = World::new(Scene::Plain);
    let run = world.run_on(no_room_for_metadata(&world));
    assert!(matches!(run.report.outcome, Outcome::Refreshed { .. }), "{:?}", run.report);
    assert!(run.report.notes.iter().any(|note| note.contains(FILE)), "{:?}", run.report);
    assert!(world.holds_new_env() && !world.has_candidate());
    let stored = world.site.load().unwrap();
    assert!(stored.record.expiry.instant() > Some(NOW), "known without the metadata file");
    assert!(stored.notes.iter().any(|note| note.contains(FILE)), "{:?}", stored.notes);

    let asked = calls(&world);
    let run = world.run_on(no_room_for_metadata(&world));
    assert!(matches!(run.report.outcome, Outcome::Idle(Decision::NotDue { .. })), "{:?}", run.report);
    assert_eq!(calls(&world), asked, "nothing is asked again");
    // There is room again.
    world.run(Plan::Nothing);
    world.check_all_well(&String::new);
    assert_eq!(calls(&world), asked);
}

#[test]
fn without_metadata_what_meta_refused_is_remembered() {
    let limit = MetaError::new(4, "Application request limit reached");
    for injection in [None, Some(Injection::new(Fault::Error(limit)))] {
        let world = World::new(Scene::Plain);
        world.meta.with(|meta| match injection.clone() {
            Some(injection) => meta.inject(injection),
            None => drop(meta.set_state(&world.old, State::Revoked)),
        });
        world.run_on(no_room_for_metadata(&world));
        let asked = calls(&world);
        for _ in 0..3 {
            world.run_on(no_room_for_metadata(&world));
        }
        assert_eq!(calls(&world), asked, "{injection:?}");
        assert!(world.site.load().unwrap().record.failure.is_some(), "{injection:?}");
    }
}

#[test]
fn the_record_kept_aside_does_not_describe_another_token() {
    let world = World::new(Scene::Plain);
    world.run_on(no_room_for_metadata(&world));
    assert!(world.site.at(".everlit/record.json").exists());
    world.site.write(".env.local", format!("IG_ACCESS_TOKEN={}\n", fake('B').expose()));
    let stored = world.site.load().unwrap();
    assert_eq!((stored.record.fingerprint, stored.record.expiry), (fake('B').fingerprint(), Expiry::Unknown));
}

fn calls(world: &World) -> usize {
    world.meta.with(|meta| meta.log().len())
}

fn no_room_for_metadata(world: &World) -> FaultyDisk {
    let path = Some(world.site.at("scripts"));
    FaultyDisk::new(RealDisk, Plan::FailEvery { name: "create_private", path, kind: ErrorKind::StorageFull })
}

#[test]
fn a_file_of_the_older_script_counts_if_it_is_about_the_token() {
    let token = fake('A');
    let end = NOW.as_unix() + 50 * DAY;
    let five = |end: Value| {
        json!({"access_token": token.hint(), "token_type": "bearer", "expires_in": 5_183_944, "expires_at": end,
               "refreshed_at": "2026-12-22T03:17:00.123Z"})
    };
    for written in [json!(end), json!(end.to_string()), serde_json::from_str(&format!("{end}.0")).unwrap()] {
        for mark in ["", "\u{feff}"] {
            let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
            site.write(FILE, format!("{mark}{}", five(written.clone())));
            let record = site.load().unwrap().record;
            assert_eq!(record.expiry, Expiry::At(Timestamp::from_unix(end)), "{written}");
            assert_eq!(record.issued_at, Some(Timestamp::from_unix(NOW.as_unix() - 10 * DAY)));
            assert_eq!(record.fingerprint, token.fingerprint());
            assert_eq!((record.first_seen, record.failure, record.events), (NOW, None, vec![]));
        }
    }
    // Put in by a person since: what the file says does not hold.
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", fake('B').expose().replace("fake", "fresh")));
    site.write(FILE, five(json!(end)).to_string());
    let stored = site.load().unwrap();
    let new = Record::of_new_token(stored.current.kind(), stored.current.fingerprint(), NOW);
    assert_eq!(stored.record, new);
    assert_eq!(
        stored.notes,
        ["scripts/instagram-token.json describes another token; the one in the env file is taken as new"]
    );
}

#[test]
fn the_five_older_fields_keep_names_meaning_and_types() {
    let world = World::new(Scene::Fresh);
    world.run(Plan::Nothing);
    let written: Value = serde_json::from_slice(&world.site.read(FILE)).unwrap();
    let fields = written.as_object().unwrap();
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    assert_eq!(names, ["access_token", "token_type", "expires_in", "expires_at", "refreshed_at", "everlit"]);
    let new = world.newest();
    let five = json!({
        "access_token": format!("{}...", &new[..20]),
        "token_type": "bearer",
        "expires_in": 5_184_000,
        "expires_at": NOW.as_unix() + 5_184_000,
        "refreshed_at": "2027-01-01T03:17:00Z",
    });
    for (name, value) in five.as_object().unwrap() {
        assert_eq!(&fields[name], value, "{name}");
    }
    let text = String::from_utf8(world.site.read(FILE)).unwrap();
    assert!(!text.contains(&new) && !text.contains(&world.old), "P3: never a token");
    assert!(text.ends_with("}\n"), "a text file");
}

#[test]
fn a_field_that_is_not_known_is_left_out_and_not_made_up() {
    let token = fake('A');
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
    let known = record_of(&token);
    site.under_lease(|lease| now(lease.save_record(&known)).unwrap());
    let never = Record { expiry: Expiry::Never, issued_at: None, ..known };
    site.under_lease(|lease| now(lease.save_record(&never)).unwrap());
    let written: Value = serde_json::from_slice(&site.read(FILE)).unwrap();
    for name in ["expires_in", "expires_at", "refreshed_at"] {
        assert_eq!(written.get(name), None, "{name}");
    }
    assert_eq!(site.load().unwrap().record, never);
}

#[test]
fn fields_of_others_keep_their_order_and_values() {
    let token = fake('A');
    let theirs = r#"{"zebra":[1,{"a":null}],"token_type":"Bearer","user_id":17841400000000001,"name":"Caf\u00e9 \ud83c\udf5e","a":1.5}"#;
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
    site.write(FILE, theirs);
    site.under_lease(|lease| now(lease.save_record(&record_of(&token))).unwrap());
    let written: Value = serde_json::from_slice(&site.read(FILE)).unwrap();
    let before: Value = serde_json::from_str(theirs).unwrap();
    let names: Vec<&String> = written.as_object().unwrap().keys().collect();
    assert_eq!(names[..5], ["zebra", "token_type", "user_id", "name", "a"]);
    for (name, value) in before.as_object().unwrap() {
        assert_eq!(&written[name], value, "{name}");
    }
}

#[test]
fn of_too_many_events_the_newest_are_kept() {
    let token = fake('A');
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
    let event = |n| json!({"at": "2027-01-01T00:00:00Z", "what": "verified", "detail": format!("{n}")});
    let events: Vec<Value> = (0..80).map(event).collect();
    site.write(
        FILE,
        json!({"everlit": {"fingerprint": token.fingerprint().to_string(), "events": events}}).to_string(),
    );
    let details: Vec<String> = site.load().unwrap().record.events.into_iter().map(|event| event.detail).collect();
    let newest: Vec<String> = (80 - Record::EVENTS_KEPT..80).map(|n| n.to_string()).collect();
    assert_eq!(details, newest);
}

#[test]
#[cfg(unix)]
fn a_new_file_is_private_and_an_old_one_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |site: &Site| fs::metadata(site.at(FILE)).unwrap().permissions().mode() & 0o7777;
    let token = fake('A');
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
    site.under_lease(|lease| now(lease.save_record(&record_of(&token))).unwrap());
    assert_eq!(mode(&site), 0o600);
    site.write(FILE, "{}");
    set_mode(&site, FILE, 0o664);
    site.under_lease(|lease| now(lease.save_record(&record_of(&token))).unwrap());
    assert_eq!(mode(&site), 0o664);
}

#[test]
fn a_record_that_says_nothing_new_leaves_the_file_alone() {
    let token = fake('A');
    let site = Site::new(format!("IG_ACCESS_TOKEN={}\n", token.expose()));
    site.under_lease(|lease| now(lease.save_record(&record_of(&token))).unwrap());
    let disk = FaultyDisk::new(RealDisk, Plan::Nothing);
    let (files, name) = (site.files_on(disk.clone()), site.name());
    let mut lease = now(everlit_keeper::Store::lease(&files, &name, NOW)).unwrap();
    now(lease.save_record(&record_of(&token))).unwrap();
    drop(lease);
    assert!(!disk.steps().iter().any(|step| step.name == "rename"), "{:?}", disk.steps());
}
