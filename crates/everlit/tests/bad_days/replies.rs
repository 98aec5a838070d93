//! Replies that are no replies, and tokens that are no tokens: the token in use stays, and the exit code says "temporary".

use everlit_sandbox::{Endpoint, Fault, Injection, MetaError};
use serde_json::{Value, json};

use crate::canned::Canned;
use crate::support::{FAKE_TOKEN, Meta, Project, Run};
use crate::{DAY, ENV, METADATA, due};

/// A refresh whose reply has this fault; what there is to see, with the token in use unharmed.
fn refused(fault: &Fault, arguments: &[&str]) -> Run {
    let meta = Meta::friendly();
    let project = due(&meta);
    let before = project.read(ENV);
    meta.inject(Injection::new(fault.clone()).at(Endpoint::Refresh));
    let run = project.everlit(&[&["refresh"], arguments].concat()).asking(&meta).run();
    assert_eq!(run.code, Some(4), "{fault:?}\n{run}");
    assert_eq!(project.read(ENV), before, "{fault:?}\n{run}");
    assert!(run.stdout.contains("Next: "), "{fault:?}\n{run}");
    assert!(!project.has(".everlit/candidate"), "{fault:?}\n{run}");
    let failure = &project.read_json(METADATA)["everlit"]["failure"];
    assert_eq!(failure["attempts"], 1, "the failure is kept\n{run}");
    assert_eq!(failure["reply_lost"], is_after_the_act(fault), "{fault:?}\n{run}");

    // A run at once asks nothing: the wait is stored.
    let calls = meta.calls();
    let again = project.everlit(&["refresh"]).asking(&meta).run().ended(4);
    again.says("retrying").says("--force");
    assert_eq!(meta.calls(), calls, "{fault:?}");
    run
}

fn is_after_the_act(fault: &Fault) -> bool {
    !matches!(fault, Fault::Error(_) | Fault::OtherAccount | Fault::Redirect { .. })
        && !matches!(fault, Fault::Html { status } | Fault::Empty { status } if *status >= 300)
}

fn altered(field: &str, value: Value) -> Fault {
    Fault::Alter { field: field.to_owned(), value }
}

#[test]
fn a_permanent_error_is_not_retried_and_changes_nothing() {
    let table = [
        (Fault::Empty { status: 200 }, "the reply is empty"),
        (Fault::Huge { bytes: 100 << 20 }, "the reply is far too large"),
        (altered("access_token", Value::Null), "it has no access token"),
        (altered("access_token", json!("")), "it has no access token"),
        (altered("access_token", json!(17)), "it has no access token"),
        (altered("access_token", json!("IGAAfakeFAKE")), "too short for a token"),
        (altered("access_token", json!(format!("{FAKE_TOKEN}\nEVIL=1"))), "line break"),
        (altered("access_token", json!(format!("{FAKE_TOKEN}\"x"))), "'\"'"),
        (altered("access_token", json!(format!("{FAKE_TOKEN}$(id)"))), "'$'"),
        (altered("access_token", json!(format!("{FAKE_TOKEN}\\n"))), "'\\\\'"),
        (altered("access_token", json!(format!("{FAKE_TOKEN}#x"))), "'#'"),
        (altered("expires_in", json!(-1)), "-1 seconds"),
        (altered("expires_in", json!(0)), "0 seconds"),
        (altered("expires_in", json!(1e30)), "seconds"),
        (altered("expires_in", json!(101 * DAY)), "8726400 seconds"),
        (altered("expires_in", json!("soon")), "not a number"),
        (altered("expires_in", json!([60])), "not a number"),
    ];
    for (fault, message) in table {
        refused(&fault, &[]).says(message).never_shows(&FAKE_TOKEN[..12]);
    }
}

#[test]
fn an_unusual_but_valid_expires_in_is_accepted() {
    for (fault, left) in [
        (altered("expires_in", json!("5184000")), "60 days left"),
        (altered("expires_in", json!(5_183_990.7)), "60 days left"),
        (altered("expires_in", Value::Null), "59 days left"),
        (altered("token_type", json!("Bearer")), "60 days left"),
        (altered("permissions", json!([1, 2])), "60 days left"),
        (Fault::WrongDate { seconds: 40 * DAY }, "60 days left"),
        (Fault::WrongDate { seconds: -400 * DAY }, "60 days left"),
    ] {
        let meta = Meta::friendly();
        let project = due(&meta);
        meta.inject(Injection::new(fault.clone()).at(Endpoint::Refresh));
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
        assert!(run.stdout.contains(left), "{fault:?}\n{run}");
        assert!(project.read(ENV).contains(&meta.newest()), "{fault:?}");
    }
}

#[test]
fn an_hour_long_token_does_not_replace_a_longer_one() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let before = project.read(ENV);
    meta.inject(Injection::new(altered("expires_in", json!(3_600))).at(Endpoint::Refresh));
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    run.says("short-lived").says("Next: ");
    assert_eq!(project.read(ENV), before);
}

#[test]
fn a_token_that_expires_sooner_is_refused() {
    let meta = Meta::friendly();
    let project = due(&meta);
    let before = project.read(ENV);
    meta.inject(Injection::new(altered("expires_in", json!(10 * DAY))).at(Endpoint::Refresh));
    project.everlit(&["refresh"]).asking(&meta).run().ended(4).says("would expire earlier than the one in use");
    assert_eq!(project.read(ENV), before);
}

#[test]
fn a_compressed_reply_is_refused_and_not_shown() {
    let gzip = [&[0x1f, 0x8b, 8, 0][..], &[b'x'; 64]].concat();
    for headers in
        ["content-type: application/json\r\ncontent-encoding: gzip\r\n", "content-type: application/json\r\n"]
    {
        let server = Canned::http("200 OK", headers, &gzip);
        let project = Project::new().with_metadata(FAKE_TOKEN, 31);
        let before = project.read(ENV);
        let run = project.everlit(&["refresh"]).env("EVERLIT_META_URL", server.url()).run().ended(4);
        run.says("compressed").never_shows("xxxx");
        assert_eq!(project.read(ENV), before);
        assert!(server.requests().iter().all(|request| request.contains("accept-encoding: identity")));
    }
}

#[test]
fn transient_errors_are_retried_for_less_than_a_minute() {
    // Each takes the run's three pauses, so they go side by side.
    let stays = Fault::Error(MetaError::new(2, "Service temporarily unavailable").status(503).transient(true));
    let table = [
        (Fault::Html { status: 502 }, &[][..], "the reply is a web page"),
        (Fault::Html { status: 200 }, &[], "the reply is a web page"),
        (Fault::Empty { status: 500 }, &[], "500: the reply is empty"),
        (Fault::Truncated, &[], "connection closed in the middle of the reply"),
        (Fault::Dropped, &[], "connection closed before a reply"),
        (Fault::LostReply, &[], "connection closed before a reply"),
        (Fault::Drip { millis: 1_000 }, &["--timeout", "1"], "no complete reply within 1 s"),
        (Fault::Slow { millis: 60_000 }, &["--timeout", "1"], "no complete reply within 1 s"),
        (stays, &[], "Refresh failed 503: Service temporarily unavailable"),
    ];
    std::thread::scope(|threads| {
        for (fault, arguments, message) in table {
            threads.spawn(move || {
                let run = refused(&fault, arguments);
                assert!(run.stdout.to_lowercase().contains(&message.to_lowercase()), "{fault:?}\n{run}");
                // Where a reply may have been lost, that is not said.
                let safe = ["nothing is lost", "the token in use stays"];
                assert!(safe.iter().any(|it| run.stdout.contains(it)), "{fault:?}\n{run}");
            });
        }
        threads.spawn(nothing_listens);
        threads.spawn(a_redirect_is_not_followed);
    });
}

fn nothing_listens() {
    let project = Project::new().with_metadata(FAKE_TOKEN, 31);
    let run = project.everlit(&["refresh"]).env("EVERLIT_META_URL", "http://127.0.0.1:1").run().ended(4);
    run.says("Connection failed").never_shows(FAKE_TOKEN);
    assert_eq!(project.read_json(METADATA)["everlit"]["failure"]["reply_lost"], false);
}

/// The token never goes to another host.
fn a_redirect_is_not_followed() {
    let elsewhere = Canned::http("200 OK", "content-type: application/json\r\n", b"{}");
    let redirect = Fault::Redirect { location: format!("{}/refresh_access_token", elsewhere.url()) };
    let run = refused(&redirect, &[]);
    run.says("redirects to another address, which is not followed");
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

#[test]
fn an_error_that_passes_during_the_run_is_not_mentioned() {
    let meta = Meta::friendly();
    let project = due(&meta);
    meta.inject(Injection::new(Fault::Html { status: 503 }).at(Endpoint::Refresh).times(1));
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    run.says("refreshed").never_shows("503");
    assert_eq!(meta.refreshes(), 2);
    assert!(project.read_json(METADATA)["everlit"]["failure"].is_null());
}
