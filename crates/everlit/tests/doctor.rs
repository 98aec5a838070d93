//! `everlit doctor`: every trouble is found, its cure is printed, nothing is given away and nothing is changed.
#![allow(clippy::disallowed_methods, reason = "tests make links and set times with the means of std")]

mod support;

use everlit_sandbox::{Issue, Kind, State};
use support::{FAKE_TOKEN, Meta, Project, Run, SHELL, USERNAME, unix_now};

/// A project of a token that Meta knows, looked after by everlit.
fn healthy(meta: &Meta) -> Project {
    let token = meta.token_of_age(40);
    let project = Project::holding(&token).with_metadata(&token, 40).with_package().with_git();
    project.everlit(&["init"]).run().ended(0);
    project.everlit(&["refresh"]).asking(meta).run().ended(0);
    project
}

fn examined(project: &Project, meta: &Meta) -> Run {
    project.everlit(&["doctor", "--verbose"]).asking(meta).run()
}

/// What is said of one check, with its level and its cure.
fn finding(run: &Run, check: &str) -> Vec<(String, String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let fix = |fix: &serde_json::Value| format!("{}; {}", text(&fix["command"]), text(&fix["note"]));
    let document = run.json();
    let findings = document["findings"].as_array().into_iter().flatten().filter(|finding| finding["check"] == check);
    findings.map(|finding| (text(&finding["level"]), text(&finding["message"]), fix(&finding["fix"]))).collect()
}

#[test]
fn a_healthy_project_has_no_problems_and_is_not_changed() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    let before = project.files();
    let run = examined(&project, &meta).ended(0);
    assert!(!run.stdout.contains("problem  "), "{run}");
    for ok in [
        "✓ ok       token       IG_ACCESS_TOKEN in .env.local is an Instagram token, sha256:",
        "✓ ok       privacy     only its owner",
        "✓ ok       git         ",
        "✓ ok       saving      a new token can be saved in .env.local",
        "✓ ok       schedule    last run ",
        "✓ ok       public      ",
        "accepts the token",
        "✓ ok       clock       agrees with Meta's",
        "0 problems, ",
    ] {
        assert!(run.stdout.contains(ok), "{ok}\n{run}");
    }
    assert_eq!(project.files(), before);
}

#[test]
fn the_report_can_be_pasted_in_public() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    let token = meta.newest();
    let home = project.path().parent().unwrap().to_owned();
    for arguments in [&["doctor", "--verbose"][..], &["doctor", "--json"]] {
        let call = project
            .everlit(arguments)
            .asking(&meta)
            .env("HOME", &home)
            .env("HTTPS_PROXY", "http://ada:hunter2@proxy.example:3128");
        let run =
            call.env("META_APP_ID", "123456").env("META_APP_SECRET", "fa4e5a4db0c500000000000000000001").run().ended(0);
        let folder = match (cfg!(windows), arguments.contains(&"--json")) {
            (false, _) => "folder ~/site",
            (true, false) => r"folder ~\site",
            (true, true) => r"folder ~\\site",
        };
        let run = run.says(folder).says("HTTPS_PROXY is set").says("id and secret are set");
        for secret in [
            &token[..20],
            USERNAME,
            home.to_str().unwrap(),
            "hunter2",
            "fa4e5a4d",
            "proxy.example",
            "17841400000000001",
        ] {
            assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{secret}\n{run}");
        }
    }
}

#[test]
fn every_setting_is_shown_with_its_source() {
    let meta = Meta::friendly();
    let project = Project::empty()
        .with_file("everlit.toml", "threshold_days = 20\nmetadata = \"token.json\"\n")
        .with_file("secrets.env", &format!("MY_TOKEN={FAKE_TOKEN}\n"));
    let call = project
        .everlit(&["doctor", "--verbose", "--env-file", "secrets.env", "--threshold-days", "3"])
        .env("EVERLIT_KEY", "MY_TOKEN")
        .asking(&meta);
    let run = call.run();
    let run = run.says(
        "env file secrets.env (--env-file), key MY_TOKEN (environment EVERLIT_KEY), metadata token.json (everlit.toml)",
    );
    let run = run.says("threshold 3 days (--threshold-days): a few failed days are enough to lose the token");
    run.says("not the real Meta").says("(environment EVERLIT_META_URL)");
}

#[test]
fn an_env_file_without_a_token_gets_a_fix() {
    let meta = Meta::friendly();
    let cases = [
        (String::new(), 2, "IG_ACCESS_TOKEN is not set there", "everlit init"),
        (
            "IG_ACCESS_TOKEN=0123456789abcdef0123456789abcdef\n".to_owned(),
            2,
            "app secret",
            "put the access token itself there",
        ),
        ("IG_ACCESS_TOKEN=\"IGAAfake\n".to_owned(), 2, "line 1", "once the file is corrected"),
        (
            format!("IG_ACCESS_TOKEN={FAKE_TOKEN}\nIG_ACCESS_TOKEN={FAKE_TOKEN}b\n"),
            2,
            "lines 1, 2 give this key different values",
            "once the file is corrected",
        ),
        (
            format!("IG_ACCESS_TOKEN=IGQV{FAKE_TOKEN}\n"),
            3,
            "4 December 2024",
            "switch the account to a professional one",
        ),
        (format!("META_ACCESS_TOKEN=XYZ{FAKE_TOKEN}\n"), 2, "there is no host to ask", "Instagram's begin with IGAA"),
    ];
    for (env, code, message, cure) in cases {
        let project = Project::empty().with_file(".env.local", &env);
        let before = project.files();
        let run = project.everlit(&["doctor", "--json"]).asking(&meta).run().ended(code).never_shows(FAKE_TOKEN);
        let found = finding(&run, "token");
        assert!(
            found
                .iter()
                .any(|(level, message, fix)| level == "problem" && message.contains(message) && fix.contains(cure)),
            "{message}\n{run}"
        );
        assert_eq!(project.files(), before);
    }
    Project::empty().everlit(&["doctor"]).asking(&meta).run().ended(2).says("no such file").says("Next: everlit init");
    assert_eq!(meta.calls(), 0, "none of these was worth a call");
}

#[test]
fn a_token_not_ignored_by_git_is_a_problem_with_its_fix() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(40);
    let project = Project::holding(&token).with_git();
    // A folder that a person has made, without the `.gitignore` that everlit puts there.
    project.write(".everlit/secrets.env", "A=1\n");
    let run = examined(&project, &meta)
        .ended(2)
        .says(".env.local is not ignored by git")
        .says(".everlit/candidate is not ignored");
    assert!(run.stdout.ends_with("Next: everlit init\n"), "{run}");
    project.git(&["add", ".env.local"]);
    let run = examined(&project, &meta).ended(2).says(".env.local is tracked by git");
    assert!(
        run.stdout
            .contains("git rm --cached .env.local\n                            then `everlit init`; if it was ever pushed, create a new token too\n"),
        "{run}"
    );
    // It may have been committed for a job of CI to read.
    project.write(".github/workflows/token.yml", "on: push\n");
    let run = examined(&project, &meta).ended(2).says("everlit target add ci --kind github-secret");
    run.says("everlit schedule print github-actions");
    project.git(&["rm", "--quiet", "--cached", ".env.local"]);
    project.everlit(&["init"]).run().ended(0);
    examined(&project, &meta).ended(0);
}

#[test]
fn problems_come_first_and_what_is_fine_is_a_count() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    project.write(".env.production", format!("NEXT_PUBLIC_TOKEN={FAKE_TOKEN}\n"));
    let run = project.everlit(&["doctor"]).asking(&meta).run().ended(2).says(" ok (--verbose lists them).");
    assert!(!run.stdout.contains('✓') && run.stdout.starts_with("✗ problem  public"), "{run}");
    let run = examined(&project, &meta).ended(2).says("✓ ok       token ");
    assert!(run.stdout.starts_with("✗ problem  public"), "{run}");
}

/// A link to itself stands in for a file without permission, which root could read.
#[cfg(unix)]
#[test]
fn an_env_file_that_cannot_be_read_is_not_called_safe() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    std::os::unix::fs::symlink(".env.production", project.path().join(".env.production")).unwrap();
    let run = examined(&project, &meta).ended(0).says(".env.production is not checked: ");
    assert!(!run.stdout.contains("no token has a name"), "{run}");
}

#[test]
fn a_wrong_user_id_is_noticed_for_each_account() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(40);
    let project = Project::empty()
        .with_file("everlit.toml", "[account.shop]\nkey = \"SHOP_ACCESS_TOKEN\"\n")
        .with_file(".env.local", &format!("SHOP_ACCESS_TOKEN={token}\nSHOP_USER_ID=17841499999999999\n"));
    let run = examined(&project, &meta).says("SHOP_USER_ID in .env.local is not the id of the token's account");
    run.never_shows("17841499999999999");
}

#[test]
fn a_token_under_a_public_name_is_found_in_any_env_file() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    for key in [
        "NEXT_PUBLIC_IG_TOKEN",
        "VITE_INSTAGRAM_ACCESS_TOKEN",
        "REACT_APP_TOKEN",
        "GATSBY_TOKEN",
        "NUXT_PUBLIC_TOKEN",
        "PUBLIC_TOKEN",
    ] {
        project.write(".env.production", format!("SITE=x\n{key}={FAKE_TOKEN}\n"));
        let run = examined(&project, &meta).ended(2).never_shows(FAKE_TOKEN);
        assert!(run.stdout.contains(&format!("{key} in .env.production holds an access token")), "{run}");
    }
    project.write(
        ".env.production",
        "NEXT_PUBLIC_SITE_NAME=\"A bakery with a long, long, long, long, long, long name\"\n",
    );
    examined(&project, &meta).ended(0).says("no token has a name");
}

#[cfg(unix)]
#[test]
fn an_env_file_others_can_read_is_a_warning_with_chmod() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    for (mode, message) in [(0o644, "every user"), (0o640, "its group"), (0o666, "written by other users")] {
        project.set_mode(".env.local", mode);
        examined(&project, &meta).ended(0).says(message).says("fix: chmod 600 .env.local");
    }
}

/// Whoever can write the folder can swap the file, whatever the file's own mode.
#[cfg(unix)]
#[test]
fn a_folder_that_others_can_write_is_a_warning() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    project.set_mode(".", 0o777);
    let run = examined(&project, &meta).ended(0).says("every user of this machine can replace the files in");
    run.says("fix: chmod go-w ");
}

#[cfg(unix)]
#[test]
fn an_unwritable_place_is_found_before_a_refresh_is_due() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    project.remove("scripts/instagram-token.json");
    std::os::unix::fs::symlink("nowhere", project.path().join("scripts/instagram-token.json")).unwrap();
    let run = examined(&project, &meta)
        .ended(5)
        .says("a new token could not be saved")
        .says("a symbolic link to a file that does not exist");
    assert!(run.stdout.contains("fix: remove the link"), "{run}");
}

#[test]
fn a_first_run_is_checked_without_creating_a_folder() {
    let meta = Meta::friendly();
    let project = Project::holding(&meta.token_of_age(40));
    let before = project.files();
    examined(&project, &meta).ended(0).says("a new token can be saved").says("no run has been recorded yet");
    assert_eq!(project.files(), before);
    assert!(!project.has("scripts"));
}

#[test]
fn what_an_interrupted_run_left_is_named_with_its_fix() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    project.write(".everlit/recovery/env", project.read(".env.local"));
    examined(&project, &meta)
        .says(".everlit/recovery/env holds an env file's content")
        .says("fix: everlit refresh\n")
        .says("restores the env file; do not delete the copy by hand");
}

#[test]
fn a_stopped_schedule_is_noticed_and_doctor_is_not_a_run() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    let mark = std::fs::File::options().write(true).open(project.path().join(".everlit/last-run")).unwrap();
    let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(unix_now().unsigned_abs() - 5 * 86_400);
    mark.set_modified(long_ago).unwrap();
    drop(mark);
    for _ in 0..2 {
        examined(&project, &meta).ended(3).says("no run since").says("has its schedule stopped?");
    }
}

#[test]
fn a_dead_token_needs_a_person() {
    for (state, code) in
        [(State::PasswordChanged, "190/460"), (State::Expired, "190/463"), (State::Checkpoint, "190/459")]
    {
        let meta = Meta::friendly();
        let token = meta.issue(&Issue::new(Kind::Instagram).username(USERNAME).aged_days(40).state(state));
        let project = Project::holding(&token).with_metadata(&token, 40);
        let run = examined(&project, &meta).ended(3).never_shows(&token).never_shows(USERNAME);
        assert!(run.stdout.contains(&format!("rejects the token (code {code})")), "{run}");
        let fix = match state {
            State::Checkpoint => format!("fix: everlit explain {code}\n"),
            _ => format!("fix: everlit connect\n{:28}`everlit explain {code}` says more\n", ""),
        };
        assert!(run.stdout.contains(&fix), "{run}");
    }
}

#[test]
fn a_facebook_token_needs_the_app_secret() {
    let meta = Meta::friendly();
    let token = meta.issue(&Issue::new(Kind::FacebookUser).aged_days(10));
    let project = Project::empty().with_file(".env.local", &format!("FACEBOOK_ACCESS_TOKEN={token}\n"));
    examined(&project, &meta).ended(2).says("a Facebook token cannot be refreshed without").says("META_APP_ID");
    let id = |call: support::Call| call.env("META_APP_ID", "1000000000000002");
    id(project.everlit(&["doctor"]).asking(&meta)).run().ended(2).says("both");
    let call = id(project.everlit(&["doctor", "--verbose"]).asking(&meta))
        .env("META_APP_SECRET", "fa4e5a4db0c500000000000000000002");
    call.run().ended(0).says("id and secret are set (environment META_APP_SECRET)");
}

#[test]
fn an_unreachable_meta_does_not_stop_the_other_checks() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    let url = meta.sandbox.url();
    drop(meta);
    let run = project.everlit(&["doctor", "--verbose"]).env("EVERLIT_META_URL", &url).run().ended(4);
    run.says("cannot be reached: connection failed")
        .says("fix: everlit sandbox\n")
        .says("public      no token")
        .says("Next: everlit sandbox\n");
}

#[test]
fn a_wrong_clock_is_noticed_against_metas() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    meta.sandbox.with(|meta| meta.advance(3_600 + 30));
    let run = examined(&project, &meta).ended(0);
    assert!(run.stdout.contains("machine's clock is 60 minutes behind it"), "{run}");
}

#[test]
fn a_wrong_user_id_is_noticed_without_showing_it() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    project.write(".env.local", project.read(".env.local").replace("17841400000000001", "17841499999999999"));
    let run = examined(&project, &meta).ended(0).never_shows("17841499999999999");
    assert!(run.stdout.contains("IG_USER_ID in .env.local is not the id of the token's account"), "{run}");
}

#[test]
fn invalid_settings_are_a_finding() {
    let project = Project::new().with_file("everlit.toml", "treshold_days = 3\n");
    project
        .everlit(&["doctor", "--verbose"])
        .run()
        .ended(2)
        .says("unknown setting `treshold_days`")
        .says("✓ ok       everlit");
    project.everlit(&["doctor", "--json"]).run().ended(2).says("everlit.doctor/1");
}

#[test]
fn without_a_channel_doctor_warns_that_nobody_is_told() {
    const NOBODY: &str = "nobody is told when a person is needed";
    let meta = Meta::friendly();
    let project = healthy(&meta);
    let rows = |project: &Project| {
        let findings = project.everlit(&["doctor", "--json"]).asking(&meta).run().ended(0).json()["findings"].clone();
        let rows = findings.as_array().unwrap().iter().filter(|row| row["message"].as_str().unwrap().contains(NOBODY));
        rows.cloned().collect::<Vec<_>>()
    };
    let warnings = rows(&project);
    assert_eq!((warnings.len(), &warnings[0]["level"]), (1, &"warning".into()), "{warnings:?}");
    project.write("everlit.toml", format!("[notify.ops]\nkind = \"command\"\ncommand = [\"{SHELL}\"]\n"));
    assert_eq!(rows(&project).len(), 0);
}

#[cfg(unix)]
#[test]
fn what_git_does_not_say_is_not_called_fine() {
    let meta = Meta::friendly();
    let project = healthy(&meta).with_git();
    project.write("../bin/git", "#!/bin/sh\nexit 128\n");
    project.set_mode("../bin/git", 0o755);
    let path = project.path().parent().unwrap().join("bin");
    let run = project.everlit(&["doctor", "--verbose"]).env("PATH", path).asking(&meta).run();
    let run = run.says("whether git tracks .env.local is not known: git cannot be asked");
    assert!(!run.stdout.contains("git ignores the token"), "{run}");
}

#[test]
fn a_channel_whose_program_is_missing_is_a_problem() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    project.write("alarm.cmd", "#!/bin/sh\n");
    project.set_mode("alarm.cmd", 0o755);
    for (program, is_there) in [(SHELL, true), ("./alarm.cmd", true), ("./gone.cmd", false), ("notes", false)] {
        let toml = format!("[notify.ops]\nkind = \"command\"\ncommand = [\"{program}\", \"canaryFAKE\"]\n");
        project.write("everlit.toml", toml);
        let run = project.everlit(&["doctor", "--verbose"]).asking(&meta).run();
        let run = run.ended(if is_there { 0 } else { 2 }).never_shows("canaryFAKE");
        let message = if is_there { "ops: command" } else { "ops (command) cannot work: there is no program " };
        run.says(message);
    }
}

#[test]
fn several_accounts_are_checked_and_named() {
    let meta = Meta::friendly();
    let (shop, bakery) = (meta.token_of_age(40), meta.issue(&Issue::new(Kind::Instagram).state(State::Revoked)));
    let project = Project::empty()
        .with_file("everlit.toml", "[account.shop]\nkey = \"SHOP\"\n[account.bakery]\nkey = \"BAKERY\"\n")
        .with_file(".env.local", &format!("SHOP={shop}\nBAKERY={bakery}\n"));
    let run = examined(&project, &meta).ended(3).says("shop: SHOP in .env.local is an Instagram token");
    assert!(run.stdout.contains("✗ problem  meta        bakery: "), "{run}");
}

#[test]
fn json_is_one_document_and_quiet_hides_what_is_ok() {
    let meta = Meta::friendly();
    let project = healthy(&meta);
    let document = project.everlit(&["doctor", "--json"]).asking(&meta).run().ended(0).json();
    assert_eq!((&document["schema"], &document["summary"]["problems"]), (&"everlit.doctor/1".into(), &0.into()));
    let run = project.everlit(&["doctor", "--quiet"]).asking(&meta).run().ended(0);
    assert!(!run.stdout.contains("✓") && run.stdout.contains("not the real Meta"), "{run}");
}
