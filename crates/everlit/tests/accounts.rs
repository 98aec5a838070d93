//! Several accounts in one project: what is wrong with one is its own, and a run on one knows the others.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]

mod support;

use std::fmt::Write as _;

use everlit_meta_api::DAY;
use everlit_sandbox::{Issue, Kind};
use serde_json::Value;
use support::service::Service;
use support::{FAKE_TOKEN, Meta, Project, Run};

/// The app of the sandbox's Facebook tokens.
const APP_ID: &str = "1000000000000002";
const APP_SECRET: &str = "fa4e5a4db0c500000000000000000002";

/// Two Facebook accounts, `crm` and `page`, and an Instagram account, `shop`: each with an env file of its own and due.
fn agency(meta: &Meta) -> Project {
    let facebook = |name: &str| meta.issue(&Issue::new(Kind::SystemUser).username(name).aged_days(40).ttl(60 * DAY));
    let accounts = ["crm", "page", "shop"].map(|name| format!("[account.{name}]\nenv_file = \".env.{name}\"\n"));
    let project = Project::empty().with_file("everlit.toml", &accounts.concat());
    for name in ["crm", "page"] {
        project.write(&format!(".env.{name}"), format!("FACEBOOK_ACCESS_TOKEN={}\n", facebook(name)));
    }
    let instagram = meta.issue(&Issue::new(Kind::Instagram).username("shop").aged_days(40));
    project.with_file(".env.shop", &format!("IG_ACCESS_TOKEN={instagram}\n"))
}

fn add(project: &Project, file: &str, lines: &str) {
    let before = project.read(file);
    project.write(file, format!("{before}{lines}"));
}

fn pair(id: &str, secret: &str) -> String {
    format!("META_APP_ID={id}\nMETA_APP_SECRET={secret}\n")
}

/// What a JSON document says of one account.
fn of(run: &Run, name: &str) -> Value {
    let accounts = run.json()["accounts"].as_array().unwrap().clone();
    accounts.into_iter().find(|account| account["name"] == name).unwrap()
}

#[test]
fn each_account_uses_the_app_of_its_own_env_file() {
    let meta = Meta::friendly();
    let project = agency(&meta);
    // The app of the first is one that Meta does not know; it must not be used for the second.
    add(&project, ".env.crm", &pair("1000000000000009", "fa4e5a4db0c500000000000000000009"));
    add(&project, ".env.page", &pair(APP_ID, APP_SECRET));
    let run = project.everlit(&["refresh", "--json"]).asking(&meta).run().ended(2);
    assert_eq!(of(&run, "crm")["state"], "needs_person", "{run}");
    assert_eq!(of(&run, "page")["outcome"], "refreshed", "{run}");
    assert_eq!(of(&run, "shop")["outcome"], "refreshed", "{run}");
}

#[test]
fn a_wrong_app_is_told_of_the_account_that_has_it() {
    let table = [
        (pair("your-app-id", APP_SECRET), "META_APP_ID in .env.crm is a template's placeholder"),
        (pair(APP_ID, "<app secret>"), "META_APP_SECRET in .env.crm is a template's placeholder"),
        (pair(APP_ID, "changeme"), "META_APP_SECRET in .env.crm is a template's placeholder"),
        (pair("xxx", "xxx"), "META_APP_ID in .env.crm is a template's placeholder"),
        (pair(APP_SECRET, APP_ID), "META_APP_ID holds an app secret"),
        (format!("META_APP_ID={APP_ID}\n"), "META_APP_ID is set in .env.crm but META_APP_SECRET is not"),
        (format!("META_APP_SECRET={APP_SECRET}\n"), "META_APP_SECRET is set in .env.crm but META_APP_ID is not"),
    ];
    for (lines, message) in table {
        let meta = Meta::friendly();
        let project = agency(&meta);
        add(&project, ".env.crm", &lines);
        add(&project, ".env.page", &pair(APP_ID, APP_SECRET));
        let run = project.everlit(&["refresh", "--json"]).asking(&meta).run().ended(2);
        let crm = of(&run, "crm");
        assert_eq!((&crm["state"], &crm["failure"]["cause"]), (&"needs_person".into(), &"config".into()), "{run}");
        let said = crm["failure"]["message"].as_str().unwrap();
        assert!(said.contains(message), "{message}: {run}");
        for name in ["page", "shop"] {
            assert_eq!(of(&run, name)["outcome"], "refreshed", "{message}: {run}");
        }
        run.never_shows(APP_SECRET);
    }
}

#[test]
fn an_apps_id_and_secret_come_from_one_place() {
    let meta = Meta::friendly();
    let project = agency(&meta);
    add(&project, ".env.crm", &format!("META_APP_ID={APP_ID}\n"));
    let mixed = || project.everlit(&["refresh", "--force", "--json"]).asking(&meta).env("META_APP_SECRET", APP_SECRET);
    let run = mixed().run().ended(2);
    assert_eq!(of(&run, "crm")["failure"]["cause"], "config", "{run}");
    assert_eq!(of(&run, "page")["failure"]["cause"], "config", "{run}");
    // A pair that is whole serves every account without one of its own.
    let run = mixed().env("META_APP_ID", APP_ID).run().ended(0);
    assert_eq!(of(&run, "crm")["outcome"], "refreshed", "{run}");
    assert_eq!(of(&run, "page")["outcome"], "refreshed", "{run}");
}

#[test]
fn people_are_alerted_of_a_wrong_app() {
    let (meta, chat) = (Meta::friendly(), Service::new());
    let project = agency(&meta);
    add(&project, "everlit.toml", CHANNEL);
    put_secret_of(&chat, &project);
    add(&project, ".env.crm", &pair("your-app-id", "your-app-secret"));
    add(&project, ".env.page", &pair(APP_ID, APP_SECRET));
    project.everlit(&["refresh"]).asking(&meta).run().ended(2);
    let heard = chat.at("/told").concat();
    assert!(heard.contains("crm") && heard.contains("META_APP_ID in .env.crm"), "{heard}");
    assert!(!heard.contains("page"), "{heard}");
}

/// Two keys in one env file. A run for the first was killed before it wrote there in place, and left its copy.
#[test]
fn a_run_on_one_account_mends_the_file_it_shares() {
    let meta = Meta::friendly();
    let issue = |name: &str| meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(40));
    let env = format!("IG_ACCESS_TOKEN={}\nTOKEN_B={}\n", issue("a"), issue("b"));
    let project = Project::empty()
        .with_file("everlit.toml", "[account.a]\n[account.b]\nenv_file = \"./.env.local\"\nkey = \"TOKEN_B\"\n")
        .with_file(".env.local", &env)
        .with_file(".everlit/recovery/env", &env);
    for (path, mode) in [(".everlit", 0o700), (".everlit/recovery", 0o700), (".everlit/recovery/env", 0o600)] {
        project.set_mode(path, mode);
    }
    for account in ["b", "a"] {
        project.everlit(&["refresh", "--account", account]).asking(&meta).run().ended(0).says("refreshed");
        assert!(!project.has(".everlit/recovery/env"), "{account}");
    }
    assert_eq!(meta.refreshes(), 2);
}

#[test]
fn a_run_on_one_account_checks_the_files_of_all() {
    let table = [
        ("[account.a]\nmetadata = \"m.json\"\n[account.b]\nkey = \"B\"\nmetadata = \"./m.json\"\n", "metadata file"),
        ("[account.a]\n[account.b]\nkey = \"IG_ACCESS_TOKEN\"\n", "env file and key"),
    ];
    for (toml, shared) in table {
        let project = Project::new().with_file("everlit.toml", toml);
        for command in ["refresh", "status", "doctor"] {
            let run = project.everlit(&[command, "--account", "b"]).run();
            let message = format!("a and b have the same {shared}");
            assert!(run.code == Some(2) && format!("{run}").contains(&message), "{command}: {run}");
        }
    }
}

#[test]
fn an_account_does_not_take_the_key_of_another() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(40);
    let project = Project::empty()
        .with_file("everlit.toml", "[account.a]\n[account.b]\nkey = \"INSTAGRAM_TOKEN\"\n")
        .with_file(".env.local", &format!("INSTAGRAM_TOKEN={token}\n"));
    let run = project.everlit(&["refresh", "--json"]).asking(&meta).run().ended(2);
    assert_eq!(of(&run, "b")["outcome"], "refreshed", "{run}");
    let a = of(&run, "a");
    assert_eq!(a["state"], "unreadable", "{run}");
    assert!(a["message"].as_str().unwrap().contains("belongs to the account b"), "{run}");
    assert_eq!(meta.refreshes(), 1);
}

#[test]
fn a_token_in_two_accounts_is_refreshed_once() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(40);
    let project = Project::empty()
        .with_file("everlit.toml", "[account.a]\n[account.b]\nenv_file = \".env.b\"\n")
        .with_file(".env.local", &format!("IG_ACCESS_TOKEN={token}\n"))
        .with_file(".env.b", &format!("IG_ACCESS_TOKEN={token}\n"));
    let run = project.everlit(&["refresh", "--json"]).asking(&meta).run().ended(0);
    for name in ["a", "b"] {
        assert_eq!(of(&run, name)["outcome"], "refreshed", "{run}");
    }
    assert_eq!(meta.refreshes(), 1);
    assert!(project.read(".env.local").contains(&meta.newest()));
    assert_eq!(project.read(".env.local"), project.read(".env.b"));
}

/// That many accounts in `env/`, each with a due token.
#[cfg(unix)]
fn many(meta: &Meta, count: usize) -> Project {
    let project = Project::empty();
    let mut toml = String::new();
    for number in 0..count {
        let token = meta.issue(&Issue::new(Kind::Instagram).username(&format!("shop{number}")).aged_days(40));
        writeln!(toml, "[account.a{number}]\nenv_file = \"env/{number}.env\"").unwrap();
        project.write(&format!("env/{number}.env"), format!("IG_ACCESS_TOKEN={token}\n"));
    }
    project.with_file("everlit.toml", &toml)
}

#[test]
#[cfg(unix)]
fn hundreds_of_accounts_need_few_open_files() {
    const ACCOUNTS: usize = 200;
    let meta = Meta::friendly();
    let project = many(&meta, ACCOUNTS);
    let limited = ["sh", "-c", "ulimit -n 256; exec \"$0\" \"$@\""];
    let run = project.everlit_under(&limited, &["refresh"]).asking(&meta).run().ended(0);
    run.says(&format!("{ACCOUNTS} accounts: {ACCOUNTS} refreshed"));
    assert_eq!(meta.refreshes(), ACCOUNTS as u64);
}

/// Half a pair in the environment harms no account that needs no app.
#[test]
fn a_token_that_needs_no_app_is_refreshed_without_one() {
    for (name, value) in [("META_APP_ID", "your-app-id"), ("META_APP_SECRET_FILE", "no-such-file")] {
        let meta = Meta::friendly();
        let project = Project::holding(&meta.token_of_age(40));
        project.everlit(&["refresh"]).asking(&meta).env(name, value).run().ended(0).says("refreshed");
        project.everlit(&["status", "--live"]).asking(&meta).env(name, value).run().ended(0);
        assert!(!project.read(".env.local").contains(FAKE_TOKEN));
    }
}

const CHANNEL: &str = "[notify.own]\nkind = \"slack\"\n";

/// What [`CHANNEL`] sends goes there.
fn put_secret_of(chat: &Service, project: &Project) {
    project.write(".everlit/secrets.env", format!("EVERLIT_NOTIFY_OWN_URL={}/told\n", chat.address));
    project.set_mode(".everlit/secrets.env", 0o600);
}

/// An account of Instagram, due, with that table; and what else stands in the file before it.
fn with_settings(meta: &Meta, before: &str, names: &[&str]) -> Project {
    let tables = names.iter().fold(before.to_owned(), |mut text, name| {
        writeln!(text, "[account.{name}]\nenv_file = \".env.{name}\"").unwrap();
        text
    });
    let project = Project::empty().with_file("everlit.toml", &tables);
    names.iter().fold(project, |project, name| {
        let token = meta.issue(&Issue::new(Kind::Instagram).username(name).aged_days(40));
        project.with_file(&format!(".env.{name}"), &format!("IG_ACCESS_TOKEN={token}\n"))
    })
}

#[test]
fn a_wrong_account_table_fails_alone_and_is_told() {
    let (meta, chat) = (Meta::friendly(), Service::new());
    let project = with_settings(&meta, CHANNEL, &["a", "b", "c"]);
    put_secret_of(&chat, &project);
    add(&project, "everlit.toml", "metdata = \"c.json\"\n");
    let before = project.read(".env.c");
    let run = project.everlit(&["refresh", "--json"]).asking(&meta).run().ended(2);
    assert_eq!(of(&run, "a")["outcome"], "refreshed", "{run}");
    assert_eq!(of(&run, "b")["outcome"], "refreshed", "{run}");
    let problems = &run.json()["problems"];
    assert_eq!((problems.as_array().unwrap().len(), &problems[0]["account"]), (1, &"c".into()), "{run}");
    let c = of(&run, "c");
    assert_eq!(c["state"], "unreadable", "{run}");
    assert!(c["message"].as_str().unwrap().contains("unknown setting `account.c.metdata`"), "{run}");
    assert_eq!((meta.refreshes(), project.read(".env.c")), (2, before));
    project.everlit(&["refresh"]).asking(&meta).run().ended(2);
    let heard = chat.at("/told");
    assert!(heard.len() == 1 && heard[0].contains("account.c.metdata"), "{heard:?}");
    project.everlit(&["status", "--check"]).run().ended(2).says("account.c.metdata");
    project.everlit(&["doctor"]).run().ended(2).says("account.c.metdata");
}

#[test]
fn a_wrong_setting_of_the_run_stops_no_account() {
    let table = [
        ("treshold_days = 3\n", "unknown setting `treshold_days`"),
        ("threshold_days = 80\n", "1 to 58 days, not 80 (everlit.toml); using 30 days"),
        ("verify_every_days = \"x\"\n", "verify_every_days must be a number of days; using 7 days"),
        ("metrics_file = \"m.txt\"\n", "`metrics_file` must be a path that ends in .prom"),
        ("heartbeat = 3\n", "`heartbeat` must consist of tables"),
        ("notify.broken = { kind = \"pigeon\" }\n", "`notify.broken.kind` must be one of"),
    ];
    for (line, message) in table {
        let (meta, chat) = (Meta::friendly(), Service::new());
        let channel = if line.starts_with("notify") { "notify.own = { kind = \"slack\" }\n" } else { CHANNEL };
        let project = with_settings(&meta, &format!("{line}{channel}"), &["a", "b"]);
        put_secret_of(&chat, &project);
        for _ in 0..2 {
            project.everlit(&["refresh"]).asking(&meta).run().ended(2).notes(message);
        }
        assert_eq!(meta.refreshes(), 2, "{line}");
        let heard = chat.at("/told");
        let what = message.split('`').nth(1).unwrap_or(message);
        assert!(heard.len() == 1 && heard[0].contains("action required for everlit.toml"), "{line}: {heard:?}");
        assert!(heard[0].contains(what), "{line}: {heard:?}");
        project.everlit(&["status", "--check"]).run().ended(2).says("ERROR: ");
        project.everlit(&["doctor"]).run().ended(2).says(message);
        for command in [["status", "--json"].as_slice(), &["refresh", "--dry-run", "--json"]] {
            let problems = &project.everlit(command).run().ended(2).json()["problems"];
            assert_eq!((problems.as_array().unwrap().len(), &problems[0]["account"]), (1, &Value::Null), "{problems}");
            assert!(problems[0]["message"].as_str().unwrap().contains(message), "{problems}");
            assert!(problems[0]["next"]["note"].is_string(), "{problems}");
        }
        let mended = project.read("everlit.toml").replace(line, "");
        project.write("everlit.toml", mended);
        project.everlit(&["refresh"]).asking(&meta).run().ended(0);
        let heard = chat.at("/told");
        assert!(heard.len() == 2 && heard[1].contains("recovered"), "{heard:?}");
    }
}
