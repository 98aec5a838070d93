//! Waits are stored: neither another run nor a crash loop asks Meta before the time.

use everlit_sandbox::{Fault, Injection, Issue, Kind, MetaError};

use crate::canned::Canned;
use crate::support::{FAKE_TOKEN, Meta, Project, USERNAME, unix_now};
use crate::{METADATA, due, time_passes};

fn next_attempt(project: &Project) -> i64 {
    let metadata = project.read_json(METADATA);
    let text = metadata["everlit"]["failure"]["next_attempt_at"].as_str().expect("a stored wait").to_owned();
    text.parse::<jiff::Timestamp>().unwrap().as_second()
}

#[test]
fn a_rate_limit_holds_across_restarts() {
    for code in [4, 17, 32, 613, 80_002] {
        let meta = Meta::friendly();
        let project = due(&meta);
        meta.inject(Injection::new(Fault::Error(MetaError::new(code, "Application request limit reached"))));
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(4);
        run.says("Refresh failed 400: Application request limit reached").says("nothing is lost");
        assert!(next_attempt(&project) >= unix_now() + 3_500, "an hour is the custom");
        let calls = meta.calls();
        for _ in 0..5 {
            project.everlit(&["refresh"]).asking(&meta).run().ended(4).says("retrying");
        }
        assert_eq!(meta.calls(), calls, "asked before the time");

        meta.lets_go();
        time_passes(&meta, 3_700);
        project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
    }
}

#[test]
fn retry_after_is_obeyed() {
    let body = br#"{"error":{"message":"Slow down","type":"OAuthException","code":4}}"#;
    let server = Canned::http("429 Too Many Requests", "content-type: application/json\r\nretry-after: 7200\r\n", body);
    let project = Project::new().with_metadata(FAKE_TOKEN, 31);
    let before = unix_now();
    project.everlit(&["refresh"]).env("EVERLIT_META_URL", server.url()).run().ended(4).says("Slow down");
    assert!((before + 7_200..=unix_now() + 7_200).contains(&next_attempt(&project)));
    // Even where the answer cannot be read.
    let server = Canned::http("503 Service Unavailable", "retry-after: 600\r\n", b"<html>");
    let project = Project::new().with_metadata(FAKE_TOKEN, 31);
    let before = unix_now();
    project.everlit(&["refresh"]).env("EVERLIT_META_URL", server.url()).run().ended(4);
    assert!((before + 600..=unix_now() + 600).contains(&next_attempt(&project)));
    assert_eq!(server.requests().len(), 1, "too long to wait for within a run");
}

#[test]
fn force_retries_at_once_and_keeps_the_failure_count() {
    let meta = Meta::friendly();
    let project = due(&meta);
    meta.inject(Injection::new(Fault::Error(MetaError::new(4, "Application request limit reached"))).times(3));
    for attempt in 1..=3 {
        project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(4);
        assert_eq!(project.read_json(METADATA)["everlit"]["failure"]["attempts"], attempt);
    }
    project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(0).says("refreshed");
}

#[test]
fn a_token_replaced_by_hand_does_not_wait() {
    for error in [MetaError::new(4, "Application request limit reached"), MetaError::new(190, "Dead").subcode(460)] {
        let meta = Meta::friendly();
        let project = due(&meta);
        meta.inject(Injection::new(Fault::Error(error)).times(1));
        let run = project.everlit(&["refresh"]).asking(&meta).run();
        assert!(matches!(run.code, Some(3 | 4)), "{run}");
        let fresh = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged_days(2));
        project.write(".env.local", format!("IG_ACCESS_TOKEN={fresh}\n"));
        project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
    }
}

#[test]
fn a_wait_stored_under_a_wrong_clock_is_ignored() {
    let meta = Meta::friendly();
    let project = due(&meta);
    meta.inject(Injection::new(Fault::Error(MetaError::new(4, "Application request limit reached"))).times(1));
    project.everlit(&["refresh"]).asking(&meta).run().ended(4);
    let metadata = project.read(METADATA);
    let stored = project.read_json(METADATA)["everlit"]["failure"]["next_attempt_at"].as_str().unwrap().to_owned();
    project.write(METADATA, metadata.replace(&stored, "2099-01-01T00:00:00Z"));
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
}
