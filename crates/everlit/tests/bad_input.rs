//! What a person gets for an input that cannot be used: an exit code, the reason, the way out, and no file touched.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use support::{FAKE_TOKEN, Meta, Project, Run};

/// Runs a refresh that must be refused: nothing asked, nothing written, and a next step named.
#[track_caller]
fn refused(project: &Project, arguments: &[&str]) -> Run {
    let meta = Meta::friendly();
    let before = project.files();
    let run = project.everlit(arguments).asking(&meta).run().ended(2);
    assert_eq!(meta.calls(), 0, "Meta was asked\n{run}");
    let mut after = project.files();
    after.retain(|name, _| !["-lock.local", "-run.local"].iter().any(|mark| name.ends_with(mark)));
    assert_eq!(after, before, "something was written\n{run}");
    run
}

/// The same, with the reason on either stream: what is wrong with an account is part of the report.
#[track_caller]
fn refused_because(project: &Project, message: &str) -> Run {
    let run = refused(project, &["refresh"]);
    assert!(format!("{run}").contains(message), "no {message:?}: {run}");
    run
}

#[track_caller]
fn refused_env(env: impl AsRef<[u8]>) -> Run {
    let project = Project::empty();
    project.write(".env.local", env);
    refused(&project, &["refresh"]).says("Next: ")
}

#[track_caller]
fn refused_value(value: &str) -> Run {
    let run = refused_env(format!("A=1\nIG_ACCESS_TOKEN={value}\n"));
    let run = run.says("Could not load current token from .env.local");
    if value.len() > 12 { run.never_shows(&value[..12]) } else { run }
}

#[test]
fn a_missing_env_file_is_reported_with_its_path() {
    let project = Project::empty();
    let run = refused(&project, &["refresh"]);
    let run = run.says("Could not load current token from .env.local: no such file in ");
    run.says(&project.path().display().to_string()).says("--env-file").says("everlit init");
}

#[test]
fn a_missing_key_or_value_is_reported_by_name() {
    refused_env("SITE=1\n").says("Could not load current token from .env.local: IG_ACCESS_TOKEN is not set there");
    refused_env("").says("IG_ACCESS_TOKEN is not set there");
    refused_env("# IG_ACCESS_TOKEN=x\n").says("IG_ACCESS_TOKEN is not set there");
    for empty in ["", "\"\"", "''", "\"  \""] {
        refused_value(empty).says("IG_ACCESS_TOKEN is empty");
    }
    // Node.js would take the next line for the value.
    refused_value("   ").says("the end of line 2");
    let project = Project::new();
    refused(&project, &["refresh", "--key", "NOBODY"]).says("NOBODY is not set there");
}

#[test]
fn quotes_and_spaces_around_a_token_are_kept() {
    let forms = [
        "IG_ACCESS_TOKEN=\"{}\"\n",
        "IG_ACCESS_TOKEN='{}'\r\nOTHER=1\r\n",
        "  export IG_ACCESS_TOKEN = \"{}\"   # mine\n",
        "IG_ACCESS_TOKEN=   {}   \n",
        "IG_ACCESS_TOKEN={}",
        "\u{feff}IG_ACCESS_TOKEN={}\n",
    ];
    for form in forms {
        let meta = Meta::friendly();
        let token = meta.token_of_age(31);
        let project = Project::empty().with_file(".env.local", &form.replace("{}", &token));
        project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
        assert_eq!(project.read(".env.local"), form.replace("{}", &meta.newest()));
    }
}

#[test]
fn a_wrong_secret_in_place_of_a_token_is_identified() {
    let long = "Q".repeat(120);
    let table = [
        ("fa4e5a4db0c500000000000000000001".to_owned(), "looks like an app secret"),
        (format!("AQ{long}"), "looks like an authorization code"),
        (format!("AQ{long}#_"), "authorization code"),
        (format!("eyJ{long}"), "JSON Web Token"),
        (format!("\"Bearer {FAKE_TOKEN}\""), "Authorization header"),
        (format!("'\"{FAKE_TOKEN}'"), "quotation marks"),
        (format!("\"https://example.com/#access_token={FAKE_TOKEN}\""), "more than the token"),
        ("1000000000000001|fakeFAKEfakeFAKEfakeFAKEfake0123456789fakeFAKE".to_owned(), "app token"),
        ("IGAAfakeFAKE".to_owned(), "too short for a token"),
        (format!("IGAA{}", "x".repeat(9000)), "too long for a token"),
        (format!("\"{}\n{}\"", &FAKE_TOKEN[..30], &FAKE_TOKEN[30..]), "line break"),
        (format!("\"{} {}\"", &FAKE_TOKEN[..30], &FAKE_TOKEN[30..]), "contains a space"),
        (format!("'{FAKE_TOKEN}$x'"), "line 2 contains a $"),
        (format!("'{FAKE_TOKEN}\\x'"), "\\"),
        (format!("{FAKE_TOKEN}é"), "'é'"),
    ];
    for (value, message) in table {
        refused_value(&value).says(message);
    }
}

#[test]
fn a_basic_display_token_needs_a_person() {
    let token = format!("IGQV{}", &FAKE_TOKEN[4..]);
    let project = Project::holding(&token);
    let meta = Meta::friendly();
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(3);
    run.says("Basic Display").says("4 December 2024").says("Next: ").never_shows(&token);
    assert_eq!(meta.calls(), 0);
}

#[test]
fn a_value_of_ten_megabytes_is_rejected_without_hanging() {
    refused_value(&"x".repeat(10 << 20)).says("too long for a token");
    let project = Project::empty();
    project.write(".env.local", vec![b'\n'; 17 << 20]);
    refused(&project, &["refresh"]).says(".env.local").says("larger than");
}

#[test]
fn a_key_set_twice_with_different_values_is_refused() {
    let other = format!("IGAAother{}", &FAKE_TOKEN[9..]);
    let run = refused_env(format!("IG_ACCESS_TOKEN={FAKE_TOKEN}\nA=1\nIG_ACCESS_TOKEN={other}\n"));
    run.says("lines 1, 3").never_shows(FAKE_TOKEN).never_shows(&other);
    let two = format!("INSTAGRAM_TOKEN={FAKE_TOKEN}\nTHREADS_ACCESS_TOKEN={other}\n");
    refused_env(two).says("INSTAGRAM_TOKEN and THREADS_ACCESS_TOKEN").says("--key");
}

#[test]
fn a_damaged_env_file_is_refused_and_not_changed() {
    refused_env(format!("A=\"never closed\nIG_ACCESS_TOKEN=\"{FAKE_TOKEN}\n")).never_shows(FAKE_TOKEN);
    refused_env(format!("IG_ACCESS_TOKEN=\"{FAKE_TOKEN}\n")).never_shows(FAKE_TOKEN);
    refused_env(format!("IG_ACCESS_TOKEN={FAKE_TOKEN}\0\n")).never_shows(FAKE_TOKEN);
}

#[test]
fn folders_pipes_and_devices_are_refused_without_waiting() {
    #[cfg(unix)]
    use std::os::unix::fs::symlink;
    let place = |name: &str| {
        let project = Project::empty();
        let path = project.path().join(".env.local");
        match name {
            "folder" => std::fs::create_dir(&path).unwrap(),
            #[cfg(unix)]
            "fifo" => assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success()),
            #[cfg(unix)]
            "device" => symlink("/dev/null", &path).unwrap(),
            #[cfg(unix)]
            "endless device" => symlink("/dev/zero", &path).unwrap(),
            #[cfg(unix)]
            "nothing" => symlink("nowhere", &path).unwrap(),
            #[cfg(unix)]
            "itself" => symlink(".env.local", &path).unwrap(),
            _ => unreachable!("no such thing"),
        }
        project
    };
    let of_unix: &[_] = if cfg!(unix) { &["fifo", "device", "endless device", "nothing", "itself"] } else { &[] };
    for name in [&["folder"], of_unix].concat() {
        let project = place(name);
        let meta = Meta::friendly();
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(2);
        run.says("Could not load current token from .env.local").says("Next: ");
        assert_eq!(meta.calls(), 0);
        assert!(project.path().join(".env.local").symlink_metadata().is_ok(), "it still stands there");
    }
}

#[test]
fn invalid_flags_are_usage_errors() {
    let project = Project::new();
    for (arguments, message) in [
        (&["refresh", "--nonsense"][..], "--nonsense"),
        (&["refresh", "--force", "--dry-run"], "--dry-run"),
        (&["refresh", "--threshold-days", "soon"], "soon"),
        (&["refresh", "--threshold-days", "-3"], "-3"),
        (&["refresh", "--threshold-days", "0"], "1 to 58 days"),
        (&["refresh", "--threshold-days", "59"], "1 to 58 days"),
        (&["refresh", "--timeout", "0"], "1 to 300 seconds"),
        (&["refresh", "--color", "pink"], "pink"),
        (&["refrehs"], "refresh"),
        (&[], "Usage"),
    ] {
        refused(&project, arguments).notes(message);
    }
    project.everlit(&["--help"]).run().ended(0).says("Exit codes");
    project.everlit(&["--version"]).run().ended(0);
}

#[test]
fn invalid_environment_variables_are_refused_by_name() {
    let project = Project::new();
    let table = [
        ("EVERLIT_META_URL", "http://meta.example", "plain http"),
        ("EVERLIT_META_URL", "http://10.0.0.1:4010", "plain http"),
        ("EVERLIT_META_URL", "ftp://127.0.0.1", "http"),
        ("EVERLIT_META_URL", "nonsense", "http"),
        ("EVERLIT_META_URL", "http://user:fakeFAKEpassword@127.0.0.1", "a user name or password"),
        ("EVERLIT_THRESHOLD_DAYS", "fakeFAKEpassword", "EVERLIT_THRESHOLD_DAYS is not a number"),
        ("EVERLIT_THRESHOLD_DAYS", "99", "1 to 58 days, not 99 (environment EVERLIT_THRESHOLD_DAYS)"),
        ("EVERLIT_TIMEOUT_SECONDS", "fakeFAKEpassword", "EVERLIT_TIMEOUT_SECONDS is not a number"),
        ("EVERLIT_CA_FILE", "no-such-file", "no-such-file (environment EVERLIT_CA_FILE)"),
        ("SSL_CERT_FILE", "no-such-file", "no-such-file (environment SSL_CERT_FILE)"),
    ];
    for (name, value, message) in table {
        let run = project.everlit(&["refresh"]).env(name, value).run();
        run.ended(2).notes(message).never_shows("fakeFAKEpassword");
    }
}

#[test]
fn an_invalid_everlit_toml_is_refused_without_showing_it() {
    let table = [
        ("account = {{{", "everlit.toml: line 1: "),
        ("\n\ntoken = IGAAfakeFAKEfakeFAKE\n", "everlit.toml: line 3: "),
        ("env_fil = \".env\"\n", "unknown setting `env_fil`; known: threshold_days"),
        ("[acount.shop]\n", "unknown setting `acount`"),
        ("account = 3\n", "[account.shop]"),
        ("[account]\n", "`account` is empty"),
        ("account.a = 3\n", "`account.a` must be a table"),
        ("[account.\"a b\"]\n", "`a b` cannot be the name of an account"),
        ("[account.a]\nsecret = \"IGAAfakeFAKEfakeFAKE\"\n", "unknown setting `account.a.secret`"),
        ("[account.a]\nkey = 3\n", "`account.a.key` must be a non-empty string"),
        ("[account.a]\n[account.b]\n", "a and b have the same env file and key"),
        (
            "[account.a]\nkey=\"A\"\nmetadata=\"m.json\"\n[account.b]\nkey=\"B\"\nmetadata=\"m.json\"\n",
            "a and b have the same metadata file",
        ),
    ];
    for (toml, message) in table {
        let project = Project::new().with_file("everlit.toml", toml);
        refused_because(&project, message).never_shows("IGAAfakeFAKEfakeFAKE");
    }
    let project = Project::new();
    project.write("everlit.toml", b"\xff\xfe");
    refused(&project, &["refresh"]).notes("UTF-8");
    let project = Project::new();
    std::fs::create_dir(project.path().join("everlit.toml")).unwrap();
    refused(&project, &["refresh"]).notes("everlit.toml");
}

#[test]
fn two_accounts_with_the_same_file_and_key_are_refused() {
    let table = [
        "[account.a]\nkey=\"T\"\n[account.b]\nkey=\"T\"\nenv_file=\"./.env.local\"\n",
        "[account.a]\nkey=\"T\"\n[account.b]\nkey=\"T\"\nenv_file=\"sub/../.env.local\"\n",
        "[account.a]\nkey=\"T\"\nmetadata=\"m.json\"\n[account.b]\nkey=\"U\"\nmetadata=\"./m.json\"\n",
        "[account.a]\n[account.b]\nkey=\"IG_ACCESS_TOKEN\"\n",
    ];
    for toml in table {
        let project = Project::new().with_file("everlit.toml", toml).with_file("sub/x", "");
        refused_because(&project, "a and b have the same");
    }
}

#[cfg(unix)]
#[test]
fn two_accounts_that_meet_through_a_link_are_refused() {
    let table = [
        ("other.env", ".env.local", "[account.a]\n[account.b]\nenv_file=\"other.env\"\n"),
        ("other", ".", "[account.a]\n[account.b]\nenv_file=\"other/.env.local\"\n"),
        ("b.json", "a.json", "[account.a]\nkey=\"T\"\nmetadata=\"a.json\"\n[account.b]\nmetadata=\"b.json\"\n"),
    ];
    for (link, target, toml) in table {
        let project = Project::new().with_file("everlit.toml", toml).with_file("a.json", "{}");
        std::os::unix::fs::symlink(target, project.path().join(link)).unwrap();
        refused_because(&project, "a and b have the same");
    }
}

#[test]
fn a_missing_account_or_folder_is_named() {
    let project = Project::new();
    refused(&project, &["refresh", "--account", "nobody"]).notes("no account is called nobody");
    refused(&project, &["refresh", "-C", "no-such-folder"]).notes("no-such-folder\n");
    refused(&project, &["refresh", "-C", ".env.local"]).notes(".env.local\n");
    let project = project.with_file("everlit.toml", "[account.shop]\n");
    refused(&project, &["refresh", "--account", "nobody"]).notes("everlit.toml defines shop");
}

#[test]
fn unreadable_metadata_does_not_stop_a_refresh() {
    for metadata in ["", "   \n", "{", "{}", "null", "{\"expires_at\": \"soon\"}", "{\"expires_at\": 1e300}", "\u{0}"] {
        let meta = Meta::friendly();
        let token = meta.token_of_age(31);
        let project = Project::holding(&token).with_file("scripts/instagram-token.json", metadata);
        project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("refreshed");
        let expires_in = &project.read_json("scripts/instagram-token.json")["expires_in"];
        assert_eq!(expires_in, &5_184_000, "after {metadata:?}");
    }
}

#[test]
fn metadata_that_is_left_alone_is_not_called_written() {
    let meta = Meta::friendly();
    let project = Project::holding(&meta.token_of_age(31)).with_file("scripts/instagram-token.json", "[1]");
    let run = project.everlit(&["refresh"]).asking(&meta).run().ended(0).says("written: .env.local. ");
    run.notes("scripts/instagram-token.json was not written by everlit");
    assert_eq!(project.read("scripts/instagram-token.json"), "[1]");
}

#[test]
fn a_token_given_as_an_argument_is_not_repeated() {
    let project = Project::new();
    for arguments in [&[FAKE_TOKEN][..], &["refresh", FAKE_TOKEN], &["refresh", "--threshold-days", FAKE_TOKEN]] {
        project.everlit(arguments).run().ended(2).never_shows(FAKE_TOKEN);
    }
}

#[test]
fn metadata_never_overwrites_a_file_of_the_site() {
    let meta = Meta::friendly();
    let links: &[&str] = if cfg!(unix) { &["linked.json"] } else { &[] };
    for metadata in [&[".env.local", "./.env.local", ".gitignore", "package.json", "everlit.toml"][..], links].concat()
    {
        let project = Project::holding(&meta.token_of_age(40)).with_package().with_file(".gitignore", ".env*.local\n");
        #[cfg(unix)]
        std::os::unix::fs::symlink(".env.local", project.path().join("linked.json")).unwrap();
        let before = project.files();
        let run = project.everlit(&["refresh", "--metadata", metadata]).asking(&meta).run().ended(2);
        run.notes("cannot be the metadata file");
        assert_eq!(project.files(), before, "{metadata}");
    }
    assert_eq!(meta.refreshes(), 0);
}

#[test]
fn json_is_one_document_when_everything_fails() {
    let project = Project::new();
    let run = project.everlit(&["status", "--json", "--threshold-days", "0"]).run().ended(2);
    assert_eq!(run.json()["schema"], "everlit.problem/1");
    assert_eq!(run.json()["exit_code"], 2);
}

#[test]
fn status_check_reports_expired_tokens_and_stopped_schedules() {
    let project = Project::new().with_metadata(FAKE_TOKEN, 61);
    project.everlit(&["status", "--check"]).run().ended(3).says("expired");
}

#[test]
fn unreadable_secrets_are_named_and_stop_no_account() {
    for is_folder in [true, false] {
        let meta = Meta::friendly();
        let toml = "[notify.ops]\nkind = \"slack\"\n";
        let project = Project::holding(&meta.token_of_age(40)).with_file("everlit.toml", toml);
        if is_folder {
            project.write(".everlit/secrets.env/file", "");
        } else {
            project.write(".everlit/secrets.env", b"EVERLIT_NOTIFY_OPS_URL=\"caf\xe9\"\n");
        }
        let why = "cannot read .everlit/secrets.env: ";
        let run = project.everlit(&["refresh"]).asking(&meta).run().ended(2);
        let run = run.notes(why).says("once .everlit/secrets.env is a text file");
        assert_eq!(meta.refreshes(), 1, "{run}");
        project.everlit(&["doctor"]).asking(&meta).run().ended(2).says(why);
        project.everlit(&["notify", "test"]).run().ended(3).notes(why);
    }
}
