//! Whatever is to be run next can be pasted where it is read, and looks where the call looked that showed it.
#![allow(clippy::disallowed_methods, reason = "tests look at real files with the means of std")]
#![allow(clippy::unwrap_used, reason = "in a test, whatever fails here fails the test")]

mod support;

use everlit_sandbox::{Issue, Kind, State};
use support::service::Service;
use support::{FAKE_TOKEN, Meta, Project, Run, USERNAME, step};

/// A folder with a site in `it's my site`, whose token is due.
fn elsewhere(meta: &Meta) -> Project {
    let token = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged_days(31));
    Project::empty().with_file("it's my site/.env.shop", &format!("SHOP={token}\n"))
}

const FLAGS: [&str; 6] = ["-C", "it's my site", "--env-file", ".env.shop", "--key", "SHOP"];

fn call(project: &Project, command: &[&str], meta: &Meta) -> Run {
    project.everlit(&[&FLAGS, command].concat()).asking(meta).run()
}

#[cfg(unix)]
#[test]
fn a_suggested_command_works_when_pasted_into_a_shell() {
    let meta = Meta::friendly();
    let project = elsewhere(&meta);
    let paste = |line: &str| {
        let bin = std::path::Path::new(env!("CARGO_BIN_EXE_everlit")).parent().unwrap().to_owned();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        project.command_line(&["sh", "-c", line]).env("PATH", path).asking(&meta).run()
    };
    let run = call(&project, &["status"], &meta).ended(0);
    let line = run.next();
    assert_eq!(line, r"everlit -C 'it'\''s my site' --env-file .env.shop --key SHOP refresh");
    paste(&line).ended(0).says("refreshed");

    let run = call(&project, &["history"], &meta).ended(0);
    let line = run.next();
    paste(&line).ended(0).says("healthy");

    let run = call(&project, &["doctor"], &meta);
    let chmod = run.stdout.lines().find_map(|line| line.split_once("fix: chmod ")).unwrap().1;
    paste(&format!("chmod {chmod}")).ended(0);
    call(&project, &["doctor", "--verbose"], &meta).ended(0).says("only its owner can access .env.shop");
}

#[test]
fn every_report_repeats_the_callers_flags_in_next_steps() {
    let meta = Meta::friendly();
    let project = elsewhere(&meta);
    let flags = if cfg!(windows) { "-C \"it's my site\"" } else { r"-C 'it'\''s my site'" };
    let everlit = format!("everlit {flags} --env-file .env.shop --key SHOP");
    let run = call(&project, &["doctor"], &meta);
    let fixes: Vec<&str> = run.stdout.lines().filter_map(|line| line.split_once("fix: ")).map(|(_, fix)| fix).collect();
    assert!(fixes.iter().all(|fix| !fix.contains("everlit ") || fix.contains(&everlit)), "{run}");

    let json = call(&project, &["--json", "status"], &meta).ended(0).json();
    assert_eq!(step(&json["accounts"][0]["next"]), format!("{everlit} refresh"));
    let json = call(&project, &["--json", "doctor"], &meta).json();
    let fixes = json["findings"].as_array().unwrap().iter().map(|finding| step(&finding["fix"]));
    assert!(fixes.into_iter().any(|fix| fix == format!("{everlit} schedule install")), "{json:#}");
    let json = project.everlit(&["-C", "it's my site", "--json", "refresh"]).asking(&meta).run().ended(2).json();
    assert_eq!(json["accounts"][0]["next"]["command"], format!("everlit {flags} connect"));
}

#[test]
fn without_flags_nothing_is_added_to_next_steps() {
    let project = Project::new();
    assert_eq!(project.everlit(&["status"]).run().ended(0).next(), "everlit refresh");
    assert_eq!(project.everlit(&["status", "--color", "never", "--no-input"]).run().ended(0).next(), "everlit refresh");
}

#[test]
fn flags_for_a_new_accounts_files_stay_with_that_connect() {
    let meta = Meta::friendly();
    let project = Project::empty();
    let flags = ["-C", ".", "--env-file", ".env.shop", "connect", "shop"];
    let run = project.everlit(&flags).asking(&meta).run().ended(2);
    let input = everlit_host::shell::TOKEN_ON_STDIN;
    assert_eq!(run.next(), format!("everlit -C . connect shop --env-file .env.shop --stdin; {input}"));
    let token = meta.token_of_age(2);
    let run = project.everlit(&[&flags[..], &["--stdin"]].concat()).asking(&meta).fed(&token).ended(0);
    assert_eq!(run.next(), "everlit -C . schedule install");
}

#[test]
fn a_notification_names_the_folder_and_the_environment() {
    let (meta, service) = (Meta::friendly(), Service::new());
    let project = elsewhere(&meta).with_file("it's my site/everlit.toml", "[notify.ops]\nkind = \"slack\"\n");
    meta.sandbox.with(|meta| meta.set_state(USERNAME, State::PasswordChanged));
    let run = project.everlit(&["-C", "it's my site", "--key", "SHOP", "refresh"]).asking(&meta);
    let run = run.env("EVERLIT_ENV_FILE", ".env.shop");
    run.env("EVERLIT_NOTIFY_OPS_URL", format!("{}/told", service.address)).run().ended(3);
    let told = service.at("/told");
    let folder = project.path().join("it's my site").display().to_string();
    let folder = if cfg!(windows) { format!("\"{folder}\"") } else { format!("'{}'", folder.replace('\'', r"'\''")) };
    let told: serde_json::Value = serde_json::from_str(&told[0]).unwrap();
    let text = told["attachments"][0]["text"].as_str().unwrap();
    assert!(text.contains(&format!("Run: everlit -C {folder} --env-file .env.shop --key SHOP connect")), "{text}");
}

#[test]
fn a_token_given_as_a_flag_is_not_in_the_next_command() {
    let project = Project::new();
    for flag in ["--key", "--account", "--env-file", "--metadata", "-C"] {
        let run = project.everlit(&["status", flag, FAKE_TOKEN]).run();
        assert!(!run.next().contains(&FAKE_TOKEN[..16]), "{run}");
    }
}

#[test]
fn account_names_are_case_insensitive() {
    let (meta, project) =
        (Meta::friendly(), Project::empty().with_file("everlit.toml", "[account.shop]\nkey = \"SHOP\"\n"));
    let token = meta.token_of_age(2);
    let run = project.everlit(&["connect", "SHOP", "--stdin"]).asking(&meta).fed(&token).ended(2);
    assert_eq!(run.notes("there is already an account shop").next(), "everlit connect shop; or choose another name");
    assert!(!project.has(".env.local"));
    let run = project.everlit(&["refresh", "--account", "Shop"]).asking(&meta).run().ended(2);
    assert_eq!(
        run.notes("no account is called Shop, but one is called shop").next(),
        "run it again with --account shop"
    );
    let run = project.everlit(&["refresh", "--account", "cafe"]).asking(&meta).run().ended(2);
    assert_eq!(run.next(), "everlit connect cafe; adds it; or run it again with --account shop");

    project.write("everlit.toml", "[account.shop]\nkey = \"SHOP\"\n[account.Shop]\nkey = \"OTHER\"\n");
    let run = project.everlit(&["status"]).run().ended(2).notes("the accounts shop and Shop differ only in case");
    assert_eq!(run.next(), "rename [account.Shop] in everlit.toml");
    assert_eq!(meta.calls(), 0);
}

#[test]
fn every_invalid_setting_comes_with_a_next_step() {
    let in_file = [
        ("threshold_days = 99\n", "everlit doctor; once the threshold in everlit.toml is, say, 30"),
        ("key = \"A\"\nenv_file = \n", "everlit doctor; once line 2 of everlit.toml is corrected"),
        ("keys = \"A\"\n", "everlit doctor; once everlit.toml is corrected"),
        ("metrics_file = \"metrics.txt\"\n", "everlit doctor; once everlit.toml is corrected"),
        ("[notify.ops]\nkind = \"pigeon\"\n", "everlit doctor; once everlit.toml is corrected"),
        ("[notify.ops]\nkind = \"email\"\n", "everlit doctor; once everlit.toml is corrected"),
        ("[heartbeat.ops]\nkind = \"slack\"\n", "everlit doctor; once everlit.toml is corrected"),
        (
            "[account.a]\nkey = \"A\"\n[account.b]\nkey = \"A\"\n",
            "everlit doctor; once [account.b] in everlit.toml has a key of its own",
        ),
    ];
    for (toml, expected) in in_file {
        let project = Project::new().with_file("everlit.toml", toml);
        assert_eq!(project.everlit(&["status"]).run().ended(2).next(), expected, "{toml}");
        let problem = project.everlit(&["status", "--json"]).run().ended(2).json();
        assert_eq!(step(&problem["next"]), expected, "{toml}");
    }
    let by_flag: [(&[&str], &str); 6] = [
        (&["--threshold-days", "99"], "run it again with --threshold-days 30, or without it"),
        (&["--timeout", "0"], "run it again with --timeout 30, or without it"),
        (&["--ca-file", "nowhere.pem"], "set --ca-file to a file that can be read"),
        (&["-C", "nowhere"], "run it again with -C and an existing folder"),
        (&["--key", "a b"], "name the variable in the env file, such as IG_ACCESS_TOKEN"),
        (&["--account", "a b"], "run it again with a name such as shop"),
    ];
    for (flags, step) in by_flag {
        let run = Project::new().everlit(&[&["refresh"], flags].concat()).run().ended(2);
        assert_eq!(run.next(), step, "{flags:?}");
    }
    let by_variable = [
        ("EVERLIT_THRESHOLD_DAYS", "soon", "set EVERLIT_THRESHOLD_DAYS to 30, or unset it"),
        ("EVERLIT_TIMEOUT_SECONDS", "999", "set EVERLIT_TIMEOUT_SECONDS to 30, or unset it"),
    ];
    for (name, value, step) in by_variable {
        let run = Project::new().everlit(&["refresh"]).env(name, value).run().ended(2);
        assert_eq!(run.next(), step, "{name}");
    }
}

#[test]
fn conflicting_flags_come_with_a_next_step() {
    let (meta, project) = (Meta::friendly(), Project::new());
    let token = meta.token_of_age(2);
    let cases: [(&[&str], &str, &str); 6] = [
        (
            &["notify", "add", "ops", "--kind", "email"],
            "",
            "everlit -C . notify add ops --kind email --server HOST --from ADDRESS --to ADDRESS",
        ),
        (&["notify", "add", "ops", "--kind", "slack", "--server", "x"], "", "leave it out, or choose another --kind"),
        (&["notify", "add", "ops", "--kind", "healthchecks", "--fallback"], "", "leave out --fallback"),
        (
            &["notify", "add", "ops", "--kind", "slack", "--stdin"],
            "nonsense",
            "give the complete URL, such as https://example.com/..., and a token on the next line",
        ),
        (&["connect", "--stdin", "--kind", "threads"], &token, "run it again with --kind instagram, or without --kind"),
        (
            &["connect", "--stdin"],
            "\u{0}\u{1}",
            "everlit connect --guide; shows where to copy the access token; paste only that",
        ),
    ];
    for (arguments, input, step) in cases {
        let run = project.everlit(&[&["-C", "."], arguments].concat()).asking(&meta).fed(input);
        assert_eq!((run.code, run.next()), (Some(2), step.to_owned()), "{arguments:?}\n{run}");
    }
}
