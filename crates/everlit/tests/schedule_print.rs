//! `everlit schedule print`: files that start this program in this folder with the flags of this call.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test may panic, and runs what was printed")]

mod support;

use std::path::Path;

#[cfg(unix)]
use support::Meta;
use support::{FAKE_TOKEN, Project};

/// Windows has none of the schedulers of Unix, whose files would hold its paths.
const OF_UNIX: &[&str] = if cfg!(windows) { &[] } else { &["cron", "systemd", "systemd-user", "launchd"] };
const ELSEWHERE: &[&str] =
    &["windows", "github-actions", "gitlab-ci", "compose", "kubernetes", "vercel", "netlify", "cloudflare"];
/// Those that need a target from which the token comes.
const WITH_SOURCE: &[&str] = &["cloud-run", "azure", "aws-lambda"];
/// Such a target.
const SOURCE: &str = "[target.store]\nkind = \"aws-ssm\"\nkey = \"/site/ig-token\"\nsource = true\n";
/// One that this system has.
const HERE: &str = if cfg!(windows) { "windows" } else { "cron" };

#[cfg(unix)]
fn folder(project: &Project) -> String {
    project.path().canonicalize().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn every_scheduler_is_printed_and_the_folder_is_unchanged() {
    let project = Project::new().with_metadata(FAKE_TOKEN, 40);
    let before = project.files();
    for scheduler in [OF_UNIX, ELSEWHERE].concat() {
        let run = project.everlit(&["schedule", "print", scheduler]).env("USER", "ada").run().ended(0);
        let run = run.never_shows(FAKE_TOKEN).notes("Next: ");
        assert!(run.stdout.len() > 300, "{run}");
    }
    assert_eq!(project.files(), before);
}

#[cfg(unix)]
#[test]
fn systemds_two_files_have_headings() {
    let project = Project::new();
    let run = project.everlit(&["schedule", "print", "systemd", "--user", "ada"]).run().ended(0);
    let run = run.says("\nUser=ada\n").says("(goes to /etc/systemd/system)\n[Unit]\n").says("OnCalendar=*-*-* ");
    let headings: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with("# ---- everlit-site-")).collect();
    assert!(headings.len() == 2 && headings[0].contains(".service ") && headings[1].contains(".timer "), "{run}");
    // By default it is the owner of the folder, whoever asks.
    let owner = std::process::Command::new("stat").args(["-c", "%U"]).arg(project.path()).output().unwrap();
    let owner = String::from_utf8(owner.stdout).unwrap();
    let run = project.everlit(&["schedule", "print", "systemd"]).env("USER", "somebody").run().ended(0);
    run.says(&format!("\nUser={owner}"));
    let nameless = project.everlit(&["schedule", "print", "systemd"]).env("PATH", "/nowhere").run().ended(2);
    nameless.notes("everlit schedule print systemd --user NAME");
    let crontab = project.everlit(&["schedule", "print", "cron", "--user", "ada"]).run().ended(0);
    crontab.notes("Next: crontab -u ada -e");
}

#[test]
fn a_vault_counts_the_runs_that_it_may_miss() {
    let project = Project::new();
    project.everlit(&["schedule", "print", HERE]).env("USER", "ada").run().says("29 runs may be missed");
    project.everlit(&["vault", "create"]).run().ended(0);
    project.everlit(&["schedule", "print", HERE]).env("USER", "ada").run().says("19 runs may be missed");
}

#[test]
fn output_writes_the_files_and_prints_their_paths() {
    let project = Project::new();
    let run = project.everlit(&["schedule", "print", "windows", "--output", "out/tasks"]).run().ended(0);
    let path = run.stdout.trim_end().to_owned();
    assert!(Path::new(&path).starts_with(project.path().join("out/tasks")), "{run}");
    run.notes(&format!(" /xml \"{path}\""));
    let compose = project.everlit(&["schedule", "print", "compose", "--output", "out"]).run().ended(0);
    let file = compose.stdout.trim_end().to_owned();
    compose.notes(&format!("docker compose --file {file}"));
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.starts_with(&[0xFF, 0xFE]), "Windows reads UTF-16");
    let printed = project.everlit(&["schedule", "print", "windows"]).run().ended(0).notes("print windows --output .");
    let units: Vec<u16> = bytes[2..].chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    assert_eq!(String::from_utf16(&units).unwrap(), printed.stdout);

    let in_the_way = Project::new().with_file("out", "a file");
    let run = in_the_way.everlit(&["schedule", "print", HERE, "--output", "out"]).run().ended(5);
    run.notes("cannot create ");
}

#[test]
fn json_holds_names_and_texts() {
    let project = Project::new();
    let (scheduler, count, command) =
        if cfg!(windows) { ("windows", 1, "<Command>") } else { ("systemd-user", 2, "ExecStart=") };
    let document = project.everlit(&["schedule", "print", scheduler, "--json"]).run().ended(0).json();
    assert_eq!(document["schema"], "everlit.schedule-print/1");
    assert_eq!(document["scheduler"], scheduler);
    let files = document["files"].as_array().unwrap();
    assert_eq!(files.len(), count);
    assert!(files[0]["text"].as_str().unwrap().contains(command));
    assert_eq!(files[0]["written"], serde_json::Value::Null);
    #[cfg(unix)]
    assert_eq!(files[0]["goes_to"], "~/.config/systemd/user");
    project.everlit(&["schedule", "print", "anacron", "--json"]).run().ended(2);
}

#[cfg(unix)]
#[test]
fn flags_and_variables_come_along_but_not_what_files_hold() {
    let elsewhere = tempfile::tempdir().unwrap();
    let elsewhere = elsewhere.path().canonicalize().unwrap();
    std::fs::write(elsewhere.join("shop.env"), format!("TOKEN={FAKE_TOKEN}\n")).unwrap();
    let env_file = elsewhere.join("shop.env").to_str().unwrap().to_owned();
    let project = Project::new().with_file("everlit.toml", "threshold_days = 20\n");
    let arguments =
        ["--env-file", &env_file, "--metadata", "a b.json", "schedule", "print", "systemd", "--user", "ada"];
    let run = project.everlit(&arguments).env("EVERLIT_KEY", "TOKEN").run().ended(0);
    let expected = format!(
        " -C {} --env-file {env_file} --key TOKEN --metadata \"a b.json\" refresh --quiet --no-input\n",
        folder(&project)
    );
    let run = run.says(&expected).says(&format!("ReadWritePaths=-{}\n", elsewhere.display()));
    assert!(!run.stdout.contains("threshold"), "{run}");
    // A container does not see that file.
    let run = project.everlit(&["--env-file", &env_file, "schedule", "print", "compose"]).run().ended(2);
    run.notes("outside the project folder");
}

#[cfg(unix)]
#[test]
fn paths_outside_the_folder_are_accessible_or_refused() {
    let elsewhere = tempfile::tempdir().unwrap();
    let elsewhere = elsewhere.path().canonicalize().unwrap();
    let [metrics, env_file] = ["all.prom", "shop.env"].map(|name| elsewhere.join(name));
    let with = |toml: &str| Project::new().with_file("everlit.toml", toml);
    for toml in [format!("metrics_file = {metrics:?}\n"), format!("[account.shop]\nenv_file = {env_file:?}\n")] {
        let project = with(&toml);
        let unit = project.everlit(&["schedule", "print", "systemd", "--user", "ada"]).run().ended(0);
        unit.says(&format!("ReadWritePaths=-{}\n", elsewhere.display()));
        for scheduler in ["compose", "kubernetes"] {
            project.everlit(&["schedule", "print", scheduler]).run().ended(2).notes("outside the project folder");
        }
    }
    // Home directories are hidden except for what is needed.
    let project = with("[notify.own]\nkind = \"command\"\ncommand = [\"/home/ada/bin/tell\", \"--loudly\"]\n");
    let unit = project.everlit(&["schedule", "print", "systemd", "--user", "ada"]).run().ended(0);
    unit.says("ProtectHome=tmpfs\nBindReadOnlyPaths=-/home/ada/bin/tell\n");
}

#[test]
fn what_schedulers_do_not_inherit_is_reported() {
    let project = Project::new();
    let print = || project.everlit(&["schedule", "print", HERE]);
    let secret = "0123456789abcdef0123456789abcdef";
    let with_app = print().env("META_APP_ID", "1").env("META_APP_SECRET", secret).run().ended(0);
    with_app.never_shows(secret).notes("put it and META_APP_ID into .everlit/secrets.env");
    print().env("EVERLIT_META_URL", "http://127.0.0.1:4010").run().ended(0).notes("scheduled runs call the real Meta");
    // What is in the private file needs no shell.
    let toml = "[notify.ops]\nkind = \"slack\"\n[heartbeat.daily]\nkind = \"url\"\n";
    let project = Project::new().with_file("everlit.toml", toml);
    let print_all =
        || project.everlit(&["schedule", "print", HERE]).env("https_proxy", "http://ada:hunter2@p.example:3128");
    let with_secrets = print_all().env("EVERLIT_NOTIFY_OPS_URL", "https://h.example/hunter2").run().ended(0);
    with_secrets.never_shows("hunter2").notes("put EVERLIT_NOTIFY_OPS_URL, HTTPS_PROXY into .everlit/secrets.env");
    project.write(".everlit/secrets.env", "HTTPS_PROXY=http://p.example:3128\n");
    let in_file = project.everlit(&["schedule", "print", HERE]).run().ended(0);
    assert!(!in_file.stderr.contains("PROXY"), "{in_file}");
    let certificates = print().env("SSL_CERT_FILE", "/etc/ssl/own.pem").run().ended(0);
    certificates.notes("put SSL_CERT_FILE into .everlit/secrets.env");
    let toml = "[notify.own]\nkind = \"command\"\ncommand = [\"only-in-my-path\"]\n";
    let channel = Project::new().with_file("everlit.toml", toml);
    let run = channel.everlit(&["schedule", "print", HERE]).run().ended(0);
    // On Windows they look where the user does.
    assert_eq!(run.stderr.contains("schedulers do not find only-in-my-path"), cfg!(unix), "{run}");
    let plain = print().run().ended(0);
    assert!(!plain.stderr.contains("META_APP"), "{plain}");
    // On Windows the encoding is noted.
    assert!(plain.stderr.starts_with(if cfg!(windows) { "! shown as UTF-8" } else { "Next: " }), "{plain}");
}

#[test]
fn containers_start_with_a_valid_command() {
    let project = Project::new();
    for scheduler in ["compose", "kubernetes"] {
        let printed = project.everlit(&["schedule", "print", scheduler]).run().ended(0);
        let lists = printed
            .stdout
            .lines()
            .filter_map(|line| line.trim().split_once(": [\"").filter(|_| line.contains("/project")));
        let mut seen = 0;
        for (_, list) in lists {
            let message: Vec<String> = serde_json::from_str(&format!("[\"{list}")).unwrap();
            let message = message.iter().map(String::as_str).filter(|word| !["CMD", "everlit"].contains(word));
            let message: Vec<&str> =
                message.map(|word| if word == "/project" { "." } else { word }).chain(["--help"]).collect();
            project.everlit(&message).run().ended(0);
            seen += 1;
        }
        assert_eq!(seen, if scheduler == "compose" { 2 } else { 1 }, "{printed}");
    }
}

/// As cron runs it: in another folder and with hardly a variable.
#[cfg(unix)]
#[test]
fn the_cron_line_refreshes_the_token_from_anywhere() {
    let meta = Meta::friendly();
    let token = meta.token_of_age(40);
    let project = Project::holding(&token).with_metadata(&token, 40);
    let printed = project.everlit(&["schedule", "print", "cron"]).run().ended(0);
    let line = printed.stdout.lines().find(|line| !line.starts_with('#')).unwrap();
    let command = line.splitn(6, ' ').last().unwrap();
    let run = || {
        let mut sh = std::process::Command::new("/bin/sh");
        sh.args(["-c", command]).current_dir("/").env_clear().env("HOME", project.home()).env("SHELL", "/bin/sh");
        sh.env("EVERLIT_META_URL", meta.sandbox.url()).output().unwrap()
    };
    let first = run();
    assert_eq!(first.status.code(), Some(0), "{}", String::from_utf8_lossy(&first.stderr));
    assert!(!project.read(".env.local").contains(&token), "the token is a new one");
    let second = run();
    assert_eq!((second.status.code(), second.stdout.len()), (Some(0), 0), "nothing due, nothing to say");
}

/// Package managers replace the file behind a path.
#[cfg(unix)]
#[test]
fn the_program_keeps_its_name_in_path() {
    let project = Project::new();
    let bin = project.home().canonicalize().unwrap().join("bin");
    std::fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_everlit"), bin.join("everlit")).unwrap();
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let run = project.everlit(&["schedule", "print", "cron"]).env("PATH", path).run().ended(0);
    run.says(&format!("{} -C ", bin.join("everlit").display()));
    // Another program of that name does not count.
    std::fs::remove_file(bin.join("everlit")).unwrap();
    std::os::unix::fs::symlink("/bin/true", bin.join("everlit")).unwrap();
    let run = project.everlit(&["schedule", "print", "cron"]).env("PATH", bin.to_str().unwrap()).run().ended(0);
    assert!(!run.stdout.contains(bin.to_str().unwrap()), "{run}");
}

#[test]
fn where_no_file_survives_a_source_is_needed() {
    let bare = Project::new();
    let with_source = Project::new().with_file("everlit.toml", SOURCE);
    for scheduler in WITH_SOURCE {
        let run = bare.everlit(&["schedule", "print", scheduler]).run().ended(2);
        run.notes("must come from a target with `source = true`").notes("everlit target add store --kind ");
        let run = with_source.everlit(&["schedule", "print", scheduler]).env("META_APP_ID", "1").run().ended(0);
        assert!(!run.stderr.contains("secrets.env"), "it has no such file there: {run}");
        let run = with_source.everlit(&["--env-file", "other", "schedule", "print", scheduler]).run().ended(2);
        run.notes("so --env-file does not reach it").notes("everlit.toml");
    }
    with_source
        .everlit(&["schedule", "print", "kubernetes"])
        .run()
        .ended(0)
        .says("configMap:")
        .never_shows("claimName");
    bare.everlit(&["schedule", "print", "kubernetes"]).run().ended(0).says("claimName:");
}

#[test]
fn a_file_of_somebody_else_is_never_replaced() {
    let project = Project::new().with_file("site/vercel.json", "{\"redirects\": []}\n");
    let print = |output: &str| project.everlit(&["schedule", "print", "vercel", "--output", output]).run();
    let before = project.files();
    print("site").ended(2).notes("vercel.json is there already with other content").notes("without --output");
    assert_eq!(project.files(), before, "nothing is written then");
    for _ in 0..2 {
        let run = print("fresh").ended(0);
        assert_eq!(run.stdout.lines().count(), 2, "{run}");
    }
    assert!(project.path().join("fresh/api/everlit-refresh.mjs").is_file());
}

#[test]
fn what_is_printed_is_safe_for_schedule_check() {
    let project = Project::new().with_file("everlit.toml", SOURCE);
    for (scheduler, says) in [
        ("azure", "Safe"),
        ("aws-lambda", "Safe"),
        ("kubernetes", "Safe"),
        ("vercel", "it calls everlit elsewhere"),
        ("cloudflare", "it calls everlit elsewhere"),
    ] {
        let run = project.everlit(&["schedule", "print", scheduler, "--output", scheduler]).run().ended(0);
        let file = run.stdout.lines().next().unwrap().to_owned();
        project.everlit(&["schedule", "check", &file]).run().ended(0).says(says).says("Safe");
    }
}

#[test]
fn lambda_may_use_the_names_of_everlit_toml_and_no_others() {
    let toml = "[account.bakery]\nkey = \"BAKERY_TOKEN\"\n[account.shop]\nkey = \"SHOP_TOKEN\"\n\
                [target.store]\nkind = \"aws-ssm\"\nsource = true\n[target.copy]\nkind = \"aws-secretsmanager\"\naccount = \"shop\"\nkey = \"copy\"\n";
    let project = Project::new().with_file("everlit.toml", toml);
    let names = |arguments: &[&str]| {
        let run = project.everlit(arguments).run().ended(0);
        let arns = run.stdout.lines().filter(|line| line.contains("- !Sub"));
        let names = arns.map(|line| line.trim_end_matches('"').rsplit(['/', ':']).next().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    let of_bakery = ["BAKERY_TOKEN", "BAKERY_TOKEN-everlit"];
    let of_shop = ["SHOP_TOKEN", "SHOP_TOKEN-everlit", "copy-??????"];
    assert_eq!(names(&["schedule", "print", "aws-lambda"]), [of_bakery.as_slice(), &of_shop].concat());
}
