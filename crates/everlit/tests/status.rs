//! `everlit status` says that all is well only where that is known.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]

mod support;

use std::fs::File;
use std::time::{Duration, UNIX_EPOCH};

use everlit_sandbox::{Endpoint, Fault, Injection, Issue, Kind, State};
use support::{FAKE_TOKEN, Meta, Project, USERNAME, unix_now};

/// A project whose token is that old, and verified by a run.
fn verified(meta: &Meta, age_days: i64) -> Project {
    let token = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged_days(age_days));
    let project = Project::holding(&token).with_metadata(&token, age_days);
    project.everlit(&["refresh"]).asking(meta).run().ended(0);
    project.everlit(&["status", "--check"]).run().ended(0).says("OK: 1 token safe");
    project
}

#[test]
fn a_token_that_nobody_has_verified_is_not_called_safe() {
    for project in [Project::new(), Project::new().with_metadata(FAKE_TOKEN, 10)] {
        project.everlit(&["status", "--check"]).run().ended(4).says("NOT VERIFIED YET").says("verified");
    }
}

#[test]
fn a_run_that_could_not_start_its_work_is_seen_by_status() {
    let meta = Meta::friendly();
    let project = verified(&meta, 10);
    let missing = project.path().join("missing.pem");
    project.everlit(&["refresh", "--force"]).env("EVERLIT_CA_FILE", missing).asking(&meta).run().ended(2);
    let run = project.everlit(&["status", "--check"]).run().ended(2);
    run.says("ERROR: default: the last run failed").says("missing.pem");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.everlit(&["status", "--check"]).run().ended(0);
}

#[test]
fn a_dead_token_found_live_is_dead_for_every_later_look() {
    let meta = Meta::friendly();
    let project = verified(&meta, 10);
    project.everlit(&["status", "--live"]).asking(&meta).run().ended(0).says("Meta confirms the token as @");
    meta.sandbox.with(|meta| meta.set_state(USERNAME, State::PasswordChanged));
    let run = project.everlit(&["status", "--live"]).asking(&meta).run().ended(3);
    run.never_shows("healthy");
    project.everlit(&["status", "--check"]).run().ended(3).says("NEEDS A PERSON");
    project.everlit(&["refresh"]).asking(&meta).run().ended(3);
}

#[test]
fn no_answer_to_a_live_question_is_no_verdict() {
    let meta = Meta::friendly();
    let project = verified(&meta, 10);
    meta.inject(Injection::new(Fault::Html { status: 503 }).at(Endpoint::Me).times(4));
    project.everlit(&["status", "--live"]).asking(&meta).run().ended(4);
    project.everlit(&["status", "--check"]).run().ended(0);
}

#[test]
fn a_token_that_no_run_has_looked_at_for_days_is_not_safe() {
    let meta = Meta::friendly();
    let project = Project::empty();
    project.everlit(&["connect", "--stdin"]).asking(&meta).fed(meta.token_of_age(2)).ended(0);
    project.everlit(&["status", "--check"]).run().ended(0);
    let metadata = "scripts/instagram-token.json";
    let mut record = project.read_json(metadata);
    let verified = &mut record["everlit"]["last_verified_at"];
    assert!(verified.is_string(), "{verified}");
    *verified = "2026-01-01T00:00:00Z".into();
    project.write(metadata, record.to_string());
    let run = project.everlit(&["status", "--check"]).run().ended(3);
    run.says("NEEDS A PERSON: default: no run since").says("there is no schedule");
    project.everlit(&["doctor"]).asking(&meta).run().ended(3).says("there is no schedule");
}

#[test]
fn a_stopped_schedule_is_a_state_that_needs_a_person() {
    let meta = Meta::friendly();
    let project = verified(&meta, 10);
    let long_ago = UNIX_EPOCH + Duration::from_secs(unix_now().unsigned_abs() - 4 * 86_400);
    File::options().write(true).open(project.path().join(".everlit/last-run")).unwrap().set_modified(long_ago).unwrap();
    let run = project.everlit(&["status", "--check"]).run().ended(3);
    run.says("NEEDS A PERSON: default: no run since");
    let status = project.everlit(&["status", "--json"]).run().ended(3).json();
    assert_eq!(status["accounts"][0]["state"], "stopped");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.everlit(&["status", "--check"]).run().ended(0);
}

#[test]
fn a_token_whose_runs_nobody_can_see_is_not_called_safe() {
    let meta = Meta::friendly();
    let project = verified(&meta, 10);
    project.remove(".everlit/last-run");
    // Not even root reads a folder as a file.
    std::fs::create_dir(project.path().join(".everlit/last-run")).unwrap();
    let unknown = "whether runs happen is not known: this user cannot read ";
    project.everlit(&["status", "--check"]).run().ended(4).says(&format!("NOT KNOWN: default: {unknown}"));
    let run = project.everlit(&["status"]).run().ended(0).says(unknown);
    assert!(!run.stdout.contains("no run has been recorded"), "{run}");
    project.everlit(&["doctor"]).asking(&meta).run().says(unknown);
}

#[test]
fn a_token_past_its_expiry_is_handed_on_only_with_a_warning() {
    let project = Project::new().with_metadata(FAKE_TOKEN, 61);
    project.everlit(&["status", "--check"]).run().ended(3).says("NEEDS A PERSON: default: expired");
    let run = project.everlit(&["token"]).run().ended(3);
    assert_eq!(run.stdout, "");
    project.everlit(&["run", "--", "true"]).run().notes("default: expired");
}

#[test]
fn a_failed_verification_is_not_called_a_refresh() {
    let meta = Meta::friendly();
    let project = verified(&meta, 10);
    meta.sandbox.with(|meta| meta.set_state(USERNAME, State::PasswordChanged));
    let run = project.everlit(&["status", "--live"]).asking(&meta).run().ended(3);
    run.says("Verification failed 400").never_shows("Refresh failed");
}

#[test]
fn a_clock_that_differs_from_metas_is_reported() {
    let meta = Meta::friendly();
    let token = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged_days(10));
    let project = Project::holding(&token).with_metadata(&token, 10);
    meta.inject(Injection::new(Fault::WrongDate { seconds: -3 * 86_400 }).times(9));
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    run.says("this machine's clock is 3 days ahead of Meta's");
    project.everlit(&["status"]).run().ended(0).says("clock is 3 days ahead of Meta's");
}

#[test]
fn a_clock_that_is_behind_makes_no_expired_token_well() {
    let meta = Meta::friendly();
    let token = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged_days(10));
    let project = Project::holding(&token).with_metadata(&token, 10);
    meta.inject(Injection::new(Fault::WrongDate { seconds: 51 * 86_400 }).times(9));
    project.everlit(&["status", "--live"]).asking(&meta).run().ended(3).says("51 days behind Meta's");
    project.everlit(&["status", "--check"]).run().ended(3).says("expired");
}

#[test]
fn an_unreadable_note_of_what_was_sent_is_named() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(10);
    let project = Project::holding(&token).with_metadata(&token, 10).verified();
    project.write("everlit.toml", "[notify.own]\nkind = \"command\"\ncommand = [\"true\"]\n");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    for file in [".everlit/alerts.json", ".everlit/heartbeats.json"] {
        project.write(file, "garbage");
        let shown: std::path::PathBuf = file.split('/').collect();
        let message = format!("{} cannot be read", shown.display());
        project.everlit(&["status"]).run().says(&message);
        project.everlit(&["doctor"]).asking(&meta).run().says(&message);
        project.remove(file);
    }
    let run = project.everlit(&["status"]).run();
    assert!(!run.stdout.contains("cannot be read"), "{}", run.stdout);
}

#[test]
fn a_last_run_in_the_future_is_no_sign_of_a_schedule() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(10);
    let project = Project::holding(&token).with_metadata(&token, 10).verified();
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.everlit(&["status", "--check"]).run().ended(0);
    let note = File::options().write(true).open(project.path().join(".everlit/last-run")).unwrap();
    note.set_modified(std::time::SystemTime::now() + Duration::from_secs(30 * 86_400)).unwrap();
    let status = project.everlit(&["status"]).run().says("in the future; a clock was wrong");
    assert!(!status.stdout.contains("last run in"), "{status}");
    project.everlit(&["status", "--check"]).run().ended(4);
    project.everlit(&["doctor"]).asking(&meta).run().says("in the future; a clock was wrong");
}
