//! `everlit init`: a folder is set up, twice changes nothing, and nothing is ever lost.
#![allow(clippy::disallowed_methods, reason = "a test makes a link with the means of std")]

mod support;

use serde_json::json;
use support::{FAKE_TOKEN, Meta, Project};

const SCRIPT: &str = "\"refresh-instagram-token\": \"everlit refresh\"";

#[test]
fn init_sets_up_a_folder_and_a_second_run_changes_nothing() {
    let project = Project::new().with_package().with_git().with_file(".gitignore", "node_modules\n");
    let run = project.everlit(&["init"]).run().ended(0).never_shows(FAKE_TOKEN);
    assert!(run.stdout.ends_with("Next: everlit refresh\n"), "{run}");
    assert!(
        run.stdout.contains("✓ ready      .env.local    IG_ACCESS_TOKEN holds an Instagram token (sha256:"),
        "{run}"
    );
    assert_eq!(project.read(".gitignore"), "node_modules\n.env*.local\n/scripts/instagram-token.json\n");
    assert_eq!(
        project.read("package.json"),
        "{\n  \"name\": \"a-bakery\",\n  \"scripts\": {\n    \"dev\": \"next dev\",\n    \"refresh-instagram-token\": \"everlit refresh\"\n  },\n  \"dependencies\": {\n    \"next\": \"^15.0.0\"\n  }\n}\n"
    );
    let after = project.files();
    let again = project.everlit(&["init"]).run().ended(0);
    assert_eq!(project.files(), after);
    assert!(!again.stdout.contains("added"), "{again}");
    project.everlit(&["init", "--quiet"]).run().ended(0);
}

#[test]
fn a_dry_run_lists_the_changes_and_writes_nothing() {
    let project = Project::new().with_package().with_git();
    let before = project.files();
    let run = project.everlit(&["init", "--dry-run"]).run().ended(0).notes("Dry run: nothing is written.");
    let run = run
        .says("would add  package.json")
        .says("would add  .gitignore")
        .says(".env*.local and /scripts/instagram-token.json");
    assert!(run.stdout.ends_with("Next: everlit init\n"), "{run}");
    assert_eq!(project.files(), before);
}

#[test]
fn after_init_git_ignores_the_token_and_what_refresh_writes() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(40);
    let project = Project::holding(&token).with_metadata(&token, 40).with_package().with_git();
    project.everlit(&["init"]).run().ended(0);
    project.everlit(&["refresh"]).asking(&meta).run().ended(0);
    project.git(&["add", "--all"]);
    for private in [".env.local", ".everlit/lock", ".everlit/last-run", "scripts/instagram-token.json"] {
        assert!(project.has(private), "{private}");
        project.everlit(&["init"]).run().ended(0).never_shows("git tracks this file");
    }
}

#[test]
fn line_endings_indentation_and_final_newline_are_kept() {
    let project = Project::new()
        .with_git()
        .with_file(".gitignore", "node_modules\r\ndist")
        .with_file("package.json", "{\r\n\t\"scripts\": {\r\n\t\t\"dev\": \"vite\"\r\n\t}\r\n}");
    project.everlit(&["init"]).run().ended(0);
    assert_eq!(project.read(".gitignore"), "node_modules\r\ndist\r\n.env*.local\r\n/scripts/instagram-token.json\r\n");
    assert_eq!(
        project.read("package.json"),
        format!("{{\r\n\t\"scripts\": {{\r\n\t\t\"dev\": \"vite\",\r\n\t\t{SCRIPT}\r\n\t}}\r\n}}")
    );
}

#[test]
fn the_older_script_is_replaced_but_not_a_script_of_the_site() {
    let with =
        |command: &str| format!("{{\n  \"scripts\": {{\n    \"refresh-instagram-token\": \"{command}\"\n  }}\n}}\n");
    let older = Project::new().with_file("package.json", &with("node scripts/refresh-instagram-token.js"));
    older.everlit(&["init"]).run().ended(0).says("instead of `node scripts/refresh-instagram-token.js`");
    assert_eq!(older.read("package.json"), with("everlit refresh"));

    let own = with("node scripts/refresh-instagram-token.js && npm run deploy");
    let project = Project::new().with_file("package.json", &own);
    let run = project.everlit(&["init"]).run().ended(0).says("! look       package.json").says("&& npm run deploy");
    assert!(run.stdout.contains("to let everlit do that, change it to \"everlit refresh\""), "{run}");
    assert_eq!(project.read("package.json"), own);
}

#[test]
fn an_invalid_package_json_is_left_alone_and_init_goes_on() {
    for garbage in ["{ \"scripts\": ", "", "[]", "{ \"scripts\": [] }", "{ // hello\n}"] {
        let project = Project::new().with_git().with_file("package.json", garbage);
        project.everlit(&["init"]).run().ended(2).says("left alone: it").says("by hand");
        assert_eq!(project.read("package.json"), garbage);
        assert_eq!(project.read(".gitignore"), ".env*.local\n/scripts/instagram-token.json\n");
    }
}

#[test]
fn without_node_and_git_neither_of_their_files_is_written() {
    let project = Project::new();
    let before = project.files();
    project
        .everlit(&["init"])
        .run()
        .ended(0)
        .says("no npm script is needed")
        .says("this folder is not in a git repository");
    assert_eq!(project.files(), before);
}

#[test]
fn without_a_token_init_goes_on_and_suggests_connect() {
    let project = Project::empty().with_package();
    let run = project.everlit(&["init"]).run().ended(0).says("no token   .env.local    no such file");
    assert!(run.stdout.ends_with("Next: everlit connect\n"), "{run}");
    assert!(!project.has(".env.local"));
    let project = Project::empty().with_file(".env.local", "SITE=x\n");
    let run = project.everlit(&["init"]).run().ended(0).says("IG_ACCESS_TOKEN is not set there");
    assert!(run.stdout.ends_with("Next: everlit connect\n"), "{run}");
    assert_eq!(project.read(".env.local"), "SITE=x\n");
    let project = Project::empty().with_file("everlit.toml", "[account.shop]\nkey = \"SHOP\"\n");
    project.everlit(&["init"]).run().ended(0).says("Next: everlit connect shop");
}

#[test]
fn a_token_in_another_env_file_is_found_and_ignored_in_git() {
    let project = Project::empty()
        .with_git()
        .with_file(".env", &format!("INSTAGRAM_TOKEN={FAKE_TOKEN}\n"))
        .with_file(".env.example", &format!("IG_ACCESS_TOKEN={FAKE_TOKEN}\n"));
    let run = project.everlit(&["init"]).run().ended(2).never_shows(FAKE_TOKEN);
    let run = run.says("no such file; but .env holds an Instagram token in INSTAGRAM_TOKEN");
    assert!(run.stdout.contains("Next: everlit init --env-file .env"), "{run}");
    assert_eq!(project.read(".gitignore"), ".env*.local\n/.env\n/scripts/instagram-token.json\n");
    project
        .everlit(&["init", "--env-file", ".env"])
        .run()
        .ended(0)
        .says("added      everlit.toml  env_file = \".env\"");
    assert_eq!(project.read("everlit.toml"), "env_file = \".env\"\n");
    project.everlit(&["init"]).run().ended(0).says("ready      .env ");
    project.everlit(&["init", "--env-file", ".env"]).run().ended(0).says("ready      everlit.toml");
}

#[test]
fn init_writes_flags_into_the_table_of_the_account() {
    let project = Project::empty()
        .with_file(".env", &format!("SHOP={FAKE_TOKEN}\n"))
        .with_file("everlit.toml", "threshold_days = 20 # ours\r\n[account.shop]\r\nkey = \"SHOP\"\r\n");
    project.everlit(&["init", "--env-file", ".env", "--dry-run"]).run().says("would add  everlit.toml");
    project.everlit(&["init", "--env-file", ".env"]).run().ended(0);
    let written = "threshold_days = 20 # ours\r\n[account.shop]\r\nkey = \"SHOP\"\r\nenv_file = \".env\"\r\n";
    assert_eq!(project.read("everlit.toml"), written);
}

#[test]
fn init_finds_a_token_under_any_key() {
    let project = Project::empty().with_file(".env.local", &format!("SITE=x\nFEED_SECRET={FAKE_TOKEN}\n"));
    let run = project.everlit(&["init"]).run().ended(2).never_shows(FAKE_TOKEN);
    let run = run.says(".env.local holds an Instagram token in FEED_SECRET");
    assert!(run.stdout.contains("Next: everlit init --key FEED_SECRET"), "{run}");
    project.everlit(&["init", "--key", "FEED_SECRET"]).run().ended(0).says("added      everlit.toml");
    project.everlit(&["init"]).run().ended(0).says("FEED_SECRET holds an Instagram token");
}

#[test]
fn init_says_what_is_wrong_with_a_public_key() {
    for (prefix, rest) in [("REACT_APP_", "INSTAGRAM_ACCESS_TOKEN"), ("NEXT_PUBLIC_", "IG"), ("VITE_", "IG_TOKEN")] {
        let project = Project::empty().with_file(".env.local", &format!("{prefix}{rest}={FAKE_TOKEN}\n"));
        let run = project.everlit(&["init"]).run().ended(2).says("into public pages").says(&format!("{prefix}{rest}"));
        assert!(run.stdout.contains(&format!("Next: everlit init --key {prefix}{rest}\n")), "{run}");
        assert!(run.stdout.contains(&format!("better rename it to {rest}, ")), "{run}");
    }
}

#[test]
fn a_value_that_is_not_a_token_is_named() {
    let cases = [
        ("IG_ACCESS_TOKEN=0123456789abcdef0123456789abcdef\n".to_owned(), 2, "app secret"),
        ("IG_ACCESS_TOKEN=IGAAshort\n".to_owned(), 2, "too short for a token"),
        ("IG_ACCESS_TOKEN=\n".to_owned(), 0, "IG_ACCESS_TOKEN is empty"),
        (
            format!("IG_ACCESS_TOKEN={FAKE_TOKEN}\nIG_ACCESS_TOKEN={FAKE_TOKEN}b\n"),
            2,
            "lines 1, 2 give this key different values",
        ),
        (format!("IG_ACCESS_TOKEN=IGQV{FAKE_TOKEN}\n"), 3, "4 December 2024"),
        (format!("IG_ACCESS_TOKEN=EAA{FAKE_TOKEN}\n"), 2, "META_APP_ID"),
        (format!("META_ACCESS_TOKEN=XYZ{FAKE_TOKEN}\n"), 2, "Instagram tokens begin with IGAA"),
        (format!("INSTAGRAM_TOKEN={FAKE_TOKEN}\nTHREADS_ACCESS_TOKEN=THAA{FAKE_TOKEN}\n"), 2, "--key"),
    ];
    for (env, code, message) in cases {
        let project = Project::empty().with_file(".env.local", &env);
        project.everlit(&["init"]).run().ended(code).says(message).never_shows(FAKE_TOKEN);
    }
}

#[test]
fn a_token_tracked_by_git_is_a_problem_with_its_fix() {
    let project = Project::new().with_git();
    project.git(&["add", "--force", ".env.local"]);
    let run = project.everlit(&["init"]).run().ended(2).says("git tracks this file");
    assert!(run.stdout.contains("Next: git rm --cached .env.local"), "{run}");
}

#[test]
fn existing_ignore_rules_are_enough_wherever_they_are() {
    for (file, rules) in [(".gitignore", ".env*\nscripts/*.json\n"), (".git/info/exclude", ".env*\n*.json\n")] {
        let project = Project::new().with_git().with_file(file, rules);
        let before = project.files();
        project.everlit(&["init"]).run().ended(0).says("git ignores the token and its metadata");
        assert_eq!(project.files(), before);
    }
}

#[test]
fn without_git_installed_gitignore_is_read_directly() {
    let project = Project::new().with_git().with_file(".gitignore", ".env.local\n");
    project.everlit(&["init"]).env("PATH", "no-such-folder").run().ended(0);
    assert_eq!(project.read(".gitignore"), ".env.local\n.env*.local\n/scripts/instagram-token.json\n");
    let after = project.files();
    let run = project
        .everlit(&["init"])
        .env("PATH", "no-such-folder")
        .run()
        .ended(0)
        .says("its rules cover the token and its metadata");
    let run = run.says("git cannot be asked: if it tracks this file, an ignore rule has no effect");
    assert!(!run.stdout.contains("git ignores the token"), "{run}");
    assert_eq!(project.files(), after);
}

#[test]
fn json_has_the_same_content_in_one_document() {
    let project = Project::new().with_package().with_git();
    let document = project.everlit(&["init", "--json"]).run().ended(0).never_shows(FAKE_TOKEN).json();
    assert_eq!(
        (&document["schema"], &document["changed"], &document["dry_run"]),
        (&"everlit.init/1".into(), &true.into(), &false.into())
    );
    let states: Vec<&str> =
        document["steps"].as_array().unwrap().iter().filter_map(|step| step["state"].as_str()).collect();
    assert_eq!(states, ["ready", "added", "added", "added"]);
    let again = project.everlit(&["init", "--json"]).run().ended(0).json();
    assert_eq!(
        (&again["changed"], &again["next"]),
        (&false.into(), &json!({ "command": "everlit refresh", "note": null }))
    );
}

#[test]
fn everlit_toml_is_respected_and_never_written() {
    let config = "[account.shop]\nenv_file = \"shop/.env\"\nmetadata = \"shop/token.json\"\n";
    let project = Project::empty()
        .with_git()
        .with_file("everlit.toml", config)
        .with_file("shop/.env", &format!("IG_ACCESS_TOKEN={FAKE_TOKEN}\n"));
    project.everlit(&["init"]).run().ended(0);
    assert_eq!(project.read(".gitignore"), ".env*.local\n/shop/.env\n/shop/token.json\n");
    assert_eq!(project.read("everlit.toml"), config);
}

#[test]
fn an_unwritable_file_is_reported_with_the_line_to_add() {
    let project = Project::new().with_package().with_git();
    // Another name for the same file: a new file in its place would leave that name behind.
    std::fs::hard_link(project.path().join("package.json"), project.home().join("other-name")).unwrap();
    let package = project.read("package.json");
    let run = project.everlit(&["init"]).run().ended(5).says("it has several hard links");
    assert!(
        run.stdout.ends_with(
            "Next: add the script \"refresh-instagram-token\": \"everlit refresh\" to package.json by hand\n"
        ),
        "{run}"
    );
    assert_eq!(project.read("package.json"), package);
    assert_eq!(project.read(".gitignore"), ".env*.local\n/scripts/instagram-token.json\n");
}
