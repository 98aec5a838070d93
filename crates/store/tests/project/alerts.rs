//! The alerts file.

use everlit_keeper::{Alarm, AlertState, AlertStore, Health, Undelivered};

use crate::site::Site;
use everlit_testkit::contract::{NOW, fake, now};

const FILE: &str = ".everlit/alerts.json";

fn site() -> Site {
    Site::new(format!("IG_ACCESS_TOKEN={}\n", fake('A').expose()))
}

fn alert_state() -> AlertState {
    let alarm = Alarm { health: Health::NotSaved, cause: "not_saved".to_owned(), since: NOW, at: NOW, reminded: None };
    let undelivered = Undelivered { channel: "ops".to_owned(), message: "no answer".to_owned(), at: NOW };
    AlertState { alarm: Some(alarm), undelivered: vec![undelivered] }
}

#[test]
fn the_alerts_file_is_private_and_exists_only_when_needed() {
    let site = site();
    let files = site.files();
    files.note_run(&site.name(), None);
    let before = site.listing();
    now(files.save_alert_state(&site.name(), &alert_state())).unwrap();
    assert!(site.listing().contains(&FILE.to_owned()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(site.at(FILE)).unwrap().permissions().mode() & 0o7777, 0o600);
    }
    now(files.save_alert_state(&site.name(), &AlertState::default())).unwrap();
    assert_eq!(site.listing(), before);
}

#[test]
fn it_is_kept_without_an_env_file_and_without_a_token() {
    for site in [Site::empty(), Site::new("IG_ACCESS_TOKEN=\n")] {
        let files = site.files();
        assert!(site.load().is_err());
        now(files.save_alert_state(&site.name(), &alert_state())).unwrap();
        assert_eq!(now(files.alert_state(&site.name())), alert_state());
    }
}

#[test]
fn garbage_in_it_is_as_good_as_nothing_and_is_written_over() {
    let whole = r#"{"alarm":{"health":"needs_person","cause":"reconnect","since":"2027-01-01T03:17:00Z","at":"2027-01-01T03:17:00Z"}}"#;
    for cut in (0..whole.len()).map(|end| &whole[..end]).chain([
        "\0\0\0",
        "[]",
        "{}",
        r#"{"alarm":7,"undelivered":{}}"#,
        r#"{"alarm":{"health":"by carrier pigeon","cause":"x","since":"2027-01-01T03:17:00Z","at":"2027-01-01T03:17:00Z"}}"#,
        r#"{"alarm":{"health":"healthy"},"undelivered":[1,{},{"channel":"ops"}]}"#,
    ]) {
        let site = site();
        site.write(FILE, cut);
        let files = site.files();
        assert_eq!(now(files.alert_state(&site.name())), AlertState::default(), "{cut}");
        now(files.save_alert_state(&site.name(), &alert_state())).unwrap();
        assert_eq!(now(files.alert_state(&site.name())), alert_state(), "{cut}");
    }
    let site = site();
    site.write(FILE, whole);
    assert!(now(site.files().alert_state(&site.name())).alarm.is_some(), "or this test shows nothing");
}
