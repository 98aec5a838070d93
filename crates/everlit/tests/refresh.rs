//! A good day: what `everlit refresh` does where nothing is wrong.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]

mod support;

use everlit_meta_api::DAY;
use everlit_sandbox::{Endpoint, Issue, Kind, OneOf, RefreshString, State};
use support::{Meta, Project, USERNAME, unix_now};

const METADATA: &str = "scripts/instagram-token.json";

#[test]
fn a_due_token_is_refreshed_and_nothing_else_changes() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(31);
    let project = Project::holding(&token).with_metadata(&token, 31);
    let env = project.read(".env.local");

    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let run = run.says("refreshed").says("29 → 60 days left").says("written: .env.local, scripts/instagram-token.json");
    run.says("Next: nothing to do").notes("Not the real Meta").never_shows(&token).never_shows(&meta.newest());

    assert_ne!(meta.newest(), token);
    assert_eq!(project.read(".env.local"), env.replace(&token, &meta.newest()));
    assert_eq!(meta.refreshes(), 1);
    let metadata = project.read_json(METADATA);
    assert_eq!(metadata["access_token"], format!("{}...", &meta.newest()[..20]));
    assert_eq!(metadata["token_type"], "bearer");
    assert_eq!(metadata["expires_in"], 60 * DAY);
    let expires_at = metadata["expires_at"].as_i64().unwrap();
    assert!((unix_now() + 60 * DAY - 60..=unix_now() + 60 * DAY).contains(&expires_at), "{expires_at}");
    let refreshed_at: jiff::Timestamp = metadata["refreshed_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(refreshed_at.as_second() + 60 * DAY, expires_at);
    assert_eq!(metadata["everlit"]["username"], USERNAME);
    assert!(!project.read(METADATA).contains(&meta.newest()[..21]), "the metadata shows 20 characters, no more");
    assert!(!project.has(".everlit/candidate"), "the candidate is let go");
}

#[test]
fn a_token_that_is_not_due_makes_no_call() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(10);
    let project = Project::holding(&token).with_metadata(&token, 10);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("verified");
    let (before, calls) = (project.lasting_files(), meta.calls());
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    run.says("healthy").says("50 days left").says("Next: nothing to do");
    assert_eq!(meta.calls(), calls);
    assert_eq!(project.lasting_files(), before);
    // "just now", or a second later.
    project.everlit(&["status"]).run().ended(0).says("last run ");
}

#[test]
fn certificates_are_read_only_if_meta_has_to_be_asked() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(31);
    let refresh = ["refresh", "--ca-file", "nowhere.pem"];
    let rested = Project::holding(&token).with_metadata(&token, 10);
    rested.everlit(&["refresh"]).asking(&meta).run().ended(0).says("verified");
    let calls = meta.calls();
    rested.everlit(&refresh).asking(&meta).run().ended(0).says("healthy");
    let due = Project::holding(&token).with_metadata(&token, 31);
    due.everlit(&refresh).asking(&meta).run().ended(2).notes("nowhere.pem");
    assert_eq!(meta.calls(), calls);
}

#[test]
fn a_run_that_cannot_be_recorded_still_refreshes() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(10);
    let project = Project::holding(&token).with_metadata(&token, 10);
    project.write("token.json", project.read("scripts/instagram-token.json"));
    // Nothing can be put there, whoever asks.
    project.write(".everlit/last-run/full", "");
    let metadata = ["--metadata", "token.json"];
    project.everlit(&[&["refresh"][..], &metadata].concat()).asking(&meta).run().ended(0).says("verified");
    project.everlit(&[&["status"][..], &metadata].concat()).run().ended(0).says("whether runs happen is not known");
}

#[test]
fn the_first_run_learns_the_expiry_by_refreshing() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(3);
    let project = Project::holding(&token);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed").says("60 days left");
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("healthy");
    assert_eq!(meta.refreshes(), 1);
    assert_eq!(project.read_json(METADATA)["everlit"]["account"], "17841400000000001", "whose token it is was asked");
}

#[test]
fn an_extended_token_with_the_same_string_is_accepted() {
    let meta = Meta::with(|knobs| knobs.refresh_string = OneOf::only(RefreshString::Same));
    let token = meta.token_of_age(40);
    let project = Project::holding(&token).with_metadata(&token, 40);
    let env = project.read(".env.local");
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    run.says("20 → 60 days left").says("Meta gave the same token a new life");
    assert_eq!(project.read(".env.local"), env);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("healthy").says("60 days left");
    assert_eq!(meta.refreshes(), 1);
}

#[test]
fn a_token_replaced_by_hand_is_adopted() {
    let meta = Meta::friendly();
    let (old, new) =
        (meta.token_of_age(31), meta.issue(&Issue::new(Kind::Instagram).username("new_owner").aged_days(2)));
    let project = Project::holding(&old).with_metadata(&old, 10);
    project.write(".env.local", format!("IG_ACCESS_TOKEN={new}\n"));
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    run.says("refreshed");
    assert_eq!(project.read_json(METADATA)["everlit"]["username"], "new_owner");
}

#[test]
fn threads_tokens_are_refreshed_at_threads() {
    let meta = Meta::friendly();
    let token = meta.issue(&Issue::new(Kind::Threads).username(USERNAME).aged_days(31));
    let project = Project::empty().with_file(".env.local", &format!("THREADS_ACCESS_TOKEN={token}\n"));
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    run.says("refreshed").notes("IG_ACCESS_TOKEN is not set in .env.local; taking THREADS_ACCESS_TOKEN");
    assert_eq!(project.read(".env.local"), format!("THREADS_ACCESS_TOKEN={}\n", meta.newest()));
}

#[test]
fn force_refreshes_a_token_that_is_not_due() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(10);
    let project = Project::holding(&token).with_metadata(&token, 10);
    project.everlit(&["refresh", "--force"]).asking(&meta).run().ended(0).says("50 → 60 days left");
    assert_eq!(meta.refreshes(), 1);
}

#[test]
fn a_dry_run_makes_no_call_and_writes_nothing() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(31);
    let project = Project::holding(&token).with_metadata(&token, 31);
    let before = project.files();
    let run = project.everlit(&["refresh", "--dry-run"]).asking(&meta).run().ended(0);
    run.notes("nothing is written").says("due").says("Next: everlit refresh");
    assert_eq!(project.files(), before);
    assert_eq!(meta.calls(), 0);
}

#[test]
fn the_threshold_can_be_set() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(10);
    let project = Project::holding(&token).with_metadata(&token, 10);
    project.everlit(&["refresh", "--threshold-days", "49"]).asking(&meta).run().ended(0).says("verified");
    project.everlit(&["refresh", "--threshold-days", "51"]).asking(&meta).run().ended(0).says("refreshed");
}

#[test]
fn json_reports_the_same_refresh() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(31);
    let project = Project::holding(&token).with_metadata(&token, 31);
    let run = project.everlit(&["refresh", "--json"]).asking(&meta).run().ended(0);
    let document = run.json();
    assert_eq!(document["schema"], "everlit.refresh/1");
    assert_eq!(document["exit_code"], 0);
    let account = &document["accounts"][0];
    assert_eq!(
        (&account["state"], &account["outcome"], &account["username"]),
        (&"healthy".into(), &"refreshed".into(), &USERNAME.into())
    );
    assert!(account["seconds_left"].as_i64().unwrap() > 59 * DAY);
    run.never_shows(&meta.newest()[..21]);
}

#[test]
fn quiet_prints_nothing_if_healthy_so_cron_sends_no_mail() {
    let meta = Meta::friendly();
    let token = &meta.token_of_age(10);
    let project = Project::holding(token).with_metadata(token, 10);
    project.write(".env.local", format!("INSTAGRAM_TOKEN={token}\n"));
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    let run = project.everlit(&["refresh", "--quiet"]).run().ended(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn several_accounts_in_one_env_file_are_refreshed() {
    let meta = Meta::friendly();
    let token = |name: &str, days| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(days));
    let (bakery, florist, cafe) = (token("bakery", 31), token("florist", 40), token("cafe", 5));
    let project = Project::empty()
        .with_file(".env.local", &format!("BAKERY={bakery}\nOTHER=1\nFLORIST={florist}\n"))
        .with_file("cafe/.env", &format!("TOKEN={cafe}\n"))
        .with_file(
            "everlit.toml",
            "[account.bakery]\nkey = \"BAKERY\"\n[account.florist]\nkey = \"FLORIST\"\n\
             [account.cafe]\nenv_file = \"cafe/.env\"\nkey = \"TOKEN\"\n",
        );
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    run.says("3 accounts: 3 refreshed");
    let newest = |name: &str| meta.sandbox.with(|meta| meta.newest_token(name).unwrap().text.to_string());
    let env = format!("BAKERY={}\nOTHER=1\nFLORIST={}\n", newest("bakery"), newest("florist"));
    assert_eq!(project.read(".env.local"), env);
    assert_eq!(project.read("cafe/.env"), format!("TOKEN={}\n", newest("cafe")));
    for name in ["bakery", "florist", "cafe"] {
        assert_eq!(project.read_json(&format!("scripts/{name}-token.json"))["everlit"]["username"], name);
    }
    let run = project.everlit(&["refresh", "--account", "cafe"]).asking(&meta).run().ended(0);
    run.says("cafe").says("healthy").never_shows("bakery");
}

#[test]
fn each_account_gets_its_own_next_step() {
    let meta = Meta::friendly();
    let issue = |name: &str| Issue::new(Kind::Instagram).username(name).aged_days(31);
    let (bakery, florist) = (meta.issue(&issue("bakery").state(State::Revoked)), meta.issue(&issue("florist")));
    let project = Project::empty().with_file(".env.local", &format!("BAKERY={bakery}\nFLORIST={florist}\n")).with_file(
        "everlit.toml",
        "[account.bakery]\nkey = \"BAKERY\"\n[account.cafe]\nkey = \"CAFE\"\n[account.florist]\nkey = \"FLORIST\"\n",
    );
    for command in ["refresh", "status"] {
        let run = project.everlit(&[command]).asking(&meta).run().ended(3);
        run.says("  Next: everlit connect bakery\n")
            .says("  Next: everlit connect cafe\n")
            .never_shows("connect florist");
    }
}

#[test]
fn no_rule_of_metas_api_is_broken() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(31);
    let project = Project::holding(&token);
    for _ in 0..3 {
        project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    }
    meta.sandbox.with(|meta| {
        let violations: Vec<_> = meta.violations().collect();
        assert!(violations.is_empty(), "{violations:?}");
        assert_eq!(meta.calls_to(Endpoint::Refresh), 1);
    });
}
