//! `everlit history`: what happened and when, from the records alone.

mod support;

use serde_json::{Value, json};
use support::{FAKE_TOKEN, Meta, Project};

fn metadata(token: &str, events: &[(&str, &str, &str)]) -> String {
    let events: Vec<Value> =
        events.iter().map(|(at, what, detail)| json!({ "at": at, "what": what, "detail": detail })).collect();
    json!({ "access_token": format!("{}...", &token[..20]), "everlit": { "schema": 1, "events": events } }).to_string()
}

#[test]
fn without_a_run_history_says_so_and_suggests_refresh() {
    let project = Project::new();
    let before = project.files();
    let run = project.everlit(&["history"]).run().ended(0);
    assert_eq!(
        run.stdout,
        "Nothing has happened yet. Each run records here what it does to a token.\nNext: everlit refresh\n"
    );
    assert_eq!(project.files(), before);
}

#[test]
fn history_shows_a_refresh_with_its_time() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(40);
    let project = Project::holding(&token).with_metadata(&token, 40);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let run = project.everlit(&["history"]).run().ended(0).says("UTC  refreshed").never_shows(&token);
    assert!(run.stdout.ends_with("Next: everlit status\n"), "{run}");
    let document = project.everlit(&["history", "--json"]).run().ended(0).json();
    assert_eq!(document["schema"], "everlit.history/1");
    let last = document["events"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["what"], &last["account"]), (&"refreshed".into(), &"default".into()));
}

#[test]
fn the_newest_event_is_last_and_omitted_ones_are_counted() {
    let events = [
        ("2026-01-01T00:00:00Z", "adopted", "a new token"),
        ("2026-02-01T00:00:00Z", "failed", "Meta was down"),
        ("2026-02-02T00:00:00Z", "refreshed", "2 to 60 days"),
    ];
    let project = Project::new().with_file("scripts/instagram-token.json", &metadata(FAKE_TOKEN, &events));
    let run = project.everlit(&["history", "-n", "2"]).run().ended(0);
    assert_eq!(
        run.stdout,
        "the latest 2 of 3 events (`everlit history -n 3` shows all)\n\
         ✗  1 Feb 2026 00:00 UTC  failed         Meta was down\n\
         ✓  2 Feb 2026 00:00 UTC  refreshed      2 to 60 days\n\
         Next: everlit status\n"
    );
    let none = project.everlit(&["history", "-n", "0", "--json"]).run().ended(0).json();
    assert_eq!((&none["older_events"], &none["events"]), (&3.into(), &json!([])));
}

#[test]
fn events_of_several_accounts_are_merged_by_time() {
    let project = Project::empty()
        .with_file("everlit.toml", "[account.shop]\nkey = \"SHOP\"\n[account.bakery]\nkey = \"BAKERY\"\n")
        .with_file(".env.local", &format!("SHOP={FAKE_TOKEN}\nBAKERY={FAKE_TOKEN}b\n"))
        .with_file(
            "scripts/shop-token.json",
            &metadata(
                FAKE_TOKEN,
                &[("2026-01-01T00:00:00Z", "verified", "first"), ("2026-03-01T00:00:00Z", "verified", "third")],
            ),
        )
        .with_file(
            "scripts/bakery-token.json",
            &metadata(FAKE_TOKEN, &[("2026-02-01T00:00:00Z", "verified", "second")]),
        );
    let run = project.everlit(&["history"]).run().ended(0);
    let order: Vec<&str> = run.stdout.lines().filter_map(|line| line.split_whitespace().nth(6)).collect();
    assert_eq!(order[..3], ["shop", "bakery", "shop"], "{run}");
    let one = project.everlit(&["history", "--account", "bakery"]).run().ended(0);
    assert!(one.stdout.contains("second") && !one.stdout.contains("third"), "{one}");
}

#[test]
fn an_unreadable_account_does_not_hide_the_others() {
    let project = Project::empty()
        .with_file("everlit.toml", "[account.shop]\nkey = \"SHOP\"\n[account.bakery]\nkey = \"BAKERY\"\n")
        .with_file(".env.local", &format!("SHOP={FAKE_TOKEN}\n"))
        .with_file(
            "scripts/shop-token.json",
            &metadata(FAKE_TOKEN, &[("2026-01-01T00:00:00Z", "verified", "it works")]),
        );
    project.everlit(&["history"]).run().ended(2).says("it works").says("BAKERY is not set there");
    let document = project.everlit(&["history", "--json"]).run().ended(2).json();
    assert_eq!(
        (&document["unusable"][0]["account"], document["events"].as_array().map(Vec::len)),
        (&"bakery".into(), Some(1))
    );
}
